"""The manager's acts on the day: alerts seen, notices on the displays, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queuedesk.desk.change import Document
from queuedesk.desk.talk import alarms, messaging
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.window.context import SingleCommandRunner

if TYPE_CHECKING:
    from queuedesk.stations.manager.today.notices_page import NoticeDraft


class DayController(SingleCommandRunner):
    """`done`: verb (acknowledge, push, withdraw, add_note, remove_note) and document; `refused`: verb and trouble."""

    def acknowledge(self, alert: AlertText) -> None:
        self.act("acknowledge", alarms.acknowledge, alert.kind, **alert.about)

    def push(self, wanted: NoticeDraft) -> None:
        """Put a notice on the displays, at once or at its time."""
        ask, context = self.context.ask(), self.context
        setup, day = context.feed.setup, context.feed.day

        def work() -> Document:
            return messaging.push_notice(
                context.desk,
                ask,
                wanted.text,
                text_en=wanted.text_en,
                minutes=wanted.minutes,
                zone=wanted.zone,
                display=wanted.display,
                begins=messaging.moment_of_typed_time(setup, day, wanted.begins) if wanted.begins else None,
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
