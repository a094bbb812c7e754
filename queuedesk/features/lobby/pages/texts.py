"""The hall at a glance in finished words: how many wait, each service against its target, each window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import (
    current_line_join_time,
    past_target,
    set_up,
    tickets_callable_at,
    wait_alert_level,
)
from queuedesk.core.queue.ticket import State, Window, WindowState, current_leg_handling_s, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.features.lobby.pages.board_buttons import FREE_FOR, ServiceText, WindowCellText
from queuedesk.i18n import _, m_ss, minutes_text, n_
from queuedesk.i18n.names import service_letter_or_code, service_name, staff_name
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.widgets.panels import TextRun

COUNT_PX = 92
BAR_TARGETS = 2
"""How many targets long a service's bar is."""
LONG_CALLED = timedelta(minutes=3)
_SLOT = "\0"


class WaitingCountText(Struct, frozen=True, kw_only=True):
    """The text above the services: how many wait and since when, and what the mark in the bars means."""

    runs: tuple[TextRun, ...]
    mark: str


def waiting_now_text(state: HallState, now: datetime) -> WaitingCountText:
    """Return how many wait, and how long they have waited on average; once somebody waits past the target, that
    replaces it."""
    setup, waiting = set_up(state), state.waiting()
    target = setup.number("wait_target_minutes")
    mark = _("Mark in the bars: {n} min target", n=target)
    unit = n_("person waiting", "people waiting", len(waiting), context="after the number")
    count = TextRun(str(len(waiting)), COUNT_PX, True)
    if not waiting:
        return WaitingCountText(runs=(count, TextRun(unit, 24, gap=18)), mark=mark)
    if (late := past_target(state, now)) is not None:
        past = _("{n} over {target} min, longest {minutes} min", n=late.n, target=target, minutes=late.minutes)
        runs = (count, TextRun(unit, 24, gap=18), TextRun(past, 24, True, "red", gap=18))
        return WaitingCountText(runs=runs, mark=mark)
    mean = sum(whole_seconds_between(current_line_join_time(ticket), now) for ticket in waiting) / len(waiting) / 60
    before, _slot, after = _("{unit}, on average for {mean} min", unit=unit, mean=_SLOT).partition(_SLOT)
    return WaitingCountText(
        runs=(count, TextRun(before, 24, gap=18), TextRun(f"{mean:.1f}", 24, True), TextRun(after, 24)), mark=mark
    )


def service_texts(state: HallState, now: datetime, later: Mapping[str, int]) -> list[ServiceText]:
    """Return a row for each service of the set-up; `later` says how many will be in a line in 20 minutes, if known."""
    setup, waiting = set_up(state), state.waiting()
    target = setup.number("wait_target_minutes")
    rows = []
    for code in setup.services:
        own = [ticket for ticket in waiting if ticket.service == code]
        since = min((current_line_join_time(ticket) for ticket in own), default=None)
        longest = whole_seconds_between(since, now) // 60
        soon = later.get(code)
        rows.append(
            ServiceText(
                code=code,
                letter=service_letter_or_code(setup, code),
                name=service_name(setup, code),
                waiting=str(len(own)),
                unit=n_("person", "people", len(own), context="after the number"),
                units=tuple(n_("person", "people", n, context="after the number") for n in (1, 2)),
                longest=_("longest {minutes}", minutes=minutes_text(longest)) if own else _("no one waiting"),
                minutes=minutes_text(longest) if own else "",
                share=min(1.0, longest / (BAR_TARGETS * max(1, target))) if own else 0.0,
                level=wait_alert_level(setup, longest) if own else "",
                later="" if soon is None else _("{n} waiting in 20 min", n=soon),
                later_short="" if soon is None else _("{n} wait in 20 min", n=soon),
                soon=soon,
            )
        )
    return rows


def service_row_with_tried_move(text: ServiceText, without: int, with_it: int) -> ServiceText:
    """Return a row with how many will stand in its line in 20 minutes, without and with what is tried."""
    if without == with_it:
        return text
    before = without if text.soon is None else text.soon
    n = f"{before} → {max(0, before + with_it - without)}"
    return replace(text, later=_("{n} waiting in 20 min", n=n), later_short=_("{n} wait in 20 min", n=n))


def window_cell_texts(state: HallState, now: datetime) -> dict[str, WindowCellText]:
    """Return the text of each window's cell, in the set-up's order."""
    setup = set_up(state)
    return {code: _window_cell_text(setup, state, state.window(code), now) for code in setup.windows}


def _free_window_cell(state: HallState, window: Window, now: datetime, cell: WindowCellText) -> WindowCellText:
    """Fill in why a window is free while people wait: it has not called, or they all wait for other windows. Amber once
    it keeps somebody waiting."""
    free = _("Free", context="window")
    waiting = len(tickets_callable_at(state, window.code, now))
    if not waiting:
        why = _("Free, none waiting", context="window") if state.waiting() else free
        return replace(cell, what=why, short=free)
    is_long = window.since is not None and now - window.since >= FREE_FOR
    told = n_("Free, {n} waiting", "Free, {n} waiting", waiting, context="window")
    return replace(cell, what=told, short=free, is_amber=is_long)


def _window_cell_text(setup: Setup, state: HallState, window: Window, now: datetime) -> WindowCellText:
    number, staff = _("{window}", context="cell", window=window.code), staff_name(setup, window.staff)
    if window.state is WindowState.CLOSED:
        return WindowCellText(
            code=window.code, number=number, mark="closed", what=_("Closed", context="window"), away=True
        )
    time = m_ss(whole_seconds_between(window.since, now))
    if window.state is WindowState.PAUSED:
        what = reason_words(window.reason or "") or _("Paused", context="window")
        late = window.back is not None and now > window.back
        return WindowCellText(
            code=window.code,
            number=number,
            staff=staff,
            mark="paused",
            what=what,
            short=_("Paused", context="window"),
            time=time,
            away=True,
            late=late,
            why=_("late back") if late else "",
        )
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    if ticket is None:
        return _free_window_cell(
            state,
            window,
            now,
            WindowCellText(code=window.code, number=number, staff=staff, mark="idle", what="", time=time),
        )
    if ticket.state is State.CALLED:
        is_long = window.since is not None and now - window.since >= LONG_CALLED
        return WindowCellText(
            code=window.code,
            number=number,
            staff=staff,
            mark="called",
            what=ticket.label,
            time=time,
            is_amber=is_long,
            why=_("called long ago") if is_long else "",
        )
    if ticket.stalled_since is not None:
        time = m_ss(whole_seconds_between(ticket.stalled_since, now))
        why = _("waiting for another system")
        return WindowCellText(
            code=window.code, number=number, staff=staff, mark="away", what=ticket.label, time=time, late=True, why=why
        )
    target = setup.services[ticket.service].handling_target if ticket.service in setup.services else None
    served = current_leg_handling_s(ticket, now)
    late = target is not None and served >= target * 60
    why = _("over the target of {n} min", n=target) if late else ""
    return WindowCellText(
        code=window.code,
        number=number,
        staff=staff,
        mark="serving",
        what=ticket.label,
        time=m_ss(served),
        late=late,
        why=why,
    )
