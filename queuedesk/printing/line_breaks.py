"""Names and sentences in lines: full ones, even ones, and those that end where a clause ends."""

from collections.abc import Callable

from queuedesk.i18n.line_breaks import pieces

_CLAUSE_ENDS = "，。；：？！,;:?!"

Measure = Callable[[str], float]


def wrap(text: str, measure: Measure, width: float) -> list[str]:
    """Return `text` as lines of at most `width` by `measure`, at least one line.

    Breaks after spaces and beside Chinese characters, never before closing punctuation nor at U+2060;
    a word longer than a line is cut.
    """
    lines: list[str] = []
    line = ""
    for piece in pieces(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while measure(line.rstrip()) > width and len(line) > 1:
            cut = next((n for n in range(len(line) - 1, 1, -1) if measure(line[:n]) <= width), 1)
            lines.append(line[:cut])
            line = line[cut:]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def wrap_evenly(text: str, measure: Measure, width: float) -> list[str]:
    """Return the same number of lines as `wrap`, with the longest as short as it gets: for centred names."""
    lines = wrap(text, measure, width)
    low, high = 0.0, width
    while len(lines) > 1 and high - low > 1:
        middle = (low + high) / 2
        tried = wrap(text, measure, middle)
        if len(tried) > len(lines) or any(measure(line) > middle for line in tried):
            low = middle
        else:
            lines, high = tried, middle
    return lines


def wrap_sentence(text: str, measure: Measure, width: float) -> list[str]:
    """Return lines that end where a clause ends, if that takes no more of them; else even ones."""
    lines: list[str] = []
    for clause in _clauses(text):
        if lines and measure(lines[-1] + clause.rstrip()) <= width:
            lines[-1] += clause
        else:
            lines.append(clause)
    lines = [line.strip() for line in lines]
    even = wrap_evenly(text, measure, width)
    return lines if len(lines) <= len(even) and all(measure(line) <= width for line in lines) else even


def _clauses(text: str) -> list[str]:
    clauses = [""]
    for char in text:
        if char not in _CLAUSE_ENDS and char != " " and clauses[-1].rstrip()[-1:] in tuple(_CLAUSE_ENDS):
            clauses.append("")
        clauses[-1] += char
    return clauses
