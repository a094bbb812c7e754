"""Sharing a hall, and its backups."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLayout, QStackedWidget

import queuedesk
from queuedesk.app import main
from queuedesk.app.services.care import CareTools
from queuedesk.cli.main import run
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import Actor
from queuedesk.core.network.sharing import JoinCode, PcKind, SharedPc, SharingStatus
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import maintenance
from queuedesk.stations.manager.network.backups_page import BackupsPage
from queuedesk.stations.manager.network.sharing_page import SharingPage
from queuedesk.stations.manager.today.today_page import AlertsDialog
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import Services
from queuedesk.stations.window.style import Scale
from tests import engines
from tests.hall import ADMIN, CONSOLE, MANAGER, Hall, is_damaged, simple_hall
from tests.stations.manager.conftest import Office
from tests.stations.seen import texts_of
from tests.stations.shapes import ROOMY, Shape
from tests.stations.stubs import Late
from tests.stations.whole_words import Sights, settled, typed_words

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

    def status(self) -> SharingStatus:
        return self.known

    def code_is_open(self) -> bool:
        return self.is_open

    def share(self, ask: Ask) -> Callable[[], Mapping[str, Any] | None]:
        self.asked.append(ask.who.name)

        def answer() -> Mapping[str, Any] | None:
            if self.trouble is not None:
                raise self.trouble
            return self.done

        return answer

    def stop(self, ask: Ask) -> None:
        self.asked.append(f"stop {ask.who.name}")
        self.known = replace(self.known, runs=False)

    def code(self, ask: Ask, kind: PcKind) -> JoinCode:
        self.asked.append(kind.value)
        return JoinCode("K7MX3PWR", kind, "BJ", self.clock() + timedelta(minutes=10))

    def pcs(self) -> list[SharedPc]:
        if self.away is not None:
            raise self.away
        return list(self.rows)

    def withdraw(self, ask: Ask, role: str) -> None:
        self.rows = [replace(pc, withdrawn=self.clock()) if pc.role == role else pc for pc in self.rows]

    def pc(self, role: str, name: str, **words: Any) -> None:
        now = self.clock()
        row = {"kind": PcKind.STAFF, "made": now, "made_by": "M1", "seen": now, "withdrawn": None}
        self.rows.append(SharedPc(role=role, hall="BJ", name=name, **{**row, **words}))


@pytest.fixture
def lent(hall: Hall) -> Lent:
    return Lent(hall.clock)


@pytest.fixture
def open_sharing(
    open_office: Callable[[Actor], Office], context: Any, lent: Lent
) -> Callable[..., tuple[Office, SharingPage]]:
    """Return what opens the part about the hall's PCs."""

    def go(who: Actor = MANAGER, *, shared: bool = False) -> tuple[Office, SharingPage]:
        context.services = Services(sharing=lent)
        if shared:
            share(lent)
        office = open_office(who)
        office.page.ways.open_part("pcs")
        page = office.page.setup_page.own.pages["pcs"]
        assert isinstance(page, SharingPage)
        return office, page

    return go


def share(lent: Lent, pcs: int = 3) -> None:
    """Let the hall be shared by that many PCs, this one among them."""
    lent.known = SharingStatus(is_shared=True, is_host=True, runs=True, addresses=("192.168.1.5:7432",), own_role="r0")
    lent.pc("r0", "front")
    lent.pc("r1", "window 3")
    lent.pc("r2", "big screen", kind=PcKind.PUBLIC, seen=lent.clock() - timedelta(minutes=8))
    del lent.rows[pcs:]


