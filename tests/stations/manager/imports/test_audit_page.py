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
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.stations.manager.imports.audit_controller import AuditController
from queuedesk.stations.manager.imports.audit_page import (
    ASK_AFTER_MS,
    CLAIM,
    DIFFERENCE,
    INTERVAL,
    MONTH,
    SATISFIED,
    STATED,
    TRUE,
    AuditPage,
)
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Scale
from tests.hall import Hall
from tests.stations.manager.conftest import Office
from tests.stations.seen import timer_of

GOLDEN = Path(__file__).parent.parent.parent.parent / "golden" / "satisfaction_2011_2012.csv"


@pytest.fixture
def context(hall: Hall, context: StationContext) -> StationContext:
    return context


@pytest.fixture
def page(context: StationContext, qtbot: QtBot) -> Iterator[AuditPage]:
    controller = AuditController(context)
    page = AuditPage(context.look, controller)
    qtbot.addWidget(page)
    page.resize(1158, 768)
    page.retranslate()
    timer_of(page, ASK_AFTER_MS).setInterval(0)
    page.notices = []  # type: ignore[attr-defined]
    page.said.connect(lambda text, _icon: page.notices.append(text))  # type: ignore[attr-defined]
    page.show()
    yield page
    controller.stop()


def shown(page: AuditPage, row: int, column: int) -> str:
    return str(page.table.rows.index(row, column).data(Qt.ItemDataRole.DisplayRole)).replace("\u2060", "")


def claim(page: AuditPage, qtbot: QtBot, **texts: str) -> None:
    """Type into the fields above the table and let the audit follow."""
    for name, text in texts.items():
        edit: QWidget = getattr(page, name).edit
        edit.setFocus()
        QTest.keyClicks(edit, text)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in page.findChildren(QTimer)))


def test_a_dropped_table_is_recomputed_cell_by_cell(page: AuditPage) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(GOLDEN))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(50, 50), action, mime, button, Qt.KeyboardModifier.NoModifier))

    assert [shown(page, 0, c) for c in (MONTH, STATED, TRUE, DIFFERENCE, INTERVAL)] == [
        "2011-07",
        "95.7",
        "95.84",
        "−0.14",
        "93.53–97.35",
    ]
    assert page.table.rows.rowCount() == 12
    assert page.table.rows.columnCount() == CLAIM
    assert [text.split(" ")[0] for text in page.findings.texts()] == ["None", "2011-07", "The"]
    assert page.name.text() == "satisfaction_2011_2012.csv"


def test_a_tab_of_the_reports_leads_to_it(office: Office) -> None:
    office.go("reports")
    office.go_tab("audit")

    page = office.page.reports.pages.currentWidget()
    assert isinstance(page, AuditPage)
    assert page.empty.isVisible()


def test_a_claim_and_a_headline_are_asked_of_the_table(page: AuditPage, qtbot: QtBot) -> None:
    page.open_file(GOLDEN)
    claim(page, qtbot, claim="98", first="2012-05", headline="98.18")

    assert len(page.findings.texts()) == 5
    assert shown(page, 11, CLAIM) == "can't tell"
    assert shown(page, 0, CLAIM) == ""


def test_a_field_that_says_nothing_is_named_and_changes_nothing(page: AuditPage, qtbot: QtBot) -> None:
    page.open_file(GOLDEN)
    claim(page, qtbot, claim="98", first="2012-13")

    assert (page.claim.error(), page.first.error()) == ("", "A month, such as 2012-05")
    assert page.table.rows.columnCount() == CLAIM


def test_months_in_the_wrong_order_are_named(page: AuditPage, qtbot: QtBot) -> None:
    page.open_file(GOLDEN)
    claim(page, qtbot, claim="98", first="2012-10", last="2012-05")

    assert page.last.error() == "This is before the first month."


def test_a_clean_table_has_nothing_to_object_to(page: AuditPage, tmp_path: Path) -> None:
    file = tmp_path / "clean.csv"
    file.write_text("月份,满意,不满意,满意率\n2011-07,415,18,95.8%\n", encoding="gb18030")
    page.open_file(file)

    assert page.findings.texts() == []
    assert shown(page, 0, DIFFERENCE) == "0"


