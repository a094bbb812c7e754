"""The rule of the order in words: one sentence for people waiting, one for people checking."""

from __future__ import annotations

from queuedesk.core.queue.dispatch import CREDIT_DOUBLE, PRIORITY_FIRST, Rule
from queuedesk.i18n.catalogue import current, ntr, tr


def rule_sentence(rule: Rule, lang: str | None = None) -> str:
    """Return the rule in one sentence for who reads the public list."""
    lang, normal, most = lang or current(), rule.jump_every - 1, rule.guard
    if normal < 1 and most:
        return tr(
            lang,
            "Numbers are called in this order; those with priority may go ahead of earlier ones, but of nobody more than {most} times.",
            most=most,
        )
    if normal < 1:
        return tr(
            lang,
            "Numbers are called in this order; those with priority may go ahead of earlier ones at any call.",
        )
    if most:
        return ntr(
            lang,
            "Numbers are called in this order; after {n} normal customer, at most one with priority goes ahead, and of nobody more than {most} times.",
            "Numbers are called in this order; after {n} normal customers, at most one with priority goes ahead, and of nobody more than {most} times.",
            normal,
            most=most,
        )
    return ntr(
        lang,
        "Numbers are called in this order; after {n} normal customer, at most one with priority goes ahead.",
        "Numbers are called in this order; after {n} normal customers, at most one with priority goes ahead.",
        normal,
    )


def rule_told(rule: Rule, lang: str | None = None) -> str:
    """Return how priority counts, the cap, and the guard where there is one, for who reads the ledger."""
    lang, n = lang or current(), rule.jump_every
    if rule.order == PRIORITY_FIRST:
        told = ntr(
            lang,
            "Priority first, each by arrival, any call may be a jump",
            "Priority first, each by arrival, at most one jump in {n} calls",
            n,
            context="order",
        )
    elif rule.order == CREDIT_DOUBLE:
        told = ntr(
            lang,
            "By arrival; a class counts as twice its minutes earlier, any call may be a jump",
            "By arrival; a class counts as twice its minutes earlier, at most one jump in {n} calls",
            n,
            context="order",
        )
    else:
        told = ntr(
            lang,
            "By arrival; a class counts as so many minutes earlier, any call may be a jump",
            "By arrival; a class counts as so many minutes earlier, at most one jump in {n} calls",
            n,
            context="order",
        )
    if not rule.guard:
        return told
    guarded = tr(lang, "nobody passed more than {n} times by priority", context="order", n=rule.guard)
    return tr(lang, ", ", context="clauses").join((told, guarded))
