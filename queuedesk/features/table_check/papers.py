"""The audit of somebody's satisfaction table as a page of A4: what was found, a chart, every cell stated and
recomputed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from queuedesk.core.charts import chart as charts
from queuedesk.core.figures.targets import TargetVerdict
from queuedesk.features.table_check import words
from queuedesk.features.table_check.rules.audit import AuditedMonthRow, TableAudit, TableFinding, claim_verdict_of_row
from queuedesk.features.table_check.words import reading_texts
from queuedesk.files.writing import write_file
from queuedesk.i18n import ntr, tr
from queuedesk.i18n.figures.figure_titles import AUDIT, figure_meaning, target_verdict_word
from queuedesk.i18n.names import UNKNOWN, whole_number_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import chart_height_from_panels, draw_chart
from queuedesk.reports.draw.head_and_foot import page_foot_drawer_without_log

WIDTH = pdf.RIGHT - pdf.LEFT
CELL, ROW = 8.8, 16.5
GAP = 1
"""Slots left free where months are not consecutive."""
AWAY = 12.6
PANEL_LEAST, PANEL_MOST = 70.0, 150.0
FEWEST_CHARTED, MOST_CHARTED = 2, 60


class AuditedFile(Struct, frozen=True, kw_only=True):
    """A table that was audited: the file's name, its SHA-256 in hex, the person who audits it and the time on the
    hall's clock."""

    audit: TableAudit
    name: str
    digest: str
    hall: str
    local_now: datetime
    printed_by: str | None = None


def write_audit_pdf(file: AuditedFile, path: str | Path, lang: str) -> Path:
    """Write the page as a PDF, replacing the file as a whole; return its path. Raises OutsideError "cannot_write",
    "unknown_font"."""
    target = Path(path)
    write_file(target, audit_pdf(file, lang))
    return target


def audit_pdf(file: AuditedFile, lang: str) -> bytes:
    """Return the page as a PDF in `lang`, with all typefaces embedded; a long table continues on more pages."""
    title = tr(lang, "Check of a table", context="report")
    sheet = pdf.PdfSheet(
        " · ".join(part for part in (file.hall, title, file.name) if part), file.hall or "QueueDesk", lang
    )
    before = [
        _page_head_block(file, lang, title),
        _key_figures_block(file.audit, lang),
        _findings_block(file.audit, lang),
    ]
    after = [*_month_table_blocks(file.audit, lang), *_small_print_blocks(file, lang)]
    chart = []
    charted = [row for row in file.audit.rows if row.true_percent is not None and row.at is not None]
    if FEWEST_CHARTED <= len(charted) <= MOST_CHARTED:
        picture = _rates_chart(file.audit, charted, lang)
        room = (
            pdf.BOTTOM
            - pdf.TOP
            - pdf.blocks_height(before)
            - pdf.blocks_height(after)
            - chart_height_from_panels(picture, 0)
            - 16
        )
        height = chart_height_from_panels(picture, min(PANEL_MOST, max(PANEL_LEAST, room)))
        chart = [pdf.BlockWithinPage(height, lambda sheet, y: draw_chart(sheet, y, height, picture), gap=16)]
    return sheet.paged_pdf(
        [*before, *chart, *after], page_foot_drawer_without_log(file.local_now, lang, file.printed_by)
    )


def _page_head_block(file: AuditedFile, lang: str, title: str) -> pdf.BlockWithinPage:
    months = ntr(lang, "{n} month", "{n} months", sum(row.at is not None for row in file.audit.rows))

    def draw_page_head(sheet: pdf.PdfSheet, y: float) -> None:
        if file.hall:
            sheet.draw_text(pdf.LEFT, y + 4, pdf.cut_text_to_width(file.hall, 10, WIDTH), 10)
        sheet.draw_heading(pdf.LEFT, y + 29, title, 22, level=0)
        room = WIDTH - pdf.text_width(title, 22, bold=True) - 20
        sheet.draw_text(
            pdf.RIGHT, y + 17.5, pdf.cut_text_to_width(file.name, 13.5, room, bold=True), 13.5, bold=True, at="right"
        )
        sheet.draw_text(pdf.RIGHT, y + 32, months, 8.5, colour=pdf.INK2, at="right")
        sheet.draw_line([(pdf.LEFT, y + 45), (pdf.RIGHT, y + 45)], width=2.1, colour=pdf.INK)

    return pdf.BlockWithinPage(46, draw_page_head)


