"""Words of windows and shifts, of the roster, and of the windows that a day needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.i18n import moments
from queuedesk.i18n.catalogue import current_language, ntr, tr
from queuedesk.i18n.names import service_name

if TYPE_CHECKING:
    from queuedesk.core.staffing.day import Backlog, StaffingDay, StaffingHalfHour
    from queuedesk.core.waits.arrival_forecast import BusynessSpan


def pay_day_relation_text(kind: str | None, lang: str | None = None) -> str:
    """Return how the date relates to a pay day, "" for any other."""
    said = lang or current_language()
    words = {
        "before": tr(said, "the day before a busy day"),
        "on": tr(said, "a busy day"),
        "after": tr(said, "the day after a busy day"),
    }
    return words.get(kind or "", "")


def quiet_times_text(spans: Sequence[BusynessSpan], lang: str | None = None) -> str:
    """Return a day's quiet times, "" for a day without."""
    from queuedesk.core.waits.arrival_forecast import QUIET

    times = [f"{clock_text(one.start_min)}–{clock_text(one.end_min)}" for one in spans if one.level == QUIET]
    return moments.list_text(times, lang)


def forecast_basis_text(found: StaffingDay, lang: str | None = None) -> str:
    """Return what the forecast is based on, or why there is none."""
    said = lang or current_language()
    if not found.forecast.has_enough_past_days:
        needs = tr(said, "No forecast yet: it needs three earlier days with customers.")
        n = found.forecast.days
        if not n:
            return needs
        there = ntr(said, "There is {n} so far.", "There are {n} so far.", n)
        return f"{needs}{_sentence_space(said)}{there}"
    text = ntr(said, "Learned from {n} day before it.", "Learned from {n} days before it.", found.forecast.days)
    kind = pay_day_relation_text(found.forecast.pay_day, said)
    if not kind:
        return text
    also = tr(said, "It is {kind}.", kind=kind)
    return f"{text}{_sentence_space(said)}{also}"


def expected_and_came_text(found: StaffingDay, lang: str | None = None) -> str:
    """Return how many people the whole day was expected to bring, and how many came."""
    said = lang or current_language()
    if found.total is None:
        return ""
    n, low, high = round(found.total.mean), found.total.low, found.total.high
    if found.is_running:
        # The half-hours to come are forecast from those who came, this is not.
        text = ntr(
            said,
            "{n} person was expected before the day began, {low} to {high} on four days of five.",
            "{n} people were expected before the day began, {low} to {high} on four days of five.",
            n,
            low=low,
            high=high,
        )
    else:
        text = ntr(
            said,
            "{n} person expected, {low} to {high} on four days of five.",
            "{n} people expected, {low} to {high} on four days of five.",
            n,
            low=low,
            high=high,
        )
    if not found.came:
        return text
    if found.is_running:
        came = ntr(said, "{n} came so far.", "{n} came so far.", found.came, context="people")
    else:
        came = ntr(said, "{n} came.", "{n} came.", found.came, context="people")
    return f"{text}{_sentence_space(said)}{came}"


def roster_gap_half_hour_spans(found: StaffingDay) -> list[tuple[StaffingHalfHour, StaffingHalfHour, int]]:
    """Return the runs of half-hours in which the roster lacks the same number of windows: first, last, how many."""
    runs: list[tuple[StaffingHalfHour, StaffingHalfHour, int]] = []
    for one in found.half_hours:
        lacks = max(0, one.missing_window_count or 0)
        if not lacks:
            continue
        if runs and runs[-1][2] == lacks and runs[-1][1].start_min + 30 == one.start_min:
            runs[-1] = (runs[-1][0], one, lacks)
        else:
            runs.append((one, one, lacks))
    return runs


def roster_gap_lines(setup: Setup, found: StaffingDay, lang: str | None = None) -> list[str]:
    """Return where the roster has too few windows, in all and for single services."""
    said = lang or current_language()
    beyond = [text] if (text := hall_too_few_windows_text(setup, found, said)) else []
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
        for first, last, lacks in roster_gap_half_hour_spans(found)
    ]
    lines = [tr(said, "The roster lacks {runs}.", runs=moments.list_text(runs, said))] if runs else []
    lines += [*_short_of_windows_sentences(setup, found, said), *beyond]
    return lines or [tr(said, "The roster is enough on a usual day.")]


