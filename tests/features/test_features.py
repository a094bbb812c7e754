"""Features: what holds for each, the program without them or with each alone, and how a hall chooses its own."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from queuedesk.cli.job import DeskFunctionHandler
from queuedesk.cli.main import build_parser
from queuedesk.core import features
from queuedesk.core.features import choosable_feature_names
from queuedesk.core.log.apply import VERBS, FeatureRules
from queuedesk.core.network.roles import HALL as OWN
from queuedesk.core.network.roles import ReadScope, Role, actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.talk.screen import RunningStation
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import examining
from queuedesk.features.lost_property import verbs
from queuedesk.i18n.names import FeatureWords
from queuedesk.stations.counter.controller import WindowShrinker
from queuedesk.stations.home.controller import LastStationChoice
from queuedesk.stations.home.stations_view import RunningStationsPage, StationsPage
from queuedesk.stations.manager.parts.records import RecordPageSpec
from queuedesk.stations.manager.setup.features_page import FeaturesPage
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.store.engine.database import Database
from queuedesk.store.parts.part_tables import ROWS, objects_of_days
from queuedesk.store.rights.tables import EVENTS
from queuedesk.store.schema import contacts
from scripts.build_commands import every_command
from tests import engines
from tests.cli.commands import Batch, Console
from tests.core.added import ADDED_VERBS, all_but, is_added, make_up, own_verbs, program_of
from tests.desk.test_change import every_command as every_verb
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.test_rights import ELSEWHERE
from tests.hall import ADMIN, MANAGER, Hall, simple_hall, simple_setup
from tests.processes import at_home, ran
from tests.rights_page import table
from tests.stations.home.conftest import OwnPc, click, controller, in_frame, wizard  # noqa: F401
from tests.stations.home.test_wizard import go_to, hall_of, name_the_admin
from tests.stations.manager.setup_frame.test_set_up import part
from tests.stations.seen import texts_of
from tests.stations.stubs import LateCommands

ROOT = Path(__file__).resolve().parents[2]
OF_THE_CORE = ("tests/core/network/test_sharing.py", "tests/core/log/test_event_kinds.py")


def copied(to: Path, *without: str) -> Path:
    """Copy the program, as compiled as it is, without these folders of features, and return where it stands."""
    shutil.copytree(ROOT / "queuedesk", to / "queuedesk", ignore=shutil.ignore_patterns("*.pyc.*"))
    for name in without:
        shutil.rmtree(to / "queuedesk" / name)
    (to / "resources").symlink_to(ROOT / "resources")
    (to / "tests").symlink_to(ROOT / "tests")
    (to / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    return to


def run(at: Path, *words: str, lines: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    env, given = {**os.environ, "PYTHONPATH": str(at)}, "\n".join(lines)
    shape: dict[str, Any] = {"capture_output": True, "encoding": "utf-8", "timeout": 120}
    return subprocess.run([sys.executable, *words], cwd=at, env=env, input=given, **shape)


def ask(at: Path, file: Path, *words: str) -> Any:
    done = run(at, "-m", "queuedesk", "--db", str(file), "--lang", "en", "--json", *words)
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return json.loads(done.stdout)


@pytest.mark.parametrize(("without", "gone"), [("features/lost_property", ["lost", "list"]), ("features", ["lobby"])])
def test_without_a_folder_the_hall_works_and_keeps_what_can_not_be_read(tmp_path, without, gone):
    hall = simple_hall(tmp_path, hall={**simple_setup()["hall"], "features": ["lost_property"]})
    verbs.note_thing(hall.desk, hall.ask(), "Keys")
    verbs.note_enquiry(hall.desk, hall.ask(), "My keys", contact="138 0013 2201", name="Li Lei")
    hall.desk.db.dispose()
    bare, db = copied(tmp_path / "bare", without), ("-m", "queuedesk", "--db", str(hall.path))
    if without != "features":
        # As git leaves a folder whose files it deletes.
        bare.joinpath("queuedesk", without, "__pycache__").mkdir(parents=True)
    # It works as if nothing was missing; doctor alone says what is kept, in one line.
    works = ("open 1 --staff C1", "issue A", "call 1")
    done = run(bare, *db, "--at", hall.clock().isoformat(), "--json", "batch", lines=works)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["status"] for one in answers] == [0, 0, 0], done.stderr
    assert ["A001" in str(one) for one in answers] == [False, True, True]
    told = {one["name"]: one for one in ask(bare, hall.path, "doctor")["checks"]}
    assert "lost property: 2" in told["unread T"]["message"]
    assert {told[f"{name} T"]["status"] for name in ("unread", "chain", "tables", "beside")} == {"ok"}
    assert "aside T" not in told
    assert run(bare, *db, *gone).returncode == 2
    tests = run(bare, "-m", "pytest", "-q", "-p", "no:cacheprovider", *OF_THE_CORE)
    assert tests.returncode == 0, tests.stdout[-3000:]
    # A backup that it restores lacks the tables; the program that has the folder makes them from the log.
    restored = tmp_path / "restored.sqlite"
    backup = ask(bare, hall.path, "backup", str(tmp_path / "backup.zip"))["file"]
    ask(bare, restored, "restore", str(backup))
    for file in (hall.path, restored):
        desk = Desk(Database.open(file), 1)
        assert [one["text"] for one in verbs.found_things(desk)] == ["Keys"]
        assert verbs.enquiries(desk)[0]["contact"] == "138 0013 2201"
        found = {one.name: one.status for one in examining.examine_database(desk.db)}
        assert found.keys() >= {"chain", "tables", "beside"} and "unread" not in found
        assert set(found.values()) == {examining.OK}
        desk.db.dispose()


def test_a_fault_in_what_applies_a_feature_s_event_is_told_as_one_of_the_program(tmp_path):
    hall = simple_hall(tmp_path, hall={**simple_setup()["hall"], "features": ["lost_property"]})
    verbs.note_thing(hall.desk, hall.ask(), "Keys")
    verbs.note_enquiry(hall.desk, hall.ask(), "My keys", name="Li Lei")
    engines.execute(hall.desk.db, "UPDATE contacts SET id = 'x'")
    hall.desk.db.dispose()
    at = copied(tmp_path / "wrong")
    rules = at / "queuedesk" / "features" / "lost_property" / "rules.py"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace('ended_by="actor"', 'ended_by="no_such"'), encoding="utf-8")
    words = ("--at", hall.clock().isoformat(), "--json", "lost", "give", "1", "--to", "Li Lei", "--signed")
    done = run(at, "-m", "queuedesk", "--db", str(hall.path), *words)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "bug"), done.stderr
    assert ask(ROOT, hall.path, "lost", "list")["things"][0]["how"] is None


ALONE = """
import argparse, asyncio, json, os, runpy, shutil, sys
import msgspec, platformdirs, sqlalchemy.dialects.sqlite.aiosqlite
import queuedesk.core.queue.overview, queuedesk.core.waits.quote, queuedesk.i18n.names
assert not [name for name in sys.modules if name.startswith("queuedesk.features")]
folder, aside, *sys.argv = sys.argv[1:]
for name in sys.stdin.read().split():
    shutil.move(f"{aside}/{name}", folder)
    if not os.fork():
        runpy.run_module("queuedesk", run_name="__main__")
    os.wait()
    shutil.move(f"{folder}/{name}", aside)
