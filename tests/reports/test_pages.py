"""Reports as PDF: what stands on each page, how small and how full, and what the drawing decides by itself."""

import ctypes
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any
from xml.sax import saxutils

import pypdfium2
import pytest
from msgspec.structs import replace
from pypdfium2 import raw

from queuedesk.core.charts.layout import spread_letters
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import MONTH, PERIODS, QUARTER, WEEK
from queuedesk.core.figures.satisfaction import satisfaction_rate, satisfaction_rate_difference
from queuedesk.core.figures.targets import TargetVerdict
from queuedesk.core.upkeep import BackupStatus
from queuedesk.desk import setting_up
from queuedesk.desk.change import Desk
from queuedesk.i18n import LANGUAGES, tr
from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.i18n.names import percent_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import PAGE
from queuedesk.reports.draw.head_and_foot import report_head
from queuedesk.reports.draw.pdf import BOTTOM, PAGE_HEIGHT, RIGHT, TOP, BlockWithinPage, PageChapter, paginate
from queuedesk.reports.figures.figure_words import definitions_chapter_blocks
from queuedesk.reports.figures.findings import day_week_or_month_sums
from queuedesk.reports.figures.period import DayReport, read_day_report, read_period_report
from queuedesk.reports.figures.rates import period_satisfaction_rates, rates_compared_with_overall
from queuedesk.reports.figures.write import report_file_bytes, write_period_report
from queuedesk.reports.pages import period_page
from queuedesk.reports.pages.day_page import day_report_pdf
from queuedesk.store.upkeep import backup_folder
from tests.every_day import SEES_ALL, paired
from tests.hall import at, simple_hall
from tests.processes import anew
from tests.reports.days import AFTER, DAY, MADE_UP, NEXT_MORNING, PAUSE, asked, eventful, hall, simulated
from tests.reports.read_back import about, bookmarks, english, pages_of, text_of
from tests.reports.test_recomputed import three_days, two_halls


def made(desk: Desk, folder: Path, ending: str, period: str = WEEK, lang: str = "en", **asked: Any) -> Path:
    return write_period_report(desk, period, DAY, folder / f"{period}-{lang}{ending}", lang=lang, now=AFTER, **asked)


