"""The last pages of every report: measures, definitions, and the managers' page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.figures.comparing import uniquely_named_rows
from queuedesk.core.figures.targets import FIRST_VISIT
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import LogEndAnchor, ReportChecks
from queuedesk.i18n import calendar_words, date_for_report, date_short, moments, ntr, preview_words, talk, time_hm, tr
from queuedesk.i18n.figures.figure_titles import FIGURES_IN_WORDS, ShareFigureTexts, outcome_word
from queuedesk.i18n.names import UNKNOWN, decimal_text, whole_number_text
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import AutomaticReportEdition, Maker
from queuedesk.reports.figures.figure_words import definitions_chapter_blocks, percent_range_text
from queuedesk.reports.figures.period import DayReport, ReportSetups
from queuedesk.reports.pages import sections

# -- how good the waits were that people were told ---------------------------------------------------------------------

Row = Mapping[str, Any]


def promises_table_blocks(
    found: Row | None, names: ReportSetups, lang: str, place: pdf.HorizontalPlace
) -> list[pdf.BlockWithinPage]:
    """Return the services, a last row for all, and the worst half-hour; nothing where nobody was quoted a wait."""
    if not found or not found["n"]:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Service", context="report"), is_text=True, is_whole=True),
        pdf.GridColumn(tr(lang, "Estimated", context="column")),
        pdf.GridColumn(tr(lang, "Later", context="column"), bold=True),
        pdf.GridColumn(tr(lang, "Error", context="column")),
        pdf.GridColumn(tr(lang, "Score", context="column"), bold=True),
        pdf.GridColumn(tr(lang, "Simple", context="column")),
    ]
    cells = [_quote_accuracy_cells(names.service_name(row["code"], lang), row) for row in found["services"]]
    if len(cells) > 1:
        cells.append(_quote_accuracy_cells(tr(lang, "All", context="report"), found))
    worst, said = _half_hour_most_often_late(found), list[pdf.BlockWithinPage]()
    if worst is not None:
        name, row = worst
        said.append(
            pdf.small_sentence_block(
                pdf.escape(
                    tr(
                        lang,
                        "Worst half-hour: {time}, {share} of {n} called later than estimated.",
                        time=moments.half_hour_start(name, lang),
                        share=sections.share_percent_text(row["late"]),
                        n=whole_number_text(row["n"]),
                    )
                ),
                place,
            )
        )
    naive = found["naive"]
    score = naive["interval_score"]
    if naive["n"] >= ENOUGH_TOLD and score is not None and found["interval_score"] > score:
        said.append(
            pdf.small_sentence_block(pdf.escape(tr(lang, "By its score the simple formula did better here.")), place)
        )
    title = pdf.heading_block(tr(lang, "Estimated waits by service"), tr(lang, "times in minutes"), place)
    return [title, *pdf.grid_table_blocks(fields, cells, place), *said]


ENOUGH_TOLD = 200
"""Of fewer tickets no score is held against the simple formula's."""
LEAST_IN_HALF_HOUR = 10
"""A share of fewer tickets is no half-hour's."""


def _half_hour_most_often_late(found: Row) -> tuple[str, Row] | None:
    rows = uniquely_named_rows(found["half_hours"])
    counted = [(name, row) for name, row in rows if row["n"] >= LEAST_IN_HALF_HOUR and row["late"]]
    return max(counted, key=lambda one: one[1]["late"], default=None)


def _quote_accuracy_cells(name: str, row: Row) -> list[str]:
    naive = row["naive"]
    return [
        name,
        whole_number_text(row["n"]),
        sections.share_percent_text(row["late"]),
        decimal_text(row["mae"]),
        decimal_text(row["interval_score"]),
        UNKNOWN if naive["interval_score"] is None else decimal_text(naive["interval_score"]),
    ]


VALUE_AT, OF_AT, BESIDES = pdf.LEFT + 216, pdf.LEFT + 284, pdf.LEFT + 298
ROW, SMALL = 16.5, 7.8
# -- the page of measures: every share with its numerator and denominator ----------------------------------------------

UNDIVIDED = 180.0


class AnnexFigure(Struct, frozen=True):
    """One figure: its name, its value, "n / of", and a remark."""

    name: str
    value: str
    of: str = ""
    besides: str = ""


