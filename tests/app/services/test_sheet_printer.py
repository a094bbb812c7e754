"""The printer for sheets: chosen apart from that of tickets, and never without a word another one."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from queuedesk.app.services.papers import PaperTools
from queuedesk.app.services.printers import (
    choose_printer,
    choose_report_printer,
    chosen_printer,
    print_pdf,
    report_printers,
    save_part,
    usual_printer,
)
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import Pages
from queuedesk.i18n import say
from queuedesk.printing.choice import NO_PRINTER, PICTURES
from tests.hall import DAY, make_hall


@pytest.fixture(autouse=True)
def own_choices(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="module")
def report(tmp_path_factory, qapp) -> Path:
    """The report of a day, which is printed and saved again and again."""
    folder = tmp_path_factory.mktemp("report")
    hall = make_hall(folder)
    hall.open("1", "C1")
    hall.issue("A")
    hall.serve_out("1")
    made = PaperTools(hall.desk, hall.clock).report("day", DAY.date(), folder / "day.pdf", "en")
    hall.desk.db.dispose()
    return made


def tray(folder: Path, name: str) -> list[str]:
    return sorted(file.name for file in (folder / name).iterdir()) if (folder / name).exists() else []


def test_reports_go_to_their_own_printer_and_tickets_to_theirs(report, tmp_path):
    """Only the chosen pages; and what is written by hand says nothing of reports."""
    choose_printer(f"{PICTURES}{tmp_path}/roll")
    assert usual_printer() == print_pdf(report) == f"{PICTURES}{tmp_path}/roll"
    choose_report_printer(f"{PICTURES}{tmp_path}/office")

    before = tray(tmp_path, "roll")
    assert print_pdf(report) == f"{PICTURES}{tmp_path}/office"
    assert tray(tmp_path, "office") and tray(tmp_path, "roll") == before
    assert chosen_printer() == f"{PICTURES}{tmp_path}/roll"
    assert (report_printers()["chosen"], config.load().printer) == (f"{PICTURES}{tmp_path}/office", chosen_printer())

    choose_printer(NO_PRINTER)
    assert usual_printer() == ""
    assert print_pdf(report, pages=Pages.SUMMARY) == f"{PICTURES}{tmp_path}/office"

    for pages in Pages:
        print_pdf(report, f"{PICTURES}{tmp_path}/{pages}", pages=pages)
    summary, annex, whole = (tray(tmp_path, pages) for pages in Pages)
    assert summary == ["day-1.png", "day-2.png"]
    assert annex == whole[: len(annex)] and len(summary) < len(annex) < len(whole)
    assert report.exists()


def test_what_may_hang_on_a_wall_is_saved_without_the_page_for_managers(report, tmp_path):
    save_part(report, tmp_path / "wall.pdf", Pages.ANNEX)

    with pypdfium2.PdfDocument(report) as whole, pypdfium2.PdfDocument(tmp_path / "wall.pdf") as wall:
        assert "do not put on the wall" in whole[len(wall)].get_textpage().get_text_bounded()
        texts = [page.get_textpage().get_text_bounded() for page in wall]
    assert texts
    assert all("do not put on the wall" not in text for text in texts)


def test_who_chose_nothing_and_has_nothing_is_told_where_to_choose(report):
    assert report_printers() == {"names": [], "chosen": "", "usual": "", "pages": Pages.SUMMARY}
    with pytest.raises(OutsideError, match="no_report_printer") as refused:
        print_pdf(report)
    assert "at the foot of Reports, On paper" in say(refused.value, "en"), "the choice stands on the page of the press"


def test_a_printer_that_is_gone_is_named(report):
    choose_report_printer("Office")
    with pytest.raises(OutsideError, match="no_printer") as refused:
        print_pdf(report, pages=Pages.ANNEX)

    assert refused.value.details == {"printer": "Office"}
    assert report_printers()["chosen"] == "Office"


def test_a_receipt_printer_gets_no_sheet(tmp_path, qapp, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    choose_printer("escpos:net:127.0.0.1")

    assert usual_printer() == ""
    with pytest.raises(OutsideError, match="no_report_printer"):
        print_pdf(tmp_path / "day.pdf")
