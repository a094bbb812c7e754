"""A page must not print too small, cut words, leave a line alone, or cover one mark with another."""

import ctypes
from datetime import date
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from msgspec.structs import replace
from pypdfium2 import raw

from queuedesk.core.charts.layout import spread_letters
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.figures.targets import TargetVerdict
from queuedesk.i18n import LANGUAGES, tr
from queuedesk.reports.draw import pdf as fonts
from queuedesk.reports.draw.charts import PAGE
from queuedesk.reports.draw.head_and_foot import report_head
from queuedesk.reports.draw.pdf import LEAST_END, RIGHT, BlockWithinPage, PageChapter, PdfSheet, WrappedMarkup, paginate
from queuedesk.reports.figures.figure_words import definitions_chapter_blocks
from queuedesk.reports.figures.findings import day_week_or_month_sums
from queuedesk.reports.figures.period import DayReport
from queuedesk.reports.pages.day_page import day_report_pdf
from queuedesk.reports.pages.period_page import first_and_last_slot_between_dates, wait_sums_by_weekday_and_hour
from tests.every_day import paired
from tests.reports.days import DAY
from tests.reports.pages.test_day_details import desk, made_up, read  # noqa: F401
from tests.reports.read_back import about, bookmarks, pages_of


def targets(day: DayReport, n: int) -> DayReport:
    """Return the day with `n` targets, of which the first was missed."""
    row: dict[str, Any] = {"measure": "satisfaction", "value": 0.99, "minutes": None}
    row |= {"first": DAY.isoformat(), "last": DAY.isoformat(), "verdict": TargetVerdict.NOT_MET.value}
    row |= {"n": 156, "of": 169, "rate": 0.923, "low": 0.873, "high": 0.954}
    return replace(day, figures=day.figures | {"targets": [row] * n})