def measures_blocks(
    figures: Mapping[str, Any],
    names: ReportSetups,
    lang: str,
    begun: Sequence[pdf.BlockWithinPage],
    first_finished: date | None = None,
) -> list[pdf.BlockWithinPage]:
    """Return the measures below what the page has `begun` with; nothing where nobody came. What a day shows before them
    is here for longer periods, which name the date on which a visit first ended."""
    is_day = first_finished is None
    if not figures["issued"] or not figures.get("measures"):
        return []
    measures = figures["measures"]

    def overtakes_blocks(place: pdf.HorizontalPlace) -> list[pdf.BlockWithinPage]:
        return sections.overtakes_by_reason_blocks(figures, names, lang, place)

    top = [
        *begun,
        *annex_figure_table_blocks(annex_figures(figures, lang, first_finished), lang),
        *sections.shares_by_service_blocks(measures, names, lang),
    ]
    halves = _parts_in_two_columns(
        [
            lambda place: duration_spread_blocks(figures, lang, place),
            lambda place: waits_by_class_blocks(measures.get("classes"), names, lang, place),
            lambda place: promises_table_blocks(measures.get("promise"), names, lang, place),
            *(
                partial(sections.shares_by_kiosk_key_blocks, words, measures.get(figure.key), names, lang)
                for figure, words in FIGURES_IN_WORDS
                if sections.BY_LABEL in words.headings
            ),
            lambda place: outcome_shares_blocks(measures.get("outcomes"), lang, place),
            lambda place: rating_question_blocks(measures.get("questions"), lang, place),
            lambda place: channel_offer_blocks(measures.get("diversion"), lang, place),
            lambda place: served_in_channels_blocks(measures.get("diversion"), names, lang, place),
            lambda place: sections.hall_share_of_services_blocks(measures.get("diversion"), names, lang, place),
            *(() if is_day else (overtakes_blocks,)),
        ]
    )
    room = pdf.blocks_height(top) + 20
    items = [
        block
        for figure, words in FIGURES_IN_WORDS
        if words.columns
        for block in pdf.blocks_kept_together(sections.figure_by_item_blocks(figure, words, measures, names, lang))
    ]
    after = [
        *items,
        *sections.windows_by_service_count_blocks(measures.get("counters"), lang),
        *(sections.target_verdicts_and_rules_blocks(figures, names, lang) if is_day else ()),
    ]
    if not is_day:
        after += [
            *sections.longest_waits_blocks(measures.get("longest_waits"), lang, dated=True),
            *sections.long_pauses_blocks(measures.get("pauses"), names, lang, pdf.FULL, dated=True),
            *sections.equipment_uptime_blocks(measures.get("devices"), lang, dated=True),
        ]
    return pdf.blocks_fitted_to_one_page([*top, *pdf.two_column_blocks(*halves, above=room), *after])


def _parts_in_two_columns(
    parts: Sequence[Callable[[pdf.HorizontalPlace], list[pdf.BlockWithinPage]]],
) -> tuple[list[pdf.BlockWithinPage], list[pdf.BlockWithinPage]]:
    """Return the parts in two columns, each one in that which is shorter by then."""
    left: list[pdf.BlockWithinPage] = []
    right: list[pdf.BlockWithinPage] = []
    for part in parts:
        if pdf.blocks_height(left) <= pdf.blocks_height(right):
            left += _kept_together_if_short(part(sections.LEFT_HALF))
        else:
            right += _kept_together_if_short(part(sections.RIGHT_HALF))
    return left, right


def _kept_together_if_short(part: list[pdf.BlockWithinPage]) -> list[pdf.BlockWithinPage]:
    """Return a part that is not divided, a long one as it is."""
    return pdf.blocks_kept_together(part) if pdf.blocks_height(part) <= UNDIVIDED else part


# -- figures with their n of m -----------------------------------------------------------------------------------------


