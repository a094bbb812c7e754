"""The code on a ticket: its text, and its picture as dark and light modules."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct

MARK = "QD1"
QUIET_MODULES = 4  # ISO/IEC 18004: the light border a reader needs on every side


class TicketCodeContent(Struct, frozen=True):
    hall: str
    date: date
    label: str
    token: str


class TicketCodeTextAndAdvice(Struct, frozen=True):
    """The text of a ticket's code, and the lines beside it in a language: what it opens, and what to keep in mind."""

    text: str
    advice: Callable[[str], tuple[str, ...]] = lambda _lang: ()


def ticket_code_text(hall: str, day: date, label: str, token: str) -> str:
    """Return the text of a ticket's code, e.g. "QD1 H1 2026-11-20 B038 8KR2WT". Raises ValueError: a part is empty or
    holds a space, so that it could not be read back."""
    parts = (MARK, hall, day.isoformat(), label, token)
    if any(not part or part.split() != [part] for part in parts):
        raise ValueError(parts)
    return " ".join(parts)


def parse_ticket_code(text: str) -> TicketCodeContent | None:
    """Return the content of a scanned ticket's code; None for any other text (a search word, another code)."""
    parts = text.split()
    if len(parts) != 5 or parts[0] != MARK:
        return None
    try:
        day = date.fromisoformat(parts[2])
    except ValueError:
        return None
    return TicketCodeContent(parts[1], day, parts[3], parts[4])


def qr_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the square of modules for `text`, True for dark, without the quiet zone. With error correction M the code
    survives a crease or smear over 15 % of it."""
    import qrcode  # with all of Pillow: only what is drawn needs it, not every station that reads codes

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())
