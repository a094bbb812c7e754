"""Parts of a report's pages that a day and a period share: attention, services, ratings, notes, targets, the small
print, and the measures, which are empty where there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from string import ascii_lowercase
from typing import Any, Protocol

from queuedesk.core.charts.chart import Rect
from queuedesk.core.charts.layout import BarRow, lay_out_bars
from queuedesk.core.figures.measures.figure import Figure
from queuedesk.core.figures.measures.figures import served_elsewhere
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS, is_interval_too_wide
from queuedesk.core.figures.targets import WAITS, WITHIN_TARGET, WITHIN_TARGET_AT_LEAST, Verdict
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.talk.remarks import DayNote
from queuedesk.core.upkeep import Anchor
from queuedesk.i18n import date_short, figure_range, listing, ntr, rating_level, tr
from queuedesk.i18n.figures.figure_titles import (
    FIGURES_IN_WORDS,
    ShareWords,
    goal_figure,
    goal_text,
    measure_word,
    outcome_word,
    verdict_word,
)
from queuedesk.i18n.names import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.queue.line_words import reason_words, wait_cause
from queuedesk.i18n.talk import cause_words, channel, device_name, note_kind
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.pdf import (
    CELL,
    FULL,
    INK,
    INK2,
    LEFT,
    PAPER,
    PRIMARY,
    RED,
    RIGHT,
    WHITE,
    WIDTH,
    Block,
    Column,
    Field,
    Place,
    Prose,
    Sheet,
    escape,
    grid,
    heading,
    line,
    table,
    together,
)
from queuedesk.reports.figures.figure_words import joined, left_out_text, percent_range, sentence, seq_range
from queuedesk.reports.figures.period import SetupNames, order_words, rules_line

SECTION_WIDTH = RIGHT - LEFT
HEADING = 11.4
HALF_WIDTH = 246.0
SIDE = RIGHT - HALF_WIDTH
ROW = 15.2


class ServiceFigures(Protocol):
    """Figures, with the names and targets of their services."""

    @property
    def figures(self) -> dict[str, Any]: ...
    def service_name(self, code: str, lang: str) -> str: ...
    def handling_target(self, code: str) -> int | None: ...


def attention(markups: Sequence[str], quiet_text: str, title: str) -> Block:
    """Return the box of up to three numbered sentences under `title`, or with `quiet_text` if there are none."""
    lines = [Prose(markup, 10.2, SECTION_WIDTH - 52, leading=1.35) for markup in markups]
    quiet = None if lines else Prose(quiet_text, 10.2, SECTION_WIDTH - 24, leading=1.35)
    height = 31 + (sum(p.height + 8 for p in lines) if lines else quiet.height + 8 if quiet else 0)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, SECTION_WIDTH, height, fill=PAPER)
        sheet.text(LEFT + 12, y + 20, title, HEADING, bold=True)
        at = y + 29
        if quiet:
            quiet.draw(sheet, LEFT + 12, at)
        for number, prose in enumerate(lines, start=1):
            sheet.dot(LEFT + 20, at + 7.8, 8.2)
            sheet.text(LEFT + 20, at + 11, str(number), 8.8, bold=True, colour=WHITE, at="middle")
            prose.draw(sheet, LEFT + 38, at)
            at += prose.height + 8

    return Block(height, draw, gap=14)


def busiest(rows: Sequence[Mapping[str, Any]], figure: str, most: int | None) -> list[Mapping[str, Any]]:
    """Return the `most` rows with the highest `figure`, in their own order; all rows for None."""
    first = sorted(range(len(rows)), key=lambda at: -(rows[at][figure] or 0))[:most]
    return [rows[at] for at in sorted(first)]


def services(read: ServiceFigures, lang: str, most: int | None = None) -> list[Block]:
    """Return the table of services, or of the `most` that gave most tickets, with a last row for all; the wait's number
    is beside its mean."""
    figures = read.figures
    target = figures["wait"]["target_minutes"]
    in_time = tr(lang, "≤ {minutes} min", minutes=target) if target is not None else tr(lang, "in time")

    def heading(sheet: Sheet, y: float) -> None:
        title = tr(lang, "By service")
        sheet.text(LEFT, y + 9, title, HEADING, bold=True)
        unit = tr(lang, "times in minutes; issued: joined this line, so one visit can count in several")
        sheet.text(LEFT + pdf.width(title, HEADING, bold=True) + 6, y + 9, unit, 8.4, colour=INK2)

    columns = [
        Column(tr(lang, "Service", context="report")),
        Column(tr(lang, "Issued", context="report")),
        Column(tr(lang, "Finished", context="report")),
        Column(tr(lang, "Left", context="report")),
        Column(tr(lang, "Mean wait"), bold=True),
        Column(tr(lang, "90 % within")),
        Column(in_time),
        Column(tr(lang, "Handling", context="report")),
        Column(tr(lang, "Its target", context="handling")),
    ]

    def cells(name: str, row: Mapping[str, Any], goal: int | None, digits: Callable[[float | None], str]) -> list[str]:
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
    shown = busiest(figures["services"], "issued", most)
    for row in shown:
        goal = read.handling_target(row["code"])
        rows.append(cells(read.service_name(row["code"], lang), row, goal, percent))
    total = cells(tr(lang, "All", context="report"), figures, None, percent)
    total[-1] = ""
    blocks = [Block(13, heading, gap=15, keep=True), *table(columns, rows, total)]
    if more := len(figures["services"]) - len(shown):
        said = ntr(lang, "{n} more service is in the annex.", "{n} more services are in the annex.", more)
        blocks.append(Prose(said, SIZE, SECTION_WIDTH, colour=INK2, leading=1.4).block(gap=4))
    return blocks


def ratings_and_fairness(figures: Mapping[str, Any], lang: str) -> Block:
    """Return the rating levels with their interval, and beside them wrong windows; quoted waits and overtakes where the
    hall looks at them."""
    ratings = figures["ratings"]
    levels = [_level_bar(level, ratings["levels"][str(level)], lang) for level in (5, 4, 3, 2, 1)]
    told = Prose(_rated_text(ratings, lang), 8.4, HALF_WIDTH, colour=INK2, leading=1.4)
    facts = _fairness_rows(figures, lang)
    side = tr(lang, "Fairness and estimates") if "promise" in figures else tr(lang, "Redirected and missed")
    left_height = 16 + ROW * len(levels) + 3 + told.height
    height = max(left_height, 16 + ROW * len(facts))

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "Ratings", context="report"), HEADING, bold=True)
        draw_marks(sheet, lay_out_bars(levels, PAGE, Rect(LEFT, y + 16, HALF_WIDTH, ROW * len(levels))).marks)
        told.draw(sheet, LEFT, y + 16 + ROW * len(levels) + 3)
        sheet.text(SIDE, y + 9, side, HEADING, bold=True)
        for i, (name, value) in enumerate(facts):
            base = y + 16 + ROW * i + ROW * 0.7
            sheet.text(SIDE, base, name, CELL)
            sheet.text(RIGHT, base, value, CELL, bold=True, at="right")
            sheet.line([(SIDE, y + 16 + ROW * (i + 1)), (RIGHT, y + 16 + ROW * (i + 1))])

    return Block(height, draw, gap=15)


def _level_bar(level: int, count: int, lang: str) -> BarRow:
    colour = "primary" if level in SATISFIED_LEVELS else "red"
    return BarRow(word=rating_level(level, lang), value=count, number=whole(count), colour=colour)


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
    if is_interval_too_wide(ratings["low"], ratings["high"]):
        few = tr(lang, "Satisfied (OK or better) {rate} %, too few ratings to say.", rate=percent(ratings["rate"]))
        return joined([told, few], lang)
    interval = tr(
        lang,
        "Satisfied (OK or better) {rate} %, 95 % interval {range} %.",
        rate=percent(ratings["rate"]),
        range=percent_range(ratings["low"], ratings["high"]),
    )
    return joined([told, interval], lang)


def _fairness_rows(figures: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    missed, redirects = figures.get("measures", {}).get("missed"), figures["redirects"]
    return [
        *(_estimate_rows(figures["promise"], figures["overtakes"], lang) if "promise" in figures else ()),
        (
            tr(lang, "Redirected (wrong window)"),
            tr(lang, "{n}, {minutes} min lost", n=whole(redirects["n"]), minutes=decimal(redirects["minutes_lost"]))
            if redirects["n"]
            else "0",
        ),
        (
            tr(lang, "Missed · reinstated"),
            " · ".join([whole(figures["missed"]), whole(missed["reinstated"] if missed else None)]),
        ),
    ]


def _estimate_rows(promise: Mapping[str, Any], overtakes: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
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
        (tr(lang, "Wait within the estimate"), kept),
        (
            tr(lang, "Beyond it, on average by"),
            UNKNOWN if beyond is None else tr(lang, "{minutes} min", minutes=decimal(beyond)),
        ),
        (
            tr(lang, "A later ticket went first"),
            ntr(
                lang,
                "before {tickets}, at most once each",
                "before {tickets}, at most {n} times each",
                overtakes["max"],
                tickets=whole(overtakes["tickets"]),
            )
            if overtakes["tickets"]
            else "0",
        ),
    ]


# Notes on days as a report shows them: a letter on the chart, the words below it.

MOST = 12
SIZE = 8.0


def lettered(notes: Sequence[DayNote], most: int = MOST) -> list[tuple[str, DayNote]]:
    """Return the first notes with a letter each, by day and time."""
    ordered = sorted(notes, key=lambda note: (note.day, -1 if note.start is None else note.start, note.seq))
    return list(zip(ascii_lowercase[:most], ordered, strict=False))


def notes_block(notes: Sequence[DayNote], lang: str, *, dated: bool, most: int = MOST) -> list[Block]:
    """Return at most `most` notes for below the chart, nothing if there are none; `dated` adds each one's date."""
    if not notes:
        return []
    lines = [
        f"<b>{letter}</b>  {escape(_note_line(note, lang, dated=dated))}" for letter, note in lettered(notes, most)
    ]
    if more := len(notes) - len(lines):
        lines.append(ntr(lang, "and {n} more note in the hall's log", "and {n} more notes in the hall's log", more))
    blocks = [Prose(line, SIZE, RIGHT - LEFT, colour=INK2, leading=1.4).block(gap=1) for line in lines]
    blocks[0] = Block(blocks[0].height, blocks[0].draw, gap=6)
    return blocks


