"""Converts the full-width letters and digits of Chinese input methods to plain ones."""

_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def half_width(text: str) -> str:
    return text.translate(_HALF_WIDTH)
