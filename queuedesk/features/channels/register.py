"""What other channels add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="channels",
    title=Wording("Other channels", context="feature"),
    about=Wording("What machines, partners and the phone served", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("reports/channels",),
    commands={
        "cli.figures.channels": {
            "channels": Wording("what other channels and partner sites served"),
        },
    },
    events=("channels",),
    figures=("measures.diversion.ledger", "measures.diversion.hall_share"),
)
