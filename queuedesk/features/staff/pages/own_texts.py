"""What the pages of the own work say: day, month and history, answers, training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.appraisal import HANDLING, SATISFACTION, SHIFTS, is_item_read_by_managers_only
from queuedesk.core.charts.chart import Chart, CurveSeries
from queuedesk.core.charts.chart import SeriesPanel as ChartPanel
from queuedesk.core.setup.rows import Setup
from queuedesk.features.staff import words
from queuedesk.features.staff.pages.sheet_texts import has_rows_behind
from queuedesk.features.staff.rules import person_sheet
from queuedesk.features.staff.rules.own_work import DAY_ITEMS, MONTHS_BEFORE, OwnRunningDay, OwnWork
from queuedesk.i18n import _, n_
from queuedesk.i18n.moments import date_short, month_and_year, month_long, month_short
from queuedesk.i18n.names import UNKNOWN, decimal_text, service_name, staff_name

DAY, MONTH, HISTORY = "day", "month", "history"
"""The tabs."""
SHOWN = 4
"""So many answers have room; the latest stand there."""
_TINTS = {person_sheet.BETTER: ("soft", "on_soft"), person_sheet.MET: ("soft", "on_soft")} | dict.fromkeys(
    (person_sheet.WORSE, person_sheet.NOT_MET, person_sheet.TOO_FEW), ("amberbg", "amber")
)

# -- figures -----------------------------------------------------------------------------------------------------------


class FigureRow(Struct, frozen=True, kw_only=True):
    """A figure beside the team's median; `chip` is what can be said, with its tint and token. What is `counted` can be
    pressed where it `opens` rows, those of the item `code`."""

    code: str
    name: str
    out: str = ""
    own: str
    median: str
    chip: str = ""
    tint: str = "sunken"
    token: str = "ink2"
    counted: str = ""
    opens: bool = False
    points: str = ""


def own_month_tabs() -> list[tuple[str, str]]:
    return [(DAY, _("Today")), (MONTH, _("Month", context="tab")), (HISTORY, _("History", context="tab"))]


def tab_title(work: OwnWork, tab: str) -> str:
    """Return the title over a tab."""
    found = work.newest_month_sheets
    if tab == DAY and work.day is not None:
        return _("My day: {date}, so far", date=date_short(work.day.day))
    if tab == HISTORY:
        return _("My months to {month}", month=month_and_year(found.first))
    month = month_and_year(found.first)
    return _("My month: {month}", month=month if found.is_over else _("{month}, so far", month=month))


def lines_under_tab_title(setup: Setup, work: OwnWork, tab: str) -> list[str]:
    """Return the small lines under the title of a tab."""
    found = work.newest_month_sheets
    if tab == DAY:
        return [_("Up to now, next to the team's median of today.")]
    if tab == HISTORY:
        return [_("Press a month to read it. Beside each figure the team's median.")]
    if has_no_data_before_today(work):
        return [_("No day of yours to count yet this month; today counts from tomorrow.")]
    stood = (
        _("Figures up to yesterday; today is separate") if work.day is not None else "",
        words.scheme_version_text(found.stood.number, found.stood.since),
        words.closed_version_text(setup, found),
    )
    lines = [total_with_chance_text(work.newest_own_sheet), " · ".join(part for part in stood if part)]
    return [*lines, words.later_exclusions_text(found, work.staff)]


def has_no_data_before_today(work: OwnWork) -> bool:
    """Return whether a running month has nothing of the person before today."""
    rows = work.newest_month_sheets.rows
    return work.day is not None and not (rows.handled or rows.ratings or work.newest_month_sheets.version)


def total_with_chance_text(sheet: person_sheet.PersonSheet) -> str:
    """Return the total beside what chance alone allows."""
    parts = (words.total_text_with_weight(sheet), words.median_and_chance_text(sheet), words.total_verdict_text(sheet))
    return " · ".join(part for part in parts if part)


def month_figures(work: OwnWork) -> list[FigureRow]:
    """Return the items of the month."""
    rows = [_own_figure_row(work.newest_own_sheet, item, is_whole=True) for item in work.newest_own_sheet.items]
    return [replace(row, counted="") for row in rows] if has_no_data_before_today(work) else rows


def day_figures(day: OwnRunningDay) -> list[FigureRow]:
    usual = UNKNOWN if day.median is None else decimal_text(day.median).removesuffix(".0")
    visits = FigureRow(code="", name=_("Visits finished"), own=str(day.visits), median=usual)
    return [
        visits,
        *(_own_figure_row(day.sheet, day.sheet.result_for_item(code), is_whole=False) for code in DAY_ITEMS),
    ]


def _own_figure_row(
    sheet: person_sheet.PersonSheet, item: person_sheet.SheetItemResult, *, is_whole: bool
) -> FigureRow:
    tint, token = _TINTS.get(item.verdict or "", ("sunken", "ink2"))
    why = words.missing_figure_reason(item.why) if item.why is not None and item.of else ""
    if is_whole:
        why = why or words.not_counted_reason(item)
    elif item.code == HANDLING:
        why = why or _("1 = usual for the same items, lower is quicker")
    return FigureRow(
        code=item.code,
        name=words.item_word(item.code),
        out=" · ".join(part for part in (why, words.parts_left_out_of_item_text(sheet, item)) if part),
        own=words.own_figure_text(item),
        median=words.item_figure_text(item.code, item.median),
        chip=words.item_verdict_text(item) if item.value is not None else "",
        tint=tint,
        token=token,
        counted=_item_count_text(item),
        opens=item.code != SATISFACTION and has_rows_behind(item),
        points=_points_out_of_weight_text(item) if is_whole else "",
    )


def _item_count_text(item: person_sheet.SheetItemResult) -> str:
    if item.code == SATISFACTION and item.value is not None:
        return n_("{n} rating", "{n} ratings", item.of)
    if item.code == SHIFTS and item.value is not None:
        return n_("{n} shift", "{n} shifts", item.of)
    if item.code == HANDLING and item.of:
        return n_("{n} visit", "{n} visits", item.of)
    return words.item_row_count_text(item)


def _points_out_of_weight_text(item: person_sheet.SheetItemResult) -> str:
    return UNKNOWN if item.points is None else f"{decimal_text(item.points)} / {item.weight}"


def withheld_data_note(tab: str) -> str:
    """Return what is not told."""
    if tab == DAY:
        return _(
            "Today's ratings join the month's total tomorrow: shown one by one they would reveal who was not satisfied."
        )
    return _(
        "Ratings are shown once there are {n}, in total only. No colleague's figures are here.",
        n=person_sheet.FEWEST_TOLD,
    )


# -- visits of today ---------------------------------------------------------------------------------------------------


class TodaysVisitText(NamedTuple):
    """A visit of today: its number and service, what was taken out of it, and its minutes."""

    label: str
    service: str
    out: str
    minutes: str


def todays_visits(setup: Setup, found: person_sheet.MonthSheets, staff: str, today: date) -> list[TodaysVisitText]:
    """Return who was sent to the right counter today, and whom the person finished, the latest first."""
    redirected = {one.label for one in found.rows.redirected if (one.staff, one.day) == (staff, today)}
    excluded = {
        one.disputed_row_name
        for one in found.rows.disputes
        if one.excluded and (one.staff, one.item) == (staff, HANDLING)
    }
    own = [one for one in found.rows.handled if (one.staff, one.day) == (staff, today)]
    rows = []
    for one in reversed(own):
        out = ""
        if person_sheet.ticket_row_name(one.day, one.label) in excluded:
            out = _("excluded", context="dispute")
        elif one.label in redirected:
            out = _("sent on, not counted")
        elif one.stalled:
            out = _("without {minutes} min of waiting for systems", minutes=decimal_text(one.stalled))
        shown = decimal_text(one.minutes) if one.minutes is not None else UNKNOWN
        rows.append(TodaysVisitText(one.label, service_name(setup, one.service), out, shown))
    there = {one.label for one in own}
    return [
        TodaysVisitText(label, "", _("sent on, not counted"), UNKNOWN) for label in sorted(redirected - there)
    ] + rows


def visits_heading(visits: Sequence[TodaysVisitText]) -> str:
    """Return how many of today's visits were finished and how many sent on."""
    sent = sum(one.out == _("sent on, not counted") for one in visits)
    finished = len(visits) - sent
    if sent:
        return _("Today: {finished} finished, {sent} sent on", finished=finished, sent=sent)
    return _("Today: {finished} finished", finished=finished)


