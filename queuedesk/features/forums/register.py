"""What forums add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="forums",
    title=Wording("Forums", context="feature"),
    about=Wording("Customers invited to talk, and what they said", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("quality/forums",),
    commands={
        "cli.quality.forums": {
            "forum": Wording("forums with customers"),
        },
    },
    events=("forum",),
    figures=("forums",),
)
