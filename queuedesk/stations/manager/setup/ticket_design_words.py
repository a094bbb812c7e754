"""The ticket's parts, sizes and languages in words to choose from."""

from __future__ import annotations

from queuedesk.core.setup.ticket_design import PARTS
from queuedesk.i18n import _
from queuedesk.stations.window.hall_words import language_word

USUAL, BOTH_ZH, BOTH_EN = "", "zh_CN,en", "en,zh_CN"


def part_words() -> dict[str, str]:
    """Return what each part of a ticket is called, from top to bottom."""
    words = {
        "logo": _("Logo", context="ticket part"),
        "hall": _("Hall", context="ticket part"),
        "time": _("Date and time", context="ticket part"),
        "class": _("Priority", context="ticket part"),
        "ahead": _("People ahead", context="ticket part"),
        "wait": _("Wait", context="ticket part"),
        "windows": _("Windows", context="ticket part"),
        "zone": _("Way", context="ticket part"),
        "steps": _("Steps", context="ticket part"),
        "papers": _("Papers", context="ticket part"),
        "code": _("QR code", context="ticket part"),
        "advice": _("Advice", context="ticket part"),
        "token": _("Code letters", context="ticket part"),
        "phone": _("Phone", context="ticket part"),
    }
    return {part: words[part] for part in PARTS}


def number_words() -> dict[str, str]:
    """Return how large the number can be."""
    return {
        "large": _("Large", context="number size"),
        "medium": _("Medium", context="number size"),
        "small": _("Small", context="number size"),
    }


def order_words() -> dict[str, str]:
    """Return the languages of the paper in every order, as keys of a list parted by commas."""
    chinese, english = language_word("zh_CN"), language_word("en")
    return {
        USUAL: _("As the hall", context="language"),
        "zh_CN": chinese,
        "en": english,
        BOTH_ZH: f"{chinese} + {english}",
        BOTH_EN: f"{english} + {chinese}",
    }
