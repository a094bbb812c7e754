"""What the manager does about the day itself: alerts seen, notices on the displays, notes, corrections with two
people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.network.people import Actor
from queuedesk.desk.change import Document
from queuedesk.desk.figures import correcting
from queuedesk.desk.queue import signing
from queuedesk.desk.talk import alarms, noticing
from queuedesk.stations.manager.today.notices_page import WantedNotice
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.one_command import OneCommand

Act = Callable[..., Document]


@dataclass(frozen=True, slots=True)
class Deeds:
    """The desk functions that the manager's day needs."""

    acknowledge: Act = alarms.acknowledge
    push: Act = noticing.push
    withdraw: Act = noticing.withdraw
    add_note: Act = noticing.add_note
    remove_note: Act = noticing.remove_note
    correct: Act = correcting.correct
    has_pin: Callable[..., bool] = signing.has_pin
    who_acts: Callable[..., Actor] = signing.who_acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to stand in a ticket's story instead; `second` is who else agrees, with `pin` where that person has one,
    `alone` that nobody can."""

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

    def __init__(self, context: StationContext, deeds: Deeds | None = None, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._deeds = deeds or Deeds()

    def acknowledge(self, kind: str, **about: str | None) -> None:
        """Say that an alert was seen, by what it is about: service, window, ticket, device, station."""
        self._run("acknowledge", partial(self._deeds.acknowledge, **about), kind)

    def push(self, wanted: WantedNotice) -> None:
        """Put a notice on the displays, at once or at its time."""
        ask, context = self.context.ask(), self.context
        setup, day = context.feed.setup, context.feed.day
        words = {"text_en": wanted.text_en, "minutes": wanted.minutes, "zone": wanted.zone, "display": wanted.display}

        def work() -> Document:
            begins = noticing.begins_at(setup, day, wanted.begins) if wanted.begins else None
            return self._deeds.push(context.desk, ask, wanted.text, begins=begins, spoken=wanted.spoken, **words)

        self.start("push", work)

    def withdraw(self, seq: int) -> None:
        self._run("withdraw", self._deeds.withdraw, seq)

    def add_note(self, kind: str, text: str, start: str, end: str) -> None:
        """Write a note on today, with hall times or "" where nobody knows them."""
        self._run("add_note", partial(self._deeds.add_note, start=start or None, end=end or None), kind, text)

    def remove_note(self, seq: int, reason: str) -> None:
        self._run("remove_note", partial(self._deeds.remove_note, reason=reason), seq)

    def correct(self, wanted: Correction) -> None:
        """Correct a ticket; the second person's PIN is checked first, as at sign-in."""
        deeds, context = self._deeds, self.context
        ask = context.ask()

        def work() -> Document:
            if wanted.second:
                deeds.who_acts(context.desk, wanted.second, pin=wanted.pin or None, now=ask.now)
            return deeds.correct(
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
        controller = self.context.desk
        self.context.tasks.run(
            lambda: self._deeds.has_pin(controller, staff),
            partial(self.pin_known.emit, staff),
            partial(self.refused.emit, "correct"),
        )

    def _run(self, verb: str, act: Act, *words: object) -> None:
        ask = self.context.ask()
        self.start(verb, lambda: act(self.context.desk, ask, *words))
