"""Whose figures a document gives, and of which dates."""

from __future__ import annotations

from collections.abc import Sequence
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
