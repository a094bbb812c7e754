"""The top and the foot of a report's page: whose it is, the four figures; check code, time of printing, number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from queuedesk.core.figures import targets
from queuedesk.core.figures.satisfaction import is_interval_too_wide
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.queue.overview import WaitingCountPastTarget
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import LogEndAnchor
from queuedesk.i18n import date_for_report, moment_short, ntr, time_hm, tr
from queuedesk.i18n.calendar_words import calendar_day_text
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, staff_name, whole_number_text
from queuedesk.i18n.queue.line_words import past_target_and_longest_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.pdf import BOTTOM, INK, INK2, LEFT, PRIMARY, RED, RIGHT, BlockWithinPage, PdfSheet
from queuedesk.reports.figures.figure_words import opening_hours_text, percent_range_text
from queuedesk.reports.figures.period import DayReport
from queuedesk.reports.pages.sections import draw_verdict_mark, verdict_text_so_far

if TYPE_CHECKING:
    from queuedesk.core.upkeep import ReportChecks

# The top of a report's page: whose day it is, and the four figures with their n and target.

WIDTH = RIGHT - LEFT
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SECOND, SECOND_LEAST, GAP = 8.4, 7.2, 12.0
TITLE, SPAN, APART = 22.0, 13.5, 14.0


def report_head(hall: str, title: str, span: str, facts: Sequence[str], *, bookmark: str = "") -> BlockWithinPage:
    """Return a report's head: hall and title at the left, dates and some facts at the right. Facts that would reach the
    title take two lines; a title that would reach the dates is smaller. `bookmark`: it begins a part of this name."""
    beside = pdf.text_width(span, SPAN, bold=True) + APART
    size = min(TITLE, TITLE * (WIDTH - beside) / pdf.text_width(title, TITLE, bold=True))
    lines = _facts_in_one_or_two_lines(facts, WIDTH - pdf.text_width(title, size, bold=True) - APART)
    high = 9.5 * (len(lines) - 1)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_text(LEFT, y + 4, pdf.cut_text_to_width(hall, 10, WIDTH - (beside if high else 0)), 10)
        sheet.draw_heading(LEFT, y + 29, title, size, level=0)
        if bookmark:
            sheet.add_bookmark(bookmark, y)
        sheet.draw_text(RIGHT, y + 17.5 - high, span, SPAN, bold=True, at="right")
        for i, text in enumerate(lines):
            sheet.draw_text(RIGHT, y + 32 - high + 11 * i, text, 8.5, colour=INK2, at="right")
        sheet.draw_line([(LEFT, y + 45), (RIGHT, y + 45)], width=2.1, colour=INK)

    return BlockWithinPage(46, draw_block)


def _facts_in_one_or_two_lines(facts: Sequence[str], room: float) -> list[str]:
    """Return the facts in one line, or in two where one is wider than `room`."""
    one = " · ".join(facts)
    if pdf.text_width(one, 8.5) <= room or len(facts) < 2:
        return [one]
    ways = [[" · ".join(facts[:i]), " · ".join(facts[i:])] for i in range(1, len(facts))]
    return min(ways, key=lambda lines: max(pdf.text_width(line, 8.5) for line in lines))


def day_report_head(read: DayReport, lang: str, hall: str, title: str) -> BlockWithinPage:
    """Return a day's head: hall, date, hours, and for a day still running the time of the report."""
    opened = sum(row["open_minutes"] > 0 for row in read.figures["windows"])
    hours = calendar_day_text(read.setup.calendar, read.day, lang) or opening_hours_text(read.setup)
    facts = [hours, ntr(lang, "{n} window", "{n} windows", opened)]
    if (
        not calendar_day_text(read.setup.calendar, read.day, lang)
        and (issued := _issue_span_if_much_shorter(read)) is not None
    ):
        first, last = (time_hm(read.setup.to_hall_time(moment)) for moment in issued)
        facts[0] = tr(lang, "open {hours}, tickets {first} to {last}", hours=hours, first=first, last=last)
    if read.is_running:
        facts.append(tr(lang, "until {time}", time=time_hm(read.local_now), context="report"))
    return report_head(hall, title, date_for_report(read.day, lang), facts)


def _issue_span_if_much_shorter(read: DayReport) -> tuple[datetime, datetime] | None:
    """Return when the first and the last ticket were issued where that is less than half of the opening hours, as in a
    try-out, or on a day that still runs begins an hour after opening or later; None else."""
    if read.issued is None or read.issued[1] - read.issued[0] < MINUTE:
        return None
    hall, (first, last) = read.setup.hall, read.issued
    begins, ends = (utc_moment_of_hall_minute(read.setup, read.day, minute) for minute in (hall.opens, hall.closes))
    is_short = first - begins >= HOUR if read.is_running else 2 * (last - first) < ends - begins
    return read.issued if is_short else None


# -- the four figures --------------------------------------------------------------------------------------------------