"""
"""Starts the program with one feature after the other, each in a process that has loaded nothing of it before."""


def test_the_program_starts_with_each_feature_alone(tmp_path):
    hall, bare, aside = simple_hall(tmp_path), copied(tmp_path / "bare"), tmp_path / "aside"
    aside.mkdir()
    hall.desk.db.dispose()
    folder = bare / "queuedesk" / "features"
    packages, choosable = features.list_in_features_package("FEATURES"), features.choosable_feature_names()
    for name in packages:
        shutil.move(folder / name, aside / name)
    words = ("queuedesk", "--db", str(hall.path), "--json", "features", "list")
    done = run(bare, "-c", ALONE, str(folder), str(aside), *words, lines=packages)
    told = [[one["name"] for one in json.loads(line)["features"]] for line in done.stdout.splitlines()]
    assert told == [[name] if name in choosable else [] for name in packages], done.stderr[-2000:]


@pytest.fixture(params=features.list_in_features_package("IN_LOG"))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@ON_BOTH_ENGINES
def test_its_tables_follow_from_the_log_alone_names_stand_beside_it_and_memory_forgets_what_is_over(name, tmp_path):
    """Of a hall in which the demo of a feature was played, of which nothing was refused."""
    one = features.feature_by_name(name)
    assert one is not None and one.demo, "a demo has something of each feature"
    played = simple_hall(tmp_path, hall={**simple_setup()["hall"], "features": [name, *one.needs]})
    for ago in range(20, -1, -1):
        for _minute, does in features.import_reference(one.demo).acts_of_demo_day(ago):
            does(played.desk, looking.setup_of_hall(played.desk), played.ask(MANAGER))
        played.clock.move(days=1 if ago else 0)
    rules: FeatureRules = features.import_reference(one.log)
    parts = rules.parts
    before, state = played.whole(), played.whole()
    played.must_follow_from_its_log()
    state.drop_closed_records_before(played.date + timedelta(days=1))
    for each in parts:
        assert set(state.records_of_part(each)) == {
            key for key, one in before.records_of_part(each).items() if each.is_record_open(one)
        }
    with played.desk.db.read() as tx:
        people = {text for row in tx.execute(select(contacts)) for text in (row.name, row.contact) if text}
    told = str([event.data for event in played.log()])
    assert not [one for one in people if one in told]
    assert not {"name", "contact"} & {kept for verb in rules.verbs for kept in VERBS[verb].keeps}
    for each in parts:
        engines.execute(played.desk.db, f"DROP TABLE {ROWS[each].table.name}")
    again = engines.again(played.desk.db)
    with again.read() as tx:
        made = {each: objects_of_days(tx, played.desk.hall, each) for each in parts}
    again.dispose()
    for each in parts:
        assert made[each] == before.records_of_part(each) != {}, f"the demo has some of {each.name}"
    assert {one.status for one in examining.examine_database(played.desk.db)} == {examining.OK}


def test_staff_s_pcs_may_append_its_events_and_a_manager_s_alone_what_managers_do(name):
    rules = features.import_reference(features.feature_by_name(name).log)
    events, by_all = rules.events, {Role.STATION, Role.CUSTOMER}
    public = {kind for kind, verb in rules.verbs.items() if kind in events and by_all & {*verb.roles}}
    assert EVENTS[PcKind.PUBLIC] & events.keys() == public
    assert EVENTS[PcKind.MANAGER] >= events.keys()
    assert events.keys() - EVENTS[PcKind.STAFF] == {kind for kind, event in events.items() if event.managers}


OF_WHOLE_HALLS = {"backup", "backups", "clock-far", "export", "halls", "merge", "share"}
"""Verbs without a function of the desk."""


def test_every_register_stands_under_its_name_with_verbs_commands_and_pages_of_its_own():
    assert [one.name for one in features.installed_features()] == list(features.list_in_features_package("FEATURES"))
    of_no_hall = (
        "calendar corrections demo_hall figure_files health kept_reports low_ratings one_number"
        " quality_month replay rollout setup_file update"
    )
    assert {one.name for one in features.installed_features() if not one.of_halls} == {*of_no_hall.split(), "small_bar"}
    assert {verb for verb, _one in every_verb()} - ADDED_VERBS.keys() == own_verbs() - OF_WHOLE_HALLS
    runs = {words: parser.get_default("run") for words, parser in every_command(build_parser({}))}
    named = {words: run for words, run in runs.items() if isinstance(run, DeskFunctionHandler)}
    assert {"finish", "transfer", "lost give"} <= named.keys()
    assert all(callable(run.load_function()) for run in named.values())
    pages = Counter(key for one in features.installed_features() for key in features.manager_page_keys_of_feature(one))
    assert {key: count for key, count in pages.items() if count > 1} == {}


@pytest.mark.parametrize("name", features.list_in_features_package("FEATURES"))
def test_what_a_register_names_can_be_loaded(name):
    one, load = features.feature_by_name(name), features.import_reference
    pages = [load(at.page) for at in one.pages_at]
    assert all(callable(page) or isinstance(page, RecordPageSpec) for page in pages)
    named = [*one.kept.values(), *one.report_files.values(), *one.adds.values(), *one.chores, *one.behind.values()]
    named += [at.open for at in one.own_at] + [what for what in (one.ticket_code, one.scanned_link) if what]
    assert all(callable(load(what)) for what in named)
    board, front = one.board.part if one.board else "", one.front_desk
    added = [one.report, one.moved, one.demo, one.line, board, one.talk, one.menu, one.before_opening]
    added += [at.offered for at in one.pages_at] + [at.reach for at in one.stations.values()]
    added += [front.part, front.scanned] if front else []
    assert all(callable(load(what)) for what in added if what)
    assert not front or not front.page or isinstance(load(front.page), RecordPageSpec)
    assert not one.small or issubclass(load(one.small), WindowShrinker)
    assert not one.month or set(load(one.month)) <= set(one.figures)
    assert all(callable(import_module(f"queuedesk.{module}").register_commands) for module in one.commands)
    assert not one.log or isinstance(load(one.log), FeatureRules)
    assert not one.words or isinstance(load(one.words), FeatureWords)
    for at in one.stations.values():
        assert callable(load(f"{at.module}:build_station_page")) and load(f"{at.module}:ROLES") is not None
    assert bool(one.log) == (name in features.list_in_features_package("IN_LOG"))
    with_station = features.list_in_features_package("WITH_STATION")
    assert list(one.stations) == [key for key in with_station if features.feature_owning_station(key) == name]


def test_every_command_that_looks_says_for_whom(qapp):
    every = {words: parser for words, parser in every_command(build_parser({})) if not is_added(words)}
    told = {words: parser.get_default("reads") for words, parser in every.items() if parser.get_default("reads")}
    assert {row["commands"]: row["what"] for row in table("Who reads what")} == {
        ", ".join(f"`{words}`" for words in sorted(told) if told[words] is read): str(read) for read in ReadScope
    }
    assert {words for words in every if words.endswith((" list", " show"))} <= {*told, *ELSEWHERE}


def test_a_batch_takes_up_what_is_switched_on(bare: Console, batch: Batch) -> None:
    bare.ask("init", "--preset", "clinic", "--all-hours", "--features", "notes")
    lines = batch("forum list", "issue A", "features on forums", "forum list")
    assert [(line["status"], line.get("code")) for line in lines[:2]] == [(1, "feature_off"), (0, None)]
    assert [line["status"] for line in lines[2:]] == [0, 0]


LINES_OFF = (
    *("appointment list", "print-appointment 1", "card list", "moves list", "partner list", "divert A --to machine"),
    *("sheet list", "enter none.csv", "paper-tickets A --out paper.pdf", "inspect list", "halls"),
)
"""Commands of what may be off, most of them the core's."""
ANYWAY = (
    "staffing --arrivals 20 --handling 5 --windows 3", "satisfaction rate 10 1", "events", "tickets", "state",
    "doctor",
)  # fmt: skip


