"""The languages by their own names, and which notices and emergency belong on a screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.setup.rows import Setup, offered_languages
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.stations.window.frame import LANGUAGE_NAMES


def language_own_name(lang: str) -> str:
    return LANGUAGE_NAMES[lang]


def other_offered_language(setup: Setup, lang: str) -> str:
    """Return the language that a customers' key offers while `lang` is spoken, "" in a hall with one language."""
    known = offered_languages(setup)
    return next((one for one in known if one != lang), "") if len(known) > 1 else ""


def current_notices_on_screen(
    state: HallState, setup: Setup, now: datetime, *, zone: str = "", names: Iterable[str | None] = ()
) -> list[PushedNotice]:
    """Return the notices on now, the newest first. `zone` is the screen's, in either language ("" for one that shows
    all); `names` are what the log calls the screen, as a notice for one display is on that one alone."""
    known = {name.casefold() for name in names if name}
    here = [n for n in state.pushed if n.display is None or n.display.casefold() in known]
    return [n for n in reversed(here) if n.is_on(now) and _is_screen_in_zone(setup, n.zone, zone)]


def current_emergency_on_screen(
    state: HallState, setup: Setup, now: datetime, *, zone: str = "", names: Iterable[str | None] = ()
) -> PushedNotice | None:
    return next((n for n in current_notices_on_screen(state, setup, now, zone=zone, names=names) if n.emergency), None)


def _is_screen_in_zone(setup: Setup, wanted: str | None, zone: str) -> bool:
    """Return whether a zone of the set-up is the screen's, named in either language; one for all windows shows all."""
    if wanted is None or not zone:
        return True
    names = {name for spec in setup.windows.values() if spec.zone == wanted for name in (spec.zone, spec.zone_en)}
    return zone.casefold() in {name.casefold() for name in names}
