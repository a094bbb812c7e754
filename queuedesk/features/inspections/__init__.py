"""Inspections: score sheets, mystery visits, putting right."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="inspections",
    title=Wording("Inspections", context="feature"),
    about=Wording("Score sheets, mystery visits, putting right", context="feature"),
    where=Wording("manager, a tablet", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="quality/inspections",
            name=Wording("Inspections", context="tab"),
            page="features.inspections.pages.page:new_inspections_page",
            after="why",
        ),
    ),
    commands={
        "features.inspections.commands": {
            "inspect": Wording("inspections by score sheets"),
            "rectification": Wording("what is to be put right"),
            "sheet": Wording("the score sheets of inspections"),
        }
    },
    rules=("inspect_open", "inspect_mystery", "inspect_telephone", "inspect_video", "inspect_supervisor", "fix_days"),
    figures=("inspections", "rectifications"),
    demo="features.inspections.demo:InspectionsDemoPart",
)
