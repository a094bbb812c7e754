"""The pages of a report for a wall: everything but what is for managers only."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import Pages
from queuedesk.reports.figures.write import write
from queuedesk.reports.kept.due import pages_in, part_of
from tests.reports.days import DAY, hall
from tests.reports.figures.test_period import AFTER
from tests.reports.read_back import pages_of


def test_an_older_file_gives_what_it_says_may_hang_on_a_wall_or_its_first_page(tmp_path):
    for name, says in (("older.pdf", "wall-pages=2"), ("other.pdf", "")):
        canvas = Canvas(str(tmp_path / name))
        if says:
            canvas.setKeywords(says)
        for text in ("one", "two", "three"):
            canvas.drawString(100, 100, text)
            canvas.showPage()
        canvas.save()

    assert pages_in(tmp_path / "older.pdf") == {Pages.SUMMARY: 2, Pages.ANNEX: 2, Pages.ALL: 3}
    assert [text.strip() for text in pages_of(part_of(tmp_path / "other.pdf", Pages.SUMMARY))] == ["one"]


def test_a_report_without_that_page_is_whole(tmp_path):
    empty = write(hall(tmp_path), ONE_DAY, DAY, tmp_path / "empty.pdf", lang="en", now=AFTER)

    assert pages_of(part_of(empty, Pages.ANNEX)) == pages_of(empty)


def test_a_file_that_is_gone_or_no_pdf_is_told(tmp_path):
    (tmp_path / "text.pdf").write_text("no PDF")

    for name in ("text.pdf", "gone.pdf"):
        with pytest.raises(OutsideError, match="cannot_read"):
            part_of(tmp_path / name, Pages.ANNEX)