def test_one_button_shares_the_hall_and_what_stands_in_its_way_is_said_under_it(
    open_sharing: Callable[..., tuple[Office, SharingPage]], lent: Lent, qtbot: Any
) -> None:
    # A PC without what sharing takes says so before anybody presses.
    lent.known = SharingStatus(is_shared=False, hindrance="server_missing")
    office, page = open_sharing()
    assert "queuedesk[host]" in page.start.line.text()
    assert not page.start.share_button.isEnabled()

    # A hall that was being shared when something stopped says so.
    lent.known = SharingStatus(is_shared=False, interrupted=datetime(2026, 11, 20, 2, 30, tzinfo=UTC))
    office.later(seconds=5)
    assert page.start.line.is_refusal
    assert "10:30" in page.start.line.text(), "by the hall's clock"
    assert page.start.share_button.isEnabled()

    # Trouble is said, and the button can be pressed again.
    lent.known, lent.trouble = SharingStatus(is_shared=False), OutsideError("server_missing")
    office.later(seconds=5)
    assert page.start.share_button.text() == "Share this hall"
    office.touch(page.start.share_button)
    qtbot.waitUntil(lambda: "queuedesk[host]" in page.start.line.text())
    assert not page.start.share_button.is_busy()

    # One button shares the hall.
    lent.trouble = None
    office.touch(page.start.share_button)
    assert lent.asked == ["M1", "M1"]
    assert page.start.share_button.is_busy()

    lent.known, lent.done = SharingStatus(is_shared=True, is_host=True, runs=True, addresses=("10.0.0.7:7432",)), {}
    qtbot.waitUntil(page.code.isVisible)
    assert page.steps.addresses[0].text() == "10.0.0.7:7432"
    assert office.page.toast.text() == "The hall is shared now"

    # A window that opens anew before others are let in says so.
    lent.known = SharingStatus(is_shared=True, is_host=True, begins=True)
    office.later(seconds=5)
    assert page.pill.text() == "starts"
    assert not page.again_button.isVisible(), "nothing has stopped"
    assert not page.code.isVisible(), "no PC could use a code yet"


def test_pcs_are_let_in_listed_and_withdrawn_and_sharing_is_stopped_and_begun_again(
    open_sharing: Callable[..., tuple[Office, SharingPage]], lent: Lent, hall: Hall
) -> None:
    office, page = open_sharing(shared=True)
    rows = page.list.rows
    assert [(row.name.text(), row.pill.text()) for row in rows.values()] == [
        ("front", "connected"),
        ("big screen", "silent"),
        ("window 3", "connected"),
    ]
    assert not rows["r0"].button.isVisible(), "nobody shuts out the PC at which they sit"

    office.touch(rows["r1"].button)
    office.touch(office.question(ConfirmDialog).safe_button)
    assert [pc.withdrawn for pc in lent.rows] == [None] * 3

    office.touch(rows["r1"].button)
    office.touch(office.question(ConfirmDialog).act_button)

    row = page.list.rows["r1"]
    assert (row.pill.text(), row.button.isVisible()) == ("withdrawn", False)
    assert list(page.list.rows) == ["r0", "r2", "r1"]

    # A code lets in the kind of PC that was chosen, until its time is over.
    office.touch(page.code.kinds[PcKind.PUBLIC])
    office.touch(page.code.first_button)

    assert lent.asked == ["public"]
    assert (page.code.box.text(), page.code.left.text()) == ("K7MX-3PWR", "for one PC, 10:00 left")

    office.touch(page.code.kinds[PcKind.STAFF])
    assert not page.code.box.has_code, "a code is for the kind of PC it was made for"
    office.touch(page.code.kinds[PcKind.PUBLIC])

    hall.clock.move(minutes=3, seconds=19)
    page.code.count()
    assert page.code.left.text() == "for one PC, 6:41 left"
    hall.clock.move(minutes=7)
    page.code.count()
    assert page.code.box.text() == "This code has expired."
    assert page.code.first_button.isVisible()

    # A code that was used says who has come in.
    office.touch(page.code.first_button)
    lent.is_open = False
    lent.pc("r3", "window 4")
    office.later(seconds=5)
    assert page.code.box.text() == "window 4 has joined."
    assert page.list.rows["r3"].pill.text() == "connected"
    assert page.code.first_button.isVisible()

    # Nobody is let in or withdrawn while the hall is away.
    acts = [page.code.first_button, page.list.rows["r3"].button]
    feed = office.page.context.feed
    feed.away_since = lent.clock()
    feed.away.emit(feed.away_since)
    assert [button.isEnabled() for button in acts] == [False, False]
    feed.away_since = None
    feed.back.emit()
    assert [button.isEnabled() for button in acts] == [True, True]

    # Sharing is stopped.
    lent.asked.clear()
    office.touch(page.stop_button)
    office.touch(office.question(ConfirmDialog).safe_button)
    assert lent.asked == []
    office.touch(page.stop_button)
    office.touch(office.question(ConfirmDialog).act_button)
    assert lent.asked == ["stop M1"]
    assert (page.stop_button.isVisible(), page.again_button.isVisible()) == (False, True)

    # A main PC that lets nobody in says so and shares again.
    lent.away = OutsideError("database_away")
    office.later(seconds=5)
    assert page.pill.state == "away"
    assert not page.code.isVisible()
    lent.asked.clear()
    office.touch(page.again_button)
    assert lent.asked == ["M1"]
    assert page.again_button.is_busy()
    assert page.list.isVisible(), "the PCs stay in sight meanwhile"


