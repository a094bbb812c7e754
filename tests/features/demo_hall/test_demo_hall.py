"""The demo as a person meets it: a day's folder and its weeks; and a trial: a hall of pictures that is thrown away."""

from __future__ import annotations

import json
import re
import sqlite3
import wave
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from msgspec import Struct
from msgspec.structs import asdict, replace
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt

from queuedesk import i18n
from queuedesk.app.station.wiring import one_window_services
from queuedesk.app.this_pc import showing
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.features import choosable_feature_names, installed_features
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.hall import HallSpec, HallWords
from queuedesk.core.setup.rows import hall_languages
from queuedesk.core.staffing.roster import shifts_planned_on
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk, no_salt, reproducible_token_source
from queuedesk.desk.quality import case_documents
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.channels.rules import HallShareOfMonth
from queuedesk.features.channels.verbs import channel_ledger_between
from queuedesk.features.demo_hall import commands
from queuedesk.features.demo_hall.pages import TrialClock, TrialSession
from queuedesk.features.demo_hall.verbs import halls, story
from queuedesk.features.indicators.verbs import current_indicators_with_changes
from queuedesk.features.morning.demo import BRIEFINGS
from queuedesk.i18n import LANGUAGES, error_sentence, time_hm, tr
from queuedesk.printing.qr import parse_ticket_code
from queuedesk.sim.demand import feature_demo_parts_used_by_hall
from queuedesk.stations.home.stations_view import RunningStationsPage, StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply_look_to_app
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.exchange import opening_new_database_draft
from queuedesk.voice.engines import VoiceChain
from tests.core.added import all_but, program_of
from tests.every_day import one_of
from tests.features.demo_hall.month import MONDAY, month
from tests.hall import MANAGER, at, make_hall, simple_hall
from tests.offline import ways
from tests.processes import anew
from tests.reports.read_back import pages_of
from tests.stations.english import english  # noqa: F401
from tests.stations.home.conftest import OwnPc
from tests.stations.whole_words import troubles, typed_words

TODAY, NUMBER = date(2040, 2, 29), 1
"""A date that most years lack, with the number of the seed that it is played with: the first gives no busy moment."""
STATIONS = {"home", "guide", "kiosk", "counter", "display", "line", "plate", "rating", "manager"}
HALLS = {"power": (("en", "zh_CN"), "en"), "clinic": (("en",), "zh_CN")}
"""By the preset of a demo: the languages of its hall, of two the one asked for first, and the one that the person who
asks for it uses."""


def usual_list(file: Path, again: Path, preset: str) -> set[str]:
    """Return what a PC with a network and this one's voices leaves of the same day, played once more into `again`: the
    same up to each hash."""
    left = Desk(Database.open(file), 1)
    log = looking.events_after(left, 0)
    left.db.dispose()
    day, (spoken, lang) = log[-1].date, HALLS[preset]
    assert day is not None
    desk, playing = halls.make_invented_hall(again, day, weeks=0, lang=lang, preset=preset)
    assert hall_languages(playing.setup) == spoken
    moment = halls.play_to_picture_moment(desk, playing)
    state = looking.hall_state_now(desk, moment.at)
    assert halls.has_everything_to_show(state, moment.at)
    hashes = [event.hash for event in looking.events_after(desk, 0)]
    desk.db.dispose()
    assert len(hashes) > 100
    assert hashes == [event.hash for event in log[: len(hashes)]]
    drawn = {
        f"{name}-{lang}.png" for name, _words in commands.station_pictures_to_draw(state, moment) for lang in spoken
    }
    tickets = {f"ticket-{one.label}.png" for one in sorted(state.tickets.values(), key=lambda t: t.seq)[-2:]}
    call = next(one for one in reversed(state.calls) if one.window == moment.called)
    with VoiceChain() as chain:
        said = {f"call-{call.label}-{lang}.wav" for lang in chain.available_languages() if lang in spoken}
    return {"hall.sqlite", "day.pdf"} | drawn | tickets | said