@pytest.mark.usefixtures("hall_alone")
def test_with_all_of_it_off_only_what_needs_no_hall_or_looks_at_its_log_works(console: Console) -> None:
    console.ask("features", "off", *choosable_feature_names())
    assert {line: console.refused(*line.split()) for line in LINES_OFF} == dict.fromkeys(LINES_OFF, "feature_off")
    assert {line: console.say("--json", *line.split()).status for line in ANYWAY} == dict.fromkeys(ANYWAY, 0)


def test_a_set_up_file_carries_what_a_hall_uses_and_what_only_another_program_has(console: Console) -> None:
    file = console.db.parent / "hall.json"
    console.ask("setup", "export", file)
    document = json.loads(file.read_text(encoding="utf-8"))
    # No preset asks a directory: people begin with PINs.
    assert document["hall"]["features"] == [name for name in choosable_feature_names() if name != "directory"]
    document["hall"]["features"] = ["forums", "webcam"]
    file.write_text(json.dumps(document), encoding="utf-8")
    console.ask("setup", "import", file)
    assert console.say("features", "list").out.splitlines()[-1].split(None, 2)[:2] == ["webcam", "on"]
    done = console.ask("features", "on", "lobby")
    assert done == {"features": ["kiosk", "lobby", "forums", "signs", "webcam"], "on": ["lobby"], "off": []}
    assert console.ask("hall", "show")["features"] == done["features"]


