"""Figures in words: their titles by path ("Service A · Pay a bill: mean wait"), what they mean, two periods compared,
targets and their results; and the reasons of a low rating, in words that blame nobody.

All words of a Figure stand in one place: what a share of visits is called, and how it is defined. A meaning is shown
beside the figure on its page, in its report and in the user guide. Of two periods it is said which they are, which
dates are left out and why, and what can be said of a difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct, field

from queuedesk.core.appraisal import CASES, HANDLING, ORDER, SHIFTS
from queuedesk.core.figures import comparing, targets
from queuedesk.core.figures.measures.figure import ITEM, SERVICE, STAFF
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.figures.periods import MONTH, PACKS, PERIODS, QUARTER, WEEK, YEAR, period_span_containing
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import Name, Partner, partners_taking_item_by_way
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import moments, names
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.names import item_name, whole_number_text
from queuedesk.i18n.talk import offered_channel_word

OTHER_PAPERS = "papers_changed"
RATING_REASONS = {
    "waited_long": mark("Waited too long", context="low rating"),
    "explained_badly": mark("Not explained clearly", context="low rating"),
    OTHER_PAPERS: mark("Asked for different papers", context="low rating"),
    "attitude": mark("Not treated politely", context="low rating"),
    "not_solved": mark("Not resolved", context="low rating"),
    "system_down": mark("System or device down", context="low rating"),
    "surroundings": mark("The building and its facilities", context="low rating"),
    "other": mark("Something else", context="low rating"),
}
"""In the order of core.setup.hall.REASON_TAGS."""


def rating_reason_codes_of_hall(has_services_with_papers: bool) -> tuple[str, ...]:
    """Return the reasons that there are for a hall: where it lists no papers, none about papers."""
    return tuple(code for code in RATING_REASONS if has_services_with_papers or code != OTHER_PAPERS)


def offered_rating_reasons(setup: Setup) -> tuple[str, ...]:
    """Return the reasons that customers of a hall may choose, of those that it chose."""
    return tuple(
        code
        for code in rating_reason_codes_of_hall(setup.has_services_with_papers)
        if code in setup.hall.rating_reasons
    )


def rating_reason_words(code: str, lang: str | None = None) -> str:
    """Return the words of a reason; one from elsewhere unchanged."""
    return (
        tr(lang or current_language(), RATING_REASONS[code], context="low rating") if code in RATING_REASONS else code
    )


_MEASURES = {
    targets.SATISFACTION: mark("Satisfaction rate", context="measure"),
    targets.WITHIN_TARGET: mark("Called within the target", context="measure"),
    targets.SERVED: mark("Served rate", context="measure"),
    targets.FIRST_VISIT: mark("Settled at the first visit", context="measure"),
    targets.MEAN_WAIT: mark("Mean wait", context="measure"),
    targets.MEDIAN_WAIT: mark("Median wait", context="measure"),
    targets.P90_WAIT: mark("Wait of nine in ten", context="measure"),
}
_MEANINGS = {
    targets.SATISFACTION: mark("satisfied ÷ all ratings; who did not rate counts in neither", context="measure"),
    targets.WITHIN_TARGET: mark(
        "called within the waiting target ÷ (called + left uncalled after longer)", context="measure"
    ),
    targets.SERVED: mark("finished ÷ (issued − void)", context="measure"),
    targets.FIRST_VISIT: mark("finished without a transfer and without coming again ÷ finished", context="measure"),
    targets.MEAN_WAIT: mark("to the first call, on average", context="measure"),
    targets.MEDIAN_WAIT: mark("to the first call; half of them wait no longer", context="measure"),
    targets.P90_WAIT: mark("to the first call; nine of ten wait no longer", context="measure"),
}
_VERDICTS = {
    targets.TargetVerdict.MET: mark("met", context="target"),
    targets.TargetVerdict.NOT_MET: mark("not met", context="target"),
    targets.TargetVerdict.CANNOT_TELL: mark("can't tell", context="target"),
}


def measure_word(text: object, lang: str | None = None) -> str:
    """Return the name of a measure; an old one that was free text unchanged."""
    measure = targets.measure_from_text(text)
    return str(text) if measure is None else tr(lang or current_language(), _MEASURES[measure], context="measure")


def measure_meaning(measure: str, lang: str | None = None) -> str:
    """Return which numbers a measure divides, or when its minutes end."""
    return tr(lang or current_language(), _MEANINGS[measure], context="measure")


def goal_text(measure: str, figure: str, lang: str | None = None) -> str:
    """Return "at least 98 %" or "at most 15 min"; `figure` is a share in percent, or minutes."""
    if targets.measure_from_text(measure) in targets.WAITS:
        return tr(lang or current_language(), "at most {figure} min", context="target", figure=figure)
    return tr(lang or current_language(), "at least {figure} %", context="target", figure=figure)


def target_with_unit(measure: str, figure: str, lang: str | None = None) -> str:
    """Return "98 %" or "15 min"."""
    if targets.measure_from_text(measure) in targets.WAITS:
        return tr(lang or current_language(), "{minutes} min", minutes=figure)
    return f"{figure} %"


def target_figure_text(measure: str, value: float) -> str:
    """Return a target's figure as it is written: a share of 0.985 is "98.5", whole figures have no decimals."""
    shown = value if targets.measure_from_text(measure) in targets.WAITS else value * 100
    return f"{round(shown, 4):g}"


