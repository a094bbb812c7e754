"""What paper days add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="paper_days",
    title=Wording("Paper days", context="feature"),
    about=Wording("Numbers on paper, entered later", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("paper",),
    events=("enter",),
    core_commands=("enter", "paper-tickets"),
)
