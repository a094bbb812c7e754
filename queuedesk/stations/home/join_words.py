"""The words of joining a hall, and of the hall that this PC shares with others."""

from __future__ import annotations

from urllib.parse import urlsplit

from queuedesk.core.network.sharing import CODE_LENGTH, CODE_LETTERS, PcKind, typed_code
from queuedesk.i18n import _, n_

LOOPBACK = ("127.0.0.1", "::1", "localhost", "")
"""Where a PC finds a server of its own."""


def main_pc(place: object) -> str | None:
    """Return the main PC of the hall at `place`: its address, "" where it is this PC, None where the hall is a file."""
    if not isinstance(place, str):
        return None
    host = urlsplit(place).hostname or ""
    return "" if host in LOOPBACK else host


def main_pc_text(place: object) -> str:
    """Return with which PC this one works, "" where it works alone."""
    address = main_pc(place)
    if address is None:
        return ""
    if not address:
        return _("This PC is the hall's main PC: leave it switched on while the hall is open.")
    return _("This PC works with the hall's main PC, {address}.", address=address)


def let_in_text(kind: PcKind | None) -> str:
    """Return why a PC that was let in as `kind` opens not every station, "" where it does."""
    if kind is PcKind.PUBLIC:
        return _("It was let in as a public screen: stations for staff open on a staff PC.")
    if kind is PcKind.STAFF:
        return _("It was let in as a staff PC: the duty manager opens on a manager's PC.")
    return ""


def place_text(place: object) -> str:
    """Return in a few words where the hall's data is."""
    address = main_pc(place)
    if address is None:
        return _("on this PC alone")
    return _("main PC: {address}", address=address) if address else _("this PC is the main PC")


def code_problem(text: str) -> str:
    """Return what is wrong with a code as far as it was typed, "" for nothing."""
    code = typed_code(text)
    strange = next((letter for letter in code if letter not in CODE_LETTERS), "")
    if strange:
        return _("No code has a {letter} in it; please look again.", letter=strange)
    return _("A code has {n} letters and figures.", n=CODE_LENGTH) if len(code) > CODE_LENGTH else ""


def missing_text(address: str, code: str, *, has_joined: bool) -> str:
    """Return what has still to be typed, "" when all is there: a PC that has joined finds the same main PC elsewhere
    without a code."""
    if not address.strip():
        return _("Still to fill in: the address")
    if has_joined and not typed_code(code):
        return ""
    left = CODE_LENGTH - len(typed_code(code))
    return n_("{n} more letter of the code", "{n} more letters of the code", left) if left > 0 else ""


def steps_text() -> list[str]:
    """Return how the address and a code are had."""
    return [
        _("On a manager's PC of the hall open “{station}”.", station=_("Duty manager")),
        _("Choose “{page}”, then “{part}”.", page=_("Set-up"), part=_("Several PCs", context="set-up")),
        _("Press “{button}”.", button=_("Make a join code")),
        _("Type address and code here within ten minutes."),
    ]
