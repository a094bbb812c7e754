"""One number a person: whoever gives a reference gets no second one for a service while the first waits.

What is kept is a digest with a salt of the day, among the answers to command ids, which every PC may write, until the
day's end.
"""

from __future__ import annotations

import hashlib
import secrets

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.queue.ticket import State
from queuedesk.desk.change import Change
from queuedesk.store.log import events

_WAITS = (State.WAITING, State.CALLED)
# A reference is a short number: a plain digest of it could be found by trying all.
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**12, 8, 1


def key_of(change: Change, service: str, reference: str | None) -> str:
    """Return by what a person's number for a service is found, "" where the hall's rule does not want that or nobody
    gave a reference. Raises RuleError "has_number" where it still waits."""
    plain = "".join(sign for sign in half_width(reference or "").upper() if sign.isalnum())
    if not plain or change.recorded or change.setup.settings["one_number"] != "on":
        return ""
    text = f"{service} {plain}".encode()
    digest = hashlib.scrypt(text, salt=_salt(change).encode(), n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P, dklen=16)
    key = f"{events.ONE_NUMBER}{digest.hex()}"
    found = events.answer(change.tx, change.book.id, key)
    ticket = change.book.known((change.date, found[1]["ticket"])) if found is not None else None
    if ticket is not None and ticket.state in _WAITS:
        raise RuleError("has_number", ticket=ticket.label, service=service)
    return key


def remember(change: Change, key: str, ticket: str) -> None:
    """Keep that a person has this number, until the day's end."""
    events.replace_answer(change.tx, change.book.id, key, seq=change.book.hall().seq, document={"ticket": ticket})


def _salt(change: Change) -> str:
    key = f"{events.ONE_NUMBER}salt"
    found = events.answer(change.tx, change.book.id, key)
    if found is not None:
        return str(found[1]["salt"])
    # A simulated hall has no chance in it.
    salt = change.date.isoformat() if change.salts() is None else secrets.token_hex(16)
    events.keep_answer(change.tx, change.book.id, key, words="", seq=change.book.hall().seq, document={"salt": salt})
    return salt
