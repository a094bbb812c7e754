"""What nobody foresaw: written down whole, told in one sentence, never as a traceback."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType

from queuedesk import __version__
from queuedesk.cli import output
from queuedesk.core.errors import OutsideError
from queuedesk.i18n import _
from queuedesk.paths import data_folder

CODE = "bug"
LARGEST = 1_000_000


def take_over(*, as_json: bool) -> None:
    """From now on tell of every exception that nobody catches; the process then ends with status 1."""

    def told(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        path = _write_down("".join(traceback.format_exception(kind, bug, trace)))
        sentence = _("Something in QueueDesk went wrong ({kind}); {path} tells more.", kind=kind.__name__, path=path)
        if not as_json:
            output.note(sentence)
            return
        try:
            output.put_json({"error": {"code": CODE, "message": sentence}})
        except (OutsideError, BrokenPipeError):
            output.note(sentence)

    sys.excepthook = told


def _write_down(text: str) -> str:
    """Add to this user's log of commands and return its path; "-" where nothing can be written."""
    path = data_folder() / "log" / "commands.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_suffix(".1.log"))
        with path.open("a", encoding="utf-8") as log:
            log.write(f"version {__version__}\n{text}\n")
    except OSError:
        return "-"
    return str(path)
