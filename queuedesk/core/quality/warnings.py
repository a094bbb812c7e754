"""Warnings: alerts that go to the person who is responsible for their service or kind."""

from __future__ import annotations

from collections.abc import Iterable

from queuedesk.core.queue.overview import Alert
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.remarks import Alarm


def is_warned(setup: Setup, who: str, about: Alert | Alarm) -> bool:
    """Whether somebody is responsible for an alert, by its kind or its service."""
    person = setup.staff.get(who)
    return person is not None and any(code in person.warned_of for code in (about.kind, about.service))


def warned_people(setup: Setup, about: Alert | Alarm) -> list[str]:
    """Return who is responsible for an alert."""
    return [code for code in setup.staff if is_warned(setup, code, about)]


def unseen_warnings(setup: Setup, who: str, alarms: Iterable[Alarm]) -> list[Alarm]:
    """Return the alarms for which somebody is responsible and that nobody has acknowledged, the oldest first."""
    found = (one for one in alarms if one.acknowledged is None and is_warned(setup, who, one))
    return sorted(found, key=lambda one: one.seq)
