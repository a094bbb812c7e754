"""Suggested moves and what is coming, from the current hall and past days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.mean_interval import MeanInterval
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.staffing.move_search import risks, suggest
from queuedesk.core.waits.arrival_forecast import DayForecast, expected, so_far
from queuedesk.core.waits.quote import lines_after, seen_now
from queuedesk.desk.staffing import advising, forecasting
from queuedesk.i18n import _, figure_range, n_
from queuedesk.i18n.names import letter_of
from queuedesk.i18n.staffing.staffing_words import move_effect, move_press, move_title, past_words, risk_words
from queuedesk.stations.lobby.board import Board, SoonText
from queuedesk.stations.lobby.board_buttons import SuggestionText
from queuedesk.stations.lobby.words import cell_texts, now_text, service_texts
from queuedesk.stations.manager.today.alert_words import alert_texts
from queuedesk.stations.window.context import StationContext

# -- the next half hour in words ---------------------------------------------------------------------------------------

SPAN_MIN = 30
LEAST_NAMED = 2
MORE, FEWER = 1.4, 0.6
MIDNIGHT = 24 * 60


def soon_text(setup: Setup, day: DayForecast, minute: int) -> SoonText | None:
    """Return how many are expected within half an hour of `minute`, and whether many more or fewer come afterwards;
    None near midnight."""
    until = minute + SPAN_MIN
    here = expected(day, minute, until)
    if here is None or until + SPAN_MIN >= MIDNIGHT:
        return None
    n = round(here.mean)
    if not here.high:
        return SoonText(
            title=_("The next half hour"), second=_("Nobody more is expected until {time}.", time=clock_text(until))
        )
    sentences = [
        n_(
            "Until {time} about {n} more person ({range}).",
            "Until {time} about {n} more people ({range}).",
            n,
            time=clock_text(until),
            range=figure_range(here.low, here.high),
        )
    ]
    means = {code: one.mean for code in setup.services if (one := expected(day, minute, until, [code])) is not None}
    most = max(means, key=means.__getitem__)
    if len(means) > 1 and round(means[most]) >= LEAST_NAMED:
        sentences.append(_("Of these about {n} for {letter}.", n=round(means[most]), letter=letter_of(setup, most)))
    after = expected(day, until, until + SPAN_MIN)
    if after is not None and here.mean >= 1 and after.mean <= FEWER * here.mean:
        sentences.append(_("Fewer come after {time}.", time=clock_text(until)))
    elif after is not None and after.mean >= 1 and after.mean >= MORE * here.mean:
        sentences.append(_("More come after {time}.", time=clock_text(until)))
    second = sentences[0]
    for sentence in sentences[1:]:
        second = _("{one} {two}", context="sentences", one=second, two=sentence)
    return SoonText(title=_("The next half hour"), second=second)


AHEAD_MIN = 20
READ_AGAIN = timedelta(minutes=10)
AT_LEAST_APART = timedelta(seconds=5)
MOST_RISKS, MOST_KINDS = 2, 2
TOLD_ALREADY = frozenset({"longest"})
"""Who waits longest stands at the left."""


class Advice(QObject):
    """Provides the board's suggestions. `changed` says that something the board shows was read; figures are read beside
    the commands."""

    changed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._forecast: DayForecast | None = None
        self._past: Mapping[str, Any] = {}
        self._read_at: datetime | None = None
        self._told_at: datetime | None = None
        self._told_seq = -1

    def later(self, state: HallState, now: datetime) -> dict[str, int]:
        """Return how many will be in each line in 20 minutes; nothing if arrivals can't be forecast."""
        day = self._today(state, now)
        if day is None:
            return {}
        minute = _minute(state, now)
        coming = {}
        for code in set_up(state).services:
            one = expected(day, minute, minute + AHEAD_MIN, [code])
            coming[code] = one.mean if one is not None else 0.0
        return lines_after(seen_now(state, now).live, coming, AHEAD_MIN)

    def fill(self, board: Board, state: HallState, now: datetime) -> None:
        """Show moves, risks and the next half-hour; for an unchanged hall it computes only every few seconds."""
        is_new = state.now.seq != self._told_seq
        if self._told_at is not None and not is_new and abs(now - self._told_at) < AT_LEAST_APART:
            return
        self._told_at, self._told_seq = now, state.now.seq
        setup, seen = set_up(state), seen_now(state, now)
        moves = suggest(state, now, seen.live, seen.forecast)
        texts = [
            SuggestionText(
                key=one.key, title=move_title(setup, one), effect=move_effect(setup, one), do=move_press(setup, one)
            )
            for one in moves
        ]
        told = [
            one
            for one in risks(state, now, seen.live, seen.forecast)
            if one.kind not in TOLD_ALREADY and not (one.kind == "target" and moves)
        ]
        lines = [risk_words(setup, one) for one in told[:MOST_RISKS]]
        if not texts and not lines:
            lines = [_("Nothing to change: nobody will pass the target within 20 minutes.")]
        board.set_suggestions(texts, "\n".join(lines))
        board.set_soon(self._soon(state, now))
        board.set_foot(self._foot(state))

    def forget(self) -> None:
        """Compute everything anew next time: the language has changed, or a move was made."""
        self._told_at = None

    def read_again(self) -> None:
        """Read again what moves have achieved."""
        self._read_at = None
        self.forget()

    # -- what is read ------------------------------------------------------------------------------------------------

    def read(self, now: datetime) -> None:
        """Read what past days say, unless that was a moment ago."""
        if self._read_at is not None and abs(now - self._read_at) < READ_AGAIN:
            return
        self._read_at = now
        desk, day, run = self._context.desk, self._context.feed.day, self._context.tasks.run_long
        run(partial(forecasting.arrivals_forecast, desk, day, now), self._know_forecast, self._away)
        run(partial(advising.past_moves, desk, now), self._know_past, self._away)

    def _know_forecast(self, found: DayForecast) -> None:
        self._forecast = found
        self.forget()
        self.changed.emit()

    def _know_past(self, found: Mapping[str, Any]) -> None:
        self._past = found
        self.forget()
        self.changed.emit()

    def _away(self, _trouble: QueueDeskError) -> None:
        """The hall's file is away, which the page says; asked again soon."""

    # -- in words ----------------------------------------------------------------------------------------------------

    def _today(self, state: HallState, now: datetime) -> DayForecast | None:
        """Return the forecast of today with who has come so far; None while it is not known."""
        found = self._forecast
        if found is None or not found.is_known or found.date != set_up(state).local(now).date():
            return None
        return so_far(found, _came(state, found.date), _minute(state, now))

    def _soon(self, state: HallState, now: datetime) -> SoonText | None:
        day = self._today(state, now)
        return soon_text(set_up(state), day, _minute(state, now)) if day is not None else None

    def _foot(self, state: HallState) -> str:
        days = state.learned.days
        if days:
            basis = n_(
                "Worked out from the line as it stands and {n} past day.",
                "Worked out from the line as it stands and {n} past days.",
                days,
            )
        else:
            basis = _("Worked out from the line as it stands; no past days yet.")
        kinds = [
            past_words(row["kind"], MeanInterval(row["n"], row["mean"], row["low"], row["high"]))
            for row in self._past.get("kinds", ())[:MOST_KINDS]
        ]
        return "\n".join((basis, *kinds))


def _minute(state: HallState, now: datetime) -> int:
    local = set_up(state).local(now)
    return local.hour * 60 + local.minute


def _came(state: HallState, day: date) -> int:
    return sum(ticket.date == day for ticket in state.tickets.values())


def fill_board(board: Board, advice: Advice, state: HallState, now: datetime) -> None:
    """Show the hall on `board` as of `now`, with the suggestions of `advice`."""
    advice.read(now)
    board.set_now(now_text(state, now))
    board.set_services(service_texts(state, now, advice.later(state, now)))
    board.set_windows(cell_texts(state, now))
    board.set_alerts(alert_texts(state, now))
    advice.fill(board, state, now)
