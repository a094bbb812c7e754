"""Four weeks of the demo's hall, of which no two days are alike: its set-up, its dates, what happens on each, and the
cases that come of it. The hall of a trial, and the customers who are let in there; it is thrown away at its end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.comparing import BEFORE
from queuedesk.core.figures.periods import DAYS, WEEK, period_span_containing
from queuedesk.core.log.state import RATINGS
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, Actor, Role, actor_of_station
from queuedesk.core.quality import figures
from queuedesk.core.quality.case import COMPLAINT, LOW_LEVEL, PRAISE, SPOKEN, SUGGESTION, CustomerVerdict
from queuedesk.core.quality.case import RATING as RATED
from queuedesk.core.queue.hallday import business_date, opening_spans_on, utc_moment_of_hall_minute
from queuedesk.core.queue.ticket import TicketId, TicketState
from queuedesk.core.setup import file as setup_files
from queuedesk.core.setup.hall import CALENDAR, Row, calendar_with_changed_days, read_calendar, weekday_typical_of
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.desk import looking, setting_up
from queuedesk.desk.calendaring import published_years
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.desk.quality import case_documents, casework, hearing, thanking
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.talk import messaging
from queuedesk.files.writing import FileLock
from queuedesk.sim import demand
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import part_tables

# -- cases: what opened each, and what was done on which day --------------------------------------------------------

NOTHING: demand.Words = ("", "")
Step = tuple[int, int, str, dict[str, Any]]
"""On which day before the demo's, at which minute, what is done, and with which words."""


class StoryCase(Struct, frozen=True, kw_only=True):
    """A case that was opened `ago` days of the story before the demo's day, at `minute`."""

    ago: int
    minute: int
    title: demand.Words
    klass: str = COMPLAINT
    source: str = SPOKEN
    words: demand.Words = NOTHING
    contact: str = ""
    owner: str | None = None
    steps: tuple[Step, ...] = ()


def _note_field_of_step(*words: str) -> dict[str, Any]:
    return {"note": words}


_VAIN, _REACHED = {"reached": False}, {"reached": True}
CASES: tuple[StoryCase, ...] = (
    StoryCase(
        ago=17,
        minute=995,
        title=("等得比告知的久", "Waited longer than told"),
        source=RATED,
        words=(
            "说等十分钟，等了快半小时，也没人来说一声。",
            "Told ten minutes, waited nearly half an hour, and nobody said a word.",
        ),
        contact="138 0013 2201",
        steps=(
            (16, 560, "contact", _note_field_of_step("电话致歉", "Apologised by telephone")),
            (
                15,
                600,
                "act",
                _note_field_of_step(
                    "高峰时增开一个窗口，大屏提前告知", "One window more at the peak, and the display says so ahead"
                ),
            ),
            (13, 570, "call-back", {**_REACHED, "verdict": CustomerVerdict.SATISFIED}),
            (13, 575, "close", {}),
        ),
    ),
    StoryCase(
        ago=15,
        minute=620,
        title=("电表箱没关好", "Meter box left open"),
        klass="repair",
        contact="139 0027 8834",
        steps=(
            (14, 545, "contact", {}),
            (13, 900, "act", _note_field_of_step("已派人关好，换了锁", "Somebody closed it and changed the lock")),
            (12, 610, "call-back", _VAIN),
            (11, 615, "call-back", _VAIN),
            (10, 620, "call-back", _VAIN),
            (10, 625, "close", {}),
        ),
    ),
    StoryCase(
        ago=12,
        minute=700,
        title=("第二张账单电价不对", "Wrong tariff on the 2nd bill"),
        owner="G1",
        words=("上个月已经说过一次，这个月还是错的。", "I said so last month, and this month it is wrong again."),
        contact="137 0045 1190",
        steps=(
            (11, 550, "contact", _note_field_of_step("约好三天内答复", "Promised an answer within three days")),
            (10, 640, "act", _note_field_of_step("已更正账单", "The bill is put right")),
            (8, 580, "call-back", {**_REACHED, "verdict": CustomerVerdict.DISSATISFIED}),
        ),
    ),
    StoryCase(
        ago=9,
        minute=950,
        title=("又要别的材料", "Asked for other papers"),
        words=("第一次来没说要房产证，跑了两趟。", "Nobody mentioned the deed the first time; I came twice."),
        contact="136 0058 4417",
        steps=((8, 555, "contact", {}), (8, 560, "cite", {})),
    ),
    StoryCase(
        ago=4,
        minute=990,
        title=("没讲清楚要带什么", "Not told what to bring"),
        source=RATED,
        words=(
            "窗口没人告诉我要带原户主的卡，只好再来一趟。",
            "Nobody at the window told me to bring the former owner's card.",
        ),
        contact="138 0061 5176",
        steps=(
            (3, 580, "contact", _note_field_of_step("电话联系，约定回访", "Rang, and agreed when to ring again")),
            (
                2,
                620,
                "act",
                _note_field_of_step("材料清单现在印在号票上", "The list of papers is printed on the ticket now"),
            ),
            (1, 555, "call-back", _VAIN),
        ),
    ),
    StoryCase(
        ago=2,
        minute=640,
        title=("新表什么时候来装", "When is the new meter fitted?"),
        owner="C3",
        klass="enquiry",
        contact="135 0073 9020",
        steps=((1, 560, "contact", {}),),
    ),
    StoryCase(
        ago=1,
        minute=710,
        title=("夜间店铺用哪档电价", "Which tariff for a shop at night?"),
        klass="consult",
        owner="G1",
        contact="139 0084 6652",
    ),
    StoryCase(
        ago=1,
        minute=995,
        title=("叫号听不清", "Calls hard to hear"),
        source=RATED,
        words=("坐在后排完全听不见。", "From the back row one hears nothing at all."),
    ),
    StoryCase(
        ago=1,
        minute=930,
        title=("窗口姑娘特别耐心", "Very patient at the window"),
        klass="praise",
        words=("帮我妈填完了所有的表。", "She helped my mother with every form."),
    ),
)


