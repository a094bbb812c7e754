"""The report of a day: a summary of at most two pages, behind it the annex for whoever asks for it, and the page of
quality.

The page of quality (cases, what customers said in the end, inspections, reasons) may hang on a wall: no person, no word
of a customer, and nothing of an inspection that is still to come stands on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart, ChartTimeNote, SurfaceRect
from queuedesk.core.charts.layout import BarRow, lay_out_bars
from queuedesk.core.charts.ribbon import MOST_PITCH, lay_out_ribbon, least_ribbon_height, ribbon_height
from queuedesk.core.charts.waits import WaitsOverTicketsChart, hour_labels
from queuedesk.core.figures.comparing import uniquely_named_rows
from queuedesk.core.quality.figures import NOTED, SAID, has_no_records
from queuedesk.core.queue.hallday import business_date, opening_spans_on
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.core.talk.device import CheckWaiver, DeviceCheck
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing import staffing_of_next_open_day
from queuedesk.i18n import date_for_report, date_short, moments, name_in_language, names, ntr, time_hm, tr
from queuedesk.i18n import quality as quality_words
from queuedesk.i18n import staffing as words
from queuedesk.i18n.calendar_words import day_kind_word, join_clauses
from queuedesk.i18n.figures.figure_titles import rating_reason_words
from queuedesk.i18n.figures.ribbon_words import ribbon_chart_labels
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, whole_number_text
from queuedesk.i18n.queue.line_words import first_letter_upper, reason_words
from queuedesk.i18n.talk import checked_device_name, device_finding_words, device_list_text_from_log_words
from queuedesk.reports.draw.charts import PAGE, chart_height_from_panels, draw_chart, draw_marks
from queuedesk.reports.draw.head_and_foot import Maker, day_report_head, four_key_figures_block, page_foot_drawer
from queuedesk.reports.draw.pdf import (
    BOTTOM,
    FULL,
    INK2,
    LEAST_FILLED,
    LEFT,
    PAPER,
    RIGHT,
    ROW_HEIGHT,
    TOP,
    WIDTH,
    BlockWithinPage,
    GridColumn,
    HorizontalPlace,
    PageChapter,
    PdfSheet,
    WrappedMarkup,
    blocks_fitted_to_one_page,
    blocks_height,
    blocks_kept_together,
    escape,
    grid_table_blocks,
    heading_block,
    small_sentence_block,
    two_column_blocks,
)
from queuedesk.reports.figures import figure_words
from queuedesk.reports.figures.findings import first_three_day_finding_sentences
from queuedesk.reports.figures.period import DayReport, without_unused_figures
from queuedesk.reports.pages import annex as annexes
from queuedesk.reports.pages import sections
from queuedesk.reports.papers import staffing_page

Row = Mapping[str, Any]
BAR = 16.0
MOST_DATES = 8
"""So many special days are named."""
COLOURS = {"satisfied": "chart", "dissatisfied": "red"}
"""Of what customers said; what is nobody's word is grey."""


def quality_chapter_blocks(figures: Mapping[str, Any], lang: str, chapter: PageChapter) -> list[BlockWithinPage]:
    """Return the chapter, its head first; nothing where nothing was noted: then no_quality_records_line() says so."""
    head = chapter.head_block()
    blocks = quality_record_blocks(figures, lang, above=head.height)
    return blocks_fitted_to_one_page([head, *blocks]) if blocks else []


def quality_record_blocks(figures: Mapping[str, Any], lang: str, above: float = 0.0) -> list[BlockWithinPage]:
    """Return what was noted, to go on below `above` points of a page; nothing where nothing was."""
    found = figures.get("quality")
    if not found or has_no_records(found):
        return []
    top = _cases_by_source_table(found["cases"], lang)
    halves = two_column_blocks(
        [
            *_cases_by_class_table(found["cases"], lang),
            *_inspections_done_of_wanted_table(found.get("inspections"), lang),
        ],
        [*_callback_answer_bars(found["cases"]["verdicts"], lang), *_low_rating_reasons_table(found["reasons"], lang)],
        above=above + blocks_height(top) + 20,
    )
    return [*top, *halves, *_quality_facts_table(found, lang), *_kinds_with_none_noted_block(found, lang)]


def no_quality_records_line(figures: Mapping[str, Any], lang: str) -> list[BlockWithinPage]:
    """Return a line where nothing of quality was noted, so that nobody looks for its page, and one of the reasons that
    ratings came with."""
    found = figures.get("quality")
    if not found or "why" in found or not has_no_records(found):
        return []
    said = [quality_words.no_quality_records_sentence(NOTED.keys() - found.keys(), lang)]
    reasons = found["reasons"]
    if reasons["tags"]:
        named = [f"{rating_reason_words(row['code'], lang)} {whole_number_text(row['n'])}" for row in reasons["tags"]]
        said.append(tr(lang, "Reasons for low ratings: {reasons}.", reasons=join_clauses(named, lang)))
    title = tr(lang, "Quality", context="report")
    return [
        small_sentence_block(f"<b>{escape(title)}</b>  {escape(figure_words.sentences_joined(said, lang))}", gap=14)
    ]


# -- cases -------------------------------------------------------------------------------------------------------------