def _note_line(note: DayNote, lang: str, *, dated: bool) -> str:
    parts = [date_short(note.day, lang) if dated else "", note_kind(note.kind, lang), _note_times(note, lang)]
    return tr(lang, "{head}: {text}", context="note", head=" ".join(part for part in parts if part), text=note.text)


def _note_times(note: DayNote, lang: str) -> str:
    start, end = (None if minute is None else clock_text(minute) for minute in (note.start, note.end))
    if start and end:
        return figure_range(start, end)
    if start:
        return tr(lang, "from {time}", context="note", time=start)
    return tr(lang, "until {time}", context="note", time=end) if end else ""


# The text below the figures: what they leave out, and the log they come from.


def left_out(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return the line that says what the figures leave out, and why."""
    parts = [left_out_text(row["what"], row["n"], lang) for row in figures["left_out"]]
    said = sentence(parts, lang) if parts else tr(lang, "nothing.", context="left out")
    told = tr(lang, "<b>Left out:</b> {what}", what=said)
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    if several > 0:
        told += " " + ntr(
            lang,
            "Services add up to {shown} more than all: a ticket with several, or transferred on, counts at each.",
            "Services add up to {shown} more than all: tickets with several, or transferred on, count at each.",
            several,
            shown=whole(several),
        )
    return [Prose(told, 7.8, SECTION_WIDTH, colour=INK2, leading=1.4).block(gap=11)]


def proof(figures: Mapping[str, Any], anchor: Anchor | None, lang: str, *, of: str = "") -> list[Block]:
    """Return the lines that identify the log (of the hall `of` if several) for a check; nothing without a log."""
    if not figures["log"]["hash"]:
        return []
    told = tr(
        lang,
        "Based on events {range} of the log; SHA-256 of the last: {hash}",
        range=seq_range(figures["log"]),
        hash=figures["log"]["hash"],
    )
    said = f"<b>{escape(of)}</b> {told}" if of else told
    lines = [said]
    if anchor is not None:
        lines.append(
            tr(
                lang,
                "Check code <b>{code}</b>: it shows anybody later whether this log was changed (Reports, Kept, Check a sheet).",
                code=anchor.code,
            )
        )
    return [Prose(line, 7.0, SECTION_WIDTH, colour=INK2, leading=1.36).block(gap=1) for line in lines]


MARK = 10.0
VERDICT_SIZE, LEAST_SIZE = 8.6, 7.4
LINE_HEIGHT = 14.0


def verdict_colour(said: Verdict) -> str:
    return {Verdict.MET: PRIMARY, Verdict.NOT_MET: RED, Verdict.CANNOT_TELL: INK2}[said]


def draw_mark(sheet: Sheet, x: float, y: float, said: Verdict) -> None:
    """Draw a tick, a cross or two waves, 7 points wide, on the line of text whose baseline is `y`."""
    colour = verdict_colour(said)
    if said is Verdict.MET:
        sheet.line([(x, y - 3), (x + 2.4, y - 0.6), (x + 6.8, y - 6)], width=1.4, colour=colour)
    elif said is Verdict.NOT_MET:
        sheet.line([(x + 0.6, y - 5.8), (x + 6, y - 0.4)], width=1.4, colour=colour)
        sheet.line([(x + 0.6, y - 0.4), (x + 6, y - 5.8)], width=1.4, colour=colour)
    else:
        for level in (y - 4.6, y - 1.8):
            wave = [(x + 0.4, level + 0.8), (x + 2.3, level - 0.6), (x + 4.4, level + 0.6), (x + 6.4, level - 0.8)]
            sheet.line(wave, width=1.1, colour=colour)


def standing(figures: Mapping[str, Any], measure: str = WITHIN_TARGET) -> list[dict[str, Any]]:
    """Return the rows of the targets for one measure, in order of date."""
    return [row for row in figures["targets"] if row["measure"] == measure]


def said_of(row: Mapping[str, Any]) -> Verdict | None:
    return None if row["verdict"] is None else Verdict(row["verdict"])


def goal_on(figures: Mapping[str, Any], day: date) -> float:
    """Return the share to be called in time on a date: its target, else the default one."""
    rows = [row for row in standing(figures) if row["first"] <= day.isoformat() <= row["last"]]
    return float(rows[-1]["value"]) if rows else WITHIN_TARGET_AT_LEAST


def is_whole(row: Mapping[str, Any], figures: Mapping[str, Any]) -> bool:
    """Whether a target was in force on every date of the figures."""
    return (row["first"], row["last"]) == (figures["from"], figures["to"])


def dates_text(row: Mapping[str, Any], lang: str) -> str:
    """Return the dates on which a target was in force."""
    return figure_range(*(date_short(date.fromisoformat(row[end]), lang) for end in ("first", "last")))


def reached_text(row: Mapping[str, Any], lang: str) -> str:
    """Return what was reached with its unit: "97.3 %", "7.4 min"."""
    if row["measure"] in WAITS:
        minutes = row["minutes"]
        return UNKNOWN if minutes is None else tr(lang, "{minutes} min", minutes=decimal(minutes))
    return UNKNOWN if row["rate"] is None else f"{percent(row['rate'])} %"


def count_text(row: Mapping[str, Any]) -> str:
    """Return the counts of a row's figure: "1,441 / 1,482", for a wait the number."""
    if row["of"] is None:
        return whole(row["n"])
    return f"{whole(row['n'])} / {whole(row['of'])}"


def unbroken(text: str) -> str:
    """Return figures, and the word before them, in a form that stays on one line."""
    return pdf.JOINER + text.replace(" ", f"{pdf.JOINER} {pdf.JOINER}")


def told_verdict(said: Verdict, lang: str, *, is_running: bool) -> str:
    """Return whether a target is met, or met so far while its last date runs."""
    word = verdict_word(said, lang)
    if not is_running or said is Verdict.CANNOT_TELL:
        return word
    return tr(lang, "{verdict} so far", context="target", verdict=word)


def target_lines(figures: Mapping[str, Any], lang: str, *, is_running: bool = False) -> list[Block]:
    """Return the lines of the glance page, two side by side, nothing if the hall has set no target."""
    rows = figures["targets"]
    if not rows:
        return []
    half = (RIGHT - LEFT - 20) / 2

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "Targets", context="report"), 9.2, colour=INK2)
        for i, row in enumerate(rows):
            x = LEFT + (half + 20) * (i % 2)
            _draw_line(sheet, (x, y + 14 + LINE_HEIGHT * (i // 2)), half, (row, figures), lang, is_running=is_running)

    return [Block(14 + LINE_HEIGHT * -(-len(rows) // 2), draw, gap=10)]


def _draw_line(
    sheet: Sheet,
    at: tuple[float, float],
    room: float,
    of: tuple[Mapping[str, Any], Mapping[str, Any]],
    lang: str,
    *,
    is_running: bool,
) -> None:
    (x, y), (row, figures) = at, of
    base = y + 9
    said = said_of(row)
    told = (
        tr(lang, "no data yet", context="target") if said is None else told_verdict(said, lang, is_running=is_running)
    )
    colour = INK2
    if said is not None:
        colour = verdict_colour(said)
        draw_mark(sheet, x, base, said)
    sheet.text(x + MARK, base, told, VERDICT_SIZE, bold=said is not None, colour=colour)
    x += MARK + pdf.width(told, VERDICT_SIZE, bold=said is not None) + 6
    reached = reached_text(row, lang) if said is not None else ""
    goal = goal_text(row["measure"], goal_figure(row["measure"], row["value"]), lang)
    name = measure_word(row["measure"], lang)
    parts = [f"{name} {reached}".strip(), goal]
    if not is_whole(row, figures):
        parts.append(_target_dates(row, figures, lang))
    text, size = " · ".join(parts), VERDICT_SIZE
    while size > LEAST_SIZE and pdf.width(text, size) > at[0] + room - x:
        size -= 0.2
    sheet.text(x, base, pdf.shortened(text, size, at[0] + room - x), size, colour=INK)


def _target_dates(row: Mapping[str, Any], figures: Mapping[str, Any], lang: str) -> str:
    """Return on which of the dates of the figures a target stood, as short as can be."""
    first, last = (date_short(date.fromisoformat(row[end]), lang) for end in ("first", "last"))
    if row["first"] == figures["from"]:
        return tr(lang, "until {date}", context="target", date=last)
    if row["last"] == figures["to"]:
        return tr(lang, "from {date}", context="target", date=first)
    return dates_text(row, lang)


def targets_judged(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return each target with what was reached while it was in force, with its heading."""
    targets = target_table(figures, lang)
    blocks: list[Block] = []
    if targets:
        how = tr(
            lang,
            "Each target with the figures of the dates on which it applied. Satisfaction is judged by the whole interval, as only some people rate; the others by the figure, as it covers everybody.",
        )
        blocks += [heading(tr(lang, "Targets", context="report")), *targets, line(how)]
    return blocks


def target_table(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return a row for each target and the dates on which it was in force; nothing without targets."""
    rows: Sequence[Mapping[str, Any]] = figures["targets"]
    if not rows:
        return []
    columns = [
        Field(tr(lang, "Target", context="report"), is_text=True),
        Field("", is_text=True),
        Field(tr(lang, "Dates", context="report"), is_text=True),
        Field(tr(lang, "n", context="report")),
        Field(tr(lang, "Reached", context="report"), bold=True),
        Field(tr(lang, "95 % interval", context="report")),
        Field(tr(lang, "Verdict", context="report"), is_text=True, bold=True),
    ]
    cells = []
    for row in rows:
        verdict = said_of(row)
        cells.append(
            [
                measure_word(row["measure"], lang),
                goal_text(row["measure"], goal_figure(row["measure"], row["value"]), lang),
                dates_text(row, lang),
                count_text(row),
                reached_text(row, lang),
                percent_range(row["low"], row["high"]),
                UNKNOWN if verdict is None else verdict_word(verdict, lang),
            ]
        )
    return grid(columns, cells)


# Lists of the document on paper, for a day and for longer periods: overtakes, pauses, the longest waits, equipment.

ListRows = Sequence[Mapping[str, Any]] | None
MOST_PAUSES, MOST_OUTAGES = 10, 4
FIGURES = 120.0
"""What the figures take beside a reason, in points."""


def clock(text: str | None) -> str:
    """Return "8:30" for "08:30"; nothing for a time that has not come."""
    return f"{int(text[:2])}{text[2:5]}" if text else ""


def span(row: Mapping[str, Any], lang: str) -> str:
    """Return "10:20–11:05", "from 10:20" while it lasts."""
    if row["to"]:
        return figure_range(clock(row["from"]), clock(row["to"]))
    return tr(lang, "from {time}", context="note", time=clock(row["from"]))


def overtakes(figures: Row, names: SetupNames, lang: str, place: Place = FULL) -> list[Block]:
    """Return why tickets were overtaken, with the rule then in force in a sentence; nothing if none was."""
    rows, rules = figures.get("measures", {}).get("overtakes"), figures.get("rules")
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Reason", context="report"), is_text=True),
        Field(tr(lang, "Tickets", context="report")),
        Field(tr(lang, "Most for one")),
    ]
    cells = [
        [overtake_reason(row["reason"], names, lang, place.width - FIGURES), whole(row["tickets"]), whole(row["most"])]
        for row in rows
    ]
    blocks = [heading(tr(lang, "Why later tickets went first"), place=place), *grid(fields, cells, place)]
    n = figures["overtakes"]["tickets"]
    if sum(row["tickets"] for row in rows) > n:
        told = ntr(
            lang,
            "{shown} ticket in all: some for several reasons.",
            "{shown} tickets in all: some for several reasons.",
            n,
            shown=whole(n),
        )
        blocks.append(line(escape(told), place))
    if rules:
        blocks.append(line(escape(tr(lang, "Rule: {rule}", rule=order_words(rules[-1], names, lang))), place))
    return blocks


def overtake_reason(code: str, names: SetupNames, lang: str, room: float = WIDTH) -> str:
    """Return why somebody was passed: "Priority (Elderly, Disabled)", without classes if `room` points are too few."""
    if code == "priority":
        classes = [klass for klass, spec in names.lead.classes.items() if spec.credit_minutes]
        named = listing([names.klass(klass, lang) for klass in classes], lang)
        said = tr(lang, "Priority ({classes})", classes=named)
        return said if classes and pdf.width(said, CELL) <= room else tr(lang, "Priority")
    known = {
        "chosen": tr(lang, "Called out of order"),
        "fast": tr(lang, "Short visit at a quick window"),
        "language": tr(lang, "Same language as the window's staff"),
        "no_ticket": tr(lang, "Served without a ticket"),
        "recorded": tr(lang, "As recorded", context="reason"),
    }
    return known.get(code, code)


def pauses(rows: ListRows, names: SetupNames, lang: str, place: Place = FULL, *, dated: bool = False) -> list[Block]:
    """Return the pauses of 20 minutes or more, the longest first; nothing if there were none."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Window", context="report"), is_text=True),
        *([Field(tr(lang, "Date", context="report"), is_text=True)] if dated else []),
        Field(tr(lang, "Time", context="report"), is_text=True),
        Field(tr(lang, "min", context="unit")),
        Field(tr(lang, "Reason", context="report"), is_text=True),
    ]
    cells = []
    for row in rows[:MOST_PAUSES]:
        day = [date_short(date.fromisoformat(row["date"]), lang)] if dated else []
        who = f"{row['window']} · {names.staff(row['staff'], lang)}"
        cells.append([who, *day, span(row, lang), whole(row["minutes"]), reason_words(row["reason"] or "", lang)])
    blocks = [
        heading(tr(lang, "Pauses of {n} minutes or more", n=20), place=place),
        *grid(fields, cells, place),
    ]
    if len(rows) <= MOST_PAUSES:
        return together(blocks)
    more = len(rows) - MOST_PAUSES
    told = ntr(
        lang, "The longest; the next one is in the workbook.", "The longest; the next {n} are in the workbook.", more
    )
    return together([*blocks, line(told, place)])


def more_told(n: int, lang: str) -> str:
    """Return that there are more rows than the page shows."""
    return ntr(lang, "and {n} more in the workbook", "and {n} more in the workbook", n)


def longest_waits(rows: ListRows, lang: str, place: Place = FULL, *, dated: bool = False) -> list[Block]:
    """Return the longest waits and their causes."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Ticket", context="report"), is_text=True),
        *([Field(tr(lang, "Date", context="report"), is_text=True)] if dated else []),
        Field(tr(lang, "Wait, min")),
        Field(tr(lang, "In line from", context="report")),
        Field(tr(lang, "What was going on"), is_text=True),
    ]
    cells = [
        [
            row["ticket"],
            *([date_short(date.fromisoformat(row["date"]), lang)] if dated else []),
            decimal(row["minutes"]),
            clock(row["arrived"]),
            _going_on(row["causes"], lang),
        ]
        for row in rows
    ]
    title = ntr(lang, "The longest wait", "The {n} longest waits", len(rows))
    return together([heading(title, place=place), *grid(fields, cells, place)])


def _going_on(causes: Sequence[Mapping[str, Any]], lang: str) -> str:
    said = " · ".join(wait_cause(cause, lang) for cause in causes)
    return said[:1].upper() + said[1:] or UNKNOWN


def devices(rows: ListRows, lang: str, *, dated: bool = False) -> list[Block]:
    """Return the equipment that failed, with the share of opening time in which it worked and its outages, with `dated`
    only the longest one; what worked all the time is named in a line."""
    if not rows:
        return []
    title = heading(tr(lang, "Equipment"))
    sound = [device_name(row["device"], row["station"], lang) for row in rows if row["rate"] == 1]
    in_a_line = tr(lang, "Worked all the time while open: {devices}", devices=listing(sound, lang))
    if len(sound) == len(rows):
        return together([title, line(escape(in_a_line), gap=2)])
    fields = [
        Field(tr(lang, "Device", context="report"), is_text=True),
        Field(tr(lang, "Up", context="report"), bold=True),
        Field(tr(lang, "of open, min")),
        Field(tr(lang, "Note", context="report"), is_text=True),
    ]
    cells = [
        [
            device_name(row["device"], row["station"], lang),
            UNKNOWN if row["rate"] is None else f"{100 * row['rate']:.1f} %",
            whole(row["open_minutes"]),
            _longest_outage(row["outages"], lang) if dated else _outage_words(row["outages"], lang),
        ]
        for row in rows
        if row["rate"] != 1
    ]
    return together([title, *grid(fields, cells), *([line(escape(in_a_line))] if sound else [])])


def _longest_outage(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Return count and longest outage of a device: "3 times, the longest on 8 Oct 13:42–13:55: no paper"."""
    if not rows:
        return ""
    worst = max(rows, key=lambda row: row["minutes"])
    return ntr(
        lang,
        "{n} time, on {date} {times}: {cause}",
        "{n} times, the longest on {date} {times}: {cause}",
        len(rows),
        date=date_short(date.fromisoformat(worst["date"]), lang),
        times=span(worst, lang),
        cause=cause_words(worst["cause"], lang),
    )


def _outage_words(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    said = [f"{cause_words(row['cause'], lang)} {span(row, lang)}" for row in rows[:MOST_OUTAGES]]
    if more := max(0, len(rows) - MOST_OUTAGES):
        said.append(more_told(more, lang))
    return " · ".join(said)


APART = 24.0
HALF = (WIDTH - APART) / 2
LEFT_HALF, RIGHT_HALF = Place(LEFT, HALF), Place(RIGHT - HALF, HALF)
MOST_ROWS, MOST_ITEMS = 8, 12
BY_SERVICE, BY_LABEL = "by_service", "by_label"

Row = Mapping[str, Any]
Rows = Sequence[Row] | None


def share(rate: float | None) -> str:
    """Return "77.5 %"."""
    return UNKNOWN if rate is None else f"{percent(rate)} %"


def of_all(row: Row, *, tight: bool = True) -> str:
    """Return "7 / 310"."""
    return f"{whole(row['n'])} / {whole(row['of'])}" if row["of"] or not tight else UNKNOWN


def by_service(measures: Row, names: SetupNames, lang: str) -> list[Block]:
    """Return the shares of each service; for those without a form, the minutes saved."""
    found = [
        (words, measures.get(figure.key) or {}) for figure, words in FIGURES_IN_WORDS if BY_SERVICE in words.sheets
    ]
    found = [(words, own) for words, own in found if own.get("n") or not words.is_quiet]
    rows = [{row["code"]: row for row in own.get(BY_SERVICE, ())} for _words, own in found]
    known = dict.fromkeys(code for of_figure in rows for code in of_figure)
    codes = [code for code in known if any(code in of_figure and of_figure[code]["of"] for of_figure in rows)]
    if not codes:
        return []
    fields = [Field(tr(lang, "Service", context="report"), is_text=True)]
    for words, own in found:
        fields += [Field(words.said(lang), bold=True), Field(tr(lang, "n of m", context="report"))]
        fields += [Field(tr(lang, "Saved, min"))] if own.get("minutes_each") else []
    cells = []
    for code in codes:
        row = [names.service(code, lang)]
        for (_words, own), of_figure in zip(found, rows, strict=True):
            row += _share_of(of_figure.get(code))
            if each := own.get("minutes_each"):
                row += [whole(each * of_figure[code]["n"]) if code in of_figure else UNKNOWN]
        cells.append(row)
    return [heading(tr(lang, "By service")), *grid(fields, cells)]


def _share_of(row: Row | None) -> list[str]:
    return [share(row["rate"]), of_all(row)] if row and row["of"] else [UNKNOWN, UNKNOWN]


def by_label(words: ShareWords, found: Row | None, names: SetupNames, lang: str, place: Place) -> list[Block]:
    """Return the kiosk's keys that led to a share, the most frequent first."""
    rows = [row for row in (found or {}).get(BY_LABEL) or () if row["n"]]
    if not rows:
        return []
    rows.sort(key=lambda row: (-row["n"], -(row["rate"] or 0)))
    fields = [
        Field(tr(lang, "Button pressed"), is_text=True),
        Field(words.said(lang), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [[names.item(row["service"], row["item"], lang), *_share_of(row)] for row in rows[:MOST_ROWS]]
    return [heading(tr(lang, words.headings[BY_LABEL]), place=place), *grid(fields, cells, place)]


def by_item(figure: Figure, words: ShareWords, measures: Row, names: SetupNames, lang: str) -> list[Block]:
    """Return what a figure counts for each item, the most requested first; nothing if nobody named one."""
    found = measures.get(figure.key) or {}
    rows = sorted(found.get(figure.splits[0].key) or (), key=lambda row: -row["of"])
    if not any(row["item"] for row in rows):
        return []
    title, *columns = (
        tr(lang, words.columns[key], context="column") for key in ("", "of", "minutes", "n", "elsewhere")
    )
    fields = [Field(tr(lang, "Item", context="figure"), is_text=True), *(Field(column) for column in columns)]
    is_told = any(row["n"] for row in rows)  # Where nobody noted a return, nothing is known of returns.
    cells = [
        [
            names.item(row["service"], row["item"], lang),
            whole(row["of"]),
            decimal(row["minutes"] / row["of"]),
            share(row["rate"]) if is_told else UNKNOWN,
            whole(served_elsewhere(measures, row)),
        ]
        for row in rows[:MOST_ITEMS]
    ]
    blocks = [heading(title), *grid(fields, cells)]
    more = len(rows) - MOST_ITEMS
    return [*blocks, line(more_told(more, lang))] if more > 0 else blocks


def times(figures: Row, lang: str, place: Place) -> list[Block]:
    """Return wait, way and handling, never a mean without its number and median."""
    rows = [
        (tr(lang, "Wait", context="figure"), figures["wait"]),
        (tr(lang, "Walk to the window", context="figure"), figures["way"]),
        (tr(lang, "Handling", context="figure"), figures["handling"]),
    ]
    cells = [[name, *spread(row)] for name, row in rows if row["n"]]
    if not cells:
        return []
    fields = [Field(tr(lang, "Time", context="report"), is_text=True), *_spread_fields(lang)]
    return [heading(tr(lang, "Times"), tr(lang, "in minutes"), place), *grid(fields, cells, place)]


def _spread_fields(lang: str) -> list[Field]:
    return [
        Field(tr(lang, "n", context="report")),
        Field(tr(lang, "Mean", context="report"), bold=True),
        Field(tr(lang, "Median", context="report")),
        Field(tr(lang, "90 % within")),
    ]


def spread(row: Row) -> list[str]:
    return [whole(row["n"]), decimal(row["mean"]), decimal(row["median"]), decimal(row["p90"])]


def classes(rows: Rows, names: SetupNames, lang: str, place: Place) -> list[Block]:
    """Return the waits of each priority class; nothing if only normal tickets were issued."""
    if not rows or [row["code"] for row in rows] == ["normal"]:
        return []
    fields = [
        Field(tr(lang, "Class", context="report"), is_text=True),
        Field(tr(lang, "Issued", context="report")),
        Field(tr(lang, "Waits", context="report")),
        *_spread_fields(lang)[1:],
    ]
    cells = [[names.klass(row["code"], lang), whole(row["issued"]), *spread(row["wait"])] for row in rows]
    title = tr(lang, "Waits by class")
    return [heading(title, tr(lang, "in minutes"), place), *grid(fields, cells, place)]


def outcomes(rows: Rows, lang: str, place: Place) -> list[Block]:
    """Return the outcomes of finished steps; nothing if none was noted."""
    if not rows or all(row["code"] is None for row in rows):
        return []
    whole_n = sum(row["n"] for row in rows)
    fields = [
        Field(tr(lang, "Outcome", context="report"), is_text=True),
        Field(tr(lang, "Share", context="report"), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [
        [
            outcome_word(row["code"], lang),
            share(row["n"] / whole_n),
            of_all({"n": row["n"], "of": whole_n}),
        ]
        for row in rows[:MOST_ROWS]
    ]
    return [heading(tr(lang, "Outcomes"), place=place), *grid(fields, cells, place)]


def questions(found: Row | None, lang: str, place: Place) -> list[Block]:
    """Return the answers to the two further questions as counts of levels, because a mean of levels is no share."""
    rows: list[tuple[str, Row | None]] = [
        (tr(lang, "How they were treated"), (found or {}).get("attitude")),
        (tr(lang, "How well it was done"), (found or {}).get("competence")),
    ]
    cells: list[list[str]] = [
        [name, whole(row["n"]), *(whole(row["levels"][str(level)]) for level in (5, 4, 3, 2, 1))]
        for name, row in rows
        if row and row["n"]
    ]
    if not cells:
        return []
    fields = [
        Field(tr(lang, "Question", context="report"), is_text=True),
        Field(tr(lang, "n", context="report"), bold=True),
        *(Field(str(level)) for level in (5, 4, 3, 2, 1)),
    ]
    unit = tr(lang, "5 is best")
    return [heading(tr(lang, "Further questions"), unit, place), *grid(fields, cells, place)]


def counters(rows: Rows, lang: str) -> list[Block]:
    """Return windows for a single service compared with windows for several; nothing if there is only one kind."""
    if not rows or len(rows) < 2:
        return []
    fields = [
        Field(tr(lang, "Windows", context="report"), is_text=True),
        Field(tr(lang, "Finished", context="report")),
        Field(tr(lang, "Waits, n")),
        Field(tr(lang, "Mean wait"), bold=True),
        Field(tr(lang, "90 % within")),
        Field(tr(lang, "Handling, n")),
        Field(tr(lang, "Handling", context="report"), bold=True),
        Field(tr(lang, "90 % within")),
    ]
    cells = [
        [
            kind_of_counter(row["kind"], lang),
            whole(row["finished"]),
            whole(row["wait"]["n"]),
            decimal(row["wait"]["mean"]),
            decimal(row["wait"]["p90"]),
            whole(row["handling"]["n"]),
            decimal(row["handling"]["mean"]),
            decimal(row["handling"]["p90"]),
        ]
        for row in rows
    ]
    title = heading(tr(lang, "Windows for one service or several"), tr(lang, "times in minutes"))
    return together([title, *grid(fields, cells)])


def kind_of_counter(code: str, lang: str) -> str:
    """Return which services a kind of window serves."""
    known = {"single": tr(lang, "for one service"), "several": tr(lang, "for several services")}
    return known.get(code, code)


def offers(found: Row | None, lang: str, place: Place) -> list[Block]:
    """Return the offers of other channels and how many were accepted; nothing if there were none."""
    if not found or not found.get("offered"):
        return []
    fields = [
        Field(tr(lang, "Channel", context="report"), is_text=True),
        Field(tr(lang, "Accepted", context="report"), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]

    def cells(name: str, row: Row) -> list[str]:
        rate = row["accepted"] / row["offered"] if row["offered"] else None
        return [name, share(rate), of_all({"n": row["accepted"], "of": row["offered"]})]

    rows = [cells(channel(row["code"], lang), row) for row in found["by_channel"]]
    total = cells(tr(lang, "All", context="report"), found)
    return [heading(tr(lang, "Offered elsewhere"), place=place), *grid(fields, rows, place, total=total)]


def ledger(found: Row | None, names: SetupNames, lang: str, place: Place) -> list[Block]:
    """Return what other channels reported."""
    rows = found.get("ledger", ()) if found else ()
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Channel", context="report"), is_text=True),
        Field(tr(lang, "Service", context="report"), is_text=True),
        Field(tr(lang, "Served there")),
    ]
    cells = [
        [channel(row["channel"], lang), names.service(row["service"], lang), whole(row["n"])]
        for row in rows[:MOST_ROWS]
    ]
    blocks = [heading(tr(lang, "Served by other channels"), place=place), *grid(fields, cells, place)]
    more = len(rows) - MOST_ROWS
    return [*blocks, line(more_told(more, lang), place)] if more > 0 else blocks


def hall_share(found: Row | None, names: SetupNames, lang: str, place: Place) -> list[Block]:
    """Return the hall's share of a service in the months that other channels reported."""
    rows = found.get("hall_share", ()) if found else ()
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Service", context="report"), is_text=True),
        Field(tr(lang, "In the hall"), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [
        [
            names.service(row["service"], lang),
            share(row["share"]),
            of_all({"n": row["hall"], "of": row["hall"] + row["elsewhere"]}),
        ]
        for row in rows
    ]
    return [heading(tr(lang, "The hall's share"), place=place), *grid(fields, cells, place)]


# -- targets and rules of a day ----------------------------------------------------------------------------------------


def targets(figures: Row, names: SetupNames, lang: str) -> list[Block]:
    """Return the targets in force on a day with their verdicts, and the day's rules."""
    rows = target_table(figures, lang)
    blocks = [heading(tr(lang, "Targets", context="report")), *rows] if rows else []
    return [*blocks, *rules_line(figures, names, lang)]
