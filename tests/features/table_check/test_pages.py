"""A table dropped on the manager's screen: recomputed, its findings beside it, a claim asked of it, its page saved and
printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from queuedesk.features.table_check.pages import ASK_AFTER_MS, AuditController, AuditPage
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Scale
from tests.features.table_check.tables import GOLDEN
from tests.stations.hands import drop_file
from tests.stations.seen import timer_of
from tests.stations.stories import Story


@pytest.fixture
def page(context: StationContext, qtbot: QtBot) -> Iterator[AuditPage]:
    controller = AuditController(context)
    page = AuditPage(context.look, controller)
    qtbot.addWidget(page)
    page.resize(1158, 768)
    timer_of(page, ASK_AFTER_MS).setInterval(0)
    page.show()
    yield page
    controller.stop()


def claim(page: AuditPage, qtbot: QtBot, **texts: str) -> None:
    """Type into the fields above the table and let the audit follow."""
    for name, text in texts.items():
        edit: QLineEdit = getattr(page, name).edit
        edit.setFocus()
        edit.clear()
        QTest.keyClicks(edit, text)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in page.findChildren(QTimer)))


def test_a_table_is_recomputed_saved_and_printed(
    page: AuditPage, story: Story, tmp_path: Path, context: StationContext
) -> None:
    story.tell("Before a table is there", page)
    drop_file(page, GOLDEN)
    story.tell("A dropped table is recomputed cell by cell", page)
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    page.open_file(other)
    story.tell("A file that is no such table is said and the last one stays", page)
    page.open_file(GOLDEN)
    assert not page.banner.isVisible()

    told: list[str] = []
    page.said.connect(lambda text, _icon: told.append(text))
    page.save_button.click()
    page.print_button.click()
    saved = tmp_path / f"{context.feed.setup.hall.code}-audit-satisfaction_2011_2012.pdf"
    with pdfium.PdfDocument(saved) as document:
        assert len(document) == 1
    assert told == [f"Saved as {saved}", "Sent to the printer"]

    # The findings go under the table where large text leaves no room.
    assert page.findings.x() > page.table.mapTo(page.findings.parentWidget(), page.table.rect().topRight()).x()
    context.look.set_scale(Scale(1.5, 1.5))
    page.resize(1112, 768)
    assert page.findings.y() > page.table.mapTo(page.findings.parentWidget(), page.table.rect().bottomLeft()).y()
    assert page.table.horizontalScrollBar().maximum() == 0


def test_a_claim_and_a_headline_are_asked_of_the_table(page: AuditPage, story: Story, qtbot: QtBot) -> None:
    page.open_file(GOLDEN)
    claim(page, qtbot, claim="98", first="2012-13")
    story.tell("A field that says nothing is named and changes nothing", page)
    claim(page, qtbot, claim="98", first="2012-10", last="2012-05")
    story.tell("Months in the wrong order are named", page)
    claim(page, qtbot, claim="98", first="2012-05", last="", headline="98.18")
    story.tell("A claim and a headline are asked of the table", page)


def typed(folder: Path, *lines: str) -> Path:
    file = folder / "typed.csv"
    file.write_text("month;satisfied;dissatisfied;stated_percent\n" + "\n".join(lines), encoding="utf-8")
    return file


def test_how_a_table_was_read_is_said_or_asked(page: AuditPage, story: Story, tmp_path: Path, qtbot: QtBot) -> None:
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88"))
    page.question.leave_button.click()
    story.tell("A question can be left", page)
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88"))
    page.open_file(GOLDEN)
    assert not page.question.isVisible(), "it goes with another file"

    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88.3"))
    story.tell("What the file decided", page)
    page.otherwise.click()
    story.tell("It is read the other way", page)
    page.otherwise.click()
    story.tell("And back", page)
    page.open_file(GOLDEN)
    assert not page.otherwise.isVisible() and not page.readings.isVisible()

    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88"))
    story.tell("What can be read in two ways is asked, beside the last table", page)
    assert page.question.leave_button.hasFocus()
    page.question.buttons[1].click()
    claim(page, qtbot, claim="87")
    story.tell("The answer is kept", page)
    page.open_file(typed(tmp_path, "2011-07;415;18;0,957", "2011-08;380;21;0,944"))
    story.tell("How a table was read is said under its name", page)

    page.open_file(typed(tmp_path, "2011-07;30.000;70.000;.5"))
    story.tell("A share of one, or so many percent", page)
    page.question.buttons[0].click()
    story.tell("It is a share", page)