def test_a_silent_pc_is_a_strip_of_the_day_and_none_is_silent_only_because_nobody_read_its_signs(
    open_sharing: Callable[..., tuple[Office, SharingPage]], lent: Lent, context: Any
) -> None:
    office, page = open_sharing(shared=True)
    office.go("today")

    def said() -> list[str]:
        return [text.title for text in office.page.today.alerts.texts if text.place.page == "pcs"]

    def sign() -> None:
        lent.rows = [replace(pc, seen=lent.clock()) for pc in lent.rows]

    office.touch(office.page.today.alerts.more)
    strip = office.page.window().findChild(AlertsDialog).strips[-1]

    assert strip.toolTip() == "PC big screen is silent\nlast seen 9:22"
    office.touch(strip.button())
    assert page.isVisible()

    office.go("today")
    lent.rows[1] = replace(lent.rows[1], seen=lent.rows[2].seen)
    lent.rows[2] = replace(lent.rows[2], seen=lent.clock() - timedelta(days=8))
    office.later(seconds=15)
    assert said() == ["PC window 3 is silent"], "nobody counts on the other one any more"

    lent.away = OutsideError("database_away")
    office.later(seconds=15)
    assert said() == [], "of nobody a sign can be read"

    # Another page is open for minutes, and all PCs go on giving signs, which nobody reads meanwhile.
    lent.away = None
    sign()
    office.later(seconds=15)
    assert said() == []
    office.go("tickets")
    office.later(minutes=6)
    sign()
    late = context.tasks = Late()
    office.go("today")
    assert late.waiting
    assert said() == [], "the last reading is minutes old"
    late.answer()
    office.later(seconds=15)
    late.answer()
    assert said() == []

    office.later(minutes=3)
    late.answer()
    office.later(seconds=15)
    assert said() == ["3 PCs are silent"]


def assert_each_control_has_a_name_and_room(page: SharingPage) -> None:
    area: Any = page.findChild(QStackedWidget).currentWidget()
    assert area.widget().width() <= area.viewport().width(), "nothing is cut"
    for one in area.findChildren(QAbstractButton):
        if one.isVisible():
            assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name), one
            assert one.mapTo(area, one.rect().topRight()).x() <= area.viewport().width(), one
            assert one.width() >= one.minimumSizeHint().width(), one


def test_it_is_whole_with_its_questions_and_every_control_has_a_name_and_room(
    open_sharing: Callable[..., tuple[Office, SharingPage]], lent: Lent, context: Any, shapes: dict[str, Shape]
) -> None:
    office, page = open_sharing()
    # As in a window, which is never made bigger by its page.
    office.page.layout().setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    office.page.setMinimumSize(0, 0)
    context.look.set_scale(Scale.staff(800, 600, 150))
    office.page.resize(800, 600)
    settled()
    assert_each_control_has_a_name_and_room(page)
    share(lent, pcs=2)
    office.later(seconds=5)
    settled()
    assert page.code.isVisible()
    assert_each_control_has_a_name_and_room(page)

    office.page.layout().setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
    sights = Sights(office.page, context.look, {pc.name for pc in lent.rows}, shapes)
    sights.take_closely("shared")

    def now() -> SharingPage:
        shown = office.page.setup_page.own.pages["pcs"]
        assert isinstance(shown, SharingPage)
        return shown

    sights.take_questions({"stop": lambda: now().ask_stop(), "withdraw": lambda: now().ask_withdrawal(lent.rows[1])})
    sights.must_be_whole()


@dataclass
class Beside:
    """A command that is done at once in this process, by the hall's clock."""

    hall: Hall

    def __call__(self, words: Sequence[str]) -> Beside:
        out = io.StringIO()
        with redirect_stdout(out):
            run(list(words), openers={}, clock=self.hall.clock, services=main.command_services())
        self.said = out.getvalue()
        return self

    def answer(self) -> str | None:
        return self.said


@pytest.fixture(autouse=True)
def own_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this PC remember for this test alone."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


@pytest.fixture
def open_backups(
    open_office: Callable[[Actor], Office], context: Any, hall: Hall
) -> Callable[..., tuple[Office, BackupsPage]]:
    """Return what opens the part about backups."""

    def go(who: Actor = ADMIN) -> tuple[Office, BackupsPage]:
        beside: Any = Beside(hall)
        context.services = Services(care=CareTools(hall.desk, str(hall.path), "manager", hall.clock, beside))
        office = open_office(who)
        office.page.ways.open_part("backups")
        page = office.page.setup_page.own.pages["backups"]
        assert isinstance(page, BackupsPage)
        return office, page

    return go


