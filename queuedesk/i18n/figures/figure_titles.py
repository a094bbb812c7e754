"""A figure of the document in words, from its path: "Service A · Pay a bill: mean wait"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from queuedesk.core.figures.comparing import NOTHING, Parts, parts_of
from queuedesk.core.figures.measures.figure import ITEM, SERVICE, STAFF
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import names
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.figures.share_words import FIGURES_IN_WORDS
from queuedesk.i18n.moments import half_hour_span, weekday_long
from queuedesk.i18n.talk.talk_words import channel
from queuedesk.i18n.words import rating_level

_C = "figure title"
_TITLES = {
    "issued": mark("Issued", context="figure title"),
    "called": mark("Called", context="figure title"),
    "finished": mark("Finished", context="figure title"),
    "missed": mark("Missed at least once", context="figure title"),
    "left": mark("Left", context="figure title"),
    "no_show": mark("Did not come at all", context="figure title"),
    "void": mark("Void", context="figure title"),
    "waiting_at_end": mark("Waiting at the end", context="figure title"),
    "wait.n": mark("Waits until the call", context="figure title"),
    "wait.mean": mark("Mean wait", context="figure title"),
    "wait.median": mark("Median wait", context="figure title"),
    "wait.p90": mark("Wait, 90 % within", context="figure title"),
    "wait.max": mark("Longest wait", context="figure title"),
    "wait.within_target": mark("Called within {n} min", context="figure title"),
    "wait.within_target.late": mark("Not called within {n} min", context="figure title"),
    "wait.within_target.rest": mark("Not called within {n} min", context="figure title"),
    "wait.within_target.of": mark("Called, or left after more than {n} min", context="figure title"),
    "way.n": mark("Walks to the window", context="figure title"),
    "way.mean": mark("Mean walk to the window", context="figure title"),
    "way.median": mark("Median walk to the window", context="figure title"),
    "way.p90": mark("Walk to the window, 90 % within", context="figure title"),
    "handling.n": mark("Handling times", context="figure title"),
    "handling.mean": mark("Mean handling", context="figure title"),
    "handling.median": mark("Median handling", context="figure title"),
    "handling.p90": mark("Handling, 90 % within", context="figure title"),
    "redirected_away": mark("Sent on from the wrong window", context="figure title"),
    "open_minutes": mark("Minutes open", context="figure title"),
    "paused_minutes": mark("Minutes paused", context="figure title"),
    "serving_minutes": mark("Minutes serving", context="figure title"),
    "idle_minutes": mark("Minutes free while somebody waited", context="figure title"),
    "redirect_minutes": mark("Minutes lost by wrong windows", context="figure title"),
    "arrivals": mark("Arrivals", context="figure title"),
    "calls": mark("Calls", context="figure title"),
    "mean_wait": mark("Mean wait", context="figure title"),
    "ratings.n": mark("Ratings", context="figure title"),
    "ratings.unrated": mark("Finished without a rating", context="figure title"),
    "ratings.satisfied": mark("Satisfied", context="figure title"),
    "ratings.dissatisfied": mark("Dissatisfied", context="figure title"),
    "ratings.rate": mark("Share satisfied", context="figure title"),
    "redirects.n": mark("Wrong window", context="figure title"),
    "redirects.minutes_lost": mark("Minutes lost by wrong windows", context="figure title"),
    "not_ready.n": mark("Came without the papers", context="figure title"),
    "overtakes.tickets": mark("Tickets with a later one first", context="figure title"),
    "overtakes.max": mark("Later tickets first, most for one", context="figure title"),
    "overtakes.by_reason": mark("Later ticket first", context="figure title"),
    "promise.n": mark("Estimated waits", context="figure title"),
    "promise.within": mark("Called within the estimate", context="figure title"),
    "promise.beyond": mark("Later than estimated", context="figure title"),
    "promise.mean_minutes_beyond": mark("Called later than estimated: by how much", context="figure title"),
    "left_out.inaccurate": mark("Ended by the day-end only", context="figure title"),
    "left_out.wrong_time": mark("Given out by a clock that was ahead", context="figure title"),
    "left_out.redirected": mark("Wrong window", context="figure title"),
    "left_out.transferred": mark("Transferred on", context="figure title"),
    "left_out.left_uncalled": mark("Left uncalled", context="figure title"),
    "left_out.left_early": mark("Left uncalled within the target", context="figure title"),
    "left_out.start_assumed": mark("Start not noted", context="figure title"),
    "left_out.held_minutes": mark("Minutes set aside", context="figure title"),
    "left_out.stalled_minutes": mark("Minutes waiting for other systems", context="figure title"),
    "left_out.paper_unpromised": mark("Entered from paper", context="figure title"),
    "left_out.promised_uncalled": mark("Estimated wait, never called", context="figure title"),
    "left_out.no_number": mark("Opinions without a number", context="figure title"),
    "left_out.excluded": mark("Ratings excluded by a correction", context="figure title"),
    "left_out.corrected_alone": mark("Corrected by one person alone", context="figure title"),
    "left_out.late_arrivals": mark("Came after the last call", context="figure title"),
    "left_out.open": mark("Not over yet", context="figure title"),
    "left_out.void": mark("Void", context="figure title"),
    "left_out.unrated": mark("Finished without a rating", context="figure title"),
    "measures.service_level": mark("Called within {n} min", context="figure title"),
    "measures.service_level.rest": mark("Not called within {n} min", context="figure title"),
    "measures.service_level.rate.rest": mark("Not called within {n} min", context="figure title"),
    "measures.service_level.of": mark("Called, or left after more than {n} min", context="figure title"),
    "measures.service_level.left_early": mark("Left uncalled within the target", context="figure title"),
    "measures.outcomes": mark("Outcome", context="figure title"),
    "measures.papers.not_ready": mark("Came without the papers", context="figure title"),
    "measures.papers.repeat": mark("Came back with papers", context="figure title"),
    "measures.system_wait.legs": mark("Waited for other systems", context="figure title"),
    "measures.system_wait.minutes": mark("Minutes waiting for other systems", context="figure title"),
    "measures.system_wait.by_reason": mark("Waits for other systems", context="figure title"),
    "measures.set_aside.legs": mark("Set aside", context="figure title"),
    "measures.set_aside.minutes": mark("Minutes set aside", context="figure title"),
    "measures.missed": mark("Missed at least once", context="figure title"),
    "measures.missed.reinstated": mark("Missed and put back in line", context="figure title"),
    "measures.questions": mark("Answers to a further question", context="figure title"),
    "measures.questions.attitude": mark("Attitude", context="figure title"),
    "measures.questions.competence": mark("Competence", context="figure title"),
    "measures.overtakes": mark("Later ticket first", context="figure title"),
    "measures.overtakes.tickets": mark("Tickets with a later one first", context="figure title"),
    "measures.overtakes.most": mark("Later tickets first, most for one", context="figure title"),
    "measures.longest_waits": mark("One of the longest waits", context="figure title"),
    "measures.diversion.offered": mark("Offered another way", context="figure title"),
    "measures.diversion.accepted": mark("Took another way", context="figure title"),
    "measures.diversion.declined": mark("Declined another way", context="figure title"),
    "measures.diversion": mark("Took another way", context="figure title"),
    "measures.help.n": mark("Calls for help", context="figure title"),
    "measures.help.answer": mark("Calls for help: until answered", context="figure title"),
    "measures.help.arrival": mark("Calls for help: until somebody was there", context="figure title"),
    "measures.help.unanswered": mark("Calls for help that nobody answered", context="figure title"),
    "measures.promise": mark("Estimated waits", context="figure title"),
    "measures.promise.late": mark("Later than estimated", context="figure title"),
    "measures.promise.late.rest": mark("Not called later than estimated", context="figure title"),
    "measures.promise.early": mark("Earlier than estimated", context="figure title"),
    "measures.promise.early.rest": mark("Not called earlier than estimated", context="figure title"),
    "measures.promise.mean_width": mark("Mean width of the estimated range", context="figure title"),
    "measures.promise.interval_score": mark("Score of the estimated ranges", context="figure title"),
    "measures.promise.mae": mark("Mean error of the estimate", context="figure title"),
    "measures.promise.naive": mark("Simple formula", context="figure title"),
    "measures.promise.naive.late": mark("Simple formula: called later", context="figure title"),
    "measures.promise.naive.early": mark("Simple formula: called earlier", context="figure title"),
    "measures.promise.naive.mean_width": mark("Simple formula: mean width", context="figure title"),
    "measures.promise.naive.interval_score": mark("Simple formula: score", context="figure title"),
    "measures.promise.naive.mae": mark("Simple formula: mean error", context="figure title"),
    "measures.help.cancelled": mark("Calls for help taken back", context="figure title"),
}
_TITLES |= {
    f"measures.{figure.key}.{part}".removesuffix("."): title
    for figure, words in FIGURES_IN_WORDS
    for part, title in words.titles.items()
}
_OVERTAKES = {
    "priority": mark("by priority", context="figure title"),
    "chosen": mark("called out of order", context="figure title"),
    "fast": mark("by a short visit", context="figure title"),
    "language": mark("same language as the window's staff", context="figure title"),
    "no_ticket": mark("served without a ticket", context="figure title"),
    "recorded": mark("as recorded", context="figure title"),
}
_KINDS = {
    "single": mark("Windows for one service", context="figure title"),
    "several": mark("Windows for several services", context="figure title"),
}
_OUTCOMES = {
    "part": mark("Done in part, the customer comes again"),
    "not_done": mark("Could not be done"),
}
_MONDAY = date(2026, 11, 2)
_NUMBER = frozenset({"n", "rate"})


def figure_title(path: str, setup: Setup, lang: str | None = None) -> str:
    """Return what a figure counts or measures, and for which part of the hall; an unknown path unchanged."""
    said = lang or current()
    parts = parts_of(path)
    place, rest = _placed(parts, setup, said)
    title = _title(rest, setup, said)
    if title is None:
        return path
    return tr(said, "{place}: {figure}", place=place, figure=title) if place else title


def _title(parts: Parts, setup: Setup, lang: str) -> str | None:
    """Return the words of a path without a place in it; levels, reasons and the like stand behind them."""
    for last in range(len(parts), 0, -1):
        key = ".".join(parts[:last])
        rest = parts[last:]
        known = _TITLES.get(key) or _TITLES.get(f"{key}.n")
        if known is None:
            continue
        title = tr(lang, known, context=_C, n=setup.number("wait_target_minutes"))
        more = _more(key, tuple(one for one in rest if one not in _NUMBER), lang)
        return tr(lang, "{figure}, {more}", figure=title, more=more) if more else title
    return None


def _more(key: str, rest: Parts, lang: str) -> str:
    if not rest or rest == ("of",):
        return ""
    if rest == ("rest",):
        return tr(lang, "not counted in", context="figure title")
    if "overtakes" in key:
        return overtaken_by(rest[0], lang)
    if key == "measures.outcomes":
        return outcome_word(rest[0], lang)
    if rest[0] == "levels" and len(rest) > 1:
        return _level(rest[1], lang)
    if rest[0] == "by_channel" and len(rest) > 1:
        return channel(rest[1], lang)
    return rest[-1]


def _level(level: str, lang: str) -> str:
    return rating_level(int(level), lang) if level in ("1", "2", "3", "4", "5") else level


def overtaken_by(reason: str, lang: str | None = None) -> str:
    """Return why somebody was passed: "by priority"; an unknown reason unchanged."""
    return tr(lang or current(), _OVERTAKES[reason], context=_C) if reason in _OVERTAKES else reason


def outcome_word(code: str | None, lang: str | None = None) -> str:
    """Return a visit's outcome: the words of a known code, free text unchanged; None: nothing was noted."""
    said = lang or current()
    if code is None or code == NOTHING:
        return tr(said, "none noted", context="outcome")
    if code == "done":
        return tr(said, "Done", context="outcome")
    return tr(said, _OUTCOMES[code]) if code in _OUTCOMES else code


