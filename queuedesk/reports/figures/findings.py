"""Up to three sentences worth a manager's attention, from figures alone; and the steps in which a period is shown:
days, or weeks and months where a table would grow long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from math import sqrt
from typing import Any, Protocol

from msgspec import Struct

from queuedesk.core.figures.measures.figures import HallDateCounts
from queuedesk.core.figures.measures.rows import MINUTE_US
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR, period_span_containing
from queuedesk.core.figures.targets import SATISFACTION, WITHIN_TARGET, TargetVerdict, unserved_count_if_noteworthy
from queuedesk.core.talk.device import STOPPED
from queuedesk.i18n import date_for_staff, date_short, figure_range, ntr, time_hm, tr, weekday_long, weekday_short
from queuedesk.i18n.figures.figure_titles import goal_text, measure_word, target_figure_text
from queuedesk.i18n.moments import month_short
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, whole_number_text
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.talk import device_down_cause_words, device_name
from queuedesk.reports.draw.pdf import escape
from queuedesk.reports.figures.figure_words import percent_range_text
from queuedesk.reports.figures.period import DayReport, PauseTaken, PeriodReport, ReportSetups
from queuedesk.reports.pages import sections


class DateSpanSums(Struct, frozen=True, kw_only=True):
    """The dates from `first` to `last` added up, over all requested halls."""

    first: date
    last: date
    issued: int = 0
    waits: int = 0
    waited_us: int = 0
    within: int = 0
    asked: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def mean_wait(self) -> float | None:
        """Minutes, None where nobody was called."""
        return self.waited_us / self.waits / MINUTE_US if self.waits else None

    @property
    def share_within_target(self) -> float | None:
        return self.within / self.asked if self.asked else None


def day_week_or_month_sums(lines: Iterable[HallDateCounts], first: date, last: date, step: str) -> list[DateSpanSums]:
    """Return the period's days, weeks or months (`step`), including those without a ticket, cut at its ends."""
    spans = []
    at = first
    while at <= last:
        _, end = period_span_containing(step, at)
        spans.append((at, min(end, last)))
        at = end + timedelta(days=1)
    day_lines = list(lines)
    return [
        _sums_of_day_lines([line for line in day_lines if begins <= line.day <= ends], begins, ends)
        for begins, ends in spans
    ]


def _sums_of_day_lines(lines: list[HallDateCounts], first: date, last: date) -> DateSpanSums:
    names = ("issued", "waits", "waited_us", "within", "asked", "rated", "satisfied")
    return DateSpanSums(first=first, last=last, **{name: sum(getattr(line, name) for line in lines) for name in names})


def chart_bar_period(period: str) -> str:
    """Return the length of time of a bar in the period's chart."""
    return MONTH if period == YEAR else DAY


def row_period_in_table_of_period(period: str) -> str:
    """Return the length of time of a row in the period's table."""
    return {DAY: DAY, WEEK: DAY, MONTH: WEEK, QUARTER: WEEK, YEAR: MONTH}[period]


def chart_bar_labels_by_index(found: list[DateSpanSums], period: str, lang: str) -> list[tuple[int, str]]:
    if period == YEAR:
        return [(i, month_short(slot.first, lang)) for i, slot in enumerate(found)]
    if period == WEEK:
        return [(i, f"{weekday_short(slot.first, lang)} {slot.first.day}") for i, slot in enumerate(found)]
    if period == MONTH:
        return [(i, str(slot.first.day)) for i, slot in enumerate(found)]
    mondays = [i for i, slot in enumerate(found) if slot.first.weekday() == 0]
    return [(i, date_short(found[i].first, lang)) for i in mondays[::2] if i < len(found) - 3]


def date_span_name(slot: DateSpanSums, period: str, lang: str) -> str:
    """Return the name of a row in the period's table: "Mon 16 Nov", "16 Nov–22 Nov", "Nov"."""
    if period == YEAR:
        return month_short(slot.first, lang)
    if slot.first == slot.last:
        return date_for_staff(slot.first, lang)
    return figure_range(date_short(slot.first, lang), date_short(slot.last, lang))


