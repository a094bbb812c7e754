"""Windows needed: forecast and roster."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="windows_needed",
    title=Wording("Windows needed", context="feature"),
    about=Wording("Forecast and roster", context="feature"),
    where=Wording("manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="waits/staffing",
            name=Wording("Staffing", context="tab"),
            page="features.windows_needed.pages:staffing_page",
            after="fairness",
        ),
    ),
    commands={
        "features.windows_needed.commands": {
            "staffing": Wording("how many windows a flow of people needs, or what so many make of it"),
            "forecast": Wording("who will come on a date, and how many windows that needs"),
            "roster": Wording("who is meant to sit at which window, and when"),
            "pay-day": Wording("busy days: dates on which many people come"),
        }
    },
)
