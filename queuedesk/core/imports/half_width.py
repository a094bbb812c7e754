"""Turns full-width letters and digits, as a Chinese input method leaves them, into plain ones."""

_PLAIN = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def half_width(text: str) -> str:
    """Return `text` with full-width letters, digits and signs in their plain form."""
    return text.translate(_PLAIN)