def hall_too_few_windows_text(setup: Setup, found: StaffingDay, lang: str) -> str:
    """Return, where no roster could be enough, that the hall has too few windows, else ""."""
    most = max((one.needed for one in found.half_hours if one.needed is not None), default=0)
    if most <= len(setup.windows):
        return ""
    return tr(
        lang,
        "At its busiest it takes {needed} windows, more than the {n} that the hall has: some will wait longer than the target.",
        needed=most,
        n=len(setup.windows),
    )


def backlog_windows_text(setup: Setup, backlog: Backlog, lang: str | None = None) -> str:
    """Return how many windows the people waiting now add; if nobody else is expected, how many they take; and whether
    the hall has so many."""
    text, there = _backlog_needed_sentence(backlog, lang), len(setup.windows)
    if backlog.needed <= there:
        return text
    more = tr(lang or current_language(), "The hall has only {n}.", context="windows", n=there)
    return tr(lang or current_language(), "{one} {two}", context="sentences", one=text, two=more)


def _backlog_needed_sentence(backlog: Backlog, lang: str | None) -> str:
    if not backlog.flow:
        return ntr(
            lang or current_language(),
            "{n} is waiting now; windows needed until the line is gone: {needed}, open: {open}.",
            "{n} are waiting now; windows needed until the line is gone: {needed}, open: {open}.",
            backlog.waiting,
            needed=backlog.needed,
            open=backlog.open,
        )
    return ntr(
        lang or current_language(),
        "{n} is waiting now; windows needed until the line is gone: {needed}, without it: {flow}, open: {open}.",
        "{n} are waiting now; windows needed until the line is gone: {needed}, without it: {flow}, open: {open}.",
        backlog.waiting,
        needed=backlog.needed,
        flow=backlog.flow,
        open=backlog.open,
    )


def window_count_method_text(lang: str | None = None) -> str:
    """Return how windows are counted, in the sentences below every chart of them."""
    return tr(
        lang or current_language(),
        "Windows needed: people expected and how long they keep windows busy, call to window free and all steps of the visit, give the load of each "
        "moment; the heaviest five minutes count. Erlang C then says how many windows meet the target, as if all served one line; a service that needs "
        "more by itself counts too. The roster counts with its least windows of the half hour, breaks taken off.",
    )


def _short_of_windows_sentences(setup: Setup, found: StaffingDay, lang: str) -> Iterator[str]:
    """Tell each service once, at its worst, where the roster as a whole would be enough."""
    worst: dict[str, tuple[int, StaffingHalfHour, int, int]] = {}
    for one in found.half_hours:
        for short in one.short_of:
            lacks = short.needed - short.planned
            if (one.missing_window_count or 0) <= 0 and lacks > worst.get(short.service, (0,))[0]:
                worst[short.service] = (lacks, one, short.needed, short.planned)
    for code, (_lacks, one, needed, planned) in worst.items():
        yield tr(
            lang,
            "At {time} enough windows are planned, but {service} needs {needed}, and {planned} of them can serve it.",
            service=service_name(setup, code, lang),
            needed=needed,
            planned=planned,
            time=clock_text(one.start_min),
        )


def _sentence_space(lang: str) -> str:
    return "" if lang == "zh_CN" else " "


# -- the roster ------------------------------------------------------------------------------------------------------

_MONDAY = date(2024, 1, 1)


def roster_conflict_sentence(lang: str, details: Mapping[str, object]) -> str:
    day, weekday = details.get("day"), details.get("weekday")
    if day:
        on = day if isinstance(day, date) else date.fromisoformat(str(day))
        when = tr(lang, "on {date}", date=moments.date_short(on, lang))
    else:
        when = tr(
            lang, "on {weekday}", weekday=moments.weekday_long(_MONDAY + timedelta(days=int(str(weekday)) - 1), lang)
        )
    fields: dict[str, Any] = {key: details[key] for key in ("window", "staff", "other", "start", "end")}
    return {
        "two_people": tr(
            lang, "Window {window} has both {staff} and {other} {when}, {start}–{end}.", when=when, **fields
        ),
        "two_windows": tr(
            lang, "{staff} is planned at windows {window} and {other} {when}, {start}–{end}.", when=when, **fields
        ),
        "no_skill": tr(lang, "{staff} can serve nothing of what window {window} serves ({when}).", when=when, **fields),
        "breaks_meet": tr(
            lang, "Two breaks of {staff} at window {window} meet {when}, {start}–{end}.", when=when, **fields
        ),
        "day_closed": tr(
            lang,
            "{staff} is planned at window {window} {when}, but the hall is closed then. "
            "To open specially, give that date hours in Set-up, Calendar.",
            when=when,
            **fields,
        ),
    }[str(details["what"])]