MOST = 3
LEGS_AT_LEAST = 5  # under this many a mean or a share says little
APART_AT_LEAST = 1.0
"""Minutes by which a mean wait has to be longer than the others' to be named."""
TWO_DEVIATIONS, Z_90 = 2.0, 1.2816
PAUSE_AT_LEAST = timedelta(minutes=10)
TURN_AT_MOST = timedelta(minutes=20)
"""Between one pause and the next of the same round."""
WAITING_AT_LEAST = 5
BUSIER_THAN_USUAL = 1.25
SATISFIED_AT_LEAST = 0.95
DISSATISFIED_AT_LEAST = 3
FEW_DISSATISFIED = 2
"""Of a few ratings so many are worth a word where they are more than half: no share can be told of them."""
BEYOND_AT_MOST = 0.20
REDIRECTS_AT_LEAST = 5
REDIRECTED_AT_MOST = 0.02
NOT_READY_AT_MOST = 0.05
IDLE_MINUTES_AT_MOST = 60
OVERTAKEN_AT_MOST = 3
DOWN_MINUTES_AT_LEAST = 10


class FindingsInput(Protocol):
    """What most checks need: figures and the names of their services."""

    @property
    def figures(self) -> dict[str, Any]: ...
    @property
    def report_setups(self) -> ReportSetups: ...
    def service_name_in_sentence(self, code: str, lang: str) -> str: ...


def first_three_day_finding_sentences(read: DayReport, lang: str) -> list[str]:
    """Return the first three findings past their threshold, in the order of `_LOOKS`, or fewer: a sentence each, its
    main point between <b> and </b>, everything else escaped."""
    found = (look(read, lang) for look in _LOOKS)
    return [text for text in found if text is not None][:MOST]


def missed_target_finding(read: FindingsInput, lang: str) -> str | None:
    """The hall's own target that was missed, the first of several; calls in time have a sentence of their own."""
    row = _missed_target_row(read)
    if row is None:
        return None
    measure = row["measure"]
    name = measure_word(measure, lang)
    if not sections.is_target_in_force_on_every_date(row, read.figures):
        name = tr(
            lang,
            "{measure} ({dates})",
            context="target",
            measure=name,
            dates=sections.target_in_force_dates_text(row, lang),
        )
    told = {"measure": name, "goal": goal_text(measure, target_figure_text(measure, row["value"]), lang)}
    if row["low"] is None:
        return tr(
            lang,
            "<b>{measure} missed its target:</b> {reached}, target {goal}; n {n}.",
            reached=sections.reached_value_with_unit(row, lang),
            n=sections.glue_to_one_line(sections.counts_of_row_text(row)),
            **told,
        )
    return tr(
        lang,
        "<b>{measure} missed its target:</b> {reached}, 95 % interval {range} %, target {goal}; n {n}.",
        reached=sections.reached_value_with_unit(row, lang),
        range=percent_range_text(row["low"], row["high"]),
        n=sections.glue_to_one_line(sections.counts_of_row_text(row)),
        **told,
    )


def _missed_target_row(read: FindingsInput) -> dict[str, Any] | None:
    """Return the row of the target that `missed_target_finding` tells of."""
    rows = (row for row in read.figures["targets"] if row["verdict"] == TargetVerdict.NOT_MET)
    return next((row for row in rows if row["measure"] != WITHIN_TARGET), None)


def longest_mean_wait_finding(read: FindingsInput, lang: str) -> str | None:
    """The service that waited longest, where too few were called in time; all of them where none stands out. Where
    those of one with too few customers waited longer, the sentence says of which services it speaks."""
    waited = [s for s in read.figures["services"] if s["wait"]["n"]]
    rows = [s for s in waited if s["wait"]["n"] >= LEGS_AT_LEAST]
    if not rows:
        return None
    worst = max(rows, key=lambda s: s["wait"]["mean"])
    is_alone = _is_mean_wait_beyond_chance(worst, rows)
    is_of_all = all(s["wait"]["mean"] <= worst["wait"]["mean"] for s in waited)
    if not is_of_all and (len(rows) == 1 or not is_alone):
        return None
    wait = worst["wait"] if is_alone else read.figures["wait"]
    goal = sections.target_share_in_time_on(read.figures, date.fromisoformat(read.figures["to"]))
    if wait["within_target"] is None or wait["within_target"] >= goal:
        return None
    told = {
        "mean": decimal_text(wait["mean"]),
        "share": percent_text(wait["within_target"]),
        "target": UNKNOWN if wait["target_minutes"] is None else wait["target_minutes"],
        "n": whole_number_text(wait["n"]),
    }
    if not is_alone:
        return tr(
            lang,
            "<b>All services waited about as long:</b> {mean} min on average, {share} % called within {target} min, n {n}.",
            **told,
        )
    if not is_of_all:
        return tr(
            lang,
            "<b>{service} waited longest of services with {least} customers or more:</b> {mean} min on average, {share} % called within {target} min, n {n}.",
            service=_escaped_service_name(read, worst["code"], lang),
            least=LEGS_AT_LEAST,
            **told,
        )
    return tr(
        lang,
        "<b>{service} waited longest:</b> {mean} min on average, {share} % called within {target} min, n {n}.",
        service=_escaped_service_name(read, worst["code"], lang),
        **told,
    )