def _key_figures_block(found: TableAudit, lang: str) -> pdf.BlockWithinPage:
    """Return the figures one asks for first: how many findings, how many percentages are wrong, the rate, what is
    proven."""
    known = [row for row in found.rows if row.stated_minus_true_percent is not None]
    wrong = sum(row.is_wrong for row in known)
    pooled = found.pooled
    rate = UNKNOWN if pooled.rate is None else f"{100 * pooled.rate:.2f}"
    cells = [
        (tr(lang, "Findings"), str(len(found.findings)), "", tr(lang, "in this table")),
        (tr(lang, "Wrong percentages"), str(wrong), "", tr(lang, "of {n} that can be checked", n=len(known))),
        (
            tr(lang, "All answers together"),
            rate,
            "%",
            tr(lang, "n {n} · {range} %", n=whole_number_text(pooled.n), range=words.rate_interval_text(pooled))
            if pooled.n
            else "",
        ),
    ]
    claim = found.asked.claim
    if claim is not None:
        asked = [row for row in found.rows if found.asked.range.includes_row(row) and row.true_percent is not None]
        proven = sum(claim_verdict_of_row(row, found.asked) is TargetVerdict.MET for row in asked)
        label = tr(lang, "Confirmed above {claim} %", claim=f"{claim:f}")
        cells.append((label, str(proven), "", ntr(lang, "of {n} month", "of {n} months", len(asked))))

    def draw_key_figures(sheet: pdf.PdfSheet, y: float) -> None:
        step = WIDTH / len(cells)
        for number, (label, value, unit, second) in enumerate(cells):
            x = pdf.LEFT + step * number
            sheet.draw_box(x, y, 2.4, 54, fill=pdf.PRIMARY)
            sheet.draw_text(x + 11, y + 9.5, label, 9.2, colour=pdf.INK2)
            sheet.draw_text(x + 11, y + 36, value, 25, bold=True)
            if unit and value != UNKNOWN:
                sheet.draw_text(x + 16 + pdf.text_width(value, 25, bold=True), y + 36, unit, 10)
            sheet.draw_text(x + 11, y + 50.5, second, 8.4, colour=pdf.INK2)

    return pdf.BlockWithinPage(54, draw_key_figures, gap=14)


