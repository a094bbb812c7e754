"""Reports that are written when they are due, and the folder that keeps them."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="kept_reports",
    of_halls=False,
    pages_at=(
        FeatureManagerPage(
            key="reports/kept",
            name=Wording("Kept", context="tab"),
            page="features.kept_reports.pages:kept_reports_page",
            after="on-paper",
            offered="features.kept_reports.pages:kept_reports_list_check",
        ),
    ),
)
