"""Papers of the windows that days need: a day as a page of A4, as JSON and as CSV; the best times to come, for the
wall."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.core.waits.arrival_forecast import BUSY, QUIET, BusynessSpan
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.windows_needed.verbs import staffing_document
from queuedesk.features.windows_needed.words import forecast_error_lines, goal_text, quiet_spans_text
from queuedesk.files.writing import write_file
from queuedesk.i18n import date_for_report, date_short, name_in_language, tr
from queuedesk.i18n.moments import weekday_long
from queuedesk.i18n.names import service_name
from queuedesk.i18n.staffing import pay_day_relation_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import page_foot_drawer_without_log, report_head
from queuedesk.reports.figures.rates import Cell, formula_safe_text
from queuedesk.reports.papers import staffing_page

# -- a day's windows ---------------------------------------------------------------------------------------------------


def staffing_pdf(setup: Setup, found: StaffingDay, lang: str, local_now: datetime, printed_by: str | None) -> bytes:
    """Return the page as a PDF in `lang`."""
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "Windows for a day")
    day = date_for_report(found.date, lang)
    kind = pay_day_relation_text(found.forecast.pay_day, lang)
    sheet = pdf.PdfSheet(" · ".join((hall, title, day)), hall, lang)
    top = report_head(hall, title, day, [text for text in (kind, goal_text(found.goal, lang)) if text])
    blocks = [
        top,
        *staffing_blocks(setup, found, lang),
        staffing_page.window_count_small_print_block(forecast_error_lines(found.error, lang), lang),
    ]
    return sheet.paged_pdf(
        pdf.blocks_fitted_to_one_page(blocks), page_foot_drawer_without_log(local_now, lang, printed_by)
    )


def staffing_blocks(setup: Setup, found: StaffingDay, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the page below its head: the main points in sentences, both charts, the figures."""
    return [
        staffing_page.staffing_sentences_box(setup, found, lang),
        *staffing_page.staffing_charts_and_table(found, lang),
    ]


# A day's windows as a file: JSON as the command prints it, CSV with a row for each half hour, a page of A4.

ENDINGS = (".pdf", ".csv", ".json")
"""The kinds of file that `write_staffing_file` makes."""
COLUMNS = ("from", "mean", "low", "high", "came", "load", "needed", "needed_busy", "planned", "at_work")


def write_staffing_file(
    desk: Desk, found: StaffingDay, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> Path:
    """Write the day, replacing the file as a whole; return its path.

    Raises:
        OutsideError: "cannot_write" for the file, or what the database raises.
        ValueError: an ending that is none of ENDINGS."""
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no staffing as {ending!r}")
    setup = looking.setup_of_hall(desk)
    if ending == ".pdf":
        content = staffing_pdf(setup, found, lang, setup.to_hall_time(now), printed_by)
    elif ending == ".csv":
        names = {code: service_name(setup, code, lang) for code in found.keeps}
        content = staffing_csv(found, names, forecast_error_lines(found.error, lang))
    else:
        content = (json.dumps(staffing_document(found), ensure_ascii=False, indent=2) + "\n").encode()
    write_file(target, content)
    return target


def staffing_csv(found: StaffingDay, names: dict[str, str], remarks: list[str]) -> bytes:
    """Return what the day is based on, a row for each half-hour, and a row for each service; `remarks` come last."""
    document = staffing_document(found)
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    people, goal = document["people"], document["target"]
    rows.writerow(["date", "pay_day", "days", "mean", "low", "high", "came", "target_share", "target_minutes"])
    rows.writerow(
        [document["date"], _safe_cell(document["pay_day"]), document["days"]]
        + [_safe_cell(people[key]) for key in ("mean", "low", "high", "came")]
        + [goal["share"], goal["minutes"]]
    )
    rows.writerow([])
    rows.writerow([*COLUMNS, "short_of"])
    for one in document["half_hours"]:
        short = " ".join(f"{each['service']}:{each['needed']}>{each['planned']}" for each in one["short_of"])
        rows.writerow([*(_safe_cell(one[key]) for key in COLUMNS), _safe_cell(short)])
    rows.writerow([])
    rows.writerow(["service", "mean", "low", "high", "handling", "handling_n", "name"])
    for one in document["services"]:
        cells = [one[key] for key in ("code", "mean", "low", "high", "handling", "handling_n")]
        rows.writerow([_safe_cell(cell) for cell in (*cells, names[one["code"]])])
    if remarks:
        rows.writerow([])
        rows.writerows([_safe_cell(each)] for each in remarks)
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _safe_cell(value: Cell) -> Cell:
    return formula_safe_text(value) if isinstance(value, str) else "" if value is None else value


# -- the best time to come ---------------------------------------------------------------------------------------------

WIDTH = pdf.RIGHT - pdf.LEFT
ROW, BAR, NAME = 78.0, 24.0, 104.0
DAY, TIMES, MARK = 17.0, 13.0, 9.0


def quiet_hours_pdf(setup: Setup, week: Mapping[date, Sequence[BusynessSpan]], lang: str, local_now: datetime) -> bytes:
    """Return the poster as a PDF in `lang`. It holds times alone, no figure of the hall."""
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "The best time to come")
    first, last = min(week, default=local_now.date()), max(week, default=local_now.date())
    span = f"{date_short(first, lang)} – {date_short(last, lang)}"
    sheet = pdf.PdfSheet(f"{hall} · {title} · {span}", hall, lang)
    blocks = [report_head(hall, title, span, ())]
    if week:
        blocks.append(
            _sentence_block(
                tr(lang, "Fewest people come in the green hours. You can take a ticket whenever the hall is open."), 12
            )
        )
        since = min(one.start_min for spans in week.values() for one in spans)
        until = max(one.end_min for spans in week.values() for one in spans)
        blocks += [_day_bar_block_with_quiet_times(day, spans, (since, until), lang) for day, spans in week.items()]
        said = tr(lang, "Based on past days; any single day can differ.")
    else:
        said = tr(lang, "No forecast yet: it needs three earlier days with customers.")
    blocks.append(_sentence_block(said, 9.4))
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(local_now, lang, None))


