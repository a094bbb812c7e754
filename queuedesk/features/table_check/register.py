"""What check a table add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="table_check",
    title=Wording("Check a table", context="feature"),
    about=Wording("Finds what is wrong in a table of satisfaction", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("reports/audit",),
)
