"""A table dropped on the manager's screen: recomputed, its findings beside it, a claim asked of it, its page saved and
printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from queuedesk.features.table_check.pages import (
    ASK_AFTER_MS,
    CLAIM,
    DIFFERENCE,
    INTERVAL,
    MONTH,
    SATISFIED,
    STATED,
    TRUE,
    AuditController,
    AuditPage,
)
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Scale
from tests.features.table_check.tables import GOLDEN
from tests.stations.seen import timer_of


@pytest.fixture
def controller(context: StationContext) -> Iterator[AuditController]:
    controller = AuditController(context)
    yield controller
    controller.stop()


@pytest.fixture
def page(context: StationContext, controller: AuditController, qtbot: QtBot) -> AuditPage:
    page = AuditPage(context.look, controller)
    qtbot.addWidget(page)
    page.resize(1158, 768)
    timer_of(page, ASK_AFTER_MS).setInterval(0)
    page.show()
    return page


def shown(page: AuditPage, row: int, column: int) -> str:
    return str(page.table.rows.index(row, column).data(Qt.ItemDataRole.DisplayRole)).replace("\u2060", "")


def claim(page: AuditPage, qtbot: QtBot, **texts: str) -> None:
    """Type into the fields above the table and let the audit follow."""
    for name, text in texts.items():
        edit: QLineEdit = getattr(page, name).edit
        edit.setFocus()
        edit.clear()
        QTest.keyClicks(edit, text)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in page.findChildren(QTimer)))


def test_a_table_is_recomputed_saved_and_printed(page: AuditPage, tmp_path: Path, context: StationContext) -> None:
    # A dropped table is recomputed cell by cell.
    assert not page.save_button.isEnabled() and not page.print_button.isEnabled()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(GOLDEN))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(50, 50), action, mime, button, Qt.KeyboardModifier.NoModifier))

    row = " ".join(shown(page, 0, column) for column in (MONTH, STATED, TRUE, DIFFERENCE, INTERVAL))
    assert row == "2011-07 95.7 95.84 −0.14 93.53–97.35"
    assert page.table.rows.rowCount() == 12
    assert page.table.rows.columnCount() == CLAIM
    assert [text.split(" ")[0] for text in page.findings.texts()] == ["None", "2011-07", "The"]
    assert page.name.text() == "satisfaction_2011_2012.csv"

    # A file that is no such table is said and the last one stays.
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    page.open_file(other)

    assert page.banner.isVisible()
    assert page.table.rows.rowCount() == 12
    page.open_file(GOLDEN)
    assert not page.banner.isVisible()

    # The page is saved and printed.
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


def test_a_claim_and_a_headline_are_asked_of_the_table(page: AuditPage, qtbot: QtBot) -> None:
    # A field that says nothing is named and changes nothing.
    page.open_file(GOLDEN)
    claim(page, qtbot, claim="98", first="2012-13")

    assert (page.claim.error(), page.first.error()) == ("", "A month, such as 2012-05")
    assert page.table.rows.columnCount() == CLAIM

    # Months in the wrong order are named.
    claim(page, qtbot, claim="98", first="2012-10", last="2012-05")

    assert page.last.error() == "This is before the first month."

    # A claim and a headline are asked of the table.
    claim(page, qtbot, claim="98", first="2012-05", last="", headline="98.18")

    assert len(page.findings.texts()) == 5
    assert shown(page, 11, CLAIM) == "can't tell"
    assert shown(page, 0, CLAIM) == ""


def typed(folder: Path, *lines: str) -> Path:
    file = folder / "typed.csv"
    file.write_text("month;satisfied;dissatisfied;stated_percent\n" + "\n".join(lines), encoding="utf-8")
    return file


def test_how_a_table_was_read_is_said_or_asked(page: AuditPage, tmp_path: Path, qtbot: QtBot) -> None:
    # A question can be left and goes with another file.
    unsure = typed(tmp_path, "2011-07;53.000;7.000;88")
    page.open_file(unsure)
    page.question.leave_button.click()
    assert not page.question.isVisible()
    assert page.empty.isVisible()

    page.open_file(unsure)
    page.open_file(GOLDEN)
    assert not page.question.isVisible()

    # What the file decided can be read the other way.
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88.3"))
    assert shown(page, 0, SATISFIED) == "53"

    page.otherwise.click()
    assert shown(page, 0, SATISFIED) == "53,000"
    page.otherwise.click()
    assert shown(page, 0, SATISFIED) == "53"
    page.open_file(GOLDEN)
    assert not page.otherwise.isVisible()

    # What can be read in two ways is asked and the answer kept.
    page.open_file(GOLDEN)
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88"))
    question = page.question

    assert question.isVisible()
    assert page.table.rows.rowCount() == 12
    assert question.text.text() == "What does 53.000 in the column satisfied mean?"
    assert question.why.text().startswith("typed.csv: ")
    assert [button.text() for button in question.buttons] == ["53", "53,000"]
    assert question.leave_button.hasFocus()

    question.buttons[1].click()
    claim(page, qtbot, claim="87")

    assert not question.isVisible()
    assert [shown(page, 0, column) for column in (MONTH, SATISFIED, CLAIM)] == ["2011-07", "53,000", "met"]

    # How a table was read is said under its name.
    page.open_file(GOLDEN)
    assert not page.readings.isVisible()

    page.open_file(typed(tmp_path, "2011-07;415;18;0,957", "2011-08;380;21;0,944"))

    assert page.readings.text().startswith("stated_percent: read 0,957 as 95.7 %, a share of 1;")

    # Two questions come one after the other.
    page.open_file(typed(tmp_path, "2011-07;30.000;70.000;.5"))
    question = page.question
    if question.isVisible():
        page.question.buttons[0].click()
    assert [button.text() for button in question.buttons] == ["50 %", "0.5 %"]
    question.buttons[0].click()

    assert shown(page, 0, STATED) == "50"