def annex_figures(figures: Mapping[str, Any], lang: str, first_finished: date | None = None) -> list[AnnexFigure]:
    """Return the single figures that have something to say, in reading order. `first_finished` is the date on which a
    visit first ended, that of a day if not given."""
    measures, day = figures["measures"], first_finished or date.fromisoformat(figures["from"])
    shares = [
        _first_visit_fact(words, measures.get(figure.key), day, lang)
        if figure.key == FIRST_VISIT
        else _share_fact_with_note(words, _NOTES.get(figure.key), measures.get(figure.key), lang)
        for figure, words in FIGURES_IN_WORDS
    ]
    level, missed = (measures.get(key) for key in ("service_level", "missed"))
    looks = (
        (_missing_papers_fact, "papers"),
        (_system_wait_fact, "system_wait"),
        (_figure_of_minutes_set_aside, "set_aside"),
        (_help_requests_fact, "help"),
    )
    found = [
        *shares[:1],
        _service_level_fact(level, lang) if level else None,
        *shares[1:],
        _missed_calls_fact(missed, figures["no_show"], lang) if missed else None,
        _no_show_fact(figures, lang),
        *(look(measures[key], lang) for look, key in looks if measures.get(key)),
    ]
    idle = measures.get("idle_minutes")
    if idle is not None:
        name = tr(lang, "Windows free while somebody waited")
        found.append(AnnexFigure(name, tr(lang, "{minutes} min", minutes=decimal_text(idle))))
    return [fact for fact in found if fact is not None]


def _share_fact_with_note(
    words: ShareFigureTexts, note: Callable[[Row, str], str] | None, row: Row | None, lang: str
) -> AnnexFigure | None:
    if not row or (words.is_quiet and not row["n"]):
        return None
    return _share_of_all_fact(words.said(lang), row, note(row, lang) if note else "")


def _service_level_fact(row: Mapping[str, Any], lang: str) -> AnnexFigure | None:
    target = row["target_minutes"]
    early = row["left_early"]
    besides = (
        ntr(
            lang,
            "{shown} who left uncalled before that counts in neither",
            "{shown} who left uncalled before that count in neither",
            early,
            shown=whole_number_text(early),
        )
        if early
        else ""
    )
    name = (
        tr(lang, "Called within the target of the hall")
        if target is None
        else tr(lang, "Called within {minutes} min", minutes=target)
    )
    return _share_of_all_fact(name, row, besides)


def _first_visit_fact(words: ShareFigureTexts, row: Row | None, day: date, lang: str) -> AnnexFigure | None:
    """Return how many did not have to come again; no share before the days of the first visit, on `day`, passed."""
    fact = _share_fact_with_note(words, _returns_note, row, lang)
    if fact is None or row is None or row["not_over"] < row["of"]:
        return fact
    told = tr(lang, "first figure on {date}", date=date_short(day + timedelta(days=row["days"] + 1), lang))
    return AnnexFigure(fact.name, UNKNOWN, "", told)


def _returns_note(row: Row, lang: str) -> str:
    said = [
        ntr(
            lang,
            "{transferred} transferred, {returned} came back within {n} day",
            "{transferred} transferred, {returned} came back within {n} days",
            row["days"],
            transferred=whole_number_text(row["transferred"]),
            returned=whole_number_text(row["returned"]),
        ),
        tr(
            lang,
            "{linked} of {followed} tickets of these days name an earlier visit",
            linked=whole_number_text(row["linked"]),
            followed=whole_number_text(row["followed"]),
        ),
    ]
    if row["not_over"]:
        said.append(
            ntr(
                lang,
                "for {open} the {n} day is not over",
                "for {open} the {n} days are not over",
                row["days"],
                open=whole_number_text(row["not_over"]),
            )
        )
    return calendar_words.join_clauses(said, lang)


def _wrong_counter_note(row: Row, lang: str) -> str:
    lost = row["minutes_lost"]
    if lost is None or not row["n"]:
        return ""
    return tr(lang, "{minutes} min of staff time lost", minutes=decimal_text(lost))


def _time_saved_without_form_note(row: Row, lang: str) -> str:
    saved = row["minutes_saved"]
    if saved is None:
        return tr(lang, "the time saved has not been measured yet")
    return tr(
        lang, "{minutes} min saved, {each} min each", minutes=decimal_text(saved), each=f"{row['minutes_each']:g}"
    )


