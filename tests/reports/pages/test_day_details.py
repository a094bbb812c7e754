"""The pages of a day's report, read back from the PDF: what stands on each, how small, how full, its bookmarks."""

import ctypes
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from msgspec.structs import replace
from pypdfium2 import raw

from queuedesk.core.figures.targets import TargetVerdict
from queuedesk.core.upkeep import BackupStatus
from queuedesk.desk.change import Desk
from queuedesk.i18n import LANGUAGES, tr
from queuedesk.reports.draw.pdf import BOTTOM, PAGE_HEIGHT, RIGHT, TOP, BlockWithinPage, PageChapter, paginate
from queuedesk.reports.figures.figure_words import definitions_chapter_blocks
from queuedesk.reports.figures.period import DayReport, read_day_report
from queuedesk.reports.pages.day_page import day_report_pdf
from queuedesk.store.upkeep import backup_folder
from tests.every_day import SEES_ALL, paired
from tests.hall import at, simple_hall
from tests.reports.days import DAY, NEXT_MORNING, simulated
from tests.reports.made_up import MADE_UP, PAUSE
from tests.reports.read_back import about, bookmarks, pages_of


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = simulated(tmp_path_factory.mktemp("hall"), customers=60)
    yield made
    made.db.dispose()


@pytest.fixture(scope="module")
def read(desk: Desk) -> DayReport:
    return read_day_report(desk, DAY, NEXT_MORNING)


def made_up(read: DayReport, **measures: Any) -> DayReport:
    return replace(read, figures=read.figures | {"measures": MADE_UP | measures})


def pages(read: DayReport, lang: str = "en") -> list[str]:
    return pages_of(day_report_pdf(read, lang, None))


def annex(read: DayReport) -> str:
    return " ".join(pages(read)[2:])


def test_made_up_measures_have_the_shape_of_real_ones_and_handling_at_a_window_is_that_of_its_one_clerk(read):
    sat = {window: at.staff for window, at in read.at_windows.items()}
    by_clerk = {row["code"]: row["handling"]["mean"] for row in read.figures["staff"]}
    at_windows = {window: at.handling for window, at in read.at_windows.items()}
    assert at_windows == {window: by_clerk[staff[0]] for window, staff in sat.items()}

    def shape(value: Any) -> Any:
        return {key: shape(one) for key, one in value.items()} if isinstance(value, Mapping) else None

    real = read.figures["measures"]
    assert shape(MADE_UP) == shape(real)


def test_equipment_that_worked_is_named_in_the_annex_and_of_many_pauses_ten(read):
    sound = MADE_UP["devices"][0] | {"device": "kiosk", "rate": 1.0, "outages": []}
    page = pages(made_up(read, devices=[*MADE_UP["devices"], sound]))[2]
    assert "Worked all the time while open: Kiosk" in page
    found = annex(made_up(read, pauses=[PAUSE | {"reason": "meal"}] * 20))
    assert found.count(" Meal") == 10 and "the next 10 are in the workbook" in found


def test_what_is_rare_has_its_own_words(read):
    device = MADE_UP["devices"][0]
    rare = read.figures | {
        "overtakes": read.figures["overtakes"] | {"tickets": 13},
        "left_out": [{"what": "left_uncalled", "n": 12345, "why": "no_call_no_wait"}],
        "no_show": 8,
    }
    at = {"1": replace(read.at_windows["1"], staff=("C1", "C2", "C3"))}
    first, second, *rest = pages(
        made_up(
            replace(read, figures=rare, at_windows=read.at_windows | at),
            pauses=[PAUSE | {"reason": "meal", "to": None}],
            devices=[device | {"outages": [device["outages"][0] | {"to": None}]}],
            form_free=MADE_UP["form_free"] | {"minutes_each": 0, "minutes_saved": None},
            first_visit=MADE_UP["first_visit"] | {"not_over": 296, "of": 296, "n": 281},
            promise=MADE_UP["promise"] | {"naive": MADE_UP["promise"]["naive"] | {"n": 200, "interval_score": 16.8}},
        )
    )
    found = " ".join(rest)
    assert "12,345 who left uncalled are not in the mean wait" in first, "large counts have separators"
    assert "1 Zhang Min +2 " in second, "several clerks at one window are one name and a number"
    for words in (
        "Priority 14 3 13 tickets in all: some for several reasons. Rule: ",
        "4 · Chen Jing from 10:20 45 Meal",  # it still lasts
        "no sign of life from 13:42",
        "Missed at least once 11 5 back in line, 2 of them missed again",
        "Settled at the first visit — first figure on 27 Nov",
        "the simple formula did better here",
        "Without a form 40.9 % 121 / 296 the time saved has not been measured yet",
    ):
        assert words in found
    assert "Saved, min" not in found


