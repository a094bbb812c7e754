"""Targets on a page: the mark of a verdict with its word, and the lines that say what became of each target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from queuedesk.core.figures.targets import WAITS, WITHIN_TARGET, WITHIN_TARGET_AT_LEAST, Verdict
from queuedesk.i18n import date_short, figure_range, tr
from queuedesk.i18n.figures.target_words import goal_figure, goal_text, measure_word, verdict_word
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.grids import Field, grid, heading, line
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, PRIMARY, RED, RIGHT, Block, Sheet
from queuedesk.reports.figures.figure_words import percent_range

MARK = 10.0
SIZE, LEAST_SIZE = 8.6, 7.4
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
    """Return the verdict of a row of the targets."""
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
    return fonts.JOINER + text.replace(" ", f"{fonts.JOINER} {fonts.JOINER}")


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
    sheet.text(x + MARK, base, told, SIZE, bold=said is not None, colour=colour)
    x += MARK + fonts.width(told, SIZE, bold=said is not None) + 6
    reached = reached_text(row, lang) if said is not None else ""
    goal = goal_text(row["measure"], goal_figure(row["measure"], row["value"]), lang)
    name = measure_word(row["measure"], lang)
    parts = [f"{name} {reached}".strip(), goal]
    if not is_whole(row, figures):
        parts.append(_when(row, figures, lang))
    text, size = " · ".join(parts), SIZE
    while size > LEAST_SIZE and fonts.width(text, size) > at[0] + room - x:
        size -= 0.2
    sheet.text(x, base, fonts.shortened(text, size, at[0] + room - x), size, colour=INK)


def _when(row: Mapping[str, Any], figures: Mapping[str, Any], lang: str) -> str:
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
        said = said_of(row)
        cells.append(
            [
                measure_word(row["measure"], lang),
                goal_text(row["measure"], goal_figure(row["measure"], row["value"]), lang),
                dates_text(row, lang),
                count_text(row),
                reached_text(row, lang),
                percent_range(row["low"], row["high"]),
                UNKNOWN if said is None else verdict_word(said, lang),
            ]
        )
    return grid(columns, cells)
