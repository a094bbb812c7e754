"""What a demo's days have beside tickets: the round before opening, offers of other channels, thanks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from numpy.random import Generator, default_rng

from queuedesk.core.errors import RuleError
from queuedesk.core.features import load, used
from queuedesk.core.figures.periods import WEEK, span_of
from queuedesk.core.figures.pictured import BEFORE
from queuedesk.core.figures.view import DAYS
from queuedesk.core.log.state import RATINGS
from queuedesk.core.network.roles import CUSTOMER, HALL, Actor
from queuedesk.core.quality import why
from queuedesk.core.quality.case import COMPLAINT, LOW_LEVEL, SPOKEN, Verdict
from queuedesk.core.quality.case import RATING as RATED
from queuedesk.core.quality.comments import PRAISE, SUGGESTION
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import DISPLAY, KIOSK, LINE, LOST, PLATE, PRINTER, RATING, VOICE, Key
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.desk.quality import case_documents, casework, commenting, hearing, thanking
from queuedesk.desk.queue import issuing, rating
from queuedesk.desk.talk import alarms, checking, devices
from queuedesk.sim.day import Arrival, SimulatedDay
from queuedesk.sim.demo_words import typed
from queuedesk.sim.directory import offered_to
from queuedesk.store.parts import part_tables

# -- the round before opening ------------------------------------------------------------------------------------------

FRONT_DESK = "guide"
OUT_OF_PAPER = "out_of_paper"


def equipment(setup: Setup) -> list[Key]:
    """Return what stands in the hall: a display, with its voice where calls are spoken, a kiosk, two printers, and what
    every window has."""
    windows = [(kind, f"{kind}-{code}") for code in setup.windows for kind in (PLATE, RATING)]
    voice = [(VOICE, DISPLAY)] if setup.voice.spoken else []
    shared = [(DISPLAY, DISPLAY), *voice, (KIOSK, KIOSK), (LINE, LINE)]
    return [*shared, (PRINTER, FRONT_DESK), (PRINTER, KIOSK), *windows]


CHECKED = ((VOICE, DISPLAY), (DISPLAY, DISPLAY), (PRINTER, FRONT_DESK), (PRINTER, KIOSK))


# -- a day with all of it ----------------------------------------------------------------------------------------------


WATCHED_EVERY = 12
SEEN_AFTER = (38, 95, 61, 174, 47)
WARNED_OF: Mapping[str, list[str]] = {
    "C1": ["A"],
    "C4": ["B"],
    "C5": ["C"],
    "M1": ["device_down", "no_window"],
    "AD": ["crowd"],
}
BUSY_CLERK = "C5"
"""Who has not looked up yet on the demo's day."""


