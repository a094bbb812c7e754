"""Who does what of quality: each command's desk function by everybody, against the table of the rights; all commands."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from queuedesk.cli.command_table import COMMANDS
from queuedesk.cli.main import build_parser
from queuedesk.core.errors import RuleError
from queuedesk.core.features import features
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.quality.case import Verdict
from queuedesk.core.quality.inspection import OPENING, SHEETS
from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import case_documents, casework, forgetting, inspecting, morning, thanking
from queuedesk.desk.quality.casework import Complaint
from queuedesk.desk.setup import calendaring, setting_up
from queuedesk.features.forums import verbs as forums
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.features.morning import verbs as morning_verbs
from queuedesk.features.thanks import verbs as texting
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console, begun_once
from tests.cli.parsers import commands
from tests.cli.test_reading import every_command
from tests.features.golden import must_answer, typed_on
from tests.hall import ADMIN, DAY, GUIDE, MANAGER, Hall, clerk, make_hall
from tests.rights_page import table

OWNER, CONCERNED = "C1", "M2"
WHO = {
    "guide": GUIDE,
    "clerk": clerk("C2"),
    "owner": clerk(OWNER),
    "concerned": clerk("C3"),
    "manager": MANAGER,
    "concerned manager": Actor(CONCERNED, Role.MANAGER),
    "admin": ADMIN,
}
"""The columns of the table: cases and thanks are C1's, cases concern C3 and M2, and M2 has to put something right."""
TODAY = DAY.date()
SHEET = USUAL_SHEETS[3]["code"]
CASE = partial(
    Complaint, klass="complaint", owner=OWNER, concerns=("C3", CONCERNED), words="No chairs", contact="13800135176"
)
Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def calls(n: dict[str, Any]) -> dict[str, Call]:
    """Return what each command calls, so that it is done for who may; `n` are the numbers of what there is."""
    do = casework
    items = next(one["items"] for one in USUAL_SHEETS if one["code"] == SHEETS[OPENING])
    marks = [{"item": at, "state": "good"} for at, _item in enumerate(items, 1)]
    return {
        "quality note": (thanking.note, ("No pen",), {"klass": "complaint"}),
        "quality forget": (forgetting.forget, (n["comment"],), {}),
        "quality read": (thanking.mark_read, (n["comment"],), {}),
        "cases show": (_shown, (n["opened"],), {}),
        "cases open": (do.open_case, (Complaint(klass="complaint", owner="C4"),), {}),
        "cases contact": (do.note_contact, (n["opened"],), {}),
        "cases act": (do.note_act, (n["contacted"], "two windows"), {}),
        "cases call-back": (do.call_back, (n["acted"],), {"reached": False}),
        "cases verdict": (do.give_verdict, (n["called back"], Verdict.SATISFIED), {}),
        "cases close": (do.close_case, (n["satisfied"],), {}),
        "cases reopen": (do.reopen_case, (n["closed"], "again"), {}),
        "cases assign": (do.assign, (n["opened"], "C4"), {}),
        "cases note": (do.add_note, (n["opened"], "rang"), {}),
        "cases cite": (do.cite_ticket, (n["opened"], n["cited"]), {}),
        "cases set-contact": (do.set_contact, (n["opened"], ""), {}),
        "cases show-contact": (do.show_contact, (n["opened"],), {}),
        "inspect plan": (inspecting_verbs.plan, (TODAY, SHEET, "mystery"), {"visitor": 2}),
        "inspect drop": (inspecting_verbs.drop, (n["planned"],), {"reason": "rain"}),
        "inspect start": (inspecting_verbs.start, (n["planned"],), {}),
        "inspect score": (inspecting_verbs.score, (n["begun"], 1, 0), {}),
        "inspect tie": (inspecting_verbs.tie, (n["begun"], None), {}),
        "inspect sign": (inspecting_verbs.sign, (n["filled"],), {}),
        "rectification add": (inspecting_verbs.add_fix, ("No lamp", "C1"), {}),
        "rectification proof": (inspecting.prove_fix, (n["proven"], "a photo"), {}),
        "rectification look": (inspecting_verbs.look_at_fix, (n["proven"],), {"good": True}),
        "rectification remind": (inspecting_verbs.remind_of_fix, (n["proven"],), {}),
        "thanks add": (thanking.thank, (CONCERNED,), {}),
        "thanks seen": (thanking.mark_seen, (n["thanks"],), {}),
        "forum add": (forums.add_forum, (TODAY, 9), {}),
        "forum issue": (forums.add_issue, (n["forum"], "more chairs"), {}),
        "forum case": (forums.open_case, (n["forum"], 1), {}),
        "notes add": (thanking.add, ("41002233", "x"), {}),
        "notes decline": (thanking.decline, (), {}),
        "notes end": (thanking.end, (n["note"],), {}),
        "warnings number": (texting.set_number, ("C1", "13800000001"), {}),
        "warnings export": (texting.hand_over, (["w1-C1"], len), {}),
        "briefing write": (morning_verbs.write, (["Lanyards"],), {}),
        "briefing read": (morning.mark_read, (n["briefing"],), {}),
        "opening sign": (morning.sign, (OPENING, marks), {}),
        "calendar set": (calendaring.set_days, ({"2026-11-27": {"kind": "holiday"}},), {}),
        "calendar remove": (calendaring.set_days, ({"2026-11-26": None},), {}),
        "calendar import": (calendaring.set_days, ({"2026-11-28": {"kind": "working"}},), {}),
        "sheet add": (setting_up.add_row, ("sheets", {**USUAL_SHEETS[3], "code": "own"}), {}),
        "sheet set": (setting_up.set_row, ("sheets", SHEET, {"name": "x"}), {}),
        "sheet remove": (setting_up.remove_row, ("sheets", SHEET), {}),
    }


