"""Whose figures a document gives, and of which dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from queuedesk.core.setup.values import Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose figures they are: codes in the set-up's order (others follow), None where several halls are put
    together."""

    hall: str | None
    first: date
    last: date
    target_minutes: int | None
    services: Sequence[str] = ()
    windows: Sequence[str] = ()
    staff: Sequence[str] = ()


def scope_of(setup: Setup, first: date, last: date) -> Scope:
    """Return the scope of one hall."""
    return Scope(
        hall=setup.hall.code,
        first=first,
        last=last,
        target_minutes=setup.number("wait_target_minutes"),
        services=list(setup.services),
        windows=list(setup.windows),
        staff=list(setup.staff),
    )


def in_order(known: Iterable[str], seen: Collection[str]) -> list[str]:
    """Return the codes that were seen: those of the set-up in its order, then those that it no longer has."""
    codes = [code for code in known if code in seen]
    return codes + sorted(set(seen) - set(codes))
