"""The demo as a person meets it: a folder with a whole day in it, drawn by the stations themselves; what people of its
hall type, what features play there, and its weeks: no two days alike, and enough of them to say what is usual."""

from __future__ import annotations

import json
import re
import sqlite3
import wave
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from msgspec import Struct
from msgspec.structs import asdict
from PIL import Image

from queuedesk.app.this_pc import showing
from queuedesk.core.errors import RuleError
from queuedesk.core.features import features, install, listed, names
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.appointment import Booked
from queuedesk.core.setup.hall import HallSpec, Words
from queuedesk.core.setup.rows import languages
from queuedesk.core.staffing.roster import planned_on
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, derived_tokens, no_salt
from queuedesk.desk.quality import case_documents
from queuedesk.desk.quality.casework import Complaint
from queuedesk.desk.setup import setting_up
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.channels.rules import Share
from queuedesk.features.channels.verbs import ledger_of
from queuedesk.features.demo_hall import commands
from queuedesk.features.demo_hall.verbs import halls, story
from queuedesk.features.demo_hall.verbs.halls import BusyDay, demo_day, story_hall
from queuedesk.features.demo_hall.verbs.story import cite_papers
from queuedesk.features.indicators.verbs import indicators_of
from queuedesk.features.morning.demo import BRIEFINGS
from queuedesk.i18n import tr
from queuedesk.printing.qr import read_ticket_text
from queuedesk.sim.day import SimulatedDay
from queuedesk.sim.demo import parts_of
from queuedesk.stations.home.stations_view import RunningPage, StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.exchange import drafted
from queuedesk.voice.engines import Chain
from tests.cli.commands import Batch
from tests.every_day import one_of
from tests.features.demo_hall.month import MONDAY, month
from tests.hall import MANAGER, simple_hall
from tests.installed import Installed
from tests.offline import ways
from tests.reports.read_back import pages_of
from tests.stations.home.conftest import OwnPc

TODAY, NUMBER = date(2040, 2, 29), 1
"""A date that most years lack, with the number of the seed that it is played with: the first gives no busy moment."""
STATIONS = {"home", "guide", "kiosk", "counter", "display", "line", "plate", "rating", "manager"}
HALLS = {"power": (("en", "zh_CN"), "en"), "clinic": (("en",), "zh_CN")}
"""By the preset of a demo: the languages of its hall, of two the one asked for first, and the one that the person who
asks for it uses."""


def usual_list(file: Path, again: Path, preset: str) -> set[str]:
    """Return what a PC with a network and with this one's voices leaves of the same day, played once more into `again`.

    It is the same up to each hash: its slips' letters are no chance either.
    """
    left = Desk(Database.open(file), 1)
    log = looking.events_after(left, 0)
    left.db.dispose()
    day, (spoken, lang) = log[-1].date, HALLS[preset]
    assert day is not None
    desk, playing = halls.new_hall(again, day, weeks=0, lang=lang, preset=preset)
    assert languages(playing.setup) == spoken
    moment = halls.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    assert halls.is_busy(state, moment.at)
    hashes = [event.hash for event in looking.events_after(desk, 0)]
    desk.db.dispose()
    assert len(hashes) > 100
    assert hashes == [event.hash for event in log[: len(hashes)]]
    drawn = {f"{name}-{lang}.png" for name, _words in commands.pictures(state, moment) for lang in spoken}
    tickets = {f"ticket-{one.label}.png" for one in sorted(state.tickets.values(), key=lambda t: t.seq)[-2:]}
    call = next(one for one in reversed(state.calls) if one.window == moment.called)
    with Chain() as chain:
        said = {f"call-{call.label}-{lang}.wav" for lang in chain.available_languages() if lang in spoken}
    return {"hall.sqlite", "day.pdf"} | drawn | tickets | said


def dice(day: SimulatedDay) -> object:
    """Return how the dice of a day lie that is not begun yet: another way for each seed."""
    return day.rng.bit_generator.state


def test_pictures_show_a_busy_moment_whatever_the_date(tmp_path: Path) -> None:
    """Something of everything, in both languages of the hall."""
    desk, playing = halls.new_hall(tmp_path / "hall.sqlite", TODAY, weeks=0)
    alike = [dice(BusyDay(desk, playing.setup, playing.day, seed)) == dice(playing) for seed in halls.SEEDS]
    moment = halls.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    pictures = dict(commands.pictures(state, moment))

    assert [n for n, is_alike in enumerate(alike) if is_alike] == [NUMBER]
    assert halls.is_busy(state, moment.at)
    assert {"counter-serving", "counter-paused", "plate-paused"} < pictures.keys()
    assert any(call.window == moment.called for call in state.calls)
    assert {row["state"] for row in booking.appointments_of(desk, playing.day)} == set(Booked)
    assert [one.key for one in state.devices.values() if not one.is_up] == [("plate", "plate-4")]
    assert {check.passed for check in state.checks} == {True, False}
    assert len({row.indicator.year for row in indicators_of(desk)}) == 3
    two = [(name, pictures[name]) for name in ("counter-paused", "plate-paused")]
    commands.draw(showing, tmp_path, dict.fromkeys(languages(playing.setup), desk), moment, two)
    drawn = {file.name for file in tmp_path.glob("*.png")}
    assert drawn == {f"{name}-{lang}.png" for name, _words in two for lang in ("zh_CN", "en")}
    desk.db.dispose()


@pytest.mark.usefixtures("console")
def test_it_has_the_process_for_itself(batch: Batch) -> None:
    assert [answer["code"] for answer in batch("demo", "demo --weeks 0")] == ["not_in_batch"] * 2


