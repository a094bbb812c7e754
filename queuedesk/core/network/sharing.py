"""A hall shared by several PCs: kinds of PC, what is known of each, and the code for joining."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queuedesk.core.imports.half_width import half_width
from queuedesk.core.talk.device import GIVEN_UP_AFTER
from queuedesk.core.talk.screen import HALL_SCREENS

CODE_LETTERS = "23456789ABCDEFGHJKMNPRTUVWXY"
"""No letter that looks like another one or like a figure."""
CODE_LENGTH = 8
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
# What is read or typed for a sign that codes do not have.
_MEANT = {"S": "5", "Z": "2"}
SILENT_AFTER = timedelta(minutes=2)
"""A PC gives a sign every half minute; one that gave none for so long is switched off or cut off."""


class PcKind(StrEnum):
    """What a joined PC's credential lets it do in the database; a station it may not open says so at its start."""

    PUBLIC = "public"  # display, plate, line, kiosk, rating: no names, contacts or comments
    STAFF = "staff"  # guide, counter, lobby, and what PUBLIC may
    MANAGER = "manager"  # everything of its hall, codes and credentials of other PCs included


@dataclass(frozen=True, slots=True)
class SharedPc:
    """A PC's credential: the database's `role`, the PC's own `name`; `seen` is when it last gave a sign, None before
    the first."""

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
    """A code as it is told to a person, once: `code` is eight letters of CODE_LETTERS, good until `expires` for one PC
    of `kind`."""

    code: str
    kind: PcKind
    hall: str
    expires: datetime


class PcState(StrEnum):
    """How a joined PC stands, as far as its signs tell."""

    HERE = "here"
    SILENT = "silent"
    NEW = "new"  # gave no sign yet
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingStatus:
    """What a PC knows of the hall it works in: whether other PCs can share it, and by which addresses they reach it.

    `is_host` says that the hall's server is this PC's own, `runs` that other PCs reach it now, `begins` that they soon
    will; `own_role` is this PC's own credential, "" of one without; where nobody can share the hall from here
    `hindrance` is a refusal's code.
    """

    is_shared: bool
    is_host: bool = False
    runs: bool = False
    begins: bool = False
    addresses: tuple[str, ...] = ()
    own_role: str = ""
    hindrance: str = ""


def may_open(kind: PcKind | None, station: str) -> bool:
    """Whether a station may be opened on a PC of that kind; None is a PC without a credential, whose hall is its
    own."""
    if kind in (None, PcKind.MANAGER) or station in HALL_SCREENS:
        return True
    return kind is PcKind.STAFF and station != "manager"


def pc_state(pc: SharedPc, now: datetime) -> PcState:
    """Return how a PC stands at `now`."""
    if pc.withdrawn is not None:
        return PcState.WITHDRAWN
    if pc.seen is None:
        return PcState.NEW
    return PcState.SILENT if now - pc.seen > SILENT_AFTER else PcState.HERE


def missed_pcs(pcs: Iterable[SharedPc], now: datetime, *, is_working: bool, today: datetime) -> list[SharedPc]:
    """Return the PCs to look after because they are silent, those longest so first. `is_working`: a window is not
    closed; `today`: when the date began.

    As with devices: while no window is open only what fell silent today is news, and what has been silent for a week is
    no longer in use.
    """
    silent = [(pc.seen, pc.role, pc) for pc in pcs if pc_state(pc, now) is PcState.SILENT and pc.seen is not None]
    return [pc for seen, _role, pc in sorted(silent) if now - seen < GIVEN_UP_AFTER and (is_working or seen >= today)]


def typed_code(text: str) -> str:
    """Return a code as it was meant: capitals, without the spaces and dashes that people put in."""
    return "".join(_MEANT.get(letter, letter) for letter in half_width(text).upper() if letter.isalnum())


def shown_code(code: str) -> str:
    """Return a code in two groups, as it is read out and typed."""
    middle = len(code) // 2
    return f"{code[:middle]}-{code[middle:]}"