def four_key_figures_block(
    figures: Mapping[str, Any], lang: str, late: WaitingCountPastTarget | None = None, *, is_running: bool = False
) -> BlockWithinPage:
    """Return the four figures a manager asks for first, each with its n and its target. While its last date runs a
    target is at most met so far, and for a day `late` are the people waiting past it, without whom no share counts as
    met."""
    wait, ratings = figures["wait"], figures["ratings"]
    target = wait["target_minutes"]
    issued = tr(
        lang,
        "{finished} finished · {left} left · {void} void",
        finished=whole_number_text(figures["finished"]),
        left=whole_number_text(figures["left"]),
        void=whole_number_text(figures["void"]),
    )
    waited = (
        ntr(
            lang,
            "{count} call · median {median} · max {max}",
            "{count} calls · median {median} · max {max}",
            wait["n"],
            count=whole_number_text(wait["n"]),
            median=decimal_text(wait["median"]),
            max=decimal_text(wait["max"]),
        )
        if wait["n"]
        else tr(lang, "nobody was called")
    )
    if not ratings["n"]:
        rated = tr(lang, "nobody rated")
    elif is_interval_too_wide(ratings["low"], ratings["high"]):
        rated = tr(lang, "{n} rated · too few to say", n=whole_number_text(ratings["n"]))
    else:
        range_ = percent_range_text(ratings["low"], ratings["high"])
        rated = tr(lang, "{n} rated · {range} %", n=whole_number_text(ratings["n"]), range=range_)
    tickets_word = ntr(lang, "ticket", "tickets", figures["issued"], context="unit")
    in_time = (
        tr(lang, "Called within {minutes} min", minutes=target)
        if target is not None
        else tr(lang, "Called within the hall's target")
    )
    mean_is_late = target is not None and wait["mean"] is not None and wait["mean"] > target
    cells = [
        (tr(lang, "Issued", context="report"), whole_number_text(figures["issued"]), tickets_word, issued),
        (tr(lang, "Mean wait"), decimal_text(wait["mean"]), tr(lang, "min", context="unit"), waited),
        (in_time, percent_text(wait["within_target"]), "%", ""),
        (tr(lang, "Satisfied", context="report"), percent_text(ratings["rate"]), "%", rated),
    ]
    is_met, verdict, rest = _in_time_goal_verdict_and_texts(figures, lang, late, is_running=is_running)
    # Red is for what is past its target, as on the pages of the screen.
    past = (False, mean_is_late, bool(verdict) and not is_met, targets.is_target_missed(figures, targets.SATISFACTION))
    small = SECOND
    while (
        spare := WIDTH - sum(widths := _key_figure_widths(cells, small, verdict + rest)) - 4 * 11
    ) < 3 * GAP and small > SECOND_LEAST:
        small -= 0.2
    gap = spare / 3

    def draw_block(sheet: PdfSheet, y: float) -> None:
        x = LEFT
        for (label, value, unit, second), width, is_past in zip(cells, widths, past, strict=True):
            sheet.draw_box(x, y, 2.4, 54, fill=RED if is_past else PRIMARY)
            at = x + 11
            sheet.draw_text(at, y + 9.5, label, 9.2, colour=INK2)
            sheet.draw_text(at, y + 36, value, 25, bold=True, colour=RED if is_past and value != UNKNOWN else INK)
            if value != UNKNOWN:
                sheet.draw_text(at + pdf.text_width(value, 25, bold=True) + 5, y + 36, unit, 10)
            if second:
                sheet.draw_text(at, y + 50.5, second, small, colour=INK2)
            else:
                _draw_target_verdict(sheet, (at, y + 50.5), small, (is_met, verdict, rest))
            x += 11 + width + gap

    return BlockWithinPage(54, draw_block, gap=14)


def _key_figure_widths(cells: Sequence[tuple[str, str, str, str]], small: float, told: str) -> list[float]:
    """Return how wide each figure is with its second line at `small`; the one without has `told` there."""
    return [
        max(
            pdf.text_width(label, 9.2),
            pdf.text_width(value, 25, bold=True) + 5 + pdf.text_width(unit, 10),
            pdf.text_width(second, small) or 11 + pdf.text_width(told, small, bold=True),
        )
        for label, value, unit, second in cells
    ]


def _in_time_goal_verdict_and_texts(
    figures: Mapping[str, Any], lang: str, late: WaitingCountPastTarget | None, *, is_running: bool
) -> tuple[bool, str, str]:
    """Return whether the share called in time is met, "not met" or who is late, and what follows it: the target and of
    how many. Where the target changed within these dates it is that of the last, and the lines below say what was met
    when."""
    share = figures["wait"]["within_target"]
    at_least, is_whole = targets.in_time_goal_and_if_all_dates(figures, targets.WITHIN_TARGET_AT_LEAST)
    goal = tr(lang, "target {share} %", share=f"{round(at_least * 100, 4):g}")
    if share is None:
        return (
            (False, past_target_and_longest_text(late, lang), f" · {goal}") if late is not None else (False, "", goal)
        )
    n = tr(lang, "of {n}", n=whole_number_text(_ticket_count_behind_in_time_share(figures)), context="calls")
    if late is not None:
        return False, past_target_and_longest_text(late, lang), " · ".join(["", goal, n])
    if not is_whole:
        changed = tr(lang, "target now {share} %", share=f"{round(at_least * 100, 4):g}")
        return False, "", " · ".join([changed, n])
    is_met = share >= at_least
    verdict = verdict_text_so_far(
        targets.TargetVerdict.MET if is_met else targets.TargetVerdict.NOT_MET, lang, is_running=is_running
    )
    return is_met, verdict, " · ".join(["", goal, n])


