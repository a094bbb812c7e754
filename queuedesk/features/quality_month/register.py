"""What the month of quality adds to every hall."""

from queuedesk.core.features import AddedPage, Feature, Wording

FEATURE = Feature(
    name="quality_month",
    of_halls=False,
    pages_at=(
        AddedPage(
            key="quality/month",
            name=Wording("The month", context="tab"),
            page="features.quality_month.pages:month_page",
            after="why",
        ),
    ),
)
