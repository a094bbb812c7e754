"""The report of a day: a page to glance at, its details, then measures, definitions and what is for managers only."""

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.charts.chart import Chart
from queuedesk.core.charts.waits import WaitsOverTickets, hour_labels
from queuedesk.core.setup.time_of_day import minutes_of
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.i18n import named, tr
from queuedesk.reports.draw.charts import chart_height, draw_chart
from queuedesk.reports.draw.footer import Maker, footer
from queuedesk.reports.draw.grids import fitted
from queuedesk.reports.draw.headline import day_head, four_figures
from queuedesk.reports.draw.pdf import BOTTOM, LEFT, TOP, Block, Chapter, Sheet, used
from queuedesk.reports.figures.figures import DayRead
from queuedesk.reports.figures.findings import findings
from queuedesk.reports.kept.formers import fallen_markups, former_lines
from queuedesk.reports.pages.annex import annex
from queuedesk.reports.pages.day_details import details
from queuedesk.reports.pages.next_day import next_day_blocks
from queuedesk.reports.pages.notes import lettered, notes_block
from queuedesk.reports.pages.sections import HEADING, attention, ratings_and_fairness, services
from queuedesk.reports.pages.small_print import left_out, proof
from queuedesk.reports.pages.verdicts import target_lines

PANEL_LEAST, PANEL_MOST = 70.0, 148.0
CHART_HEAD = 34.0
"""What the chart's heading and the space about it take."""


def day_pdf(read: DayRead, lang: str, printed_by: Maker, ahead: StaffingDay | None = None) -> bytes:
    """Return the report of a day as a PDF in `lang`, every typeface embedded, its text to be found and copied.

    The pages for the wall are numbered together, with what is `ahead` as the last of them; measures and definitions
    follow as an annex, what is for managers only as the last page.
    """
    hall = named(read.setup.hall.name, read.setup.hall.name_en, lang)
    title = tr(lang, "Daily report")
    figures = read.figures
    quiet = (
        tr(lang, "Nothing stands out against this hall's targets.")
        if figures["issued"]
        else tr(lang, "No ticket was issued on this day.")
    )
    sheet = Sheet(f"{hall} · {title} · {read.day.isoformat()}", hall, lang)
    before = [
        day_head(read, lang, hall, title),
        four_figures(figures, lang, read.late, is_running=read.is_running),
        *target_lines(figures, lang, is_running=read.is_running),
        attention(
            [*fallen_markups(printed_by, lang), *(f.markup for f in findings(read, lang))],
            quiet,
            tr(lang, "Worth your attention"),
        ),
    ]
    after = [
        *notes_block(read.notes, lang, dated=False),
        *services(read, lang),
        ratings_and_fairness(figures, lang),
    ]
    proofs = [*proof(figures, read.anchor, lang), *former_lines(printed_by, read.setup, read.anchor, lang)]
    return sheet.flow(
        [*_glance(read, lang, before, after, proofs), *_further(read, lang, hall, ahead, proofs)],
        footer(read.setup, read.anchor, read.local_now, lang, printed_by),
    )


def _glance(read: DayRead, lang: str, before: list[Block], after: list[Block], proofs: list[Block]) -> list[Block]:
    """Return the first page, its chart as high as the page has room for.

    What the figures leave out stands in a box on the second page too: where it finds no room it is left to that.
    A day on which nobody came has neither chart nor tables.
    """
    out = left_out(read.figures, lang)
    if not read.figures["issued"]:
        return [*before, *out, *proofs]
    chart = _half_hours(read, lang)
    for below in ([*after, *out], after):
        room = BOTTOM - TOP - used(before) - used(below) - chart_height(chart, 0) - CHART_HEAD
        panel = min(PANEL_MOST, max(PANEL_LEAST, room))
        page = fitted([*before, by_half_hour(chart, lang, panel), *below])
        if used(page) <= BOTTOM - TOP:
            return page
    return [*before, by_half_hour(chart, lang, PANEL_LEAST), *after, *out]


def _further(read: DayRead, lang: str, hall: str, ahead: StaffingDay | None, proofs: list[Block]) -> list[Block]:
    """Return the pages behind the first; a day on which nobody came has none."""
    if not read.figures["issued"]:
        return []

    def chapter(title: str, series: str = "") -> Chapter:
        return Chapter(day_head(read, lang, hall, title), series)

    return [
        *details(read, lang, chapter(tr(lang, "Daily report"))),
        *(next_day_blocks(read, ahead, lang) if ahead else ()),
        *annex(read.figures, read.coded, lang, chapter, is_day=True, proofs=proofs),
    ]


# -- half-hours ------------------------------------------------------------------------------------------------------


def _half_hours(read: DayRead, lang: str) -> Chart:
    last, rows = read.local_now, read.figures["hours"]
    running = f"{last.hour:02}:{last.minute // 30 * 30:02}" if read.is_running else None
    return half_hours(
        read.figures,
        lang,
        letters=_marks(read),
        running=next((i for i, row in enumerate(rows) if row["from"] == running), None),
    )


def half_hours(
    figures: Mapping[str, Any], lang: str, letters: Sequence[tuple[float, str]] = (), running: int | None = None
) -> Chart:
    """Return waits over tickets by half-hours; `letters` are those of notes, `running` is the one not over yet."""
    rows, target = figures["hours"], figures["wait"]["target_minutes"]
    return WaitsOverTickets(
        line_title=tr(lang, "Mean wait, minutes"),
        bar_title=tr(lang, "Tickets issued"),
        line=[row["mean_wait"] for row in rows],
        bars=[row["arrivals"] for row in rows],
        labels=hour_labels([row["from"] for row in rows]),
        target=target,
        target_text="" if target is None else tr(lang, "target {minutes} min", minutes=target, context="chart"),
        letters=letters,
        running=running,
        has_figures=True,
    ).chart()


def by_half_hour(chart: Chart, lang: str, panel: float) -> Block:
    """Return the chart of half-hours under its heading."""
    height = chart_height(chart, panel)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "By half-hour"), HEADING, bold=True)
        draw_chart(sheet, y + 14, height, chart)

    return Block(14 + height, draw, gap=16)


def _marks(read: DayRead) -> list[tuple[float, str]]:
    """Return where on the chart the notes of the day begin; one without a time, or out of its hours, has no mark."""
    rows = read.figures["hours"]
    if not rows:
        return []
    first = minutes_of(rows[0]["from"])
    at = [((note.start - first) / 30, letter) for letter, note in lettered(read.notes) if note.start is not None]
    return [(place, letter) for place, letter in at if 0 <= place <= len(rows)]
