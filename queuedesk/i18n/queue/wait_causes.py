"""Causes of a long wait, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.i18n.catalogue import current, ntr, tr
from queuedesk.i18n.numerals import whole


def wait_cause(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what was going on, by a cause of the document: "window 5: the one before took 31 min"."""
    said, window, kind = lang or current(), row["window"], str(row["kind"])
    minutes = whole(row["minutes"])
    if kind == "long_before":
        return tr(
            said,
            "window {window}: the one before took {minutes} min",
            window=window,
            minutes=minutes,
        )
    if kind == "paused":
        return tr(said, "window {window} paused for {minutes} min", window=window, minutes=minutes)
    if kind == "overtaken":
        return ntr(said, "overtaken {n} time", "overtaken {n} times", row["n"])
    if kind == "ahead":
        return ntr(said, "{n} person was before it", "{n} people were before it", row["n"])
    known: dict[str, str] = {"few_windows": tr(said, "few windows open"), "arrivals": tr(said, "many arrivals")}
    return known.get(kind, kind)