def _is_mean_wait_beyond_chance(worst: dict[str, Any], rows: Sequence[dict[str, Any]]) -> bool:
    """Return whether a service waited a minute or more longer than all others, and more than chance explains."""
    own, others = worst["wait"], [row["wait"] for row in rows if row is not worst]
    n = sum(wait["n"] for wait in others)
    if not n:
        return True
    mean = sum(wait["n"] * wait["mean"] for wait in others) / n
    variance = sum((wait["n"] / n) ** 2 * _mean_wait_variance_from_percentiles(wait) for wait in others)
    apart = own["mean"] - mean
    return apart >= APART_AT_LEAST and apart > TWO_DEVIATIONS * sqrt(
        _mean_wait_variance_from_percentiles(own) + variance
    )


def _mean_wait_variance_from_percentiles(wait: dict[str, Any]) -> float:
    """Return the variance of a mean wait, by the distance from the median to the 90th percentile."""
    return ((wait["p90"] - wait["median"]) / Z_90) ** 2 / wait["n"]


def _busy_pause_report_sentence(read: DayReport, lang: str) -> str | None:
    """The pause that most people waited through, where they were many for that day."""
    usual = _mean_people_waiting(read)
    pauses = [
        p
        for p in read.pauses
        if (p.end or read.local_now) - p.start >= PAUSE_AT_LEAST
        and p.waiting >= max(WAITING_AT_LEAST, BUSIER_THAN_USUAL * usual)
    ]
    if not pauses:
        return None
    worst = max(pauses, key=lambda p: p.waiting * ((p.end or read.local_now) - p.start).total_seconds())
    people = round(worst.waiting)
    alike = _overlapping_pauses_same_reason(read, worst)
    if worst.end is not None and len({one.window for one in alike}) > 1:
        return _windows_paused_together_text(read, alike, worst.reason, lang)
    if worst.end is None:
        return ntr(
            lang,
            "<b>Window {window} has been paused since {since}</b>; on average {n} person has been waiting for its services.",
            "<b>Window {window} has been paused since {since}</b>; on average {n} people have been waiting for its services.",
            people,
            window=escape(worst.window),
            since=time_hm(worst.start),
        )
    return ntr(
        lang,
        "<b>Window {window} was paused {times} ({reason})</b>; on average {n} person was waiting for its services.",
        "<b>Window {window} was paused {times} ({reason})</b>; on average {n} people were waiting for its services.",
        people,
        window=escape(worst.window),
        times=figure_range(time_hm(worst.start), time_hm(worst.end)),
        reason=escape(reason_words(worst.reason, lang)),
    )


def _overlapping_pauses_same_reason(read: DayReport, worst: PauseTaken) -> list[PauseTaken]:
    """Return the pauses for the same reason that overlap or follow `worst` from window to window, with itself."""
    own = [
        pause
        for pause in read.pauses
        if pause.reason == worst.reason and (pause.end or read.local_now) - pause.start >= PAUSE_AT_LEAST
    ]
    found = [worst]
    for _each in own:
        first, last = min(one.start for one in found), max(one.end or read.local_now for one in found)
        found = [
            one
            for one in own
            if one.start <= last + TURN_AT_MOST and (one.end or read.local_now) >= first - TURN_AT_MOST
        ]
    return found


