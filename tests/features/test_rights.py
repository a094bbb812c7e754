"""Who reads and does what: by login, by PIN, by table; what tells who rated low; what is forgotten is nowhere."""

import csv
import json
import re
import shlex
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from queuedesk.app.main import command_services
from queuedesk.cli.command_table import COMMANDS
from queuedesk.cli.main import build_parser
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.features import installed_features
from queuedesk.core.improvement.project import ComparedDateSpans, EffectFigure, ResultingStandard, StandardContent
from queuedesk.core.network.roles import CUSTOMER, HALL, MAY, MAY_READ, ReadScope, Role, actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import improvement, looking, network
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.improvement import all_project_standards
from queuedesk.desk.quality import casework
from queuedesk.desk.queue import issuing, opening
from queuedesk.desk.talk import announcing, devices, messaging
from queuedesk.desk.upkeep import clocks, examining, maintenance
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.features.projects.rules import EffectVerdict, PlannedMeasure
from queuedesk.features.projects.verbs import telling
from queuedesk.features.staff.papers import own_work_xlsx
from queuedesk.features.staff.rules.person_sheet import NOT_HERE
from queuedesk.features.staff.verbs import month_sheets, own_work
from queuedesk.features.why_come.verbs import where_else_advice
from queuedesk.features.wording import verbs as wording
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.schema import pins
from queuedesk.store.upkeep.pack import BackupArchive
from scripts.build_commands import every_command
from tests.cli.commands import Answer, Console, begun_once
from tests.cli.test_transcripts import Playing, carry_out, done
from tests.cli.upkeep.test_keeping import is_whole
from tests.core.added import is_added, own_verbs
from tests.credentials import Shared, denied, shared
from tests.features.projects.rows import judged_project
from tests.golden.kept import by_name, parts_of
from tests.hall import ADMIN, DAY, GUIDE, MANAGER, Hall, clerk
from tests.rights_page import by_name as rights_by_name
from tests.rights_page import table

PIN = "4711"
ONE_OF_EACH: dict[ReadScope, tuple[str, ...]] = {
    ReadScope.HALL: ("state",),
    ReadScope.WORK: ("tickets",),
    ReadScope.NAMES: ("print-appointment", "{appointment}", "--out", "{folder}/slip.png"),
    ReadScope.FIGURES: ("report", "day", "--out", "{folder}/day.json"),
    ReadScope.LOG: ("events",),
    ReadScope.REFUSALS: ("access", "list"),
}
PEOPLE: dict[str, tuple[str, ...]] = {
    "nobody": (), "guide": ("--as", "G1"), "clerk": ("--as", "C1"), "manager": ("--as", "M1"),
    "admin": ("--as", "AD"), "reader": ("--as", "R1"), "without PIN": ("--as", "M2"),
}  # fmt: skip
"""The columns of the page's table: who asks, in a hall where M1, C1, AD and R1 have PINs."""
ELSEWHERE = {"backups list", "autostart show", "printer list", "printer show", "screen list", "switches show"}
"""Ask for a verb, or show this PC's own choices alone."""


