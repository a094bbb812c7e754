"""The pages of a report for a wall: everything but what is for managers only."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH, PERIODS, Pages
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.write import write
from queuedesk.reports.kept.reading import pages_in, part_of
from tests.every_day import SEES_ALL, paired
from tests.reports.days import DAY, hall, simulated
from tests.reports.figures.test_period import AFTER

PRIVATE = {"en": "do not put on the wall", "zh_CN": "请勿张贴"}
ANNEX = {"en": "Annex", "zh_CN": "附页"}


def pages(content: Path | bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory):
    return simulated(tmp_path_factory.mktemp("hall"), customers=60)


@pytest.mark.parametrize(("period", "lang"), paired(PERIODS if SEES_ALL else (ONE_DAY, MONTH), LANGUAGES))
def test_what_is_for_managers_stays_away_and_the_summary_comes_before_the_annex(desk, tmp_path, period, lang):
    whole = write(desk, period, DAY, tmp_path / "report.pdf", lang=lang, now=AFTER)
    before = pages(whole)
    parts = {chosen: pages(part_of(whole, chosen)) for chosen in Pages}
    wall, summary = parts[Pages.ANNEX], parts[Pages.SUMMARY]

    first = next(i for i, text in enumerate(before) if PRIVATE[lang] in text)
    assert wall == before[:first]
    assert ANNEX[lang] in wall[-1]
    assert len(before) > first
    assert summary == before[: next(i for i, text in enumerate(before) if f"{ANNEX[lang]} 1 /" in text)]
    assert pages_in(whole) == {chosen: len(found) for chosen, found in parts.items()}
    whole.write_bytes(whole.read_bytes() + b"%QueueDesk-report {}\n")
    assert pages(part_of(whole, Pages.ANNEX)) == wall, "whatever stands behind the end of the file"
    if period == ONE_DAY:
        alone = write(desk, period, DAY, tmp_path / "summary.pdf", lang=lang, now=AFTER, has_annex=False)
        assert pages(alone) == summary and len(summary) == 2


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
    assert [text.strip() for text in pages(part_of(tmp_path / "other.pdf", Pages.SUMMARY))] == ["one"]


def test_a_report_without_that_page_is_whole(tmp_path):
    empty = write(hall(tmp_path), ONE_DAY, DAY, tmp_path / "empty.pdf", lang="en", now=AFTER)

    assert pages(part_of(empty, Pages.ANNEX)) == pages(empty)


def test_a_file_that_is_gone_or_no_pdf_is_told(tmp_path):
    (tmp_path / "text.pdf").write_text("no PDF")

    for name in ("text.pdf", "gone.pdf"):
        with pytest.raises(OutsideError, match="cannot_read"):
            part_of(tmp_path / name, Pages.ANNEX)
