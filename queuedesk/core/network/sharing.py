"""A hall shared by several PCs: kinds of PC, the code for joining, what people type and how it is proven, who may look
on."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, count

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import GIVEN_UP_AFTER
from queuedesk.core.talk.screen import HALL_SCREENS, OWN_SIGNS

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
    """What a joined PC's credential allows in the database; a station that may not be opened there says so at its
    start."""

    PUBLIC = "public"  # display, plate, line, kiosk, rating: no names, contacts or comments
    STAFF = "staff"  # guide, counter, lobby, and what PUBLIC may
    MANAGER = "manager"  # everything of its hall, codes and credentials of other PCs included


class SharedPc(Struct, frozen=True):
    """A PC's credential: the database's `role`, the PC's own `name`; `seen` is its last sign of life, None before the
    first."""

    role: str
    hall: str
    name: str
    kind: PcKind
    made: datetime
    made_by: str
    seen: datetime | None
    withdrawn: datetime | None


class JoinCode(Struct, frozen=True):
    """A code as a person sees it, once: `code` is eight letters of CODE_LETTERS, valid until `expires` for one PC of
    `kind`."""

    code: str
    kind: PcKind
    hall: str
    expires: datetime


class PcState(StrEnum):
    """The state of a joined PC, as far as its signs of life tell."""

    HERE = "here"
    SILENT = "silent"
    NEW = "new"  # gave no sign yet
    WITHDRAWN = "withdrawn"


class SharingStatus(Struct, frozen=True, kw_only=True):
    """What a PC knows of its hall: whether other PCs can share it, and at which addresses they reach it.

    `is_host` says that the hall's server is this PC's own, `runs` that other PCs reach it now, `begins` that they soon
    will; `own_role` is this PC's own credential, "" without one; where nobody can share the hall from here `hindrance`
    is a refusal's code. A hall that is still in its file tells in `interrupted` when a process began to share it and
    was ended before it had.
    """

    is_shared: bool
    is_host: bool = False
    runs: bool = False
    begins: bool = False
    addresses: tuple[str, ...] = ()
    own_role: str = ""
    hindrance: str = ""
    interrupted: datetime | None = None


def may_open(kind: PcKind | None, station: str) -> bool:
    """Whether a station may be opened on a PC of that kind; None is a PC without a credential, which has a hall of its
    own."""
    if kind in (None, PcKind.MANAGER) or station in HALL_SCREENS:
        return True
    return kind is PcKind.STAFF and station != "manager"


def pc_state(pc: SharedPc, now: datetime) -> PcState:
    """Return the state of a PC at `now`."""
    if pc.withdrawn is not None:
        return PcState.WITHDRAWN
    if pc.seen is None:
        return PcState.NEW
    return PcState.SILENT if now - pc.seen > SILENT_AFTER else PcState.HERE


def missed_pcs(pcs: Iterable[SharedPc], now: datetime, *, is_working: bool, today: datetime) -> list[SharedPc]:
    """Return the PCs that need attention because they are silent, the longest silent first. `is_working`: a window is
    not closed; `today`: when the date began.

    As with devices, while no window is open only a PC that fell silent today is news, and one silent for a week is no
    longer in use.
    """
    silent = [(pc.seen, pc.role, pc) for pc in pcs if pc_state(pc, now) is PcState.SILENT and pc.seen is not None]
    return [pc for seen, _role, pc in sorted(silent) if now - seen < GIVEN_UP_AFTER and (is_working or seen >= today)]


def typed_code(text: str) -> str:
    """Return a typed code in its stored form: capitals, without spaces and dashes."""
    return "".join(_MEANT.get(letter, letter) for letter in half_width(text).upper() if letter.isalnum())


def shown_code(code: str) -> str:
    """Return a code in two groups, for reading out and typing."""
    middle = len(code) // 2
    return f"{code[:middle]}-{code[middle:]}"


# -- what people type to join a PC to a shared hall: the main PC's address, the code, the PC's name ------------------

PORT = 7432
"""Where the main PC of a hall listens for others, unless it was told another port."""
LONGEST_NAME = 60
LONGEST_SHOWN = 60
_ADDRESS = re.compile(
    r"""(?: \[(?P<bracketed>[0-9a-f:.]+)\] | (?P<name>[\w-]+(?:\.[\w-]+)*) ) (?: :(?P<port>[0-9]{1,5}) )?
    | (?P<bare>[0-9a-f]*:[0-9a-f:.]+)""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def read_code(text: str) -> str:
    """Return a join code in its stored form, typed in any case, with spaces or dashes. Raises RuleError
    "not_a_code"."""
    code = typed_code(text)
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        raise RuleError("not_a_code", code=" ".join(text.split())[:20])
    return code


def read_address(text: str, default: int = PORT) -> tuple[str, int]:
    """Return host and port, or the `default` port, of an address such as 192.168.1.5, hall-pc:7432 or [fe80::1]:7432.
    Raises RuleError "bad_address"."""
    match = _ADDRESS.fullmatch(half_width(text).strip())
    if match is not None:
        host = match["bracketed"] or match["bare"] or match["name"]
        port = int(match["port"] or default)
        if 0 < port < 2**16 and (match["name"] or _is_ipv6(host)):
            return host, port
    raise RuleError("bad_address", address=" ".join(text.split())[:LONGEST_SHOWN])


def shown_address(host: str, port: int) -> str:
    """Return an address as people type it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def pc_name(text: str) -> str:
    """Return a PC's name as it is stored: one line, not too long, without the characters that separate it from a
    station's; "PC" for none."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text.translate(OWN_SIGNS))
    return " ".join(plain.split())[:LONGEST_NAME] or "PC"


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return `name`, with the first number that makes it unique if it is taken."""
    others = set(taken)
    names = chain([name], (f"{name[: LONGEST_NAME - 4]} {n}" for n in count(2)))
    return next(one for one in names if one not in others)


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


# How a joining PC and the main PC prove to each other that they know the same code, without sending it.
#
# Each proof binds the certificate as its maker sees it and what both said before, so that nobody between the two can
# use one. Guessing a code from an overheard proof takes many years; it lasts ten minutes.

VERSION = 1
MOST_CODES = 16
"""So many codes are told to whoever joins: trying one costs a slow PC a third of a second."""
_COST, _BLOCK, _LANES = 2**14, 8, 1
_MEMORY = 64 * 2**20
_SAYS = {True: b"queuedesk joins", False: b"queuedesk lets join"}


def key_of(code: str, salt: bytes) -> bytes:
    """Return the key that both sides derive from a code; slow and memory-hungry on purpose (0.05 s, 16 MB)."""
    return hashlib.scrypt(code.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=32)


def proof(key: bytes, *said: bytes, joins: bool) -> str:
    """Return the proof, in hex, of the PC that joins or of the main one, over what was `said`, in this order."""
    heard = b"".join(hashlib.sha256(part).digest() for part in said)
    return hmac.new(key, _SAYS[joins] + heard, hashlib.sha256).hexdigest()


def is_proof(given: object, key: bytes, *said: bytes, joins: bool) -> bool:
    """Whether `given` is that proof; takes the same time whatever it is."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), proof(key, *said, joins=joins).encode())


def may_see(who: Actor, own: str, setup: Setup) -> bool:
    """Whether `who`, of the hall with the code `own`, may look at the hall of `setup`: the console at all, staff where
    they are named."""
    return who.role is Role.CONSOLE or setup.hall.code == own or f"{own}/{who.name}" in setup.hall.seen_by
