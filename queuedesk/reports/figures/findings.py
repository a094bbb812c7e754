"""Up to three sentences worth a manager's attention, made from the day's figures alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Protocol

from msgspec import Struct

from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.periods import DAY
from queuedesk.core.figures.targets import SATISFACTION, WITHIN_TARGET, Verdict
from queuedesk.i18n import day_staff, figure_range, ntr, time_hm, tr, weekday_long
from queuedesk.i18n.figures.target_words import goal_figure, goal_text, measure_word
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.talk.talk_words import cause_words, device_name
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.figures.day import DayRead
from queuedesk.reports.figures.figure_words import percent_range
from queuedesk.reports.figures.period import PeriodRead
from queuedesk.reports.figures.slots import slots
from queuedesk.reports.pages.verdicts import count_text, dates_text, goal_on, is_whole, reached_text, unbroken

MOST = 3
LEGS_AT_LEAST = 5  # under this many a mean or a share says little
PAUSE_AT_LEAST = timedelta(minutes=10)
WAITING_AT_LEAST = 5
BUSIER_THAN_USUAL = 1.25
SATISFIED_AT_LEAST = 0.95
DISSATISFIED_AT_LEAST = 3
FEW_DISSATISFIED = 2
"""Of a few ratings so many are worth a word where they are more than half: no share can be told of them."""
BEYOND_AT_MOST = 0.20
REDIRECTS_AT_LEAST = 5
REDIRECTED_AT_MOST = 0.02
LEFT_AT_MOST = 0.05
NOT_READY_AT_MOST = 0.05
IDLE_MINUTES_AT_MOST = 60
OVERTAKEN_AT_MOST = 3
DOWN_MINUTES_AT_LEAST = 10


class FiguresRead(Protocol):
    """What most checks need: figures and the names of their services."""

    @property
    def figures(self) -> dict[str, Any]: ...
    def service_told(self, code: str, lang: str) -> str: ...


class Finding(Struct, frozen=True):
    """One sentence; `markup` has its main point between <b> and </b>, everything else escaped."""

    code: str
    markup: str


def findings(read: DayRead, lang: str) -> list[Finding]:
    """Return the first three findings that passed their threshold, in the order of `_LOOKS`; fewer if there are
    fewer."""
    found = ((look.__name__.strip("_"), look(read, lang)) for look in _LOOKS)
    return [Finding(code, text) for code, text in found if text is not None][:MOST]


def target_missed(read: FiguresRead, lang: str) -> str | None:
    """The hall's own target that was missed, the first of several; calls in time have a sentence of their own."""
    row = _missed(read)
    if row is None:
        return None
    measure = row["measure"]
    name = measure_word(measure, lang)
    if not is_whole(row, read.figures):
        name = tr(lang, "{measure} ({dates})", context="target", measure=name, dates=dates_text(row, lang))
    told = {
        "measure": name,
        "goal": goal_text(measure, goal_figure(measure, row["value"]), lang),
    }
    if row["low"] is None:
        return tr(
            lang,
            "<b>{measure} missed its target:</b> {reached}, {goal} was to be reached; n {n}.",
            reached=reached_text(row, lang),
            n=unbroken(count_text(row)),
            **told,
        )
    return tr(
        lang,
        "<b>{measure} missed its target:</b> {reached}, 95 % interval {range} %, {goal} was to be reached; n {n}.",
        reached=reached_text(row, lang),
        range=percent_range(row["low"], row["high"]),
        n=unbroken(count_text(row)),
        **told,
    )


def _missed(read: FiguresRead) -> dict[str, Any] | None:
    """Return the row of the target that `target_missed` tells of."""
    rows = (row for row in read.figures["targets"] if row["verdict"] == Verdict.NOT_MET)
    return next((row for row in rows if row["measure"] != WITHIN_TARGET), None)