def make_one(office: Office, page: BackupsPage) -> Path:
    """Press for a backup and return where it is."""
    office.touch(page.now_button)
    office.until(lambda: not page.controller.busy)
    return next(iter(page.list.buttons))


def lines(page: BackupsPage) -> str:
    return "\n".join(line.text() for line in page.look_page.lines)


def elsewhere(mine: Hall, folder: Path, **changes: Any) -> Hall:
    """Return a hall of another database with a log of its own."""
    folder.mkdir()
    hall = simple_hall(folder, start=mine.clock.now - timedelta(hours=1), **changes)
    hall.queue("A")
    return hall


def test_every_place_that_a_window_asks_for_is_tried() -> None:
    """The others write under names of their own into a folder, as all do in the one way
    (tests/files/test_writing.py)."""
    source = Path(queuedesk.__file__).parent
    ways = ("ask_new_file", "AcceptSave", "getSaveFileName")
    # By whole paths: several files have the same name.
    texts = {path: path.read_text(encoding="utf-8") for path in source.rglob("*.py")}

    assert {path.name for path, text in texts.items() if any(way in text for way in ways)} == {
        "backups_page.py",
        "file_page.py",
        "page.py",
        "files.py",
    }


def test_one_is_made_looked_at_put_back_and_taken_back_again(
    open_backups: Callable[..., tuple[Office, BackupsPage]], hall: Hall, context: Any, shapes: dict[str, Shape]
) -> None:
    office, page = open_backups()
    assert not page.hall_button.isVisible()
    assert "Several PCs" in page.hall.line.text()

    # One is made and proven by a press.
    assert any("first one" in text for text in texts_of(page))
    assert not page.list.isVisible()
    file = make_one(office, page)
    assert file.is_file() and file.is_relative_to(hall.path.parent / "backups")
    assert "Checked on 20 November 2026 9:30." in texts_of(page)
    assert page.pill.text() == "checked"
    assert any("if it fails, both are lost" in text for text in texts_of(page))
    assert office.page.toast.text() == "Backup made and checked"

    # The equipment says when.
    office.go("equipment")
    office.later(minutes=1)
    devices = office.page.stack.page("equipment").devices
    (row,) = [line for line in devices.table.rows.rows if line.cells[0] == "Backups"]
    assert row.cells[1] == "checked 9:30"
    office.page.ways.open_part("backups")

    # A look is left with everything as it was.
    before = len(hall.log())
    office.touch(page.list.buttons[file])
    office.touch(page.look_page.safe_button)
    assert (len(hall.log()), page.list.isVisible()) == (before, True)

    # It is put back after a look.
    hall.queue("A")
    before = len(hall.log())
    office.touch(page.list.buttons[file])
    assert page.look_page.title.text() == "Restore the backup of 20 November 2026 9:30?"
    assert "2 records would be lost" in lines(page) and "A004" in lines(page)
    assert len(hall.log()) == before, "nothing is done by looking"
    office.touch(page.look_page.danger_button)
    assert "Numbers go on at A100" in lines(page)
    restore, signed_in = hall.log()[-2:]
    assert (restore.kind, restore.actor) == ("restore", ADMIN.name)
    assert (signed_in.kind, signed_in.staff, signed_in.data["station"]) == ("sign-in", ADMIN.name, "manager")

    # And that is taken back.
    office.touch(page.look_page.back_button)
    assert "A004" in lines(page) and "would come back" in lines(page)
    office.touch(page.look_page.danger_button)
    assert hall.ticket("A004").label == "A004"
    office.touch(page.look_page.safe_button)
    assert page.list.isVisible()
    office.until(lambda: len(page.list.buttons) == 3)  # the backup, and both copies

    # It is whole, with what it asks.
    office.page.toast.hide()
    sights = Sights(office.page, context.look, [*typed_words(context.feed.setup), *map(str, page.list.buttons)], shapes)
    sights.take_closely("backups")

    def now() -> BackupsPage:
        shown = office.page.setup_page.own.pages["backups"]
        assert isinstance(shown, BackupsPage)
        return shown

    sights.take_questions({"day's end": lambda: now().ask_day_end(), "a hall beside": lambda: now().ask_hall()})
    sights.must_be_whole()


