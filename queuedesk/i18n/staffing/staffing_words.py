"""The windows that a day needs, in words."""

from __future__ import annotations

from collections.abc import Iterator

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.core.staffing.day import Backlog, Goal, HalfHour, StaffingDay
from queuedesk.core.waits.arrival_forecast import ForecastError
from queuedesk.i18n.catalogue import current, ntr, tr
from queuedesk.i18n.moments import listing
from queuedesk.i18n.names import service_name
from queuedesk.i18n.numerals import decimal, percent


def goal_text(goal: Goal, lang: str | None = None) -> str:
    """Return what windows are counted for."""
    said = lang or current()
    return tr(said, "{share} % called within {minutes} min", share=percent(goal.share, 0), minutes=goal.within_min)


def pay_day_text(kind: str | None, lang: str | None = None) -> str:
    """Return what the date is beside a pay day, "" for any other."""
    said = lang or current()
    words = {
        "before": tr(said, "the day before a pay day"),
        "on": tr(said, "a pay day"),
        "after": tr(said, "the day after a pay day"),
    }
    return words.get(kind or "", "")


def rests_on(found: StaffingDay, lang: str | None = None) -> str:
    """Return what the forecast rests on, or why there is none."""
    said = lang or current()
    if not found.forecast.is_known:
        return ntr(
            said,
            "Too little is known for a forecast: {n} day with customers before it, and it takes three.",
            "Too little is known for a forecast: {n} days with customers before it, and it takes three.",
            found.forecast.days,
        )
    text = ntr(said, "Learned from {n} day before it.", "Learned from {n} days before it.", found.forecast.days)
    kind = pay_day_text(found.forecast.pay_day, said)
    if not kind:
        return text
    also = tr(said, "It is {kind}.", kind=kind)
    return f"{text}{_gap(said)}{also}"


def total_text(found: StaffingDay, lang: str | None = None) -> str:
    """Return how many people the whole day was expected to bring, and how many came."""
    said = lang or current()
    if found.total is None:
        return ""
    text = ntr(
        said,
        "{n} person expected, {low} to {high} on four days of five.",
        "{n} people expected, {low} to {high} on four days of five.",
        round(found.total.mean),
        low=found.total.low,
        high=found.total.high,
    )
    if not found.came:
        return text
    came = ntr(said, "{n} came.", "{n} came.", found.came, context="people")
    return f"{text}{_gap(said)}{came}"


def error_lines(error: ForecastError | None, lang: str | None = None) -> list[str]:
    """Return how the forecasts of the last month did, beside the counts of a week before."""
    said = lang or current()
    if error is None:
        return []
    lines = [
        ntr(
            said,
            "Last month's error, {n} day: {day} % of a day's people ({mae}), {half_hour} % of a half hour's ({people}). {within} % of half hours lay within "
            "their range, where it should be 80 %.",
            "Last month's error, {n} days: {day} % of a day's people ({mae}), {half_hour} % of a half hour's ({people}). {within} % of half hours lay within "
            "their range, where it should be 80 %.",
            error.days,
            day=percent(error.forecast.day_share, 0),
            mae=decimal(error.forecast.day_mae),
            half_hour=percent(error.forecast.half_hour_share, 0),
            people=decimal(error.forecast.half_hour_mae),
            within=percent(error.within, 0),
        )
    ]
    if error.last_week is not None and error.forecast_there is not None:
        lines.append(
            ntr(
                said,
                "The counts of a week before would have missed by {week} % of a day's people, the forecast by {own} % ({n} day that has both).",
                "The counts of a week before would have missed by {week} % of a day's people, the forecast by {own} % ({n} days that have both).",
                error.compared,
                week=percent(error.last_week.day_share, 0),
                own=percent(error.forecast_there.day_share, 0),
            )
        )
    return lines


