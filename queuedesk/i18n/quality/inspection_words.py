"""Words of inspections: channels, states, who looks, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import codes_text
from queuedesk.i18n.names import staff_name

_CHANNEL = {
    "open": mark("Open check", context="inspection"),
    "mystery": mark("Mystery visit", context="inspection"),
    "telephone": mark("Telephone", context="inspection"),
    "video": mark("Video", context="inspection"),
    "supervisor": mark("Outside supervisor", context="inspection"),
}
_STATE = {
    "planned": mark("Planned", context="inspection"),
    "running": mark("Running", context="inspection"),
    "done": mark("Done", context="inspection"),
    "dropped": mark("Given up", context="inspection"),
}
_FIX = {
    "open": mark("none yet", context="proof"),
    "proven": mark("waits for a second look", context="proof"),
    "closed": mark("Closed", context="proof"),
}


def channel_word(channel: str, lang: str | None = None) -> str:
    return tr(lang or current(), _CHANNEL[channel], context="inspection")


def inspection_state(state: str, lang: str | None = None) -> str:
    return tr(lang or current(), _STATE[state], context="inspection")


def fix_state(state: str, lang: str | None = None) -> str:
    return tr(lang or current(), _FIX[state], context="proof")


def versioned(name: str, version: int | None, lang: str | None = None) -> str:
    """Return a sheet's name with the version it is filled in by, if it has one."""
    return tr(lang or current(), "{sheet}, v{version}", sheet=name, version=version) if version else name


def looker_word(setup: Setup, document: Mapping[str, Any], lang: str | None = None) -> str:
    """Return who looks: a name, or a mystery visitor's number; "" where nobody is named."""
    lang = lang or current()
    if document["visitor"] is not None:
        return tr(lang, "visitor {n}", n=document["visitor"])
    return document["outsider"] or (staff_name(setup, document["staff"], lang) if document["staff"] else "")


def sheet_not_done(lang: str, details: Mapping[str, object]) -> str:
    items = details["items"]
    assert isinstance(items, (list, tuple))
    listed = codes_text([str(one) for one in items], lang)
    return tr(lang, "Still to do: {items}. Each needs a look, and each deduction a reason.", items=listed)