def _windows_paused_together_text(read: DayReport, pauses: Sequence[PauseTaken], reason: str, lang: str) -> str:
    lengths = [((pause.end or read.local_now) - pause.start).total_seconds() for pause in pauses]
    waiting = sum(pause.waiting * length for pause, length in zip(pauses, lengths, strict=True)) / sum(lengths)
    return tr(
        lang,
        "<b>{windows} windows paused between {first} and {last} ({reason})</b>; on average {n} people were waiting for their services.",
        windows=len({pause.window for pause in pauses}),
        first=time_hm(min(pause.start for pause in pauses)),
        last=time_hm(max(pause.end or read.local_now for pause in pauses)),
        reason=escape(reason_words(reason, lang)),
        n=round(waiting),
    )


def _mean_people_waiting(read: DayReport) -> float:
    """People waiting on average over the half-hours with calls: the waits they had, by Little's law."""
    rows = [h for h in read.figures["hours"] if h["mean_wait"] is not None]
    return sum(h["calls"] * h["mean_wait"] for h in rows) / (30 * len(rows)) if rows else 0.0


def dissatisfaction_finding(read: FindingsInput, lang: str) -> str | None:
    """Too many ratings below satisfied, with the share's interval; left out if a missed target says so already."""
    ratings = read.figures["ratings"]
    missed = _missed_target_row(read)
    if missed is not None and missed["measure"] == SATISFACTION:
        return None
    if (
        FEW_DISSATISFIED <= ratings["dissatisfied"] < DISSATISFIED_AT_LEAST
        and 2 * ratings["dissatisfied"] > ratings["n"]
    ):
        return tr(
            lang,
            "<b>{low} of {rated} ratings dissatisfied;</b> too few to say more.",
            low=whole_number_text(ratings["dissatisfied"]),
            rated=whole_number_text(ratings["n"]),
        )
    if ratings["dissatisfied"] < DISSATISFIED_AT_LEAST or ratings["rate"] >= SATISFIED_AT_LEAST:
        return None
    return tr(
        lang,
        "<b>{low} of {rated} ratings dissatisfied:</b> {rate} % satisfied, 95 % interval {range} %.",
        low=whole_number_text(ratings["dissatisfied"]),
        rated=whole_number_text(ratings["n"]),
        rate=percent_text(ratings["rate"]),
        range=percent_range_text(ratings["low"], ratings["high"]),
    )


def waits_beyond_quote_finding(read: FindingsInput, lang: str) -> str | None:
    """Those who waited longer than quoted."""
    promise = read.figures["promise"] if read.report_setups.has_feature("order") else {"n": 0}
    if promise["n"] < LEGS_AT_LEAST or promise["beyond"] <= BEYOND_AT_MOST * promise["n"]:
        return None
    return tr(
        lang,
        "<b>{beyond} of {told} waited longer than estimated,</b> on average by {mean} min.",
        beyond=whole_number_text(promise["beyond"]),
        told=whole_number_text(promise["n"]),
        mean=decimal_text(promise["mean_minutes_beyond"]),
    )


def left_unserved_finding(read: FindingsInput, lang: str) -> str | None:
    """Those who left without being served."""
    figures = read.figures
    if not unserved_count_if_noteworthy(figures):
        return None
    counts = {
        "left": whole_number_text(figures["left"]),
        "issued": whole_number_text(figures["issued"] - figures["void"]),
    }
    if not figures["no_show"]:
        return tr(lang, "<b>{left} of {issued} left without being served,</b> all before they were called.", **counts)
    return tr(
        lang,
        "<b>{left} of {issued} left without being served,</b> {no_show} of them did not come when called.",
        no_show=whole_number_text(figures["no_show"]),
        **counts,
    )


def misdirected_finding(read: FindingsInput, lang: str) -> str | None:
    """Those who stood in the wrong line."""
    redirects = read.figures["redirects"]
    if redirects["n"] < REDIRECTS_AT_LEAST or redirects["n"] <= REDIRECTED_AT_MOST * read.figures["issued"]:
        return None
    return tr(
        lang,
        "<b>{times} times somebody was in the wrong line,</b> most often for {service}; {lost} min lost.",
        times=whole_number_text(redirects["n"]),
        service=_escaped_service_name(read, _code_with_most(redirects["by_service"]), lang),
        lost=decimal_text(redirects["minutes_lost"]),
    )


def overdue_cases_finding(read: FindingsInput, lang: str) -> str | None:
    """The cases whose last day has passed."""
    found = read.figures.get("quality", {}).get("cases")
    if not found or not found["overdue"]:
        return None
    return ntr(
        lang,
        "<b>{shown} case is overdue</b>, of {open} open ones.",
        "<b>{shown} cases are overdue</b>, of {open} open ones.",
        found["overdue"],
        shown=whole_number_text(found["overdue"]),
        open=whole_number_text(found["open"]),
    )


