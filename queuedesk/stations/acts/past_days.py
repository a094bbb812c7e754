"""What past days say of today, read beside a station's commands; and the day ribbon as a station shows it: the whole
day, or the part in which one ticket lies."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from queuedesk.core.charts.chart import ChartTimeNote, Place
from queuedesk.core.charts.ribbon import WaitingCountForecast, ribbon_around_ticket
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.day_ribbon import day_ribbon, forecast_waiting_next_hour
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.waits.arrival_forecast import DayForecast, forecast_updated_by_arrivals
from queuedesk.desk import staffing
from queuedesk.i18n import _
from queuedesk.i18n.figures import ribbon_words
from queuedesk.i18n.talk import day_note_kind_word
from queuedesk.stations.manager.today.day_acts import note_line_text
from queuedesk.stations.widgets.charts.chart_view import DayRibbonContent, DayRibbonView, RibbonTicketCardText
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import TICKET_MARKS

READ_AGAIN = timedelta(minutes=10)


class TodaysForecastFromPastDays(QObject):
    """What past days say of today: who will come, and how many usually wait. `changed` says that it was read."""

    changed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._forecast: DayForecast | None = None
        self._usual: tuple[date, list[Place]] | None = None
        self._read_at: datetime | None = None
        self._ahead: tuple[tuple[object, ...], list[WaitingCountForecast]] | None = None

    def read(self, now: datetime) -> None:
        if self._read_at is not None and abs(now - self._read_at) < READ_AGAIN:
            return
        self._read_at = now
        desk, day, run = self._context.desk, self._context.feed.business_date, self._context.tasks.run_in_long_work_lane
        run(partial(staffing.arrivals_forecast, desk, day, now), self._store_forecast, self._ignore_desk_trouble)
        run(
            partial(staffing.usual_waiting_by_quarter_hour, desk, day),
            partial(self._store_usual_waiting, day),
            self._ignore_desk_trouble,
        )

    def forecast_of_today(self, state: HallState, now: datetime) -> DayForecast | None:
        """Return the forecast of today with who has come so far; None while it is not known."""
        found, local = self._forecast, set_up(state).to_hall_time(now)
        if found is None or not found.has_enough_past_days or found.date != local.date():
            return None
        came = sum(ticket.date == found.date for ticket in state.tickets.values())
        return forecast_updated_by_arrivals(found, came, local.hour * 60 + local.minute)

    def usual_waiting_counts(self, day: date) -> list[Place]:
        """Return how many usually wait at each quarter of an hour of `day`."""
        return self._usual[1] if self._usual is not None and self._usual[0] == day else []

    def waiting_counts_next_hour(self, state: HallState, now: datetime) -> list[WaitingCountForecast]:
        """Return how many will wait in the next hour, worked out once a minute."""
        key = (now.replace(second=0, microsecond=0), id(self._forecast))
        if self._ahead is None or self._ahead[0] != key:
            day = self.forecast_of_today(state, now)
            self._ahead = key, forecast_waiting_next_hour(state, day, now) if day is not None else []
        return self._ahead[1]

    def _store_forecast(self, found: DayForecast) -> None:
        self._forecast = found
        self.changed.emit()

    def _store_usual_waiting(self, day: date, found: list[Place]) -> None:
        self._usual = day, found
        self.changed.emit()

    def _ignore_desk_trouble(self, _trouble: QueueDeskError) -> None:
        """The hall's file is away, which the page says; asked again soon."""


def day_ribbon_content(
    state: HallState, day: date, now: datetime, past: TodaysForecastFromPastDays | None = None, *, ticket: str = ""
) -> DayRibbonContent:
    """Return a day as the ribbon shows it; with `ticket` the part of it that this ticket lies in the middle of."""
    setup = set_up(state)
    is_today = setup.to_hall_time(now).date() == day
    ribbon = replace(
        day_ribbon(state, day, now),
        notes=_timed_chart_notes_of_day(state, day),
        usual=past.usual_waiting_counts(day) if past is not None else (),
        ahead=past.waiting_counts_next_hour(state, now) if past is not None and is_today else (),
    )

    def ticket_spoken_text(name: str) -> str:
        found = state.tickets.get((day, name))
        return ribbon_words.ticket_row_for_screen_reader(setup, found, now) if found is not None else name

    def ribbon_card_of_ticket(name: str) -> RibbonTicketCardText | None:
        found = state.tickets.get((day, name))
        return _ribbon_ticket_card(state, found.id, now) if found is not None else None

    if not ticket:
        return DayRibbonContent(
            ribbon=ribbon,
            words=ribbon_words.ribbon_chart_labels(ribbon, day),
            name=ribbon_words.day_ribbon_title(is_today=is_today),
            sentences=ribbon_words.half_hour_sentences(ribbon),
            spoken=ticket_spoken_text,
            card=ribbon_card_of_ticket,
        )
    found = state.tickets.get((day, ticket))
    part = ribbon_around_ticket(ribbon, ticket)
    said = (
        ribbon_words.ticket_wait_sentence(ribbon_words.ticket_card_text(setup, found, now), found.promise.ahead)
        if found is not None
        else ""
    )
    return DayRibbonContent(
        ribbon=part,
        words=ribbon_words.ribbon_chart_labels(part, day, has_head=False),
        name=said or ticket,
        spoken=ticket_spoken_text,
        card=ribbon_card_of_ticket,
        bright=ticket,
    )


def _timed_chart_notes_of_day(state: HallState, day: date) -> list[ChartTimeNote]:
    found = []
    for note in state.day_notes:
        start = note.start if note.start is not None else note.end
        if note.day == day and start is not None:
            end = note.end if note.end is not None else start
            found.append(ChartTimeNote(start, end, day_note_kind_word(note.kind), note_line_text(note)))
    return sorted(found, key=lambda one: one.start)


def _ribbon_ticket_card(state: HallState, ticket: tuple[date, str], now: datetime) -> RibbonTicketCardText:
    text = ribbon_words.ticket_card_text(set_up(state), state.tickets[ticket], now)
    mark = TICKET_MARKS[text.state]
    lines = [line for line in (text.waited, text.served) if line]
    token = "primary" if mark.token == "on_soft" else mark.token
    return RibbonTicketCardText(
        number=text.number,
        service=text.service,
        word=text.word,
        icon=mark.icon,
        token=token,
        lines=(*lines, _("Enter: its history", context="ribbon")),
    )


class DayRibbonUpdater:
    """Keeps a ribbon up to date: works it out anew when something happened, the minute changed or more was read."""

    def __init__(self, view: DayRibbonView, past: TodaysForecastFromPastDays | None = None) -> None:
        self.view, self.past = view, past
        self._key: tuple[object, ...] = ()

    def show_day(self, state: HallState, day: date, now: datetime) -> None:
        known: tuple[object, ...] = ()
        if self.past is not None:
            known = id(self.past.usual_waiting_counts(day)), id(self.past.waiting_counts_next_hour(state, now))
        key = (id(state), state.now.seq, day, now.replace(second=0, microsecond=0), *known)
        if key != self._key:
            self._key = key
            self.view.show_day(day_ribbon_content(state, day, now, self.past))

    def force_next_update(self) -> None:
        """Work it out anew the next time: the language has changed."""
        self._key = ()
