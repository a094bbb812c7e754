"""What past days say of today, read beside a station's commands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.charts.chart import Place
from queuedesk.core.charts.ribbon import WaitingCountForecast
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.day_ribbon import forecast_next_hour
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.waits.arrival_forecast import DayForecast, forecast_updated_by_arrivals
from queuedesk.desk import staffing
from queuedesk.stations.window.context import StationContext

READ_AGAIN = timedelta(minutes=10)


class PastDaysForecast(QObject):
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
        desk, day, run = self._context.desk, self._context.feed.day, self._context.tasks.run_in_long_work_lane
        run(partial(staffing.arrivals_forecast, desk, day, now), self._store_forecast, self._ignore_desk_trouble)
        run(
            partial(staffing.usual_waiting_by_quarter_hour, desk, day),
            partial(self._store_usual_waiting, day),
            self._ignore_desk_trouble,
        )

    def today(self, state: HallState, now: datetime) -> DayForecast | None:
        """Return the forecast of today with who has come so far; None while it is not known."""
        found, local = self._forecast, set_up(state).local(now)
        if found is None or not found.is_known or found.date != local.date():
            return None
        came = sum(ticket.date == found.date for ticket in state.tickets.values())
        return forecast_updated_by_arrivals(found, came, local.hour * 60 + local.minute)

    def usual(self, day: date) -> list[Place]:
        """Return how many usually wait at each quarter of an hour of `day`."""
        return self._usual[1] if self._usual is not None and self._usual[0] == day else []

    def ahead(self, state: HallState, now: datetime) -> list[WaitingCountForecast]:
        """Return how many will wait in the next hour, worked out once a minute."""
        key = (now.replace(second=0, microsecond=0), id(self._forecast))
        if self._ahead is None or self._ahead[0] != key:
            day = self.today(state, now)
            self._ahead = key, forecast_next_hour(state, day, now) if day is not None else []
        return self._ahead[1]

    def _store_forecast(self, found: DayForecast) -> None:
        self._forecast = found
        self.changed.emit()

    def _store_usual_waiting(self, day: date, found: list[Place]) -> None:
        self._usual = day, found
        self.changed.emit()

    def _ignore_desk_trouble(self, _trouble: QueueDeskError) -> None:
        """The hall's file is away, which the page says; asked again soon."""
