"""Random values: the letters on a ticket that prove it is ours, and the salt of a rating.

Both come from chance in life; where a day must come out the same again the letters come from a secret, and nothing is
mixed in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import date

TokenSource = Callable[[date, str], str]
"""Gives the token of a ticket by its business date and number."""

SaltSource = Callable[[], str | None]
"""Gives what is mixed into an event that tells of a rating, so that its hash tells nobody the level; None for
nothing."""

# Letters and digits that can't be taken for one another, read or heard.
LETTERS = "23456789ABCDEFGHJKMNPRTUVWXY"
LENGTH = 6


def random_salt() -> str:
    """Return 128 random bits."""
    return secrets.token_hex(16)


def no_salt() -> None:
    """Return nothing: the ratings of a simulated or replayed hall are no secret."""


def random_token(day: date, label: str) -> str:
    """Return six random letters; nobody can guess them from the ticket."""
    return _letters(secrets.randbelow(len(LETTERS) ** LENGTH))


def derived_tokens(source: bytes) -> TokenSource:
    """Return a source that gives the same letters for the same `source`, date and number: a replayed or simulated
    hall's."""

    def token(day: date, label: str) -> str:
        digest = hmac.digest(source, f"{day.isoformat()} {label}".encode(), hashlib.sha256)
        return _letters(int.from_bytes(digest, "big"))

    return token


def _letters(number: int) -> str:
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)