def _case_count_columns(first: str, lang: str, *, is_short: bool = False) -> list[GridColumn]:
    return [
        GridColumn(first, is_text=True),
        GridColumn(tr(lang, "Opened", context="cases")),
        GridColumn(tr(lang, "Closed", context="cases")),
        *([] if is_short else [GridColumn(tr(lang, "Opened again", context="cases"))]),
        GridColumn(tr(lang, "Open", context="cases"), bold=True),
        GridColumn(tr(lang, "Overdue", context="cases"), bold=True),
    ]


def _case_count_cells(name: str, row: Row, *, is_short: bool = False) -> list[str]:
    keys = ("opened", "closed", *(() if is_short else ("reopened",)), "open", "overdue")
    return [name, *(whole_number_text(row[key]) for key in keys)]


def _cases_by_source_table(cases: Row, lang: str) -> list[BlockWithinPage]:
    rows = cases["by_source"]
    if not rows:
        return []
    fields = _case_count_columns(tr(lang, "Where it came from", context="cases"), lang)
    cells = [
        _case_count_cells(first_letter_upper(quality_words.case_source_words(row["code"], lang)), row) for row in rows
    ]
    total = _case_count_cells(tr(lang, "All", context="report"), cases)
    unit = tr(lang, "open and overdue: at the end of this time")
    return [heading_block(tr(lang, "Cases", context="report"), unit), *grid_table_blocks(fields, cells, total=total)]


def _cases_by_class_table(cases: Row, lang: str) -> list[BlockWithinPage]:
    rows = cases["by_class"]
    if not rows:
        return []
    fields = _case_count_columns(tr(lang, "Class", context="cases"), lang, is_short=True)
    cells = [_case_count_cells(quality_words.case_class_word(row["code"], lang), row, is_short=True) for row in rows]
    return blocks_kept_together(
        [
            heading_block(tr(lang, "Cases by class"), place=sections.LEFT_HALF),
            *grid_table_blocks(fields, cells, sections.LEFT_HALF),
        ]
    )


def _callback_answer_bars(found: Row, lang: str) -> list[BlockWithinPage]:
    """Return what customers said when they were called back, as bars on one scale."""
    said = [code for code in SAID if found[code]]
    if not said:
        return []
    words = {
        "satisfied": tr(lang, "Satisfied", context="verdict"),
        "dissatisfied": tr(lang, "Still dissatisfied", context="verdict"),
        "not_given": tr(lang, "No answer given", context="verdict"),
        "not_reached": tr(lang, "Not reached", context="verdict"),
        "no_contact": tr(lang, "Nobody to ask", context="verdict"),
    }
    bars = [
        BarRow(
            word=words[code], value=found[code], number=whole_number_text(found[code]), colour=COLOURS.get(code, "ink2")
        )
        for code in said
    ]
    height = BAR * len(bars)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        draw_marks(
            sheet,
            lay_out_bars(bars, PAGE, SurfaceRect(sections.RIGHT_HALF.x, y, sections.RIGHT_HALF.width, height)).marks,
        )

    told = tr(lang, "Anyone not reached or not asked is never counted as satisfied.")
    title = heading_block(tr(lang, "What customers said in the end"), place=sections.RIGHT_HALF)
    return blocks_kept_together(
        [title, BlockWithinPage(height, draw_block, gap=4), small_sentence_block(escape(told), sections.RIGHT_HALF)]
    )


# -- inspections and reasons -------------------------------------------------------------------------------------------


def _inspections_done_of_wanted_table(found: Row | None, lang: str) -> list[BlockWithinPage]:
    """Return each channel's inspections: those done in each month, of as many as the hall wants."""
    if found is None:
        return []
    rows = [row for row in found["coverage"] if row["done"] or row["least"]]
    if not found["by_channel"] or not rows:
        return []
    months = list(dict.fromkeys(row["month"] for row in rows))
    scores = {row["code"]: row["score"]["mean"] for row in found["by_channel"]}
    fields = [
        GridColumn(tr(lang, "Channel", context="inspection"), is_text=True),
        *([GridColumn(tr(lang, "Month", context="report"), is_text=True)] if len(months) > 1 else []),
        GridColumn(tr(lang, "Done", context="inspection"), bold=True),
        GridColumn(tr(lang, "Wanted", context="inspection")),
        *([GridColumn(tr(lang, "Mean score"))] if len(months) == 1 else []),
    ]
    cells = [
        [
            quality_words.inspection_channel_word(row["channel"], lang),
            *([moments.month_and_year(date.fromisoformat(f"{row['month']}-01"), lang)] if len(months) > 1 else []),
            whole_number_text(row["done"]),
            whole_number_text(row["least"]),
            *([_score_points_text(scores.get(row["channel"]))] if len(months) == 1 else []),
        ]
        for row in rows
    ]
    unit = moments.month_and_year(date.fromisoformat(f"{months[0]}-01"), lang) if len(months) == 1 else ""
    return [
        heading_block(tr(lang, "Inspections", context="report"), unit, sections.LEFT_HALF),
        *grid_table_blocks(fields, cells, sections.LEFT_HALF),
    ]


def _score_points_text(score: float | None) -> str:
    return UNKNOWN if score is None else decimal_text(score)