def target_verdict_word(verdict: targets.TargetVerdict, lang: str | None = None) -> str:
    return tr(lang or current_language(), _VERDICTS[verdict], context="target")


DOT = " · "


def item_with_service_letter(setup: Setup, name: Name, lang: str | None = None) -> str:
    """Return "A · Print an invoice" for a list: the service's letter with the item, or with its own name."""
    service, item = name
    spec = setup.services.get(service)
    own = (
        item_name(setup, service, item, lang)
        if item
        else moments.name_in_language(spec.name, spec.name_en, lang)
        if spec
        else service
    )
    return f"{spec.prefix if spec else service}{DOT}{own}"


def partner_distance_text(one: Partner, lang: str | None = None) -> str:
    """Return "350 m", "in the hall", "" where nobody said."""
    if one.distance_m is None:
        return ""
    return (
        tr(lang or current_language(), "in the hall")
        if not one.distance_m
        else f"{whole_number_text(one.distance_m)} m"
    )


def other_channel_and_place_pairs(
    setup: Setup, name: Name, local: datetime, lang: str | None = None
) -> list[tuple[str, str]]:
    """Return the channels to offer for an item, those that the hall wants offered first, each with the nearest place of
    the directory that takes it and is open now, "" without one."""
    service = setup.services.get(name[0])
    wanted = service.elsewhere if service else ()
    takers = [
        one
        for own in partners_taking_item_by_way(setup.partners.values(), name).values()
        for one in own
        if one.is_open(local)
    ]
    nearest = {taker.kind: taker for taker in reversed(takers)}
    return [
        (code, _place_text(nearest[code], lang) if code in nearest else "")
        for code in (*wanted, *(one for one in CHANNELS if one not in wanted))
    ]


def _place_text(one: Partner, lang: str | None) -> str:
    return DOT.join(
        filter(None, (moments.name_in_language(one.name, one.name_en, lang), partner_distance_text(one, lang)))
    )


Told = tuple[str, str, str, str, str]
"""A definition: its name, what is counted, of how many, what is not in it, what becomes of those who left unserved."""


class ShareFigureTexts(Struct, frozen=True, kw_only=True):
    """The words of one Figure. `said` is its name in reports, in a language. `name` is its name in files (context
    "figure"). By what follows the figure in a path, "" for itself: `titles` (context "figure title") and `definitions`
    (context "definition"). By the split: `sheets` (context "sheet") and `headings` of tables in reports. `nobody` says
    on the page of figures that nothing was counted; a figure without it has no bars there. `columns` (context "column")
    are those of the table of its items by what they count, "" for its title; a figure without them has none. `none`
    says that nobody named an item. `is_quiet`: pages leave it out where it is 0."""

    said: Callable[[str], str]
    name: str
    titles: Mapping[str, str]
    definitions: Mapping[str, Told]
    sheets: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    nobody: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    none: str = ""
    is_quiet: bool = False