def test_a_file_that_is_no_such_table_is_said_and_the_last_one_stays(page: AuditPage, tmp_path: Path) -> None:
    page.open_file(GOLDEN)
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    page.open_file(other)

    assert page.banner.isVisible()
    assert page.table.rows.rowCount() == 12
    page.open_file(GOLDEN)
    assert not page.banner.isVisible()


def test_the_page_is_saved_and_printed(page: AuditPage, context: StationContext, tmp_path: Path) -> None:
    assert not page.save_button.isEnabled() and not page.print_button.isEnabled()
    page.open_file(GOLDEN)
    page.save_button.click()
    page.print_button.click()

    saved = tmp_path / f"{context.feed.setup.hall.code}-audit-satisfaction_2011_2012.pdf"
    with pdfium.PdfDocument(saved) as document:
        assert len(document) == 1
    assert page.notices == [f"Saved as {saved}", "Sent to the printer"]  # type: ignore[attr-defined]


def test_the_findings_go_under_the_table_where_large_text_leaves_no_room(
    page: AuditPage, context: StationContext
) -> None:
    page.open_file(GOLDEN)
    assert page.findings.x() > page.table.mapTo(page.findings.parentWidget(), page.table.rect().topRight()).x()

    context.look.set_scale(Scale(1.5, 1.5))
    page.resize(1112, 768)

    assert page.findings.y() > page.table.mapTo(page.findings.parentWidget(), page.table.rect().bottomLeft()).y()
    assert page.table.horizontalScrollBar().maximum() == 0


def test_it_speaks_the_other_language_at_once(page: AuditPage) -> None:
    page.open_file(GOLDEN)
    i18n.use("zh_CN")
    page.retranslate()

    assert page.head.title.text() == "核对表格"
    assert page.findings.texts()[0].startswith("填报的 12 个满意率没有一个与人数相符")
    assert page.table.rows.headerData(STATED, Qt.Orientation.Horizontal) == "填报 %"


def typed(folder: Path, *lines: str) -> Path:
    file = folder / "typed.csv"
    file.write_text("month;satisfied;dissatisfied;stated_percent\n" + "\n".join(lines), encoding="utf-8")
    return file


def test_how_a_table_was_read_is_said_under_its_name(page: AuditPage, tmp_path: Path) -> None:
    page.open_file(GOLDEN)
    assert not page.readings.isVisible()

    page.open_file(typed(tmp_path, "2011-07;415;18;0,957", "2011-08;380;21;0,944"))

    assert page.readings.text() == (
        "stated_percent: read 0,957 as 95.7 %, a share of 1; the comma is the decimal sign."
    )
    i18n.use("zh_CN")
    page.retranslate()
    assert page.readings.text() == "stated_percent：0,957 读作 95.7 %，以 1 为全部，逗号作小数点。"


def test_what_can_be_read_in_two_ways_is_asked_and_the_answer_kept(
    page: AuditPage, qtbot: QtBot, tmp_path: Path
) -> None:
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


def test_what_the_file_decided_can_be_read_the_other_way(page: AuditPage, tmp_path: Path) -> None:
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88.3"))
    assert shown(page, 0, SATISFIED) == "53"

    page.otherwise.click()
    assert shown(page, 0, SATISFIED) == "53,000"
    page.otherwise.click()
    assert shown(page, 0, SATISFIED) == "53"
    page.open_file(GOLDEN)
    assert not page.otherwise.isVisible()


def test_a_question_can_be_left_and_goes_with_another_file(page: AuditPage, tmp_path: Path) -> None:
    unsure = typed(tmp_path, "2011-07;53.000;7.000;88")
    page.open_file(unsure)
    page.question.leave_button.click()
    assert not page.question.isVisible()
    assert page.empty.isVisible()

    page.open_file(unsure)
    page.open_file(GOLDEN)
    assert not page.question.isVisible()


def test_two_questions_come_one_after_the_other(page: AuditPage, tmp_path: Path) -> None:
    page.open_file(typed(tmp_path, "2011-07;30.000;70.000;.5"))
    question = page.question
    if question.isVisible():
        page.question.buttons[0].click()
    assert [button.text() for button in question.buttons] == ["50 %", "0.5 %"]
    i18n.use("zh_CN")
    page.retranslate()
    assert question.text.text() == "「stated_percent」一列的 .5 是多少？"
    question.buttons[0].click()

    assert shown(page, 0, STATED) == "50"