_NOTES: dict[str, Callable[[Row, str], str]] = {
    "wrong_counter": _wrong_counter_note,
    "form_free": _time_saved_without_form_note,
}
"""What else there is to know of a share."""


def _missed_calls_fact(row: Mapping[str, Any], no_show: int, lang: str) -> AnnexFigure:
    """Return who missed a call, with who came back and who of those missed again: the rest did not come at all."""
    besides = tr(lang, "{n} back in line", n=whole_number_text(row["reinstated"])) if row["n"] else ""
    again = no_show - (row["n"] - row["reinstated"])
    if besides and again > 0:
        besides = tr(
            lang,
            "{n} back in line, {again} of them missed again",
            n=whole_number_text(row["reinstated"]),
            again=whole_number_text(again),
        )
    return AnnexFigure(tr(lang, "Missed at least once", context="report"), whole_number_text(row["n"]), "", besides)


def _help_requests_fact(row: Mapping[str, Any], lang: str) -> AnnexFigure | None:
    if not row["n"]:
        return None
    said = []
    if row["arrival"]["n"]:
        median = decimal_text(row["arrival"]["median"])
        said.append(tr(lang, "somebody was there after {minutes} min (median)", minutes=median))
    if row["unanswered"]:
        said.append(tr(lang, "{n} not answered", n=whole_number_text(row["unanswered"])))
    if row["cancelled"]:
        said.append(tr(lang, "{n} taken back", n=whole_number_text(row["cancelled"])))
    answered = row["answer"]
    shown = tr(lang, "{minutes} min", minutes=decimal_text(answered["median"])) if answered["n"] else UNKNOWN
    of = f"{whole_number_text(answered['n'])} / {whole_number_text(row['n'])}"
    return AnnexFigure(
        tr(lang, "Calls for help answered within (median)"), shown, of, calendar_words.join_clauses(said, lang)
    )


def _no_show_fact(figures: Mapping[str, Any], lang: str) -> AnnexFigure | None:
    of = figures["issued"] - figures["void"]
    if not of:
        return None
    row = {"n": figures["no_show"], "of": of, "rate": figures["no_show"] / of}
    return _share_of_all_fact(tr(lang, "Did not come at all", context="report"), row, "")


def _missing_papers_fact(row: Mapping[str, Any], lang: str) -> AnnexFigure | None:
    if not row["not_ready"] and not row["repeat"]:
        return None
    besides = tr(lang, "{n} came again for papers", n=whole_number_text(row["repeat"])) if row["repeat"] else ""
    return AnnexFigure(tr(lang, "Came without the papers"), whole_number_text(row["not_ready"]), "", besides)


def _system_wait_fact(row: Mapping[str, Any], lang: str) -> AnnexFigure | None:
    if not row["legs"] and not row["by_reason"]:
        return None
    by_reason = [f"{reason_words(one['reason'] or '', lang)} {whole_number_text(one['n'])}" for one in row["by_reason"]]
    besides = [_visit_steps_count_text(row["legs"], lang), *by_reason]
    minutes = tr(lang, "{minutes} min", minutes=decimal_text(row["minutes"]))
    return AnnexFigure(tr(lang, "Waiting for other systems"), minutes, "", " · ".join(besides))


def _figure_of_minutes_set_aside(row: Mapping[str, Any], lang: str) -> AnnexFigure | None:
    if not row["legs"]:
        return None
    minutes = tr(lang, "{minutes} min", minutes=decimal_text(row["minutes"]))
    return AnnexFigure(tr(lang, "Set aside", context="report"), minutes, "", _visit_steps_count_text(row["legs"], lang))


def _visit_steps_count_text(n: int, lang: str) -> str:
    return ntr(lang, "{shown} step of a visit", "{shown} steps of visits", n, shown=whole_number_text(n))


def _share_of_all_fact(name: str, row: Mapping[str, Any], besides: str) -> AnnexFigure | None:
    return (
        AnnexFigure(
            name, sections.share_percent_text(row["rate"]), sections.part_of_all_text(row, tight=False), besides
        )
        if row["of"]
        else None
    )


