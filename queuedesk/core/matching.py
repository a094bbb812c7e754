"""Text matching: a search in lists of pages and commands, and texts about the same thing."""

import re
from itertools import pairwise

_WORD = re.compile(r"[a-z0-9]{3,}|[\u4e00-\u9fff]+")
_STOP_WORDS = frozenset({"and", "the", "with", "for"})


def is_search_match(search: str, *said: object) -> bool:
    """Whether every word of a search is in one of the values `said`, ignoring case, or equals a number among them; None
    is skipped."""
    numbers = {str(value) for value in said if isinstance(value, int)}
    text = "\n".join(str(value) for value in said if value is not None and not isinstance(value, int)).casefold()
    return all(word in numbers or word in text for word in search.casefold().split())


def have_common_word(text: str, other_text: str) -> bool:
    """Whether both texts have a common word, in Chinese two consecutive characters."""
    return bool(_words_and_character_pairs(text) & _words_and_character_pairs(other_text) - _STOP_WORDS)


def _words_and_character_pairs(text: str) -> set[str]:
    words = _WORD.findall(text.casefold())
    return {part for word in words for part in ([word] if word.isascii() else map("".join, pairwise(word)))}