def test_pictures_show_a_busy_moment_whatever_the_date(tmp_path: Path) -> None:
    """Something of everything, in both languages of the hall."""
    desk, playing = halls.make_invented_hall(tmp_path / "hall.sqlite", TODAY, weeks=0)
    days = [*(halls.BusyDemoDay(desk, playing.setup, playing.day, seed) for seed in halls.SEEDS), playing]
    *others, own = [day.rng.bit_generator.state for day in days]  # not begun yet: another one for each seed
    moment = halls.play_to_picture_moment(desk, playing)
    state = looking.hall_state_now(desk, moment.at)
    pictures = dict(commands.station_pictures_to_draw(state, moment))
    assert [n for n, dice in enumerate(others) if dice == own] == [NUMBER]
    assert halls.has_everything_to_show(state, moment.at)
    assert {"counter-serving", "counter-paused", "plate-paused"} < pictures.keys()
    assert any(call.window == moment.called for call in state.calls)
    assert {row["state"] for row in booking.appointments_between_dates(desk, playing.day)} == set(AppointmentState)
    assert [one.key for one in state.devices.values() if not one.is_up] == [("plate", "plate-4")]
    assert {check.passed for check in state.checks} == {True, False}
    assert len({row.indicator.year for row in current_indicators_with_changes(desk)}) == 3
    two = [(name, pictures[name]) for name in ("counter-paused", "plate-paused")]
    commands.draw_demo_pictures(showing, tmp_path, dict.fromkeys(hall_languages(playing.setup), desk), moment, two)
    drawn = {file.name for file in tmp_path.glob("*.png")}
    assert drawn == {f"{name}-{lang}.png" for name, _words in two for lang in ("zh_CN", "en")}
    desk.db.dispose()


@pytest.mark.usefixtures("console")
def test_it_has_the_process_for_itself(batch):
    assert [answer["code"] for answer in batch("demo", "demo --weeks 0")] == ["not_in_batch"] * 2