def annex_figure_table_blocks(found: Sequence[AnnexFigure], lang: str) -> list[pdf.BlockWithinPage]:
    """Return the figures as rows of their own heights, under the titles of their columns."""
    titles = (
        (pdf.LEFT, tr(lang, "Figure", context="report"), "left"),
        (VALUE_AT, tr(lang, "Value", context="report"), "right"),
        (OF_AT, tr(lang, "n of m", context="report"), "right"),
        (BESIDES, tr(lang, "Note", context="measure"), "left"),
    )

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        for x, title, at in titles:
            sheet.draw_text(x, y + 11, title, pdf.CELL, colour=pdf.INK2, at=at)
        sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], width=0.9, colour=pdf.INK)

    top = pdf.BlockWithinPage(ROW, draw_head, gap=12, keep=True)
    return [top, *(_fact_row_block(fact, top) for fact in found)]


def _fact_row_block(fact: AnnexFigure, top: pdf.BlockWithinPage) -> pdf.BlockWithinPage:
    prose = (
        pdf.WrappedMarkup(pdf.escape(fact.besides), SMALL, pdf.RIGHT - BESIDES, colour=pdf.INK2, leading=1.3)
        if fact.besides
        else None
    )
    height = max(ROW, prose.height + 6.4 if prose else 0.0)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        base = y + 11.6
        sheet.draw_text(pdf.LEFT, base, fact.name, pdf.CELL)
        sheet.draw_text(VALUE_AT, base, fact.value, pdf.CELL, bold=True, at="right")
        sheet.draw_text(OF_AT, base, fact.of, pdf.CELL, colour=pdf.INK2, at="right")
        if prose:
            prose.draw(sheet, BESIDES, y + 3.4)
        sheet.draw_line([(pdf.LEFT, y + height), (pdf.RIGHT, y + height)], colour=pdf.LINE)

    return pdf.BlockWithinPage(height, draw_block, head=top)


# -- the managers' page, not for the wall: by guide and by clerk -------------------------------------------------------

BAND = 24.0
BY_GUIDE = "by_guide"
RATINGS_AT_LEAST = 30
"""Under so many ratings persons are not compared."""


def managers_chapter_blocks(
    figures: Mapping[str, Any], names: ReportSetups, lang: str, chapter: pdf.PageChapter
) -> list[pdf.BlockWithinPage]:
    """Return the chapter for managers, its head first; nothing where nobody issued, served or was rated, or the hall
    looks at no person's work."""
    if not names.has_feature("staff"):
        return []
    measures = figures.get("measures") or {}
    guides = [
        block
        for figure, words in FIGURES_IN_WORDS
        if BY_GUIDE in words.headings
        for block in _front_desk_staff_share_table(
            (measures.get(figure.key) or {}).get(BY_GUIDE, ()), words, names, lang
        )
    ]
    if not guides and not figures["staff"]:
        return []
    return [chapter.head_block(), _managers_only_band(lang), *_clerks_table(figures["staff"], names, lang), *guides]


def managers_only_title(lang: str) -> str:
    return tr(lang, "For managers only")


def _managers_only_band(lang: str) -> pdf.BlockWithinPage:
    """Return the warning across the page."""
    said = tr(lang, "For managers only · do not put on the wall")

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_box(pdf.LEFT, y, pdf.RIGHT - pdf.LEFT, BAND, fill=pdf.RED)
        width = pdf.text_width(said, 11.4, bold=True)
        sheet.draw_text((pdf.LEFT + pdf.RIGHT - width) / 2, y + 16, said, 11.4, bold=True, colour=pdf.WHITE)

    return pdf.BlockWithinPage(BAND, draw_block, gap=12)


