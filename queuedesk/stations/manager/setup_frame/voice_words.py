"""The voice's set-up in finished words: languages, placeholders, what came of a trial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.setup.voice import LANGUAGES
from queuedesk.i18n import _, listing, n_
from queuedesk.i18n.talk.device_words import link_word, seconds_text
from queuedesk.stations.window.hall_words import language_word

ORDERS = ("", "zh_CN,en", "en,zh_CN", *LANGUAGES)
"""The languages of a voice in their order; "" leaves them to the names of the hall."""


def order_words() -> dict[str, str]:
    """Return the word of each order of languages."""
    words = {order: listing([language_word(lang) for lang in order.split(",")]) for order in ORDERS if order}
    return {"": _("As the hall's names", context="languages"), **words}


def placeholder_word(name: str) -> str:
    """Return what a placeholder stands for."""
    return {
        "ticket": _("Number", context="placeholder"),
        "window": _("Window", context="placeholder"),
        "zone": _("Way", context="placeholder"),
        "hall": _("Hall's name", context="placeholder"),
    }[name]


def times_word(times: int) -> str:
    """Return how often a call is said."""
    return n_("Once", "{n} times", times)


def heard_text(heard: Mapping[str, Any]) -> tuple[str, bool]:
    """Return what came of a trial as a line, and whether something is wrong: by what it was said, how long, what nobody
    spoke."""
    wanted, links = heard["texts"], heard["links"]
    if not links:
        return _("Nothing on this PC can speak."), True
    if heard["muted"]:
        return _("At this time of day the volume is 0: nothing is heard."), True
    if not heard["played"]:
        return _("It could not be played: this PC has no sound."), True
    said = " · ".join((listing(list(dict.fromkeys(map(link_word, links.values())))), seconds_text(heard["sound_ms"])))
    missing = [language_word(lang) for lang in wanted if lang not in links]
    if missing:
        return _("{said}. Not spoken here: {languages}", said=said, languages=listing(missing)), True
    return said, False
