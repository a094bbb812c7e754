"""Texts of the catalogue that stand where nothing is translated yet."""

from __future__ import annotations

from typing import NamedTuple


class Wording(NamedTuple):
    """An English text of the catalogue with its context, found in the source by scripts/build_texts.py."""

    text: str
    context: str = ""


NO_WORDS = Wording("")