def story_case_acts(ago: int) -> Iterator[tuple[int, demand.Act]]:
    """Yield what the manager does in cases on a day, as the parts of features do (`FeatureDemoPart.acts`). Of a live
    demo only some of the days are played: it refuses steps in cases that were never opened."""
    for one in CASES:
        if one.ago == ago:
            yield one.minute, partial(_open_story_case, one)
        for step in one.steps:
            day, minute, _deed, _words = step
            if day == ago:
                yield minute, partial(_take_story_case_step, one, step)


def add_story_citations(desk: Desk, ask: Ask, number: str) -> None:
    """Let a case cite how many were asked for other papers in the week until it was opened, the first of them, and how
    many came in the calendar week before and how long they waited, against the week before that."""
    day = date.fromisoformat(case_documents.case_document_if_permitted(desk, ask.who, number, ask.now)["opened"][:10])
    path, first = figures.figure_path_of_rating_conditions(((figures.TAG, "papers_changed"),)), day - timedelta(days=6)
    casework.cite_figure_in_case(desk, ask, number, path, first=first, last=day)
    for row in tickets_behind_figure(desk, path, first, day, ask.now, most=1).rows:
        casework.cite_ticket_in_case(desk, ask, number, row.ticket, day=row.day)
    monday, sunday = period_span_containing(WEEK, day - timedelta(days=7))
    casework.cite_figure_in_case(desk, ask, number, DAYS, first=monday, last=sunday, against=BEFORE)


_DEEDS: dict[str, Any] = {
    "contact": casework.record_first_contact,
    "act": casework.record_case_action,
    "call-back": casework.record_call_back,
    "close": casework.close_case,
    "cite": add_story_citations,
}


def _open_story_case(one: StoryCase, desk: Desk, setup: Setup, ask: Ask) -> None:
    casework.open_case(desk, ask, _complaint_of_story_case(desk, setup, one, ask))


def _take_story_case_step(one: StoryCase, step: Step, desk: Desk, setup: Setup, ask: Ask) -> None:
    _day, _minute, deed, words = step
    rows = case_documents.cases_open_or_of_month(desk, ask.who, None, ask.now)
    number = next(
        (str(row["number"]) for row in rows if row["title"] == demand.hall_language_text(setup, one.title)), ""
    )
    note = {"note": demand.hall_language_text(setup, words["note"])} if "note" in words else {}
    _DEEDS[deed](desk, ask, number, **{**words, **note})


def _complaint_of_story_case(desk: Desk, setup: Setup, one: StoryCase, ask: Ask) -> casework.NewCaseData:
    ticket = None
    if one.source == RATED:
        day = setup.to_hall_time(ask.now).date()
        with desk.db.read() as tx:
            rated = part_tables.objects_of_days(tx, desk.hall, RATINGS, day, day)
        ticket = next((label for (_day, label), given in rated.items() if given.level <= LOW_LEVEL), None)
    return casework.NewCaseData(
        klass=one.klass,
        source=one.source if ticket or one.source != RATED else SPOKEN,
        title=demand.hall_language_text(setup, one.title),
        words=demand.hall_language_text(setup, one.words),
        ticket=ticket,
        contact=one.contact,
        asked=True,
        owner=one.owner if one.owner in setup.staff else None,
    )


