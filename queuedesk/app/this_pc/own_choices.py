"""Remembers how this PC is used: its counter's window, the small bar's place, the hand that fills in its score sheets
and its kiosk's accessibility switches."""

from __future__ import annotations

from typing import Any

from queuedesk.app.this_pc import config
from queuedesk.core.errors import RuleError

KINDS = config.CHOICES["switches"]
LEAST_MS, MOST_MS = 500, 10_000


def choose_window(window: str) -> None:
    """Open the counter of this PC at `window` from now on. Raises OutsideError "cannot_write"."""
    config.remember({"window": window})


def keep_bar_place(x: int, y: int) -> None:
    """Remember the place of this PC's small counter bar. Raises OutsideError "cannot_write"."""
    config.remember({"bar_place": f"{x},{y}"})


def keep_hand(*, left: bool) -> None:
    """Remember with which hand this PC's score sheets are filled in. Raises OutsideError "cannot_write"."""
    config.remember({"left_handed": left})


def switches() -> dict[str, Any]:
    """Return {"switches", "step_s"} of this PC: which are plugged in, and how long the scan stays on each key."""
    kept = config.load()
    return {"switches": kept.switches, "step_s": kept.switch_step_ms / 1000}


def keep_switches(kind: str, step_s: float) -> None:
    """Use these switches from now on. Raises RuleError "bad_value", OutsideError "cannot_write"."""
    if kind not in KINDS:
        raise RuleError("bad_value", field="switches", value=kind, why="not_a_choice", limit=list(KINDS))
    step_ms = round(step_s * 1000)
    if not LEAST_MS <= step_ms <= MOST_MS:
        raise RuleError("bad_value", field="step_s", value=step_s, why="out_of_range", limit="0.5–10")
    config.remember({"switches": kind, "switch_step_ms": step_ms})
