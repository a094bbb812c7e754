"""What the lists of ready sentences are called."""

from queuedesk.i18n.catalogue import current, mark, tr

LISTS = {
    "messages": mark("Messages between stations", context="sentences"),
    "announcements": mark("Announcements", context="sentences"),
    "help": mark("Calls for help", context="sentences"),
    "emergency": mark("Emergency", context="sentences"),
}


def list_word(kind: str, lang: str | None = None) -> str:
    """Return what a list's sentences are for."""
    return tr(lang or current(), LISTS[kind], context="sentences")