def gaps(found: StaffingDay) -> list[tuple[HalfHour, HalfHour, int]]:
    """Return the runs of half hours in which the roster lacks the same number of windows: first, last, how many."""
    runs: list[tuple[HalfHour, HalfHour, int]] = []
    for one in found.half_hours:
        lacks = max(0, one.gap or 0)
        if not lacks:
            continue
        if runs and runs[-1][2] == lacks and runs[-1][1].start_min + 30 == one.start_min:
            runs[-1] = (runs[-1][0], one, lacks)
        else:
            runs.append((one, one, lacks))
    return runs


def gap_lines(setup: Setup, found: StaffingDay, lang: str | None = None) -> list[str]:
    """Return where the roster has too few windows, for all and for single services."""
    said = lang or current()
    beyond = _beyond(setup, found, said)
    if not found.has_roster:
        return [tr(said, "The roster plans nobody on this date."), *beyond]
    runs = [
        ntr(
            said,
            "{n} window from {start} to {end}",
            "{n} windows from {start} to {end}",
            lacks,
            start=clock_text(first.start_min),
            end=clock_text(last.start_min + 30),
        )
        for first, last, lacks in gaps(found)
    ]
    lines = [tr(said, "The roster lacks {runs}.", runs=listing(runs, said))] if runs else []
    lines += [*_services_short(setup, found, said), *beyond]
    return lines or [tr(said, "The roster is enough on a usual day.")]


def _beyond(setup: Setup, found: StaffingDay, lang: str) -> list[str]:
    """Return, where no roster could be enough, that the hall has too few windows."""
    most = max((one.needed for one in found.half_hours if one.needed is not None), default=0)
    if most <= len(setup.windows):
        return []
    return [
        tr(
            lang,
            "At its busiest it takes {needed} windows, more than the {n} that the hall has: some will wait longer than the target.",
            needed=most,
            n=len(setup.windows),
        )
    ]


def backlog_text(backlog: Backlog, lang: str | None = None) -> str:
    """Return what those who wait now add; where nobody is expected besides, what they take."""
    if not backlog.flow:
        return ntr(
            lang or current(),
            "{n} is waiting now; windows needed until the line is gone: {needed}, open: {open}.",
            "{n} are waiting now; windows needed until the line is gone: {needed}, open: {open}.",
            backlog.waiting,
            needed=backlog.needed,
            open=backlog.open,
        )
    return ntr(
        lang or current(),
        "{n} is waiting now; windows needed until the line is gone: {needed}, without it: {flow}, open: {open}.",
        "{n} are waiting now; windows needed until the line is gone: {needed}, without it: {flow}, open: {open}.",
        backlog.waiting,
        needed=backlog.needed,
        flow=backlog.flow,
        open=backlog.open,
    )


def method_text(lang: str | None = None) -> str:
    """Return how windows are counted, in the sentences that stand below every picture of them."""
    return tr(
        lang or current(),
        "Windows needed: people expected and how long they keep windows busy, call to window free and all steps of the visit, give the load of each "
        "moment; the heaviest five minutes count. Erlang C then says how many windows meet the target, as if all served one line; a service that needs "
        "more by itself counts too. The roster counts with its least windows of the half hour, breaks taken off.",
    )


def _services_short(setup: Setup, found: StaffingDay, lang: str) -> Iterator[str]:
    """Tell each service once, at its worst, where the roster as a whole would be enough."""
    worst: dict[str, tuple[int, HalfHour, int, int]] = {}
    for one in found.half_hours:
        for short in one.short_of:
            lacks = short.needed - short.planned
            if (one.gap or 0) <= 0 and lacks > worst.get(short.service, (0,))[0]:
                worst[short.service] = (lacks, one, short.needed, short.planned)
    for code, (_lacks, one, needed, planned) in worst.items():
        yield tr(
            lang,
            "{service} alone needs {needed} at {time}; {planned} planned can serve it.",
            service=service_name(setup, code, lang),
            needed=needed,
            planned=planned,
            time=clock_text(one.start_min),
        )


def _gap(lang: str) -> str:
    return "" if lang == "zh_CN" else " "
