"""A hall shared by several PCs: kinds of PC, the join code and its proof, and views of other halls."""

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
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import GIVEN_UP_AFTER
from queuedesk.core.talk.screen import HALL_SCREENS, OWN_SIGNS

CODE_LETTERS = "23456789ABCDEFGHJKMNPRTUVWXY"
"""Without letters that look like another letter or a digit."""
CODE_LENGTH = 8
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
# Lookalikes of characters that codes do not contain.
_LOOKALIKES = {"S": "5", "Z": "2"}
SILENT_AFTER = timedelta(minutes=2)
"""Time without the half-minute signs of life after which a PC counts as switched off or cut off."""


class PcKind(StrEnum):
    """What a joined PC's credential allows in the database; a station that it does not allow refuses at its start."""

    PUBLIC = "public"  # display, plate, line, kiosk, rating: no names, contacts or comments
    WEB = "web"  # the hall's web pages: what PUBLIC and customers may, and no more
    STAFF = "staff"  # guide, counter, lobby, and what PUBLIC may
    MANAGER = "manager"  # everything of its hall, codes and credentials of other PCs included


class SharedPc(Struct, frozen=True):
    """A PC's credential: the database's `role`, its own `name`; `seen`: last sign of life, None before the first, with
    the program's `version`."""

    role: str
    hall: str
    name: str
    kind: PcKind
    made: datetime
    made_by: str
    seen: datetime | None
    withdrawn: datetime | None
    version: str | None = None


class JoinCode(Struct, frozen=True):
    """A code, shown once: `code` is eight of CODE_LETTERS, valid until `expires` for one PC of `kind`."""

    code: str
    kind: PcKind
    hall: str
    expires: datetime


class JoinResult(Struct, frozen=True, kw_only=True):
    """What this PC is once it has joined: `name` is what the manager sees, `db` the hall's address without a password,
    `host` the main PC's address."""

    hall: str
    hall_name: str
    hall_name_en: str
    name: str
    kind: str
    db: str
    host: str


class PcState(StrEnum):
    """The state of a joined PC by its signs of life."""

    HERE = "here"
    SILENT = "silent"
    NEW = "new"  # no sign of life yet
    WITHDRAWN = "withdrawn"


class SharingStatus(Struct, frozen=True, kw_only=True):
    """The sharing of this PC's hall: whether other PCs can share it, and at which addresses they reach it. `is_host`:
    the hall's server is on this PC; `runs`: other PCs reach it now; `begins`: they soon will. `own_role` is this PC's
    credential, "" without one; `has_given_server`: this PC shares it on a server of its own, not on the one that the
    program brings along; `hindrance` the refusal's code where the hall can't be shared from here. `interrupted`
    is when sharing was started and broken off, in a hall that is still in its file."""

    is_shared: bool
    is_host: bool = False
    runs: bool = False
    begins: bool = False
    addresses: tuple[str, ...] = ()
    own_role: str = ""
    has_given_server: bool = False
    hindrance: str = ""
    interrupted: datetime | None = None


def may_open_station(kind: PcKind | None, station: str) -> bool:
    """Whether a station may be opened on a PC of that kind; None: a PC without a credential, with its own hall."""
    if kind in (None, PcKind.MANAGER) or station in HALL_SCREENS:
        return True
    return kind is PcKind.STAFF and station != "manager"


def pc_state(pc: SharedPc, now: datetime) -> PcState:
    if pc.withdrawn is not None:
        return PcState.WITHDRAWN
    if pc.seen is None:
        return PcState.NEW
    return PcState.SILENT if now - pc.seen > SILENT_AFTER else PcState.HERE


def silent_pcs_needing_attention(
    pcs: Iterable[SharedPc], now: datetime, *, is_working: bool, today: datetime
) -> list[SharedPc]:
    """Return the PCs that need attention because they are silent, longest first. `is_working`: some window is not
    closed; `today`: the start of the date. As with devices, while all windows are closed only PCs silent since today
    count, and one silent for a week is unused."""
    silent = [(pc.seen, pc.role, pc) for pc in pcs if pc_state(pc, now) is PcState.SILENT and pc.seen is not None]
    return [pc for seen, _role, pc in sorted(silent) if now - seen < GIVEN_UP_AFTER and (is_working or seen >= today)]


