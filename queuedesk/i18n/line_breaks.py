"""Where a line of Chinese or English may break: one rule for screens, paper and reports."""

from __future__ import annotations

NEVER_FIRST = frozenset("，。、；：？！）」』》】〉”’…—·％,.;:?!)]}%")
NEVER_LAST = frozenset("（「『《【〈“‘([{")
DOT, GLUED, SHORT = " · ", "\u2060", 6
GLUE = frozenset("\u2060\u00a0")


def can_break_line_between(before: str, after: str) -> bool:
    """Return whether a line may end between some text and a character: after spaces and hyphens, and beside Chinese
    characters. A line never begins with closing punctuation nor ends with an opening bracket, with spaces behind it or
    not; U+2060 holds its neighbours together, and a date such as 2026-11-20 stays whole."""
    last = before[-1]
    if after in NEVER_FIRST or before.rstrip(" ")[-1:] in NEVER_LAST or last in GLUE or after in GLUE or after == " ":
        return False
    if last == "-" and after.isdigit():
        return False
    return last in " -/" or _is_wide_character(last) or _is_wide_character(after)


def glue_short_line_parts(line: str) -> str:
    """Return a line of parts with a dot between them so that a short part, such as a class, is never broken."""
    parts = line.split(DOT)
    return DOT.join(GLUED.join(part) if len(part) <= SHORT and " " not in part else part for part in parts)


def unbroken_pieces(text: str) -> list[str]:
    """Split `text` at every place where a line may end; joined again they are the text. The last Chinese character goes
    with the one before it: none stands alone on a line."""
    found: list[str] = []
    start = 0
    for at in range(1, len(text)):
        if can_break_line_between(text[start:at], text[at]):
            found.append(text[start:at])
            start = at
    if start < len(text):
        found.append(text[start:])
    if len(found) > 1 and _is_wide_character(found[-1][0]) and sum(char not in NEVER_FIRST for char in found[-1]) == 1:
        found[-2:] = ["".join(found[-2:])]
    return found


def _is_wide_character(char: str) -> bool:
    """Chinese characters and full-width marks: the ranges that GB 18030 text uses."""
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef"
