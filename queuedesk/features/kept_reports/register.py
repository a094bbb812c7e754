"""What reports that are kept by themselves add to the program."""

from queuedesk.core.features import AddedPage, Feature, Wording

FEATURE = Feature(
    name="kept_reports",
    of_halls=False,
    pages_at=(
        AddedPage(
            key="reports/kept",
            name=Wording("Kept", context="tab"),
            page="features.kept_reports.pages:kept_page",
            after="on-paper",
            offered="features.kept_reports.pages:can_list",
        ),
    ),
)
