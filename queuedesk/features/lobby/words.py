"""Words of suggested moves, of what they achieved, and of what threatens a hall."""

from __future__ import annotations

from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import (
    ExpectedRange,
    ForecastMoveEffect,
    MoveCostToOtherService,
    MoveEvidence,
    StaffingMove,
)
from queuedesk.features.lobby.rules.move_search import MeanInterval, RefusedMove
from queuedesk.features.lobby.rules.outlook import Risk
from queuedesk.i18n import moments, names
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.talk import offered_channel_word

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
    "call_back": mark("asking somebody back", context="move"),
    "lend": mark("lending a service", context="move"),
    "take_back": mark("ending a lending", context="move"),
    "self_service": mark("offering another way", context="move"),
    "move_break": mark("putting off a break", context="move"),
}


def move_title(setup: Setup, move: StaffingMove, lang: str | None = None) -> str:
    """Return a move as an instruction without a full stop: "Let window 1 serve B too"."""
    return _move_words_in_language(_TITLES, setup, move, lang or current_language())


def move_button_label(setup: Setup, move: StaffingMove, lang: str | None = None) -> str:
    """Return the label of the button for a move: "Add B"."""
    return _move_words_in_language(_PRESSES, setup, move, lang or current_language())


def move_kind_name(kind: str, lang: str | None = None) -> str:
    """Return the short name of a kind of move: "lending a service"."""
    return tr(lang or current_language(), _KINDS[kind], context="move") if kind in _KINDS else kind


def move_effect_text(setup: Setup, move: StaffingMove, lang: str | None = None) -> str:
    """Return the expected effect of a move: who would wait too long in the next 20 minutes, what it costs others, how
    much less each waits; "" for a move without one."""
    lang = lang or current_language()
    if move.effect is None:
        return ""
    reason = move_reason_text(setup, move, lang)
    saved = expected_saving_words(move.effect, lang) if move.proof is None else ""
    if not saved:
        return reason
    return tr(lang, "{one} {two}", context="sentences", one=reason, two=saved) if reason else saved


def move_reason_text(setup: Setup, move: StaffingMove, lang: str | None = None, *, briefly: bool = False) -> str:
    """Return why a move is suggested, two or three sentences: of the time to come, what it costs others, and what has
    helped in such a state (`briefly` as in `move_evidence_words`)."""
    lang = lang or current_language()
    reason = _move_effect_on_waits_words(setup, move, lang)
    if move.proof is None:
        return reason
    proof = move_evidence_words(move.proof, lang, briefly=briefly)
    return tr(lang, "{one} {two}", context="sentences", one=reason, two=proof) if reason else proof


def move_evidence_words(proof: MoveEvidence, lang: str | None = None, *, briefly: bool = False) -> str:
    """Return what speaks for a move in such a state, and by how much it shortens waits; `briefly` leaves that out,
    where another figure of it is beside the sentence."""
    lang = lang or current_language()
    if briefly and proof.source == "past":
        return ntr(
            lang,
            "In similar situations here, this has helped: {n} time so far.",
            "In similar situations here, this has helped: {n} times so far.",
            proof.n,
        )
    if briefly or proof.low_min is None or proof.high_min is None:
        return tr(lang, "Simulated from now, it helped in {k} of {n} runs.", k=proof.helped, n=proof.n)
    minutes = moments.figure_range(max(0, round(proof.low_min)), max(1, round(proof.high_min)))
    if proof.source == "past":
        return tr(
            lang,
            "In similar situations here, this saved those in line {minutes} min on average, {n} times.",
            minutes=minutes,
            n=proof.n,
        )
    return tr(
        lang,
        "Helped in {k} of {n} simulations from now; in similar situations it saved {minutes} min each.",
        k=proof.helped,
        n=proof.n,
        minutes=minutes,
    )