class WholeDay(SimulatedDay):
    """A day on which features bring customers of their own, and somebody checks the equipment."""

    also: Generator
    """Chance of its own, so that what stands here changes nothing at the windows but who comes."""
    is_busy = False
    """Whether it is the demo's own day."""
    short_of_paper: Key | None = None
    """The printer that fails its check before opening."""
    lost: tuple[int, Key] | None = None
    """The minute from which a station gives no more signs of life."""
    _warned: set[int]

    def _begin(self, now: datetime) -> None:
        super()._begin(now)
        self._warned = set()
        for key in equipment(self.setup):
            self._report(key, None, now)
        self._go_round(now)
        for feature in used(self.setup.hall):
            if feature.demo_day:
                load(feature.demo_day)(self, now)

    def _arrive(self, person: Arrival, now: datetime) -> None:
        super()._arrive(person, now)
        offer = offered_to(person.service, person.item, self.day, len(self.people))
        if offer is not None and person.ready:
            ask, (to, taken) = self._ask(self.guide, now), offer
            issuing.offer_channel(self.desk, ask, person.service, to=to, declined=not taken, item=person.item)

    # -- warnings ------------------------------------------------------------------------------------------------------

    def watch(self, start: int, end: int, *, busy: str = "") -> None:
        """Write between two times what the hall's alerts are, as stations do; who is `busy` looks at none of them."""
        self._busy = busy
        for minute in range(start, end, WATCHED_EVERY):
            self.plan(hall_moment(self.setup, self.day, minute), self._write_alarms)

    def _write_alarms(self, now: datetime) -> None:
        alarms.write_due(self.desk, self._ask(HALL, now))
        for row in alarms.warnings_of(self.desk, self.manager, self.day, now):
            if row["told"] and row["seconds"] is None and not row["ended"] and row["alarm"] not in self._warned:
                self._warned.add(row["alarm"])
                who = Actor(row["told"][0]["staff"], self.setup.person(row["told"][0]["staff"]).role)
                if who.name != self._busy:
                    soon = now + timedelta(seconds=SEEN_AFTER[row["alarm"] % len(SEEN_AFTER)])
                    self.plan(soon, partial(self._see, who, row))

    def _see(self, who: Actor, row: Document, now: datetime) -> None:
        with suppress(RuleError):  # it may be over
            about = {name: row[name] for name in ("service", "window", "ticket", "device", "station")}
            alarms.acknowledge(self.desk, self._ask(who, now), row["kind"], **about)

    # -- equipment -----------------------------------------------------------------------------------------------------

    def _report(self, key: Key, cause: str | None, now: datetime) -> None:
        devices.report(self.desk, Ask(HALL, now, recorded=True), *key, cause)

    def _go_round(self, now: datetime) -> None:
        """Check what customers see, hear and are handed before the first one comes."""
        for n, key in enumerate(one for one in CHECKED if one in equipment(self.setup)):
            act = self._run_out_and_refill if key == self.short_of_paper else self._check
            self.plan(now + timedelta(minutes=2, seconds=40 * n), partial(act, key))
        if self.lost is not None:
            minute, key = self.lost
            self.plan(hall_moment(self.setup, self.day, minute), partial(self._report, key, LOST))

    def _check(self, key: Key, now: datetime) -> None:
        checking.check(self.desk, self._ask(self.guide, now), *key)

    def _run_out_and_refill(self, key: Key, now: datetime) -> None:
        """Let a printer fail its check, and pass when somebody has put in paper."""
        self._report(key, OUT_OF_PAPER, now)
        checking.check(self.desk, self._ask(self.guide, now), *key, failed=OUT_OF_PAPER)
        full = now + timedelta(minutes=3)
        self.plan(full, partial(self._report, key, None))
        self.plan(full + timedelta(seconds=20), partial(self._check, key))

    # -- what customers say --------------------------------------------------------------------------------------------

    def thank(self, label: str, words: str, now: datetime) -> None:
        """Tell the front desk how good the clerk was, who reads it later."""
        found = thanking.thank(self.desk, self._ask(self.guide, now), ticket=label, words=typed(self.setup, words))
        clerk = Actor(found["staff"], self.setup.person(found["staff"]).role)
        self.plan(now + timedelta(minutes=20), partial(self._read_thanks, clerk, found["thanks"]))

    def _read_thanks(self, clerk: Actor, seq: int, now: datetime) -> None:
        thanking.mark_seen(self.desk, self._ask(clerk, now), seq)


# -- cases: what opened each, and what was done on which day -----------------------------------------------------------


class StoryCase(Struct, frozen=True, kw_only=True):
    """A case that was opened `ago` days of the story before the demo's day, at `minute`; its steps are (days ago,
    minute, step, words)."""

    ago: int
    minute: int
    title: str
    klass: str = COMPLAINT
    source: str = SPOKEN
    words: str = ""
    contact: str = ""
    owner: str | None = None
    steps: tuple[tuple[int, int, str, dict[str, Any]], ...] = ()


def _did(text: str) -> dict[str, Any]:
    return {"note": text}


_VAIN, _REACHED = {"reached": False}, {"reached": True}
CASES: tuple[StoryCase, ...] = (
    StoryCase(
        ago=17,
        minute=995,
        title="等得比告知的久",
        source=RATED,
        words="说等十分钟，等了快半小时，也没人来说一声。",
        contact="138 0013 2201",
        steps=(
            (16, 560, "contact", _did("电话致歉")),
            (15, 600, "act", _did("高峰时增开一个窗口，大屏提前告知")),
            (13, 570, "call-back", {**_REACHED, "verdict": Verdict.SATISFIED}),
            (13, 575, "close", {}),
        ),
    ),
    StoryCase(
        ago=15,
        minute=620,
        title="电表箱没关好",
        klass="repair",
        contact="139 0027 8834",
        steps=(
            (14, 545, "contact", {}),
            (13, 900, "act", _did("已派人关好，换了锁")),
            (12, 610, "call-back", _VAIN),
            (11, 615, "call-back", _VAIN),
            (10, 620, "call-back", _VAIN),
            (10, 625, "close", {}),
        ),
    ),
    StoryCase(
        ago=12,
        minute=700,
        title="第二张账单电价不对",
        owner="G1",
        words="上个月已经说过一次，这个月还是错的。",
        contact="137 0045 1190",
        steps=(
            (11, 550, "contact", _did("约好三天内答复")),
            (10, 640, "act", _did("已更正账单")),
            (8, 580, "call-back", {**_REACHED, "verdict": Verdict.DISSATISFIED}),
        ),
    ),
    StoryCase(
        ago=9,
        minute=950,
        title="又要别的材料",
        words="第一次来没说要房产证，跑了两趟。",
        contact="136 0058 4417",
        steps=((8, 555, "contact", {}), (8, 560, "cite", {})),
    ),
    StoryCase(
        ago=4,
        minute=990,
        title="没讲清楚要带什么",
        source=RATED,
        words="窗口没人告诉我要带原户主的卡，只好再来一趟。",
        contact="138 0061 5176",
        steps=(
            (3, 580, "contact", _did("电话联系，约定回访")),
            (2, 620, "act", _did("材料清单现在印在号票上")),
            (1, 555, "call-back", _VAIN),
        ),
    ),
    StoryCase(
        ago=2,
        minute=640,
        title="新表什么时候来装",
        owner="C3",
        klass="enquiry",
        contact="135 0073 9020",
        steps=((1, 560, "contact", {}),),
    ),
    StoryCase(ago=1, minute=710, title="夜间店铺用哪档电价", klass="consult", owner="G1", contact="139 0084 6652"),
    StoryCase(ago=1, minute=995, title="叫号听不清", source=RATED, words="坐在后排完全听不见。"),
    StoryCase(ago=1, minute=930, title="窗口姑娘特别耐心", klass="praise", words="帮我妈填完了所有的表。"),
)


