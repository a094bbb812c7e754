"""What people of the demo's hall type, what features play there, and its weeks: no two days alike, and enough of them
to say what is usual."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import asdict

from queuedesk.core.features import features, install, listed, names
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.staffing.roster import planned_on
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, derived_tokens, no_salt
from queuedesk.desk.quality import case_documents
from queuedesk.desk.quality.casework import Complaint
from queuedesk.desk.setup import setting_up
from queuedesk.features.channels.rules import Share
from queuedesk.features.channels.verbs import ledger_of
from queuedesk.features.demo_hall.verbs import busy_day, cases, story
from queuedesk.features.demo_hall.verbs.cases import cite_papers
from queuedesk.features.demo_hall.verbs.halls import demo_day, story_hall
from queuedesk.features.morning.demo import BRIEFINGS
from queuedesk.sim.demo import parts_of
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.exchange import drafted
from tests.features.demo_hall.month import MONDAY, month
from tests.hall import MANAGER, simple_hall

CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{3,} [A-Za-z]{2,}")
SET_UP = ("set-up", "halls")
"""Where names stand in both languages: a kind of event, and a table."""


def texts(found: Any, key: str = "") -> Iterator[str]:
    """Yield every text in a value, without the English ones that stand beside Chinese."""
    if isinstance(found, dict):
        if found.get("kind") not in SET_UP:
            for name, value in found.items():
                yield from texts(value, name)
    elif isinstance(found, list):
        for value in found:
            yield from texts(value, key)
    elif isinstance(found, str) and not key.endswith("_en"):
        if found.startswith(("{", "[")):
            yield from texts(json.loads(found), key)
        else:
            yield found


def kept(file: Path) -> Iterator[str]:
    """Yield every text of a hall's file but those of its set-up."""
    db = sqlite3.connect(file)
    db.row_factory = sqlite3.Row
    for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        for row in db.execute(f'select * from "{name}"').fetchall() if name not in SET_UP else ():
            yield from texts(dict(row))
    db.close()


def typed(found: Any) -> Iterator[tuple[str, str]]:
    """Yield everything in a module's value that somebody types, in both languages."""
    if isinstance(found, Struct):
        found = asdict(found)
    if isinstance(found, Mapping):
        found = (*found, *found.values())
    if isinstance(found, tuple):
        if len(found) == 2 and all(isinstance(one, str) for one in found):
            yield found
        else:
            for one in found:
                yield from typed(one)


def test_people_type_the_language_of_their_hall(tmp_path: Path) -> None:
    month(tmp_path).db.dispose()
    said = list(kept(tmp_path / "hall.sqlite"))
    demos = [import_module(f"queuedesk.{one.demo.partition(':')[0]}") for one in features() if one.demo]
    pairs = [pair for module in (cases, story, *demos) for value in vars(module).values() for pair in typed(value)]
    briefings = {points for both in BRIEFINGS.values() for points in both}

    in_english = {text for text in said if ENGLISH.search(text) and not CHINESE.search(text)}
    assert in_english <= {"\n".join(points) for points in briefings}, "these are written in both languages"
    assert {"等得比告知的久", "中午少等", "新收费公示怎么讲"} <= set(said)
    in_both = [pair for pair in pairs if CHINESE.search(pair[0]) and pair not in briefings]
    assert len(in_both) > 80
    assert [pair for pair in in_both if not pair[1] or CHINESE.search(pair[1])] == []


@pytest.mark.parametrize("there", ["", *(one.name for one in features() if one.demo)])
def test_the_day_is_played_with_any_one_feature_and_without_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    monkeypatch.setattr(busy_day, "BUSY_CUSTOMERS", 10)
    install(("demo_hall", there) if there else ("demo_hall",))
    try:
        setup = story_hall(MONDAY)
        begins = Ask(CONSOLE, story.story_begins(setup, MONDAY, 1))
        with drafted(tmp_path / "hall.sqlite") as db:
            made = setting_up.found_hall(db, setup, begins)
            desk = Desk(db, made.hall, derived_tokens(b"alone"), no_salt)
            for part in parts_of(setup.hall):
                part.found(desk, setup, begins, MONDAY)
            day = busy_day.BusyDay(desk, setup, MONDAY, 64)
            day.play()
        desk = Desk(Database.open(tmp_path / "hall.sqlite"), made.hall)
        assert looking.hall_on(desk, MONDAY).tickets
        assert names() == ((there,) if there else ())
        desk.db.dispose()
    finally:
        install(listed("FEATURES"))


def test_what_a_case_cites(tmp_path):
    hall = simple_hall(tmp_path)
    number = hall.do("case-open", Complaint(klass="complaint"), who=MANAGER)["number"]
    cite_papers(hall.desk, hall.ask(MANAGER), number)
    cited = [one["cites"] for one in case_documents.case_of(hall.desk, MANAGER, number, hall.clock())["history"][1:]]
    assert [(one["what"], one["name"]) for one in cited] == [
        ("figure", "why.tag:papers_changed"),
        ("chart", "days"),
    ]
    hall.must_follow_from_its_log()


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