# -- history -----------------------------------------------------------------------------------------------------------


class HistoryMonthRow(Struct, frozen=True, kw_only=True):
    """A month of the history; figures with the team's median beside each."""

    first: date
    name: str
    visits: str
    handling: str
    handling_median: str
    rated: str
    rated_median: str
    total: str
    total_median: str
    state: str


def history_rows(setup: Setup, work: OwnWork) -> list[HistoryMonthRow]:
    """Return the months, the latest first; in one that runs today is left out."""
    return [_month_row(setup, one, work.staff) for one in reversed(work.months)]


def _month_row(setup: Setup, found: person_sheet.MonthSheets, staff: str) -> HistoryMonthRow:
    sheet = found.team.sheets[staff]
    pace, rated = sheet.result_for_item(HANDLING), sheet.result_for_item(SATISFACTION)
    return HistoryMonthRow(
        first=found.first,
        name=month_and_year(found.first),
        visits=str(pace.of) if pace.of or found.is_over else UNKNOWN,
        handling=words.item_figure_text(HANDLING, pace.value),
        handling_median=words.item_figure_text(HANDLING, pace.median),
        rated=words.item_figure_text(SATISFACTION, rated.value),
        rated_median=words.item_figure_text(SATISFACTION, rated.median),
        total=words.total_figure(sheet),
        total_median=words.median_figure(sheet),
        state=_month_state_text(setup, found, staff),
    )


