"""Sharing a hall, and its backups."""

import io
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import queuedesk
from queuedesk.app import main
from queuedesk.app.services.care import HallDataMaintenance
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.sharing import JoinCode, PcKind, SharedPc, SharingStatus
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import maintenance
from queuedesk.stations.manager.today.today_page import AlertsDialog
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import StationServices
from tests import engines
from tests.hall import ADMIN, CONSOLE, MANAGER, Hall, is_damaged, simple_hall
from tests.stations.seen import texts_of
from tests.stations.shapes import ROOMY
from tests.stations.stubs import Late
from tests.stations.whole_words import Sights, typed_words, unreachable, visible

PARTS = ROOMY


@dataclass
class Lent:
    """What the page is lent: a hall that is shared once `done` is set, or not shared for `trouble`."""

    clock: Callable[[], datetime]
    known: SharingStatus = SharingStatus(is_shared=False)  # noqa: RUF009 - it never changes
    rows: list[SharedPc] = field(default_factory=list)
    done: Mapping[str, Any] | None = None
    trouble: OutsideError | None = None
    is_open: bool = True
    away: OutsideError | None = None
    asked: list[str] = field(default_factory=list)

    def sharing_status(self) -> SharingStatus:
        return self.known

    def is_join_code_open(self) -> bool:
        return self.is_open

    def start_sharing(self, ask: Ask, server: str | None = None) -> Callable[[], Mapping[str, Any] | None]:
        self.asked.append(ask.who.name)
        return self.answer

    def answer(self) -> Mapping[str, Any] | None:
        if self.trouble is not None:
            raise self.trouble
        return self.done

    def stop(self, ask: Ask) -> None:
        self.asked.append(f"stop {ask.who.name}")
        self.known = replace(self.known, runs=False)

    def code(self, ask: Ask, kind: PcKind) -> JoinCode:
        self.asked.append(kind.value)
        return JoinCode("K7MX3PWR", kind, "BJ", self.clock() + timedelta(minutes=10))

    def pcs_of_hall(self) -> list[SharedPc]:
        if self.away is not None:
            raise self.away
        return list(self.rows)

    def withdraw_pc(self, ask: Ask, role: str) -> None:
        self.rows = [replace(pc, withdrawn=self.clock()) if pc.role == role else pc for pc in self.rows]

    def pc(self, role: str, name: str, **words: Any) -> None:
        row = {"kind": PcKind.STAFF, "made": self.clock(), "made_by": "M1", "seen": self.clock(), "withdrawn": None}
        self.rows.append(SharedPc(role=role, hall="BJ", name=name, **{**row, **words}))


@pytest.fixture
def lent(hall):
    return Lent(hall.clock)


@pytest.fixture
def open_sharing(open_office, context, lent):
    def go(*, shared=False):
        context.services = StationServices(sharing=lent)
        if shared:
            share(lent)
        office = open_office(MANAGER)
        office.page.ways.open_set_up_part("pcs")
        return office, office.page.setup_page.own.get_or_make_page("pcs")

    return go


def share(lent: Lent, pcs: int = 3) -> None:
    """Let the hall be shared by that many PCs, this one among them."""
    lent.known = SharingStatus(is_shared=True, is_host=True, runs=True, addresses=("192.168.1.5:7432",), own_role="r0")
    lent.pc("r0", "front")
    lent.pc("r1", "window 3")
    lent.pc("r2", "big screen", kind=PcKind.PUBLIC, seen=lent.clock() - timedelta(minutes=8))
    del lent.rows[pcs:]


def test_one_button_shares_the_hall_and_what_stands_in_its_way_is_said_under_it(open_sharing, lent, qtbot, story):
    lent.known = SharingStatus(is_shared=False, hindrance="server_missing")
    office, page = open_sharing()

    def told(step, status):
        lent.known = status
        office.later(seconds=5)
        story.tell(step, page)

    story.tell("A PC without what sharing takes says so before anybody presses", page)
    stopped = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    told("Something stopped, by the hall's clock", SharingStatus(is_shared=False, interrupted=stopped))
    assert page.start.line.is_refusal
    lent.trouble = OutsideError("server_missing")
    told("Nothing is in the way", SharingStatus(is_shared=False))
    office.touch(page.start.share_button)
    qtbot.waitUntil(lambda: "queuedesk[host]" in page.start.line.text())
    assert not page.start.share_button.is_busy(), "trouble is said, and the button can be pressed again"
    lent.trouble = None
    office.touch(page.start.share_button)
    assert (lent.asked, page.start.share_button.is_busy()) == (["M1", "M1"], True)
    lent.known, lent.done = SharingStatus(is_shared=True, is_host=True, runs=True, addresses=("10.0.0.7:7432",)), {}
    qtbot.waitUntil(page.code.isVisible)
    told = page.steps.addresses[0].text(), office.page.toast.text()
    assert told == ("10.0.0.7:7432", "The hall is shared now")
    lent.known = SharingStatus(is_shared=True, is_host=True, begins=True)
    office.later(seconds=5)
    seen = page.pill.text(), page.again_button.isVisible(), page.code.isVisible()
    assert seen == ("starts", False, False), "nothing has stopped, and no PC could use a code yet"


