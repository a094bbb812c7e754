"""The second page of a day: half-hours, windows, overtakes, pauses, the longest waits, equipment, and what the figures
leave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.i18n import names, time_hm, tr
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.reasons import reason_words
from queuedesk.i18n.talk.device_words import checked_name, found_words, missing_names
from queuedesk.reports.draw.grids import WIDTH, Field, Place, beside, fitted, grid, heading, together
from queuedesk.reports.draw.pdf import BOTTOM, INK2, LEFT, PAPER, RIGHT, ROW_HEIGHT, TOP, Block, Chapter, Sheet, used
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.figures import DayRead
from queuedesk.reports.figures.words import left_out_text, sentence
from queuedesk.reports.kept.backup_line import backup_line
from queuedesk.reports.pages import lists

# What was checked before the hall opened, and windows that opened without: lines under a day's equipment.

SIZE = 8.4


def opening_checks(read: DayRead, lang: str) -> list[Block]:
    """Return the checks of the date and the waivers with their reasons; nothing where there was neither."""
    if not read.checks and not read.waivers:
        return []
    passed = [_named(read, one, lang) for one in read.checks if one.passed]
    lines = [tr(lang, "Works: {devices}", devices=_joined(passed, lang))] if passed else []
    lines += [_failed(read, one, lang) for one in read.checks if not one.passed]
    lines += [_waived(read, one, lang) for one in read.waivers]
    blocks = [Prose(escape(line), SIZE, WIDTH, colour=INK2, leading=1.5).block(gap=1) for line in lines]
    return together([heading(tr(lang, "Checks at opening")), *blocks])


def _named(read: DayRead, one: Check, lang: str) -> str:
    by = names.staff_name(read.setup, one.by, lang)
    name = checked_name(one.device, one.station, lang)
    return tr(lang, "{device} ({time}, {name})", device=name, time=_time(read, one), name=by)


def _failed(read: DayRead, one: Check, lang: str) -> str:
    return tr(
        lang, "Does not work: {device}, {cause}", device=_named(read, one, lang), cause=found_words(one.cause, lang)
    )


def _waived(read: DayRead, one: Waiver, lang: str) -> str:
    return tr(
        lang,
        "Window {window} opened at {time} by {name} without {devices}: {reason}",
        window=one.window,
        time=_time(read, one),
        name=names.staff_name(read.setup, one.by, lang),
        devices=missing_names(one.missing, lang),
        reason=reason_words(one.reason, lang),
    )


def _time(read: DayRead, one: Check | Waiver) -> str:
    return time_hm(read.setup.local(one.time))


def _joined(parts: list[str], lang: str) -> str:
    return tr(lang, "; ", context="clauses").join(parts)


APART = 26.0
LEFT_WIDTH = 196.0
SIDE = Place(LEFT + LEFT_WIDTH + APART, RIGHT - LEFT - LEFT_WIDTH - APART)
LOWEST_ROW = 11.4


def details(read: DayRead, lang: str, chapter: Chapter) -> list[Block]:
    """Return the page's blocks, its head first."""
    figures, names = read.figures, read.coded
    measures = figures.get("measures", {})
    head, box = chapter.start(), left_out_box(figures, lang)
    room = BOTTOM - TOP - head.height - 20
    left = _half_hours(figures["hours"], lang, room - box.gap - box.height)
    right = [
        *_windows(read, lang),
        *lists.overtakes(measures.get("overtakes"), figures.get("rules"), names, lang, SIDE),
    ]
    # What would make one column far longer than the other stands in the shorter one, or under both over the whole
    # width.
    pauses, waits = measures.get("pauses"), measures.get("longest_waits")
    beneath = lists.longest_waits(waits, lang)
    if used(right) > used(left):
        beneath = [*lists.pauses(pauses, names, lang), *beneath]
    else:
        right += lists.pauses(pauses, names, lang, SIDE)
        if used(left) - used(right) > used(beneath):
            right += lists.longest_waits(waits, lang, SIDE)
            beneath = []
    below = [
        *beneath,
        *lists.devices(measures.get("devices"), lang),
        *opening_checks(read, lang),
        *backup_line(read, lang),
        box,
    ]
    return fitted([head, *beside(left, right, above=head.height + 20), *below])


def _half_hours(rows: Sequence[Mapping[str, Any]], lang: str, room: float) -> list[Block]:
    """Return the half-hours; a day around the clock still fits on its page."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "From", context="report"), is_text=True),
        Field(tr(lang, "Issued", context="report")),
        Field(tr(lang, "Called", context="report")),
        Field(tr(lang, "Wait, min")),
        Field(tr(lang, "Windows", context="report")),
    ]
    cells = [
        [
            f"{int(row['from'][:2])}{row['from'][2:]}",
            whole(row["arrivals"]),
            whole(row["calls"]),
            decimal(row["mean_wait"]),
            whole(row["open_windows"]),
        ]
        for row in rows
    ]
    fitting = (room - 34) / len(cells)
    height = max(LOWEST_ROW, min(ROW_HEIGHT, fitting))
    return [
        heading(tr(lang, "By half-hour")),
        *grid(fields, cells, Place(LEFT, LEFT_WIDTH), row_height=height),
    ]


def _windows(read: DayRead, lang: str) -> list[Block]:
    """Return what each window did; one that never opened has no row."""
    rows = [row for row in read.figures["windows"] if row["open_minutes"] or row["finished"]]
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Window", context="report"), is_text=True),
        Field(tr(lang, "Clerk", context="report"), is_text=True),
        Field(tr(lang, "Finished", context="report")),
        Field(tr(lang, "Open", context="window time")),
        Field(tr(lang, "Paused", context="window time")),
        Field(tr(lang, "Serving", context="report")),
        Field(tr(lang, "Handling", context="report")),
    ]
    cells = []
    for row in rows:
        at = read.at_windows.get(row["code"])
        serving, opened = row["serving_minutes"], row["open_minutes"]
        known = serving is not None and opened
        cells.append(
            [
                row["code"],
                _clerks(read, at.staff if at else (), lang),
                whole(row["finished"]),
                whole(opened),
                whole(row["paused_minutes"]),
                f"{100 * serving / opened:.0f} %" if known else UNKNOWN,
                decimal(at.handling if at else None),
            ]
        )
    unit = tr(lang, "times in minutes")
    return [
        heading(tr(lang, "By window"), unit, SIDE),
        *grid(fields, cells, SIDE),
    ]


def _clerks(read: DayRead, staff: Sequence[str], lang: str) -> str:
    """Return who sat there: the first by name, and how many more."""
    if not staff:
        return UNKNOWN
    first = read.coded.staff(staff[0], lang)
    more = len(staff) - 1
    return f"{first} +{more}" if more else first


def left_out_box(figures: Mapping[str, Any], lang: str) -> Block:
    """Return what the figures leave out, in a box."""
    out = {row["what"]: row["n"] for row in figures["left_out"]}
    parts = [left_out_text(what, n, lang) for what, n in out.items()]
    none = [
        tr(lang, "no paper tickets were entered later") if not out.get("paper_unpromised") else "",
        tr(lang, "none was left open overnight") if not out.get("inaccurate") else "",
    ]
    said = sentence([*parts, *(text for text in none if text)], lang)
    prose = Prose(tr(lang, "<b>What these figures leave out:</b> {what}", what=said), 8.4, WIDTH - 24, leading=1.55)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, WIDTH, prose.height + 18, fill=PAPER)
        prose.draw(sheet, LEFT + 12, y + 9)

    return Block(prose.height + 18, draw, gap=16)
