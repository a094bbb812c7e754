"""Judge the ribbon's fan on simulated halls: how many of the half-hours that came lay inside what it had said.

    python scripts/bench/rules/fan_days.py [--presets power bank …] [--learned 28] [--judged 7] [--seed 1]

Each hall plays its weeks, then its judged dates; on these, at every quarter of an hour, the next hour is asked for as
the ribbon does, and compared with who waited 15, 30, 45 and 60 minutes later. Prints a line a hall: how often
something was said, the share inside the fan, and with half a person's step beside it, then with that step the share
below and above, the mean width in people, and the share inside by how far ahead it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from queuedesk.core.charts.ribbon import WaitingCountForecast
from queuedesk.core.figures.day_ribbon import AHEAD_MIN, forecast_waiting_next_hour, opening_minutes_span
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.waits.arrival_forecast import forecast_updated_by_arrivals
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk, no_salt, reproducible_token_source
from queuedesk.desk.staffing import arrivals_forecast
from queuedesk.sim.demand import TIME_ZONE, SimulatedDay, has_open_service_on, last_open_day, simulated_day_of_hall
from queuedesk.store.upkeep.exchange import opening_new_database_draft

TODAY = date(2026, 11, 20)
QUARTER = 15


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said for a moment `ahead_min` later, and who waited then."""

    ahead_min: int
    said: WaitingCountForecast
    came: int

    @property
    def is_below(self) -> bool:
        """Whether fewer waited than the fan had room for; people are whole."""
        return self.came < self.said.low - 0.5

    @property
    def is_above(self) -> bool:
        return self.came > self.said.high + 0.5


def judge(desk: Desk, day: SimulatedDay) -> list[Judged]:
    """Play a date to its end; return what was said on it."""
    setup, start = day.setup, opening_minutes_span(day.setup, day.day)
    forecast = arrivals_forecast(desk, day.day, utc_moment_of_hall_minute(setup, day.day, int(start[0])))
    marks = list(range(int(start[0]), int(start[1]) + 61, QUARTER))
    waited: dict[int, int] = {}
    said: dict[int, list[WaitingCountForecast]] = {}

    def ask(minute: int) -> None:
        now = utc_moment_of_hall_minute(setup, day.day, minute)
        state = looking.hall_state_now(desk, now)
        waited[minute] = len(state.waiting_tickets())
        came = sum(ticket.date == day.day for ticket in state.tickets.values())
        if start[0] < minute < start[1]:
            said[minute] = forecast_waiting_next_hour(state, forecast_updated_by_arrivals(forecast, came, minute), now)

    for act in day.play_step_by_step():
        while marks and act > utc_moment_of_hall_minute(setup, day.day, marks[0]):
            ask(marks.pop(0))
    found = []
    for minute, ahead in said.items():
        for one in ahead[1:]:
            later = round(one.minute)
            if later in waited and later <= start[1]:
                found.append(Judged(later - minute, one, waited[later]))
    return found


def of_hall(preset: str, seed: int, learned: int, judged: int) -> list[Judged]:
    """Return what was said on the judged dates of an invented hall."""
    ready = setting_up.setup_document_for_new_hall(setting_up.preset_setup_document(preset), timezone=TIME_ZONE)
    ready["hall"]["simulated"] = True
    setup = check_and_read_setup(ready)
    begin = last_open_day(setup, TODAY) - timedelta(days=learned + judged - 1)
    found: list[Judged] = []
    with opening_new_database_draft(None) as db:
        made = setting_up.create_first_hall(db, setup, Ask(CONSOLE, utc_moment_of_hall_minute(setup, begin, 0)))
        desk = Desk(db, made.hall, reproducible_token_source(f"fan {preset} {seed}".encode()), no_salt)
        for n in range(learned + judged):
            day = begin + timedelta(days=n)
            if not has_open_service_on(setup, day):
                continue
            played = simulated_day_of_hall(desk, setup, day, seed)
            if n < learned:
                played.play()
            else:
                found += judge(desk, played)
    return found


def line(name: str, found: Iterable[Judged]) -> str:
    found = list(found)
    n = max(1, len(found))
    inside = sum(not one.is_below and not one.is_above for one in found) / n
    width = sum(one.said.high - one.said.low for one in found) / n
    parts = []
    for ahead in AHEAD_MIN:
        own = [one for one in found if one.ahead_min == ahead]
        parts.append(f"{sum(not one.is_below and not one.is_above for one in own) / max(1, len(own)):.2f}")
    strictly = sum(one.said.low <= one.came <= one.said.high for one in found) / n
    below, above = (sum(getattr(one, name) for one in found) / n for name in ("is_below", "is_above"))
    mean = sum(one.came for one in found) / n
    return (
        f"{name:<12}{len(found):>6}  inside {strictly:.3f}, with half a step {inside:.3f}  below {below:.3f}  above {above:.3f}  "
        f"width {width:4.1f}  waiting {mean:4.1f}  by minutes {' '.join(parts)}"
    )


def main() -> None:
    """Print a line for each hall, and one for all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--presets", nargs="+", choices=PRESETS, default=list(PRESETS))
    parser.add_argument("--learned", type=int, default=28)
    parser.add_argument("--judged", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    everything: list[Judged] = []
    for preset in asked.presets:
        found = of_hall(preset, asked.seed, asked.learned, asked.judged)
        everything += found
        print(line(preset, found), flush=True)
    print(line("all", everything))


if __name__ == "__main__":
    main()