def _low_rating_reasons_table(found: Row, lang: str) -> list[BlockWithinPage]:
    rows = found["tags"]
    if not rows:
        return []
    fields = [
        GridColumn(tr(lang, "Reason", context="report"), is_text=True),
        GridColumn(tr(lang, "n", context="report"), bold=True),
        GridColumn(tr(lang, "Share", context="report")),
        GridColumn(tr(lang, "95 % interval", context="report")),
    ]
    cells = [
        [
            rating_reason_words(row["code"], lang),
            whole_number_text(row["n"]),
            sections.share_percent_text(row["rate"]),
            figure_words.percent_range_text(row["low"], row["high"]),
        ]
        for row in rows
    ]
    told = ntr(
        lang,
        "Of {shown} rating; of fewer than 30 there are counts alone.",
        "Of {shown} ratings; of fewer than 30 there are counts alone.",
        found["ratings"],
        shown=whole_number_text(found["ratings"]),
    )
    title = heading_block(tr(lang, "Reasons for low ratings"), place=sections.RIGHT_HALF)
    return [
        title,
        *grid_table_blocks(fields, cells, sections.RIGHT_HALF),
        small_sentence_block(escape(told), sections.RIGHT_HALF),
    ]


# -- single figures ----------------------------------------------------------------------------------------------------


def _quality_facts_table(found: Row, lang: str) -> list[BlockWithinPage]:
    rows = [*_facts_of_all_cases(found["cases"], lang), *_inspection_facts(found, lang), *_feedback_facts(found, lang)]
    top, *blocks = annexes.annex_figure_table_blocks([*rows, _working_days_fact(found["calendar"], lang)], lang)
    return [heading_block(tr(lang, "In single figures")), replace(top, gap=0), *blocks]


def _working_days_fact(found: Row, lang: str) -> annexes.AnnexFigure:
    """Return how many working days the time had, with the dates that are not as their weekday."""
    said = [
        f"{date_short(date.fromisoformat(row['date']), lang)} {day_kind_word(row['kind'], lang)}"
        for row in found["marked"]
    ]
    besides = (
        join_clauses(said, lang)
        if len(said) <= MOST_DATES
        else tr(lang, "{n} special days", n=whole_number_text(len(said)))
    )
    of = {"n": found["working"] or 0, "of": found["days"]}
    known = found["working"] is not None
    shown = whole_number_text(found["working"]) if known else UNKNOWN
    why = "" if known else tr(lang, "the halls have different calendars")
    return annexes.AnnexFigure(
        tr(lang, "Working days"), shown, sections.part_of_all_text(of) if known else "", why or besides
    )


def _facts_of_all_cases(cases: Row, lang: str) -> list[annexes.AnnexFigure]:
    if not cases["by_source"]:
        return []
    took, calls, verdicts, contacts = (cases[key] for key in ("days_to_close", "call_backs", "verdicts", "contacts"))
    median = took["median"]
    days = (
        tr(lang, "no case was closed in this time")
        if median is None
        else ntr(
            lang, "of {shown} case closed", "of {shown} cases closed", took["n"], shown=whole_number_text(took["n"])
        )
    )
    asked = verdicts["satisfied"] + verdicts["dissatisfied"]
    good = (
        tr(lang, "95 % interval {range} %", range=figure_words.percent_range_text(verdicts["low"], verdicts["high"]))
        if asked
        else tr(lang, "no customer gave a verdict in this time")
    )
    called = tr(
        lang,
        "{reached} reached, {tries} in vain",
        reached=whole_number_text(calls["reached"]),
        tries=whole_number_text(calls["no_answer"]),
    )
    known = "" if contacts["asked"] else tr(lang, "no customer was asked for one")
    return [
        annexes.AnnexFigure(
            tr(lang, "Working days to close, median"), UNKNOWN if median is None else f"{median:g}", "", days
        ),
        annexes.AnnexFigure(
            tr(lang, "Call-backs made"), whole_number_text(calls["n"]), "", called if calls["n"] else ""
        ),
        annexes.AnnexFigure(
            tr(lang, "Satisfied when called back"),
            sections.share_percent_text(verdicts["rate"]),
            sections.part_of_all_text({"n": verdicts["satisfied"], "of": asked}),
            good,
        ),
        annexes.AnnexFigure(
            tr(lang, "Contacts given"),
            sections.share_percent_text(contacts["rate"]),
            sections.part_of_all_text({"n": contacts["valid"], "of": contacts["asked"]}),
            known or tr(lang, "of customers who were asked for one"),
        ),
    ]


def _inspection_facts(found: Row, lang: str) -> list[annexes.AnnexFigure]:
    looks, fixes = found.get("inspections"), found.get("rectifications", {})
    rows = []
    if looks is not None and looks["done"]:
        score = looks["score"]["mean"]
        besides = ntr(
            lang,
            "{shown} deduction",
            "{shown} deductions",
            looks["findings"],
            shown=whole_number_text(looks["findings"]),
        )
        rows.append(annexes.AnnexFigure(tr(lang, "Inspections done"), whole_number_text(looks["done"]), "", besides))
        rows.append(annexes.AnnexFigure(tr(lang, "Mean score"), _score_points_text(score), "", tr(lang, "of 100")))
    if any(fixes.values()):
        said = [
            tr(lang, "{n} noted", n=whole_number_text(fixes["opened"])),
            tr(lang, "{n} closed after a second look", n=whole_number_text(fixes["closed"])),
            tr(lang, "{n} overdue", context="to put right", n=whole_number_text(fixes["overdue"])),
            ntr(
                lang,
                "{shown} waits for a second look",
                "{shown} wait for a second look",
                fixes["proven"],
                shown=whole_number_text(fixes["proven"]),
            ),
        ]
        shown = [text for text, n in zip(said, _rectification_counts(fixes), strict=True) if n]
        rows.append(
            annexes.AnnexFigure(
                tr(lang, "Still to be put right"), whole_number_text(fixes["open"]), "", join_clauses(shown, lang)
            )
        )
    return rows