def test_pcs_are_let_in_listed_and_withdrawn_and_sharing_is_stopped_and_begun_again(open_sharing, lent, hall, story):
    office, page = open_sharing(shared=True)
    code = page.code
    story.tell("PCs are listed; nobody shuts out the one at which they sit", page)

    def answer(button, which):
        office.touch(button)
        office.touch(getattr(office.question(ConfirmDialog), which))

    answer(page.list.rows["r1"].button, "safe_button")
    assert [pc.withdrawn for pc in lent.rows] == [None] * 3
    answer(page.list.rows["r1"].button, "act_button")
    story.tell("One is withdrawn", page)
    assert list(page.list.rows) == ["r0", "r2", "r1"]
    # A code lets in the kind of PC that was chosen, until its time is over.
    office.touch(code.kinds[PcKind.PUBLIC], code.first_button)
    assert lent.asked == ["public"]
    story.tell("A code for one PC", code)
    office.touch(code.kinds[PcKind.STAFF])
    assert not code.box.has_code, "a code is for the kind of PC it was made for"
    office.touch(code.kinds[PcKind.PUBLIC])
    hall.clock.move(minutes=3, seconds=19)
    code.count()
    assert code.left.text() == "for one PC, 6:41 left"
    hall.clock.move(minutes=7)
    code.count()
    story.tell("It has expired", code)
    office.touch(code.first_button)
    lent.is_open = False
    lent.pc("r3", "window 4")
    office.later(seconds=5)
    story.tell("A code that was used says who has come in", page)
    # Nobody is let in or withdrawn while the hall is away.
    acts = [code.first_button, page.list.rows["r3"].button]
    feed = office.page.context.feed
    feed.away_since = lent.clock()
    feed.away.emit(feed.away_since)
    assert [button.isEnabled() for button in acts] == [False, False]
    feed.away_since = None
    feed.back.emit()
    assert [button.isEnabled() for button in acts] == [True, True]
    lent.asked.clear()
    answer(page.stop_button, "safe_button")
    assert lent.asked == []
    answer(page.stop_button, "act_button")
    assert lent.asked == ["stop M1"]
    story.tell("Sharing is stopped", page)
    lent.away = OutsideError("database_away")
    office.later(seconds=5)
    assert page.pill.state == "away"
    story.tell("A main PC that lets nobody in says so", page)
    office.touch(page.again_button)
    assert (lent.asked, page.again_button.is_busy()) == (["stop M1", "M1"], True)
    assert page.list.isVisible(), "the PCs stay in sight meanwhile"


def test_each_pc_says_its_version_a_silent_one_is_a_strip_of_today_and_none_is_silent_because_nobody_read_its_signs(
    open_sharing, lent, context
):
    office, page = open_sharing(shared=True)
    assert page.list.rows["r1"].kind.text() == "Staff PC"
    lent.rows[1] = replace(lent.rows[1], version="0.1.7")
    office.later(seconds=5)
    assert [page.list.rows[role].kind.text() for role in ("r0", "r1")] == ["Staff PC", "Staff PC · QueueDesk 0.1.7"]
    office.go("today")

    def said(**span):
        office.later(**span or {"seconds": 15})
        return [text.title for text in office.page.today.alerts.texts if text.place.page == "pcs"]

    def sign():
        lent.rows = [replace(pc, seen=lent.clock()) for pc in lent.rows]

    office.touch(office.page.today.alerts.more)
    strip = office.page.window().findChild(AlertsDialog).strips[-1]
    assert strip.toolTip() == "PC big screen is silent\nlast seen 9:22"
    office.touch(strip.button())
    assert page.isVisible()
    office.go("today")
    lent.rows[1] = replace(lent.rows[1], seen=lent.rows[2].seen)
    lent.rows[2] = replace(lent.rows[2], seen=lent.clock() - timedelta(days=8))
    assert said() == ["PC window 3 is silent"], "nobody counts on the other one any more"
    lent.away = OutsideError("database_away")
    assert said() == [], "of nobody a sign can be read"
    # Another page is open for minutes, and all PCs go on giving signs, which nobody reads meanwhile.
    lent.away = None
    sign()
    assert said() == []
    office.go("tickets")
    office.later(minutes=6)
    sign()
    late = context.tasks = Late()
    office.go("today")
    assert late.waiting
    assert said(seconds=0) == [], "the last reading is minutes old"
    late.answer()
    said()
    late.answer()
    assert said(seconds=0) == []
    said(minutes=3)
    late.answer()
    assert said() == ["3 PCs are silent"]