def normalize_join_code(text: str) -> str:
    """Return a typed code in its stored form: capitals, without spaces and dashes, with lookalikes replaced."""
    return "".join(_LOOKALIKES.get(letter, letter) for letter in half_width_text(text).upper() if letter.isalnum())


def join_code_in_two_groups(code: str) -> str:
    """Return a code in two groups, for reading out and typing."""
    middle = len(code) // 2
    return f"{code[:middle]}-{code[middle:]}"


# -- input for joining a shared hall: the main PC's address, the code, the PC's name ---------------------------------

PORT = 7432
"""Default port of a hall's main PC."""
LONGEST_NAME = 60
LONGEST_SHOWN = 60
_ADDRESS = re.compile(
    r"""(?: \[(?P<bracketed>[0-9a-f:.]+)\] | (?P<name>[\w-]+(?:\.[\w-]+)*) ) (?: :(?P<port>[0-9]{1,5}) )?
    | (?P<bare>[0-9a-f]*:[0-9a-f:.]+)""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def checked_join_code_text(text: str) -> str:
    """Parse a join code, in any case, with spaces or dashes. Raises RuleError "not_a_code"."""
    code = normalize_join_code(text)
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        raise RuleError("not_a_code", code=" ".join(text.split())[:20])
    return code


def parse_host_and_port(text: str, default: int = PORT) -> tuple[str, int]:
    """Return host and port (or the `default` port) of an address such as 192.168.1.5, hall-pc:7432 or [fe80::1]:7432.
    Raises RuleError "bad_address"."""
    match = _ADDRESS.fullmatch(half_width_text(text).strip())
    if match is not None:
        host = match["bracketed"] or match["bare"] or match["name"]
        port = int(match["port"] or default)
        if 0 < port < 2**16 and (match["name"] or _is_ipv6(host)):
            return host, port
    raise RuleError("bad_address", address=" ".join(text.split())[:LONGEST_SHOWN])


def format_address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def normalized_pc_name(text: str) -> str:
    """Return a PC's name as stored: one line, limited, without separators of station names; "PC" for none."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text.translate(OWN_SIGNS))
    return " ".join(plain.split())[:LONGEST_NAME] or "PC"


def name_with_free_number(name: str, taken: Iterable[str]) -> str:
    """Return `name`, with the first number that makes it unique if it is taken."""
    others = set(taken)
    names = chain([name], (f"{name[: LONGEST_NAME - 4]} {n}" for n in count(2)))
    return next(candidate for candidate in names if candidate not in others)


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


# How a joining PC and the main PC prove to each other that they have the same code, without sending it.
#
# Each proof binds the certificate seen by its maker and the messages before, so that a man in the middle can't use it.
# Guessing a code from an overheard proof takes many years; it lasts ten minutes.

VERSION = 1
MOST_CODES = 16
"""Most open codes that a joining PC gets: trying one takes a slow PC a third of a second."""
_COST, _BLOCK, _LANES = 2**14, 8, 1
_MEMORY_LIMIT = 64 * 2**20
_PROOF_LABELS = {True: b"queuedesk joins", False: b"queuedesk lets join"}


def derive_join_key(code: str, salt: bytes) -> bytes:
    """Return the key that both sides derive from a code; slow and memory-hungry on purpose (0.05 s, 16 MB)."""
    return hashlib.scrypt(code.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY_LIMIT, dklen=32)


def join_proof_hex(key: bytes, *said: bytes, joins: bool) -> str:
    """Return the hex proof over the parts `said` in this order; `joins`: by the joining PC, else by the main one."""
    digests = b"".join(hashlib.sha256(part).digest() for part in said)
    return hmac.new(key, _PROOF_LABELS[joins] + digests, hashlib.sha256).hexdigest()


def is_valid_join_proof(given: object, key: bytes, *said: bytes, joins: bool) -> bool:
    """Whether `given` is that proof, in constant time."""
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(), join_proof_hex(key, *said, joins=joins).encode()
    )


def may_person_view_hall(who: Actor, own: str, setup: Setup) -> bool:
    """Whether `who`, of the hall with the code `own`, may look at the hall of `setup`: the console always, staff where
    the set-up names them."""
    return who.role is Role.CONSOLE or setup.hall.code == own or f"{own}/{who.name}" in setup.hall.seen_by
