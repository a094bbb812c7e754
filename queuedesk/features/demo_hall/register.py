"""What the demo adds to the program."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="demo_hall",
    of_halls=False,
    commands={
        "features.demo_hall.commands": {
            "demo": Wording("play four weeks and a busy day in a throw-away hall"),
        },
    },
)
