"""What a demo's weeks bring to the person's sheets: rows asked about and decided, a month that is closed once it is
over, a row excluded afterwards, what was trained, and who was named for a need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from msgspec.structs import replace

from queuedesk.core.appraisal import HANDLING, RECALLS, SATISFACTION, TO_COACH
from queuedesk.core.figures.periods import MONTH, period_span_containing
from queuedesk.core.log.state import CLOSINGS
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.person_sheet import MonthSheets, ticket_row_name
from queuedesk.features.staff.verbs import close_month, mark_named_need_seen, month_sheets, training_needs_named_for
from queuedesk.sim.demand import Act, FeatureDemoPart, Words, hall_language_text
from queuedesk.store.parts import part_tables, tickets
from queuedesk.store.schema import closings

ASKS = "C1"
"""Whose sheet it is."""
WORDS: Mapping[str, tuple[Words, Words]] = {
    SATISFACTION: (
        ("客户说按错了键，本想按满意", "The customer pressed the wrong key, he said"),
        ("第二天打电话核实过，是按错", "Confirmed by telephone the next day"),
    ),
    HANDLING: (
        ("客户回去拿房产证，等了一会儿", "The customer went home for the deed; we waited"),
        ("拿材料的时间本来就可以搁置，仍算", "The ticket could have been set aside; it counts"),
    ),
    "asked": (("打印机卡纸，换了一次", "The printer jammed once"), ("", "")),
    "later": (
        ("那天票据打印机坏了，上月没来得及说", "The printer was broken that day; I said so too late"),
        ("有记录，那天上午打印机修了半小时", "It is noted: half an hour of repair that morning"),
    ),
}


def _ask_exclusion_and_give_number(desk: Desk, setup: Setup, ask: Ask, row: tuple[str, str], note: Words) -> int:
    own = replace(ask, who=Actor(ASKS, Role.CLERK))
    return int(verbs.dispute_sheet_row(desk, own, ASKS, *row, hall_language_text(setup, note))["dispute"])


def _names_of_rows_weighing_most(found: MonthSheets, item: str) -> list[str]:
    """Return the rows that weigh most on the sheet: who was not content, or the longest visits."""
    if item == SATISFACTION:
        bad = [one for one in found.rows.ratings if one.staff == ASKS and one.counts and not one.satisfied]
        return [ticket_row_name(one.day, one.label) for one in sorted(bad)]
    own = [(one.minutes, ticket_row_name(one.day, one.label)) for one in found.rows.handled if one.staff == ASKS]
    asked = {one.disputed_row_name for one in (*found.rows.disputes, *found.later) if one.item == HANDLING}
    longest = sorted(own, key=lambda each: -(each[0] or 0))
    return [row for minutes, row in longest if minutes is not None and row not in asked]


def _raise_and_decide_row_dispute(item: str, desk: Desk, setup: Setup, ask: Ask, *, exclude: bool) -> None:
    """Let somebody ask about a row of this month, and the manager decide."""
    rows = _names_of_rows_weighing_most(month_sheets(desk, ask.who, setup.to_hall_time(ask.now).date(), ask.now), item)
    for row in rows[:1]:
        note, answer = WORDS[item]
        verbs.decide_dispute(
            desk,
            ask,
            _ask_exclusion_and_give_number(desk, setup, ask, (item, row), note),
            hall_language_text(setup, answer),
            exclude=exclude,
        )


def _add_undecided_dispute(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Let a row wait for a decision."""
    rows = _names_of_rows_weighing_most(
        month_sheets(desk, ask.who, setup.to_hall_time(ask.now).date() - timedelta(days=1), ask.now), HANDLING
    )
    for row in rows[:1]:
        _ask_exclusion_and_give_number(desk, setup, ask, (HANDLING, row), WORDS["asked"][0])


