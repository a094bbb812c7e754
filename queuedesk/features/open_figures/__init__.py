"""Figures for other programs: views that any program reads by SQL, and a day that anybody can recompute."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="open_figures",
    title=Wording("Figures for other programs", context="feature"),
    about=Wording("Other software reads the figures; anybody can check a day given out", context="feature"),
    where=Wording("manager; commands", context="feature"),
    usual=False,
    words="features.open_figures.words:WORDS",
    commands={
        "features.open_figures.commands": {"open-figures": Wording("views for other programs, days for everybody")}
    },
    pages_at=(
        FeatureManagerPage(
            key="reports/views",
            name=Wording("For programs", context="tab"),
            page="features.open_figures.pages:VIEWS_PAGE",
            after="on-paper",
        ),
        FeatureManagerPage(
            key="reports/published",
            name=Wording("For everybody", context="tab"),
            page="features.open_figures.pages:DAYS_PAGE",
            after="views",
        ),
    ),
    chores=("features.open_figures.papers:remake_views_if_due",),
)