def test_the_simple_formula_is_not_said_to_do_better_where_it_did_not(read):
    for n, score in ((200, 17.0), (199, 16.8)):
        promise = MADE_UP["promise"] | {"naive": MADE_UP["promise"]["naive"] | {"n": n, "interval_score": score}}
        assert "the simple formula did better here" not in annex(made_up(read, promise=promise))


EMPTY = {
    **{name: [] for name in ("devices", "pauses", "longest_waits", "overtakes")},
    "form_free": MADE_UP["form_free"] | {"n": 0, "rate": 0.0, "minutes_saved": 0.0},
    "first_visit": MADE_UP["first_visit"] | {"n": 0, "of": 0, "rate": None},
    "papers": {"not_ready": 0, "repeat": 0},
    "system_wait": {"legs": 0, "minutes": 0.0, "by_reason": []},
    "set_aside": {"legs": 0, "minutes": 0.0},
    "outcomes": [{"code": None, "n": 300}],
    "questions": {key: {"n": 0, "levels": {}} for key in ("attitude", "competence")},
    "classes": MADE_UP["classes"][:1],
    "counters": MADE_UP["counters"][:1],
    "diversion": {name: [] if isinstance(value, list) else 0 for name, value in MADE_UP["diversion"].items()},
    "idle_minutes": None,
}


def test_nothing_is_printed_where_nothing_is_known(read):
    found, _mark, defined = " ".join(pages(made_up(read, **EMPTY))).rpartition("Definitions")
    for words in ("Without a form", "Settled", "the papers", "other systems", "Set aside", "Outcomes", "Further"):
        assert words not in found.partition("What these figures leave out")[2].partition("Measures")[2]
    for words in ("by class", "one service or", "elsewhere", "Windows free", "Pauses", "longest wait", "Why later"):
        assert words not in found
    assert "Equipment" not in found and "Checks at opening" not in found
    for figure in ("Without a form steps", "Minutes saved", "Outcomes steps", "Set aside minutes", "Further questions"):
        assert figure not in defined
    assert "Served rate tickets finished" in defined and "Pauses" not in defined


SIZES = list(product([1, 22, 60], [1, 30, 90])) if SEES_ALL else [(1, 1), (22, 30), (60, 90), (1, 90), (60, 1)]
"""How many windows and services: a daily run looks at the smallest and largest of each with each other."""


@pytest.mark.parametrize(("size", "lang"), paired(SIZES, LANGUAGES))
def test_the_summary_has_two_pages_and_no_page_is_nearly_empty(read, size, lang):
    windows, services = size
    window, service = read.figures["windows"][0], read.figures["services"][0]
    ribbon = replace(read.ribbon, lanes=[replace(read.ribbon.lanes[0]) for _ in range(windows)])
    rows = {
        "windows": [window | {"code": f"W{n}", "finished": 1000 + n} for n in range(windows)],
        "services": [service | {"code": f"S{n}", "issued": 2000 + n} for n in range(services)],
    }
    pdf = day_report_pdf(made_up(replace(read, figures=read.figures | rows, ribbon=ribbon)), lang, None)
    found = pages_of(pdf)
    ends = [page.rpartition("QueueDesk ")[2] for page in found]
    assert ends[:2] == ["1 / 2", "2 / 2"] and not any(end[0].isdigit() for end in ends[2:])
    assert all(f" {1000 + n:,} " in " ".join(found) for n in range(windows))
    assert all(f"{2000 + n:,}" in " ".join(found) for n in range(services))
    assert all(tr(lang, "Mean wait") in page for page in found if " 2,0" in page), "on each page under the same titles"
    assert min(filled(pdf)) >= 1 / 3