def _clerks_table(rows: Sequence[Mapping[str, Any]], names: ReportSetups, lang: str) -> list[pdf.BlockWithinPage]:
    if not rows:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Staff", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Finished", context="report")),
        pdf.GridColumn(tr(lang, "Handling", context="report")),
        pdf.GridColumn(tr(lang, "Rated, n")),
        pdf.GridColumn(tr(lang, "not rated")),
        pdf.GridColumn(tr(lang, "Satisfied", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "95 % interval", context="report")),
        pdf.GridColumn(tr(lang, "Wrong tickets, min")),
        pdf.GridColumn(tr(lang, "Between, min")),
    ]
    cells = [_clerk_row_cells(row, names, lang) for row in rows]
    told = tr(
        lang,
        "In the order of the set-up, not of rates: with fewer than {n} ratings differences between people are mostly chance.",
        n=RATINGS_AT_LEAST,
    )
    free = tr(
        lang,
        "Wrong tickets: time lost through tickets for another line. Between: the window was open and empty between two customers while somebody waited that it could call.",
    )
    return [
        pdf.heading_block(tr(lang, "By person"), tr(lang, "times in minutes, shares in %")),
        *pdf.grid_table_blocks(fields, cells),
        pdf.small_sentence_block(pdf.escape(f"{told} {free}" if lang != "zh_CN" else told + free)),
    ]


def _satisfied_share_text(ratings: Mapping[str, Any], lang: str) -> str:
    """Return a person's share of satisfied ratings; of a few it is the count itself."""
    if not ratings["n"]:
        return UNKNOWN
    if ratings["n"] < RATINGS_AT_LEAST:
        return tr(lang, "{n} of {of}", n=whole_number_text(ratings["satisfied"]), of=whole_number_text(ratings["n"]))
    return sections.share_percent_text(ratings["rate"])


def _clerk_row_cells(row: Mapping[str, Any], names: ReportSetups, lang: str) -> list[str]:
    ratings = row["ratings"]
    return [
        names.staff_name(row["code"], lang),
        whole_number_text(row["finished"]),
        decimal_text(row["handling"]["mean"]),
        whole_number_text(ratings["n"]),
        whole_number_text(ratings["unrated"]),
        _satisfied_share_text(ratings, lang),
        percent_range_text(ratings["low"], ratings["high"]) if ratings["n"] >= RATINGS_AT_LEAST else UNKNOWN,
        decimal_text(row["redirect_minutes"]),
        decimal_text(row["idle_minutes"]),
    ]


def _front_desk_staff_share_table(
    rows: Sequence[Mapping[str, Any]], words: ShareFigureTexts, names: ReportSetups, lang: str
) -> list[pdf.BlockWithinPage]:
    known = [row for row in rows if row["of"]]
    if not known:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Guide", context="report"), is_text=True),
        pdf.GridColumn(words.said(lang), bold=True),
        pdf.GridColumn(tr(lang, "n of m", context="report")),
    ]
    cells = [
        [names.staff_name(row["code"], lang), sections.share_percent_text(row["rate"]), sections.part_of_all_text(row)]
        for row in known
    ]
    return [pdf.heading_block(tr(lang, words.headings[BY_GUIDE])), *pdf.grid_table_blocks(fields, cells)]


def annex_chapters(
    figures: Mapping[str, Any],
    names: ReportSetups,
    lang: str,
    chapter: Callable[[str, str], pdf.PageChapter],
    *,
    first_finished: date,
    proofs: Sequence[pdf.BlockWithinPage],
) -> list[pdf.BlockWithinPage]:
    """Return the chapters after the main pages of a period longer than a day. `chapter` makes one from its title and
    its series of page numbers. `first_finished` is the date on which a visit first ended; `proofs` are the lines that
    name each hall's log; more lines after them go on the managers' page, the last one."""
    series = tr(lang, "Annex")
    private = chapter(managers_only_title(lang), managers_only_title(lang))
    measures = chapter(tr(lang, "Measures", context="report"), series).head_block()
    return [
        *measures_blocks(figures, names, lang, [measures], first_finished),
        *definitions_chapter_blocks(figures, lang, chapter(tr(lang, "Definitions", context="report"), series)),
        *proofs,
        *managers_chapter_blocks(figures, names, lang, replace(private, for_wall=False)),
    ]


def duration_spread_blocks(figures: Row, lang: str, place: pdf.HorizontalPlace) -> list[pdf.BlockWithinPage]:
    """Return wait, way and handling, never a mean without its number and median."""
    rows = [
        (tr(lang, "Wait", context="figure"), figures["wait"]),
        (tr(lang, "Walk to the window", context="figure"), figures["way"]),
        (tr(lang, "Handling", context="figure"), figures["handling"]),
    ]
    cells = [[name, *sections.count_mean_median_p90_cells(row)] for name, row in rows if row["n"]]
    if not cells:
        return []
    fields = [pdf.GridColumn(tr(lang, "Time", context="report"), is_text=True), *sections.duration_columns(lang)]
    return [
        pdf.heading_block(tr(lang, "Times"), tr(lang, "in minutes"), place),
        *pdf.grid_table_blocks(fields, cells, place),
    ]


