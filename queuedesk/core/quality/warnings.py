"""Warnings: alerts sent to the person responsible for their service or kind."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.overview import Alert
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import place_of_window
from queuedesk.core.talk.remarks import Alarm

Places = Mapping[str, str]
"""The station or window where each person is signed in, by staff code."""


class WarningRecipients(Struct, frozen=True):
    """The people warned of an alert, each with the place where they are signed in. `instead`: they are the managers
    signed in, as nobody responsible is."""

    people: tuple[tuple[str, str], ...]
    instead: bool = False


def places_of_signed_in_staff(state: HallState) -> Places:
    stations = {staff: station for station, staff in state.signed_in.items()}
    at_windows = {
        window.staff: place_of_window(window.code)
        for window in state.windows.values()
        if window.staff is not None and window.state is not WindowState.CLOSED
    }
    return {**stations, **at_windows}


def is_responsible(setup: Setup, who: str, about: Alert | Alarm) -> bool:
    person = setup.staff.get(who)
    return person is not None and any(code in person.warned_of for code in (about.kind, about.service))


def people_responsible_for(setup: Setup, about: Alert | Alarm) -> list[str]:
    return [code for code in setup.staff if is_responsible(setup, code, about)]


def warning_recipients(setup: Setup, places: Places, about: Alert | Alarm) -> WarningRecipients:
    """Return the people warned of an alert now; none if nobody is responsible for it."""
    people = people_responsible_for(setup, about)
    there = tuple((code, places[code]) for code in people if code in places)
    if there or not people:
        return WarningRecipients(there)
    deputies = (code for code, person in setup.staff.items() if person.role in (Role.MANAGER, Role.ADMIN))
    return WarningRecipients(tuple((code, places[code]) for code in deputies if code in places), instead=True)


def is_warned(state: HallState, who: str, about: Alert | Alarm) -> bool:
    setup = state.setup_now
    if setup is None:
        return False
    # The caller counts as present whatever the log says: at a station without sign-ins one person works all day.
    places = {**places_of_signed_in_staff(state), who: ""}
    return any(code == who for code, _place in warning_recipients(setup, places, about).people)