def _move_effect_on_waits_words(setup: Setup, move: StaffingMove, lang: str) -> str:
    effect, outlook, target = move.effect, move.outlook, setup.setting_as_int("wait_target_minutes")
    if effect is None or outlook is None:
        return ""
    if move.kind == "take_back" and effect.beyond_after == 0:
        return tr(lang, "No one will wait more than {target} min without it.", target=target)
    price = _cost_to_other_line_words(setup, outlook.price, target, lang)
    if outlook.price is None and move.proof is not None:
        price = ""
    if outlook.passing_after >= outlook.passing:
        return price
    passing = ntr(
        lang,
        "{n} more person will wait over {target} min in the next 20 min; with it, {after}.",
        "{n} more people will wait over {target} min in the next 20 min; with it, {after}.",
        outlook.passing,
        target=target,
        after=outlook.passing_after,
    )
    return tr(lang, "{one} {two}", context="sentences", one=passing, two=price) if price else passing


def _cost_to_other_line_words(setup: Setup, price: MoveCostToOtherService | None, target: int, lang: str) -> str:
    if price is None:
        return tr(lang, "No other line waits longer.")
    letter, minutes = names.service_letter_or_code(setup, price.service), round(price.later_min)
    if price.longest_min <= target:
        return tr(
            lang,
            "For {letter} the longest wait grows by about {minutes} min, still within {target}.",
            letter=letter,
            minutes=minutes,
            target=target,
        )
    return tr(lang, "For {letter} the longest wait grows by about {minutes} min.", letter=letter, minutes=minutes)


def wait_change_and_bounds_texts(gain: ExpectedRange, lang: str | None = None) -> tuple[str, str]:
    """Return by how much a longest wait changes and between which bounds: "−4 min", "(−6 to −2)"."""
    lang = lang or current_language()
    mean = tr(lang, "{n} min", context="change", n=_signed_whole_minutes(-gain.mean))
    ends = sorted((-gain.low, -gain.high))
    return mean, tr(
        lang,
        "({low} to {high})",
        context="change",
        low=_signed_whole_minutes(ends[0]),
        high=_signed_whole_minutes(ends[1]),
    )


def _signed_whole_minutes(minutes: float) -> str:
    n = round(minutes)
    return f"−{-n}" if n < 0 else f"+{n}" if n > 0 else "0"


def refusal_reason_words(setup: Setup, refused: RefusedMove, lang: str | None = None) -> str:
    """Return why a move that was tried is not suggested, in a few words without a full stop."""
    lang = lang or current_language()
    letter, target = names.service_letter_or_code(setup, refused.service), setup.setting_as_int("wait_target_minutes")
    if refused.why == "late" and not refused.is_late:
        return tr(lang, "{letter} would pass {target} min", context="tried", letter=letter, target=target)
    if refused.why in ("late", "later") and (longer := round(refused.longer_min)) >= 1:
        return tr(lang, "{letter} would wait {n} min longer", context="tried", letter=letter, n=longer)
    if refused.why == "late":
        return tr(lang, "{letter} is over {target} min already", context="tried", letter=letter, target=target)
    if refused.why == "later":
        return tr(lang, "{letter} would wait much longer", context="tried", letter=letter)
    if refused.why == "plays":
        return tr(lang, "helps in only {k} of {n} simulations", context="tried", k=refused.helped, n=refused.plays)
    if refused.why == "past":
        return tr(lang, "did not help here in similar situations", context="tried")
    if refused.why == "trials":
        return tr(lang, "helped nobody in simulations of similar situations", context="tried")
    made = refused.made
    if made is not None and refused.why == "window":
        time = f"{setup.to_hall_time(made.time):%H:%M}"
        return tr(lang, "window {window} changed at {time}", context="tried", window=made.move.window, time=time)
    if made is not None:
        time = f"{setup.to_hall_time(made.time):%H:%M}"
        if made.taken:
            return tr(lang, "done at {time}", context="tried", time=time)
        return tr(lang, "turned down at {time}", context="tried", time=time)
    if refused.move.outlook is not None and refused.move.outlook.price is not None:
        return tr(lang, "others wait longer instead", context="tried")
    return tr(lang, "changes too little in all", context="tried")