def waits_by_class_blocks(
    rows: sections.Rows, names: ReportSetups, lang: str, place: pdf.HorizontalPlace
) -> list[pdf.BlockWithinPage]:
    """Return the waits of each priority class; nothing if only normal tickets were issued."""
    if not rows or [row["code"] for row in rows] == ["normal"]:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Class", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Issued", context="report")),
        pdf.GridColumn(tr(lang, "Waits", context="report")),
        *sections.duration_columns(lang)[1:],
    ]
    cells = [
        [
            names.priority_class_name(row["code"], lang),
            whole_number_text(row["issued"]),
            *sections.count_mean_median_p90_cells(row["wait"]),
        ]
        for row in rows
    ]
    title = tr(lang, "Waits by class")
    return [pdf.heading_block(title, tr(lang, "in minutes"), place), *pdf.grid_table_blocks(fields, cells, place)]


def outcome_shares_blocks(rows: sections.Rows, lang: str, place: pdf.HorizontalPlace) -> list[pdf.BlockWithinPage]:
    """Return the outcomes of finished steps; nothing if none was noted."""
    if not rows or all(row["code"] is None for row in rows):
        return []
    whole_n = sum(row["n"] for row in rows)
    fields = [
        pdf.GridColumn(tr(lang, "Outcome", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Share", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "n of m", context="report")),
    ]
    cells = [
        [
            outcome_word(row["code"], lang),
            sections.share_percent_text(row["n"] / whole_n),
            sections.part_of_all_text({"n": row["n"], "of": whole_n}),
        ]
        for row in rows[: sections.MOST_ROWS]
    ]
    return [pdf.heading_block(tr(lang, "Outcomes"), place=place), *pdf.grid_table_blocks(fields, cells, place)]


def rating_question_blocks(found: Row | None, lang: str, place: pdf.HorizontalPlace) -> list[pdf.BlockWithinPage]:
    """Return the answers to the two further questions as counts of levels, because a mean of levels is no share."""
    rows: list[tuple[str, Row | None]] = [
        (tr(lang, "How they were treated"), (found or {}).get("attitude")),
        (tr(lang, "How well it was done"), (found or {}).get("competence")),
    ]
    cells: list[list[str]] = [
        [
            name,
            whole_number_text(row["n"]),
            *(whole_number_text(row["levels"][str(level)]) for level in (5, 4, 3, 2, 1)),
        ]
        for name, row in rows
        if row and row["n"]
    ]
    if not cells:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Question", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "n", context="report"), bold=True),
        *(pdf.GridColumn(str(level)) for level in (5, 4, 3, 2, 1)),
    ]
    unit = tr(lang, "5 is best")
    return [pdf.heading_block(tr(lang, "Further questions"), unit, place), *pdf.grid_table_blocks(fields, cells, place)]


def channel_offer_blocks(found: Row | None, lang: str, place: pdf.HorizontalPlace) -> list[pdf.BlockWithinPage]:
    """Return the offers of other channels and how many were accepted; nothing if there were none."""
    if not found or not found.get("offered"):
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Channel", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Accepted", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "n of m", context="report")),
    ]

    def offer_row_cells(name: str, row: Row) -> list[str]:
        rate = row["accepted"] / row["offered"] if row["offered"] else None
        return [
            name,
            sections.share_percent_text(rate),
            sections.part_of_all_text({"n": row["accepted"], "of": row["offered"]}),
        ]

    rows = [offer_row_cells(talk.offered_channel_word(row["code"], lang), row) for row in found["by_channel"]]
    total = offer_row_cells(tr(lang, "All", context="report"), found)
    return [
        pdf.heading_block(tr(lang, "Offered elsewhere"), place=place),
        *pdf.grid_table_blocks(fields, rows, place, total=total),
    ]


