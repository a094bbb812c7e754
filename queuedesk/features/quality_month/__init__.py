"""A month of quality: what cases, call-backs, verdicts and inspections come to, with the rows behind each figure."""

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
