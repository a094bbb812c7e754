"""Forums: customers invited to talk, and what they said."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="forums",
    title=Wording("Forums", context="feature"),
    about=Wording("Customers invited to talk, and what they said", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="quality/forums",
            name=Wording("Forums", context="tab"),
            page="features.forums.pages:FORUMS_HELD",
            after="why",
        ),
    ),
    commands={"features.forums.commands": {"forum": Wording("forums with customers")}},
    figures=("forums",),
    month="features.forums.pages:MONTH",
    demo="features.forums.demo:ForumsDemoPart",
)