# -- the weeks ------------------------------------------------------------------------------------------------------

WEEKS = 4
SATURDAY, SUNDAY = 6, 7
BE_EARLY_MIN, TRAIN_MIN = 10, 120
HOURS = ({"days": "1-5", "from": "08:30", "to": "17:30"}, {"days": "6", "from": "09:00", "to": "12:00"})
CUSTOMERS = 200
SATURDAY_SHARE = 0.28
WEEKDAY_SHARES = {1: 1.12, 2: 0.95, 3: 0.9, 4: 0.97, 5: 1.06}
ON_PAY_DAY, AFTER_PAY_DAY = 1.25, 1.12
NO_TWO_ALIKE = 0.07
"""By which share the number of people, and the time that visits take, differ from day to day for no known reason."""
LATE_SHARES = (0.08, 0.16, 0.27, 0.29, 0.20)
"""How those rate who waited past the target."""
LATE_REASONS = (["waited_long"], ["waited_long"], ["waited_long", "explained_badly"], ["surroundings"])
PROMPT_REASONS = (["attitude"], ["explained_badly"], ["papers_changed"], ["not_solved"])
"""The reasons of those who did not wait long."""
SYSTEM_REASONS = (["system_down"], ["system_down", "waited_long"])
LATE_WINDOW, RESTING = 3, 1
"""The windows, counted from 0, that open late in the morning, today at noon only, and that today has a short rest."""
ASK_TOGETHER, TOGETHER_WITHIN = ("B", "D"), timedelta(minutes=12)
OPINIONS = (1, 2, 3, 4, 4, 5, 5, 5)
ALSO, AGAIN = 1, 2
"""What tells the chances beside the windows, and those of a call made again, from those at them."""
CALLS_AGAIN, AGAIN_SHARE, AGAIN_AFTER = "C5", 0.5, timedelta(seconds=4)
"""Who calls a third time before anybody could have come, how often after a second call, and after how long: what the
rows ask to be trained."""

CLOSED_DAY = 8
"""The day on which the hall is closed by itself."""
CLOSED: Row = {"kind": "holiday", "text": "全员消防演练", "text_en": "Fire drill of all staff", "working": True}
SHORT: Row = {"kind": "special", "from": "08:30", "to": "15:00", "text": "下午员工培训", "text_en": "Staff training"}
"""What the calendar says of that day, and of the day a week after today."""


def open_story_dates(today: date, weeks: int = WEEKS) -> list[date]:
    """Return the dates of the weeks before a day on which the hall is open: no Sundays, no holidays, not the day on
    which it is closed by itself."""
    dates = _dates_without_sundays_holidays(today, weeks)
    return [day for day in dates if day not in _days_closed_by_hall_itself(dates, today)]