def deeds_on(ago: int) -> Iterator[tuple[int, int, str]]:
    """Yield what is done in cases on a day: minute, index of the case, and "open" or the index of its step."""
    for n, one in enumerate(CASES):
        if one.ago == ago:
            yield one.minute, n, "open"
        for k, (day, minute, _step, _words) in enumerate(one.steps):
            if day == ago:
                yield minute, n, str(k)


def cite_papers(desk: Desk, ask: Ask, number: str) -> None:
    """Let a case cite how many were asked for other papers in the week until it was opened, the first of them, and how
    many came in the calendar week before and how long they waited, against the week before that."""
    day = date.fromisoformat(case_documents.case_of(desk, ask.who, number, ask.now)["opened"][:10])
    path, first = why.path(((why.TAG, "papers_changed"),)), day - timedelta(days=6)
    casework.cite_figure(desk, ask, number, path, first=first, last=day)
    for row in tickets_behind(desk, path, first, day, ask.now, most=1).rows:
        casework.cite_ticket(desk, ask, number, row.ticket, day=row.day)
    monday, sunday = span_of(WEEK, day - timedelta(days=7))
    casework.cite_figure(desk, ask, number, DAYS, first=monday, last=sunday, against=BEFORE)


_DEEDS: dict[str, Any] = {
    "contact": casework.note_contact,
    "act": casework.note_act,
    "call-back": casework.call_back,
    "close": casework.close_case,
    "cite": cite_papers,
}


def carry_out(desk: Desk, setup: Setup, ask: Ask, n: int, what: str) -> None:
    """Open a case or take a step in it, as the manager does. What can't be is left out: of a live demo only some of the
    days are played."""
    with suppress(RuleError):
        one = CASES[n]
        if what == "open":
            casework.open_case(desk, ask, _complaint(desk, setup, one, ask))
            return
        rows = case_documents.cases_of(desk, ask.who, None, ask.now)
        number = next((str(row["number"]) for row in rows if row["title"] == typed(setup, one.title)), "")
        _day, _minute, step, words = one.steps[int(what)]
        note = {"note": typed(setup, words["note"])} if "note" in words else {}
        _DEEDS[step](desk, ask, number, **{**words, **note})


def _complaint(desk: Desk, setup: Setup, one: StoryCase, ask: Ask) -> casework.Complaint:
    ticket = None
    if one.source == RATED:
        day = setup.local(ask.now).date()
        with desk.db.read() as tx:
            rated = part_tables.of_days(tx, desk.hall, RATINGS, day, day)
        ticket = next((label for (_day, label), given in rated.items() if given.level <= LOW_LEVEL), None)
    return casework.Complaint(
        klass=one.klass,
        source=one.source if ticket or one.source != RATED else SPOKEN,
        title=typed(setup, one.title),
        words=typed(setup, one.words),
        ticket=ticket,
        contact=one.contact,
        asked=True,
        owner=one.owner if one.owner in setup.staff else None,
    )


# -- what a day may have of its own ------------------------------------------------------------------------------------


class Happening(Struct, frozen=True, kw_only=True):
    """Something that one day has of its own between two times, in minutes since midnight, with the manager's note.

    `busy` is how many times as many people come on the whole day, `crowd` how many come together at the start; visits
    for `slow` (a service's code; "*" for all) take `pace` times as long. `thanks` is what a customer says of the clerk,
    `then` the name of a feature and of what it does when it ends, where the hall uses it: a function like those of a
    feature's `demo` (core/features.py), which gets this before all else.
    """

    start: int
    end: int
    kind: str
    note: str
    busy: float = 1.0
    crowd: int = 0
    slow: str = ""
    pace: float = 1.0
    thanks: str = ""
    then: tuple[str, str] = ("", "")

    def slows(self, service: str, minute: float) -> bool:
        return self.slow in (service, "*") and self.start <= minute < self.end


