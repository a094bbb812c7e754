"""A day's fairness ledger in words: its totals in a few sentences, and each overtaking in one."""

from __future__ import annotations

from queuedesk.core.queue.dispatch import CAP, GUARD
from queuedesk.core.queue.fairness import Overtake
from queuedesk.core.queue.public_order import Ledger
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.i18n.catalogue import current, ntr, tr
from queuedesk.i18n.moments import listing
from queuedesk.i18n.names import priority_name
from queuedesk.i18n.queue.line_words import overtake_word, rule_text


def totals(ledger: Ledger, lang: str | None = None) -> list[str]:
    """Return the day's totals, a sentence each: what was overtaken, why, what the rule held back, what skills made of
    it."""
    lang = lang or current()
    return [
        text
        for text in (_overtaken(ledger, lang), _reasons(ledger, lang), _held(ledger, lang), _skill(ledger, lang))
        if text
    ]


def rules(ledger: Ledger, lang: str | None = None) -> str:
    """Return the rules by which the day was called, in order of their use."""
    lang = lang or current()
    return tr(lang, "; ", context="clauses of a reason").join(rule_text(rule, lang) for rule in ledger.rules)


def passing(setup: Setup, one: Overtake, by: Ticket | None, lang: str | None = None, *, public: bool = False) -> str:
    """Return who passed and why: "A020 (Elderly)", "A020 (chosen by staff)"."""
    lang = lang or current()
    klass = priority_name(setup, by.klass, lang) if by is not None and one.reason == "priority" else ""
    reason = klass or overtake_word(one, lang, public=public)
    return tr(lang, "{ticket} ({reason})", ticket=one.by, reason=reason)


def _overtaken(ledger: Ledger, lang: str) -> str:
    if not ledger.rows:
        return tr(lang, "No tickets on this date.")
    if not ledger.overtakes:
        return ntr(
            lang, "Nobody of {n} ticket was overtaken.", "Nobody of {n} tickets was overtaken.", len(ledger.rows)
        )
    return ntr(
        lang,
        "{overtaken} of {n} ticket overtaken, {times} times in all, {most} for one at most.",
        "{overtaken} of {n} tickets overtaken, {times} times in all, {most} for one at most.",
        len(ledger.rows),
        overtaken=len(ledger.overtaken),
        times=ledger.overtakes,
        most=ledger.most,
    )


def _reasons(ledger: Ledger, lang: str) -> str:
    if not ledger.overtakes:
        return ""
    known = {one.reason: one for row in ledger.rows for one in row.passed_by}
    shown = [
        tr(lang, "{reason} {n}", reason=overtake_word(known[code], lang, public=True), n=n, context="how often")
        for code, n in ledger.by_reason.items()
    ]
    return tr(lang, "Why: {reasons}.", reasons=listing(shown, lang))


def _held(ledger: Ledger, lang: str) -> str:
    cap, guard = ledger.held_back.get(CAP, 0), ledger.held_back.get(GUARD, 0)
    if not (ledger.jumps or cap or guard):
        return ""
    told = [
        ntr(
            lang, "{n} of {calls} calls was a jump", "{n} of {calls} calls were jumps", ledger.jumps, calls=ledger.calls
        )
    ]
    if cap:
        told.append(ntr(lang, "the cap held one back {n} time", "the cap held one back {n} times", cap))
    if guard:
        told.append(ntr(lang, "the guard {n} time", "the guard {n} times", guard))
    whole = tr(lang, ", ", context="clauses").join(told)
    return tr(lang, "{clauses}.", clauses=whole, context="one sentence")


def _skill(ledger: Ledger, lang: str) -> str:
    if not ledger.skilled:
        return ""
    return ntr(
        lang,
        "{n} ticket saw later ones go to windows for other services, {most} for one at most; that took nobody's turn.",
        "{n} tickets saw later ones go to windows for other services, {most} for one at most; that took nobody's turn.",
        len(ledger.skilled),
        most=max(row.by_skill for row in ledger.skilled),
    )