def filled(pdf: bytes) -> list[float]:
    """Return for each page which share of the room between head and foot its texts reach down."""
    with pypdfium2.PdfDocument(pdf) as found:
        tops = []
        for page in found:
            text = page.get_textpage()
            ends = [PAGE_HEIGHT - text.get_rect(n)[1] for n in range(text.count_rects())]
            tops.append(max(end for end in ends if end <= BOTTOM))
        return [(end - TOP) / (BOTTOM - TOP) for end in tops]


def test_the_page_says_when_a_backup_was_proven_and_whether_it_holds_the_whole_day(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.queue("A")
    last = hall.last().seq

    def page(seq: int | None, lang: str = "en") -> str:
        if seq is not None:
            note = BackupStatus(made=at("18:00"), proven=at("18:05"), seq=seq, hash="0", place="/backups")
            with hall.desk.db.write() as tx:
                backup_folder.save_backup_status(tx, hall.desk.hall, note)
        return " ".join(pages(read_day_report(hall.desk, hall.date, at("19:00")), lang))

    assert "backup" not in page(None).lower()
    assert "This day is in a backup checked on Friday 20 November 2026, 18:05." in page(last)
    assert "The last backup was checked on Friday 20 November 2026, 18:05." in page(last - 1)
    assert "最近一次备份于" in page(last - 1, "zh_CN")


def test_the_page_says_which_windows_nobody_closed_before_the_day_ended(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "open 2 staff=C2")
    hall.queue("A")
    hall.play("17:00", "close 2")
    day, said = hall.date, "Nobody closed window 1: its open and free minutes run until the end of the day."

    def page(now: datetime, lang: str = "en") -> str:
        return " ".join(pages(read_day_report(hall.desk, day, now), lang))

    assert said not in page(hall.clock())
    hall.clock.move(minutes=24 * 60)
    hall.do("end-due")
    assert said in page(hall.clock())
    assert "1 号窗口没有人关" in page(hall.clock(), "zh_CN")


def with_targets(day: DayReport, n: int) -> DayReport:
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
def test_a_report_has_no_small_text_none_beyond_its_margin_a_bookmark_for_each_part_and_says_what_it_is(read, lang):
    pdf = day_report_pdf(with_targets(made_up(read), 7), lang, None)
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
def test_the_glance_page_of_a_day_stays_one_page_with_many_targets(read: DayReport, count: int, lang: str) -> None:
    found = pages_of(day_report_pdf(with_targets(read, count), lang, None))
    assert found[0].endswith("1 / 2") and found[1].endswith("2 / 2")


def test_the_line_that_names_the_log_stands_under_definitions_and_a_missed_satisfaction_target_is_told_once(read):
    figures = made_up(read).figures
    head = PageChapter(BlockWithinPage(75, lambda sheet, y: None))
    for lang in ("en", "zh_CN"):
        found = [*definitions_chapter_blocks(figures, lang, head), BlockWithinPage(10, lambda sheet, y: None, gap=1)]
        assert all(len(page) > 1 for page in paginate(found))
    ratings = read.figures["ratings"] | {"n": 169, "dissatisfied": 13, "rate": 0.923, "low": 0.873, "high": 0.954}
    low = replace(read, figures=read.figures | {"ratings": ratings})
    assert "13 of 169 ratings dissatisfied" in pages_of(day_report_pdf(low, "en", None))[0]
    page = pages_of(day_report_pdf(with_targets(low, 1), "en", None))[0]
    assert "Satisfaction rate missed its target" in page and "13 of 169 ratings dissatisfied" not in page
