"""What yearly indicators add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="indicators",
    title=Wording("Yearly indicators", context="feature"),
    about=Wording("Figures as they were reported, checked", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("reports/indicators",),
    commands={
        "cli.figures.indicators": {
            "indicators": Wording("yearly indicators as they were reported"),
        },
    },
    events=("indicators",),
)