def _unshown_calls_finding(read: DayReport, lang: str) -> str | None:
    """Calls that no display and no voice gave to the hall, said once however many they were."""
    calls = [call for call in read.unheard if not call.shown]
    if not calls:
        return None
    first, last = (read.setup.to_hall_time(call.time) for call in (calls[0], calls[-1]))
    times = figure_range(time_hm(first), time_hm(last)) if time_hm(first) != time_hm(last) else time_hm(first)
    if not read.setup.voice.spoken:
        return ntr(
            lang,
            "<b>{n} call was not shown</b> ({times}): no display was in view.",
            "<b>{n} calls were not shown</b> ({times}): no display was in view.",
            len(calls),
            times=times,
        )
    return ntr(
        lang,
        "<b>{n} call was neither shown nor spoken</b> ({times}): no display was in view.",
        "<b>{n} calls were neither shown nor spoken</b> ({times}): no display was in view.",
        len(calls),
        times=times,
    )


def _unspoken_calls_finding(read: DayReport, lang: str) -> str | None:
    n = sum(call.shown for call in read.unheard)
    if not n:
        return None
    return ntr(
        lang,
        "<b>{n} call was not spoken;</b> it was on the display only.",
        "<b>{n} calls were not spoken;</b> they were on the display only.",
        n,
    )


def longest_outage_finding(read: FindingsInput, lang: str) -> str | None:
    """The longest time in which a device failed while the hall was open; switched off by a person does not count."""
    devices = read.figures["measures"]["devices"] if read.report_setups.has_feature("equipment") else []
    outages = [(row, outage) for row in devices for outage in row["outages"] if outage["cause"] != STOPPED]
    if not outages:
        return None
    device, worst = max(outages, key=lambda pair: pair[1]["minutes"])
    if worst["minutes"] < DOWN_MINUTES_AT_LEAST:
        return None
    return tr(
        lang,
        "<b>{device} did not work for {minutes} min:</b> {cause}.",
        device=escape(device_name(device["device"], device["station"], lang)),
        minutes=whole_number_text(worst["minutes"]),
        cause=escape(device_down_cause_words(worst["cause"], lang)),
    )


def closed_by_day_end_finding(read: FindingsInput, lang: str) -> str | None:
    """Visits that only the day-end closed."""
    n = next((row["n"] for row in read.figures["left_out"] if row["what"] == "inaccurate"), 0)
    if not n:
        return None
    return ntr(
        lang,
        "<b>{n} customer was never finished at the window;</b> the day-end closed the visit.",
        "<b>{n} customers were never finished at the window;</b> the day-end closed their visits.",
        n,
    )


def missing_papers_finding(read: FindingsInput, lang: str) -> str | None:
    """Visitors who had to come again."""
    came = read.figures["not_ready"]
    if came["n"] < LEGS_AT_LEAST or came["n"] <= NOT_READY_AT_MOST * (came["n"] + read.figures["issued"]):
        return None
    return tr(
        lang,
        "<b>{came} visitors came without their papers,</b> most often for {service}.",
        came=whole_number_text(came["n"]),
        service=_escaped_service_name(read, _code_with_most(came["by_service"]), lang),
    )


def _day_idle_windows_finding(read: DayReport, lang: str) -> str | None:
    return idle_windows_finding(read, lang, IDLE_MINUTES_AT_MOST)


def idle_windows_finding(read: FindingsInput, lang: str, at_most: float) -> str | None:
    """Return how long windows were free while somebody waited, None up to `at_most` minutes."""
    idle = sum(row["idle_minutes"] or 0 for row in read.figures["staff"])
    if idle <= at_most:
        return None
    return tr(
        lang,
        "<b>Open windows were free for {minutes} min in all</b> while customers they could have called were waiting.",
        minutes=whole_number_text(idle),
    )


def most_overtaken_finding(read: FindingsInput, lang: str) -> str | None:
    """The customer who was passed most often."""
    overtakes = read.figures["overtakes"] if read.report_setups.has_feature("order") else {"max": 0}
    if overtakes["max"] <= OVERTAKEN_AT_MOST:
        return None
    return tr(
        lang,
        "<b>Later tickets went first {most} times before one customer;</b> it happened to {tickets} at least once.",
        most=overtakes["max"],
        tickets=whole_number_text(overtakes["tickets"]),
    )