def _shown(desk: Desk, ask: Ask, number: str) -> dict[str, Any]:
    return case_documents.case_of(desk, ask.who, number, ask.now)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Hall, dict[str, Any]]:
    """A hall with one of each thing in every state, and its numbers."""
    hall = make_hall(tmp_path_factory.mktemp("rights"))
    stood_in = {"code": CONCERNED, "name": "钱红", "name_en": "Qian Hong", "role": "manager"}
    hall.do("add-row", "staff", stood_in, who=ADMIN)
    do = partial(hall.do, who=MANAGER)
    n: dict[str, Any] = {}
    steps: tuple[tuple[str, str, tuple[Any, ...], dict[str, Any]], ...] = (
        ("contacted", "case-contact", (), {}),
        ("acted", "case-act", ("two windows",), {}),
        ("called back", "case-call-back", (), {"reached": True}),
        ("satisfied", "case-verdict", (Verdict.SATISFIED,), {}),
        ("closed", "case-close", (), {}),
    )
    for at, state in enumerate(("opened", *(step[0] for step in steps))):
        n[state] = do("case-open", CASE())["number"]
        for _state, verb, args, words in steps[:at]:
            do(verb, n[state], *args, **words)
    n["cited"] = do("issue", "A")["ticket"]
    n["comment"] = do("comment", "No chairs", klass="complaint")["comment"]
    n["planned"] = do("inspect-plan", TODAY, SHEET, "open")["inspection"]
    n["begun"] = do("inspect-start", sheet=SHEET, channel="mystery", visitor=2)["inspection"]
    filled = do("inspect-start", sheet=SHEET, channel="open")
    n["filled"] = filled["inspection"]
    for item in filled["items"]:
        do("inspect-score", n["filled"], item["n"], 0)
    n["proven"] = do("fix-add", "No plate", CONCERNED)["rectification"]
    do("fix-prove", n["proven"], "a photo")
    n["thanks"] = do("thanks", OWNER)["thanks"]
    setting_up.change_part(hall.desk, hall.ask(ADMIN), "settings", {"reference_notes": "on"})
    n["note"] = thanking.add(hall.desk, hall.ask(MANAGER), "41002233", "x")["note"]
    n["forum"] = do("forum", TODAY, 9, issues=["more windows"])["forum"]
    n["briefing"] = morning_verbs.write(hall.desk, hall.ask(MANAGER), ["Doors"])["briefing"]
    calendaring.set_days(hall.desk, hall.ask(MANAGER), {"2026-11-26": {"kind": "holiday"}})
    return hall, n


def rights() -> dict[str, dict[str, str]]:
    """Return the page's answers for each command of quality."""
    rows = table("Who does what of quality")
    return {name: row for row in rows for name in re.findall("`([^`]+)`", row["commands"])}


OF_QUALITY = ("inspections", "morning", "thanks", "forums", "notes")


def writing() -> Iterator[str]:
    """Yield the program's own commands of quality that write."""
    modules = [
        *((f"cli.{module}", names) for module, names in COMMANDS.items()),
        *(row for one in features() for row in one.commands.items()),
    ]
    own = ("cli.quality.", *(f"features.{name}." for name in OF_QUALITY))
    of_quality = {name for module, names in modules if module.startswith(own) for name in names}
    for name, parser in every_command(build_parser({})):
        if name.split()[0] in {*of_quality, "calendar", "sheet"} and not parser.get_default("reads"):
            yield name


