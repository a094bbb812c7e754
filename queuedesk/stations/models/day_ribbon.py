"""The day ribbon as a station shows it: the whole day, or the part in which one ticket lies."""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from queuedesk.core.charts.chart import Note
from queuedesk.core.charts.ribbon import cut
from queuedesk.core.figures.day_ribbon import day_ribbon
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.i18n import _
from queuedesk.i18n.figures.ribbon_words import (
    day_title,
    half_hours_spoken,
    ribbon_words,
    stroke_spoken,
    stroke_text,
    ticket_spoken,
)
from queuedesk.i18n.talk import note_kind
from queuedesk.stations.acts.past_days import PastDays
from queuedesk.stations.manager.today.day_acts import note_text
from queuedesk.stations.widgets.charts.chart_view import DayPicture, RibbonView, StrokeCard
from queuedesk.stations.window.style import TICKET_MARKS


def shown_day(
    state: HallState, day: date, now: datetime, past: PastDays | None = None, *, ticket: str = ""
) -> DayPicture:
    """Return a day as the ribbon shows it; with `ticket` the part of it that this ticket lies in the middle of."""
    setup = set_up(state)
    is_today = setup.local(now).date() == day
    ribbon = replace(
        day_ribbon(state, day, now),
        notes=_notes(state, day),
        usual=past.usual(day) if past is not None else (),
        ahead=past.ahead(state, now) if past is not None and is_today else (),
    )

    def spoken(name: str) -> str:
        found = state.tickets.get((day, name))
        return stroke_spoken(setup, found, now) if found is not None else name

    def card(name: str) -> StrokeCard | None:
        found = state.tickets.get((day, name))
        return _card(state, found.id, now) if found is not None else None

    if not ticket:
        return DayPicture(
            ribbon=ribbon,
            words=ribbon_words(ribbon, day),
            name=day_title(is_today=is_today),
            sentences=half_hours_spoken(ribbon),
            spoken=spoken,
            card=card,
        )
    found = state.tickets.get((day, ticket))
    part = cut(ribbon, ticket)
    said = ticket_spoken(stroke_text(setup, found, now), found.promise.ahead) if found is not None else ""
    return DayPicture(
        ribbon=part,
        words=ribbon_words(part, day, has_head=False),
        name=said or ticket,
        spoken=spoken,
        card=card,
        bright=ticket,
    )


def _notes(state: HallState, day: date) -> list[Note]:
    found = []
    for note in state.day_notes:
        start = note.start if note.start is not None else note.end
        if note.day == day and start is not None:
            end = note.end if note.end is not None else start
            found.append(Note(start, end, note_kind(note.kind), note_text(note)))
    return sorted(found, key=lambda one: one.start)


def _card(state: HallState, ticket: tuple[date, str], now: datetime) -> StrokeCard:
    text = stroke_text(set_up(state), state.tickets[ticket], now)
    mark = TICKET_MARKS[text.state]
    lines = [line for line in (text.waited, text.served) if line]
    token = "primary" if mark.token == "on_soft" else mark.token
    return StrokeCard(
        number=text.number,
        service=text.service,
        word=text.word,
        icon=mark.icon,
        token=token,
        lines=(*lines, _("Enter: its history", context="ribbon")),
    )


class Showing:
    """Keeps a ribbon up to date: works it out anew when something happened, the minute changed or more was read."""

    def __init__(self, view: RibbonView, past: PastDays | None = None) -> None:
        self.view, self.past = view, past
        self._key: tuple[object, ...] = ()

    def show(self, state: HallState, day: date, now: datetime) -> None:
        known: tuple[object, ...] = ()
        if self.past is not None:
            known = id(self.past.usual(day)), id(self.past.ahead(state, now))
        key = (id(state), state.now.seq, day, now.replace(second=0, microsecond=0), *known)
        if key != self._key:
            self._key = key
            self.view.show_day(shown_day(state, day, now, self.past))

    def forget(self) -> None:
        """Work it out anew the next time: the language has changed."""
        self._key = ()