def test_it_is_whole_with_its_questions_and_every_control_has_a_name(open_sharing, lent, context, shapes):
    office, page = open_sharing()
    assert [*unreachable(visible(page))] == []
    share(lent, pcs=2)
    office.later(seconds=5)
    assert page.code.isVisible()
    sights = Sights(office.page, context.look, {pc.name for pc in lent.rows}, shapes)
    sights.take_closely("shared")

    def now():
        return office.page.setup_page.own.get_or_make_page("pcs")

    sights.take_questions(
        {"stop": lambda: now().confirm_stop_sharing(), "withdraw": lambda: now().confirm_pc_withdrawal(lent.rows[1])}
    )
    sights.must_be_whole()


@dataclass
class Beside:
    """A command that is done at once in this process, by the hall's clock."""

    hall: Hall

    def __call__(self, words):
        out = io.StringIO()
        with redirect_stdout(out):
            run_command_line(list(words), openers={}, clock=self.hall.clock, services=main.command_services())
        self.output_if_ended = out.getvalue
        return self


@pytest.fixture(autouse=True)
def own_choices(tmp_path, monkeypatch):
    """Let this PC remember for this test alone."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


@pytest.fixture
def open_backups(open_office, context, hall):
    def go(who=ADMIN):
        care = HallDataMaintenance(hall.desk, str(hall.path), "manager", hall.clock, Beside(hall))
        context.services = StationServices(care=care)
        office = open_office(who)
        office.page.ways.open_set_up_part("backups")
        return office, office.page.setup_page.own.get_or_make_page("backups")

    return go


def done(office, page, button=None) -> None:
    if button is not None:
        office.touch(button)
    office.until(lambda: not page.controller.busy)


def lines(page) -> str:
    return "\n".join(line.text() for line in page.look_page.lines)


def test_every_place_that_a_window_asks_for_is_tried() -> None:
    """The others write under names of their own into a folder, as all do in the one way
    (tests/files/test_reading.py)."""
    source, ways = Path(queuedesk.__file__).parent, ("ask_save_path", "AcceptSave", "getSaveFileName")
    asking = (path for path in source.rglob("*.py") if any(way in path.read_text(encoding="utf-8") for way in ways))
    assert {path.relative_to(source).as_posix() for path in asking} == {
        "features/rollout/pages.py",
        "features/setup_file/pages.py",
        "features/why_come/pages.py",
        "stations/manager/network/backups_page.py",
        "stations/widgets/questions/files.py",
    }


def test_one_is_made_looked_at_put_back_and_taken_back_again(open_backups, hall, context, shapes):
    office, page = open_backups()
    look = page.look_page
    assert any("first one" in text for text in texts_of(page)) and not page.list.isVisible()
    done(office, page, page.now_button)
    file = next(iter(page.list.buttons))
    assert file.is_file() and file.is_relative_to(hall.path.parent / "backups")
    assert {"Checked on 20 November 2026 9:30.", "checked"} <= {*texts_of(page), page.pill.text()}
    assert any("if it fails, both are lost" in text for text in texts_of(page))
    assert office.page.toast.text() == "Backup made and checked"
    before = hall.length()
    office.touch(page.list.buttons[file], look.safe_button)
    assert (hall.length(), page.list.isVisible()) == (before, True), "a look is left with everything as it was"
    hall.queue("A")
    office.touch(page.list.buttons[file])
    assert look.title.text() == "Restore the backup of 20 November 2026 9:30?"
    assert "2 records would be lost" in lines(page) and "A004" in lines(page)
    assert hall.length() == before + 1
    office.touch(look.danger_button)
    assert "Numbers go on at A100" in lines(page)
    restore, signed_in = hall.log()[-2:]
    assert (restore.kind, restore.actor) == ("restore", ADMIN.name)
    assert (signed_in.kind, signed_in.staff, signed_in.data["station"]) == ("sign-in", ADMIN.name, "manager")
    office.touch(look.back_button)
    assert "A004" in lines(page) and "would come back" in lines(page), "and that is taken back"
    office.touch(look.danger_button)
    assert hall.ticket("A004").label == "A004"
    office.touch(look.safe_button)
    assert page.list.isVisible()
    office.until(lambda: len(page.list.buttons) == 3)  # the backup, and both copies
    office.page.toast.hide()
    sights = Sights(office.page, context.look, [*typed_words(context.feed.setup), *map(str, page.list.buttons)], shapes)
    sights.take_closely("backups")
    sights.take_questions(
        {"day's end": lambda: office.page.setup_page.own.get_or_make_page("backups").confirm_day_end()}
    )
    sights.must_be_whole()


def test_folder_and_files_are_chosen_by_hand_a_log_is_taken_in_and_the_data_mended(open_backups, hall, tmp_path):
    office, page = open_backups()
    look, stick = page.look_page, tmp_path / "stick"
    page.choose_folder(str(tmp_path / "nowhere"))
    assert page.error.text().startswith("The folder for backups")
    stick.mkdir()
    page.choose_folder(str(stick))
    done(office, page)
    assert next(iter(page.list.buttons)).is_relative_to(stick)
    assert any(str(stick) in text for text in texts_of(page))
    # A folder that is gone is told, though a backup was made beside the hall; it is left again.
    stick.rename(tmp_path / "pulled")
    done(office, page, page.now_button)
    assert page.error.isVisible() and "is not there; please plug its disk in" in page.error.text()
    assert "Checked on 20 November 2026 9:30, but their folder is not there." in texts_of(page)
    assert office.page.toast.text() == "Backup made and checked"
    done(office, page, page.home_button)
    assert not page.home_button.isVisible()
    # No save takes the place of the hall.
    before = hall.path.read_bytes()
    (tmp_path / "own.zip").hardlink_to(hall.path)
    for save in (page.save_backup_to, page.export_log_to):
        save(str(tmp_path / "own.zip"))
        done(office, page)
        assert "belongs to the hall" in page.error.text()
    page.export_log_to(str(hall.path))
    assert "choose another name" in page.error.text()
    assert (hall.path.read_bytes(), (tmp_path / "own.zip").samefile(hall.path)) == (before, True)
    # A file that is none is one sentence; backup and log are saved.
    for look_into, name in ((page.examine_file, "letter.zip"), (page.preview_log_import, "note.zip")):
        (tmp_path / name).write_text("a letter")
        look_into(str(tmp_path / name))
        assert str(tmp_path / name) in page.error.text() and page.controller.looked is None
    for save, name in ((page.save_backup_to, "b.zip"), (page.export_log_to, "l.zip")):
        save(str(tmp_path / name))
        assert (tmp_path / name).is_file()
    # Another hall's backup says so first.
    (tmp_path / "there").mkdir()
    about = {"code": "X", "name": "Other", "timezone": "Europe/Berlin"}
    other = simple_hall(tmp_path / "there", start=hall.clock.now - timedelta(hours=1), hall=about)
    other.queue("A")
    maintenance.write_database_backup(other.desk.db, CONSOLE, tmp_path / "other.zip", other.clock())
    page.examine_file(str(tmp_path / "other.zip"))
    assert "Another hall would take this one's place." in lines(page) and "would go away" in lines(page)
    office.touch(look.safe_button)
    # A log of another time zone is looked at and taken in; nothing that is here changes.
    maintenance.export_hall_log(other.desk, CONSOLE, tmp_path / "x.zip", other.clock())
    log = hall.length()
    page.preview_log_import(str(tmp_path / "x.zip"))
    assert "keeps the time of Europe/Berlin" in lines(page)
    office.touch(look.act_button)
    assert "X is new here" in lines(page) and "keeps the time of Europe/Berlin" in lines(page)
    assert hall.length() == log
    office.touch(look.safe_button)
    # The data are checked and mended by a press.
    done(office, page, page.check_button)
    assert (look.title.text(), look.danger_button.isVisible()) == ("The hall's data is intact", False)
    office.touch(look.safe_button)
    engines.execute(hall.desk.db, "UPDATE series SET number = 77")
    done(office, page, page.check_button)
    assert "series" in lines(page)
    office.touch(look.danger_button)
    office.until(lambda: page.controller.looked is not None and page.controller.looked.done is not None)
    assert look.title.text() == "The hall is repaired"
    assert not is_damaged(hall.desk.db)


def test_a_manager_makes_one_puts_none_back_and_ends_the_day_after_a_question(open_backups, hall):
    office, page = open_backups(MANAGER)
    done(office, page, page.now_button)
    assert page.list.isVisible() and not page.list.buttons
    hidden = (page.file_button, page.save_button, page.export_button, page.folder_button, page.hall_button)
    assert not any(button.isVisible() for button in hidden)
    office.touch(page.day_button)
    question = office.page.findChild(ConfirmDialog)
    assert "still waiting" in question.effect.text()
    office.touch(question.act_button)
    assert hall.last().kind == "day-end" and "is ended" in office.page.toast.text()
