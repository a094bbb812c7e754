"""Dates that are over, made of tickets that were called to windows at named minutes."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from queuedesk.core.queue.ticket import Leg, Ticket, WaitPromise, WindowCall, turn_from_issuing_event
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import NONE, wait_bin
from queuedesk.paths import resource_path

DAY = date(2026, 11, 19)
MIDNIGHT = datetime(2026, 11, 18, 16, tzinfo=UTC)  # the date's, in Shanghai


def a_setup(**minutes: int) -> Setup:
    """Return a preset's set-up, its services taking `minutes` by target, none of them saying anything else."""
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    for service in document["services"]:
        service.pop("items", None)
        service.pop("handling_target", None)
        if service["code"] in minutes:
            service["handling_target"] = minutes[service["code"]]
    return check_and_read_setup(document)


@dataclass
class PastDay:
    """A date under way: people come and are called; `tickets` and `calls` are what the record of it holds."""

    day: date = DAY
    tickets: dict[str, Ticket] = field(default_factory=dict)
    calls: list[WindowCall] = field(default_factory=list)

    def at(self, minute: float) -> datetime:
        return MIDNIGHT + (self.day - DAY) + timedelta(minutes=minute)

    def comes(self, label: str, service: str, minute: float, *, credit: int = 0, promise: WaitPromise | None = None):
        at, seq = self.at(minute), len(self.tickets) + 1
        times = dict.fromkeys(("arrived", "place", "since"), at)
        numbers = {"seq": seq, "turn": turn_from_issuing_event(seq), "credit_s": credit * 60}
        names = {"date": self.day, "label": label, "service": service, "token": "x"}
        legs = (Leg(n=1, service=service, joined=at),)
        self.tickets[label] = Ticket(**names, **times, **numbers, legs=legs, promise=promise or WaitPromise())

    def called(self, label: str, window: str, minute: float, staff: str | None = None) -> None:
        ticket = self.tickets[label] = self.tickets[label].with_call_to(window, staff, self.at(minute))
        who = {"label": label, "service": ticket.service, "window": window, "staff": staff}
        self.calls.append(WindowCall(seq=len(self.calls) + 1, time=self.at(minute), date=self.day, **who))

    def served(self, label: str, window: str, minute: float, until: float, staff: str | None = None) -> None:
        """Let somebody be called at a minute and finished at another."""
        self.called(label, window, minute, staff)
        self.tickets[label] = self.tickets[label].started_ticket(self.at(minute)).with_service_finished(self.at(until))

    def missed(self, label: str, window: str, minute: float, until: float) -> None:
        self.called(label, window, minute)
        self.tickets[label] = self.tickets[label].missed_or_no_show_ticket(self.at(until))


def at_bins(**by_minutes: int) -> list[int]:
    """Return counts by 5 minutes: m10=7 are 7 after 10 to 15 minutes."""
    found = list(NONE)
    for minutes, count in by_minutes.items():
        found[wait_bin(60 * int(minutes[1:]))] = count
    return found
