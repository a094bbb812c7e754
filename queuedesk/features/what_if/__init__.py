"""What if: replay a past day with other windows, breaks or rules."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="what_if",
    title=Wording("What if", context="feature"),
    about=Wording("Replay a past day with other windows, breaks or rules", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="waits/what-if",
            name=Wording("What if", context="tab"),
            page="features.what_if.pages:what_if_page",
            after="staffing",
        ),
    ),
    commands={
        "features.what_if.commands": {"what-if": Wording("replay a past day with other windows, breaks or rules")}
    },
)
