"""Suggested moves and what threatens a hall, one plain sentence each."""

from __future__ import annotations

from queuedesk.core.figures.mean_interval import MeanInterval
from queuedesk.core.setup.values import Setup
from queuedesk.core.staffing.move import Effect, Move, Risk
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.moments import figure_range, listing
from queuedesk.i18n.names import letter_of, lettered, staff_name
from queuedesk.i18n.numerals import decimal
from queuedesk.i18n.talk.talk_words import channel

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
    "lend": mark("Add {letter}", context="move"),
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
    """Return what to do, as an order without a full stop: "Let window 1 serve B too"."""
    return _told(_TITLES, setup, move, lang or current())


def move_press(setup: Setup, move: Move, lang: str | None = None) -> str:
    """Return what stands on the key that does it: "Add B"."""
    return _told(_PRESSES, setup, move, lang or current())


def move_kind(kind: str, lang: str | None = None) -> str:
    """Return the few words of a kind of move: "lending a service"."""
    return tr(lang or current(), _KINDS[kind], context="move") if kind in _KINDS else kind


def move_effect(setup: Setup, move: Move, lang: str | None = None) -> str:
    """Return what is expected of the move, one or two sentences; "" for a move of which nothing is."""
    lang = lang or current()
    effect = move.effect
    if effect is None:
        return ""
    target = setup.number("wait_target_minutes")
    if move.kind == "take_back" and effect.beyond_after == 0:
        return tr(lang, "Nobody will wait more than {target} min without it.", target=target)
    saved = saved_words(effect, lang)
    if effect.beyond == effect.beyond_after:
        return saved
    beyond = ntr(
        lang,
        "Within 20 minutes {n} person will have waited more than {target} min; after this, {after}.",
        "Within 20 minutes {n} people will have waited more than {target} min; after this, {after}.",
        effect.beyond,
        target=target,
        after=effect.beyond_after,
    )
    return tr(lang, "{one} {two}", context="sentences", one=beyond, two=saved)


def saved_words(effect: Effect, lang: str | None = None) -> str:
    """Return how much less those who wait would wait: a forecast, so never to the minute."""
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
    """Return what the place that the move is about is told, in Chinese and English."""
    first, second = (_told(_MESSAGES, setup, move, lang) for lang in ("zh_CN", "en"))
    return first, second


def real_words(saved_min: float | None, n: int, lang: str | None = None) -> str:
    """Return what one move did so far, without a full stop."""
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
    """Return what a kind of move did on average over past ones, with its bounds; that it can't be told from nothing
    where they span 0."""
    return past_words_of(move_kind(kind, lang), over, lang)


def past_words_of(what: str, over: MeanInterval, lang: str | None = None) -> str:
    """Return the sentence of past_words() about anything that was measured so."""
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
    """Return how the forecasts of moves that were turned down came true: what the effects of those made are to be held
    against."""
    lang = lang or current()
    return past_words_of(tr(lang, "turned down", context="move"), over, lang)


def _signed(minutes: float) -> str:
    return f"−{decimal(-minutes)}" if round(minutes, 1) < 0 else decimal(abs(minutes))


def risk_words(setup: Setup, risk: Risk, lang: str | None = None) -> str:
    """Return what threatens, one sentence."""
    lang = lang or current()
    window, staff, n = risk.window or "", staff_name(setup, risk.staff, lang), risk.minutes
    if risk.kind == "target":
        return ntr(
            lang,
            "{service}: {n} person will have waited more than {target} min within 20 minutes.",
            "{service}: {n} people will have waited more than {target} min within 20 minutes.",
            risk.n,
            service=lettered(setup, risk.service or "", lang),
            target=setup.number("wait_target_minutes"),
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
    "unknown_move": mark("There is no move {move}; queuedesk moves list shows those of now."),
    "move_made": mark("{staff} has done that at {time} already."),
}