_NOT_IN = mark("not in", context="definition")
SHARE_WORDS: Mapping[str, ShareFigureTexts] = {
    "served": ShareFigureTexts(
        said=lambda lang: measure_word(targets.SERVED, lang),
        name=mark("Served rate", context="figure"),
        titles={
            "": mark("Tickets served", context="figure title"),
            "rate": mark("Served rate", context="figure title"),
            "of": mark("Issued, neither void nor open", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Served rate", context="definition"),
                mark("tickets finished", context="definition"),
                mark("tickets issued", context="definition"),
                mark("void ones, those not over yet", context="definition"),
                mark("in the denominator, as not served", context="definition"),
            )
        },
    ),
    "first_visit": ShareFigureTexts(
        said=lambda lang: measure_word(targets.FIRST_VISIT, lang),
        name=mark("Settled at the first visit", context="figure"),
        titles={
            "": mark("Settled at the first visit", context="figure title"),
            "of": mark("Finished", context="figure title"),
            "transferred": mark("Transferred to another window", context="figure title"),
            "returned": mark("Came again for the same", context="figure title"),
            "not_over": mark("May still come again", context="figure title"),
            "followed": mark("Visits looked at for returns", context="figure title"),
            "linked": mark("Visits that name an earlier one", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Settled at the first visit", context="definition"),
                mark(
                    "tickets finished without a transfer, to which no ticket was linked on that day or within {days} days",
                    context="definition",
                ),
                mark("tickets finished", context="definition"),
                mark("who came back without saying so: they could not be linked", context="definition"),
                _NOT_IN,
            )
        },
    ),
    "wrong_counter": ShareFigureTexts(
        said=lambda lang: tr(lang, "Wrong window", context="report"),
        name=mark("Wrong window", context="figure"),
        titles={
            "": mark("Wrong window", context="figure title"),
            "of": mark("Issued", context="figure title"),
            "minutes_lost": mark("Minutes lost by wrong windows", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Wrong window", context="definition"),
                mark("tickets whose first line was the wrong one", context="definition"),
                mark("tickets issued, by the service they were issued for", context="definition"),
                mark("void ones", context="definition"),
                mark("in the denominator", context="definition"),
            ),
            "minutes_lost": (
                mark("Staff time lost by it", context="definition"),
                mark(
                    "minutes at the window until sent on; from the call where no start was noted", context="definition"
                ),
                "",
                "",
                "",
            ),
        },
        sheets={
            "by_service": mark("Wrong window, services", context="sheet"),
            "by_guide": mark("Wrong window, guides", context="sheet"),
            "by_label": mark("Wrong window, kiosk buttons", context="sheet"),
        },
        headings={"by_guide": mark("Wrong window by guide"), "by_label": mark("Wrong window by kiosk button")},
        nobody=mark("Nobody was sent to another line."),
    ),
    "form_free": ShareFigureTexts(
        said=lambda lang: tr(lang, "Without a form"),
        name=mark("Without a form", context="figure"),
        titles={
            "": mark("Without a form", context="figure title"),
            "of": mark("Steps finished", context="figure title"),
            "minutes_saved": mark("Without a form", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Without a form", context="definition"),
                mark("steps finished without a paper form", context="definition"),
                mark("steps finished at a window", context="definition"),
                mark("steps that ended in a transfer or with the day-end", context="definition"),
                _NOT_IN,
            ),
            "minutes_saved": (
                mark("Minutes saved", context="definition"),
                mark(
                    "steps without a form × the minutes that one saves as the hall measured them", context="definition"
                ),
                "",
                "",
                "",
            ),
        },
        sheets={"by_service": mark("Without a form", context="sheet")},
        is_quiet=True,
    ),
    "items": ShareFigureTexts(
        said=lambda lang: tr(lang, "Came again for the same", context="report"),
        name=mark("What people came for", context="figure"),
        titles={
            "": mark("Came again", context="figure title"),
            "of": mark("Visits", context="figure title"),
            "minutes": mark("Minutes at windows", context="figure title"),
            "elsewhere": mark("Served by another channel too", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Came again for the same", context="definition"),
                mark(
                    "tickets that name an earlier visit, or of people who came again for papers", context="definition"
                ),
                mark("tickets issued, by the service and item they were issued for", context="definition"),
                mark("void ones; who came back without saying so", context="definition"),
                mark("in the denominator", context="definition"),
            ),
            "elsewhere": (
                mark("Another channel too", context="definition"),
                mark(
                    "tickets of services that another channel reported for the date or its month", context="definition"
                ),
                mark("tickets issued, by the service and item they were issued for", context="definition"),
                mark("void ones; channels that reported nothing", context="definition"),
                mark("in the denominator", context="definition"),
            ),
        },
        sheets={"by_item": mark("What people came for", context="sheet")},
        columns={
            "": mark("What people came for", context="column"),
            "of": mark("Visits", context="column"),
            "minutes": mark("Minutes each", context="column"),
            "n": mark("Came again", context="column"),
            "elsewhere": mark("Another channel too", context="column"),
        },
        none=mark(
            "No ticket of this time names an item: the services have none, or nobody asked. Items are added in Set-up."
        ),
        is_quiet=True,
    ),
}
FIGURES_IN_WORDS = tuple((figure, SHARE_WORDS[figure.key]) for figure in SHARES)
"""Every share with its words, in the order of the document."""

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
_OUTCOMES = {"part": mark("Done in part, the customer comes again"), "not_done": mark("Could not be done")}
_MONDAY = date(2026, 11, 2)
_NUMBER = frozenset({"n", "rate"})


