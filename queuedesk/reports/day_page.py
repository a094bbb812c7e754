"""The page of the day: four figures, what is worth attention, the half-hours, services, ratings, fairness, what is left out."""

from collections.abc import Callable
from typing import Any

from queuedesk.i18n import named, ntr, rating_level, tr
from queuedesk.reports import fonts
from queuedesk.reports.charts import HalfHours, draw_half_hours, draw_levels, half_hours_height
from queuedesk.reports.figures import DayRead
from queuedesk.reports.findings import findings
from queuedesk.reports.footer import footer
from queuedesk.reports.headline import four_figures, head
from queuedesk.reports.pdf import (
    BOTTOM,
    CELL,
    INK2,
    LEFT,
    PAPER,
    RIGHT,
    TOP,
    WHITE,
    Block,
    Column,
    Sheet,
    table,
    used,
)
from queuedesk.reports.prose import Prose
from queuedesk.reports.small_print import small_print
from queuedesk.reports.words import (
    UNKNOWN,
    decimal,
    joined,
    percent,
    percent_range,
    service_name,
    whole,
)

WIDTH = RIGHT - LEFT
HEADING = 11.4
PANEL_LEAST, PANEL_MOST = 70.0, 128.0
HALF_WIDTH = 246.0
SIDE = RIGHT - HALF_WIDTH
ROW = 15.2


def day_pdf(read: DayRead, lang: str, printed_by: str | None) -> bytes:
    """Return the report of a day as a PDF in `lang`, every typeface embedded, its text to be found and copied."""
    hall = named(read.setup.hall.name, read.setup.hall.name_en, lang)
    title = tr(lang, "Daily report")
    sheet = Sheet(f"{hall} · {title} · {read.day.isoformat()}", hall, lang)
    before = [head(read, lang, hall, title), four_figures(read, lang), _attention(read, lang)]
    after = [*_services(read, lang), _ratings_and_fairness(read, lang), *small_print(read, lang)]
    room = BOTTOM - TOP - used(before) - used(after) - half_hours_height(0) - 34
    panel = min(PANEL_MOST, max(PANEL_LEAST, room))
    return sheet.flow(
        [*before, _half_hours(read, lang, panel), *after],
        footer(read.setup, read.figures["log"], read.local_now, lang, printed_by),
    )


# -- what is worth attention ----------------------------------------------------------------------------------------------


def _attention(read: DayRead, lang: str) -> Block:
    lines = [Prose(f.markup, 10.2, WIDTH - 52, leading=1.35) for f in findings(read, lang)]
    quiet = None
    if not lines:
        said = (
            tr(lang, "Nothing stands out against this hall's targets.")
            if read.figures["issued"]
            else tr(lang, "No ticket was issued on this day.")
        )
        quiet = Prose(said, 10.2, WIDTH - 24, leading=1.35)
    height = 31 + (sum(p.height + 8 for p in lines) if lines else quiet.height + 8 if quiet else 0)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, WIDTH, height, fill=PAPER)
        sheet.text(LEFT + 12, y + 20, tr(lang, "Worth your attention"), HEADING, bold=True)
        at = y + 29
        if quiet:
            quiet.draw(sheet, LEFT + 12, at)
        for number, prose in enumerate(lines, start=1):
            sheet.dot(LEFT + 20, at + 7.8, 8.2)
            sheet.text(LEFT + 20, at + 11, str(number), 8.8, bold=True, colour=WHITE, at="middle")
            prose.draw(sheet, LEFT + 38, at)
            at += prose.height + 8

    return Block(height, draw, gap=14)


# -- chart, services, ratings -----------------------------------------------------------------------------------------------


def _half_hours(read: DayRead, lang: str, panel: float) -> Block:
    rows, target = read.figures["hours"], read.figures["wait"]["target_minutes"]
    last = read.local_now
    running = f"{last.hour:02}:{last.minute // 30 * 30:02}" if read.is_running else None
    chart = HalfHours(
        rows=rows,
        target_minutes=target,
        wait_title=tr(lang, "Mean wait, minutes"),
        target_name=tr(lang, "target {minutes} min", minutes=target, context="chart"),
        arrivals_title=tr(lang, "Tickets issued"),
        running=next((i for i, row in enumerate(rows) if row["from"] == running), None),
    )

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "By half-hour"), HEADING, bold=True)
        draw_half_hours(sheet, y + 14, panel, chart)

    return Block(14 + half_hours_height(panel), draw, gap=16)


