"""How a joining PC and the main PC prove to each other that they know the same code, without sending it.

Each proof binds the certificate as its maker sees it and what both said before, so that nobody between the two can use
one. Guessing a code from an overheard proof takes many years; it lasts ten minutes.
"""

from __future__ import annotations

import hashlib
import hmac

VERSION = 1
MOST_CODES = 16
"""So many codes are told to whoever joins: trying one costs a slow PC a third of a second."""
_COST, _BLOCK, _LANES = 2**14, 8, 1
_MEMORY = 64 * 2**20
_SAYS = {True: b"queuedesk joins", False: b"queuedesk lets join"}


def key_of(code: str, salt: bytes) -> bytes:
    """Return what both sides make of a code; slow and memory-hungry on purpose (0.05 s, 16 MB)."""
    return hashlib.scrypt(code.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=32)


def proof(key: bytes, *said: bytes, joins: bool) -> str:
    """Return the proof, in hex, of the PC that joins or of the main one, over what was `said`, in this order."""
    heard = b"".join(hashlib.sha256(part).digest() for part in said)
    return hmac.new(key, _SAYS[joins] + heard, hashlib.sha256).hexdigest()


def is_proof(given: object, key: bytes, *said: bytes, joins: bool) -> bool:
    """Whether `given` is that proof; takes as long whatever it is."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), proof(key, *said, joins=joins).encode())
