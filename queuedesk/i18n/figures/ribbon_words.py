"""What the day ribbon says: its title and legend, each ticket in a sentence, each half-hour in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from queuedesk.core.charts.chart import Place
from queuedesk.core.charts.ribbon import DayRibbon, LegendSign, RibbonWords
from queuedesk.core.log.ticket_history import first_wait_s_and_if_called
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.i18n.catalogue import current_language, ntr, tr
from queuedesk.i18n.moments import figure_range, minutes_text, ticket_state, weekday_long
from queuedesk.i18n.names import service_name, staff_name
from queuedesk.i18n.queue.line_words import promised_wait_without_about

HALF_HOUR = 30
MIDNIGHT = 24 * 60


def ribbon_chart_labels(ribbon: DayRibbon, day: date, lang: str | None = None, *, has_head: bool = True) -> RibbonWords:
    """Return what stands on the picture; the legend names only what is drawn."""
    lang = lang or current_language()
    axis = tr(lang, "people waiting", context="axis")
    now = tr(lang, "now {time}", context="chart", time=clock_text(int(ribbon.now or 0) % MIDNIGHT))
    if not has_head:
        return RibbonWords(axis=axis, now=now)
    target = f"{ribbon.target:g}"
    late = tr(lang, "over {n} min", context="legend", n=target)
    signs = [
        _plain_sign("waiting", tr(lang, "waiting", context="legend")),
        LegendSign("late", late, late),
        _plain_sign("walking", tr(lang, "walking", context="legend")),
        _plain_sign("serving", tr(lang, "serving", context="legend")),
        _plain_sign("pause", tr(lang, "pause", context="legend")),
    ]
    if ribbon.ahead:
        whole = tr(lang, "next hour, {range} %", context="legend", range=figure_range(10, 90))
        signs.append(LegendSign("ahead", whole, tr(lang, "next hour", context="legend")))
    if ribbon.usual:
        weekday = tr(lang, "usual {weekday}", context="legend", weekday=weekday_long(day, lang))
        signs.append(LegendSign("usual", weekday, tr(lang, "usual", context="legend")))
    return RibbonWords(
        title=day_ribbon_title(lang, is_today=ribbon.now is not None),
        short=tr(lang, "The day", context="ribbon"),
        many=lambda n: tr(lang, "The day, one line is {n} people waiting", n=n),
        axis=axis,
        now=now,
        empty=tr(lang, "No ticket yet today. Issue the first one at the front desk: it shows here at once."),
        signs=signs,
    )


def day_ribbon_title(lang: str | None = None, *, is_today: bool) -> str:
    """Return what the ribbon of a day is called."""
    lang = lang or current_language()
    if is_today:
        return tr(lang, "The day, one line per customer", context="today")
    return tr(lang, "The day, one line per customer")


def _plain_sign(kind: str, word: str) -> LegendSign:
    return LegendSign(kind, word, word)


# -- one ticket --------------------------------------------------------------------------------------------------------


class TicketCardText(Struct, frozen=True, kw_only=True):
    """What is said of a chosen ticket: number, service and state, what it waited, where it was served."""

    number: str
    service: str
    state: State
    word: str
    waited: str
    served: str


def ticket_card_text(setup: Setup, ticket: Ticket, now: datetime, lang: str | None = None) -> TicketCardText:
    lang = lang or current_language()
    minutes, was_called = first_wait_s_and_if_called(ticket, now)
    waited = _waited_words(minutes // 60, was_called, lang)
    if ticket.promise.low is not None:
        told = promised_wait_without_about(ticket.promise, lang)
        waited = tr(lang, "{waited}, estimate {range}", context="ribbon", waited=waited, range=told)
    return TicketCardText(
        number=ticket.label,
        service=service_name(setup, ticket.service, lang),
        state=ticket.state,
        word=ticket_state(ticket.state, lang),
        waited=waited,
        served=_window_and_service_time_text(setup, ticket, now, lang),
    )


def _waited_words(minutes: int, was_called: bool, lang: str) -> str:
    if was_called:
        return tr(lang, "waited {minutes}", context="ribbon", minutes=minutes_text(minutes, lang))
    return tr(lang, "waiting for {minutes}", context="ribbon", minutes=minutes_text(minutes, lang))


def _window_and_service_time_text(setup: Setup, ticket: Ticket, now: datetime, lang: str) -> str:
    leg = next((leg for leg in reversed(ticket.legs) if leg.window is not None), None)
    if leg is None or leg.window is None:
        return ""
    at = tr(lang, "window {window}", context="ribbon", window=leg.window)
    who = staff_name(setup, leg.staff, lang)
    if who:
        at = _join_clauses([at, who], lang)
    if leg.started is None:
        return at
    took = int(((leg.finished or leg.ended or now) - leg.started).total_seconds()) - leg.whole_s_set_aside
    served = tr(lang, "served {minutes}", context="ribbon", minutes=minutes_text(max(0, took) // 60, lang))
    return f"{at} · {served}"


def ticket_row_spoken(setup: Setup, ticket: Ticket, now: datetime, lang: str | None = None) -> str:
    """Return a ticket's row for a screen reader."""
    text = ticket_card_text(setup, ticket, now, lang)
    parts = (text.number, text.service, text.waited, text.served, text.word)
    return _join_clauses(parts, lang or current_language())


def _join_clauses(parts: Iterable[str], lang: str) -> str:
    return tr(lang, ", ", context="clauses").join(part for part in parts if part)


# -- the day, half-hour by half-hour -----------------------------------------------------------------------------------


def half_hour_sentences(ribbon: DayRibbon, lang: str | None = None) -> list[str]:
    """Return a sentence for each half-hour: how many waited then, or will, and what is usual."""
    lang = lang or current_language()
    found = []
    for at in range(int(ribbon.start), int(ribbon.end), HALF_HOUR):
        parts = []
        if ribbon.now is None or at <= ribbon.now:
            n, late = ribbon.number_waiting_at(at), ribbon.number_waiting_late_at(at)
            parts.append(ntr(lang, "{n} waiting", "{n} waiting", n))
            if late:
                over = f"{ribbon.target:g}"
                parts.append(ntr(lang, "{n} of them over {over} min", "{n} of them over {over} min", late, over=over))
        else:
            near = next((one for one in ribbon.ahead if abs(one.minute - at) < HALF_HOUR / 4), None)
            if near is not None:
                span = figure_range(round(near.low), round(near.high))
                parts.append(tr(lang, "about {n} expected ({range})", n=round(near.middle), range=span))
        usual = _count_at_minute(ribbon.usual, at)
        if usual is not None:
            parts.append(tr(lang, "usually {n}", context="waiting", n=round(usual)))
        parts += [note.text for note in ribbon.notes if at <= note.start < at + HALF_HOUR]
        if parts:
            found.append(tr(lang, "{time}: {what}.", time=clock_text(at % MIDNIGHT), what=_join_clauses(parts, lang)))
    return found


def _count_at_minute(places: Sequence[Place], minute: float) -> float | None:
    return next((n for at, n in places if abs(at - minute) < 1), None)


def ticket_wait_sentence(text: TicketCardText, ahead: int | None, lang: str | None = None) -> str:
    """Return the ribbon of one ticket's story as a sentence."""
    lang = lang or current_language()
    parts = [text.waited]
    if ahead is not None:
        parts.append(ntr(lang, "{n} person ahead", "{n} people ahead", ahead))
    return _join_clauses([*parts, text.served], lang)