def figure_title(path: str, setup: Setup, lang: str | None = None) -> str:
    """Return what a figure counts or measures, and for which part of the hall; an unknown path unchanged."""
    said = lang or current_language()
    parts = comparing.split_figure_path(path)
    place, rest = _scope_words_and_remaining_path(parts, setup, said)
    title = _title_of_path(rest, setup, said)
    if title is None:
        return path
    return tr(said, "{place}: {figure}", place=place, figure=title) if place else title


def _title_of_path(parts: comparing.Parts, setup: Setup, lang: str) -> str | None:
    """Return the words of a path without a place in it; levels, reasons and the like stand behind them."""
    for last in range(len(parts), 0, -1):
        key = ".".join(parts[:last])
        rest = parts[last:]
        known = _TITLES.get(key) or _TITLES.get(f"{key}.n")
        if known is None:
            continue
        title = tr(lang, known, context=_C, n=setup.setting_as_int("wait_target_minutes"))
        more = _title_detail(key, tuple(one for one in rest if one not in _NUMBER), lang)
        return tr(lang, "{figure}, {more}", figure=title, more=more) if more else title
    return None


def _title_detail(key: str, rest: comparing.Parts, lang: str) -> str:
    if not rest or rest == ("of",):
        return ""
    if rest == ("rest",):
        return tr(lang, "not counted in", context="figure title")
    if "overtakes" in key:
        return overtake_reason_text(rest[0], lang)
    if key == "measures.outcomes":
        return outcome_word(rest[0], lang)
    if rest[0] == "levels" and len(rest) > 1:
        return _rating_level_word(rest[1], lang)
    if rest[0] == "by_channel" and len(rest) > 1:
        return offered_channel_word(rest[1], lang)
    return rest[-1]


def _rating_level_word(level: str, lang: str) -> str:
    return moments.rating_level_words(int(level), lang) if level in ("1", "2", "3", "4", "5") else level


def overtake_reason_text(reason: str, lang: str | None = None) -> str:
    """Return why somebody was passed: "by priority"; an unknown reason unchanged."""
    return tr(lang or current_language(), _OVERTAKES[reason], context=_C) if reason in _OVERTAKES else reason


def outcome_word(code: str | None, lang: str | None = None) -> str:
    """Return a visit's outcome: the words of a known code, free text unchanged; None: nothing was noted."""
    said = lang or current_language()
    if code is None or code == comparing.NOTHING:
        return tr(said, "none noted", context="outcome")
    if code == "done":
        return tr(said, "Done", context="outcome")
    return tr(said, _OUTCOMES[code]) if code in _OUTCOMES else code


# -- places --------------------------------------------------------------------------------------------------------

