"""The calendar of a hall: single dates that are not as their weekday, typed, published or from a table."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="calendar",
    of_halls=False,
    pages_at=(
        FeatureManagerPage(key="setup/calendar", page="features.calendar.pages.year:CalendarPage", is_whole=True),
    ),
    commands={
        "features.calendar.commands": {
            "calendar": Wording("holidays, make-up working days and special hours of single dates")
        }
    },
)