_LOOKS: tuple[Callable[[DayReport, str], str | None], ...] = (
    left_unserved_finding,
    missed_target_finding,
    longest_mean_wait_finding,
    _busy_pause_report_sentence,
    dissatisfaction_finding,
    overdue_cases_finding,
    _unshown_calls_finding,
    _unspoken_calls_finding,
    longest_outage_finding,
    waits_beyond_quote_finding,
    misdirected_finding,
    closed_by_day_end_finding,
    missing_papers_finding,
    _day_idle_windows_finding,
    most_overtaken_finding,
)
"""What is looked for, the most urgent first."""


def _escaped_service_name(read: FindingsInput, code: str, lang: str) -> str:
    return escape(read.service_name_in_sentence(code, lang))


def _code_with_most(counts: dict[str, Any]) -> str:
    return max(counts, key=lambda code: counts[code])


# Up to three sentences about a period, made from its figures and their thresholds.

CALLS_AT_LEAST = 20  # in a day or a half-hour of weekdays: under this a share or a mean is chance


def first_period_finding_texts(read: PeriodReport, lang: str) -> list[str]:
    """Return the first three findings past their threshold, in the order of `_LOOKS`, or fewer."""
    found = (look(read, lang) for look in _PERIOD_LOOKS)
    return [text for text in found if text is not None][:MOST]


def _days_below_wait_target_finding(read: PeriodReport, lang: str) -> str | None:
    """The days on which too few were called in time, and the worst of them."""
    days = [
        slot
        for slot in day_week_or_month_sums(read.tally.days, read.first, read.last, DAY)
        if slot.asked >= CALLS_AT_LEAST
    ]
    missed = [
        slot
        for slot in days
        if (slot.share_within_target or 0) < sections.target_share_in_time_on(read.figures, slot.first)
    ]
    if not missed or read.first == read.last:
        return None
    worst = min(missed, key=lambda slot: slot.share_within_target or 0)
    return ntr(
        lang,
        "<b>The wait target was missed on {missed} of {n} day</b>, by most on {day}: {share} % called in time.",
        "<b>The wait target was missed on {missed} of {n} days</b>, by most on {day}: {share} % called in time.",
        len(days),
        missed=len(missed),
        day=date_for_staff(worst.first, lang),
        share=percent_text(worst.share_within_target),
    )


def _slowest_half_hour_finding(read: PeriodReport, lang: str) -> str | None:
    """The weekday's half-hour with the longest mean wait, where it is over the target."""
    target = read.figures["wait"]["target_minutes"]
    cells = {cell: us / n / MINUTE_US for cell, (n, us) in read.tally.heat.items() if n >= CALLS_AT_LEAST}
    if target is None or not cells or read.first == read.last:
        return None
    (weekday, label), minutes = max(cells.items(), key=lambda item: item[1])
    if minutes <= target:
        return None
    return tr(
        lang,
        "<b>Waits are longest on {weekday} at {time}:</b> {mean} min on average, n {n}.",
        weekday=_weekday_name(read, weekday, lang),
        time=f"{int(label[:2])}{label[2:]}",
        mean=decimal_text(minutes),
        n=whole_number_text(read.tally.heat[(weekday, label)][0]),
    )


def _weekday_name(read: PeriodReport, weekday: int, lang: str) -> str:
    day = next(line.day for line in read.tally.days if line.day.isoweekday() == weekday)
    return weekday_long(day, lang)


def _period_idle_windows_finding(read: PeriodReport, lang: str) -> str | None:
    days = len({line.day for line in read.tally.days})
    return idle_windows_finding(read, lang, IDLE_MINUTES_AT_MOST * max(1, days))


_PERIOD_LOOKS: tuple[Callable[[PeriodReport, str], str | None], ...] = (
    left_unserved_finding,
    missed_target_finding,
    _days_below_wait_target_finding,
    _slowest_half_hour_finding,
    longest_mean_wait_finding,
    dissatisfaction_finding,
    overdue_cases_finding,
    waits_beyond_quote_finding,
    misdirected_finding,
    closed_by_day_end_finding,
    missing_papers_finding,
    _period_idle_windows_finding,
    most_overtaken_finding,
)
"""What is looked for, the most urgent first."""
