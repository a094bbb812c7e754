"""Needs of training by name, and what somebody is told who was named for one."""

from __future__ import annotations

from collections.abc import Mapping

from queuedesk.core.appraisal import RECALLS, TO_CHECK, TO_COACH, TRANSFERS, WRONG_COUNTER
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.names import service_name
from queuedesk.i18n.numerals import whole

_REASONS: Mapping[str, str] = {TO_COACH: mark("To coach alone"), TO_CHECK: mark("To check the rows")}


def need_title(setup: Setup, kind: str, service: str, limit: int | None = None, lang: str | None = None) -> str:
    """Return what a need is called, with its service: "Transfers out, Account services"."""
    said = lang or current()
    name = service_name(setup, service, said) if service else ""
    if kind == WRONG_COUNTER:
        return tr(said, "Wrong window at the front desk")
    if kind == RECALLS:
        return tr(said, "Recalls, all services")
    if kind == TRANSFERS:
        return tr(said, "Transfers out, {service}", service=name)
    return (
        tr(said, "{service} over {n} min", service=name, n=limit)
        if limit
        else tr(said, "Long: {service}", service=name)
    )


def of_words(n: int, of: int, lang: str | None = None) -> str:
    return tr(lang or current(), "{n} of {of}", context="sheet", n=whole(n), of=whole(of))


def reason_word(reason: str, lang: str | None = None) -> str:
    return tr(lang or current(), _REASONS[reason])