def _close_last_month(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Close the last month on the first day after it, where the hall worked in it."""
    last, closed = _last_month_and_closings(desk, setup, ask)
    with desk.db.read() as tx:
        if closed or not tickets.dates_with_tickets(tx, desk.hall, *last):
            return
    close_month(desk, ask, last[0])


def _exclude_row_after_closing(desk: Desk, setup: Setup, ask: Ask) -> None:
    """On the day on which a month was closed, let a row of it be excluded: it was asked too late."""
    last, closed = _last_month_and_closings(desk, setup, ask)
    if closed != [setup.to_hall_time(ask.now).date()]:
        return
    rows = _names_of_rows_weighing_most(month_sheets(desk, ask.who, last[0], ask.now), HANDLING)
    for row in rows[:1]:
        note, answer = WORDS["later"]
        verbs.decide_dispute(
            desk,
            ask,
            _ask_exclusion_and_give_number(desk, setup, ask, (HANDLING, row), note),
            hall_language_text(setup, answer),
            exclude=True,
        )


def _last_month_and_closings(desk: Desk, setup: Setup, ask: Ask) -> tuple[tuple[date, date], list[date]]:
    """Return the last month's dates, and on which ones it was closed."""
    last = period_span_containing(MONTH, setup.to_hall_time(ask.now).date().replace(day=1) - timedelta(days=1))
    with desk.db.read() as tx:
        found = part_tables.objects_where(tx, desk.hall, CLOSINGS, closings.c.month == last[0]).values()
    return last, [one.date for one in found]


def _reveal_recalls_need_staff(desk: Desk, setup: Setup, ask: Ask) -> None:
    verbs.reveal_need_staff(desk, ask, (RECALLS, ""), setup.to_hall_time(ask.now).date(), reason=TO_COACH)


def _mark_training_needs_seen(desk: Desk, setup: Setup, ask: Ask) -> None:
    """Let who was named read it."""
    for code, person in setup.staff.items():
        own = replace(ask, who=Actor(code, person.role))
        for one in training_needs_named_for(desk, own.who):
            mark_named_need_seen(desk, own, one["named"])


def _add_demo_training(name: str, desk: Desk, setup: Setup, ask: Ask) -> None:
    topic, minutes, place, need = SESSIONS[name]
    clerks = [person.code for person in setup.staff.values() if person.role is Role.CLERK][place]
    verbs.add_training(desk, ask, hall_language_text(setup, topic), minutes, clerks, need=(need, "") if need else None)


SESSIONS: Mapping[str, tuple[Words, int, slice, str]] = {
    "fees": (("新收费公示怎么讲", "How to explain the new list of fees"), 60, slice(0, 4), ""),
    "meters": (("新装表要哪些材料", "Which papers a new meter takes"), 45, slice(0, None), ""),
    "calls": (("叫号后等一等再叫", "Wait a little before calling again"), 30, slice(2, 6), RECALLS),
}
"""What was trained: topic, minutes, which of the clerks, and the need it answers."""
EVERY_DAY = ((505, "close month"), (1040, "after closing"))
"""What is looked at on every day, for a month may be over."""
STAFF = (
    (17, 1020, "fees"),
    (5, 1020, "meters"),
    (5, 1030, "sheet excluded"),
    (4, 1035, "sheet kept"),
    (2, 1020, "calls"),
    (2, 1025, "named"),
    (1, 510, "named read"),
    (0, 507, "sheet asked"),
)
"""What is done on which day before the demo's, at which minute."""
DOES: Mapping[str, Act] = {
    **{name: partial(_add_demo_training, name) for name in SESSIONS},
    "sheet excluded": partial(_raise_and_decide_row_dispute, SATISFACTION, exclude=True),
    "sheet kept": partial(_raise_and_decide_row_dispute, HANDLING, exclude=False),
    "sheet asked": _add_undecided_dispute,
    "close month": _close_last_month,
    "after closing": _exclude_row_after_closing,
    "named": _reveal_recalls_need_staff,
    "named read": _mark_training_needs_seen,
}


class StaffDemoPart(FeatureDemoPart):
    """Rows are asked about and decided, a month is closed, people are trained."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterator[tuple[int, Act]]:
        for minute, name in (*EVERY_DAY, *((minute, name) for day, minute, name in STAFF if day == ago)):
            yield minute, DOES[name]