HAPPENINGS: Mapping[int, Happening] = {
    3: Happening(start=600, end=690, kind="outage", note="票据打印机很慢，每张要等半分钟", slow="A", pace=1.6),
    6: Happening(
        start=510, end=1050, kind="weather", note="大雨，来的人少", busy=0.72, thanks="雨大，还把自己的伞借给我"
    ),
    9: Happening(
        start=570,
        end=600,
        kind="event",
        note="小区集中过户，十六人一起来",
        crowd=16,
        thanks="人这么多，还是一样一样讲清楚了",
    ),
    12: Happening(start=850, end=885, kind="outage", note="营销系统反应慢", slow="*", pace=1.9),
    15: Happening(
        start=510,
        end=720,
        kind="other",
        note="新员工跟岗，讲解得细",
        slow="B",
        pace=1.25,
        thanks="讲得细，一次就办好了",
    ),
    17: Happening(
        start=915,
        end=945,
        kind="event",
        note="阶梯电价宣讲结束，听众来咨询",
        crowd=11,
        then=("forums", "features.forums.demo:hold"),
    ),
}
"""What happens on which of the hall's days, counted from the first."""


# -- what customers say in their own words -----------------------------------------------------------------------------

HEARD = 2
"""What tells the chances of words from all others."""
WORDS_SHARE, TOLD_MEAN = 0.3, 0.35
READ_AFTER = timedelta(days=2)
WORDS: Mapping[str, Sequence[str]] = {
    "waited_long": (
        "说等十分钟，等了快半小时。",
        "说等十分钟，等了二十五分钟，差点误了班车。",
        "前面叫得很慢，也没人出来说一声。",
    ),
    "explained_badly": ("阶梯电价讲了两遍，我还是没听懂。", "第二张账单为什么高，没人说得清。"),
    "papers_changed": ("上次说带身份证就行，这次又要房产证，只好再跑一趟。",),
    "attitude": ("问一句就不耐烦。", "什么也没说就让我走了。"),
    "not_solved": ("过户办到一半说系统查不到，让我明天再来。", "同一张表跑了两趟，还没办好。"),
    "system_down": ("电脑卡了十几分钟，大家干等。", "刷卡机坏了，又没有别的交费办法。"),
    "surroundings": ("空调太冷，老人受不了。", "椅子太少，好多人靠墙站着。"),
}
TOLD: Sequence[tuple[str, str]] = (
    (SUGGESTION, "停车场那边的门太重，轮椅推不动。"),
    (PRAISE, "给我画了充电桩装在哪里，清楚又快。"),
    (COMPLAINT, "缴费机吞了两次卡，窗口查不到。"),
    (SUGGESTION, "希望中午也能多开一个窗口。"),
    (PRAISE, "老人看不清单子，姑娘一项一项念给我听，谢谢。"),
    (COMPLAINT, "门口牌子上还是去年的营业时间。"),
)


class HeardDay(WholeDay):
    """A day on which some customers type a few words after a low rating or tell the front desk something; the manager
    reads them two days later. `told` is how often somebody tells something, None for by chance."""

    told: int | None = None

    def __init__(self, desk: Desk, day: date, seed: Sequence[int], *, customers: int) -> None:
        super().__init__(desk, day, seed, customers=customers)
        self._heard = default_rng((*seed, day.toordinal(), HEARD))
        told = self.told if self.told is not None else int(self._heard.poisson(TOLD_MEAN))
        for number in range(told):
            self.plan(self.opens + timedelta(minutes=45 + 40 * number), self._note_spoken)
        self.plan(self.opens + timedelta(minutes=20), self._read_earlier)

    def _add_reasons(self, label: str, tags: list[str], now: datetime) -> None:
        known = WORDS.get(tags[0], ())
        words = None
        if known and self._heard.random() < WORDS_SHARE:
            words = typed(self.setup, known[int(self._heard.integers(len(known)))])
        rating.add_reasons(self.desk, self._ask(CUSTOMER, now), label, tags=tags, comment=words)

    def _note_spoken(self, now: datetime) -> None:
        klass, words = TOLD[int(self._heard.integers(len(TOLD)))]
        commenting.note(self.desk, self._ask(self.guide, now), typed(self.setup, words), klass=klass)

    def _read_earlier(self, now: datetime) -> None:
        """Let the manager read what was said two days ago and before."""
        last = self.day - READ_AFTER
        for one in hearing.comments_between(self.desk, last - timedelta(days=6), last):
            if not one.is_read:
                commenting.mark_read(self.desk, self._ask(self.manager, now), one.id)
