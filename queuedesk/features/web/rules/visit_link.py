"""Links to visits: the address of a ticket's own page, which only the code on its slip names.

A token is computed from the hall's secret and the ticket, and stored nowhere: any PC that prints can make it, and
nobody can guess it. It opens the page on the ticket's business date only; a new secret withdraws all links.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections import OrderedDict
from datetime import date

from queuedesk.core.imports import half_width
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import State, Ticket, TicketId

TOKEN_LENGTH = 26
"""Letters of base32, five bits each."""
PATH = "/T/"
TRIES, TRY_AGAIN_S = 20, 3.0
"""So many wrong tokens from one address are answered at once, then one in that many seconds."""
MOST_ADDRESSES = 10_000
# A scanner sends keys; another layout of the keyboard turns colons and slashes into other signs, but not letters.
_SCANNED_LINK = re.compile(rf"HTTPS?[^A-Z].*[^A-Z0-9]T[^A-Z0-9]([A-Z2-7]{{{TOKEN_LENGTH}}})", re.DOTALL)


def visit_token(secret: bytes, date: date, label: str, epoch: str) -> str:
    """Return the token of a ticket's link; `epoch` is the ticket's random letters, which differ when a number is given
    out again on the same date, as after a backup was restored."""
    message = f"{date.isoformat()}|{label}|{epoch}".encode()
    return base64.b32encode(hmac.digest(secret, message, hashlib.sha256)).decode()[:TOKEN_LENGTH]


def visit_link(address: str, token: str) -> str:
    """Return a ticket's link, all in capitals: a QR code of capitals and digits alone has fewer modules, and neither
    scheme nor host of an address tells capitals from small letters."""
    return f"{address.rstrip('/')}{PATH}{token}".upper()


def token_in_scanned_text(text: str) -> str | None:
    """Return the token of a scanned link, None for any other text. Letters and digits must be right, but not colons and
    slashes."""
    match = _SCANNED_LINK.fullmatch(half_width(text).strip().upper())
    return match[1] if match else None


class VisitTokenIndex:
    """The links of one business date, of a hall with this `secret`; for one thread."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._day: date | None = None
        self._ids: dict[bytes, TicketId] = {}
        self._indexed: set[tuple[str, str]] = set()

    def token(self, ticket: Ticket) -> str:
        """Return the token of a ticket's link, of any date."""
        return visit_token(self._secret, ticket.date, ticket.label, ticket.token)

    def ticket(self, state: HallState, token: str, day: date) -> Ticket | None:
        """Return the ticket whose link has this token, None if there is none, it is void, or its business date is not
        `day`. Tokens are looked up by digest, so that the time taken does not tell how much of a guess is right."""
        if day != self._day:
            self._day, self._ids, self._indexed = day, {}, set()
        digest = _digest(token)
        if digest not in self._ids:
            self._index_new_tickets(state, day)
        id = self._ids.get(digest)
        ticket = state.tickets.get(id) if id is not None else None
        if ticket is None or ticket.state is State.VOID:
            return None
        return ticket if hmac.compare_digest(self.token(ticket).encode(), token.upper().encode()) else None

    def _index_new_tickets(self, state: HallState, day: date) -> None:
        for id, ticket in state.tickets.items():
            if id[0] == day and (ticket.label, ticket.token) not in self._indexed:
                self._indexed.add((ticket.label, ticket.token))
                self._ids[_digest(self.token(ticket))] = id


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.upper().encode()).digest()


class WrongTokens:
    """Who asks with tokens that open nothing: a few are let through, then one from time to time."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, address: str, now_s: float) -> float:
        """Note one more from an address; return 0, or how long it has to wait."""
        left, wait_s = self._tries_left(address, now_s), self.blocked_s(address, now_s)
        self._tries.pop(address, None)
        self._tries[address] = (left - 1.0 if not wait_s else left, now_s)
        if len(self._tries) > MOST_ADDRESSES:
            self._tries.popitem(last=False)
        return wait_s

    def blocked_s(self, address: str, now_s: float) -> float:
        """Return how long an address has to wait before its next try, 0 while it need not."""
        left = self._tries_left(address, now_s)
        return 0.0 if left >= 1.0 else (1.0 - left) * TRY_AGAIN_S

    def _tries_left(self, address: str, now_s: float) -> float:
        left, before_s = self._tries.get(address, (float(TRIES), now_s))
        return min(float(TRIES), left + (now_s - before_s) / TRY_AGAIN_S)