def served_in_channels_blocks(
    found: Row | None, names: ReportSetups, lang: str, place: pdf.HorizontalPlace
) -> list[pdf.BlockWithinPage]:
    """Return what other channels reported."""
    rows = found.get("ledger", ()) if found else ()
    if not rows:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Channel", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Service", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Served there")),
    ]
    cells = [
        [
            talk.offered_channel_word(row["channel"], lang),
            names.service_name(row["service"], lang),
            whole_number_text(row["n"]),
        ]
        for row in rows[: sections.MOST_ROWS]
    ]
    blocks = [
        pdf.heading_block(tr(lang, "Served by other channels"), place=place),
        *pdf.grid_table_blocks(fields, cells, place),
    ]
    more = len(rows) - sections.MOST_ROWS
    return (
        [*blocks, pdf.small_sentence_block(sections.more_in_workbook_text(more, lang), place)] if more > 0 else blocks
    )


_SIZE = 7.0


def invalid_reports_markup_list(maker: Maker, lang: str) -> list[str]:
    """Return the first points for the box of attention: kept reports that are no longer valid; usually none."""
    formers = maker.formers if isinstance(maker, AutomaticReportEdition) else None
    return (
        [preview_words.invalid_kept_reports_markup(formers.broken_reports, lang)]
        if formers is not None and formers.broken_reports
        else []
    )


def kept_report_check_lines(
    maker: Maker, setup: Setup, anchor: LogEndAnchor | None, lang: str
) -> list[pdf.BlockWithinPage]:
    """Return the lines below the log's own; none in a report that somebody asked for."""
    formers = maker.formers if isinstance(maker, AutomaticReportEdition) else None
    if formers is None or anchor is None:
        return []
    lines = [
        pdf.WrappedMarkup(text, _SIZE, pdf.RIGHT - pdf.LEFT, colour=pdf.INK2, leading=1.36)
        for text in _newest_kept_report_lines(formers, anchor.seq, lang)
    ]
    lines += [
        pdf.WrappedMarkup(text, _SIZE + 1, pdf.RIGHT - pdf.LEFT, colour=pdf.RED, leading=1.36)
        for text in invalid_reports_markup_list(maker, lang)
    ]
    if formers.reports_on_lost_events:
        lines.append(
            pdf.WrappedMarkup(
                preview_words.reports_telling_of_gone_events_text(formers, setup, lang),
                _SIZE,
                pdf.RIGHT - pdf.LEFT,
                colour=pdf.INK2,
                leading=1.36,
            )
        )
    return [line.page_block(gap=1) for line in lines]


def _newest_kept_report_lines(formers: ReportChecks, seq: int, lang: str) -> list[str]:
    newest = formers.newest_valid_report_up_to_event(seq)
    if newest is None:
        return [] if formers.broken_reports else [tr(lang, "No report of an earlier point is kept with this one.")]
    span, n = (
        preview_words.report_dates_text(newest.span, lang),
        sum(former.standing.is_claim_confirmed for former in formers.kept) - 1,
    )
    holds = tr(
        lang, "The report of {span}, up to event {seq}, still holds.", span=span, seq=whole_number_text(newest.seq)
    )
    if not n:
        return [holds]
    others = ntr(lang, "So does {n} other kept report.", "So do {n} other kept reports.", n)
    return [tr(lang, "{one} {other}", context="sentences", one=holds, other=others)]


# One line of the report: when the last backup was proven, and whether it holds the whole day.

SIZE = 8.4


def backup_small_print(read: DayReport, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the line about backups; nothing for a hall that makes none, or where none was made yet."""
    note = read.backup
    if note is None or note.proven is None:
        return []
    local, last = read.setup.to_hall_time(note.proven), read.figures["log"]["last_seq"]
    moment = tr(lang, "{day}, {time}", context="backup", day=date_for_report(local.date(), lang), time=time_hm(local))
    if last is not None and note.seq is not None and note.seq >= last:
        text = tr(lang, "This day is in a backup checked on {moment}.", moment=moment)
    else:
        text = tr(lang, "The last backup was checked on {moment}.", moment=moment)
    return [pdf.WrappedMarkup(pdf.escape(text), SIZE, pdf.WIDTH, colour=pdf.INK2, leading=1.5).page_block(gap=10)]