# -- places --------------------------------------------------------------------------------------------------------

_NAMED = {SERVICE: "service", STAFF: "staff", ITEM: "key"}
_PLACES: tuple[tuple[Parts, str, Parts], ...] = (
    (("services",), "service", ()),
    (("windows",), "window", ()),
    (("staff",), "staff", ()),
    (("hours",), "half_hour", ()),
    (("redirects", "by_service"), "service", ("redirects",)),
    (("not_ready", "by_service"), "service", ("not_ready",)),
    *(
        (("measures", figure.key, split.key), _NAMED[split.names], ("measures", figure.key))
        for figure in SHARES
        for split in figure.splits
    ),
    (("measures", "promise", "services"), "service", ("measures", "promise")),
    (("measures", "promise", "half_hours"), "half_hour", ("measures", "promise")),
    (("measures", "classes"), "class", ()),
    (("measures", "counters"), "counter", ()),
)
"""Where the name of a service, window, person … stands in a path, and what the path is without it."""


def _placed(parts: Parts, setup: Setup, lang: str) -> tuple[str, Parts]:
    """Return of whom a figure is ("" of everybody), and its path without that."""
    if parts[:1] == ("heat",) and len(parts) == 3:
        return _weekly(parts[1], parts[2], lang), ("wait", "mean")
    for before, kind, kept in _PLACES:
        if parts[: len(before)] == before and len(parts) > len(before):
            rest = (*kept, *parts[len(before) + 1 :])
            return _place(kind, parts[len(before)], setup, lang), rest or ("issued",)
    return "", parts