def _rectification_counts(fixes: Row) -> Sequence[int]:
    return [fixes[key] for key in ("opened", "closed", "overdue", "proven")]


def _feedback_facts(found: Row, lang: str) -> list[annexes.AnnexFigure]:
    comments, told, thanks, forums = (found.get(key) for key in ("comments", "warnings", "thanks", "forums"))
    rows = []
    if comments and comments["n"]:
        unread = tr(lang, "{n} not read", n=whole_number_text(comments["unread"])) if comments["unread"] else ""
        rows.append(
            annexes.AnnexFigure(tr(lang, "Comments of customers"), whole_number_text(comments["n"]), "", unread)
        )
    if told and told["told"]:
        took = told["median_seconds"]
        known = (
            tr(lang, "nobody acknowledged one")
            if took is None
            else tr(lang, "acknowledged after {minutes} min (median)", minutes=decimal_text(took / 60))
        )
        of = sections.part_of_all_text({"n": told["acknowledged"], "of": told["told"]})
        rate = f"{percent_text(told['acknowledged'] / told['told'])} %"
        rows.append(annexes.AnnexFigure(tr(lang, "Warnings acknowledged"), rate, of, known))
    if thanks and thanks["n"]:
        rows.append(annexes.AnnexFigure(tr(lang, "Thanks of customers"), whole_number_text(thanks["n"])))
    if forums and forums["n"]:
        said = [
            ntr(
                lang,
                "{shown} person",
                "{shown} people",
                forums["attendees"],
                shown=whole_number_text(forums["attendees"]),
            ),
            ntr(lang, "{shown} issue", "{shown} issues", forums["issues"], shown=whole_number_text(forums["issues"])),
            ntr(
                lang,
                "{shown} became a case",
                "{shown} became cases",
                forums["cases"],
                shown=whole_number_text(forums["cases"]),
            ),
        ]
        rows.append(
            annexes.AnnexFigure(
                tr(lang, "Forums", context="report"), whole_number_text(forums["n"]), "", join_clauses(said, lang)
            )
        )
    return rows


def _kinds_with_none_noted_block(found: Row, lang: str) -> list[BlockWithinPage]:
    """Return what there was nothing of, so that a gap on the page is no riddle."""
    noted = {
        "cases": len(found["cases"]["by_source"]),
        **{key: found[key][n] for key, n in NOTED.items() if key in found},
    }
    missing = [key for key, n in noted.items() if not n]
    return [small_sentence_block(escape(quality_words.none_noted_sentence(missing, lang)))] if missing else []


ROOM = BOTTOM - TOP
RIBBON_GAP = 16.0
PANEL = 100.0
"""The height of the chart of half-hours where the ribbon of a hall with very many windows has no room, in points."""
FEWEST_ROWS = 3
"""So many rows a table keeps at least that the summary has no room for."""
NOTES = (12, 4, 0)
"""How many notes stand on the first page: as many as leave room for the figures."""


def day_report_pdf(
    read: DayReport, lang: str, printed_by: Maker, ahead: StaffingDay | None = None, *, has_annex: bool = True
) -> bytes:
    """Return the report of a day as a PDF in `lang` with all typefaces embedded and searchable text. The first two
    pages are the summary, one where nobody came; without `has_annex` they are all. `ahead` is the next open date.
    Figures that the hall does not use are left out."""
    told = first_three_day_finding_sentences(read, lang)
    read = replace(read, figures=without_unused_figures(read.figures, read.report_setups))
    hall = name_in_language(read.setup.hall.name, read.setup.hall.name_en, lang)
    title = tr(lang, "Daily report")
    sheet = PdfSheet(f"{hall} · {title} · {read.day.isoformat()}", hall, lang)

    def titled_chapter(of: str, series: str = "") -> PageChapter:
        return PageChapter(day_report_head(read, lang, hall, of), series)

    attended = [*annexes.invalid_reports_markup_list(printed_by, lang), *told]
    first = _first_summary_page(read, lang, day_report_head(read, lang, hall, title), attended)
    proofs = [
        *sections.log_proof_page_blocks(read.figures, read.anchor, lang),
        *annexes.kept_report_check_lines(printed_by, read.setup, read.anchor, lang),
    ]
    proofs = [*_feature_day_line_blocks(read, lang), *proofs]
    if read.figures["issued"]:
        second = _second_summary_page(read, lang, titled_chapter(title), ahead, [*first.left, *proofs])
    else:
        second = SummaryPage([*first.left, *proofs])
    annex = _day_annex_blocks(read, lang, titled_chapter, ahead, [*first.cut, *second.cut]) if has_annex else []
    return sheet.paged_pdf(
        [*first.blocks, *second.blocks, *annex],
        page_foot_drawer(read.setup, read.anchor, read.local_now, lang, printed_by),
    )


