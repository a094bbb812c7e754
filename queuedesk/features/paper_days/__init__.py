"""Paper days: numbers on paper, entered later."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="paper_days",
    title=Wording("Paper days", context="feature"),
    about=Wording("Numbers on paper, entered later", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="paper",
            name=Wording("Paper days", context="page"),
            page="features.paper_days.pages:paper_days_page",
            icon="edit",
            after="notices",
        ),
    ),
    commands={
        "features.paper_days.commands": {
            "enter": Wording("enter a day that was kept on paper"),
            "paper-tickets": Wording("numbered tickets and a form, to print for a day on paper"),
        }
    },
)