def longest_wait(read: FiguresRead, lang: str) -> str | None:
    """The service that waited longest, where too few of its customers were called in time."""
    rows = [s for s in read.figures["services"] if s["wait"]["n"] >= LEGS_AT_LEAST]
    if not rows:
        return None
    worst = max(rows, key=lambda s: s["wait"]["mean"])
    wait = worst["wait"]
    goal = goal_on(read.figures, date.fromisoformat(read.figures["to"]))
    if wait["within_target"] is None or wait["within_target"] >= goal:
        return None
    return tr(
        lang,
        "<b>{service} waited longest:</b> {mean} min on average, {share} % called within {target} min.",
        service=_name(read, worst["code"], lang),
        mean=decimal(wait["mean"]),
        share=percent(wait["within_target"]),
        target=UNKNOWN if wait["target_minutes"] is None else wait["target_minutes"],
    )


def _paused_while_busy(read: DayRead, lang: str) -> str | None:
    """The pause that most people waited through, where they were many for that day."""
    usual = _usual_waiting(read)
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
    if worst.end is None:
        return ntr(
            lang,
            "<b>Window {window} is paused since {since}</b>; on average {n} person has been waiting for its services.",
            "<b>Window {window} is paused since {since}</b>; on average {n} people have been waiting for its services.",
            people,
            window=escape(worst.window),
            since=time_hm(worst.start),
        )
    return ntr(
        lang,
        "<b>Window {window} was paused {times}</b>; on average {n} person was waiting for its services.",
        "<b>Window {window} was paused {times}</b>; on average {n} people were waiting for its services.",
        people,
        window=escape(worst.window),
        times=figure_range(time_hm(worst.start), time_hm(worst.end)),
    )


def _usual_waiting(read: DayRead) -> float:
    """People waiting on average over the half-hours with calls: the waits they had, by Little's law."""
    rows = [h for h in read.figures["hours"] if h["mean_wait"] is not None]
    return sum(h["calls"] * h["mean_wait"] for h in rows) / (30 * len(rows)) if rows else 0.0


def dissatisfied(read: FiguresRead, lang: str) -> str | None:
    """Too many ratings below satisfied, with the share's interval; left out if a missed target says so already."""
    ratings = read.figures["ratings"]
    missed = _missed(read)
    if missed is not None and missed["measure"] == SATISFACTION:
        return None
    if (
        FEW_DISSATISFIED <= ratings["dissatisfied"] < DISSATISFIED_AT_LEAST
        and 2 * ratings["dissatisfied"] > ratings["n"]
    ):
        return tr(
            lang,
            "<b>{low} of {rated} ratings dissatisfied;</b> too few to say more.",
            low=whole(ratings["dissatisfied"]),
            rated=whole(ratings["n"]),
        )
    if ratings["dissatisfied"] < DISSATISFIED_AT_LEAST or ratings["rate"] >= SATISFIED_AT_LEAST:
        return None
    return tr(
        lang,
        "<b>{low} of {rated} ratings dissatisfied:</b> {rate} % satisfied, 95 % interval {range} %.",
        low=whole(ratings["dissatisfied"]),
        rated=whole(ratings["n"]),
        rate=percent(ratings["rate"]),
        range=percent_range(ratings["low"], ratings["high"]),
    )


def promise_missed(read: FiguresRead, lang: str) -> str | None:
    """Those who waited longer than quoted."""
    promise = read.figures["promise"]
    if promise["n"] < LEGS_AT_LEAST or promise["beyond"] <= BEYOND_AT_MOST * promise["n"]:
        return None
    return tr(
        lang,
        "<b>{beyond} of {told} waited longer than estimated,</b> on average by {mean} min.",
        beyond=whole(promise["beyond"]),
        told=whole(promise["n"]),
        mean=decimal(promise["mean_minutes_beyond"]),
    )