def test_folder_and_files_are_chosen_by_hand_a_log_is_taken_in_and_the_data_mended(
    open_backups: Any, hall: Hall, tmp_path: Path
) -> None:
    # Another folder is chosen.
    office, page = open_backups()
    page.choose_folder(str(tmp_path / "nowhere"))
    assert page.error.text().startswith("The folder for backups")
    (tmp_path / "stick").mkdir()
    page.choose_folder(str(tmp_path / "stick"))
    office.until(lambda: not page.controller.busy)
    assert next(iter(page.list.buttons)).is_relative_to(tmp_path / "stick")
    assert any(str(tmp_path / "stick") in text for text in texts_of(page))

    # One that is gone is told, though a backup was made beside the hall.
    (tmp_path / "stick").rename(tmp_path / "pulled")
    make_one(office, page)
    assert page.error.isVisible() and "is not there; please plug its disk in" in page.error.text()
    assert "Checked on 20 November 2026 9:30, but their folder is not there." in texts_of(page)
    assert office.page.toast.text() == "Backup made and checked"

    # It is left again.
    office.touch(page.home_button)
    office.until(lambda: not page.controller.busy)
    assert not page.home_button.isVisible()

    # No save takes the place of the hall.
    before = hall.path.read_bytes()
    (tmp_path / "own.zip").hardlink_to(hall.path)
    for save in (page.save_to, page.export_to):
        save(str(tmp_path / "own.zip"))
        office.until(lambda: not page.controller.busy)
        assert "belongs to the hall" in page.error.text()
    page.export_to(str(hall.path))
    assert "choose another name" in page.error.text()
    assert (hall.path.read_bytes(), (tmp_path / "own.zip").samefile(hall.path)) == (before, True)

    # A file that is none is one sentence.
    for look, name in ((page.look_into, "letter.zip"), (page.look_into_log, "note.zip")):
        (tmp_path / name).write_text("a letter")
        look(str(tmp_path / name))
        assert str(tmp_path / name) in page.error.text()
        assert page.controller.looked is None

    # Backup and log are saved.
    page.save_to(str(tmp_path / "b.zip"))
    page.export_to(str(tmp_path / "l.zip"))
    assert (tmp_path / "b.zip").is_file() and (tmp_path / "l.zip").is_file()

    # Another hall's backup says so first.
    other = elsewhere(hall, tmp_path / "there", hall={"code": "X", "name": "Other", "timezone": "Europe/Berlin"})
    maintenance.back_up(other.desk.db, CONSOLE, tmp_path / "other.zip", other.clock())
    page.look_into(str(tmp_path / "other.zip"))
    assert "Another hall would take this one's place." in lines(page)
    assert "would go away" in lines(page)
    office.touch(page.look_page.safe_button)

    # A log of another time zone is looked at and taken in; nothing that is here changes.
    maintenance.export(other.desk, CONSOLE, tmp_path / "x.zip", other.clock())
    log = len(hall.log())
    page.look_into_log(str(tmp_path / "x.zip"))
    assert "keeps the time of Europe/Berlin" in lines(page)
    office.touch(page.look_page.act_button)

    assert "X is new here" in lines(page)
    assert "keeps the time of Europe/Berlin" in lines(page)
    assert len(hall.log()) == log
    office.touch(page.look_page.safe_button)

    # The data are checked and mended by a press.
    office.touch(page.check_button)
    office.until(lambda: not page.controller.busy)
    assert page.look_page.title.text() == "The hall's data is intact"
    assert not page.look_page.danger_button.isVisible()
    office.touch(page.look_page.safe_button)

    engines.execute(hall.desk.db, "UPDATE series SET number = 77")
    office.touch(page.check_button)
    office.until(lambda: not page.controller.busy)
    assert "series" in lines(page)
    office.touch(page.look_page.danger_button)
    office.until(lambda: page.controller.looked is not None and page.controller.looked.done is not None)

    assert page.look_page.title.text() == "The hall is repaired"
    assert not is_damaged(hall.desk.db)


def test_a_manager_makes_one_puts_none_back_and_ends_the_day_after_a_question(open_backups: Any, hall: Hall) -> None:
    office, page = open_backups(MANAGER)
    office.touch(page.now_button)
    office.until(lambda: not page.controller.busy)
    assert page.list.isVisible() and not page.list.buttons
    for button in (page.file_button, page.save_button, page.export_button, page.folder_button, page.hall_button):
        assert not button.isVisible()

    office.touch(page.day_button)
    question = office.page.findChild(ConfirmDialog)
    assert "still waiting" in question.effect.text()
    office.touch(question.act_button)
    assert hall.last().kind == "day-end"
    assert "is ended" in office.page.toast.text()
