"""Features: what holds for each, what their registers name, and the program without a folder, or with each alone."""

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
from sqlalchemy import select

from queuedesk.cli.job import DeskFunctionHandler
from queuedesk.cli.main import build_parser
from queuedesk.core import features
from queuedesk.core.log.apply import VERBS, FeatureRules
from queuedesk.core.network.roles import ReadScope, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import examining
from queuedesk.features.lost_property import verbs
from queuedesk.i18n.names import FeatureWords
from queuedesk.stations.counter.controller import WindowShrinker
from queuedesk.stations.manager.parts.records import RecordPageSpec
from queuedesk.store.engine.database import Database
from queuedesk.store.parts.part_tables import ROWS, objects_of_days
from queuedesk.store.rights.tables import EVENTS
from queuedesk.store.schema import contacts
from scripts.build_commands import every_command
from tests import engines
from tests.core.added import ADDED_VERBS, is_added, own_verbs
from tests.desk.test_change import every_command as every_verb
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.test_reading import ELSEWHERE
from tests.hall import MANAGER, simple_hall, simple_setup
from tests.rights_page import table

ROOT = Path(__file__).resolve().parents[2]
OF_THE_CORE = ("tests/core/network/test_roles.py", "tests/core/log/test_event_kinds.py")


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
import queuedesk.core.queue.public_order, queuedesk.core.waits.quote, queuedesk.i18n.names
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
    for part in parts:
        assert set(state.records_of_part(part)) == {
            key for key, one in before.records_of_part(part).items() if part.is_record_open(one)
        }
    with played.desk.db.read() as tx:
        people = {text for row in tx.execute(select(contacts)) for text in (row.name, row.contact) if text}
    told = str([event.data for event in played.log()])
    assert not [one for one in people if one in told]
    assert not {"name", "contact"} & {kept for verb in rules.verbs for kept in VERBS[verb].keeps}
    for part in parts:
        engines.execute(played.desk.db, f"DROP TABLE {ROWS[part].table.name}")
    again = engines.again(played.desk.db)
    with again.read() as tx:
        made = {part: objects_of_days(tx, played.desk.hall, part) for part in parts}
    again.dispose()
    for part in parts:
        assert made[part] == before.records_of_part(part) != {}, f"the demo has some of {part.name}"
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
