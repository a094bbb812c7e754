"""Morning: the day's briefing; the hall opened and closed by a sheet."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="morning",
    title=Wording("Morning", context="feature"),
    about=Wording("The day's briefing; the hall opened and closed by a sheet", context="feature"),
    where=Wording("front desk, counter, manager", context="feature"),
    pages_at=(
        FeatureManagerPage(
            key="quality/morning",
            name=Wording("Morning", context="tab"),
            page="features.morning.pages.page:morning_page",
            after="why",
        ),
    ),
    commands={
        "features.morning.commands": {
            "briefing": Wording("the morning's briefing, read by each person"),
            "opening": Wording("opening and closing the hall by a sheet that somebody signs"),
        }
    },
    rules=("early_minutes",),
    talk="features.morning.pages.signing:UnreadBriefingMessages",
    menu="features.morning.pages.signing:open_or_close_hall_menu_entries",
    demo="features.morning.demo:MorningDemoPart",
)
