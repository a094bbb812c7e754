"""What a person is told of thanks and warnings at the own station, and what notes that they were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec.structs import asdict

from queuedesk.core.log.state import HallState
from queuedesk.core.quality.thanks import Thanks
from queuedesk.core.quality.warnings import is_warned
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.remarks import Alarm
from queuedesk.desk.change import Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.i18n import _, time_hm
from queuedesk.i18n.queue.event_words import alarm_text
from queuedesk.stations.talk import FeatureMessage, FeatureTalkExtension
from queuedesk.stations.widgets.message_place import MessageButtonVerbAndWord, MessageRank, StationMessage
from queuedesk.stations.window.frame import MenuEntry


def warning_text(setup: Setup, alarm: Alarm) -> str:
    """Return a warning in one line: since when, of what kind, where."""
    return _(
        "Warning, {time}: {what}", time=time_hm(setup.to_hall_time(alarm.since)), what=alarm_text(setup, asdict(alarm))
    )


def _person_unacknowledged_alarms(state: HallState, who: str, alarms: Iterable[Alarm]) -> list[Alarm]:
    """Return the alarms of which somebody is warned and that nobody has acknowledged, the oldest first."""
    found = (one for one in alarms if one.acknowledged is None and is_warned(state, who, one))
    return sorted(found, key=lambda one: one.seq)


class ThanksAndAlertTalkExtension(FeatureTalkExtension):
    """Tells a person of the alerts they are responsible for, and of thanks; reading thanks counts as read."""

    def items(self, who: str) -> Iterator[FeatureMessage]:
        feed, seen = self.context.feed, (MessageButtonVerbAndWord("seen", _("Seen", context="message")),)
        for alarm in _person_unacknowledged_alarms(feed.state, who, feed.state.alarms.values()):
            tint = "red" if alarm.level == "red" else "amber"
            told = StationMessage(tint, "bell", warning_text(feed.setup, alarm), presses=seen, key=alarm.seq)
            yield FeatureMessage(
                told=told, press=partial(self._acknowledge_alarm, alarm), rank=MessageRank.WARNING, waits=False
            )
        read = (MessageButtonVerbAndWord("read", _("Read it")),)
        for one in self._unseen_thanks(who):
            told = StationMessage("blue", "star", _("A customer thanks you"), presses=read, key=one.seq)
            yield FeatureMessage(told=told, press=self.show_thanks_and_mark_read)

    def _unseen_thanks(self, who: str) -> list[Thanks]:
        every = self.context.feed.state.thanks.values()
        return sorted((row for row in every if row.staff == who and row.is_unseen), key=lambda row: row.seq)

    def person_menu_entries(self) -> list[MenuEntry]:
        return [MenuEntry(_("Thanks to me"), self.show_thanks_and_mark_read, enabled=not self.talking.is_away)]

    def _acknowledge_alarm(self, alarm: Alarm) -> None:
        place = {"window": alarm.window, "ticket": alarm.ticket, "device": alarm.device, "station": alarm.station}
        self.talking.controller.run("seen", messaging.acknowledge_alert, alarm.kind, service=alarm.service, **place)

    def show_thanks_and_mark_read(self) -> None:
        """Show the thanks to the person here, which counts as read."""
        context, controller, who = self.context, self.talking.controller, self.context.who
        if who is None or self.talking.is_away:
            return
        for one in self._unseen_thanks(who.name):
            controller.run("thanks", thanking.mark_thanks_read, one.seq)
        own = partial(thanking.readable_thanks_between, context.desk, who, context.clock(), staff=who.name)
        context.tasks.run(own, self._open_own_thanks_dialog, partial(controller.refused.emit, "thanks"))

    def _open_own_thanks_dialog(self, rows: Sequence[Document]) -> None:
        from queuedesk.features.thanks.pages.page import OwnThanksDialog  # seldom needed, and a station starts sooner

        self.talking.show_dialog(OwnThanksDialog(self.talking.host(), self.context.look, rows))
