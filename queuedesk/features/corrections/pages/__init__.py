"""Corrects a ticket beside the window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Signal

from queuedesk.desk.change import Document
from queuedesk.desk.figures import correcting
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.window.context import OneCommand


class Correction(Struct, frozen=True, kw_only=True):
    """The new values for a ticket; `second` is the person who agrees, with `pin` if they have one, `alone` says that
    nobody can."""

    day: date
    label: str
    leg: int
    changes: Mapping[str, Any]
    reason: str
    second: str = ""
    pin: str = ""
    alone: bool = False


class CorrectionController(OneCommand):
    """Does what is asked (`correct`). `pin_known` says of a member of staff whether a PIN has to be typed."""

    pin_known = Signal(str, bool)

    def correct(self, wanted: Correction) -> None:
        """Correct a ticket; the second person's PIN is checked first, as at sign-in."""
        context = self.context
        ask = context.ask()

        def work() -> Document:
            if wanted.second:
                sign_in_and_pins.who_acts(context.desk, wanted.second, pin=wanted.pin or None, now=ask.now)
            return correcting.correct(
                context.desk,
                ask,
                wanted.label,
                leg=wanted.leg,
                changes=wanted.changes,
                reason=wanted.reason,
                second=wanted.second or None,
                alone=wanted.alone,
                day=wanted.day,
            )

        self.start("correct", work)

    def look_for_pin(self, staff: str) -> None:
        """Ask whether a person has a PIN; `pin_known` answers."""
        desk = self.context.desk
        self.context.tasks.run(
            lambda: sign_in_and_pins.has_pin(desk, staff),
            partial(self.pin_known.emit, staff),
            partial(self.refused.emit, "correct"),
        )
