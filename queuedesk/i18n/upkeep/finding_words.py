"""What a check of the hall's data found, in one sentence."""

from __future__ import annotations

from queuedesk.core.errors import OutsideError
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.refusals import say

GOOD = {
    "integrity": mark("The database is whole."),
    "chain": mark("The log is unbroken up to number {what}."),
    "tables": mark("Every table follows from the log."),
    "beside": mark("What stands beside the log fits it."),
    "told": mark("The log has everything that was told."),
}
NOT_GOOD = {
    "integrity": mark("The database is damaged: {what}"),
    "chain": mark("The log does not follow from itself at number {what}: it was changed."),
    "tables": mark("These tables do not follow from the log: {what}"),
    "beside": mark("Beside the log stands what can't be so: {what}"),
    "told": mark("The log lacks the numbers {what}, which people were told; doctor --repair puts them back."),
    "lost": mark(
        "The log lacks the numbers {what}, which people were told, and the hall went on without them; please enter by hand what is missing."
    ),
    "pins": mark("These people had a PIN that is not here; please give them a new one: {what}"),
    "halls": mark("The list of halls cannot be read ({what})."),
}


def finding_text(name: str, status: str, what: str, error: OutsideError | None = None, lang: str | None = None) -> str:
    """Return the sentence of a check by its name; `error` is what kept it from looking."""
    if error is not None:
        return say(error, lang)
    return tr(lang or current(), (GOOD if status == "ok" else NOT_GOOD)[name], what=what)