def test_a_demo_never_takes_the_place_of_a_hall(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    before = hall.path.read_bytes()
    with pytest.raises(RuleError, match="own_file"):
        halls.new_hall(hall.path, hall.date)

    assert hall.path.read_bytes() == before


def test_a_post_office_has_a_busy_saturday(tmp_path: Path) -> None:
    desk, playing = halls.new_hall(tmp_path / "hall.sqlite", date(2026, 11, 22), preset="post")
    moment = halls.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    desk.db.dispose()

    assert playing.day == date(2026, 11, 21)
    assert halls.is_busy(state, moment.at)
    assert playing.setup.hall.words == Words(window="counter", ticket="number")


@pytest.mark.journey
@pytest.mark.parametrize("preset", one_of(tuple(HALLS), "clinic"))
def test_a_day_is_left_in_the_folder(installed: Installed, tmp_path: Path, preset: str) -> None:
    """By an installed copy without a screen or a network: the hall, every station's picture in each of the hall's
    languages, tickets, calls and the report, in a language of the hall whatever the person's."""
    folder, (spoken, lang) = tmp_path / "day", HALLS[preset]
    words = ("--lang", lang, "--json", "demo", "--preset", preset, "--weeks", "0", "--out", folder)
    done = installed.run(*words, before=ways()[0], module=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    files = told["files"]

    assert set(files) == usual_list(folder / "hall.sqlite", tmp_path / "again.sqlite", preset)
    for language in spoken:
        drawn = {name.split("-")[0] for name in files if name.endswith(f"-{language}.png")}
        assert drawn >= STATIONS
    for name in files:
        if name.endswith("-en.png"):
            with Image.open(folder / name) as picture:
                assert max(picture.size) >= 1280
                assert len(picture.convert("RGB").resize((64, 36)).getcolors(4096) or []) > 8, f"{name} is empty"
    slips = [name for name in files if name.startswith("ticket-")]
    assert slips
    for name in slips:
        code = zxingcpp.read_barcode(Image.open(folder / name))
        assert code is not None
        read = read_ticket_text(code.text)
        assert read is not None
        assert name == f"ticket-{read.label}.png"
    for name in files:
        if name.endswith(".wav"):
            with wave.open(str(folder / name), "rb") as call:
                assert call.getnframes() > call.getframerate(), f"{name} is no sentence"
    pages = pages_of((folder / "day.pdf").read_bytes())
    assert tr("en", "Daily report") in pages[0]
    if preset == "clinic":
        must_be_the_clinic_s(folder, datetime.fromisoformat(told["at"]), "".join(pages))


def must_be_the_clinic_s(folder: Path, at: datetime, report: str) -> None:
    """Assert that a demo is of the clinic's first day, by its own time and in its own words."""
    desk = Desk(Database.open(folder / "hall.sqlite"), 1)
    (day,) = {event.date for event in looking.events_after(desk, 0)}
    desk.db.dispose()
    assert day == at.date()
    assert at.utcoffset() == at.replace(tzinfo=ZoneInfo("Europe/London")).utcoffset()
    assert "3 rooms" in report
    assert "window" not in report.casefold()


def test_a_small_hall_is_drawn_without_the_pages_that_it_does_not_use():
    small = HallSpec(code="A", name="Clinic", features=())

    assert commands.manager_pages(small, "clinic") == [
        *("tickets", "story", "cases", "why", "month", "figures", "on-paper", "notices"),
        *("setup-hall", "setup-services", "setup-windows", "setup-staff", "setup-calendar", "setup-settings"),
    ]
    moment = halls.Moment(at=datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC")), called="1", ended="2")
    drawn = [name for name, _words in commands.further_pictures(moment, Path(), "clinic", small)]
    assert drawn == ["guide-{page}", "counter-{page}", "kiosk-{page}", "rating-{page}", "manager-{page}"]


# -- what people type, what features play, and the weeks ---------------------------------------------------------------


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
    pairs = [pair for module in (story, *demos) for value in vars(module).values() for pair in typed(value)]
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
    monkeypatch.setattr(halls, "BUSY_CUSTOMERS", 10)
    install(("demo_hall", there) if there else ("demo_hall",))
    try:
        setup = story_hall(MONDAY)
        begins = Ask(CONSOLE, story.story_begins(setup, MONDAY, 1))
        with drafted(tmp_path / "hall.sqlite") as db:
            made = setting_up.found_hall(db, setup, begins)
            desk = Desk(db, made.hall, derived_tokens(b"alone"), no_salt)
            for part in parts_of(setup.hall):
                part.found(desk, setup, begins, MONDAY)
            day = halls.BusyDay(desk, setup, MONDAY, 64)
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
    assert [(one["what"], one["name"]) for one in cited] == [("figure", "why.tag:papers_changed"), ("chart", "days")]
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


# -- at home -----------------------------------------------------------------------------------------------------------


def test_demo_and_trial_are_offered_in_processes_of_their_own_where_their_folder_is(tmp_path, qapp):
    pc = OwnPc(tmp_path / "hall.sqlite")
    pc.home.watch_demo()
    pc.home.try_it()
    assert pc.started == [["demo"], ["try-it"]]

    def offered() -> list[bool]:
        wizard = WizardPage(Look(), pc.home, Preferences(lambda _name, _value: None))
        pages = (wizard, RunningPage(Look(), pc.home), StationsPage(Look(), pc.home))
        return [pc.home.has_demo, *(not page.try_button.isHidden() for page in pages)]

    assert offered() == [True] * 4
    install([name for name in listed("FEATURES") if name != "demo_hall"])
    try:
        assert offered() == [False] * 4, "without its folder"
    finally:
        install(listed("FEATURES"))
