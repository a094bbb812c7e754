"""Staff sheets: a month of each person, disputes, training."""

from queuedesk.core.features import Feature, FeatureCounterMenuEntry, FeatureManagerPage, Wording

FEATURE = Feature(
    name="staff",
    title=Wording("Staff sheets", context="feature"),
    about=Wording("A month of each person, disputes, training", context="feature"),
    where=Wording("counter, manager", context="feature"),
    pages=("people",),
    pages_at=(
        FeatureManagerPage(
            key="people/staff-today",
            name=Wording("Today", context="page"),
            page="features.staff.pages.today_page:staff_today_page",
            first=True,
        ),
        FeatureManagerPage(
            key="people/sheets",
            name=Wording("Sheets"),
            page="features.staff.pages.sheets_page:sheets_page",
            after="staff-today",
        ),
        FeatureManagerPage(
            key="improve/training",
            name=Wording("Training", context="tab"),
            page="features.staff.pages.training_page:training_page",
            after="trials",
        ),
    ),
    own_at=(
        FeatureCounterMenuEntry(
            name=Wording("My month"),
            open="features.staff.pages.own_month:open_own_work",
            tabs=("day", "month", "history"),
        ),
    ),
    talk="features.staff.pages.told:NamedPersonNotices",
    commands={
        "features.staff.commands": {
            "sheets": Wording("the person's sheet: a month of somebody's work by the hall's scheme"),
            "scheme": Wording("what counts on the person's sheet, and how much"),
            "training": Wording("what the data suggests training, who was trained for how long, and the result"),
        }
    },
    rules=("training_minutes",),
    demo="features.staff.demo:StaffDemoPart",
)