def document(desk: Desk, folder: Path, **asked: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(made(desk, folder, ".json", **asked).read_text(encoding="utf-8"))
    read.pop("rates", None)  # tables of their own in the other files: tests/features/figure_files/test_figure_files.py
    return read


def test_the_pdf_of_a_week_shows_the_figures(tmp_path):
    desk = three_days(tmp_path)
    figures = document(desk, tmp_path)
    page = text_of(made(desk, tmp_path, ".pdf"))
    wait, ratings, log = figures["wait"], figures["ratings"], figures["log"]
    assert f"{figures['issued']} tickets" in page
    assert f"{wait['n']} calls · median {wait['median']:.1f} · max {wait['max']:.1f}" in page
    assert f"95 % interval {ratings['low'] * 100:.1f}–{ratings['high'] * 100:.1f} %" in page
    for row in figures["services"]:
        assert f"{row['issued']} {row['finished']} {row['left']} {row['wait']['mean']:.1f}" in page
    assert f"{log['first_seq']:,}–{log['last_seq']:,} of the log" in page and log["hash"] in page
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    assert (f"Services add up to {several} more than all" in page) == (several > 0)
    for words in ("Left out:", "Mean wait by weekday and half-hour", "Satisfaction and targets", "1 / 3"):
        assert words in page


TITLES = dict(zip(PERIODS, ("服务厅日报", "服务厅周报", "服务厅月报", "服务厅季报", "服务厅年报"), strict=True))


@pytest.mark.parametrize("period", PERIODS if SEES_ALL else (MONTH, QUARTER))
def test_the_pdf_of_a_period_is_chinese_in_chinese(tmp_path, period):
    page = text_of(made(three_days(tmp_path), tmp_path, ".pdf", period, lang="zh_CN"))
    assert TITLES[period] in page
    assert english(page) == []


def test_a_week_that_still_runs_is_met_so_far_and_no_more(tmp_path):
    desk = eventful(tmp_path)
    running = text_of(write_period_report(desk, WEEK, DAY, tmp_path / "running.pdf", lang="en", now=NEXT_MORNING))
    over = text_of(write_period_report(desk, WEEK, DAY, tmp_path / "over.pdf", lang="en", now=AFTER))
    assert re.search(r"(not )?met so far · target", running)
    assert re.search(r"(not )?met · target", over) and "so far" not in over


def test_all_halls_stand_in_a_pdf_by_name_their_services_by_code_and_like_for_like(tmp_path):
    desk, _west = two_halls(tmp_path)
    read = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True)
    found, rates = document(desk, tmp_path, period=MONTH, every_hall=True), period_satisfaction_rates(read)
    issued = [one["issued"] for one in (found["all"], *found["halls"])]
    paper = made(desk, tmp_path, ".pdf", MONTH, every_hall=True)
    page, chapters = text_of(paper), [title for level, title in bookmarks(paper) if level == 0]
    assert about(paper)["subject"] == chapters[0] == "Monthly report" and len(chapters) > 1
    for words in (
        *(f"{issued[0]} tickets", "2 halls", f"WEST West City Power Service Hall {issued[2]}"),
        *("CD/C New connection", "WEST/C New connection", "Halls by number of ratings", "Like for like"),
        *(one["log"]["hash"] for one in found["halls"]),
    ):
        assert words in page
    assert [one.code for one in rates.halls] == ["CD", "WEST"]
    # So few tickets of a service in each that nothing can be compared, and the page says so.
    assert bool(rates.alike.waits.services) != ("Left out: no service is busy enough in several halls" in page)
    assert read.service_name_in_sentence("WEST/C", "en") == "C New connection (West City Power Service Hall)"
    day = made(desk, tmp_path, ".pdf", "day", every_hall=True)
    assert "Thursday 19 November 2026" in pages_of(day)[0]


@pytest.mark.parametrize("ending", (".pdf", ".json"))
def test_a_hall_where_nobody_came_has_every_kind_of_file_and_trouble_is_named(tmp_path, ending):
    desk = hall(tmp_path)
    path = made(desk, tmp_path, ending.upper(), MONTH)
    assert path.stat().st_size > 100
    if ending == ".pdf":
        page = text_of(path)
        assert "0 tickets" in page and "No ticket was issued in this time." in page
    with pytest.raises(OutsideError, match="cannot_write"):
        made(desk, tmp_path / "nowhere", ending)


