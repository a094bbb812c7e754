"""Which languages a hall speaks, on paper, on its displays and by its voice."""

from __future__ import annotations

import re

from queuedesk.core.setup.values import Setup

_HAN = re.compile("[\u3400-\u9fff]")


def languages(setup: Setup) -> tuple[str, ...]:
    """Return the languages a hall speaks: Chinese where its names are, English where they have English ones too.

    The one it was set up in comes first; else Chinese.
    """
    names = [setup.hall.name, *(service.name for service in setup.services.values())]
    if not any(_HAN.search(name) for name in names):
        return ("en",)
    has_english = setup.hall.name_en and all(service.name_en for service in setup.services.values())
    if not has_english:
        return ("zh_CN",)
    return ("en", "zh_CN") if setup.hall.lang == "en" else ("zh_CN", "en")
