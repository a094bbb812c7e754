"""The check code on printed reports: a short text that says how far the log goes and what it contains.

"4812-K7QM-7F3A-Q9KM-2XHT-B6WD-9RCX": the number of the last event; 4 letters by which the log is told from others (20
bits of its first event's hash); 18 of that last event's own (90 bits); and 2 by which a slip of the hand is noticed. To
write another log that gives a printed code takes 2^90 tries, and 2^45 for somebody who makes both logs before one of
them is printed; against that one stands the whole hash, which reports print too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of each two that look alike one: no I, L, O, U."""
_BITS = 5
LOG_LETTERS, HASH_LETTERS, SLIP_LETTERS = 4, 18, 2
_ALL = LOG_LETTERS + HASH_LETTERS + SLIP_LETTERS
_GROUP = 4
_PRIME = 1021
"""The largest below two letters' worth: every single wrong sign and every two neighbours that changed places are
noticed."""
_MOST_DIGITS = 15
_HASH_BITS = 256
_ALIKE = str.maketrans("OIL", "011")
_TYPED = re.compile(r"\d+[^0-9A-Z]")
_PRINTED = re.compile(rf"(?<![\w-])(\d{{1,{_MOST_DIGITS}}})((?:-[{LETTERS}]{{{_GROUP}}}){{{_ALL // _GROUP}}})(?![\w-])")
_WHOLE = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
_SEPARATORS = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """An end of a log: its first event's hash, by which it is told from others, and the number and hash of the last."""

    log: str
    seq: int
    hash: str

    @property
    def code(self) -> str:
        """Its check code."""
        letters = _letters(self.log, LOG_LETTERS) + _letters(self.hash, HASH_LETTERS)
        letters += _slip(self.seq, letters)
        return "-".join([str(self.seq), *(letters[i : i + _GROUP] for i in range(0, _ALL, _GROUP))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a sheet says of a log. `log` and `start` are letters of a code; `whole` the hash in full where it is
    printed.

    A sheet of an earlier program has the whole hash alone: `seq` is None then, `log` and `start` are "".
    """

    seq: int | None
    log: str = ""
    start: str = ""
    whole: str = ""

    def is_of(self, first_hash: str) -> bool:
        """Whether it is about the log that begins with an event of this hash, as far as it says."""
        return self.log in ("", _letters(first_hash, LOG_LETTERS))

    def fits(self, hash: str) -> bool:
        """Whether the last event has this hash, by all that the sheet says of it."""
        return self.start in ("", _letters(hash, HASH_LETTERS)) and self.whole in ("", hash)


def is_code(text: str) -> bool:
    """Whether somebody typed a check code here, with slips or without, and not the name of a file."""
    plain = _plain(text)
    return (
        _TYPED.match(plain.translate(_ALIKE)) is not None
        and len(_SEPARATORS.sub("", plain)) > _ALL // 2
        and not _has_ending(text)
    )


def read_code(text: str) -> Claim:
    """Read a check code as people type it: small letters, other signs between, O for 0. Raises RuleError
    "code_mistyped"."""
    signs = _SEPARATORS.sub("", _plain(text))
    digits, letters = signs[:-_ALL], signs[-_ALL:].translate(_ALIKE)
    digits = digits.translate(_ALIKE)
    is_whole = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS and set(letters) <= set(LETTERS)
    if not is_whole or _slip(int(digits), letters[:-SLIP_LETTERS]) != letters[-SLIP_LETTERS:]:
        raise RuleError("code_mistyped")
    return _claim(int(digits), letters)


def claims_in(text: str) -> list[Claim]:
    """Return what a printed text says of logs, each once; a code and the whole hash that belongs to it are one."""
    return list(dict.fromkeys(_claims(text)))


def _claims(text: str) -> Iterator[Claim]:
    whole = dict.fromkeys(_WHOLE.findall(text), False)
    for digits, groups in _PRINTED.findall(text):
        seq, letters = int(digits), groups.replace("-", "")
        if _slip(seq, letters[:-SLIP_LETTERS]) != letters[-SLIP_LETTERS:]:
            continue  # Something else that looks like it.
        claim = _claim(seq, letters)
        hash = next((one for one in whole if claim.fits(one)), "")
        whole[hash] = True
        yield replace(claim, whole=hash)
    yield from (Claim(seq=None, whole=one) for one, has_code in whole.items() if not has_code)


def _claim(seq: int, letters: str) -> Claim:
    return Claim(seq=seq, log=letters[:LOG_LETTERS], start=letters[LOG_LETTERS : LOG_LETTERS + HASH_LETTERS])


def _letters(hash: str, n: int) -> str:
    """Return a hash's first bits as letters, "" of what is no hash."""
    return _in_letters(int(hash, 16) >> (_HASH_BITS - _BITS * n), n) if _WHOLE.fullmatch(hash) else ""


def _in_letters(value: int, n: int) -> str:
    return "".join(LETTERS[value >> (_BITS * i) & 31] for i in reversed(range(n)))


def _slip(seq: int, letters: str) -> str:
    value = seq
    for letter in letters:
        value = value * len(LETTERS) + LETTERS.index(letter)
    return _in_letters(value % _PRIME, SLIP_LETTERS)


def _plain(text: str) -> str:
    return half_width(text).strip().upper()


def _has_ending(text: str) -> bool:
    return re.search(r"[\\/]|\.\w+$", text.strip()) is not None
