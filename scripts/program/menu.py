"""The program's entries in the menu of a system, on Debian and on Windows."""

from __future__ import annotations

import queuedesk.app.main  # noqa: F401  # it says which features are installed
from queuedesk import i18n
from queuedesk.core.talk.screen import all_stations
from queuedesk.stations.home.page import station_names_and_purposes

HOME = "home"


def menu_words(language: str) -> dict[str, tuple[str, str]]:
    """Return the title and the purpose of each entry by its command, in `language`: the start page, then the
    stations."""
    with i18n.using_language(language):
        words = station_names_and_purposes()
        first = i18n._("QueueDesk"), i18n._("Screens of this PC")
    return {HOME: first, **{name: words[name] for name in all_stations()}}