def _place(kind: str, name: str, setup: Setup, lang: str) -> str:
    said: dict[str, Callable[[], str]] = {
        "service": lambda: _service(setup, name, lang),
        "window": lambda: names.window_name(name, lang),
        "staff": lambda: names.staff_name(setup, name, lang),
        "half_hour": lambda: half_hour_span(name, lang),
        "key": lambda: _key(setup, name, lang),
        "class": lambda: names.class_name(setup, name, lang),
        "counter": lambda: tr(lang, _KINDS[name], context=_C) if name in _KINDS else name,
    }
    return said[kind]()


def _service(setup: Setup, code: str, lang: str) -> str:
    name = names.service_name(setup, code, lang)
    return f"{names.letter_of(setup, code)} {name}" if name != code else code


def _key(setup: Setup, key: str, lang: str) -> str:
    service, _slash, item = key.partition("/")
    name = "" if item == NOTHING else names.item_name(setup, service, item, lang)
    return " · ".join(part for part in (_service(setup, service, lang), name) if part)


def _weekly(weekday: str, label: str, lang: str) -> str:
    """Return "Fridays, 10:30–11:00"."""
    day = _MONDAY + timedelta(days=(int(weekday) - 1) % 7)
    return tr(
        lang,
        "{weekday}s, {time}",
        context="figure title",
        weekday=weekday_long(day, lang),
        time=half_hour_span(label, lang),
    )
