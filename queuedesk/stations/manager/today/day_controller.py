"""The manager's acts on the day: alerts seen, notices on the displays, notes, corrections by two people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import Signal

from queuedesk.desk.change import Document
from queuedesk.desk.figures import correcting
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.talk import alarms, messaging
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.window.context import OneCommand

if TYPE_CHECKING:
    from queuedesk.stations.manager.today.notices_page import WantedNotice


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


class DayController(OneCommand):
    """`done` gives the verb (acknowledge, push, withdraw, add_note, remove_note, correct) and the document; `refused`
    the verb and the trouble.

    `pin_known` says of a member of staff whether a PIN has to be typed.
    """

    pin_known = Signal(str, bool)

    def acknowledge(self, alert: AlertText) -> None:
        """Note that somebody has seen an alert."""
        self.act("acknowledge", alarms.acknowledge, alert.kind, **alert.about)

    def push(self, wanted: WantedNotice) -> None:
        """Put a notice on the displays, at once or at its time."""
        ask, context = self.context.ask(), self.context
        setup, day = context.feed.setup, context.feed.day

        def work() -> Document:
            return messaging.push(
                context.desk,
                ask,
                wanted.text,
                text_en=wanted.text_en,
                minutes=wanted.minutes,
                zone=wanted.zone,
                display=wanted.display,
                begins=messaging.begins_at(setup, day, wanted.begins) if wanted.begins else None,
                spoken=wanted.spoken,
            )

        self.start("push", work)

    def withdraw(self, seq: int) -> None:
        self.act("withdraw", messaging.withdraw, seq)

    def add_note(self, kind: str, text: str, start: str, end: str) -> None:
        """Write a note on today, with hall times or "" if unknown."""
        self.act("add_note", messaging.add_note, kind, text, start=start or None, end=end or None)

    def remove_note(self, seq: int, reason: str) -> None:
        self.act("remove_note", messaging.remove_note, seq, reason=reason)

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