def left(read: FiguresRead, lang: str) -> str | None:
    """Those who left without being served."""
    figures = read.figures
    if figures["left"] < LEGS_AT_LEAST or figures["left"] <= LEFT_AT_MOST * figures["issued"]:
        return None
    counts = {"left": whole(figures["left"]), "issued": whole(figures["issued"])}
    if not figures["no_show"]:
        return tr(lang, "<b>{left} of {issued} left without being served,</b> all before they were called.", **counts)
    return tr(
        lang,
        "<b>{left} of {issued} left without being served,</b> {no_show} of them did not come when called.",
        no_show=whole(figures["no_show"]),
        **counts,
    )


def misdirected(read: FiguresRead, lang: str) -> str | None:
    """Those who stood in the wrong line."""
    redirects = read.figures["redirects"]
    if redirects["n"] < REDIRECTS_AT_LEAST or redirects["n"] <= REDIRECTED_AT_MOST * read.figures["issued"]:
        return None
    return tr(
        lang,
        "<b>{times} times somebody was in the wrong line,</b> most often for {service}; {lost} min lost.",
        times=whole(redirects["n"]),
        service=_name(read, _most(redirects["by_service"]), lang),
        lost=decimal(redirects["minutes_lost"]),
    )


def cases_overdue(read: FiguresRead, lang: str) -> str | None:
    """The cases whose last day has passed."""
    found = read.figures.get("quality", {}).get("cases")
    if not found or not found["overdue"]:
        return None
    return ntr(
        lang,
        "<b>{shown} case is overdue</b>, of {open} open ones.",
        "<b>{shown} cases are overdue</b>, of {open} open ones.",
        found["overdue"],
        shown=whole(found["overdue"]),
        open=whole(found["open"]),
    )


def _unannounced(read: DayRead, lang: str) -> str | None:
    """Calls that no display and no voice gave to the hall, said once however many they were."""
    calls = [call for call in read.unheard if not call.shown]
    if not calls:
        return None
    first, last = (read.setup.local(call.time) for call in (calls[0], calls[-1]))
    times = figure_range(time_hm(first), time_hm(last)) if time_hm(first) != time_hm(last) else time_hm(first)
    return ntr(
        lang,
        "<b>{n} call was neither shown nor spoken</b> ({times}): no display was running.",
        "<b>{n} calls were neither shown nor spoken</b> ({times}): no display was running.",
        len(calls),
        times=times,
    )


def _unspoken(read: DayRead, lang: str) -> str | None:
    n = sum(call.shown for call in read.unheard)
    if not n:
        return None
    return ntr(
        lang,
        "<b>{n} call was not spoken;</b> it was on the display only.",
        "<b>{n} calls were not spoken;</b> they were on the display only.",
        n,
    )


def equipment_down(read: FiguresRead, lang: str) -> str | None:
    """The longest time in which a device did not work while the hall was open."""
    outages = [(row, one) for row in read.figures["measures"]["devices"] for one in row["outages"]]
    if not outages:
        return None
    device, worst = max(outages, key=lambda pair: pair[1]["minutes"])
    if worst["minutes"] < DOWN_MINUTES_AT_LEAST:
        return None
    return tr(
        lang,
        "<b>{device} did not work for {minutes} min:</b> {cause}.",
        device=escape(device_name(device["device"], device["station"], lang)),
        minutes=whole(worst["minutes"]),
        cause=escape(cause_words(worst["cause"], lang)),
    )


def never_finished(read: FiguresRead, lang: str) -> str | None:
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


def came_without_papers(read: FiguresRead, lang: str) -> str | None:
    """Visitors who had to come again."""
    came = read.figures["not_ready"]
    if came["n"] < LEGS_AT_LEAST or came["n"] <= NOT_READY_AT_MOST * (came["n"] + read.figures["issued"]):
        return None
    return tr(
        lang,
        "<b>{came} visitors came without their papers,</b> most often for {service}.",
        came=whole(came["n"]),
        service=_name(read, _most(came["by_service"]), lang),
    )


def _idle(read: DayRead, lang: str) -> str | None:
    return idle_sentence(read, lang, IDLE_MINUTES_AT_MOST)


