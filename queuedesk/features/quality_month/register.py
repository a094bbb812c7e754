"""What the month of quality adds to every hall."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="quality_month",
    of_halls=False,
    pages_at=(
        FeatureManagerPage(
            key="quality/month",
            name=Wording("The month", context="tab"),
            page="features.quality_month.pages:quality_month_page",
            after="why",
        ),
    ),
)
