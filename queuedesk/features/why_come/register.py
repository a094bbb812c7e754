"""What why people come add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="why_come",
    title=Wording("Why people come", context="feature"),
    about=Wording("What they come for, and where else they could go", context="feature"),
    where=Wording("front desk, manager", context="feature"),
    pages=("improve/where-else", "setup/partners"),
    commands={
        "cli.figures.items": {
            "items": Wording("what people come for, and where else they could go"),
        },
    },
    events=("offer",),
    figures=tuple(f"measures.diversion.{key}" for key in ("offered", "accepted", "declined", "rate", "by_channel")),
    core_commands=("partner", "divert"),
)