def _sentence_block(text: str, px: float) -> pdf.BlockWithinPage:
    return pdf.WrappedMarkup(pdf.escape(text), px, WIDTH, colour=pdf.INK2, leading=1.4).page_block(gap=18)


def _day_bar_block_with_quiet_times(
    day: date, spans: Sequence[BusynessSpan], axis: tuple[int, int], lang: str
) -> pdf.BlockWithinPage:
    """Return a row: the day, its hours as a bar with quiet ones green and busy ones dark, and the quiet times."""
    since, until = axis
    left = pdf.LEFT + NAME
    words = {QUIET: tr(lang, "quiet"), BUSY: tr(lang, "busy")}
    fills = {QUIET: pdf.PRIMARY, BUSY: pdf.INK2}

    def draw_quiet_day(sheet: pdf.PdfSheet, y: float) -> None:
        def x_of_minute(minute: int) -> float:
            return left + (pdf.RIGHT - left) * (minute - since) / max(1, until - since)

        sheet.draw_heading(pdf.LEFT, y + 22, weekday_long(day, lang), DAY)
        sheet.draw_text(pdf.LEFT, y + 38, date_short(day, lang), 10, colour=pdf.INK2)
        for one in spans:
            width = x_of_minute(one.end_min) - x_of_minute(one.start_min)
            sheet.fill_boxes(
                [(x_of_minute(one.start_min) + 0.5, y + 4, width - 1, BAR)], fill=fills.get(one.level, pdf.PAPER)
            )
            word = words.get(one.level, "")
            if word and pdf.text_width(word, MARK) + 4 < width:
                middle = x_of_minute(one.start_min) + (width - pdf.text_width(word, MARK)) / 2
                sheet.draw_text(middle, y + 4 + BAR / 2 + 3.2, word, MARK, colour=pdf.WHITE)
        for hour in range((since + 59) // 60, until // 60 + 1):
            sheet.draw_text(x_of_minute(hour * 60), y + BAR + 13, str(hour), 7.5, colour=pdf.INK2, at="middle")
        quiet = any(one.level == QUIET for one in spans)
        sheet.draw_text(
            left,
            y + BAR + 32,
            quiet_spans_text(spans, lang),
            TIMES,
            bold=quiet,
            colour=pdf.PRIMARY if quiet else pdf.INK2,
        )
        sheet.draw_line([(pdf.LEFT, y + ROW - 8), (pdf.RIGHT, y + ROW - 8)], width=0.5, colour=pdf.INK)

    return pdf.BlockWithinPage(ROW, draw_quiet_day, keep=True)
