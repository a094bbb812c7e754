"""Why people come: what they come for, and where else they could go."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="why_come",
    title=Wording("Why people come", context="feature"),
    about=Wording("What they come for, and where else they could go", context="feature"),
    where=Wording("front desk, manager", context="feature"),
    pages=("setup/partners",),
    pages_at=(
        FeatureManagerPage(
            key="improve/where-else",
            name=Wording("Why people come"),
            page="features.why_come.pages:where_else_page",
            after="projects",
        ),
    ),
    commands={
        "features.why_come.commands": {
            "items": Wording("what people come for, and where else they could go"),
            "partner": Wording("the directory of other places that take what people come for"),
            "divert": Wording("note that a customer was offered another way"),
        }
    },
    figures=tuple(f"measures.diversion.{key}" for key in ("offered", "accepted", "declined", "rate", "by_channel")),
    behind={"elsewhere": "features.why_come.rules:elsewhere_row_query"},
    adds={"setup": "features.why_come.pages:PlaceTableFileActions"},
    demo="features.why_come.demo:WhyComeDemoPart",
)