def test_the_table_names_every_command_that_writes() -> None:
    assert set(rights()) == {*writing(), "cases show"}


def test_everybody_does_what_the_table_says(made: tuple[Hall, dict[str, Any]], tmp_path: Path) -> None:
    hall, n = made
    hall.desk.db.dispose()
    told: dict[str, dict[str, str]] = {}
    path = tmp_path / "hall.sqlite"
    desk: Desk | None = None
    for name, (do, args, words) in calls(n).items():
        row = told[name] = {}
        for who, actor in WHO.items():
            if desk is None:
                shutil.copy(hall.path, path)
                desk = Desk(Database.open(path), 1)
            try:
                do(desk, hall.ask(actor), *args, **words)
            except RuleError as error:
                row[who] = f"`{error.code}`"  # It is as it was: the next one asks the same hall.
            else:
                row[who] = "yes"
                desk.db.dispose()
                path.unlink()
                desk = None
    if desk is not None:
        desk.db.dispose()

    assert {name: {who: row[who] for who in WHO} for name, row in rights().items()} == told


def test_of_cases_and_thanks_who_is_no_manager_reads_the_own_ones_in_part(made: tuple[Hall, dict[str, Any]]) -> None:
    hall, n = made
    now = hall.clock()

    def numbers(who: str) -> list[str]:
        return [one["number"] for one in case_documents.cases_of(hall.desk, WHO[who], TODAY, now)]

    cases = [n[state] for state in ("opened", "contacted", "acted", "called back", "satisfied", "closed")]
    listed = {who: numbers(who) for who in WHO}
    assert {who for who, found in listed.items() if found == cases} == {
        "owner",
        "manager",
        "concerned manager",
        "admin",
    }
    assert [listed[who] for who in ("guide", "clerk", "concerned")] == [[], [], []]
    own, whole = (case_documents.case_of(hall.desk, WHO[who], n["closed"], now) for who in ("owner", "manager"))
    assert set(whole) - set(own) == {"source", "ref", "concerns", "words", "reasons"}
    assert [one["text"] for one in own["history"]] == [None] * 6
    assert "two windows" in [one["text"] for one in whole["history"]]
    assert own["contact"] == whole["contact"] == "138 •••• 5176"
    thanked = {who: len(thanking.thanks_of(hall.desk, actor, now)) for who, actor in WHO.items()}
    assert thanked == {**dict.fromkeys(WHO, 1), "guide": 0, "clerk": 0, "concerned": 0}


# -- the commands of quality -------------------------------------------------------------------------------------------

GROUPS = ("quality", "cases", "inspect", "rectification", "sheet", "thanks", "warnings", "notes", "forum")
PAGE = Path(__file__).parent / "golden" / "quality.txt"


def begun(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    console.ask("issue", "A")
    for deed in ("call", "start", "finish"):
        console.ask(deed, "3")
    # Somebody waits so long that who is responsible is warned.
    console.ask("issue", "B")
    console.clock.move(minutes=40)
    console.ask("staff", "set", "G1", "warned_of=B")
    console.ask("ack", console.ask("state")["alerts"][0]["kind"])
    console.ask("rate", "A001", "1")
    console.ask("settings", "set", "reference_notes", "on")


@pytest.fixture
def walked(console: Console) -> Console:
    """A hall whose A001 was served and rated low."""
    return begun_once(console, begun)


def test_every_command_of_quality_answers_as_its_page_says_and_none_is_left_out(walked, tmp_path):
    must_answer(walked, PAGE, tmp_path)

    parsers = commands(build_parser({}))
    every = {f"{group} {name}" for group in GROUPS for name in commands(parsers[group])}
    assert {" ".join(line.split()[3 if "--as" in line else 1 :][:2]) for line in typed_on(PAGE)} == every


def test_an_id_that_is_given_again_answers_with_the_number_alone(walked, tmp_path):
    asked = 0
    for line in typed_on(PAGE):
        group, name, *more = shlex.split(line.replace("FOLDER", str(tmp_path)))[1:]
        if group not in ("inspect", "rectification", "thanks", "forum", "cases") or name in ("list", "sheets", "show"):
            continue
        words = ("--id", f"again {line}"[:40], group, name, *more)
        first, second = walked.say("--json", *words), walked.say("--json", *words)
        if first.status == 0:
            asked += 1
            assert second.document.items() <= first.document.items(), line
            assert len(second.document) <= 2, line
            assert walked.say(*words).status == 0, line
    assert asked > 5