def test_a_demo_never_takes_the_place_of_a_hall(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    before = hall.path.read_bytes()
    with pytest.raises(RuleError, match="own_file"):
        halls.make_invented_hall(hall.path, hall.date)
    assert hall.path.read_bytes() == before


def test_a_post_office_has_a_busy_saturday(tmp_path: Path) -> None:
    desk, playing = halls.make_invented_hall(tmp_path / "hall.sqlite", date(2026, 11, 22), preset="post")
    moment = halls.play_to_picture_moment(desk, playing)
    assert playing.day == date(2026, 11, 21)
    assert halls.has_everything_to_show(looking.hall_state_now(desk, moment.at), moment.at)
    desk.db.dispose()
    assert playing.setup.hall.words == HallWords(window="counter", ticket="number")


@pytest.mark.journey
@pytest.mark.parametrize("preset", one_of(tuple(HALLS), "clinic"))
def test_a_day_is_left_in_the_folder(installed, tmp_path, preset):
    """By an installed copy without a screen or a network, in a language of the hall whatever the person's."""
    folder, (spoken, lang) = tmp_path / "day", HALLS[preset]
    words = ("--lang", lang, "--json", "demo", "--preset", preset, "--weeks", "0", "--out", folder)
    done = installed.run(*words, before=ways()[0], module=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    files = told["files"]
    assert set(files) == usual_list(folder / "hall.sqlite", tmp_path / "again.sqlite", preset)
    for language in spoken:
        assert {name.split("-")[0] for name in files if name.endswith(f"-{language}.png")} >= STATIONS
    assert [name for name in files if name.startswith("ticket-")]
    for name in files:
        if name.endswith("-en.png"):
            with Image.open(folder / name) as picture:
                assert max(picture.size) >= 1280
                assert len(picture.convert("RGB").resize((64, 36)).getcolors(4096) or []) > 8, f"{name} is empty"
        elif name.startswith("ticket-"):
            code = zxingcpp.read_barcode(Image.open(folder / name))
            assert name == f"ticket-{parse_ticket_code(code.text).label}.png"
        elif name.endswith(".wav"):
            with wave.open(str(folder / name), "rb") as call:
                assert call.getnframes() > call.getframerate(), f"{name} is no sentence"
    pages = pages_of((folder / "day.pdf").read_bytes())
    assert tr("en", "Daily report") in pages[0]
    if preset == "clinic":  # It is of the clinic's first day, by its own time and in its own words.
        desk, at = Desk(Database.open(folder / "hall.sqlite"), 1), datetime.fromisoformat(told["at"])
        assert {event.date for event in looking.events_after(desk, 0)} == {at.date()}
        desk.db.dispose()
        assert at.utcoffset() == at.replace(tzinfo=ZoneInfo("Europe/London")).utcoffset()
        assert "3 rooms" in "".join(pages) and "window" not in "".join(pages).casefold()


def test_a_small_hall_is_drawn_without_the_pages_that_it_does_not_use():
    small = HallSpec(code="A", name="Clinic", features=())
    assert commands.pictured_manager_pages(small, "clinic") == [
        *("tickets", "story", "cases", "figures", "on-paper", "notices"),
        *("setup-hall", "setup-services", "setup-windows", "setup-staff", "setup-calendar", "setup-settings"),
        *("why", "month"),
    ]
    staffed = commands.pictured_manager_pages(replace(small, features=("staff",)), "clinic")
    assert set(staffed).difference(commands.pictured_manager_pages(small, "clinic")) == {"people", "sheets", "training"}
    moment = halls.PictureMoment(at=datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC")), called="1", ended="2")
    drawn = [name for name, _words in commands.other_page_pictures_to_draw(moment, Path(), "clinic", small)]
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
    demos = [import_module(f"queuedesk.{one.demo.partition(':')[0]}") for one in installed_features() if one.demo]
    pairs = [pair for module in (story, *demos) for value in vars(module).values() for pair in typed(value)]
    briefings = {points for both in BRIEFINGS.values() for points in both}
    in_english = {text for text in said if ENGLISH.search(text) and not CHINESE.search(text)}
    assert in_english <= {"\n".join(points) for points in briefings}, "these are written in both languages"
    assert {"等得比告知的久", "中午少等", "新收费公示怎么讲"} <= set(said)
    in_both = [pair for pair in pairs if CHINESE.search(pair[0]) and pair not in briefings]
    assert len(in_both) > 80
    assert [pair for pair in in_both if not pair[1] or CHINESE.search(pair[1])] == []


@pytest.mark.parametrize("there", ["", *(one.name for one in installed_features() if one.demo)])
def test_the_day_is_played_with_any_one_feature_and_without_all(tmp_path, monkeypatch, there):
    monkeypatch.setattr(halls, "BUSY_CUSTOMERS", 10)
    with program_of(filter(None, ("demo_hall", there))):
        setup = halls.story_hall_setup(MONDAY)
        begins = Ask(CONSOLE, story.story_founding_moment(setup, MONDAY, 1))
        with opening_new_database_draft(tmp_path / "hall.sqlite") as db:
            made = setting_up.create_first_hall(db, setup, begins)
            desk = Desk(db, made.hall, reproducible_token_source(b"alone"), no_salt)
            for part in feature_demo_parts_used_by_hall(setup.hall):
                part.prepare_before_first_day(desk, setup, begins, MONDAY)
            halls.BusyDemoDay(desk, setup, MONDAY, 64).play()
        desk = Desk(Database.open(tmp_path / "hall.sqlite"), made.hall)
        assert looking.hall_state_on(desk, MONDAY).tickets
        assert choosable_feature_names() == ((there,) if there else ())
        desk.db.dispose()


def test_what_a_case_cites(tmp_path):
    hall = simple_hall(tmp_path)
    number = hall.do("case-open", NewCaseData(klass="complaint"), who=MANAGER)["number"]
    story.add_story_citations(hall.desk, hall.ask(MANAGER), number)
    document = case_documents.case_document_if_permitted(hall.desk, MANAGER, number, hall.clock())
    cited = [one["cites"] for one in document["history"][1:]]
    assert [(one["what"], one["name"]) for one in cited] == [("figure", "why.tag:papers_changed"), ("chart", "days")]
    hall.must_follow_from_its_log()


FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize("n", range(5))
def test_what_is_usual_of_any_weekday_is_known_after_four_weeks(n):
    today = FRIDAY - timedelta(days=n)
    setup, dates = halls.story_hall_setup(today), story.open_story_dates(today)
    assert sum(day.isoweekday() == today.isoweekday() for day in dates) == 4
    assert len(dates) == 23 and dates[-1] < today
    assert {day.isoweekday() for day in dates} == {1, 2, 3, 4, 5, 6}
    assert len(setup.pay_days) == 2 and set(setup.pay_days) < set(dates)
    # Published days, one day closed by itself, special hours to come.
    weeks = (today - timedelta(days=n) for n in range(1, 28))
    closed = [day for day in weeks if day in setup.calendar.days and setup.calendar.is_closed(day)]
    assert len(closed) == 1 and closed[0] not in dates
    assert setup.calendar.sources_in_year(2026) == ("cn-2026",)
    assert setup.calendar.days[today + timedelta(days=7)].end == 900
    # People change windows from day to day.
    assert len({(row.window, row.staff) for row in setup.roster if row.weekdays}) > 2 * len(setup.windows)


def test_the_weeks_around_national_day_leave_its_holidays_out():
    today = date(2026, 10, 22)
    dates = story.open_story_dates(today)
    assert not {date(2026, 10, n) for n in range(1, 8)}.intersection(dates)
    assert date(2026, 10, 10) in dates  # a Saturday that is worked
    assert halls.last_weekday_without_holiday(date(2026, 10, 6)) == date(2026, 9, 30)
    setup = halls.story_hall_setup(today)
    assert len(shifts_planned_on(setup.roster, date(2026, 10, 10), setup.calendar)) == len(setup.windows)


def test_no_two_days_are_alike_and_the_same_again_for_the_same_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)  # A file named from where one stands is put in its place like any other.
    monkeypatch.setattr(story, "CUSTOMERS", 15)
    setup = halls.story_hall_setup(FRIDAY)

    def play(file: Path) -> tuple[list[str], list[int], list[HallShareOfMonth]]:
        with opening_new_database_draft(file) as db:
            made = setting_up.create_first_hall(db, setup, Ask(CONSOLE, story.story_founding_moment(setup, FRIDAY, 1)))
            desk = Desk(db, made.hall, reproducible_token_source(b"x"), no_salt)
            for day in story.story_days(desk, setup, FRIDAY, 3, weeks=1):
                if day.day >= FRIDAY - timedelta(days=2):
                    day.play()
        db = Database.open(file)
        desk = Desk(db, made.hall)
        hashes = [event.hash for event in looking.events_after(desk, 0)]
        many = [len(looking.hall_state_on(desk, FRIDAY - timedelta(days=n)).tickets) for n in (2, 1)]
        shares = list(channel_ledger_between(desk, story.story_founding_moment(setup, FRIDAY, 0)).shares)
        db.dispose()
        return hashes, many, shares

    first, many, shares = play(Path("one.sqlite"))
    assert first == play(Path("two.sqlite"))[0]
    assert len(set(many)) == 2
    # Other channels told of every date played, and nobody is missed of it.
    assert {one.service for one in shares} == set(setup.services)
    assert all(one.hall > 0 and one.elsewhere > 0 and not one.missing for one in shares)


def test_demo_and_trial_are_offered_in_processes_of_their_own_where_their_folder_is(tmp_path, qapp):
    pc = OwnPc(tmp_path / "hall.sqlite")
    pc.home.start_demo_process()
    pc.home.start_hall_trial()
    assert pc.started == [["demo"], ["try-it"]]

    def offered() -> list[bool]:
        wizard = WizardPage(Look(), pc.home, Preferences(lambda _name, _value: None))
        pages = (wizard, RunningStationsPage(Look(), pc.home), StationsPage(Look(), pc.home))
        return [pc.home.has_demo_feature, *(not page.try_button.isHidden() for page in pages)]

    assert offered() == [True] * 4
    with program_of(all_but("demo_hall")):
        assert offered() == [False] * 4, "without its folder"


NOW = at("10:42")
KIOSK = [name for name in ("kiosk",) if name in all_stations()]


# -- its hall, its customers and its clock -----------------------------------------------------------------------------
def test_the_hall_of_a_trial_is_this_one_at_any_hour_and_never_was_or_one_of_its_own(tmp_path):
    hall = make_hall(tmp_path)
    before = hall.length()
    document = story.trial_setup_document(lambda: (str(hall.path), None))
    assert (document["hall"]["name"], document["hall"]["simulated"]) == ("城东供电营业厅", True)
    assert {row["hours"][0]["to"] for row in document["services"]} == {"24:00"}
    assert hall.length() == before
    document = story.trial_setup_document(lambda: (str(tmp_path / "none.sqlite"), None))
    assert check_and_read_setup(document).hall.simulated


def test_files_of_a_trial_that_was_killed_go_with_the_next(tmp_path):
    killed, lock = story.make_locked_trial_folder(tmp_path)
    lock.release()
    runs, kept = story.make_locked_trial_folder(tmp_path)
    third, other = story.make_locked_trial_folder(tmp_path)
    assert [folder.exists() for folder in (killed, runs, third)] == [False, True, True]
    kept.release()
    other.release()


def test_a_picture_of_a_trial_leaves_nothing_of_itself(tmp_path):
    hall = make_hall(tmp_path)
    before, file = hall.length(), tmp_path / "trial.png"
    words = ["--db", str(hall.path), "try-it", "--screenshot", str(file), "--size", "1366x768"]
    done = anew("-m", "queuedesk", *words, XDG_DATA_HOME=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Image.open(file) as picture:
        assert picture.size == (1366, 768)
    assert hall.length() == before
    assert list((tmp_path / "queuedesk" / "trial").iterdir()) == []


def test_two_counters_serve_as_much_as_two_can_and_a_crowd_comes_within_its_minute_until_patience_ends(tmp_path):
    document = story.trial_setup_document(lambda: (str(make_hall(tmp_path).path), None))
    folder = tmp_path / "trial"
    folder.mkdir()
    desk = story.make_trial_hall(folder, document, NOW, waive="Trial")
    setup, state = looking.setup_of_hall(desk), looking.hall_state_now(desk, NOW)
    chosen = story.trial_counter_windows(setup)
    assert {code for code in chosen if str(state.windows[code].state) == "open"} == set(chosen)
    assert {service for code in chosen for service in setup.windows[code].services} == set(setup.services)
    assert state.signed_in.keys() == {"guide"}
    crowd = story.TrialCrowd(desk, 1)
    assert crowd.let_customer_in(NOW, "C").startswith("C")
    crowd.play(NOW + timedelta(hours=9))
    [ticket] = looking.hall_state_now(desk, NOW).tickets.values()
    assert ticket.state is TicketState.LEFT
    crowd = story.TrialCrowd(desk, 1)
    crowd.let_in_busy_minute_crowd(NOW)
    assert len(looking.hall_state_now(desk, NOW).tickets) == 1
    crowd.play(NOW + timedelta(seconds=61))
    assert len(looking.hall_state_now(desk, NOW).tickets) == 1 + story.A_BUSY_MINUTE
    desk.db.dispose()


def test_the_clock_of_a_trial_runs_as_fast_as_it_is_told():
    passed_s = 0
    clock = TrialClock(NOW, lambda: passed_s)
    passed_s = 10
    clock.set_clock_speed(20)
    passed_s = 20
    clock.set_clock_speed(0)
    passed_s = 50
    assert clock() == NOW + timedelta(seconds=10 + 200)


# -- its window --------------------------------------------------------------------------------------------------------
def crash(bug: BaseException) -> None:
    raise bug


@contextmanager
def trial_of(hall, qapp):
    """Try a hall in a window of its own."""
    i18n.choose_language("en")
    folder = hall.path.parent
    look = Look(LIGHT)
    apply_look_to_app(qapp, look)
    look.still = True
    request = StationRequest(name="try-it", db=str(hall.path))
    (folder / "own").mkdir()
    preferences, clock = Preferences(lambda _name, _value: None), lambda: NOW
    parts = {"request": request, "look": look, "preferences": preferences, "clock": clock}
    process = SimpleNamespace(**parts, crash=SimpleNamespace(log_and_report_bug=crash))
    trial = TrialSession(one_window_services(process), folder / "own")
    trial.frame.resize(1920, 1080)
    trial.frame.show()
    trial.voice.is_on = False  # what speaks is tried with the voice itself
    trial.start()
    trial.voice.changed.emit()
    yield trial
    trial.frame.close_without_asking()
    trial.stop()
    trial.frame.deleteLater()
    i18n.choose_language("zh_CN")


@pytest.fixture(scope="module")
def trial(qapp, tmp_path_factory):
    with trial_of(make_hall(tmp_path_factory.mktemp("trial")), qapp) as trial:
        yield trial


def press_in(qtbot, pane, widget):
    """Press the picture of a widget where it is drawn."""
    middle = widget.mapTo(pane.shown.frame, widget.rect().center())
    place = pane.view.mapFromScene(QPointF(middle))
    qtbot.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))


def test_a_customer_goes_from_the_door_to_the_window_by_presses_on_pictures(trial, qtbot):
    page = trial.page
    code = story.trial_counter_windows(trial.feed.setup)[0]
    service = trial.feed.setup.windows[code].services[0]
    counter, before = page.panes[f"counter-{code}"], set(trial.feed.state.tickets)
    qtbot.mouseClick(page.bar.wishes[service], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.bar.let_in, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(trial.feed.state.tickets) > len(before))
    [came] = [ticket.label for id, ticket in trial.feed.state.tickets.items() if id not in before]
    primary = counter.shown.frame.current_page.stage.primary
    qtbot.waitUntil(primary.isEnabled)  # before, nobody was there to be called
    press_in(qtbot, counter, primary)

    def there():
        id = trial.feed.state.windows[code].ticket
        return trial.feed.state.tickets[id] if id is not None else None

    qtbot.waitUntil(lambda: there() is not None)
    assert there().state is TicketState.CALLED
    called = there().label  # whom another test let in comes first
    assert counter.has_keys
    qtbot.waitUntil(lambda: not counter.shown.frame.current_page.controller.is_busy)
    qtbot.wait(600)  # so long a second press on the same place counts as a slip of the hand
    qtbot.keyClick(counter.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: there().state is TicketState.SERVING)
    lines = [line for _at, line in trial.trial.lines]
    assert lines[0] == f"{called} called to window {code}"
    assert f"{came} taken: Pay a bill" in lines


def test_f9_lets_somebody_in_f6_goes_round_and_any_station_is_shown_alone(trial, qtbot):
    """At a real counter F9 finishes and calls the next; here the bar names the key."""
    page, panes = trial.page, trial.page.panes
    before = len(trial.feed.state.tickets)
    page.bring_forward("guide")
    qtbot.keyClick(panes["guide"].view, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: len(trial.feed.state.tickets) == before + 1)
    page.bring_forward("guide")
    gone_round = []
    for _station in panes:
        gone_round.append(next(name for name, pane in panes.items() if pane.has_keys))
        page.focus_next_station()
    assert gone_round == list(panes)
    assert panes["guide"].has_keys
    small = panes["guide"].width()
    qtbot.mouseClick(panes["display"].full_button, Qt.MouseButton.LeftButton)
    assert [name for name, pane in panes.items() if pane.isVisible()] == ["display"]
    assert panes["display"].width() > 1600
    qtbot.keyClick(panes["display"].view, Qt.Key.Key_Escape)
    assert all(pane.isVisible() for pane in panes.values())
    assert panes["guide"].width() == small


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_small_screen_shows_one_station_of_staff_and_the_others_as_tabs(trial, qtbot, lang):
    page, panes, bar = trial.page, trial.page.panes, trial.page.bar
    typed = typed_words(trial.feed.setup)

    def resized(width, height):
        trial.frame.resize(width, height)
        qtbot.wait(1)

    trial.frame.preferences.set_language(lang)
    page.bring_forward("guide")
    resized(1366, 768)
    assert [name for name, pane in panes.items() if pane.isVisible()] == ["guide", "display", *KIOSK]
    assert [tab.isVisible() for tab in page.tabs.values()] == [True] * 3
    assert troubles(page, typed, colors=True) == []
    resized(1024, 768)
    assert troubles(page, typed) == []
    display, staff = panes["display"].geometry(), panes["guide"].geometry()
    assert (display.width(), display.top() > staff.bottom()) == (staff.width(), True)
    trial.frame.preferences.set_text_size_pct(150)
    qtbot.wait(1)
    assert troubles(page, typed) == [], "with the largest letters words become shorter before any is cut"
    kept = (*bar.wishes.values(), bar.let_in, bar.crowd, *bar.speeds.values(), bar.clock, bar.end)
    assert all(part.isVisible() and bar.rect().contains(part.geometry()) for part in kept), "only labels go"
    trial.frame.preferences.set_text_size_pct(100)
    resized(1920, 1080)
    assert all(pane.isVisible() for pane in panes.values())
    trial.frame.preferences.set_language("en")


def test_what_is_shown_is_drawn_for_its_own_size_prints_nothing_keeps_no_choice_and_tells_the_time_of_the_trial(trial):
    """Small they are pictures: nothing in them is laid out for less room."""
    sizes = {name: (pane.shown.frame.width(), pane.shown.frame.height()) for name, pane in trial.page.panes.items()}
    assert sizes.pop("display") == (1920, 1080)
    assert [sizes.pop(name) for name in KIOSK] == [(1080, 1920)] * len(KIOSK)
    assert set(sizes.values()) == {(1024, 768)}
    services = [pane.shown.frame.context.services for pane in trial.page.panes.values()]
    assert {(one.paper, one.own_choices, one.printers) for one in services} == {(None, None, None)}
    # Its bar tells its time.
    trial.trial.set_clock_speed(20)
    trial.trial.set_clock_speed(0)
    trial.page.tick(NOW + timedelta(days=1))
    shown, stands_at = trial.page.bar.clock.text(), trial.clock()
    trial.trial.set_clock_speed(1)
    assert shown == time_hm(trial.feed.setup.to_hall_time(stands_at))


# -- its voice ---------------------------------------------------------------------------------------------------------
class AnnouncementSpeaker:
    """Begins to speak and ends as a voice does; `tell` is whom it tells what became of a call."""

    begun = ended = 0
    tell = None

    def __call__(self, tell):
        self.begun, self.tell = self.begun + 1, tell
        return self.end

    def end(self) -> None:
        self.ended += 1


def test_calls_are_heard_by_the_halls_own_voice_until_it_is_muted_and_without_one_it_is_said_at_the_calls(
    trial, qtbot, monkeypatch
):
    button, toast, speaker = trial.page.voice_button, trial.page.toast, AnnouncementSpeaker()
    monkeypatch.setattr(trial.voice, "begin", speaker)  # in place of a loudspeaker
    trial.voice.changed.emit()  # What came between two tests was said in the language that a fresh process has.
    assert button.text() == "voice off"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.text(), speaker.begun, speaker.ended) == ("voice on", 1, 0)
    qtbot.keyClick(trial.page.panes["guide"].view, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert (button.text(), speaker.begun, speaker.ended) == ("voice off", 1, 1)
    # A PC without a voice.
    trial.voice.set_muted(False)
    speaker.tell("no_voice")
    assert (button.text(), toast.text()) == ("not heard", error_sentence(OutsideError("no_voice")))
    assert error_sentence(OutsideError("no_voice")) in button.accessibleName()
    speaker.tell(None)
    assert button.text() == "voice on"
    trial.voice.set_muted(True)
    # What speaks is the hall's own voice: its own hall, its own clock; its display shows whether the call was heard.
    monkeypatch.undo()
    made = []

    class HallVoice:
        def __init__(self, *given, **_tell):
            made.append(given)

        def voice_status(self):
            return None

        def stop(self):
            made.append("stopped")

    monkeypatch.setattr("queuedesk.app.services.speaking.HallCallSpeaker", HallVoice)
    display = trial.page.panes["display"].shown.frame.context
    trial.voice.set_muted(False)
    assert made == [(trial.desk, trial.feed, "display", trial.clock)]
    assert display.services.voice_status is not None
    trial.voice.set_muted(True)
    assert made[1:] == ["stopped"]
    assert display.services.voice_status is None
