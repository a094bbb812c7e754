"""The front desk's own lines of the ⋯ menu."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.i18n import _
from queuedesk.stations.talk.keys import HELP_KEY, MESSAGE_KEY
from queuedesk.stations.talk.talking import Talking
from queuedesk.stations.window.page import MenuEntry


def guide_entries(
    find: Callable[[], None],
    appointments: Callable[[], None],
    undo: Callable[[], None],
    talking: Talking,
    *,
    enabled: bool,
) -> list[MenuEntry]:
    """Return them; none but looking can be done while the hall's file is away."""
    return [
        MenuEntry(_("Find a ticket"), find, enabled=enabled),
        MenuEntry(_("Appointments"), appointments, enabled=enabled),
        MenuEntry(_("Undo last"), undo, "Ctrl+Z", enabled=enabled),
        MenuEntry(_("Message", context="talk"), talking.open_message, MESSAGE_KEY, enabled=enabled),
        MenuEntry(_("Call for help"), talking.open_help, HELP_KEY, enabled=enabled),
    ]
