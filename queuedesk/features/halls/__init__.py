"""Several halls: compared fairly, one set-up for all."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="halls",
    title=Wording("Several halls", context="feature"),
    about=Wording("Compared fairly, one set-up for all", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="halls",
            icon="building",
            name=Wording("Halls"),
            page="features.halls.pages.halls:make_halls_page",
            offered="features.halls.pages:may_see_several_halls_function",
            after="today",
            for_readers=True,
        ),
    ),
    chores=("features.halls.verbs:apply_or_undo_due_pushes",),
    commands={"features.halls.commands": {"halls": Wording("the halls of this database side by side")}},
)