def _month_state_text(setup: Setup, found: person_sheet.MonthSheets, staff: str) -> str:
    if not found.is_over:
        return _("in progress")
    if found.closed is None:
        return _("not closed") if found.rows.handled else ""
    day, later = date_short(setup.to_hall_time(found.closed).date()), len(found.later_exclusions(staff))
    if later:
        return _("closed {date}, {n} excluded since", date=day, n=later)
    return _("closed {date}", date=day)


def own_handling_chart(months: Sequence[person_sheet.MonthSheets], staff: str) -> Chart:
    """Return the own handling beside the team's median, month by month; a month without a sheet is a gap."""
    firsts = [months[-1].first]
    for _n in range(MONTHS_BEFORE):
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    firsts.reverse()
    by_first = {one.first: one for one in months}
    items = [_own_handling_result(by_first.get(first), staff) for first in firsts]
    own = [item.value if item is not None else None for item in items]
    usual = [item.median if item is not None and item.value is not None else None for item in items]
    if not any(value is not None for value in own):
        return Chart(empty=_("No month with a figure yet"))
    both = [(mine, middle) for mine, middle in zip(own, usual, strict=True) if mine is not None and middle is not None]
    higher = bool(both) and both[-1][0] > both[-1][1]
    lines = [
        CurveSeries(
            values=usual,
            is_past=True,
            name=_("team median"),
            figure=_latest_handling_text(usual),
            above=not higher,
            other=own,
        ),
        CurveSeries(
            values=own, colour="primary", name=_("me"), figure=_latest_handling_text(own), above=higher, other=usual
        ),
    ]
    return Chart(
        panels=[ChartPanel(series=lines, is_ratio=True)],
        slots=len(firsts),
        labels=[(n + 0.5, month_short(first)) for n, first in enumerate(firsts)],
        summary="; ".join(_monthly_handling_lines(firsts, own, usual)),
    )


def _own_handling_result(found: person_sheet.MonthSheets | None, staff: str) -> person_sheet.SheetItemResult | None:
    return (
        found.team.sheets[staff].result_for_item(HANDLING) if found is not None and staff in found.team.sheets else None
    )


def _latest_handling_text(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return words.item_figure_text(HANDLING, known[-1]) if known else ""


def _monthly_handling_lines(
    firsts: Sequence[date], own: Sequence[float | None], usual: Sequence[float | None]
) -> Iterator[str]:
    for first, value, middle in zip(firsts, own, usual, strict=True):
        figures = words.item_figure_text(HANDLING, value), words.item_figure_text(HANDLING, middle)
        yield _("{month}: {own}, team median {median}", month=month_long(first), own=figures[0], median=figures[1])


# -- answers, training -------------------------------------------------------------------------------------------------


def own_dispute_lines(setup: Setup, found: person_sheet.MonthSheets, staff: str) -> list[str]:
    """Return what was asked about rows of the own sheet, and the answers."""
    lines = []
    for one in sorted((*found.rows.disputes, *found.later), key=lambda each: each.seq, reverse=True):
        if one.staff == staff:
            what = (
                one.disputed_row_name
                if one.may_know_row(staff) and one.disputed_row_name
                else _("a rating")
                if is_item_read_by_managers_only(one.item)
                else one.disputed_row_name
            )
            said = words.dispute_history_text(setup, one, found.notes)
            # What the person asked needs no telling once there is an answer, where the row is named.
            said = said.partition("\n")[0] if one.by == staff and one.disputed_row_name else said.replace("\n", " ")
            row = f"{words.disputed_item_word(one.item)} · {what}"
            lines.append(_("{row}: {said}", row=row, said=said))
    return lines[:SHOWN]


def training_lines(setup: Setup, work: OwnWork) -> list[str]:
    """Return the month's training, and where the person was named for one: by whom, for what and why."""
    n, wanted = work.minutes, work.wanted
    if not n and not wanted and not work.named:
        return []
    if wanted:
        head = _("{n} min this month (goal {wanted})", n=n, wanted=wanted)
    else:
        head = n_("{n} minute this month", "{n} minutes this month", n)
    return [
        head,
        *(_training_session_line(one) for one in work.sessions),
        *(_who_named_need_and_when_text(setup, one) for one in work.named),
    ]


def _training_session_line(one: Mapping[str, object]) -> str:
    day, minutes = date_short(date.fromisoformat(str(one["date"]))), int(str(one["minutes"]))
    parts = (day, str(one["topic"] or ""), words.minutes_words(minutes))
    return " · ".join(part for part in parts if part)


def _who_named_need_and_when_text(setup: Setup, one: Mapping[str, object]) -> str:
    day, by = date_short(date.fromisoformat(str(one["date"]))), staff_name(setup, str(one["by"])) or str(one["by"])
    return _("Named by {name}, {date}: {need}", name=by, date=day, need=words.need_line_for_named_person(setup, one))
