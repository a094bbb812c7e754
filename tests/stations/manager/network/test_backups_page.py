"""Backups in the set-up: one made now, another folder, one restored after a look and taken back again, logs, the day's
end, a hall beside."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import queuedesk
from queuedesk.app import main
from queuedesk.app.services.care import CareTools
from queuedesk.cli.main import run
from queuedesk.core.network.roles import Actor
from queuedesk.desk.upkeep import examining, exchange, maintenance
from queuedesk.stations.manager.network.backups_page import BackupsPage
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.services import Services
from tests import engines
from tests.hall import ADMIN, CONSOLE, MANAGER, Hall, simple_hall
from tests.stations.manager.conftest import Office
from tests.stations.seen import texts_of
from tests.stations.shapes import ROOMY, Shape
from tests.stations.whole_words import Sights, typed_words

PARTS = ROOMY


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
def opened(
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
        "place_files.py",
        "files.py",
    }


def test_one_is_made_looked_at_put_back_and_taken_back_again(
    opened: Callable[..., tuple[Office, BackupsPage]], hall: Hall, context: Any, shapes: dict[str, Shape]
) -> None:
    office, page = opened()
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
    sights.take_questions({"day's end": page.ask_day_end, "a hall beside": page.ask_hall})
    sights.must_be_whole()


def test_folder_and_files_are_chosen_by_hand_a_log_is_taken_in_and_the_data_mended(
    opened: Any, hall: Hall, tmp_path: Path
) -> None:
    # Another folder is chosen.
    office, page = opened()
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
    exchange.export(other.desk, CONSOLE, tmp_path / "x.zip", other.clock())
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
    assert not examining.is_damaged(hall.desk.db)


def test_a_manager_makes_one_puts_none_back_and_ends_the_day_after_a_question(opened: Any, hall: Hall) -> None:
    office, page = opened(MANAGER)
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
