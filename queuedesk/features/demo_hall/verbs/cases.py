"""Cases of the demo's weeks: what opened each, and what was done on which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.comparing import BEFORE
from queuedesk.core.figures.periods import DAYS, WEEK, span_of
from queuedesk.core.log.state import RATINGS
from queuedesk.core.quality import why
from queuedesk.core.quality.case import COMPLAINT, LOW_LEVEL, SPOKEN, Verdict
from queuedesk.core.quality.case import RATING as RATED
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures.comparing import tickets_behind
from queuedesk.desk.quality import case_documents, casework
from queuedesk.sim.demo import Act, Words, typed
from queuedesk.store.parts import part_tables

NOTHING: Words = ("", "")
Step = tuple[int, int, str, dict[str, Any]]
"""On which day before the demo's, at which minute, what is done, and with which words."""


class StoryCase(Struct, frozen=True, kw_only=True):
    """A case that was opened `ago` days of the story before the demo's day, at `minute`."""

    ago: int
    minute: int
    title: Words
    klass: str = COMPLAINT
    source: str = SPOKEN
    words: Words = NOTHING
    contact: str = ""
    owner: str | None = None
    steps: tuple[Step, ...] = ()


def _did(*words: str) -> dict[str, Any]:
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
            (16, 560, "contact", _did("电话致歉", "Apologised by telephone")),
            (
                15,
                600,
                "act",
                _did("高峰时增开一个窗口，大屏提前告知", "One window more at the peak, and the display says so ahead"),
            ),
            (13, 570, "call-back", {**_REACHED, "verdict": Verdict.SATISFIED}),
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
            (13, 900, "act", _did("已派人关好，换了锁", "Somebody closed it and changed the lock")),
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
            (11, 550, "contact", _did("约好三天内答复", "Promised an answer within three days")),
            (10, 640, "act", _did("已更正账单", "The bill is put right")),
            (8, 580, "call-back", {**_REACHED, "verdict": Verdict.DISSATISFIED}),
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
            (3, 580, "contact", _did("电话联系，约定回访", "Rang, and agreed when to ring again")),
            (2, 620, "act", _did("材料清单现在印在号票上", "The list of papers is printed on the ticket now")),
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


def acts(ago: int) -> Iterator[tuple[int, Act]]:
    """Yield what the manager does in cases on a day, as the parts of features do (`DemoPart.acts`). Of a live demo only
    some of the days are played: it refuses steps in cases that were never opened."""
    for one in CASES:
        if one.ago == ago:
            yield one.minute, partial(_open, one)
        for step in one.steps:
            day, minute, _deed, _words = step
            if day == ago:
                yield minute, partial(_go_on, one, step)


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


def _open(one: StoryCase, desk: Desk, setup: Setup, ask: Ask) -> None:
    casework.open_case(desk, ask, _complaint(desk, setup, one, ask))


def _go_on(one: StoryCase, step: Step, desk: Desk, setup: Setup, ask: Ask) -> None:
    _day, _minute, deed, words = step
    rows = case_documents.cases_of(desk, ask.who, None, ask.now)
    number = next((str(row["number"]) for row in rows if row["title"] == typed(setup, one.title)), "")
    note = {"note": typed(setup, words["note"])} if "note" in words else {}
    _DEEDS[deed](desk, ask, number, **{**words, **note})


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
