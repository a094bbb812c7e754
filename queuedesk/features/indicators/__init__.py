"""Yearly indicators: figures as they were reported, checked."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="indicators",
    title=Wording("Yearly indicators", context="feature"),
    about=Wording("Figures as they were reported, checked", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="reports/indicators",
            name=Wording("Indicators", context="tab"),
            page="features.indicators.pages:indicators_page",
        ),
    ),
    commands={"features.indicators.commands": {"indicators": Wording("yearly indicators as they were reported")}},
    demo="features.indicators.demo:IndicatorsDemoPart",
)