USUALLY = [one.name for one in features.choosable_features() if one.usual]
"""What a hall uses that never chose."""


def used(page: FeaturesPage) -> list[str]:
    return [name for name, card in page.cards.cards.items() if card.switch.isChecked()]


def of_the_hall(hall) -> tuple[str, ...] | None:
    return looking.setup_of_hall(hall.desk).hall.features


def page_of(office) -> FeaturesPage:
    office.go("setup")
    part(office, "features")
    return office.page.findChild(FeaturesPage)


def test_forums_go_and_come_back_with_what_they_hold_and_another_station_is_followed(admin_office, hall):
    features_page = page_of(admin_office)
    hall.do("forum", hall.date, 12)
    hall.do("forum", hall.date, 12)
    admin_office.follow()
    page, card = features_page, features_page.cards.cards["forums"]
    rest = tuple(name for name in USUALLY if name != "forums")

    def is_used(chosen, shown):
        admin_office.follow()
        return (of_the_hall(hall), used(page)) == (chosen, [*shown])

    assert is_used(None, USUALLY)
    assert any("Nothing is lost" in text for text in texts_of(page))
    admin_office.touch(card.switch)
    assert is_used(rest, rest)
    assert "2 forums stay" in texts_of(card)
    (toast,) = [one for one in admin_office.page.findChildren(Toast) if one.isVisible()]
    assert toast.text() == "Switched off: Forums"
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)  # Undo
    assert is_used(None, USUALLY)
    # By the keyboard alone, and back.
    card.switch.setFocus()
    assert (card.switch.accessibleName(), card.switch.focusPolicy()) == ("Forums", Qt.FocusPolicy.TabFocus)
    for wanted in (rest, tuple(USUALLY)):
        QTest.keyClick(card.switch, Qt.Key.Key_Space)
        assert is_used(wanted, wanted)
    assert "2 forums stay" not in texts_of(card)
    setting_up.choose_features(hall.desk, hall.ask(ADMIN), off=["packs", "lobby"])
    admin_office.follow()
    assert not {"packs", "lobby"} & {*used(page)}
    admin_office.page.show_hall_away(hall.clock())
    assert not any(each.switch.isEnabled() for each in page.cards.cards.values())
    admin_office.page.show_hall_away(None)
    assert all(each.switch.isEnabled() for each in page.cards.cards.values())


