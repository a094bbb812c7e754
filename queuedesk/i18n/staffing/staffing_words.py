"""Words of staffing: the roster, the windows that a day needs, suggested moves and what threatens a hall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from queuedesk.core.figures.mean_interval import MeanInterval
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text, minutes_of, weekdays
from queuedesk.core.staffing.move import Effect, Move, Price, Range, Risk
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.moments import date_short, day_staff, figure_range, listing, weekday_long, weekday_short
from queuedesk.i18n.names import letter_of, lettered, service_name, staff_name
from queuedesk.i18n.numerals import decimal, percent
from queuedesk.i18n.talk.talk_words import channel

if TYPE_CHECKING:  # Every command loads these words for its refusals; few count windows.
    from queuedesk.core.staffing.day import Backlog, Goal, HalfHour, StaffingDay
    from queuedesk.core.staffing.move_search import Refused
    from queuedesk.core.waits.arrival_forecast import ForecastError, Span


def goal_text(goal: Goal, lang: str | None = None) -> str:
    """Return the goal that the number of windows is computed for."""
    said = lang or current()
    return tr(said, "{share} % called within {minutes} min", share=percent(goal.share, 0), minutes=goal.within_min)


def pay_day_text(kind: str | None, lang: str | None = None) -> str:
    """Return how the date relates to a pay day, "" for any other."""
    said = lang or current()
    words = {
        "before": tr(said, "the day before a busy bill day"),
        "on": tr(said, "a busy bill day"),
        "after": tr(said, "the day after a busy bill day"),
    }
    return words.get(kind or "", "")


def quiet_times(spans: Sequence[Span], lang: str | None = None) -> str:
    """Return a day's quiet times, "" for a day without."""
    from queuedesk.core.waits.arrival_forecast import QUIET

    times = [f"{clock_text(one.start_min)}–{clock_text(one.end_min)}" for one in spans if one.level == QUIET]
    return listing(times, lang)


def quiet_text(spans: Sequence[Span], lang: str | None = None) -> str:
    """Return a day's quiet times in a few words."""
    said, times = lang or current(), quiet_times(spans, lang)
    return tr(said, "quiet: {times}", times=times) if times else tr(said, "no quiet time")


def rests_on(found: StaffingDay, lang: str | None = None) -> str:
    """Return what the forecast is based on, or why there is none."""
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
    """Return how accurate the last month's forecasts were, compared with the figures of a week before."""
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
    """Return the runs of half-hours in which the roster lacks the same number of windows: first, last, how many."""
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
    """Return where the roster has too few windows, in all and for single services."""
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
    """Return how many windows the people waiting now add; if nobody else is expected, how many they take."""
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
    """Return how windows are counted, in the sentences below every chart of them."""
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


# -- the roster ------------------------------------------------------------------------------------------------------

_MONDAY = date(2024, 1, 1)


def days_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return the days of a row: a date, "Mon–Fri", "every day"."""
    if row.get("date"):
        return day_staff(date.fromisoformat(str(row["date"])), lang)
    if row.get("weekday"):
        return weekdays_text(weekdays(str(row["weekday"])), lang)
    return tr(lang or current(), "every day")


def weekdays_text(days: frozenset[int], lang: str | None = None) -> str:
    """Return "Mon–Fri, Sun" for {1, 2, 3, 4, 5, 7}."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return listing(["–".join(dict.fromkeys((_short(run[0], lang), _short(run[-1], lang)))) for run in runs], lang)