def _feature_day_line_blocks(read: DayReport, lang: str) -> list[BlockWithinPage]:
    """Return what features say of the date, a line each."""
    return [WrappedMarkup(escape(one(lang)), 9.0, WIDTH, leading=1.4).page_block(gap=4) for one in read.added]


class SummaryPage(Struct, frozen=True):
    """A page of the summary; what it had no room for: `left` for the next page, `cut` for the annex."""

    blocks: list[BlockWithinPage]
    left: list[BlockWithinPage] = []
    cut: list[BlockWithinPage] = []


# -- the page to glance at ---------------------------------------------------------------------------------------------


def _first_summary_page(read: DayReport, lang: str, head: BlockWithinPage, attended: Sequence[str]) -> SummaryPage:
    """Return the first page with the sentences `attended`, its chart as high as the page has room for. What has no room
    goes in this order: the line of what is left out, notes, the ribbon, services. A day on which nobody came has
    neither chart nor tables."""
    figures = read.figures
    quiet = (
        tr(lang, "Nothing unusual against this hall's targets.")
        if figures["issued"]
        else tr(lang, "No ticket was issued on this day.")
    )
    top = [
        head,
        four_key_figures_block(figures, lang, read.late, is_running=read.is_running),
        *sections.glance_target_lines(figures, lang, is_running=read.is_running),
        sections.attention_box(attended, quiet, tr(lang, "Worth your attention")),
    ]
    out = [*sections.left_out_line(figures, lang), *_never_closed_line(read, lang)]
    if not figures["issued"]:
        return SummaryPage(top, out)
    rated = sections.ratings_beside_fairness_block(figures, lang)
    lanes = len(read.ribbon.lanes)
    least, most = least_ribbon_height(lanes, PAGE), ribbon_height(lanes, PAGE, pitch=MOST_PITCH)
    for notes, last in ((NOTES[0], out), *((count, []) for count in NOTES)):
        after = [
            *sections.day_notes_blocks(read.notes, lang, dated=False, most=notes),
            *sections.services_table_blocks(read, lang),
            rated,
            *last,
        ]
        room = ROOM - blocks_height(top) - blocks_height(after) - RIBBON_GAP
        page = blocks_fitted_to_one_page([*top, day_ribbon_block(read, lang, min(most, max(least, room))), *after])
        if blocks_height(page) <= ROOM:
            return SummaryPage(page, [] if last else out)
    chart = half_hour_chart_block(waits_by_half_hour_chart(figures, lang), lang, PANEL)
    picture = min(day_ribbon_block(read, lang, least), chart, key=lambda block: block.height)
    around = blocks_fitted_to_one_page([*top, picture, rated], ROOM - ROW_HEIGHT * (FEWEST_ROWS + 4))
    all_services = sections.services_table_blocks(read, lang)
    rows = len(figures["services"]) - ceil((blocks_height([*around, *all_services]) + ROW_HEIGHT - ROOM) / ROW_HEIGHT)
    if rows >= len(figures["services"]):
        return SummaryPage([*around[:-1], *all_services, around[-1]], out)
    return SummaryPage(
        [*around[:-1], *sections.services_table_blocks(read, lang, max(FEWEST_ROWS, rows)), around[-1]],
        out,
        all_services,
    )


def _never_closed_line(read: DayReport, lang: str) -> list[BlockWithinPage]:
    """Return whose minutes nobody ended, since they tell more of a forgotten click than of anybody's work."""
    if not read.never_closed:
        return []
    said = ntr(
        lang,
        "<b>Nobody closed window {windows}:</b> its open and free minutes run until the end of the day.",
        "<b>Nobody closed windows {windows}:</b> their open and free minutes run until the end of the day.",
        len(read.never_closed),
        windows=escape(moments.codes_text(read.never_closed, lang)),
    )
    return [small_sentence_block(said)]


def day_ribbon_block(read: DayReport, lang: str, height: float) -> BlockWithinPage:
    """Return the date as its ribbon, `height` points high."""
    ribbon = replace(read.ribbon, notes=_lettered_notes_with_time(read, lang))

    def draw_block(sheet: PdfSheet, y: float) -> None:
        words = ribbon_chart_labels(ribbon, read.day, lang)
        draw_marks(sheet, lay_out_ribbon(ribbon, words, PAGE, SurfaceRect(LEFT, y, RIGHT - LEFT, height)).marks)

    return BlockWithinPage(height, draw_block, gap=RIBBON_GAP)


def _lettered_notes_with_time(read: DayReport, lang: str) -> list[ChartTimeNote]:
    """Return the notes of the date that say a time, each by the letter that it has below."""
    return [
        ChartTimeNote(note.start, note.end if note.end is not None else note.start, letter, letter)
        for letter, note in sections.letter_notes_by_day_and_time(read.notes)
        if note.start is not None
    ]


# -- the second page: half-hours, windows, the longest waits, the next open date -------------------------------------

APART = 26.0
LEFT_WIDTH = 196.0
SIDE = HorizontalPlace(LEFT + LEFT_WIDTH + APART, RIGHT - LEFT - LEFT_WIDTH - APART)
LOWEST_ROW = 10.2