def _findings_block(found: TableAudit, lang: str) -> pdf.BlockWithinPage:
    lines = [pdf.WrappedMarkup(_finding_markup(one, lang), 9.8, WIDTH - 52, leading=1.35) for one in found.findings]
    quiet = (
        None
        if lines
        else pdf.WrappedMarkup(pdf.escape(words.findings_summary(found, lang)), 10.2, WIDTH - 24, leading=1.35)
    )
    height = 31 + (sum(p.height + 7 for p in lines) if lines else quiet.height + 8 if quiet else 0)

    def draw_findings(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_box(pdf.LEFT, y, WIDTH, height, fill=pdf.PAPER)
        sheet.draw_heading(pdf.LEFT + 12, y + 20, tr(lang, "What was found"))
        at = y + 29
        if quiet:
            quiet.draw(sheet, pdf.LEFT + 12, at)
        for number, prose in enumerate(lines, start=1):
            sheet.draw_dot(pdf.LEFT + 20, at + 7.4, 8.0)
            sheet.draw_text(pdf.LEFT + 20, at + 10.5, str(number), 8.6, bold=True, colour=pdf.WHITE, at="middle")
            prose.draw(sheet, pdf.LEFT + 38, at)
            at += prose.height + 7

    return pdf.BlockWithinPage(height, draw_findings, gap=14)


def _finding_markup(finding: TableFinding, lang: str) -> str:
    title = pdf.escape(words.finding_title(finding.kind, lang))
    text = pdf.escape(words.finding_text(finding, lang))
    return tr(lang, "<b>{title}</b>: {text}", title=title, text=text)


def _rates_chart(found: TableAudit, rows: Sequence[AuditedMonthRow], lang: str) -> charts.Chart:
    """Return each month's true rate with its interval, what was stated beside it, the claim as a line."""
    claim = found.asked.claim
    claimed = tr(lang, "claim {claim} %", claim=f"{claim:f}") if claim is not None else ""
    slots = _month_positions_in_chart(rows)
    count = slots[-1] + 1

    def values_by_chart_slot(values: Sequence[float | None]) -> charts.Values:
        found: list[float | None] = [None] * count
        for slot, value in zip(slots, values, strict=True):
            found[slot] = value
        return found

    # What was stated beyond a percentage has no place on its axis.
    stated = [
        float(row.stated_percent) if row.stated_percent is not None and 0 <= row.stated_percent <= 100 else None
        for row in rows
    ]
    panel = charts.SeriesPanel(
        series=[
            charts.VerticalLineSeries(
                values=values_by_chart_slot([_share_to_percent(row.true_rate.low) for row in rows]),
                ends=values_by_chart_slot([_share_to_percent(row.true_rate.high) for row in rows]),
                colour="soft",
                thick=8.4,
            ),
            charts.SymbolSeries(
                values=values_by_chart_slot([_share_to_percent(row.true_rate.rate) for row in rows]),
                colour="primary",
                radius=4.4,
            ),
            *(
                charts.SymbolSeries(
                    values=values_by_chart_slot(
                        [one if row.is_wrong is wrong else None for one, row in zip(stated, rows, strict=True)]
                    ),
                    kind="cross",
                    colour="red" if wrong else "ink",
                    radius=4.7,
                    side=1,
                    away=AWAY,
                )
                for wrong in (False, True)
            ),
        ],
        levels=[] if claim is None else [charts.ReferenceLevel(value=float(claim), name=claimed)],
        is_percent=True,
    )
    return charts.Chart(
        panels=[panel],
        slots=count,
        title=tr(lang, "By month, %"),
        keys=[
            charts.LegendKey("dot", tr(lang, "what the counts give, with 95 % interval"), "primary"),
            charts.LegendKey("cross", tr(lang, "what is stated"), "red"),
        ],
        labels=[(slot + 0.5, row.month) for slot, row in zip(slots, rows, strict=True)],
    )


def _share_to_percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _month_positions_in_chart(rows: Sequence[AuditedMonthRow]) -> list[int]:
    """Return each row's place, with a free one where months are left out."""
    places: list[int] = []
    for number, row in enumerate(rows):
        before = rows[number - 1] if number else None
        is_next = before is None or (row.at is not None and before.at is not None and row.at - before.at <= 1)
        places.append((places[-1] + 1 if places else 0) + (0 if is_next else GAP))
    return places


# -- the table ---------------------------------------------------------------------------------------------------------


def _month_table_blocks(found: TableAudit, lang: str) -> list[pdf.BlockWithinPage]:
    claim = found.asked.claim
    heads = [
        tr(lang, "Month", context="audit"),
        tr(lang, "Satisfied", context="audit"),
        tr(lang, "Dissatisfied", context="audit"),
        tr(lang, "Stated %"),
        tr(lang, "True %"),
        tr(lang, "95 % interval"),
        tr(lang, "Difference"),
        *([tr(lang, "Above {claim} %", claim=f"{claim:f}")] if claim is not None else []),
    ]
    rights = [pdf.LEFT + WIDTH * (i + 1) / len(heads) for i in range(len(heads))]

    def write_row(sheet: pdf.PdfSheet, y: float, cells: Sequence[tuple[str, bool, str]]) -> None:
        name, bold, colour = cells[0]
        room = WIDTH / len(heads) - 4
        sheet.draw_text(pdf.LEFT, y, pdf.cut_text_to_width(name, CELL, room, bold=bold), CELL, bold=bold, colour=colour)
        for right, (text, is_bold, tint) in zip(rights[1:], cells[1:], strict=True):
            sheet.draw_text(right, y, text, CELL, bold=is_bold, colour=tint, at="right")

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        write_row(sheet, y + 11, [(title, False, pdf.INK2) for title in heads])
        sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], width=0.9, colour=pdf.INK)

    def row_drawer(row: AuditedMonthRow) -> Callable[[pdf.PdfSheet, float], None]:
        off = pdf.RED if row.is_wrong else pdf.INK
        cells = [
            (row.month, False, pdf.INK),
            (_count_text(row.satisfied), False, pdf.INK),
            (_count_text(row.dissatisfied), False, pdf.INK),
            (words.stated_figure(row), False, pdf.INK),
            (words.percentage_text(row.true_percent), True, pdf.INK),
            (words.rate_interval_text(row.true_rate), False, pdf.INK),
            (words.stated_minus_true_text(row), row.is_wrong, off),
        ]
        if claim is not None:
            said = claim_verdict_of_row(row, found.asked)
            colour = (
                {TargetVerdict.MET: pdf.PRIMARY, TargetVerdict.NOT_MET: pdf.RED}.get(said, pdf.INK2)
                if said
                else pdf.INK2
            )
            cells.append((target_verdict_word(said, lang) if said else "", False, colour))

        def draw_month_row(sheet: pdf.PdfSheet, y: float) -> None:
            write_row(sheet, y + 11.6, cells)
            sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], colour=pdf.LINE)

        return draw_month_row

    top = pdf.BlockWithinPage(ROW, draw_head, keep=True, gap=12)
    return [top, *(pdf.BlockWithinPage(ROW, row_drawer(row), head=top) for row in (*found.rows, *found.summaries))]


def _count_text(value: int | None) -> str:
    return whole_number_text(value) if value is not None else UNKNOWN


def _small_print_blocks(file: AuditedFile, lang: str) -> list[pdf.BlockWithinPage]:
    texts = [
        words.open_questions_text(lang),
        tr(
            lang,
            "True: satisfied ÷ (satisfied + dissatisfied). Interval: Wilson, 95 %. All answers together are the sums divided, never a mean of percentages.",
        ),
        figure_meaning(AUDIT, lang),
        *reading_texts(file.audit, lang),
        tr(lang, "SHA-256 of the file: {hash}", hash=file.digest),
    ]
    if file.audit.asked.claim is not None:
        texts.insert(2, tr(lang, "The claim is met where the whole interval is above it, not met where it is below."))
    return [
        pdf.WrappedMarkup(pdf.escape(text), 7.4, WIDTH, colour=pdf.INK2, leading=1.36).page_block(
            gap=8 if i == 0 else 1
        )
        for i, text in enumerate(texts)
    ]