def idle_sentence(read: FiguresRead, lang: str, at_most: float) -> str | None:
    """Return how long windows were free while somebody waited, None up to `at_most` minutes."""
    idle = sum(row["idle_minutes"] or 0 for row in read.figures["staff"])
    if idle <= at_most:
        return None
    return tr(
        lang,
        "<b>Open windows were free for {minutes} min in all</b> while customers they could have called were waiting.",
        minutes=whole(idle),
    )


def overtaken(read: FiguresRead, lang: str) -> str | None:
    """The customer who was passed most often."""
    overtakes = read.figures["overtakes"]
    if overtakes["max"] <= OVERTAKEN_AT_MOST:
        return None
    return tr(
        lang,
        "<b>Later tickets went first {most} times before one customer;</b> it happened to {tickets} at least once.",
        most=overtakes["max"],
        tickets=whole(overtakes["tickets"]),
    )


_LOOKS: tuple[Callable[[DayRead, str], str | None], ...] = (
    target_missed,
    longest_wait,
    _paused_while_busy,
    dissatisfied,
    cases_overdue,
    _unannounced,
    _unspoken,
    equipment_down,
    promise_missed,
    left,
    misdirected,
    never_finished,
    came_without_papers,
    _idle,
    overtaken,
)
"""What is looked for, the most urgent first."""


def _name(read: FiguresRead, code: str, lang: str) -> str:
    return escape(read.service_told(code, lang))


def _most(counts: dict[str, Any]) -> str:
    return max(counts, key=lambda code: counts[code])


# Up to three sentences about a period, made from its figures and their thresholds.

CALLS_AT_LEAST = 20  # in a day or a half-hour of weekdays: under this a share or a mean is chance


def period_findings(read: PeriodRead, lang: str) -> list[str]:
    """Return the first three findings that passed their threshold, in the order of `_LOOKS`; fewer if there are
    fewer."""
    found = (look(read, lang) for look in _PERIOD_LOOKS)
    return [text for text in found if text is not None][:MOST]


def _days_missed(read: PeriodRead, lang: str) -> str | None:
    """The days on which too few were called in time, and the worst of them."""
    days = [slot for slot in slots(read.tally.days, read.first, read.last, DAY) if slot.asked >= CALLS_AT_LEAST]
    missed = [slot for slot in days if (slot.within_target or 0) < goal_on(read.figures, slot.first)]
    if not missed or read.first == read.last:
        return None
    worst = min(missed, key=lambda slot: slot.within_target or 0)
    return ntr(
        lang,
        "<b>The wait target was missed on {missed} of {n} day</b>, by most on {day}: {share} % called in time.",
        "<b>The wait target was missed on {missed} of {n} days</b>, by most on {day}: {share} % called in time.",
        len(days),
        missed=len(missed),
        day=day_staff(worst.first, lang),
        share=percent(worst.within_target),
    )


def _slow_half_hour(read: PeriodRead, lang: str) -> str | None:
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
        weekday=_weekday(read, weekday, lang),
        time=f"{int(label[:2])}{label[2:]}",
        mean=decimal(minutes),
        n=whole(read.tally.heat[(weekday, label)][0]),
    )


def _weekday(read: PeriodRead, weekday: int, lang: str) -> str:
    day = next(line.day for line in read.tally.days if line.day.isoweekday() == weekday)
    return weekday_long(day, lang)


def _period_idle(read: PeriodRead, lang: str) -> str | None:
    days = len({line.day for line in read.tally.days})
    return idle_sentence(read, lang, IDLE_MINUTES_AT_MOST * max(1, days))


_PERIOD_LOOKS: tuple[Callable[[PeriodRead, str], str | None], ...] = (
    target_missed,
    _days_missed,
    _slow_half_hour,
    longest_wait,
    dissatisfied,
    cases_overdue,
    promise_missed,
    left,
    misdirected,
    never_finished,
    came_without_papers,
    _period_idle,
    overtaken,
)
"""What is looked for, the most urgent first."""
