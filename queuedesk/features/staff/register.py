"""What staff sheets add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="staff",
    title=Wording("Staff sheets", context="feature"),
    about=Wording("A month of each person, disputes, training", context="feature"),
    where=Wording("counter, manager", context="feature"),
    pages=("people", "improve/training"),
    commands={
        "cli.appraisal.sheets": {
            "sheets": Wording("the person's sheet: a month of somebody's work by the hall's scheme"),
            "scheme": Wording("what counts on the person's sheet, and how much"),
        },
        "cli.appraisal.training": {
            "training": Wording("what the data suggests training, who was trained for how long, and the result"),
        },
    },
    rules=("training_minutes",),
    events=("sheet-dispute", "sheet-decide", "sheet-close", "training", "training-name", "training-seen"),
)