@pytest.fixture
def hall(bare: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A001 was rated 2, somebody has an appointment, and M1, C1 and AD have PINs; M2 and G1 have none."""
    bare.services = command_services()
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    return begun_once(bare, act_before)


def act_before(console: Console) -> None:
    console.ask("init", "--preset", "power", "--all-hours", "--hall", "CD")
    console.ask("staff", "add", "M2", "name=Li", "role=manager")
    console.ask("open", "3", "--staff", "C3")
    console.ask("serve", "3", "A")
    console.clock.move(minutes=5)
    console.ask("finish", "3")
    console.ask("rate", "A001", "2", "--comment", "slow")
    console.ask("appointment", "add", "A", "--at", "16:00", "--name", "Hu Min")
    console.ask("staff", "add", "R1", "name=Lin", "role=reader")
    for person in ("M1", "C1", "R1"):
        console.ask("staff", "set", person, f"pin={PIN}", "--as", "AD")
    console.ask("staff", "set", "AD", f"pin={PIN}", "--as", "AD")


def test_each_is_read_by_those_whom_the_table_names(hall: Console, tmp_path: Path) -> None:
    number = hall.ask("--as", "M1", "appointment", "list")["appointments"][0]["appointment"]
    for row in table("Who reads what"):
        words = [word.format(folder=tmp_path, appointment=number) for word in ONE_OF_EACH[ReadScope(row["what"])]]
        told = {}
        for who, named in PEOPLE.items():
            answer = hall.say("--json", *named, *words)
            told[who] = "yes" if answer.status == 0 else f"`{answer.refusal}`"
        assert {who: row[who] for who in PEOPLE} == told, row["what"]


def ratings(file: Path) -> list[str]:
    return [row["rating"] for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())]


def test_the_page_says_which_role_reads_and_does_what() -> None:
    for row in table("Who reads what"):
        for role in (Role.GUIDE, Role.CLERK, Role.MANAGER, Role.ADMIN, Role.READER):
            assert (row[str(role)] == "yes") == (ReadScope(row["what"]) in MAY_READ[role]), row
    for role in Role:
        told = rights_by_name("Who does what", "verbs", str(role))
        assert told == {verb: "yes" if verb in MAY[role] else "no" for verb in own_verbs()}


def test_no_clerk_learns_how_somebody_was_rated(hall: Console, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    for who in (("--as", "C1"), ("--as", "G1"), ("--as", "M2")):
        assert "rating" not in hall.ask(*who, "tickets")["tickets"][0]
        hall.ask(*who, "tickets", "--csv", file)
        assert ratings(file) == [""]
        assert "rating" not in hall.ask(*who, "wait", "A001")
    assert "rating" not in hall.ask("wait", "A001")
    assert hall.ask("--as", "M1", "wait", "A001")["rating"] == 2
    assert hall.ask("--as", "M1", "tickets")["tickets"][0]["rating"] == 2
    hall.ask("--as", "M1", "tickets", "--csv", file)
    assert ratings(file) == ["2"]


def test_a_manager_without_a_pin_is_anybody_and_a_backup_and_an_export_ask_for_an_admin(hall, tmp_path):
    for words in (("backup", f"{tmp_path}/b"), ("export", "--out", f"{tmp_path}/e")):
        assert hall.refused(*words) == "who_are_you"
        assert hall.refused("--as", "C1", *words) == "not_your_role"
        assert hall.refused("--as", "M2", *words) == "not_your_role"
        assert hall.ask("--as", "AD", *words)["file"]
    answer = hall.say("--as", "M2", "day-end")
    told = "Others here have PINs but M2 has none, so this could be anybody; please ask an admin to give M2 a PIN.\n"
    assert (answer.status, answer.err) == (1, told)
    assert hall.ask("--as", "M2", "issue", "A")["ticket"] == "A002"
    assert hall.refused("--as", "M2", "sign-in", "manager", "M2") == "pin_needed"
    assert hall.refused("--as", "G1", "sign-in", "manager", "M1") == "not_your_role"
    assert hall.ask("--as", "M1", "sign-in", "manager", "M1")["staff"] == "M1"
    hall.ask("--as", "AD", "staff", "set", "M2", f"pin={PIN}")
    assert hall.ask("--as", "M2", "tickets")["tickets"][0]["rating"] == 2


def test_an_admin_without_one_gives_the_first_pins(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    console.ask("staff", "set", "C1", f"pin={PIN}")
    assert console.ask("--as", "AD", "staff", "set", "AD", f"pin={PIN}") == {"code": "AD", "pin": True}
    console.ask("--as", "AD", "staff", "add", "A2", "name=Bo", "role=admin")
    assert console.refused("--as", "A2", "staff", "set", "C1", "pin=") == "pin_needed"


def test_the_access_journal_tells_who_was_refused(hall: Console) -> None:
    hall.refused("events")
    hall.refused("--as", "C1", "report", "day", "--out", "x.json")
    hall.clock.move(days=1)
    hall.refused("--as", "C1", "day-end")
    hall.refused("--as", "G1", "export", "--out", "x")
    rows = hall.ask("--as", "M1", "access", "list")["refusals"]
    assert [(row["actor"], row["verb"], row["code"]) for row in rows] == [
        ("console", "sign-in", "who_are_you"),
        ("C1", "read-figures", "not_for_you"),
        ("C1", "day-end", "not_your_role"),
        ("G1", "export", "not_your_role"),
    ]
    assert rows[0]["at"] == "2026-11-20T10:05:00+08:00"
    assert len(hall.ask("--as", "M1", "access", "list", "--to", "2026-11-20")["refusals"]) == 2
    assert len(hall.ask("--as", "M1", "access", "list", "--from", "2026-11-21")["refusals"]) == 2
    assert "Read reports and ratings  not for this role" in hall.say("--as", "M1", "access", "list").out


KIOSK, DISPLAY = actor_of_station("kiosk"), actor_of_station("display")


@pytest.fixture
def public(place: Shared) -> Hall:
    return place.hall(place.pc(PcKind.PUBLIC))


@pytest.fixture
def staff(place: Shared) -> Hall:
    return place.hall(place.pc(PcKind.STAFF))


@pytest.fixture
def manager(place: Shared) -> Hall:
    return place.hall(place.pc(PcKind.MANAGER))


def test_a_day_from_the_kiosk_to_the_rating(place, public, staff, manager):
    staff.do("sign-in", "guide", "G1", who=GUIDE)
    staff.do("open", "1", staff="C1", who=clerk("C1"))
    first = public.do("issue", "A", who=KIOSK)["ticket"]
    public.do("help", who=KIOSK)
    assert staff.do("call", "1", who=clerk("C1"))["ticket"] == first
    seq = staff.last().seq
    announcing.record_call_shown(public.desk, seq, "display", place.clock())
    announcing.record_call_announcement_result(public.desk, seq, "display", place.clock(), link="best")
    staff.do("start", "1", who=clerk("C1"))
    place.clock.move(minutes=5)
    staff.do("finish", "1", who=clerk("C1"))
    public.do("rate", first, 5, comment="quick", who=CUSTOMER)
    devices.record_sign_of_life(public.desk, Ask(DISPLAY, place.clock()), "display", "display")
    manager.do("set-row", "services", "A", {"name": "Bills"}, who=ADMIN)
    left = public.do("issue", "A", who=KIOSK)["ticket"]
    place.clock.move(days=1)
    public.do("issue", "A", who=KIOSK)  # The first of the next day ends this one.
    ended = [event for event in staff.log() if event.kind == "day-end"]
    assert [event.data["waiting"] for event in ended] == [[left]]
    for hall in (public, staff, manager):
        assert looking.hall_state_now(hall.desk, place.clock()).now == manager.whole().now
    place.hall().must_follow_from_its_log()


def test_one_number_a_person_at_kiosks_and_front_desks(place, public, staff, manager):
    """Each kind of PC keeps, finds and replaces it, and whoever ends the day deletes it."""
    manager.do("set-setting", "one_number", "on", who=ADMIN)
    staff.do("open", "1", staff="C1", who=clerk("C1"))
    for hall, who in ((public, KIOSK), (staff, GUIDE)):
        first = hall.do("issue", "A", person="13800138000", who=who)["ticket"]
        for other in (public, staff):
            with pytest.raises(RuleError, match="has_number"):
                other.do("issue", "A", person="138-0013-8000", who=KIOSK)
        assert staff.serve_out("1") == first
    desks = [(public.desk, public.ask(KIOSK)), (staff.desk, staff.ask(GUIDE))] * 4

    def issue(at: tuple[Desk, Ask]) -> str:
        try:
            return str(issuing.issue_ticket(*at, "A", person="13800138000")["ticket"])
        except RuleError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(desks)) as pcs:
        answers = sorted(pcs.map(issue, desks))
    assert answers[1:] == ["has_number"] * 7 and answers[0].startswith("A"), "all at once, and one of them issues"
    place.clock.move(days=1)
    public.do("issue", "B", who=KIOSK)  # The first of the next day ends this one.
    with place.hall().desk.db.read() as tx:
        assert events.answer_of_command(tx, public.desk.hall, f"{events.ONE_NUMBER}salt") is None
    assert "13800138000" not in str([event.data for event in staff.log()])


def test_a_project_is_managers_alone(place, staff, manager):
    """A counter's login reads the log and follows it, and learns nothing of what a project says and who leads it."""
    manager.queue("A")
    number = judged_project(manager)
    told = telling.read_project_document(manager.desk, number, place.clock())
    assert (told["title"], told["measures"][0]["who"]) == ("Right the first time", "M1")
    assert improvement.all_project_rows(staff.desk, place.clock()) == []
    assert improvement.fading_effects(staff.desk, place.clock()) == []
    with pytest.raises(RuleError, match="not_there"):
        telling.read_project_document(staff.desk, number, place.clock())
    manager.do("project-open", "Sooner told", "M1", who=MANAGER)
    manager.do("project-measure", number + 1, PlannedMeasure(what="Alarm", who="M1", due=manager.date), who=MANAGER)
    rule = StandardContent(place=ResultingStandard.RULE, key="crowd", value="18")
    manager.do("project-standard", number + 1, 1, rule, who=MANAGER)
    assert [one["asked"] for one in all_project_standards(manager.desk)] == [True]
    assert all_project_standards(staff.desk) == []
    manager.do("project-take", number + 1, 1, who=ADMIN)
    manager.do("project-follow", number + 1, [EffectFigure("wait.mean", 5.0)], who=MANAGER)
    weeks = [manager.date + timedelta(days=n) for n in (-14, -8, -7, -7, -1)]
    spans = ComparedDateSpans(before=(weeks[0], weeks[1]), measures=weeks[2], after=(weeks[3], weeks[4]))
    manager.do("project-spans", number + 1, spans, who=MANAGER)
    found = telling.before_after_effect(manager.desk, number + 1, place.clock())
    assert found is not None and [one.verdict for one in found.figures] == [EffectVerdict.TOO_FEW]
    assert improvement.fading_effects(manager.desk, place.clock()) == []
    seen = [event.data for event in staff.log() if event.kind.startswith("project-")]
    assert len(seen) >= 10
    assert all(set(data) <= {"date", "of", "untold"} for data in seen)
    assert looking.hall_state_now(staff.desk, place.clock()).projects == {}
    with pytest.raises((RuleError, OutsideError)):
        staff.do("project-open", "From a counter", "M1", who=MANAGER)
    place.hall().must_follow_from_its_log()


def test_a_kiosk_follows_trials_of_words_and_advice_is_a_managers(place, public, staff, manager):
    manager.do("wording", "A", "交电费", "Pay here", who=MANAGER)
    manager.do("add-row", "notices", {"text": "缴费"})
    manager.do("wording-notice", 1, "请付费", "Pay", services=["B"], who=MANAGER)
    public.do("issue", "A", who=KIOSK)
    key, notice = looking.hall_state_now(public.desk, place.clock()).wordings.values()
    assert (key.label_en, key.is_open, notice.label_en, notice.services) == ("Pay here", True, "Pay", ("B",))
    with pytest.raises((RuleError, OutsideError)):
        staff.do("wording", "C", "From a counter", who=MANAGER)
    day = looking.business_date_of_change(manager.desk, place.clock())
    assert where_else_advice(manager.desk, day, day, place.clock()).visit_count == 1
    assert len(wording.trials_with_data(manager.desk, place.clock())) == 2
    place.hall().must_follow_from_its_log()


def test_a_counter_is_told_the_own_sheet_without_ratings(place, staff, manager):
    staff.do("open", "1", staff="C1", who=clerk("C1"))
    label = staff.queue("A")[0]
    staff.serve_out("1")
    staff.do("rate", label, 5, who=CUSTOMER)
    staff.do("case-open", casework.NewCaseData(klass="repair", owner="C1"), who=MANAGER)
    own = own_work(staff.desk, clerk("C1"), DAY.date(), place.clock())
    months, counter = own.months, own.whole.team.sheets["C1"]
    office = month_sheets(manager.desk, MANAGER, DAY.date(), place.clock(), staff="C1").team.sheets["C1"]
    assert len(months) == 1, "the hall's first"
    assert months[0].team.sheets["C1"].result_for_item("handling").value is None
    assert (counter.result_for_item("satisfaction").why, counter.verdict) == (NOT_HERE, None)
    assert office.result_for_item("satisfaction").value == 1.0
    assert counter.result_for_item("order") == office.result_for_item("order")
    assert counter.result_for_item("handling").of == 1
    assert own.day is not None and (own.day.visits, own.day.sheet.result_for_item("satisfaction").why) == (1, NOT_HERE)
    assert own_work_xlsx(looking.setup_of_hall(staff.desk), own, lang="en", made=place.clock())


def test_the_chores_are_done_by_any_pc(place, public, staff):
    wish = AppointmentRequest(service="B", at=DAY + timedelta(hours=11), name="王 Wang", contact="0571 1")
    booking.book_appointment(staff.desk, Ask(GUIDE, place.clock()), wish)
    staff.queue("A", "A", "A")
    place.clock.move(hours=5)
    alarm, lost = messaging.record_and_count_alarm_changes, devices.record_lost_stations
    for chore in (booking.unbook_overdue_and_delete_contacts, alarm, lost):
        chore(public.desk, Ask(HALL, place.clock()))
    place.clock.move(days=40)
    clocks.end_due(public.desk, Ask(HALL, place.clock()))
    booking.unbook_overdue_and_delete_contacts(public.desk, Ask(HALL, place.clock()))
    assert [row["name"] for row in booking.appointments_between_dates(staff.desk, date(2026, 11, 20))] == [""]
    place.hall().must_follow_from_its_log()


def test_each_pc_does_what_its_login_gives_and_what_it_may_not_do_leaves_the_hall_as_it_was(
    place, public, staff, manager, tmp_path
):
    before = staff.whole()
    with denied():
        staff.do("set-row", "services", "A", {"name": "Bills"}, who=ADMIN)
    with denied():
        public.do("open", "1", staff="C1", who=clerk("C1"))
    with denied():
        public.do("issue", "A", who=GUIDE)
    assert staff.whole() == before
    manager.do("set-pin", "M1", "2468", who=ADMIN)
    manager.do("set-pin", "C1", "1357", who=ADMIN)
    assert opening.require_and_get_proven_actor(staff.desk, "C1", pin="1357", now=place.clock()).name == "C1"
    for attempt in (
        lambda: opening.require_and_get_proven_actor(staff.desk, "C1", pin="1358", now=place.clock()),
        lambda: opening.manager_of_pin(public.desk, "1357", now=place.clock()),
    ):
        with pytest.raises(RuleError, match="wrong_pin"):
            attempt()
    assert opening.manager_of_pin(public.desk, "2468", now=place.clock()).name == "M1"
    file = maintenance.write_database_backup(manager.desk.db, ADMIN, tmp_path / "hall.backup", place.clock())
    with BackupArchive(file) as backup:
        (copy,) = backup.verified_hall_copies()
        assert (backup.tables_left_out, backup.row_count_of_table(copy.id, pins)) == (["pins"], 0)
    assert {found.status for found in examining.examine_database(manager.desk.db)} == {"ok"}


def test_a_managers_backup_holds_no_hall_that_it_merely_looks_on_at(shared_url, tmp_path):
    with shared(shared_url, "A", "B") as both:
        both.hall(hall=2).do("set-hall", {"seen_by": ["A/M1"]})
        manager = both.hall(both.pc(PcKind.MANAGER))
        file = maintenance.write_database_backup(manager.desk.db, ADMIN, tmp_path / "a.backup", both.clock())
        everything = maintenance.write_database_backup(both.owner, ADMIN, tmp_path / "all.backup", both.clock())
        with manager.desk.db.read() as tx:
            assert [code for _id, code in halls.hall_ids_and_codes(tx)] == ["A", "B"]
        beside = Desk(manager.desk.db, 2)
        network.require_own_hall(manager.desk)
        rows = partial(network.pc_rows, now=both.clock())
        for taken_for_its_own in (network.own_pc_kind, network.require_own_hall, rows):
            with pytest.raises(RuleError, match="hall_beside"):
                taken_for_its_own(beside)
    with BackupArchive(file) as one, BackupArchive(everything) as two:
        assert [copy.code for copy in one.verified_hall_copies()] == ["A"]
        assert [copy.code for copy in two.verified_hall_copies()] == ["A", "B"]


WHO = {
    "guide": "G1", "clerk": "C2", "owner": "C1", "concerned": "C3", "manager": "M1", "concerned manager": "M2",
    "admin": "AD",
}  # fmt: skip
"""The columns of the table: cases and thanks are C1's, cases concern C3 and M2, and M2 has to put something right."""
ASKED = Path(__file__).parent / "golden" / "rights.txt"
"""What has happened in a hall, and after "? " what everybody asks there."""


@pytest.fixture
def playing(console: Console) -> Playing:
    """A hall with one of each thing in every state."""
    return carry_out(console, ASKED.read_text(encoding="utf-8").splitlines())


def rights() -> dict[str, dict[str, str]]:
    """Return the page's answers for each command of quality."""
    rows = table("Who does what of quality")
    return {name: row for row in rows for name in re.findall("`([^`]+)`", row["commands"])}


OF_QUALITY = ("low_ratings", "inspections", "morning", "thanks", "forums", "notes")


def writing() -> Iterator[str]:
    """Yield the program's own commands of quality that write."""
    modules = [
        *((f"cli.{module}", names) for module, names in COMMANDS.items()),
        *(row for one in installed_features() for row in one.commands.items()),
    ]
    own = ("cli.quality", *(f"features.{name}." for name in OF_QUALITY))
    of_quality = {name for module, names in modules if module.startswith(own) for name in names}
    for name, parser in every_command(build_parser({})):
        if name.split()[0] in {*of_quality, "calendar", "sheet"} and not parser.get_default("reads"):
            yield name


def assert_who_is_no_manager_reads_own_cases_and_thanks_in_part(playing: Playing) -> None:
    def asked(who: str, *words: str) -> Any:
        return playing.console.ask("--as", WHO[who], *words)

    words = ("cases", "list", "--month", "2026-11-20")
    listed = {who: [one["number"] for one in asked(who, *words)["cases"]] for who in WHO}
    readers = ("owner", "manager", "concerned manager", "admin")
    cases = [f"26-00{n}" for n in range(1, 7)]
    assert listed == {who: cases if who in readers else [] for who in WHO}
    own, whole = (asked(who, "cases", "show", cases[-1]) for who in ("owner", "manager"))
    assert set(whole) - set(own) == {"source", "ref", "concerns", "words", "reasons"}
    assert [one["text"] for one in own["history"]] == [None] * 6
    assert "two windows" in [one["text"] for one in whole["history"]]
    assert own["contact"] == whole["contact"] == "138 •••• 5176"
    thanked = {who: len(asked(who, "thanks", "list")["thanks"]) for who in WHO}
    assert thanked == {**dict.fromkeys(WHO, 1), "guide": 0, "clerk": 0, "concerned": 0}


def test_everybody_reads_and_does_what_the_table_says_of_every_command_that_writes(
    playing: Playing, tmp_path: Path
) -> None:
    assert set(rights()) == {*writing(), "cases show"}
    assert_who_is_no_manager_reads_own_cases_and_thanks_in_part(playing)
    told: dict[str, dict[str, str]] = {}
    kept, file = tmp_path / "kept.sqlite", playing.console.db
    shutil.copy(file, kept)
    for line in ASKED.read_text(encoding="utf-8").splitlines():
        if line.startswith("? "):
            words = playing.words(line[2:])
            row = told[" ".join(words[:2])] = {}
            for who, code in WHO.items():
                answer = playing.console.say("--json", "--as", code, *words)
                row[who] = "yes" if answer.status == 0 else f"`{answer.refusal}`"
                if answer.status == 0:  # After a refusal it is as it was.
                    shutil.copy(kept, file)
    assert {name: {who: row[who] for who in WHO} for name, row in rights().items()} == told


def test_an_id_that_is_given_again_answers_with_the_number_alone(console: Console) -> None:
    before, lines = map(done, parts_of(Path(__file__).with_name("quality.transcript")).values())
    playing = carry_out(console, before)
    asked = 0
    for line in lines:
        group, name, *more = playing.words(line.removeprefix("$ --json "))
        if group not in ("inspect", "rectification", "thanks", "forum", "cases") or name in ("list", "sheets", "show"):
            continue
        words = ("--id", f"again {line}"[:40], group, name, *more)
        first, second = console.say("--json", *words), console.say("--json", *words)
        if first.status == 0:
            asked += 1
            assert second.document.items() <= first.document.items(), line
            assert len(second.document) <= 2, line
            assert console.say(*words).status == 0, line
    assert asked > 5


PAGES = Path(__file__).parent / "golden"
WITH_ARGUMENTS = by_name(PAGES / "looked_at.txt")
"""What the commands that look are given; the others need nothing."""
WITHOUT_SCREEN = {
    "paper-tickets", "ticket-design preview", "ticket-design print", "project sample", "calendar published",
}  # fmt: skip
"""Show nothing of the hall's day."""


def lived_with_rating(folder: Path, console: Console, level: int) -> Console:
    """A morning in which the customer of C3 rates A001; everything else happens in each hall at the same moment."""
    folder.mkdir()
    hall = Console(folder / "hall.sqlite", console.read, services=command_services())
    lines = (PAGES / "rated.txt").read_text(encoding="utf-8").replace("LEVEL", str(level)).replace("PIN", PIN)
    return begun_once(hall, lambda one: carry_out(one, lines.splitlines()), kind=str(level))


def given(words: str, hall: Console, who: str) -> list[str]:
    more = WITH_ARGUMENTS.get(words, "").format(folder=made_in(hall), who=who or "C3", card=1)
    return [*words.split(), *more.split()]


def made_in(hall: Console) -> Path:
    folder = hall.db.parent / "out"
    folder.mkdir(exist_ok=True)
    return folder


def seen(hall: Console, who: str, *shape: str, words: str) -> tuple[Any, ...]:
    """Everything that somebody gets from a command: its status, its words or its document, its file."""
    answer = hall.say(*shape, *(("--as", who) if who else ()), *given(words, hall, who))
    return *plain(hall, answer), taken(hall)


def taken(hall: Console) -> dict[str, bytes]:
    """Return the files that commands made, and remove them."""
    files = {file.name: file.read_bytes() for file in sorted(made_in(hall).iterdir())}
    for file in made_in(hall).iterdir():
        file.unlink()
    files.pop("ticket.png", None)  # has a random token
    return files


def documents(hall: Console, who: str, looks: list[str], patch: pytest.MonkeyPatch) -> tuple[dict[str, Any], Any]:
    """Return what somebody gets as documents from commands in one process, by the command, and the files."""
    lines = hall.db.parent / "looks.txt"
    lines.write_text("\n".join(shlex.join(given(words, hall, who)) for words in looks), encoding="utf-8")
    with lines.open(encoding="utf-8") as source:
        patch.setattr("sys.stdin", source)
        status, out, err = plain(hall, hall.say("--json", *(("--as", who) if who else ()), "batch"))
    assert (status, err) == (0, "")
    return dict(zip(looks, map(json.loads, out.splitlines()), strict=True)), taken(hall)


def plain(hall: Console, answer: Answer) -> tuple[int, str, str]:
    """Return an answer without the folder of its hall and what its disk has left."""
    out = re.sub(r"\d+ MB free", "MB free", answer.out.replace(str(hall.db.parent), "HALL"))
    return answer.status, out, answer.err.replace(str(hall.db.parent), "HALL")


@pytest.fixture
def two_halls(bare: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: object) -> tuple[Console, Console]:
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    return lived_with_rating(tmp_path / "good", bare, 5), lived_with_rating(tmp_path / "low", bare, 1)


def test_nothing_that_a_clerk_reads_tells_who_rated_low(two_halls, monkeypatch):
    """Neither a clerk's words nor anybody's documents."""
    good, low = two_halls
    every = every_command(build_parser({}))
    looks = {words: parser for words, parser in every if words not in WITHOUT_SCREEN and not is_added(words)}
    scopes = (ReadScope.HALL, ReadScope.WORK)
    asked = [words for words, parser in looks.items() if parser.get_default("reads") in scopes]

    def compare(words: str, *shape: str) -> None:
        one, other = (seen(hall, "C3", *shape, words=words) for hall in two_halls)
        assert one == other, words
        assert one[0] in (0, 1), (words, one)

    of_work = [words for words in asked if looks[words].get_default("reads") is ReadScope.WORK]
    for words in (*of_work, "doctor"):
        compare(words)
    compare("doctor", "--json")
    everybody_s = [words for words in asked if words not in of_work]
    for who, what in {"": everybody_s, **dict.fromkeys(("C3", "G1"), of_work)}.items():
        (one, files), (other, other_files) = (documents(hall, who, what, monkeypatch) for hall in two_halls)
        for words in what:
            assert one[words] == other[words], (words, who)
            assert one[words]["status"] in (0, 1) and one[words].get("code") != "not_in_batch", (words, who, one[words])
        assert files == other_files, who
    for hall in two_halls:
        hall.clock.move(days=1)
        hall.ask("issue", "A", "--as", "G1")
    for words in ("sheets show", "state", "warnings list", "message list"):  # of yesterday's ratings sheets tell today
        for shape in ((), ("--json",)):
            compare(words, *shape)
    # The manager is told, of the same number of events.
    one, other = (len(hall.say("--json", "--as", "M1", "events").out.splitlines()) for hall in two_halls)
    assert one == other
    (case,) = [one for one in low.ask("--as", "M1", "cases", "list")["cases"] if one["source"] == "rating"]
    assert (case["number"][:4], case["ticket"], case["owner"]) == ("26-R", "A001", "M1")
    assert {one["source"] for one in good.ask("--as", "M1", "cases", "list")["cases"]} == {"spoken"}


def test_nothing_that_a_clerk_may_do_tells_either(two_halls):
    """A refusal that came of a low rating alone would be an answer."""
    good, low = two_halls
    number = low.ask("--as", "M1", "cases", "list")["cases"][0]["number"]
    for words in (
        ("cases", "open", "A001", "--class", "complaint", "--source", "rating"),
        ("cases", "show", number),
        ("cases", "note", number, "x"),
        ("rate", "A001", "3"),
    ):
        assert good.refused("--as", "C3", *words) == low.refused("--as", "C3", *words), words


@pytest.mark.usefixtures("hall_alone")
def test_whoever_may_read_the_log_is_told_its_numbers(two_halls):
    low = two_halls[1]
    last = len(low.say("--json", "--as", "M1", "events").out.splitlines())

    def chain(*who: str) -> str:
        checks = low.say("--json", *who, "doctor").document["checks"]
        return next(str(one["message"]) for one in checks if one["name"] == "chain CD")

    assert chain("--as", "M1") == f"The log is unbroken up to number {last}."
    assert chain("--as", "C3") == chain() == "The log is unbroken."
    numbers = [[row["seq"] for row in low.ask("--as", who, "voice", "log")["announcements"]] for who in ("M1", "C1")]
    assert numbers == [[7, 15], [None, None]]


RATED, SPOKEN, COMPLAINT = "the floor was wet", "nobody at the door", "my meter was read twice"
NOTED, THANKS, ISSUE = "she wants a call at noon", "so patient with my mother", "open at lunch"
ALL = (RATED, SPOKEN, COMPLAINT, NOTED, THANKS, ISSUE)


def lived_talking(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    console.ask("serve", "3", "A")
    console.clock.move(minutes=5)
    console.ask("finish", "3")
    console.ask("rate", "A001", "4", "--comment", RATED)
    console.ask("quality", "note", SPOKEN)
    console.ask("cases", "open", "--class", "complaint", "--title", "Bill", "--words", COMPLAINT, "--as", "M1")
    console.ask("cases", "act", "26-001", NOTED, "--as", "M1")
    console.ask("thanks", "add", "C3", "--words", THANKS)
    console.ask("forum", "add", "2026-11-19", "5", "--issue", ISSUE)
    console.ask("close", "3")


@pytest.fixture
def talkative(console: Console) -> Console:
    """A hall whose customers have said something in every way there is, and a case that is open."""
    console.services = command_services()
    return begun_once(console, lived_talking)


def held(console: Console, folder: Path) -> set[str]:
    """Return which words stand in any output, the files made now, or the hall's own file."""
    folder.mkdir()
    console.ask("backup", folder / "b.zip")
    console.ask("export", "--out", folder / "e.zip")
    console.ask("report", "day", "--out", folder / "day.json")
    said = [
        console.say("--json", *words.split()).out
        for words in ("quality comments", "cases show 26-001", "thanks list", "forum list", "events", "state")
    ]
    with sqlite3.connect(console.db) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for packed in (folder / "b.zip", folder / "e.zip"):
        with zipfile.ZipFile(packed) as pack:
            said += [pack.read(name).decode("utf-8", "replace") for name in pack.namelist()]
    said += [path.read_bytes().decode("utf-8", "replace") for path in (folder / "day.json", console.db)]
    return {words for words in ALL if any(words in one for one in said)}


def test_what_is_forgotten_is_nowhere_afterwards(talkative: Console, tmp_path: Path) -> None:
    assert held(talkative, tmp_path / "before") == set(ALL)
    ids = {one["text"]: one["id"] for one in talkative.ask("quality", "comments")["comments"]}
    thanks = talkative.ask("thanks", "list")["thanks"][0]["thanks"]
    forum = talkative.ask("forum", "list")["forums"][0]["forum"]
    first = talkative.ask("quality", "forget", ids[RATED])
    assert (first["kind"], first["forgotten"], first["title"]) == ("comment", 1, None)
    assert set(first["backups"]) == {"n", "newest", "until"}
    talkative.ask("quality", "forget", ids[SPOKEN])
    case = talkative.say("quality", "forget", "26-001").out
    assert "2 texts forgotten" in case and "The title “Bill” is in the log for good." in case
    assert talkative.ask("quality", "forget", thanks)["kind"] == "thanks"
    assert talkative.ask("quality", "forget", forum)["kind"] == "forum"
    assert held(talkative, tmp_path / "after") == set()
    assert talkative.ask("cases", "show", "26-001")["title"] == "Bill"
    assert is_whole(talkative)
    for again in (ids[RATED], "26-001", thanks, forum, "26-999", "abc"):
        assert talkative.refused("quality", "forget", again) in ("not_there", "unknown_comment")
    assert talkative.say("quality", "forget", thanks).err == f"There is no saved text {thanks}.\n"


def test_words_go_by_their_date_but_those_of_a_case_when_it_is_closed(talkative: Console, tmp_path: Path) -> None:
    talkative.ask("settings", "set", "words_days", "30")
    talkative.clock.move(days=31)
    talkative.ask("issue", "A")
    assert held(talkative, tmp_path / "open") == {COMPLAINT, NOTED}
    talkative.ask("cases", "close", "26-001", "--as", "M1")
    talkative.clock.move(days=31)
    talkative.ask("issue", "A")
    assert held(talkative, tmp_path / "closed") == set()
