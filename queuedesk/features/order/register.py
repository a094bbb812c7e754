"""What order and estimates add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="order",
    title=Wording("Order and estimates", context="feature"),
    about=Wording("Why each was called when, and estimates against what happened", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("waits/fairness", "waits/promise"),
    commands={
        "cli.queue.order": {
            "order": Wording("who is next for each service, in true call order"),
            "ledger": Wording("which later tickets went first on a day, and why"),
        },
    },
    figures=("promise", "overtakes", "measures.promise", "measures.overtakes"),
)
