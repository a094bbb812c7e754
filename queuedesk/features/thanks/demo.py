"""Thanks and warnings of the demo's days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from queuedesk.core.network.roles import HALL, Actor
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.desk.change import Ask, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.sim.demand import DemoDay, DemoIncident, FeatureDemoPart, Words, hall_language_text

THANKS: Mapping[str, Words] = {
    "rain": ("雨大，还把自己的伞借给我", "Lent me her own umbrella in the rain"),
    "neighbours": ("人这么多，还是一样一样讲清楚了", "So many people, and still every step explained"),
    "newcomer": ("讲得细，一次就办好了", "Well explained, done in one visit"),
}
"""What a customer says of the clerk when something happens."""
MOST_SATISFIED = 5
READ_AFTER = timedelta(minutes=20)
WARNED_OF: Mapping[str, list[str]] = {
    "C1": ["A"],
    "C4": ["B"],
    "C5": ["C"],
    "M1": ["device_down", "no_window"],
    "AD": ["crowd"],
}
BUSY_CLERK = "C5"
"""Who has not looked up yet on the demo's day."""
WATCHED_MIN, WATCHED_EVERY = (-30, 90), 12
"""From when to when, by the start of what happens, stations write what the alerts are, and how often, in minutes."""
SEEN_AFTER = (38, 95, 61, 174, 47)


class ThanksDemoPart(FeatureDemoPart):
    """When something happens people are warned, most look up soon, and one customer thanks."""

    @staticmethod
    def set_up(document: dict[str, Any]) -> dict[str, Any]:
        staff = [{**row, "warned_of": WARNED_OF.get(row["code"], [])} for row in document["staff"]]
        return {**document, "staff": staff}

    def __init__(self, day: DemoDay) -> None:
        super().__init__(day)
        self._warned: set[int] = set()
        self._has_thanked = False

    # -- warnings ------------------------------------------------------------------------------------------------------

    def act_on_incident(self, happening: DemoIncident) -> None:
        before, after = WATCHED_MIN
        for minute in range(happening.start + before, happening.start + after, WATCHED_EVERY):
            self.day.plan_act(
                utc_moment_of_hall_minute(self.setup, self.day.day, minute), self._record_alarms_and_plan_seeing_them
            )

    def _record_alarms_and_plan_seeing_them(self, now: datetime) -> None:
        messaging.record_alarms_in_change(self.desk, Ask(HALL, now))
        for row in messaging.warnings_sent_to_staff_between(self.desk, self.day.manager, self.day.day, now):
            if row["told"] and row["seconds"] is None and not row["ended"] and row["alarm"] not in self._warned:
                self._warned.add(row["alarm"])
                who = Actor(row["told"][0]["staff"], self.setup.person_by_code(row["told"][0]["staff"]).role)
                if self.day.ago or who.name != BUSY_CLERK:
                    soon = now + timedelta(seconds=SEEN_AFTER[row["alarm"] % len(SEEN_AFTER)])
                    self.day.plan_act(soon, partial(self._acknowledge_hall_alert, who, row))

    def _acknowledge_hall_alert(self, who: Actor, row: Document, now: datetime) -> None:
        """Let who was told look up; the hall refuses it once the alert is over."""
        about = {name: row[name] for name in ("service", "window", "ticket", "device", "station")}
        messaging.acknowledge_alert(self.desk, Ask(who, now), row["kind"], **about)

    # -- thanks --------------------------------------------------------------------------------------------------------

    def on_rating(self, label: str, level: int, now: datetime) -> None:
        happening = self.day.happening
        if happening is None or level != MOST_SATISFIED or self._has_thanked or happening.name not in THANKS:
            return
        self._has_thanked = True
        self.day.plan_act(now + timedelta(minutes=1), partial(self._record_thanks, label, THANKS[happening.name]))

    def _record_thanks(self, label: str, words: Words, now: datetime) -> None:
        """Tell the front desk how good the clerk was, who reads it later."""
        ask = Ask(self.day.guide, now)
        found = thanking.record_thanks(self.desk, ask, ticket=label, words=hall_language_text(self.setup, words))
        clerk = Actor(found["staff"], self.setup.person_by_code(found["staff"]).role)
        self.day.plan_act(now + READ_AFTER, partial(self._mark_thanks_seen, clerk, found["thanks"]))

    def _mark_thanks_seen(self, clerk: Actor, seq: int, now: datetime) -> None:
        thanking.mark_thanks_read(self.desk, Ask(clerk, now), seq)
