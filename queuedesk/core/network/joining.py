"""What people type to join a PC to a shared hall: the main PC's address, the code, the PC's name."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from itertools import chain, count

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.network.sharing import CODE_LENGTH, CODE_LETTERS, typed_code
from queuedesk.core.talk.screen import OWN_SIGNS

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
    """Return a join code as it was meant: typed in any case, with spaces or dashes. Raises RuleError "not_a_code"."""
    code = typed_code(text)
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        raise RuleError("not_a_code", code=" ".join(text.split())[:20])
    return code


def read_address(text: str, default: int = PORT) -> tuple[str, int]:
    """Return host and port, or the `default` one, of an address such as 192.168.1.5, hall-pc:7432 or [fe80::1]:7432.
    Raises RuleError "bad_address"."""
    found = _ADDRESS.fullmatch(half_width(text).strip())
    if found is not None:
        host = found["bracketed"] or found["bare"] or found["name"]
        port = int(found["port"] or default)
        if 0 < port < 2**16 and (found["name"] or _is_ipv6(host)):
            return host, port
    raise RuleError("bad_address", address=" ".join(text.split())[:LONGEST_SHOWN])


def shown_address(host: str, port: int) -> str:
    """Return an address as people type it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def pc_name(text: str) -> str:
    """Return a PC's name as it is kept: one line, not too long, without signs that part it from a station's; "PC" for
    none."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text.translate(OWN_SIGNS))
    return " ".join(plain.split())[:LONGEST_NAME] or "PC"


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or with the first number behind it that makes it a name of its own."""
    others = set(taken)
    names = chain([name], (f"{name[: LONGEST_NAME - 4]} {n}" for n in count(2)))
    return next(one for one in names if one not in others)


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