def _second_summary_page(
    read: DayReport, lang: str, chapter: PageChapter, ahead: StaffingDay | None, last: list[BlockWithinPage]
) -> SummaryPage:
    """Return the second page with `last` at its end; windows that it has no room for are in the annex."""
    head = chapter.head_block()
    tomorrow = _next_open_day_blocks(read, ahead, lang) if ahead else []
    room = ROOM - head.height - blocks_height(tomorrow) - blocks_height(last) - 20
    left = _half_hours_table(read.figures["hours"], lang, room)
    waits = read.figures.get("measures", {}).get("longest_waits")
    windows, below, beside_them, cut = (
        _windows_table(read, lang),
        sections.longest_waits_blocks(waits, lang),
        list[BlockWithinPage](),
        list[BlockWithinPage](),
    )
    if (
        max(blocks_height(left), blocks_height(windows)) + blocks_height(below) > room
    ):  # in half the width their reasons may be cut
        below, beside_them = [], sections.longest_waits_blocks(waits, lang, SIDE)
    if blocks_height(windows) + blocks_height(beside_them) > room:
        rows = int((room - blocks_height(beside_them) - blocks_height(windows[:2]) - ROW_HEIGHT) / ROW_HEIGHT)
        windows, cut = _windows_table(read, lang, max(FEWEST_ROWS, rows)), _windows_table(read, lang, place=FULL)
    right = [*windows, *beside_them]
    page = [head, *two_column_blocks(left, right, above=head.height + 20), *below, *tomorrow, *last]
    picture = staffing_page.windows_needed_chart_blocks(trimmed_to_used_half_hours(ahead), lang) if ahead else []
    if picture and blocks_height(page) + blocks_height(picture) <= ROOM:
        at = len(page) - len(last)
        page = [*page[:at], *picture, *page[at:]]
    return SummaryPage(blocks_fitted_to_one_page(page), cut=cut)


def _half_hours_table(rows: Sequence[Mapping[str, Any]], lang: str, room: float) -> list[BlockWithinPage]:
    """Return the half-hours in at most `room` points: a day around the clock has lower rows."""
    if not rows:
        return []
    fields = [
        GridColumn(tr(lang, "From", context="report"), is_text=True),
        GridColumn(tr(lang, "Issued", context="report")),
        GridColumn(tr(lang, "Calls", context="report")),
        GridColumn(tr(lang, "Wait, min")),
        GridColumn(tr(lang, "Windows", context="report")),
    ]
    cells = [
        [
            moments.half_hour_start(name, lang),
            whole_number_text(row["arrivals"]),
            whole_number_text(row["calls"]),
            decimal_text(row["mean_wait"]),
            whole_number_text(row["open_windows"]),
        ]
        for name, row in uniquely_named_rows(rows)
    ]
    place = HorizontalPlace(LEFT, LEFT_WIDTH)
    meaning = small_sentence_block(tr(lang, "Calls count each step; windows, all that were open at some time."), place)
    fitting = (room - 34 - meaning.height - meaning.gap) / len(cells)
    height = max(LOWEST_ROW, min(ROW_HEIGHT, fitting))
    return [
        heading_block(tr(lang, "By half-hour")),
        *grid_table_blocks(fields, cells, place, row_height=height),
        meaning,
    ]


def _windows_table(
    read: DayReport, lang: str, most: int | None = None, place: HorizontalPlace = SIDE
) -> list[BlockWithinPage]:
    """Return what each window did, or the `most` that finished most; one that never opened has no row."""
    used_windows = [row for row in read.figures["windows"] if row["open_minutes"] or row["finished"]]
    rows = sections.rows_with_highest_figure(used_windows, "finished", most)
    if not rows:
        return []
    fields = [
        GridColumn(tr(lang, "Window", context="report"), is_text=True),
        GridColumn(tr(lang, "Staff", context="report"), is_text=True),
        GridColumn(tr(lang, "Finished", context="report")),
        GridColumn(tr(lang, "Open", context="window time")),
        GridColumn(tr(lang, "Paused", context="window time")),
        GridColumn(tr(lang, "Serving", context="report")),
        GridColumn(tr(lang, "Handling", context="report")),
    ]
    cells = []
    for row in rows:
        at = read.at_windows.get(row["code"])
        serving, opened = row["serving_minutes"], row["open_minutes"]
        known = serving is not None and opened
        cells.append(
            [
                row["code"],
                _first_clerk_and_more(read, at.staff if at else (), lang),
                whole_number_text(row["finished"]),
                whole_number_text(opened),
                whole_number_text(row["paused_minutes"]),
                f"{100 * serving / opened:.0f} %" if known else UNKNOWN,
                decimal_text(at.handling if at else None),
            ]
        )
    unit = tr(lang, "minutes; serving: share of open time, pauses included")
    table = [heading_block(tr(lang, "By window"), unit, place), *grid_table_blocks(fields, cells, place)]
    more = len(used_windows) - len(rows)
    said = ntr(lang, "{n} more window is in the annex.", "{n} more windows are in the annex.", more)
    return [*table, small_sentence_block(said, place)] if more else table


def _first_clerk_and_more(read: DayReport, staff: Sequence[str], lang: str) -> str:
    """Return who sat there: the first by name, and how many more."""
    if not staff:
        return UNKNOWN
    first = read.report_setups.staff_name(staff[0], lang)
    more = len(staff) - 1
    return f"{first} +{more}" if more else first


