"""Words of the other places that take what people come for, and of what is offered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.core.figures.where_else import (
    Name,
    takers_of,
)
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import Partner
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n.catalogue import current, ntr, tr
from queuedesk.i18n.names import item_name
from queuedesk.i18n.numerals import whole
from queuedesk.i18n.words import named

DOT = " · "


def lettered_item(setup: Setup, name: Name, lang: str | None = None) -> str:
    """Return "A · Print an invoice" for a list: the service's letter with the item, or with its own name."""
    service, item = name
    spec = setup.services.get(service)
    own = item_name(setup, service, item, lang) if item else named(spec.name, spec.name_en, lang) if spec else service
    return f"{spec.prefix if spec else service}{DOT}{own}"


def distance_text(one: Partner, lang: str | None = None) -> str:
    """Return "350 m", "in the hall", "" where nobody said."""
    if one.distance_m is None:
        return ""
    return tr(lang or current(), "in the hall") if not one.distance_m else f"{whole(one.distance_m)} m"


def offers_of(setup: Setup, name: Name, local: datetime, lang: str | None = None) -> list[tuple[str, str]]:
    """Return the channels to offer for an item, those that the hall wants offered first, each with the nearest place of
    the directory that takes it and is open now, "" without one."""
    service = setup.services.get(name[0])
    wanted = service.elsewhere if service else ()
    takers = [one for own in takers_of(setup.partners.values(), name).values() for one in own if one.is_open(local)]
    nearest = {one.kind: one for one in reversed(takers)}
    return [
        (code, _place_text(nearest[code], lang) if code in nearest else "")
        for code in (*wanted, *(one for one in CHANNELS if one not in wanted))
    ]


def _place_text(one: Partner, lang: str | None) -> str:
    return DOT.join(filter(None, (named(one.name, one.name_en, lang), distance_text(one, lang))))


def partners_text(told: Mapping[str, int], lang: str | None = None) -> str:
    """Return what a table of places is to the directory: "62 places: 60 new, 1 changed, 1 as they were"."""
    lang = lang or current()
    kinds: dict[str, Any] = {key: told[key] for key in ("new", "changed", "same")}
    each = tr(lang, "{new} new, {changed} changed, {same} as they were", **kinds)
    return ntr(lang, "{n} place: {told}", "{n} places: {told}", told["rows"], told=each)