def sizes_and_ends(pdf: bytes) -> list[tuple[float, float]]:
    """Return of every character its size and its right end, spaces left out."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        for i in range(raw.FPDFText_CountChars(text)):
            if not chr(raw.FPDFText_GetUnicode(text, i)).isspace():
                box = [ctypes.c_double() for _ in range(4)]
                raw.FPDFText_GetCharBox(text, i, *box)
                found.append((raw.FPDFText_GetFontSize(text, i), box[1].value))
    return found


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_a_report_has_no_small_text_none_beyond_its_margin_a_bookmark_for_each_part_and_says_what_it_is(read, lang):  # noqa: F811
    pdf = day_report_pdf(targets(made_up(read), 7), lang, None)
    found = sizes_and_ends(pdf)
    assert min(size for size, _end in found) >= 7.0
    assert max(end for _size, end in found) <= RIGHT + 0.5
    kind, *words = (tr(lang, text) for text in ("Daily report", "By service", "By window"))
    told = about(pdf)
    assert (told["subject"], told["lang"]) == (kind, lang.replace("_", "-"))
    assert kind in told["title"] and DAY.isoformat() in told["title"]
    assert b"/DisplayDocTitle true" in pdf
    marks = bookmarks(pdf)
    chapters = [title for level, title in marks if level == 0]
    parts = {title for level, title in marks if level == 1}
    assert chapters[0] == kind and len(chapters) == len(set(chapters)) > 2
    assert parts >= {*words, tr(lang, "Ratings", context="report")}


@pytest.mark.parametrize(("count", "lang"), paired([0, 7, 14], LANGUAGES))
def test_the_glance_page_of_a_day_stays_one_page_with_many_targets(read: DayReport, count: int, lang: str) -> None:  # noqa: F811
    found = pages_of(day_report_pdf(targets(read, count), lang, None))
    assert found[0].endswith("1 / 2") and found[1].endswith("2 / 2")


def test_the_line_that_names_the_log_stands_under_definitions_and_a_missed_satisfaction_target_is_told_once(read):  # noqa: F811
    figures = made_up(read).figures
    head = PageChapter(BlockWithinPage(75, lambda sheet, y: None))
    for lang in ("en", "zh_CN"):
        found = [*definitions_chapter_blocks(figures, lang, head), BlockWithinPage(10, lambda sheet, y: None, gap=1)]
        assert all(len(page) > 1 for page in paginate(found))
    ratings = read.figures["ratings"] | {"n": 169, "dissatisfied": 13, "rate": 0.923, "low": 0.873, "high": 0.954}
    low = replace(read, figures=read.figures | {"ratings": ratings})
    assert "13 of 169 ratings dissatisfied" in pages_of(day_report_pdf(low, "en", None))[0]
    page = pages_of(day_report_pdf(targets(low, 1), "en", None))[0]
    assert "Satisfaction rate missed its target" in page and "13 of 169 ratings dissatisfied" not in page


def test_a_last_line_is_never_a_lone_character_or_two_and_cut_texts_stay_in_their_room():
    for width in range(60, 220, 3):
        text = "告知过预计但没叫到的 49 张，两边都不算；未评 817 张。挂起 877.0 分钟不算办理；等系统 185.8 分钟。"
        prose = WrappedMarkup(text, 8, width)
        last = "".join(char for char, _bold in prose.lines[-1])
        assert fonts.text_width(last, 8) >= min(LEAST_END * 8, width * 0.4)
    text = "没有响应 8:25–17:31 · 没有响应 8:25–17:31 · 没有响应"
    for room in (30.0, 60.0, 61.0, 62.0, 63.0, 64.0, 90.0):
        found = fonts.cut_text_to_width(text, 8.8, room)
        assert fonts.text_width(found, 8.8) <= room and found.endswith("…") and "·…" not in found, room
    assert fonts.cut_text_to_width("not met", 8.8, fonts.text_width("not met", 8.8) - 1e-9) == "not met"


def test_letters_of_one_day_stand_beside_each_other_and_a_sheet_counts_nothing_as_full_that_fits_but_for_rounding():
    marks = [(100.0, "a"), (100.0, "b"), (104.0, "c"), (200.0, "d"), (RIGHT, "e"), (RIGHT, "f")]
    found = spread_letters(marks, RIGHT, PAGE)
    assert [letter for _x, letter in found] == list("abcdef")
    places = [x for x, _letter in found]
    assert all(after - before >= 10.9 for before, after in pairwise(places))
    assert places[3] == 200.0 and places[-1] < RIGHT
    blocks = [BlockWithinPage(height, lambda sheet, y: None) for height in (257.0, 514.0 + 1e-9)]
    assert len(paginate(blocks)) == 1


def test_waits_by_hour_are_those_of_both_half_hours_and_a_month_whose_target_changed_stands_under_its_last_one():
    cells = {(1, "08:00"): (2, 60), (1, "08:30"): (3, 30), (2, "08:30"): (1, 5)}
    assert wait_sums_by_weekday_and_hour(cells) == {(1, "08:00"): (5, 90), (2, "08:00"): (1, 5)}
    months = day_week_or_month_sums([], date(2026, 10, 1), date(2026, 12, 31), MONTH)
    assert first_and_last_slot_between_dates(months, "2026-10-01", "2026-11-09") == (0, 0)
    assert first_and_last_slot_between_dates(months, "2026-11-10", "2026-12-31") == (1, 2)
    assert first_and_last_slot_between_dates(months, "2026-11-05", "2026-11-08") is None


@pytest.mark.parametrize(
    "facts", [["6 windows"], ["20 days with customers", "until 20 November 2026", "responsible: nobody named"]]
)
@pytest.mark.parametrize("span", ["Quarter 4 of 2026", "28 September 2026–4 October 2026"])
def test_a_long_title_and_what_stands_at_its_right_keep_apart(facts: list[str], span: str) -> None:
    sheet = PdfSheet("title", "hall", "en")
    head = report_head("Hall", "Satisfaction and targets", span, facts)
    page = pypdfium2.PdfDocument(sheet.paged_pdf([head], lambda sheet, page, pages: None))[0].get_textpage()
    boxes = [page.get_rect(i) for i in range(page.count_rects())]
    title = next(box for box in boxes if page.get_text_bounded(*box).startswith("Satisfaction"))
    others = [box for box in boxes if box is not title and box[0] > 200]
    assert others and all(box[0] > title[2] + 4 or box[1] > title[3] for box in others)
