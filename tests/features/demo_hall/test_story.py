"""The demo's weeks: no two days alike, and enough of them to say what is usual."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.staffing.roster import planned_on
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, derived_tokens, no_salt
from queuedesk.desk.setup import setting_up
from queuedesk.features.channels.rules import Share
from queuedesk.features.channels.verbs import ledger_of
from queuedesk.features.demo_hall.verbs import story
from queuedesk.features.demo_hall.verbs.halls import demo_day, story_hall
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.exchange import drafted

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize("n", range(5))
def test_what_is_usual_of_any_weekday_is_known_after_four_weeks(n):
    today = FRIDAY - timedelta(days=n)
    setup, dates = story_hall(today), story.story_dates(today)

    assert sum(day.isoweekday() == today.isoweekday() for day in dates) == 4
    assert len(dates) == 23 and dates[-1] < today
    assert {day.isoweekday() for day in dates} == {1, 2, 3, 4, 5, 6}
    assert len(setup.pay_days) == 2 and set(setup.pay_days) < set(dates)
    # Published days, one day closed by itself, special hours to come.
    closed = [
        day for day in setup.calendar.days if setup.calendar.is_closed(day) and today - timedelta(days=28) < day < today
    ]
    assert len(closed) == 1 and closed[0] not in dates
    assert setup.calendar.sources(2026) == ("cn-2026",)
    assert setup.calendar.days[today + timedelta(days=7)].end == 900
    # People change windows from day to day.
    assert len({(row.window, row.staff) for row in setup.roster if row.weekdays}) > 2 * len(setup.windows)


def test_the_weeks_around_national_day_leave_its_holidays_out():
    today = date(2026, 10, 22)
    dates = story.story_dates(today)

    assert not {date(2026, 10, n) for n in range(1, 8)}.intersection(dates)
    assert date(2026, 10, 10) in dates  # a Saturday that is worked
    assert demo_day(date(2026, 10, 6)) == date(2026, 9, 30)
    setup = story_hall(today)
    assert len(planned_on(setup.roster, date(2026, 10, 10), setup.calendar)) == len(setup.windows)


def test_no_two_days_are_alike_and_the_same_again_for_the_same_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)  # A file named from where one stands is put in its place like any other.
    monkeypatch.setattr(story, "CUSTOMERS", 15)
    setup = story_hall(FRIDAY)

    def play(file: Path) -> tuple[list[str], list[int], list[Share]]:
        with drafted(file) as db:
            made = setting_up.found_hall(db, setup, Ask(CONSOLE, story.story_begins(setup, FRIDAY, 1)))
            desk = Desk(db, made.hall, derived_tokens(b"x"), no_salt)
            for day in story.story_days(desk, setup, FRIDAY, 3, weeks=1):
                if day.day >= FRIDAY - timedelta(days=2):
                    day.play()
        db = Database.open(file)
        desk = Desk(db, made.hall)
        hashes = [event.hash for event in looking.events_after(desk, 0)]
        many = [len(looking.hall_on(desk, FRIDAY - timedelta(days=n)).tickets) for n in (2, 1)]
        shares = list(ledger_of(desk, story.story_begins(setup, FRIDAY, 0)).shares)
        db.dispose()
        return hashes, many, shares

    first, many, shares = play(Path("one.sqlite"))
    again, _, _ = play(Path("two.sqlite"))

    assert first == again
    assert len(set(many)) == 2
    # Other channels told of every date played, and nobody is missed of it.
    assert {one.service for one in shares} == set(setup.services)
    assert all(one.hall > 0 and one.elsewhere > 0 and not one.missing for one in shares)