_NAMED = {SERVICE: "service", STAFF: "staff", ITEM: "key"}
_PLACES: tuple[tuple[comparing.Parts, str, comparing.Parts], ...] = (
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


def _scope_words_and_remaining_path(parts: comparing.Parts, setup: Setup, lang: str) -> tuple[str, comparing.Parts]:
    """Return of whom a figure is ("" of everybody), and its path without that."""
    if parts[:1] == ("heat",) and len(parts) == 3:
        return _weekday_and_time(parts[1], parts[2], lang), ("wait", "mean")
    for before, kind, kept in _PLACES:
        if parts[: len(before)] == before and len(parts) > len(before):
            rest = (*kept, *parts[len(before) + 1 :])
            return _figure_scope_words(kind, parts[len(before)], setup, lang), rest or ("issued",)
    return "", parts


def _figure_scope_words(kind: str, name: str, setup: Setup, lang: str) -> str:
    said: dict[str, Callable[[], str]] = {
        "service": lambda: _service_words(setup, name, lang),
        "window": lambda: names.window_name(name, lang),
        "staff": lambda: names.staff_name(setup, name, lang),
        "half_hour": lambda: moments.half_hour_span(name, lang),
        "key": lambda: _item_words(setup, name, lang),
        "class": lambda: names.priority_class_name(setup, name, lang),
        "counter": lambda: tr(lang, _KINDS[name], context=_C) if name in _KINDS else name,
    }
    return said[kind]()


def _service_words(setup: Setup, code: str, lang: str) -> str:
    name = names.service_name(setup, code, lang)
    return f"{names.service_letter_or_code(setup, code)} {name}" if name != code else code


def _item_words(setup: Setup, key: str, lang: str) -> str:
    service, _slash, item = key.partition("/")
    name = "" if item == comparing.NOTHING else names.item_name(setup, service, item, lang)
    return " · ".join(part for part in (_service_words(setup, service, lang), name) if part)


def _weekday_and_time(weekday: str, label: str, lang: str) -> str:
    """Return "Fridays, 10:30–11:00"."""
    day = _MONDAY + timedelta(days=(int(weekday) - 1) % 7)
    return tr(
        lang,
        "{weekday}s, {time}",
        context="figure title",
        weekday=moments.weekday_long(day, lang),
        time=moments.half_hour_span(label, lang),
    )


MOST_NAMED = 4
_CHANGES = {
    comparing.ShareChangeVerdict.HIGHER: mark("higher", context="comparison"),
    comparing.ShareChangeVerdict.LOWER: mark("lower", context="comparison"),
    comparing.ShareChangeVerdict.CANNOT_TELL: mark("can't tell", context="comparison"),
}


def share_change_word(verdict: comparing.ShareChangeVerdict, lang: str | None = None) -> str:
    """Return "higher", "lower" or "can't tell"."""
    return tr(lang or current_language(), _CHANGES[verdict], context="comparison")


def changed_service_mix_caveat(alike: float | None, lang: str | None = None) -> str:
    """Return why nothing can be told of a change that the mix of services turns: its points with the same mix."""
    shown = signed_decimal(100 * (alike or 0.0))
    return tr(lang or current_language(), "other services asked for; with the same mix {points} points", points=shown)


def calendar_period_name(period: str, first: date, last: date, lang: str | None = None) -> str:
    """Return the name of a period: "Fri 20 Nov", "16 Nov–22 Nov", "November 2026", "Quarter 4 of 2026", "2026"."""
    said, period = lang or current_language(), PACKS.get(period, period)
    if period == YEAR:
        return tr(said, "{year}", context="period", year=first.year)
    if period == QUARTER:
        return tr(said, "Quarter {n} of {year}", context="period", n=(first.month + 2) // 3, year=first.year)
    if period == MONTH:
        return moments.month_and_year(first, said)
    if period == WEEK:
        return moments.figure_range(moments.date_short(first, said), moments.date_short(last, said))
    return moments.date_for_staff(first, said)


def date_range_or_period_name(first: date, last: date, lang: str | None = None) -> str:
    """Return dates as the calendar period that they are, else as first to last."""
    said = lang or current_language()
    for period in PERIODS:
        if period_span_containing(period, first) == (first, last):
            return calendar_period_name(period, first, last, said)
    return moments.figure_range(moments.date_short(first, said), moments.date_short(last, said))


def compared_days_text(days: Sequence[date], lang: str | None = None) -> str:
    """Return how many dates of each weekday are compared: "2 dates: 1 Mon, 1 Thu"."""
    said = lang or current_language()
    counts: dict[int, list[date]] = defaultdict(list)
    for day in days:
        counts[day.isoweekday()].append(day)
    each = [
        tr(said, "{n} {weekday}", context="dates", weekday=moments.weekday_short(own[0], said), n=len(own))
        for _weekday, own in sorted(counts.items())
    ]
    whole = ntr(said, "{n} date", "{n} dates", len(days))
    return tr(said, "{dates}: {each}", dates=whole, each=moments.list_text(each, said)) if each else whole


def left_out_dates_text(out: Sequence[comparing.LeftOutDate], lang: str | None = None) -> str:
    """Return which dates are left out and why; for a kind with many only their number, "" if none is worth mentioning.
    Dates on which nobody came are not named: most weeks have one."""
    said = lang or current_language()
    parts = []
    for why, text in (
        (comparing.SURPLUS, mark("without a counterpart in the other period: {dates}")),
        (comparing.RUNNING, mark("not over yet: {dates}")),
        (comparing.UNLIKE, mark("holiday or special hours: {dates}")),
    ):
        days = [left_out.day for left_out in out if left_out.why == why]
        if days:
            parts.append(tr(said, text, dates=dates_or_count_text(days, said)))
    empty = sum(left_out.why == comparing.NO_TICKETS for left_out in out)
    if empty:
        parts.append(ntr(said, "{n} date without a ticket", "{n} dates without a ticket", empty))
    return tr(said, "; ", context="list").join(parts)


def dates_or_count_text(days: Sequence[date], lang: str | None = None) -> str:
    """Return dates by their names, of many only how many they are."""
    lang = lang or current_language()
    if len(days) > MOST_NAMED:
        return ntr(lang, "{n} date", "{n} dates", len(days))
    return moments.list_text([moments.date_for_staff(day, lang) for day in days], lang)


def signed_decimal(value: float, digits: int = 1) -> str:
    """Return "+1.2", "−0.4", "0.0"; a value that would round to zero gets another digit, "−0.02"."""
    text = f"{abs(value):,.{digits}f}"
    if digits and value and not float(text.replace(",", "")):
        text = f"{abs(value):,.{digits + 1}f}"
    if not float(text.replace(",", "")):
        return f"{0:.{digits}f}"
    return f"+{text}" if value > 0 else f"−{text}"


DEPOSIT, AUDIT, EFFECT, WHERE_ELSE, TRIALS, CALLS = "deposit", "audit", "effect", "where_else", "trials", "calls"
MEANINGS: Mapping[str, str] = {
    DEPOSIT: mark(
        "Points and deposit move only with what differs from the others by more than chance, of 30 or more on either side; calls out of order and shifts always count. The weight of everything else goes to the other items.",
        context="meaning",
    ),
    targets.SATISFACTION: mark(
        "Satisfied ÷ all ratings by this person's customers that count; beside it what the others' customers said of the same services and items.",
        context="meaning",
    ),
    HANDLING: mark(
        "This person's minutes ÷ the others' for the same services and items. A step is compared by item where the others have five or more of it, else by service. Other systems, time set aside and wrong windows are left out.",
        context="meaning",
    ),
    ORDER: mark("Calls of somebody who was not next, without a reason.", context="meaning"),
    CASES: mark("Answers given by their day ÷ answers due in the month.", context="meaning"),
    SHIFTS: mark("Shifts begun within 10 minutes of their start ÷ shifts of the roster.", context="meaning"),
    AUDIT: mark(
        "A stated value is wrong when it is off by more than half a unit of its own last digit, or of the commonest number of decimals in its block of consecutive months where it has fewer.",
        context="meaning",
    ),
    EFFECT: mark(
        "Before and after are compared as if the same mix of services had come. 'Can't tell' where the mix alone turns the difference, where chance can explain it, or while fewer than eight days before show what is usual.",
        context="meaning",
    ),
    WHERE_ELSE: mark(
        "Visits count by the item that was noted. Where nobody noted an item, the visit is unknown: it counts neither for another place nor for a window here.",
        context="meaning",
    ),
    TRIALS: mark(
        "The verdict comes once, at the planned end: looked at earlier, equal words would differ too often by chance.",
        context="meaning",
    ),
    CALLS: mark(
        "Calls are first calls of steps: a visit with two steps has two, so there can be more calls than people.",
        context="meaning",
    ),
}


def figure_meaning(key: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), MEANINGS[key], context="meaning")