def _services(read: DayRead, lang: str) -> list[Block]:
    figures = read.figures
    target = figures["wait"]["target_minutes"]

    def heading(sheet: Sheet, y: float) -> None:
        title = tr(lang, "By service")
        sheet.text(LEFT, y + 9, title, HEADING, bold=True)
        unit = tr(lang, "times in minutes")
        sheet.text(LEFT + fonts.width(title, HEADING, bold=True) + 6, y + 9, unit, 8.4, colour=INK2)

    columns = [
        Column(tr(lang, "Service", context="report")),
        Column(tr(lang, "Issued", context="report")),
        Column(tr(lang, "Finished", context="report")),
        Column(tr(lang, "Left", context="report")),
        Column(tr(lang, "Mean wait"), bold=True),
        Column(tr(lang, "90 % within")),
        Column(tr(lang, "≤ {minutes} min", minutes=target)),
        Column(tr(lang, "Handling", context="report")),
        Column(tr(lang, "Target", context="report")),
    ]

    def cells(name: str, row: dict[str, Any], goal: int | None, digits: Callable[[float | None], str]) -> list[str]:
        wait, handling = row["wait"], row["handling"]
        within = wait["within_target"]
        return [
            name,
            whole(row["issued"]),
            whole(row["finished"]),
            whole(row["left"]),
            decimal(wait["mean"]),
            decimal(wait["p90"]),
            UNKNOWN if within is None else f"{digits(within)} %",
            decimal(handling["mean"]),
            UNKNOWN if goal is None else str(goal),
        ]

    rows = []
    for row in figures["services"]:
        spec = read.setup.services.get(row["code"])
        goal = spec.handling_target if spec else None
        rows.append(cells(service_name(read.setup, row["code"], lang), row, goal, percent))
    total = cells(tr(lang, "All", context="report"), figures, None, percent)
    total[-1] = ""
    return [Block(13, heading, gap=15, keep=True), *table(columns, rows, total)]


def _ratings_and_fairness(read: DayRead, lang: str) -> Block:
    ratings = read.figures["ratings"]
    levels = [(rating_level(level, lang), ratings["levels"][str(level)], level >= 3) for level in (5, 4, 3, 2, 1)]
    told = Prose(_rated_text(ratings, lang), 8.4, HALF_WIDTH, colour=INK2, leading=1.4)
    facts = _fairness(read, lang)
    left_height = 16 + ROW * len(levels) + 3 + told.height
    height = max(left_height, 16 + ROW * len(facts))

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "Ratings", context="report"), HEADING, bold=True)
        draw_levels(sheet, y + 16, levels, width=HALF_WIDTH, row_height=ROW)
        told.draw(sheet, LEFT, y + 16 + ROW * len(levels) + 3)
        sheet.text(SIDE, y + 9, tr(lang, "Fairness and promise"), HEADING, bold=True)
        for i, (name, value) in enumerate(facts):
            base = y + 16 + ROW * i + ROW * 0.7
            sheet.text(SIDE, base, name, CELL)
            sheet.text(RIGHT, base, value, CELL, bold=True, at="right")
            sheet.line([(SIDE, y + 16 + ROW * (i + 1)), (RIGHT, y + 16 + ROW * (i + 1))])

    return Block(height, draw, gap=15)


def _rated_text(ratings: dict[str, Any], lang: str) -> str:
    told = tr(
        lang,
        "{rated} of {finished} rated, {unrated} not; silence is never counted as satisfied.",
        rated=whole(ratings["n"]),
        finished=whole(ratings["n"] + ratings["unrated"]),
        unrated=whole(ratings["unrated"]),
    )
    if not ratings["n"]:
        return told
    interval = tr(
        lang,
        "Satisfied {rate} %, 95 % interval {range} %.",
        rate=percent(ratings["rate"]),
        range=percent_range(ratings["low"], ratings["high"]),
    )
    return joined([told, interval], lang)


def _fairness(read: DayRead, lang: str) -> list[tuple[str, str]]:
    figures = read.figures
    promise, overtakes, redirects = figures["promise"], figures["overtakes"], figures["redirects"]
    kept = (
        tr(
            lang,
            "{within} / {n} ({share} %)",
            within=whole(promise["within"]),
            n=whole(promise["n"]),
            share=percent(promise["within"] / promise["n"]),
        )
        if promise["n"]
        else UNKNOWN
    )
    beyond = promise["mean_minutes_beyond"]
    return [
        (tr(lang, "Wait within the promise"), kept),
        (
            tr(lang, "Beyond it, on average by"),
            UNKNOWN if beyond is None else tr(lang, "{minutes} min", minutes=decimal(beyond)),
        ),
        (
            tr(lang, "Overtaken at least once"),
            ntr(
                lang,
                "{tickets}, at most {n} time",
                "{tickets}, at most {n} times",
                overtakes["max"],
                tickets=whole(overtakes["tickets"]),
            )
            if overtakes["tickets"]
            else "0",
        ),
        (
            tr(lang, "Redirected (wrong counter)"),
            tr(lang, "{n}, {minutes} min lost", n=whole(redirects["n"]), minutes=decimal(redirects["minutes_lost"]))
            if redirects["n"]
            else "0",
        ),
        (
            tr(lang, "Missed · did not come at all"),
            " · ".join([whole(figures["missed"]), whole(figures["no_show"])]),
        ),
        (tr(lang, "Came without the papers"), whole(figures["not_ready"]["n"])),
    ]