def shift_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return "8:30–17:30, break 11:30 (40 min)", or that nobody is there."""
    said = lang or current()
    if row.get("off"):
        return tr(said, "nobody", context="roster")
    hours = f"{_clock(row['from'])}–{_clock(row['to'])}"
    breaks = [
        tr(said, "break {time} ({minutes} min)", time=_clock(one["from"]), minutes=one["minutes"])
        for one in row.get("breaks") or ()
    ]
    return listing([hours, *breaks], said)


def conflict_text(lang: str, details: Mapping[str, object]) -> str:
    """Return a conflict of a roster in one sentence."""
    day, weekday = details.get("day"), details.get("weekday")
    if day:
        on = day if isinstance(day, date) else date.fromisoformat(str(day))
        when = tr(lang, "on {date}", date=date_short(on, lang))
    else:
        when = tr(lang, "on {weekday}", weekday=weekday_long(_MONDAY + timedelta(days=int(str(weekday)) - 1), lang))
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


def _short(day: int, lang: str | None) -> str:
    return weekday_short(_MONDAY + timedelta(days=day - 1), lang)


def _clock(text: object) -> str:
    return clock_text(minutes_of(str(text)))


# -- moves and risks -------------------------------------------------------------------------------------------------

_TITLES = {
    "open_window": mark("Open window {window} with {staff}", context="move"),
    "call_back": mark("Ask {staff} back to window {window}", context="move"),
    "lend": mark("Let window {window} serve {letter} too", context="move"),
    "take_back": mark("No more {letter} at window {window}", context="move"),
    "self_service": mark("Offer {channel} to those who wait for {letter}", context="move"),
    "move_break": mark("Put off the break at window {window} by {n} min", context="move"),
}
_PRESSES = {
    "open_window": mark("Ask {staff} to open", context="move"),
    "call_back": mark("Call {staff} back", context="move"),
    "lend": mark("Add {letter} to window {window}", context="move"),
    "take_back": mark("End {letter}", context="move"),
    "self_service": mark("Tell the front desk", context="move"),
    "move_break": mark("Ask {staff}", context="move"),
}
_MESSAGES = {
    "open_window": mark("{staff}, please open window {window} now.", context="move"),
    "call_back": mark("{staff}, please come back to window {window}.", context="move"),
    "lend": mark("Please serve {letter} too for now.", context="move"),
    "take_back": mark("Please stop serving {letter}; your own lines need you.", context="move"),
    "self_service": mark("Please offer {channel} to those who wait for {letter}.", context="move"),
    "move_break": mark("{staff}, please take your break {n} min later.", context="move"),
}
_KINDS = {
    "open_window": mark("opening a window", context="move"),
    "call_back": mark("asking a clerk back", context="move"),
    "lend": mark("lending a service", context="move"),
    "take_back": mark("ending a lending", context="move"),
    "self_service": mark("offering another way", context="move"),
    "move_break": mark("putting off a break", context="move"),
}


def move_title(setup: Setup, move: Move, lang: str | None = None) -> str:
    """Return a move as an instruction without a full stop: "Let window 1 serve B too"."""
    return _told(_TITLES, setup, move, lang or current())


def move_press(setup: Setup, move: Move, lang: str | None = None) -> str:
    """Return the label of the button for a move: "Add B"."""
    return _told(_PRESSES, setup, move, lang or current())


def move_kind(kind: str, lang: str | None = None) -> str:
    """Return the short name of a kind of move: "lending a service"."""
    return tr(lang or current(), _KINDS[kind], context="move") if kind in _KINDS else kind


def move_effect(setup: Setup, move: Move, lang: str | None = None) -> str:
    """Return the expected effect of a move: who would wait too long in the next 20 minutes, what it costs others, how
    much less each waits; "" for a move without one."""
    lang = lang or current()
    if move.effect is None:
        return ""
    reason, saved = move_reason(setup, move, lang), saved_words(move.effect, lang)
    return tr(lang, "{one} {two}", context="sentences", one=reason, two=saved) if reason else saved


def move_reason(setup: Setup, move: Move, lang: str | None = None) -> str:
    """Return why a move is suggested, one or two sentences: of the time to come, and what it costs others."""
    lang = lang or current()
    effect, outlook, target = move.effect, move.outlook, setup.number("wait_target_minutes")
    if effect is None or outlook is None:
        return ""
    if move.kind == "take_back" and effect.beyond_after == 0:
        return tr(lang, "Nobody will wait more than {target} min without it.", target=target)
    price = _price_words(setup, outlook.price, target, lang)
    if outlook.passing_after >= outlook.passing:
        return price
    passing = ntr(
        lang,
        "{n} more person will pass {target} min in the next 20; with it, {after}.",
        "{n} more people will pass {target} min in the next 20; with it, {after}.",
        outlook.passing,
        target=target,
        after=outlook.passing_after,
    )
    return tr(lang, "{one} {two}", context="sentences", one=passing, two=price)


def _price_words(setup: Setup, price: Price | None, target: int, lang: str) -> str:
    if price is None:
        return tr(lang, "No other line waits longer.")
    letter, minutes = letter_of(setup, price.service), round(price.later_min)
    if price.longest_min <= target:
        return tr(
            lang,
            "For {letter} the longest wait grows by about {minutes} min, still within {target}.",
            letter=letter,
            minutes=minutes,
            target=target,
        )
    return tr(lang, "For {letter} the longest wait grows by about {minutes} min.", letter=letter, minutes=minutes)


def gain_text(gain: Range, lang: str | None = None) -> tuple[str, str]:
    """Return by how much a longest wait changes and between which bounds: "−4 min", "(−6 to −2)"."""
    lang = lang or current()
    mean = tr(lang, "{n} min", context="change", n=_whole(-gain.mean))
    ends = sorted((-gain.low, -gain.high))
    return mean, tr(lang, "({low} to {high})", context="change", low=_whole(ends[0]), high=_whole(ends[1]))


def _whole(minutes: float) -> str:
    n = round(minutes)
    return f"−{-n}" if n < 0 else f"+{n}" if n > 0 else "0"


def refused_words(setup: Setup, refused: Refused, lang: str | None = None) -> str:
    """Return why a move that was tried is not suggested, in a few words without a full stop."""
    lang = lang or current()
    letter, target = letter_of(setup, refused.service), setup.number("wait_target_minutes")
    if refused.why == "late":
        return tr(lang, "{letter} would pass {target} min", context="tried", letter=letter, target=target)
    if refused.why == "later":
        return tr(lang, "{letter} would wait much longer", context="tried", letter=letter)
    made = refused.made
    if made is not None and refused.why == "window":
        time = f"{setup.local(made.time):%H:%M}"
        return tr(lang, "window {window} changed at {time}", context="tried", window=made.move.window, time=time)
    if made is not None:
        time = f"{setup.local(made.time):%H:%M}"
        if made.taken:
            return tr(lang, "done at {time}", context="tried", time=time)
        return tr(lang, "turned down at {time}", context="tried", time=time)
    if refused.move.outlook is not None and refused.move.outlook.price is not None:
        return tr(lang, "others wait longer instead", context="tried")
    return tr(lang, "changes too little in all", context="tried")


def saved_words(effect: Effect, lang: str | None = None) -> str:
    """Return how much shorter the waits would be: a forecast, so never to the minute."""
    lang = lang or current()
    low = int(effect.saved_s // 60)
    if low < 1:
        return ntr(
            lang,
            "{n} person waiting: less than a minute less each.",
            "{n} people waiting: less than a minute less each.",
            effect.n,
        )
    minutes = figure_range(low, low + 1)
    return ntr(
        lang,
        "{n} person waiting: about {minutes} min less.",
        "{n} people waiting: about {minutes} min less each.",
        effect.n,
        minutes=minutes,
    )


def move_message(setup: Setup, move: Move) -> tuple[str, str]:
    """Return the message to the place that a move concerns, in Chinese and English."""
    first, second = (_told(_MESSAGES, setup, move, lang) for lang in ("zh_CN", "en"))
    return first, second


def real_words(saved_min: float | None, n: int, lang: str | None = None) -> str:
    """Return what one move has achieved so far, without a full stop."""
    lang = lang or current()
    if saved_min is None:
        return tr(lang, "nothing to tell yet", context="move")
    minutes = decimal(abs(saved_min))
    if saved_min >= 0:
        return ntr(
            lang, "{n} person waited {minutes} min less", "{n} people waited {minutes} min less", n, minutes=minutes
        )
    return ntr(
        lang, "{n} person waited {minutes} min longer", "{n} people waited {minutes} min longer", n, minutes=minutes
    )


def past_words(kind: str, over: MeanInterval, lang: str | None = None) -> str:
    """Return the mean effect of a kind of move, with its bounds; where they include 0, that it can't be told from
    nothing."""
    return past_words_of(move_kind(kind, lang), over, lang)


def past_words_of(what: str, over: MeanInterval, lang: str | None = None) -> str:
    """Return the sentence of past_words() about anything measured in that way."""
    lang = lang or current()
    n, mean, low, high = over.n, over.mean, over.low, over.high
    if low is None or high is None:
        return ntr(
            lang,
            "{kind}, {n} time: {mean} min less waiting, too few to say more.",
            "{kind}, {n} times: {mean} min less waiting, too few to say more.",
            n,
            kind=what,
            mean=_signed(mean),
        )
    bounds = tr(lang, "{low} to {high}", context="move", low=_signed(low), high=_signed(high))
    if low <= 0 <= high:
        return ntr(
            lang,
            "{kind}, {n} time: not distinguishable from none ({bounds} min less waiting).",
            "{kind}, {n} times: not distinguishable from none ({bounds} min less waiting).",
            n,
            kind=what,
            bounds=bounds,
        )
    return ntr(
        lang,
        "{kind}, {n} time: {mean} min less waiting on average ({bounds}).",
        "{kind}, {n} times: {mean} min less waiting on average ({bounds}).",
        n,
        kind=what,
        mean=_signed(mean),
        bounds=bounds,
    )


def turned_down_words(over: MeanInterval, lang: str | None = None) -> str:
    """Return how forecasts of declined moves came true: the effects of accepted ones are to be compared with that."""
    lang = lang or current()
    return past_words_of(tr(lang, "turned down", context="move"), over, lang)


def _signed(minutes: float) -> str:
    return f"−{decimal(-minutes)}" if round(minutes, 1) < 0 else decimal(abs(minutes))


def risk_words(setup: Setup, risk: Risk, lang: str | None = None) -> str:
    """Return a risk in one sentence."""
    lang = lang or current()
    window, staff, n = risk.window or "", staff_name(setup, risk.staff, lang), risk.minutes
    if risk.kind == "target":
        more = risk.n - risk.past
        service, target = lettered(setup, risk.service or "", lang), setup.number("wait_target_minutes")
        if not more:
            return ntr(
                lang,
                "{service}: {n} person is past {target} min; nobody else will be in the next 20.",
                "{service}: {n} people are past {target} min; nobody else will be in the next 20.",
                risk.past,
                service=service,
                target=target,
            )
        return ntr(
            lang,
            "{service}: {n} more person will pass {target} min in the next 20.",
            "{service}: {n} more people will pass {target} min in the next 20.",
            more,
            service=service,
            target=target,
        )
    if risk.kind == "stalled":
        return tr(lang, "Window {window} has waited {n} min for another system.", window=window, n=n)
    if risk.kind == "no_break":
        return tr(
            lang, "{staff} at window {window} has worked {n} min without a break.", staff=staff, window=window, n=n
        )
    service = lettered(setup, risk.service or "", lang)
    return tr(lang, "{ticket} for {service} has waited longest: {n} min.", ticket=risk.ticket, service=service, n=n)


def _told(words: dict[str, str], setup: Setup, move: Move, lang: str) -> str:
    return tr(
        lang,
        words[move.kind],
        context="move",
        window=move.window or "",
        staff=staff_name(setup, move.staff, lang),
        letter=letter_of(setup, move.service or ""),
        channel=channel(move.to, lang) if move.to else "",
        n=move.minutes or 0,
        services=listing([letter_of(setup, s) for s in move.services], lang),
    )


MOVED = {
    "move_gone": mark("That can't be done any more: the hall has changed; please look at the moves again."),
    "unknown_move": mark("There is no move {move}; queuedesk moves list shows the current ones."),
    "move_made": mark("{staff} has done that at {time} already."),
}