def test_what_is_pressed_while_another_is_on_its_way_stays_pressed_and_goes_after_it(admin_office, hall):
    features_page = page_of(admin_office)
    admin_office.page.context.tasks = slow = LateCommands()
    for name in ("forums", "packs", "lobby", "packs"):
        QTest.mouseClick(features_page.cards.cards[name].switch, Qt.MouseButton.LeftButton)
    rest = [name for name in USUALLY if name not in ("forums", "lobby")]
    assert (len(slow.asked), used(features_page)) == (1, rest)
    slow.answer()
    admin_office.follow()
    assert (of_the_hall(hall), used(features_page)) == (tuple(rest), rest)


def test_who_may_not_change_the_set_up_sees_what_it_uses_and_who_could(office, hall):
    page = page_of(office)
    assert used(page) == [*USUALLY]
    QTest.mouseClick(page.cards.cards["forums"].switch, Qt.MouseButton.LeftButton)
    assert (of_the_hall(hall), used(page)) == (None, [*USUALLY])
    assert any("only an admin can change it" in text for text in texts_of(office.page.setup_page))


def test_a_feature_says_what_it_needs_and_both_switch_together(hall, open_office, monkeypatch):
    make_up(monkeypatch, "camera")
    make_up(monkeypatch, "pictures", "camera")
    with program_of(["camera", "pictures"]):
        office = open_office(ADMIN)
        page = page_of(office)
        cards = page.cards.cards
        assert "Needs Camera; they switch together" in texts_of(cards["pictures"])
        office.touch(cards["camera"].switch)
        assert (of_the_hall(hall), used(page)) == ((), [])
        office.touch(cards["pictures"].switch)
        assert (of_the_hall(hall), used(page)) == (("camera", "pictures"), ["camera", "pictures"])


FEATURES = 6


