"""What contingency cards add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="cards",
    title=Wording("Contingency cards", context="feature"),
    about=Wording("What to do when something goes wrong, step by step", context="feature"),
    where=Wording("lobby, manager", context="feature"),
    pages=("setup/cards",),
    events=("card",),
)
