"""A hall that several PCs share: what kinds of PC there are, what is known of each, and the code by which one joins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CODE_LETTERS = "23456789ABCDEFGHJKMNPRTUVWXY"
"""No letter that looks like another one or like a figure."""
CODE_LENGTH = 8
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5


class PcKind(StrEnum):
    """What a joined PC's credential lets it do in the database; a station it may not open says so at its start."""

    PUBLIC = "public"  # display, plate, line, kiosk, rating: no names, contacts or comments
    STAFF = "staff"  # guide, counter, lobby, and what PUBLIC may
    MANAGER = "manager"  # everything of its hall, codes and credentials of other PCs included


@dataclass(frozen=True, slots=True)
class SharedPc:
    """A PC's credential: the database's `role`, the PC's own `name`; `seen` is when it last gave a sign, None before the first."""

    role: str
    hall: str
    name: str
    kind: PcKind
    made: datetime
    made_by: str
    seen: datetime | None
    withdrawn: datetime | None


@dataclass(frozen=True, slots=True)
class JoinCode:
    """A code as it is told to a person, once: `code` is eight letters of CODE_LETTERS, good until `expires` for one PC of `kind`."""

    code: str
    kind: PcKind
    hall: str
    expires: datetime