def _dates_without_sundays_holidays(today: date, weeks: int) -> list[date]:
    off = read_calendar(published_days_in_china())
    dates = [today - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
    return [day for day in dates if day.isoweekday() != SUNDAY and not off.is_closed(day)]


def _days_closed_by_hall_itself(dates: Sequence[date], today: date) -> list[date]:
    # Not on the weekday of today: it takes four of them to say what is usual.
    return [day for day in dates[CLOSED_DAY:] if day.isoweekday() not in (SATURDAY, today.isoweekday())][:1]


def published_days_in_china() -> dict[str, Row]:
    """Return the days published in China for every year that the program knows, as a hall's calendar."""
    return {day: row for year in published_years("cn").values() for day, row in year.days.items()}


def setup_document_with_story(document: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return a hall's set-up with the hours, the calendar, the busy bill days and the roster of the story."""
    known = published_days_in_china()
    own = {
        day.isoformat(): CLOSED
        for day in _days_closed_by_hall_itself(_dates_without_sundays_holidays(today, WEEKS), today)
    }
    soon = (today + timedelta(days=7)).isoformat()
    own |= {soon: SHORT} if soon not in known else {}
    weekdays = [day for day in open_story_dates(today) if day.isoweekday() != SATURDAY]
    return {
        **document,
        "services": [{**row, "hours": [dict(span) for span in HOURS]} for row in document["services"]],
        CALENDAR: calendar_with_changed_days(known, own),
        "settings": {**document.get("settings", {}), "early_minutes": BE_EARLY_MIN, "training_minutes": TRAIN_MIN},
        "pay_days": [weekdays[len(weekdays) // 3].isoformat(), weekdays[-1].isoformat()],
        "roster": [*_planned_shifts_of_week(document), *_todays_shift_rows(document, today)],
    }


def story_founding_moment(setup: Setup, today: date, weeks: int = WEEKS) -> datetime:
    """Return when such a hall is set up: before its first day."""
    return utc_moment_of_hall_minute(setup, min([*open_story_dates(today, weeks), today]), 7 * 60)


def _planned_shifts_of_week(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the planned shifts of a week: people change windows from day to day."""
    windows, clerks = _window_and_clerk_codes(document)
    for weekday in range(1, SATURDAY):
        for n, window in enumerate(windows):
            row = _shift_row(window, clerks[(n + weekday) % len(clerks)], n) | {"weekday": str(weekday)}
            yield row | ({"from": "10:15"} if n == LATE_WINDOW else {})
    for n, window in enumerate(windows):
        if n % 2 == 0:
            hours = {"from": "09:00", "to": "12:30", "breaks": []}
            yield {"window": window, "staff": clerks[n], "weekday": str(SATURDAY), **hours}


def _todays_shift_rows(document: Mapping[str, Any], today: date) -> Iterator[dict[str, Any]]:
    """Yield today's shifts: everybody at a window of their own, one with a short rest in the morning."""
    windows, clerks = _window_and_clerk_codes(document)
    for n, (window, clerk) in enumerate(zip(windows, clerks, strict=False)):
        row = _shift_row(window, clerk, n) | {"date": today.isoformat()}
        if n == RESTING:
            row["breaks"] = [{"from": "10:35", "minutes": 20}, *row["breaks"]]
        yield row


def _shift_row(window: str, clerk: str, n: int) -> dict[str, Any]:
    meal = {"from": clock_text(680 + 25 * n).zfill(5), "minutes": 40}
    return {"window": window, "staff": clerk, "from": "08:30", "to": "18:15", "breaks": [meal]}


def _window_and_clerk_codes(document: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    clerks = [row["code"] for row in document["staff"] if row["role"] == "clerk"]
    return [row["code"] for row in document["windows"]], clerks


def story_days(
    desk: Desk, setup: Setup, today: date, seed: int, *, weeks: int = WEEKS, only_alike: bool = False
) -> Iterator[StoryDay]:
    """Yield the days before `today` one by one, each to be played to its end before the next. `only_alike`: those of
    the same weekday alone, which is enough for what is usual of it."""
    dates = open_story_dates(today, weeks)
    for n, day in enumerate(dates):
        if not only_alike or day.isoweekday() == today.isoweekday():
            yield StoryDay(desk, setup, day, (seed, n), HAPPENINGS.get(n), ago=len(dates) - n)


def expected_story_customer_count(setup: Setup, day: date) -> float:
    """Return how many people come on such a day."""
    if weekday_typical_of(setup.calendar, day) == SATURDAY:
        return CUSTOMERS * SATURDAY_SHARE
    found = CUSTOMERS * WEEKDAY_SHARES.get(day.isoweekday(), 1.0)
    if day in setup.pay_days:
        return found * ON_PAY_DAY
    return found * (AFTER_PAY_DAY if day - timedelta(days=1) in setup.pay_days else 1.0)


# -- what a day may have of its own ------------------------------------------------------------------------------------

HAPPENINGS: Mapping[int, demand.DemoIncident] = {
    3: demand.DemoIncident(
        name="printer",
        start=600,
        end=690,
        kind="outage",
        note=("票据打印机很慢，每张要等半分钟", "The printer is slow, half a minute a slip"),
        slow="A",
        pace=1.6,
    ),
    6: demand.DemoIncident(
        name="rain", start=510, end=1050, kind="weather", note=("大雨，来的人少", "Heavy rain, few people"), busy=0.72
    ),
    9: demand.DemoIncident(
        name="neighbours",
        start=570,
        end=600,
        kind="event",
        note=("小区集中过户，十六人一起来", "Sixteen neighbours came together for a change of name"),
        crowd=16,
    ),
    12: demand.DemoIncident(
        name="billing",
        start=850,
        end=885,
        kind="outage",
        note=("营销系统反应慢", "The billing system is slow"),
        slow="*",
        pace=1.9,
    ),
    15: demand.DemoIncident(
        name="newcomer",
        start=510,
        end=720,
        kind="other",
        note=("新员工跟岗，讲解得细", "A new colleague looks on, explaining takes longer"),
        slow="B",
        pace=1.25,
    ),
    17: demand.DemoIncident(
        name="talk",
        start=915,
        end=945,
        kind="event",
        note=("阶梯电价宣讲结束，听众来咨询", "Talk on tiered prices ended, listeners come to ask"),
        crowd=11,
    ),
}
"""What happens on which of the hall's days, counted from the first."""

# -- what customers say in their own words -----------------------------------------------------------------------------

HEARD = 2
"""What tells the chances of words from all others."""
WORDS_SHARE, TOLD_MEAN = 0.3, 0.35
READ_AFTER = timedelta(days=2)
WORDS: Mapping[str, Sequence[demand.Words]] = {
    "waited_long": (
        ("说等十分钟，等了快半小时。", "Told ten minutes, waited nearly half an hour."),
        ("说等十分钟，等了二十五分钟，差点误了班车。", "Told ten minutes, waited twenty-five. I nearly missed my bus."),
        ("前面叫得很慢，也没人出来说一声。", "Calls came slowly, and nobody told us why."),
    ),
    "explained_badly": (
        ("阶梯电价讲了两遍，我还是没听懂。", "Explained twice, and I still do not understand the tiers."),
        ("第二张账单为什么高，没人说得清。", "Nobody could tell me why the second bill was higher."),
    ),
    "papers_changed": (
        (
            "上次说带身份证就行，这次又要房产证，只好再跑一趟。",
            "Last time the identity card was enough; now they want the deed too.",
        ),
    ),
    "attitude": (
        ("问一句就不耐烦。", "One question, and they lost patience."),
        ("什么也没说就让我走了。", "I was sent away without a word."),
    ),
    "not_solved": (
        ("过户办到一半说系统查不到，让我明天再来。", "Half way through the system found nothing, come back tomorrow."),
        ("同一张表跑了两趟，还没办好。", "Came twice for the same form, still not done."),
    ),
    "system_down": (
        ("电脑卡了十几分钟，大家干等。", "The computer hung for ten minutes and everybody waited."),
        ("刷卡机坏了，又没有别的交费办法。", "The card machine failed and there was no other way to pay."),
    ),
    "surroundings": (
        ("空调太冷，老人受不了。", "The air is too cold for old people."),
        ("椅子太少，好多人靠墙站着。", "Too few chairs, people stood along the wall."),
    ),
}
TOLD: Sequence[tuple[str, demand.Words]] = (
    (SUGGESTION, ("停车场那边的门太重，轮椅推不动。", "The door to the car park is too heavy for a wheelchair.")),
    (PRAISE, ("给我画了充电桩装在哪里，清楚又快。", "The clerk drew me where the charger goes. Clear and quick.")),
    (COMPLAINT, ("缴费机吞了两次卡，窗口查不到。", "The machine kept my card twice, and the window finds nothing.")),
    (SUGGESTION, ("希望中午也能多开一个窗口。", "Please open one window more at noon.")),
    (
        PRAISE,
        (
            "老人看不清单子，姑娘一项一项念给我听，谢谢。",
            "I could not read the form; she read every line to me. Thank you.",
        ),
    ),
    (COMPLAINT, ("门口牌子上还是去年的营业时间。", "The sign at the gate still shows last year's opening hours.")),
)


class CommentDemoDay(demand.DemoDay):
    """A day on which some customers type a few words after a low rating or tell the front desk something; the manager
    reads them two days later. `told` is how often somebody tells something, None for by chance."""

    told: int | None = None

    def __init__(self, desk: Desk, day: date, seed: Sequence[int], *, customers: int) -> None:
        super().__init__(desk, day, seed, customers=customers)
        self._heard = np.random.default_rng((*seed, day.toordinal(), HEARD))
        told = self.told if self.told is not None else int(self._heard.poisson(TOLD_MEAN))
        for number in range(told):
            self.plan_act(self.opens + timedelta(minutes=45 + 40 * number), self._record_spoken_comment)
        self.plan_act(self.opens + timedelta(minutes=20), self._mark_earlier_comments_read)

    def _add_rating_reasons(self, label: str, tags: list[str], now: datetime) -> None:
        known = WORDS.get(tags[0], ())
        words = None
        if known and self._heard.random() < WORDS_SHARE:
            words = demand.hall_language_text(self.setup, known[int(self._heard.integers(len(known)))])
        rating.add_rating_reasons(self.desk, self._make_ask(CUSTOMER, now), label, tags=tags, comment=words)

    def _record_spoken_comment(self, now: datetime) -> None:
        klass, words = TOLD[int(self._heard.integers(len(TOLD)))]
        thanking.record_spoken_comment(
            self.desk, self._make_ask(self.guide, now), demand.hall_language_text(self.setup, words), klass=klass
        )

    def _mark_earlier_comments_read(self, now: datetime) -> None:
        """Let the manager read what was said two days ago and before."""
        last = self.day - READ_AFTER
        for one in hearing.comments_between(self.desk, last - timedelta(days=6), last):
            if not one.is_read:
                thanking.mark_comment_read(self.desk, self._make_ask(self.manager, now), one.id)


# -- a day of the story ------------------------------------------------------------------------------------------------

BEFORE_CLOSING = 15


class StoryDay(CommentDemoDay):
    """A day with something of its own, `ago` days of the story before the demo's. Who waits long rates worse, and
    people without a ticket say how it was, too."""

    def __init__(
        self,
        desk: Desk,
        setup: Setup,
        day: date,
        seed: Sequence[int],
        happening: demand.DemoIncident | None = None,
        *,
        customers: int | None = None,
        ago: int = 0,
    ) -> None:
        self.happening, self.ago = happening, ago
        own = np.random.default_rng((*seed, day.toordinal()))
        many, self._slowness = (float(np.exp(own.normal(0, NO_TWO_ALIKE))) for _ in range(2))
        if customers is None:
            customers = round(expected_story_customer_count(setup, day) * many * (happening.busy if happening else 1.0))
        self._span = hall_open_and_close_minutes(setup, day)
        self.also, self._again = (np.random.default_rng((*seed, day.toordinal(), which)) for which in (ALSO, AGAIN))
        super().__init__(desk, day, seed, customers=customers)
        opinions = int(own.poisson(2))
        for _ in range(opinions):
            at = self.opens + (self.closes - self.opens) * float(own.random())
            self.plan_act(at, partial(self._give_opinion_without_ticket, OPINIONS[int(own.integers(len(OPINIONS)))]))
        self._parts = [part(self) for part in demand.feature_demo_parts_used_by_hall(self.setup.hall)]
        for minute, does in (
            *story_case_acts(ago),
            *(act for part in self._parts for act in part.acts_of_demo_day(ago)),
        ):
            # Before the windows close: on Saturdays they do so at noon.
            at = utc_moment_of_hall_minute(setup, day, min(minute, self._span[1] - BEFORE_CLOSING))
            self.plan_act(at, partial(self._act_as_manager, does))
        if happening is not None:
            noted = utc_moment_of_hall_minute(setup, day, happening.start + 10)
            self.plan_act(noted, self._write_day_note)
            for part in self._parts:
                part.act_on_incident(happening)
            self._plan_crowd_arrivals(happening, own)

    def arrival_span_minutes(self) -> tuple[int, int]:
        return self._span

    def _begin_day(self, now: datetime) -> None:
        super()._begin_day(now)
        for part in self._parts:
            part.begin_day(now)

    def _issue_on_arrival(self, person: demand.SimulatedCustomer, now: datetime) -> None:
        super()._issue_on_arrival(person, now)
        for part in self._parts:
            part.on_arrival(person, now)

    def _end_business_date(self, now: datetime) -> None:
        for part in self._parts:
            part.act_before_day_end(now)
        super()._end_business_date(now)

    def mean_handling_minutes(self, service: str, now: datetime) -> float:
        usual = super().mean_handling_minutes(service, now) * self._slowness
        local = self.setup.to_hall_time(now)
        is_slow = self.happening is not None and self.happening.is_slowing_service_at(
            service, local.hour * 60 + local.minute
        )
        return usual * self.happening.pace if self.happening is not None and is_slow else usual

    def rating_level_shares(self, label: str) -> Sequence[float]:
        return LATE_SHARES if self._waited_beyond_target(label) else super().rating_level_shares(label)

    def low_rating_reasons(self, label: str) -> Sequence[list[str]]:
        if self.happening is not None and self.happening.slow == "*":
            return SYSTEM_REASONS
        return LATE_REASONS if self._waited_beyond_target(label) else PROMPT_REASONS

    def _recall_if_still_called(self, clerk: demand.SimulatedClerk, label: str, now: datetime) -> None:
        super()._recall_if_still_called(clerk, label, now)
        if clerk.actor.name == CALLS_AGAIN and self._again.random() < AGAIN_SHARE:
            self.plan_act(now + AGAIN_AFTER, partial(super()._recall_if_still_called, clerk, label))

    def _rate_ticket(self, label: str, level: int, now: datetime) -> None:
        super()._rate_ticket(label, level, now)
        for part in self._parts:
            part.on_rating(label, level, now)

    def _waited_beyond_target(self, label: str) -> bool:
        leg = self._ticket_by_label(label).legs[0]
        target = timedelta(minutes=self.setup.setting_as_int("wait_target_minutes"))
        return leg.called is not None and leg.called - leg.joined > target

    def _give_opinion_without_ticket(self, level: int, now: datetime) -> None:
        tags = list(LATE_REASONS[level % len(LATE_REASONS)]) if level <= 2 else []
        rating.record_opinion_without_ticket(self.desk, self._make_ask(CUSTOMER, now), level, tags=tags)

    def _act_as_manager(self, does: demand.Act, now: datetime) -> None:
        """Do what a manager does on such a day."""
        does(self.desk, self.setup, self._make_ask(self.manager, now))

    def _write_day_note(self, now: datetime) -> None:
        it = self.happening
        if it is not None:
            ask, start, end = self._make_ask(self.manager, now), clock_text(it.start), clock_text(it.end)
            messaging.add_day_note(
                self.desk, ask, it.kind, demand.hall_language_text(self.setup, it.note), start=start, end=end
            )

    def _plan_crowd_arrivals(self, happening: demand.DemoIncident, own: np.random.Generator) -> None:
        """Let several people come together."""
        begin = utc_moment_of_hall_minute(self.setup, self.day, happening.start)
        shares = {code: share for code, share in demand.service_shares(self.setup).items() if code in ASK_TOGETHER}
        if happening.crowd and shares:
            whole = sum(shares.values())
            shares = {code: share / whole for code, share in shares.items()}
            until = begin + TOGETHER_WITHIN
            some = demand.random_customers_of_day(
                self.setup, begin, until, customers=2 * happening.crowd, shares=shares, rng=own
            )
            for person in some[: happening.crowd]:
                self.plan_act(person.at, partial(self._issue_on_arrival, person))


def hall_open_and_close_minutes(setup: Setup, day: date) -> tuple[int, int]:
    """Return from when to when any service is open on a date."""
    spans = [span for service in setup.services.values() for span in opening_spans_on(setup, service, day)]
    return min(start for start, _end in spans), max(end for _start, end in spans)


# -- the hall of a trial, thrown away at its end, and the customers who are let in there -------------------------------

PRESET = "power"
COUNTERS = 2
LOCK = "trial.lock"
A_BUSY_MINUTE = 6
ON_THEIR_WAY = timedelta(seconds=60)


# -- its hall ---------------------------------------------------------------------------------------------------------


def trial_setup_document(asked: Callable[[], tuple[str, str | None]]) -> dict[str, Any]:
    """Return the set-up of the hall that is `asked` for, by its place and code, or of the first preset where there is
    none, for a hall that never was."""
    document: Mapping[str, Any]
    try:
        place, code = asked()
        db = Database.open(place)
        try:
            desk = Desk(db, looking.hall_id_by_code(db, code))
            document = looking.setup_of_hall(desk).document
        finally:
            db.dispose()
    except (OutsideError, RuleError):  # none yet, or none that can be read: a trial shows the program all the same
        document = setting_up.preset_setup_document(PRESET)
    ready = setting_up.setup_document_for_new_hall(document, all_hours=True)
    ready["hall"] = {**ready["hall"], "simulated": True}
    return ready


def make_locked_trial_folder(above: Path) -> tuple[Path, FileLock]:
    """Return a new folder for a trial's files with the lock that keeps it; those of trials that were killed go."""
    for left in above.iterdir():
        lock = FileLock(left / LOCK)
        with suppress(OSError):
            if lock.try_to_take():
                lock.release()
                shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(dir=above))
    lock = FileLock(folder / LOCK)
    lock.try_to_take()
    return folder, lock


def make_trial_hall(folder: Path, document: Mapping[str, Any], now: datetime, *, waive: str) -> Desk:
    """Make the trial's hall with the front desk signed in and its first windows open; `waive` is why nothing is checked
    before."""
    desk = setting_up.create_hall(folder / "hall.sqlite", document, Ask(CONSOLE, now))
    setup = setup_files.check_and_read_setup(document)
    sit = [
        person
        for role in (Role.CLERK, Role.MANAGER, Role.ADMIN)
        for person in setup.staff.values()
        if person.role == role
    ]
    for window, person in zip(trial_counter_windows(setup), sit, strict=False):
        ask = Ask(Actor(person.code, person.role), now)
        opening.open_window(desk, ask, window, staff=person.code, waive=waive)
    guide = next(p for role in (Role.GUIDE, Role.MANAGER, Role.ADMIN) for p in setup.staff.values() if p.role == role)
    opening.sign_in(desk, Ask(Actor(guide.code, guide.role), now), "guide", guide.code)
    return desk


def trial_counter_windows(setup: Setup) -> list[str]:
    """Return the windows that the trial's counters stand at: those that serve most between them."""
    chosen: list[str] = []
    served: set[str] = set()
    for _counter in range(min(COUNTERS, len(setup.windows))):
        rest = [code for code in setup.windows if code not in chosen]
        best = max(rest, key=lambda code: len(set(setup.windows[code].services) - served))
        chosen.append(best)
        served |= set(setup.windows[best].services)
    return sorted(chosen, key=list(setup.windows).index)


# -- its customers ----------------------------------------------------------------------------------------------------


class TrialCrowd:
    """Invented customers of a trial: they take a ticket, lose patience, and rate when they have been served.

    Nothing happens by itself: `play` does what is due by then."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.setup = desk, looking.setup_of_hall(desk)
        self._rng = np.random.default_rng(seed)
        self._shares = demand.service_shares(self.setup)
        self._guide = next((Actor(p.code, p.role) for p in self.setup.staff.values() if p.role is Role.GUIDE), HALL)
        self._order = count()
        self._heap: list[tuple[datetime, int, Callable[[datetime], object]]] = []
        self._unrated: set[TicketId] = set()

    def let_customer_in(self, now: datetime, service: str = "") -> str:
        """Let one person take a ticket of `service`, or of any; return the number. Raises RuleError where the service
        gives none."""
        shares = {service: 1.0} if service else self._shares
        person = demand.simulated_arrival(self.setup, now, shares, self._rng)
        ask = Ask(actor_of_station("K1"), now)
        document = issuing.issue_ticket(self.desk, ask, person.service, klass="normal", item=person.item)
        label, day = str(document["ticket"]), business_date(self.setup, now)
        self._unrated.add((day, label))
        self._schedule_act(
            now + timedelta(minutes=person.patience_min), partial(self._leave_if_still_waiting, (day, label))
        )
        return label

    def let_in_busy_minute_crowd(self, now: datetime, service: str = "") -> None:
        """Let as many people come within the next minute as a busy hall sees."""
        for n in range(A_BUSY_MINUTE):
            at = now + ON_THEIR_WAY * ((n + float(self._rng.random())) / A_BUSY_MINUTE)
            self._schedule_act(at, lambda at: self.let_customer_in(at, service))

    def play(self, now: datetime) -> None:
        """Do what is due by `now`; whom a rule says no to does without."""
        self._plan_ratings_of_finished(now)
        while self._heap and self._heap[0][0] <= now:
            _at, _n, act = heappop(self._heap)
            with suppress(RuleError):
                act(now)

    def _schedule_act(self, at: datetime, act: Callable[[datetime], object]) -> None:
        heappush(self._heap, (at, next(self._order), act))

    def _plan_ratings_of_finished(self, now: datetime) -> None:
        for day, label in sorted(self._unrated):
            state = looking.find_ticket(self.desk, day, label).state
            if state is TicketState.FINISHED:
                self._unrated.discard((day, label))
                if self._rng.random() < demand.RATE_SHARE:
                    level = 1 + int(self._rng.choice(5, p=demand.LEVEL_SHARES))
                    self._schedule_act(now + 7 * demand.SECONDS, partial(self._rate_visit, label, level))
            elif state in (TicketState.LEFT, TicketState.VOID):
                self._unrated.discard((day, label))

    def _rate_visit(self, label: str, level: int, now: datetime) -> None:
        rating.rate_visit(self.desk, Ask(CUSTOMER, now), label, level)

    def _leave_if_still_waiting(self, ticket: TicketId, now: datetime) -> None:
        if looking.find_ticket(self.desk, *ticket).state is TicketState.WAITING:
            calling.record_customer_left(self.desk, Ask(self._guide, now), ticket[1])