def _ticket_count_behind_in_time_share(figures: Mapping[str, Any]) -> int:
    """Return of how many the share called in time is: those called and those who left uncalled after longer."""
    out = {row["what"]: row["n"] for row in figures["left_out"]}
    return int(figures["wait"]["n"] + out.get("left_uncalled", 0) - out.get("left_early", 0))


def _draw_target_verdict(sheet: PdfSheet, at: tuple[float, float], small: float, told: tuple[bool, str, str]) -> None:
    x, y = at
    is_met, verdict, rest = told
    if not verdict:
        sheet.draw_text(x, y, rest, small, colour=INK2)
        return
    colour = PRIMARY if is_met else RED
    draw_verdict_mark(sheet, x, y, targets.TargetVerdict.MET if is_met else targets.TargetVerdict.NOT_MET)
    sheet.draw_text(x + 10, y, verdict, small, bold=True, colour=colour)
    sheet.draw_text(x + 10 + pdf.text_width(verdict, small, bold=True), y, rest, small, colour=INK2)


# The foot of every page: the check code of the log it stands on, when it was printed and by whom, which page of how
# many.

SIZE, FOOT_GAP = 8.2, 8.0


class AutomaticReportEdition(Struct, frozen=True):
    """Marks a report that was written automatically, in its first or a later edition."""

    edition: int
    formers: ReportChecks | None = None


Maker = str | AutomaticReportEdition | None
"""Who had a paper made: a code of staff or a name as people read it, the hall itself, or nobody that is to be named."""


def page_foot_drawer(
    setup: Setup, anchor: LogEndAnchor | None, local_now: datetime, lang: str, printed_by: Maker
) -> Callable[[PdfSheet, int, int], None]:
    """Return a function that draws the foot of a page."""
    code = tr(lang, "Check code {code}", code=anchor.code) if anchor is not None else ""
    moment = moment_short(local_now, lang)
    if isinstance(printed_by, AutomaticReportEdition):
        printed = _written_automatically_text(moment, lang, printed_by.edition)
    else:
        printed = _printed_at_and_by_line(moment, lang, staff_name(setup, printed_by, lang) if printed_by else None)

    def draw_page_foot(sheet: PdfSheet, number: int, pages: int) -> None:
        page = _page_number_with_series(sheet.series, number, pages)
        left = LEFT + pdf.text_width(code, SIZE) + FOOT_GAP
        right = RIGHT - pdf.text_width(page, SIZE) - FOOT_GAP
        sheet.draw_line([(LEFT, BOTTOM + 4), (RIGHT, BOTTOM + 4)])
        sheet.draw_text(LEFT, BOTTOM + 18, code, SIZE, colour=INK2)
        shown = pdf.cut_text_to_width(printed, SIZE, right - left)
        sheet.draw_text((left + right) / 2, BOTTOM + 18, shown, SIZE, colour=INK2, at="middle")
        sheet.draw_text(RIGHT, BOTTOM + 18, page, SIZE, colour=INK2, at="right")

    return draw_page_foot


def _written_automatically_text(moment: str, lang: str, edition: int) -> str:
    if edition > 1:
        return tr(lang, "Written automatically {moment}, edition {n} · QueueDesk", moment=moment, n=edition)
    return tr(lang, "Written automatically {moment} · QueueDesk", moment=moment)


def _printed_at_and_by_line(moment: str, lang: str, name: str | None) -> str:
    if name:
        return tr(lang, "Printed {moment} by {name} · QueueDesk", moment=moment, name=name)
    return tr(lang, "Printed {moment} · QueueDesk", moment=moment)


def _page_number_with_series(series: str, number: int, pages: int) -> str:
    """Return "1 / 2", "Annex 1 / 2"."""
    return f"{series} {number} / {pages}".strip()


def page_foot_drawer_without_log(
    local_now: datetime, lang: str, name: str | None
) -> Callable[[PdfSheet, int, int], None]:
    """Return a function that draws a page's foot that is based on no log; `name` is the person who asked for it."""
    printed = _printed_at_and_by_line(moment_short(local_now, lang), lang, name)

    def draw_page_foot(sheet: PdfSheet, number: int, pages: int) -> None:
        sheet.draw_line([(LEFT, BOTTOM + 4), (RIGHT, BOTTOM + 4)])
        sheet.draw_text(LEFT, BOTTOM + 18, printed, 8.2, colour=INK2)
        sheet.draw_text(
            RIGHT, BOTTOM + 18, _page_number_with_series(sheet.series, number, pages), 8.2, colour=INK2, at="right"
        )

    return draw_page_foot
