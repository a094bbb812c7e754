"""The rules by which words find something: a search in lists of pages and commands, and two texts about one thing."""

import re
from itertools import pairwise

_WORD = re.compile(r"[a-z0-9]{3,}|[\u4e00-\u9fff]+")
_SAY_NOTHING = frozenset({"and", "the", "with", "for"})


def has_words(search: str, *said: object) -> bool:
    """Whether every word of a search stands somewhere in what is `said`, in capitals or not, or is a whole number of
    it; None says nothing."""
    numbers = {str(one) for one in said if isinstance(one, int)}
    text = "\n".join(str(one) for one in said if one is not None and not isinstance(one, int)).casefold()
    return all(word in numbers or word in text for word in search.casefold().split())


def share_a_word(one: str, other: str) -> bool:
    """Whether two texts may be about the same: both have a word, of Chinese two signs that follow one another."""
    return bool(_words(one) & _words(other) - _SAY_NOTHING)


def _words(text: str) -> set[str]:
    found = _WORD.findall(text.casefold())
    return {part for one in found for part in ([one] if one.isascii() else map("".join, pairwise(one)))}
