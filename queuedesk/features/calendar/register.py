"""What the calendar's page and commands add to every hall."""

from queuedesk.core.features import AddedPage, Feature, Wording

FEATURE = Feature(
    name="calendar",
    of_halls=False,
    pages_at=(AddedPage(key="setup/calendar", page="features.calendar.pages.year:CalendarPage", is_whole=True),),
    commands={
        "features.calendar.commands": {
            "calendar": Wording("holidays, make-up working days and special hours of single dates"),
        },
    },
)
