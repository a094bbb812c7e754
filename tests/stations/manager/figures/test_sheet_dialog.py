"""A sheet against the hall in the window: a code that is typed, a PDF that is chosen, one sentence in both
languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.app.services.kept_reports import check_sheet
from queuedesk.core.network.roles import Actor
from queuedesk.desk.upkeep import examining
from queuedesk.reports.figures import write as report
from queuedesk.stations.manager.figures.kept_page import KeptPage, SheetDialog
from queuedesk.stations.manager.figures.reporting import KEPT
from queuedesk.stations.window.context import StationContext
from tests.hall import MANAGER, Hall
from tests.rewritten import rewrite
from tests.stations.manager.conftest import Office
from tests.stations.manager.figures.test_kept_page import opened, writing  # noqa: F401
from tests.stations.stubs import lend


@pytest.fixture
def dialog(
    hall: Hall,
    context: StationContext,
    opened: Callable[[Actor], tuple[Office, KeptPage]],  # noqa: F811
) -> SheetDialog:
    lend(context, check_sheet=partial(check_sheet, hall.desk))
    office, page = opened(MANAGER)
    office.go_tab(KEPT)
    office.later(seconds=30)
    assert page.check_button.isVisible()
    return page.check_sheet()


def code_now(hall: Hall) -> str:
    found = examining.anchor(hall.desk, hall.last().seq)
    assert found is not None
    return found.code


def type_and_check(dialog: SheetDialog, text: str) -> None:
    dialog.code.edit.clear()  # type: ignore[attr-defined]
    QTest.keyClicks(dialog.code.edit, text)
    QTest.keyClick(dialog.code.edit, Qt.Key.Key_Return)


def test_a_sheet_is_held_against_the_hall_by_its_code_or_its_pdf(
    dialog: SheetDialog, hall: Hall, tmp_path: Path
) -> None:
    # The answer to another sheet is not shown.
    dialog.show_outcome("another", ())

    assert not dialog.verdict.isVisible()

    # A code that is typed is answered in one sentence.
    assert not dialog.yes_button.isEnabled()
    type_and_check(dialog, code_now(hall).lower().replace("-", " "))

    seq = hall.last().seq
    assert dialog.verdict.isVisible()
    assert dialog.verdict.text() == f"It still holds: up to event {seq} the log of CD is the one this was printed from."

    # A slip is told at the code and a file that is none below.
    code = code_now(hall)
    # One wrong sign is always noticed; a missing one only in 1,020 of 1,021 logs.
    type_and_check(dialog, code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert dialog.code.error() == "This check code has a slip in it; please compare it with the sheet, sign by sign."
    assert not dialog.verdict.isVisible()

    (tmp_path / "x.pdf").write_text("none", encoding="utf-8")
    dialog.check_file(str(tmp_path / "x.pdf"))
    assert dialog.verdict.text() == f"{tmp_path}/x.pdf is no PDF, or a damaged one."
    assert dialog.code.error() == ""

    # A PDF that is chosen is held against a hall that was rewritten.
    file = report.write(hall.desk, "day", date(2026, 11, 20), tmp_path / "r.pdf", lang="zh_CN", now=hall.clock())
    dialog.check_file(str(file))
    assert dialog.verdict.text().startswith("It still holds")

    first = next(event.seq for event in hall.log() if event.kind == "issue")
    rewrite(hall, lambda event: replace(event, actor="nobody") if event.seq == first else event, rebuilt=False)
    i18n.use("zh_CN")
    dialog.check_file(str(file))
    assert dialog.verdict.text().startswith("不再一致：CD 的日志到第")
    assert dialog.verdict.text().endswith("那里现在是另一条记录：日志被改动过。")
