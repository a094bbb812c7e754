"""What packs for meetings add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="packs",
    title=Wording("Packs for meetings", context="feature"),
    about=Wording("The month's pack, the summary of a quarter", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("reports/packs",),
    commands={
        "cli.figures.packs": {
            "pack": Wording("the pack for the monthly meeting, the summary of a quarter"),
        },
    },
)
