"""The chart of an audited table: each month's true rate with its interval, what was stated beside it, the claim as a
line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from queuedesk.core.imports.table_audit import Row
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, LINE, PRIMARY, RED, RIGHT, WHITE, Sheet

AXIS = 8.0
PLOT_LEFT = LEFT + 26
MOST_LABELS = 12
LABELS = 14.0
STEPS = (0.5, 1, 2, 5, 10, 20, 25)
MOST_STEPS = 5
STATED_BESIDE = 7.5
GAP = 1
"""Slots left free where months are not consecutive."""


@dataclass(frozen=True, slots=True)
class AuditChart:
    """The rows that have a rate, in order, with the words of the key; `claim` in percent."""

    rows: Sequence[Row]
    true_word: str
    stated_word: str
    claim_word: str
    claim: float | None


def height(panel: float) -> float:
    """Return the height of the chart whose plot is `panel` points high."""
    return panel + LABELS + 16


def draw(sheet: Sheet, y: float, panel: float, chart: AuditChart) -> None:
    """Draw it with its top at `y`."""
    _key(sheet, y, chart)
    top = y + 16
    low, high = _ends(chart)
    step = next((s for s in STEPS if (high - low) / s <= MOST_STEPS), STEPS[-1])
    low = floor(low / step) * step

    def level(value: float) -> float:
        return top + panel * (high - value) / (high - low)

    tick = low
    while tick <= high + 1e-9:
        sheet.line([(PLOT_LEFT, level(tick)), (RIGHT, level(tick))], colour=LINE)
        sheet.text(PLOT_LEFT - 6, level(tick) + AXIS * 0.36, f"{tick:g}", AXIS, colour=INK2, at="right")
        tick += step
    if chart.claim is not None and low <= chart.claim <= high:
        sheet.line(
            [(PLOT_LEFT, level(chart.claim)), (RIGHT, level(chart.claim))], width=0.8, colour=RED, dash=(2.2, 1.6)
        )
    slots = _slots(chart.rows)
    width = (RIGHT - PLOT_LEFT) / (slots[-1] + 1)
    every = ceil(len(slots) / MOST_LABELS)
    for number, (row, slot) in enumerate(zip(chart.rows, slots, strict=True)):
        x = PLOT_LEFT + width * (slot + 0.5)
        found = row.rate
        if found.rate is None or found.low is None or found.high is None:
            continue
        ends = [(x, level(max(low, 100 * found.low))), (x, level(100 * found.high))]
        sheet.line(ends, width=5.0, colour="#CFE3DE")
        sheet.dot(x, level(100 * found.rate), 2.6, PRIMARY)
        if row.stated is not None and low <= row.stated <= high:
            _cross(sheet, x + STATED_BESIDE, level(float(row.stated)), RED if row.is_wrong else INK)
        if number % every == 0:
            sheet.text(x, top + panel + 11, row.month, AXIS - 0.6, colour=INK2, at="middle")


def _cross(sheet: Sheet, x: float, y: float, colour: str) -> None:
    for sign in (-1, 1):
        sheet.line([(x - 2.8, y - 2.8 * sign), (x + 2.8, y + 2.8 * sign)], width=1.3, colour=colour)


def _key(sheet: Sheet, y: float, chart: AuditChart) -> None:
    base = y + 6
    sheet.box(LEFT, base - 5.4, 5, 7.6, fill="#CFE3DE")
    sheet.dot(LEFT + 2.5, base - 1.6, 2.2, PRIMARY)
    sheet.text(LEFT + 10, base + 1.4, chart.true_word, AXIS + 0.4, colour=INK2)
    x = LEFT + 24 + fonts.width(chart.true_word, AXIS + 0.4)
    _cross(sheet, x + 2.5, base - 1.6, RED)
    sheet.text(x + 10, base + 1.4, chart.stated_word, AXIS + 0.4, colour=INK2)
    if chart.claim is not None:
        length = fonts.width(chart.claim_word, AXIS + 0.4)
        sheet.box(RIGHT - length, base - 6, length, 9, fill=WHITE)
        sheet.line(
            [(RIGHT - length - 22, base - 1.6), (RIGHT - length - 6, base - 1.6)],
            width=0.8,
            colour=RED,
            dash=(2.2, 1.6),
        )
        sheet.text(RIGHT, base + 1.4, chart.claim_word, AXIS + 0.4, colour=RED, at="right")


def _ends(chart: AuditChart) -> tuple[float, float]:
    """Return the lowest and highest percentage shown: all intervals, what is stated near them, the claim."""
    values = [100.0] if chart.claim is None else [chart.claim]
    for row in chart.rows:
        if row.rate.low is not None and row.rate.high is not None:
            values += [100 * row.rate.low, 100 * row.rate.high]
        if row.stated is not None and 0 <= row.stated <= 100:
            values.append(float(row.stated))
    high = min(100.0, float(ceil(max(values))))
    return min(*values, high - 2), high


def _slots(rows: Sequence[Row]) -> list[int]:
    """Return each row's place, with a free one where months are left out."""
    places: list[int] = []
    for number, row in enumerate(rows):
        before = rows[number - 1] if number else None
        is_next = before is None or (row.at is not None and before.at is not None and row.at - before.at <= 1)
        places.append((places[-1] + 1 if places else 0) + (0 if is_next else GAP))
    return places