# The next open date: who is expected and how many windows that needs, or that nobody can say yet.


def next_open_day_staffing(desk: Desk, read: DayReport) -> StaffingDay | None:
    """Return what the next open date needs; None if none is near, it is over itself, nobody came on the day, or the
    hall asks for no forecast. It learns from the dates up to the day of the report, including that one once it is
    over."""
    if not read.figures["issued"] or not read.setup.has_feature("windows_needed"):
        return None
    last = read.day if _is_over(read) else read.day - timedelta(days=1)
    day = staffing_of_next_open_day(desk, read.day, last)
    return None if day is None or day.date < business_date(read.setup, read.now) else day


def _next_open_day_blocks(read: DayReport, found: StaffingDay, lang: str) -> list[BlockWithinPage]:
    """Return what the next open date needs, in sentences; with too few days to learn from, one that says so."""
    title = heading_block(tr(lang, "The next day"), date_for_report(found.date, lang))
    if not found.forecast.has_enough_past_days:
        return [title, small_sentence_block(escape(words.forecast_basis_text(found, lang)), size=8.8, gap=2)]
    sentences = staffing_page.staffing_sentences_box(read.setup, found, lang)
    return [title, replace(sentences, gap=2)]


def _is_over(read: DayReport) -> bool:
    """Whether nobody will come any more: the date has passed, or everybody is gone and every service has closed."""
    local = read.local_now
    now_min = (local.date() - read.day).days * 1440 + local.hour * 60 + local.minute
    if business_date(read.setup, read.now) > read.day:
        return True
    closes = max(
        (end for one in read.setup.services.values() for _start, end in opening_spans_on(read.setup, one, read.day)),
        default=0,
    )
    return not read.is_running and now_min >= closes


# -- half-hours ------------------------------------------------------------------------------------------------------


def waits_by_half_hour_chart(
    figures: Mapping[str, Any], lang: str, letters: Sequence[tuple[float, str]] = (), running: int | None = None
) -> Chart:
    """Return waits over tickets by half-hours; `letters` are the notes', `running` is the unfinished half-hour."""
    rows, target = figures["hours"], figures["wait"]["target_minutes"]
    return WaitsOverTicketsChart(
        line_title=tr(lang, "Mean wait, minutes"),
        bar_title=tr(lang, "Tickets issued"),
        line=[row["mean_wait"] for row in rows],
        bars=[row["arrivals"] for row in rows],
        labels=hour_labels([name for name, _row in uniquely_named_rows(rows)]),
        target=target,
        target_text="" if target is None else tr(lang, "target {minutes} min", minutes=target, context="chart"),
        letters=letters,
        running=running,
        has_figures=True,
    ).build_chart()


def half_hour_chart_block(chart: Chart, lang: str, panel: float) -> BlockWithinPage:
    """Return the chart of half-hours under its heading."""
    height = chart_height_from_panels(chart, panel)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_heading(LEFT, y + 9, tr(lang, "By half-hour"))
        draw_chart(sheet, y + 14, height, chart)

    return BlockWithinPage(14 + height, draw_block, gap=16)


# -- the annex: details, measures, what is for managers only, definitions ----------------------------------------------

SMALL = 8.4
Titled = Callable[[str, str], PageChapter]
"""Makes a chapter from its title and its series of page numbers."""


def _day_annex_blocks(
    read: DayReport, lang: str, chapter: Titled, ahead: StaffingDay | None, cut: Sequence[BlockWithinPage]
) -> list[BlockWithinPage]:
    """Return the chapters behind the summary; `cut` are the tables that the summary had to shorten. A day without
    visitors has at most the notes on quality."""
    series, figures = tr(lang, "Annex"), read.figures
    quality = quality_record_blocks(figures, lang)
    of_quality = tr(lang, "Quality", context="report")
    if not figures["issued"]:
        return [chapter(of_quality, series).head_block(), *quality] if quality else []
    details = [
        chapter(tr(lang, "Details", context="report"), series).head_block(),
        *cut,
        *_day_detail_blocks(read, lang),
    ]
    if quality:
        details += [_chapter_heading(of_quality), *quality]
    if ahead is not None and ahead.forecast.has_enough_past_days:
        details += _next_open_day_half_hour_blocks(ahead, lang)
    measures = tr(lang, "Measures", context="report")
    if not figures.get("measures"):
        blocks = details
    elif blocks_height(details) < LEAST_FILLED * (BOTTOM - TOP):
        blocks = annexes.measures_blocks(figures, read.report_setups, lang, [*details, _chapter_heading(measures)])
    else:
        begun = [chapter(measures, series).head_block()]
        blocks = [*details, *annexes.measures_blocks(figures, read.report_setups, lang, begun)]
    managers = annexes.managers_chapter_blocks(
        figures,
        read.report_setups,
        lang,
        replace(chapter(annexes.managers_only_title(lang), annexes.managers_only_title(lang)), for_wall=False),
    )
    return [
        *blocks,
        *managers,
        _chapter_heading(tr(lang, "Definitions", context="report")),
        *figure_words.definitions_table_blocks(figures, lang),
    ]


def _chapter_heading(title: str) -> BlockWithinPage:
    """Return the title of a chapter that goes on below another one."""
    return heading_block(title, gap=26)


