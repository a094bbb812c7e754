"""Words of inspections: channels, states, what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from queuedesk.i18n.catalogue import current_language, mark, tr
from queuedesk.i18n.moments import codes_text

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
    "dropped": mark("Cancelled", context="inspection"),
}
_FIX = {
    "open": mark("none yet", context="proof"),
    "proven": mark("waiting for a check", context="proof"),
    "closed": mark("Closed", context="proof"),
}


def channel_word(channel: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _CHANNEL[channel], context="inspection")


def inspection_state(state: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _STATE[state], context="inspection")


def fix_state(state: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _FIX[state], context="proof")


def sheet_name_with_version(name: str, version: int | None, lang: str | None = None) -> str:
    """Return a sheet's name with the version it is filled in by, if it has one."""
    return tr(lang or current_language(), "{sheet}, v{version}", sheet=name, version=version) if version else name


def sheet_not_done(lang: str, details: Mapping[str, object]) -> str:
    items = details["items"]
    assert isinstance(items, (list, tuple))
    listed = codes_text([str(item) for item in items], lang)
    return tr(lang, "Still to do: {items}. Each needs a look, and each deduction a reason.", items=listed)