def expected_saving_words(effect: ForecastMoveEffect, lang: str | None = None) -> str:
    """Return how much shorter the waits would be: a forecast, so never to the minute."""
    lang = lang or current_language()
    low = int(effect.saved_s // 60)
    if low < 1:
        return ntr(
            lang,
            "{n} person waiting: less than a minute less each.",
            "{n} people waiting: less than a minute less each.",
            effect.n,
        )
    minutes = moments.figure_range(low, low + 1)
    return ntr(
        lang,
        "{n} person waiting: about {minutes} min less.",
        "{n} people waiting: about {minutes} min less each.",
        effect.n,
        minutes=minutes,
    )


def move_message_in_both_languages(setup: Setup, move: StaffingMove) -> tuple[str, str]:
    """Return the message to the place that a move concerns, in Chinese and English."""
    first, second = (_move_words_in_language(_MESSAGES, setup, move, lang) for lang in ("zh_CN", "en"))
    return first, second


def measured_effect_words(saved_min: float | None, n: int, lang: str | None = None) -> str:
    """Return what one move has achieved so far, without a full stop."""
    lang = lang or current_language()
    if saved_min is None:
        return tr(lang, "nothing to tell yet", context="move")
    minutes = names.decimal_text(abs(saved_min))
    if saved_min >= 0:
        return ntr(
            lang, "{n} person waited {minutes} min less", "{n} people waited {minutes} min less", n, minutes=minutes
        )
    return ntr(
        lang, "{n} person waited {minutes} min longer", "{n} people waited {minutes} min longer", n, minutes=minutes
    )


def move_kind_mean_effect_words(kind: str, over: MeanInterval, lang: str | None = None) -> str:
    """Return the mean effect of a kind of move, with its bounds; where they include 0, that it can't be told from
    nothing."""
    return mean_effect_words(move_kind_name(kind, lang), over, lang)


def mean_effect_words(what: str, over: MeanInterval, lang: str | None = None) -> str:
    """Return the sentence of move_kind_mean_effect_words() about anything measured in that way."""
    lang = lang or current_language()
    n, mean, low, high = over.n, over.mean, over.low, over.high
    if low is None or high is None:
        return ntr(
            lang,
            "{kind}, {n} time: {mean} min less waiting, too few to say more.",
            "{kind}, {n} times: {mean} min less waiting, too few to say more.",
            n,
            kind=what,
            mean=_minutes_with_minus_sign(mean),
        )
    bounds = tr(
        lang, "{low} to {high}", context="move", low=_minutes_with_minus_sign(low), high=_minutes_with_minus_sign(high)
    )
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
        mean=_minutes_with_minus_sign(mean),
        bounds=bounds,
    )


def declined_moves_effect_words(over: MeanInterval, lang: str | None = None) -> str:
    """Return how forecasts of declined moves came true: the effects of accepted ones are to be compared with that."""
    lang = lang or current_language()
    return mean_effect_words(tr(lang, "turned down", context="move"), over, lang)


def _minutes_with_minus_sign(minutes: float) -> str:
    return f"−{names.decimal_text(-minutes)}" if round(minutes, 1) < 0 else names.decimal_text(abs(minutes))


def risk_words(setup: Setup, risk: Risk, lang: str | None = None) -> str:
    """Return a risk in one sentence."""
    lang = lang or current_language()
    window, staff, n = risk.window or "", names.staff_name(setup, risk.staff, lang), risk.minutes
    if risk.kind == "target":
        more = risk.n - risk.past
        service, target = (
            names.service_letter_and_name(setup, risk.service or "", lang),
            setup.setting_as_int("wait_target_minutes"),
        )
        if not more:
            return ntr(
                lang,
                "{service}: {n} person has waited over {target} min; nobody else will in the next 20 min.",
                "{service}: {n} people have waited over {target} min; nobody else will in the next 20 min.",
                risk.past,
                service=service,
                target=target,
            )
        return ntr(
            lang,
            "{service}: {n} more person will wait over {target} min in the next 20 min.",
            "{service}: {n} more people will wait over {target} min in the next 20 min.",
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
    service = names.service_letter_and_name(setup, risk.service or "", lang)
    return tr(lang, "{ticket} for {service} has waited longest: {n} min.", ticket=risk.ticket, service=service, n=n)


def _move_words_in_language(words: dict[str, str], setup: Setup, move: StaffingMove, lang: str) -> str:
    return tr(
        lang,
        words[move.kind],
        context="move",
        window=move.window or "",
        staff=names.staff_name(setup, move.staff, lang),
        letter=names.service_letter_or_code(setup, move.service or ""),
        channel=offered_channel_word(move.to, lang) if move.to else "",
        n=move.minutes or 0,
        services=moments.list_text([names.service_letter_or_code(setup, s) for s in move.services], lang),
    )