def test_a_hall_uses_what_its_kind_begins_with_and_what_a_person_switches_on(wizard):  # noqa: F811
    go_to(wizard, 1, "bank")
    bank = list(wizard.draft.hall_fields["features"])
    name_the_admin(wizard)
    cards = wizard.features.cards.cards
    assert (wizard.current_step_index, list(cards)) == (FEATURES, list(choosable_feature_names()))
    assert [name for name, card in cards.items() if card.switch.isChecked()] == bank
    wizard.go_to_step(0)
    click(wizard.preset_cards["clinic"])
    wizard.go_to_step(FEATURES)
    on = [name for name, card in cards.items() if card.switch.isChecked()]
    assert on == ["kiosk", "signs"], "the choice goes with the kind"
    cards["equipment"].switch.setFocus()
    QTest.keyClick(cards["equipment"].switch, Qt.Key.Key_Space)
    click(cards["appointments"].switch)
    click(wizard.next_button)
    assert looking.setup_of_hall(hall_of(wizard)).hall.features == ("kiosk", "appointments", "equipment", "signs")


STATIONS = {"kiosk": ("kiosk",), "signs": ("plate", "line"), "lobby": ("lobby",)}
NAMES = {"kiosk": ["Kiosk"], "signs": ["Window plate", "LED line"], "lobby": ["Lobby board"]}
STATION_LINES = [("kiosk", "Kiosk", ["kiosk"])]
STATION_LINES += [
    ("signs", "Signs over windows and LED lines", line) for line in (["plate", "--window", "1"], ["line"])
]


def leave_out(hall: Hall, feature: str) -> None:
    setting_up.choose_features(hall.desk, hall.ask(), off=[feature])


@pytest.mark.parametrize("feature", STATIONS)
def test_home_offers_its_stations_where_program_and_hall_have_them_and_lists_those_that_run(hall, in_frame, feature):  # noqa: F811
    stations = STATIONS[feature]

    def home(page: Any, *here: str) -> Any:
        pc = OwnPc(hall.path, choice=LastStationChoice(station=stations[0]))
        pc.here = [RunningStation(key=name, station=name, who="") for name in here]
        pc.home.refresh_local_stations()
        return in_frame(lambda look, _kept: page(look, pc.home)).page

    def offered(page: Any) -> set[str]:
        return {name for name, card in page.cards.items() if card.isVisible()}

    pages = [home(page) for page in (StationsPage, RunningStationsPage)]
    with program_of(all_but(feature)):
        without = home(StationsPage)
        assert not {*stations} & without.cards.keys() and without.cards["guide"].isChecked()
    assert [row.name.text() for row in home(RunningStationsPage, *stations).rows] == NAMES[feature]
    leave_out(hall, feature)
    left = [home(page) for page in (StationsPage, RunningStationsPage)]
    assert [offered(before) - offered(after) for before, after in zip(pages, left, strict=True)] == [{*stations}] * 2
    assert left[0].enter_button.text() == "Open front desk"
    setting_up.choose_features(hall.desk, hall.ask(), on=[feature])
    left[0].controller.read_hall()
    assert offered(left[0]) == offered(pages[0])


@pytest.mark.parametrize(("feature", "title", "line"), STATION_LINES, ids=str)
def test_started_by_command_it_says_in_one_sentence_what_switches_it_on(hall, tmp_path, feature, title, line):
    leave_out(hall, feature)
    done = ran("-m", "queuedesk", "--lang", "en", "--db", hall.path, *line, **at_home(tmp_path))
    said = f"This hall does not use “{title}”; queuedesk features on {feature} switches it on."
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (1, "", [said])


@pytest.mark.parametrize(("feature", "stations"), [("kiosk", ["K1"]), ("signs", ["line", "plate-1"])])
def test_nobody_misses_the_last_ones_of_a_hall_that_leaves_them_out(hall: Hall, feature: str, stations: list[str]):
    def missed() -> list[str]:
        return [one.station for one in current_alerts(hall.whole(), hall.clock()) if one.kind == "device_down"]

    for name in reversed(stations):
        kind = "kiosk" if feature == "kiosk" else name.partition("-")[0]
        devices.record_station_start(hall.desk, hall.ask(actor_of_station(name)), kind, name)
        if kind == "kiosk":  # ended in order: the others were cut off
            devices.record_station_stop(hall.desk, hall.ask(actor_of_station(name)), kind, name)
    hall.clock.move(hours=1)
    devices.record_lost_stations(hall.desk, hall.ask(OWN))
    assert missed() == stations
    leave_out(hall, feature)
    assert missed() == []
