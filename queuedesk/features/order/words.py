"""The order of calls in words: its rules in one text; a day's fairness ledger, its totals in a few sentences, each
overtaking in one."""

from __future__ import annotations

from collections.abc import Mapping

from queuedesk.core.queue.dispatch import CAP, FAST, GUARD, LANGUAGE, CallOrderRule, Overtake, WindowPreferences
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.features.order.rules import DayOrderLedger
from queuedesk.i18n import moments
from queuedesk.i18n.catalogue import current_language, ntr, tr
from queuedesk.i18n.names import priority_name
from queuedesk.i18n.queue import line_words


def call_order_text(rule: CallOrderRule, first: Mapping[str, WindowPreferences], lang: str | None = None) -> str:
    """Return the sentences of the order as one text."""
    lang = lang or current_language()
    told, *others = line_words.public_order_sentences(rule, first, lang)
    for more in others:
        told = tr(lang, "{order} {quick}", order=told, quick=more, context="two sentences")
    return told


def day_totals_sentences(ledger: DayOrderLedger, lang: str | None = None) -> list[str]:
    """Return the day's totals, a sentence each: overtakings, their reasons, what the rule held back, and the effect of
    skills."""
    lang = lang or current_language()
    return [
        text
        for text in (
            _overtaken_sentence(ledger, lang),
            _overtaking_reasons_sentence(ledger, lang),
            _priority_calls_sentences(ledger, lang),
            _passed_by_skill_sentence(ledger, lang),
        )
        if text
    ]


def order_rules_text(ledger: DayOrderLedger, lang: str | None = None) -> str:
    """Return the rules by which the day was called, in order of their use."""
    lang = lang or current_language()
    told = [line_words.call_rule_text(rule, lang) for rule in ledger.rules]
    told += [
        ntr(
            lang,
            "quick windows: up to {minutes} min first, never ahead of someone passed over {n} time",
            "quick windows: up to {minutes} min first, never ahead of someone passed over {n} times",
            n,
            minutes=minutes,
        )
        for minutes, n in ledger.fast_rules
    ]
    told += [
        ntr(
            lang,
            "same language: ahead of {n} other at most, never of someone passed over {n} time",
            "same language: ahead of {n} others at most, never of someone passed over {n} times",
            n,
        )
        for n in ledger.language_passes
    ]
    return tr(lang, "; ", context="clauses of a reason").join(told)


def overtaking_ticket_and_reason(
    setup: Setup, one: Overtake, by: Ticket | None, lang: str | None = None, *, public: bool = False
) -> str:
    """Return who passed and why: "A020 (Elderly)", "A020 (chosen by staff)"."""
    lang = lang or current_language()
    reason = overtake_class_or_reason(setup, one, by, lang, public=public)
    return tr(lang, "{ticket} ({reason})", ticket=one.by, reason=reason)


def overtake_class_or_reason(
    setup: Setup, one: Overtake, by: Ticket | None, lang: str | None = None, *, public: bool = False
) -> str:
    """Return why somebody was called first: the class, else what was decided."""
    lang = lang or current_language()
    klass = priority_name(setup, by.klass, lang) if by is not None and one.reason == "priority" else ""
    return klass or line_words.overtake_reason_words(one, lang, public=public)


def _overtaken_sentence(ledger: DayOrderLedger, lang: str) -> str:
    if not ledger.rows:
        return tr(lang, "No tickets on this date.")
    if not ledger.overtake_count:
        return ntr(
            lang,
            "No later ticket went first: {n} ticket in all.",
            "No later ticket went first: {n} tickets in all.",
            len(ledger.rows),
        )
    return ntr(
        lang,
        "A later ticket went first once, before one of {of} tickets.",
        "A later ticket went first before {overtaken} of {of} tickets, {n} times in all, {most} for one at most.",
        ledger.overtake_count,
        of=len(ledger.rows),
        overtaken=len(ledger.most_overtaken_first),
        most=ledger.max_overtakes_of_ticket,
    )


def _overtaking_reasons_sentence(ledger: DayOrderLedger, lang: str) -> str:
    if not ledger.overtake_count:
        return ""
    known = {one.reason: one for row in ledger.rows for one in row.passed_by}
    shown = [
        tr(
            lang,
            "{reason} {n}",
            reason=line_words.overtake_reason_words(known[code], lang, public=True),
            n=n,
            context="how often",
        )
        for code, n in ledger.overtakes_by_reason.items()
    ]
    return tr(lang, "Why: {reasons}.", reasons=moments.list_text(shown, lang))


def _priority_calls_sentences(ledger: DayOrderLedger, lang: str) -> str:
    cap, guard, limit, waited = (ledger.held_back.get(code, 0) for code in (CAP, GUARD, FAST, LANGUAGE))
    if not (ledger.jumps or cap or guard or ledger.fast or limit or ledger.language or waited):
        return ""
    told = [
        ntr(
            lang,
            "{n} of {calls} calls went ahead by priority",
            "{n} of {calls} calls went ahead by priority",
            ledger.jumps,
            calls=ledger.calls,
        )
    ]
    if cap:
        told.append(ntr(lang, "the cap held one back {n} time", "the cap held one back {n} times", cap))
    if guard:
        told.append(ntr(lang, "the guard {n} time", "the guard {n} times", guard))
    if ledger.fast:
        told.append(ntr(lang, "{n} was a short visit taken first", "{n} were short visits taken first", ledger.fast))
    if limit:
        told.append(
            ntr(
                lang,
                "{n} time a short visit had to wait its turn",
                "{n} times a short visit had to wait its turn",
                limit,
            )
        )
    if ledger.language:
        told.append(
            ntr(
                lang,
                "{n} went first to staff of their language",
                "{n} went first to staff of their language",
                ledger.language,
            )
        )
    if waited:
        told.append(
            ntr(lang, "{n} time a language had to wait its turn", "{n} times a language had to wait its turn", waited)
        )
    whole = tr(lang, ", ", context="clauses").join(told)
    return tr(lang, "{clauses}.", clauses=whole, context="one sentence")


def _passed_by_skill_sentence(ledger: DayOrderLedger, lang: str) -> str:
    if not ledger.rows_passed_by_skill:
        return ""
    return ntr(
        lang,
        "{n} ticket saw later ones go to windows for other services, {most} for one at most; that took nobody's turn.",
        "{n} tickets saw later ones go to windows for other services, {most} for one at most; that took nobody's turn.",
        len(ledger.rows_passed_by_skill),
        most=max(row.by_skill for row in ledger.rows_passed_by_skill),
    )


def wait_basis_title(code: str, lang: str | None = None) -> str:
    """Return the words for what a wait rests on, as the beginning of a line."""
    words = line_words.wait_expert_basis_words(code, lang)
    return words[:1].upper() + words[1:]