# -- how far a period's rate can be trusted: figures against known ones, words against figures -------------------------
def test_the_chart_by_date_counts_each_date_once_and_a_period_is_held_against_the_one_before(tmp_path):
    desk = three_days(tmp_path)  # two dates in November, one in December
    read = read_period_report(desk, QUARTER, DAY, AFTER)
    rates = period_satisfaction_rates(read)
    by_date = rates.by_date
    assert sum(point.n for point in by_date.points) == read.figures["ratings"]["n"] == rates.found.n
    assert by_date.centre == pytest.approx(read.figures["ratings"]["rate"], abs=1e-6)
    assert by_date.rated_date_count == 3
    november, december = (read_period_report(desk, MONTH, day, AFTER) for day in (DAY, DAY + timedelta(days=12)))
    before = period_satisfaction_rates(december).before
    ratings = [read.figures["ratings"] for read in (november, december)]
    counts = [(of_month["satisfied"], of_month["dissatisfied"]) for of_month in ratings]
    assert (before.first, before.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert before.found == satisfaction_rate(*counts[0])
    assert before.difference == satisfaction_rate_difference(*counts)
    assert period_satisfaction_rates(november).before.found.n == 0


def test_halls_are_held_against_several_and_a_difference_against_chance():
    assert rates_compared_with_overall([("A", (30, 2))]) == []
    assert rates_compared_with_overall([("A", (30, 2)), ("B", (0, 0))]) == []
    first, second, third = rates_compared_with_overall([("A", (4, 0)), ("B", (400, 20)), ("C", (300, 60))])
    assert (first.pooled.rank, second.pooled.rank, third.pooled.rank) == (None, 1, 2)
    assert (first.outlier_level, second.outlier_level, third.outlier_level) == (0, 2, 2)
    told = period_page.difference_text(satisfaction_rate_difference((2356, 115), (2356, 47)), "en")
    assert told == "Difference +2.7 points, 95 % interval +1.7 to +3.7: chance alone hardly explains it."
    assert "chance alone can explain it" in period_page.difference_text(
        satisfaction_rate_difference((415, 18), (415, 13)), "en"
    )
    assert (
        period_page.signed_percentage_points(-0.004),
        period_page.signed_percentage_points(0.0001),
        period_page.signed_percentage_points(0.0),
    ) == ("−0.4", "0.0", "0.0")


def test_settled_visits_are_told_when_the_days_of_the_first_have_passed_not_of_the_months_first(tmp_path):
    desk = three_days(tmp_path)
    # The days of 19 November end with the 26th.
    while_new, later = (AFTER.replace(month=11, day=day) for day in (24, 27))
    assert "Settled at the first visit — first figure on 27 Nov" in _month_in_words(desk, while_new)
    found = _month_in_words(desk, later)
    assert "first figure on" not in found and "Settled at the first visit 100.0 %" in found


def _month_in_words(desk: Desk, now: datetime) -> str:
    return text_of(period_page.period_report_pdf(read_period_report(desk, MONTH, DAY, now), "en", None))


def test_few_answers_are_warned_of_with_their_bound(tmp_path: Path) -> None:
    read = read_period_report(three_days(tmp_path), WEEK, DAY, AFTER)
    assert "Below 30 %" not in text_of(report_file_bytes(read, ".pdf", "en", None))
    read.figures["ratings"]["unrated"] = 10_000  # most left without a word
    page = text_of(report_file_bytes(read, ".pdf", "en", None))
    answered = period_satisfaction_rates(read).response
    assert "of those served rated. Below 30 % the rate need not hold for everybody" in page
    assert f"{100 * (answered.highest or 0):.1f} %" in page


def test_a_quarter_names_who_answers_for_it(tmp_path: Path) -> None:
    desk = hall(tmp_path)
    for owner, printed_by, said in (("", None, "nobody named"), ("", "C1", "Zhang Min"), ("王敏", "C1", "王敏")):
        setting_up.change_hall(desk, asked(AFTER), {"report_owner": owner})
        made = report_file_bytes(read_period_report(desk, QUARTER, DAY, AFTER), ".pdf", "en", printed_by)
        assert f"responsible: {said}" in text_of(made)


def test_waits_by_hour_are_those_of_both_half_hours_and_a_month_whose_target_changed_stands_under_its_last_one():
    cells = {(1, "08:00"): (2, 60), (1, "08:30"): (3, 30), (2, "08:30"): (1, 5)}
    assert period_page.wait_sums_by_weekday_and_hour(cells) == {(1, "08:00"): (5, 90), (2, "08:00"): (1, 5)}
    months = day_week_or_month_sums([], date(2026, 10, 1), date(2026, 12, 31), MONTH)
    assert period_page.first_and_last_slot_between_dates(months, "2026-10-01", "2026-11-09") == (0, 0)
    assert period_page.first_and_last_slot_between_dates(months, "2026-11-10", "2026-12-31") == (1, 2)
    assert period_page.first_and_last_slot_between_dates(months, "2026-11-05", "2026-11-08") is None


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


CHINESE = "等候：从排进这项业务的队，到在那里第一次叫到；改派的从最早取号算起。九成不超过：十个人里有九个等得不比这久（含 A001）。"


def lines_of(markup: str, width: float) -> list[str]:
    return ["".join(char for char, _ in line) for line in pdf.WrappedMarkup(markup, 9, width).lines]


@pytest.mark.parametrize("width", range(40, 200, 7))
def test_chinese_lines_fit_and_never_begin_with_a_closing_mark(width):
    lines = lines_of(CHINESE, width)
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert not [line for line in lines[1:] if line[0] in NEVER_FIRST]
    assert all(pdf.text_width(line, 9) < width + 0.01 for line in lines)


def test_english_lines_break_between_words_ranges_stay_whole_and_bold_words_keep_their_place_and_names_their_marks():
    assert lines_of("paused 10:20\u2060–\u206011:05 and then", 60) == ["paused", "10:20\u2060–\u206011:05", "and then"]
    assert "".join(lines_of("x" * 100, 50)) == "x" * 100
    line = pdf.WrappedMarkup("<b>A &amp; B:</b> 3 &lt; 4", 9, 400).lines[0]
    assert "".join(char for char, bold in line if bold) == "A & B:"
    assert "".join(char for char, bold in line if not bold) == " 3 < 4"


def nothing(sheet: pdf.PdfSheet, y: float) -> None:
    """Draw nothing."""


def test_a_page_takes_what_belongs_together_and_begins_with_the_titles_and_heads_of_what_goes_on():
    high = pdf.BOTTOM - pdf.TOP - 50
    blocks = [
        pdf.BlockWithinPage(high, nothing),
        pdf.BlockWithinPage(30, nothing, gap=5, keep=True),
        pdf.BlockWithinPage(30, nothing),
    ]
    assert [[round(y - pdf.TOP) for y, _ in page] for page in pdf.paginate(blocks)] == [[0], [0, 30]]
    title = pdf.BlockWithinPage(20, nothing)
    rows = [pdf.BlockWithinPage(100, nothing, head=title) for _ in range(10)]
    pages = pdf.paginate([title, *rows])
    assert [page[0][1] is title for page in pages] == [True, True]
    assert sum(len(page) for page in pages) == 12
    head = pdf.BlockWithinPage(46, nothing)
    chapter = pdf.PageChapter(head, "Annex")
    found = pdf.paginate(
        [
            pdf.BlockWithinPage(100, nothing),
            chapter.head_block(),
            *(pdf.BlockWithinPage(300, nothing) for _ in range(4)),
        ]
    )
    assert [page[0][1].height for page in found] == [100, 46, 46]
    assert found[1][0][1].begins is chapter and found[2][0][1] is head
    one, other = pdf.BlockWithinPage(20, nothing, breaks=True), pdf.BlockWithinPage(20, nothing, gap=9, breaks=True)
    assert [[(y, block) for y, block in page] for page in pdf.paginate([one, other])] == [
        [(pdf.TOP, one)],
        [(pdf.TOP, other)],
    ]
    table = pdf.blocks_kept_together(
        [pdf.BlockWithinPage(20, nothing), *(pdf.BlockWithinPage(20, nothing) for _ in range(4))]
    )
    pages = pdf.paginate([pdf.BlockWithinPage(pdf.BOTTOM - pdf.TOP - 60, nothing), *table])
    assert [len(page) for page in pages] == [1, 5]


@pytest.mark.parametrize(
    ("share", "shown"), [(None, "—"), (0.775, "77.5"), (0.99999, "99.9"), (1.0, "100.0"), (0.0001, "0.1"), (0.0, "0.0")]
)
def test_a_share_is_all_or_nothing_only_when_it_is(share, shown):
    assert percent_text(share) == shown


def test_boxes_are_filled_where_they_overlap_and_streams_are_bytes_not_letters():
    sheet = pdf.PdfSheet("title", "hall", "en")
    rects = [(100, 100, 60, 20), (120, 100, 20, 20)]
    block = pdf.BlockWithinPage(50, lambda sheet, y: sheet.fill_boxes(rects, fill="#000000"))
    page = pypdfium2.PdfDocument(sheet.paged_pdf([block], lambda sheet, page, pages: None))[0].render().to_pil()
    assert [page.convert("L").getpixel((x, 110)) for x in (110, 130, 150)] == [0, 0, 0]
    sheet = pdf.PdfSheet("Day", "Hall", "en")
    file = sheet.paged_pdf(
        [pdf.BlockWithinPage(30, lambda own, y: own.fill_boxes([(100, y, 20.5, 30)], fill="#000000"))], lambda *_: None
    )
    assert b"/FlateDecode" in file and b"ASCII85" not in file


def test_a_typefaces_file_is_read_again_for_each_paper():
    papers = []
    for title in ("first", "second"):
        sheet = pdf.PdfSheet(title, "hall", "zh_CN")
        sheet.draw_text(100, 100, CHINESE[:12], 12)
        sheet.draw_text(100, 120, CHINESE[12:24], 12, bold=True)
        sheet.canvas.showPage()
        sheet.canvas.save()
        papers.append(sheet.file.getvalue())
    for paper in papers:
        with pypdfium2.PdfDocument(paper) as document:
            assert document[0].get_textpage().get_text_range().split("\r\n") == [CHINESE[:12], CHINESE[12:24]]


class Heard(pdf.PdfSheet):
    """A sheet that keeps what is written, with the left end of each text."""

    def __init__(self) -> None:
        super().__init__("", "", "en")
        self.texts: list[tuple[str, float, float]] = []

    def draw_text(self, x: float, y: float, text: str, size: float, *, at: str = "left", **asked: object) -> None:
        length = pdf.text_width(text, size)
        self.texts.append((text, x - {"left": 0.0, "middle": length / 2, "right": length}[at], length))


def written(blocks: list[pdf.BlockWithinPage]) -> list[tuple[str, float, float]]:
    sheet = Heard()
    for block in blocks:
        block.draw(sheet, 0.0)
    return sheet.texts


@pytest.mark.parametrize("width", [180.0, 220.0, 400.0])
def test_texts_are_cut_and_figures_never(width):
    titles = ("Window", "Staff", "Finished", "Handling")
    fields = [pdf.GridColumn(title, is_text=title in titles[:2]) for title in titles]
    place = pdf.HorizontalPlace(pdf.LEFT, width)
    found = written(
        pdf.grid_table_blocks(fields, [["1", "A very long name of a clerk indeed", "1,234", "12.3"]], place)
    )
    assert [text for text, _, _ in found[-2:]] == ["1,234", "12.3"]
    assert all(x >= place.x - 0.1 and x + length <= place.x + width + 0.1 for _, x, length in found)
    cells = found[4:]
    assert all(cells[i][1] + cells[i][2] <= cells[i + 1][1] + 0.1 for i in range(3))


def test_a_last_column_of_texts_takes_the_rest_and_a_row_of_sentences_is_as_high_as_its_longest():
    fields = [pdf.GridColumn("Ticket", is_text=True), pdf.GridColumn("Wait"), pdf.GridColumn("Cause", is_text=True)]
    text = "the customer before, at window 5, took 31 min · 3 later tickets went first"
    assert text in [one for one, _, _ in written(pdf.grid_table_blocks(fields, [["A001", "12.3", text]]))]
    top, short, long = pdf.sentence_table_blocks(["A", "B"], [["a", "b"], ["a", "b " * 200]], [0.2, 0.8], size=7)
    assert long.height > 2 * short.height and long.head is top


def test_two_columns_go_on_together_with_their_titles_and_come_closer_only_where_that_puts_them_on_one_page():
    left = [pdf.BlockWithinPage(100, nothing) for _ in range(3)]
    right = [pdf.BlockWithinPage(100, nothing) for _ in range(9)]
    found = pdf.two_column_blocks(left, right, above=171.0, room=771.0)
    assert [(block.height, block.breaks) for block in found] == [(600, False), (300, True)]
    top = pdf.BlockWithinPage(16, nothing)
    rows = [pdf.BlockWithinPage(100, nothing, head=top) for _ in range(8)]
    assert [block.height for block in pdf.two_column_blocks([top, *rows], [], above=0.0, room=400.0)] == [316, 316, 216]

    def chapter(height: float) -> list[pdf.BlockWithinPage]:
        return [pdf.BlockWithinPage(height, nothing, gap=20) for _ in range(4)]

    assert pdf.blocks_height(pdf.blocks_fitted_to_one_page(chapter(90.0), room=420.0)) == pytest.approx(420.0)
    assert pdf.blocks_fitted_to_one_page(chapter(80.0), room=420.0) == chapter(80.0)
    assert pdf.blocks_fitted_to_one_page(chapter(200.0), room=420.0) == chapter(200.0)


@pytest.mark.parametrize("text", ["", "A001", "a & b < c > d", "&lt;b&gt;", "&amp;lt;", "“更名” 'x' \"y\"", "&&<<>>"])
def test_a_text_comes_back_from_its_markup(text):
    assert pdf.escape(text) == saxutils.escape(text)
    assert pdf.unescape(pdf.escape(text)) == text
    assert pdf.unescape(text) == saxutils.unescape(text)


def test_a_paper_loads_nothing_that_talks_to_a_network():
    told = """
import sys
from queuedesk.reports.papers import tickets
print([name for name in ("http.client", "urllib.request") if name in sys.modules])
"""
    done = anew("-c", told)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_last_line_is_never_a_lone_character_or_two_and_cut_texts_stay_in_their_room():
    for width in range(60, 220, 3):
        text = "告知过预计但没叫到的 49 张，两边都不算；未评 817 张。挂起 877.0 分钟不算办理；等系统 185.8 分钟。"
        prose = pdf.WrappedMarkup(text, 8, width)
        last = "".join(char for char, _bold in prose.lines[-1])
        assert pdf.text_width(last, 8) >= min(pdf.LEAST_END * 8, width * 0.4)
    text = "没有响应 8:25–17:31 · 没有响应 8:25–17:31 · 没有响应"
    for room in (30.0, 60.0, 61.0, 62.0, 63.0, 64.0, 90.0):
        found = pdf.cut_text_to_width(text, 8.8, room)
        assert pdf.text_width(found, 8.8) <= room and found.endswith("…") and "·…" not in found, room
    assert pdf.cut_text_to_width("not met", 8.8, pdf.text_width("not met", 8.8) - 1e-9) == "not met"


def test_letters_of_one_day_stand_beside_each_other_and_a_sheet_counts_nothing_as_full_that_fits_but_for_rounding():
    marks = [(100.0, "a"), (100.0, "b"), (104.0, "c"), (200.0, "d"), (pdf.RIGHT, "e"), (pdf.RIGHT, "f")]
    found = spread_letters(marks, pdf.RIGHT, PAGE)
    assert [letter for _x, letter in found] == list("abcdef")
    places = [x for x, _letter in found]
    assert all(after - before >= 10.9 for before, after in pairwise(places))
    assert places[3] == 200.0 and places[-1] < pdf.RIGHT
    blocks = [pdf.BlockWithinPage(height, lambda sheet, y: None) for height in (257.0, 514.0 + 1e-9)]
    assert len(pdf.paginate(blocks)) == 1


@pytest.mark.parametrize(
    "facts", [["6 windows"], ["20 days with customers", "until 20 November 2026", "responsible: nobody named"]]
)
@pytest.mark.parametrize("span", ["Quarter 4 of 2026", "28 September 2026–4 October 2026"])
def test_a_long_title_and_what_stands_at_its_right_keep_apart(facts: list[str], span: str) -> None:
    sheet = pdf.PdfSheet("title", "hall", "en")
    head = report_head("Hall", "Satisfaction and targets", span, facts)
    page = pypdfium2.PdfDocument(sheet.paged_pdf([head], lambda sheet, page, pages: None))[0].get_textpage()
    boxes = [page.get_rect(i) for i in range(page.count_rects())]
    title = next(box for box in boxes if page.get_text_bounded(*box).startswith("Satisfaction"))
    others = [box for box in boxes if box is not title and box[0] > 200]
    assert others and all(box[0] > title[2] + 4 or box[1] > title[3] for box in others)
