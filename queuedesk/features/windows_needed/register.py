"""What windows needed add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="windows_needed",
    title=Wording("Windows needed", context="feature"),
    about=Wording("Forecast and roster", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("waits/staffing",),
    commands={
        "cli.figures.staffing": {
            "staffing": Wording("how many windows a flow of people needs, or what so many make of it"),
        },
        "cli.figures.forecast": {
            "forecast": Wording("who will come on a date, and how many windows that needs"),
        },
        "cli.setup.roster": {
            "roster": Wording("who is meant to sit at which window, and when"),
            "pay-day": Wording("dates on which many come to pay bills"),
        },
    },
)