def _day_detail_blocks(read: DayReport, lang: str) -> list[BlockWithinPage]:
    """Return overtakes beside pauses, equipment, checks at opening, the backup, what the figures leave out."""
    figures, coded = read.figures, read.report_setups
    measures = figures.get("measures", {})
    left = sections.overtakes_by_reason_blocks(figures, coded, lang, sections.LEFT_HALF)
    right = sections.long_pauses_blocks(
        measures.get("pauses"), coded, lang, sections.RIGHT_HALF if left else sections.LEFT_HALF
    )
    return [
        *two_column_blocks(left, right, above=0),
        *sections.equipment_uptime_blocks(measures.get("devices"), lang),
        *opening_checks_blocks(read, lang),
        *annexes.backup_small_print(read, lang),
        *no_quality_records_line(figures, lang),
        left_out_of_figures_box(figures, lang, has_paper=read.setup.has_feature("paper_days")),
    ]


def opening_checks_blocks(read: DayReport, lang: str) -> list[BlockWithinPage]:
    """Return the checks of the date and the waivers with their reasons; nothing if there was neither."""
    if not (read.checks or read.waivers) or not read.setup.has_feature("equipment"):
        return []
    passed = [_device_check_text(read, check, lang) for check in read.checks if check.passed]
    lines = [tr(lang, "Works: {devices}", devices=tr(lang, "; ", context="clauses").join(passed))] if passed else []
    lines += [_failed_check_sentence(read, check, lang) for check in read.checks if not check.passed]
    lines += [_check_waiver_sentence(read, waiver, lang) for waiver in read.waivers]
    blocks = [WrappedMarkup(escape(line), SMALL, WIDTH, colour=INK2, leading=1.5).page_block(gap=1) for line in lines]
    return blocks_kept_together([heading_block(tr(lang, "Checks at opening")), *blocks])


def _device_check_text(read: DayReport, one: DeviceCheck, lang: str) -> str:
    by = names.staff_name(read.setup, one.by, lang)
    name = checked_device_name(one.device, one.station, lang)
    return tr(lang, "{device} ({time}, {name})", device=name, time=_check_or_waiver_time_text(read, one), name=by)


def _failed_check_sentence(read: DayReport, one: DeviceCheck, lang: str) -> str:
    told = {"device": _device_check_text(read, one, lang), "cause": device_finding_words(one.cause, lang)}
    later = (check for check in read.checks if (check.device, check.station) == (one.device, one.station))
    if any(each.passed and each.time > one.time for each in later):
        return tr(lang, "Did not work at first: {device}, {cause}", **told)
    return tr(lang, "Does not work: {device}, {cause}", **told)


def _check_waiver_sentence(read: DayReport, one: CheckWaiver, lang: str) -> str:
    return tr(
        lang,
        "Window {window} opened at {time} by {name} without {devices}: {reason}",
        window=one.window,
        time=_check_or_waiver_time_text(read, one),
        name=names.staff_name(read.setup, one.by, lang),
        devices=device_list_text_from_log_words(one.missing, lang),
        reason=reason_words(one.reason, lang),
    )


def _check_or_waiver_time_text(read: DayReport, one: DeviceCheck | CheckWaiver) -> str:
    return time_hm(read.setup.to_hall_time(one.time))


def left_out_of_figures_box(figures: Mapping[str, Any], lang: str, *, has_paper: bool = True) -> BlockWithinPage:
    """Return what the figures leave out, in a box; that no paper was entered is said where the hall `has_paper`."""
    out = {row["what"]: row["n"] for row in figures["left_out"]}
    parts = [figure_words.what_figure_leaves_out_text(what, n, lang) for what, n in out.items()]
    none = [
        tr(lang, "no paper tickets were entered later") if has_paper and not out.get("paper_unpromised") else "",
        tr(lang, "no ticket was left open overnight") if not out.get("inaccurate") else "",
    ]
    said = figure_words.parts_as_one_sentence([*parts, *(text for text in none if text)], lang)
    prose = WrappedMarkup(
        tr(lang, "<b>What these figures leave out:</b> {what}", what=said), 8.4, WIDTH - 24, leading=1.55
    )

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_box(LEFT, y, WIDTH, prose.height + 18, fill=PAPER)
        prose.draw(sheet, LEFT + 12, y + 9)

    return BlockWithinPage(prose.height + 18, draw_block, gap=16)


def _next_open_day_half_hour_blocks(found: StaffingDay, lang: str) -> list[BlockWithinPage]:
    """Return the next open date half-hour by half-hour."""
    rests = [tr(lang, "By the roster at the time of printing.")] if found.has_roster else []
    title = heading_block(tr(lang, "The next day"), date_for_report(found.date, lang), gap=26)
    return [
        title,
        *staffing_page.staffing_charts_and_table(trimmed_to_used_half_hours(found), lang),
        staffing_page.window_count_small_print_block(rests, lang),
    ]


def trimmed_to_used_half_hours(found: StaffingDay) -> StaffingDay:
    """Return it without half-hours at both ends where nobody is expected, needed or planned."""
    there = [
        i
        for i, hour in enumerate(found.half_hours)
        if hour.needed or hour.planned or (hour.people is not None and hour.people.high)
    ]
    return replace(found, half_hours=found.half_hours[there[0] : there[-1] + 1]) if there else found
