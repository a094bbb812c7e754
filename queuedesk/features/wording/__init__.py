"""Wording trials: two wordings on alternating days."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="wording",
    title=Wording("Wording trials", context="feature"),
    about=Wording("Two wordings on alternating days", context="feature"),
    where=Wording("kiosk, display, manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="improve/trials",
            name=Wording("Trials", context="tab"),
            page="features.wording.pages:trials_page",
            after="projects",
        ),
    ),
    commands={
        "features.wording.commands": {
            "wording": Wording("wording trials: two wordings of a kiosk button or a notice on alternating days")
        }
    },
    behind={"wording": "features.wording.rules:wording_row_query"},
    demo="features.wording.demo:WordingDemoPart",
)
