"""Sentences for a server that cannot be reached or refuses something."""

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n.catalogue import mark
from queuedesk.store.engine.server import is_server, told
from queuedesk.store.log.events import OWN_ID

PUBLIC_PC = mark("This PC is a public screen: staff can't act here. Please do that at a staff PC.")
"""Of what needs a person, on a PC that customers use."""

SERVER = {
    "bad_url": mark("{path} is no address of a server's database."),
    "pc_withdrawn": mark(
        "The server at {path} does not let this PC in: it was taken off the hall's list, or its password is another."
    ),
    "not_this_pc": mark(
        "The hall's server does not allow that to this PC; please do it at a manager's PC or the main PC."
    ),
    "log_refused": mark(
        "The hall's server did not take this into its log, as if another version of QueueDesk had written it; nothing was changed."
        " Please look whether this PC and the main PC have the same version."
    ),
    "public_pc": PUBLIC_PC,
    "wrong_certificate": mark(
        "This PC can't be sure that {path} is the hall's own server, so it tells it nothing; please join the hall again."
    ),
    "server_too_old": mark(
        "The server at {path} is PostgreSQL {version}; QueueDesk needs {least} or newer. Nothing was changed."
    ),
    "database_older": mark(
        "The hall's data at {path} are of an older QueueDesk ({version}); please update the hall's main PC first."
    ),
}
"""Codes that only a server gives."""

ON_SERVER = {
    "database_missing": mark("There is no hall at {path} yet; queuedesk init makes one there."),
    "database_away": mark("The hall's server at {path} does not answer; please try again in a moment."),
    "database_busy": mark("The hall's server is busy; please try again in a moment."),
    "database_full": mark("The disk of the hall's server is full; please make room there and try again."),
    "database_damaged": mark(
        "The hall's data at {path} are damaged; doctor says what is lost, doctor --repair mends what it can."
    ),
    "database_newer": mark(
        "The hall's data at {path} are from a newer QueueDesk ({version}); please update this computer."
    ),
    "database_not_upgraded": mark(
        "The hall's data at {path} are of an older QueueDesk ({version}) and could not be brought up to date ({cause});"
        " nothing was changed, so the older program still opens them."
    ),
    "database_readonly": mark("The hall's data at {path} can only be read; please look at its server."),
    "wrong_kind": mark("The database at {path} is not of QueueDesk."),
    "exists": mark("There is already a hall at {path}; nothing was changed."),
}
"""What is said of a file in other words than of a database on a server."""


UNANSWERED = mark("No answer from the hall's server; what became of this is told as soon as it is back.")
"""Of a station's command that may have been done all the same."""


STOPPED = mark("This PC is the hall's main PC, but its sharing has stopped; queuedesk host starts it again.")
"""Of a server that is away because nobody started it here."""


def of_server(error: QueueDeskError) -> str | None:
    """Return what is said of a database on a server where a file's sentence would not fit."""
    is_of_server = is_server(str(error.details.get("path", ""))) and "since" not in error.details
    if is_of_server and error.details.get("stopped"):
        return STOPPED
    is_unanswered = error.code in ("database_away", "database_busy")
    if is_of_server and is_unanswered and str(error.details.get("command", "")).startswith(OWN_ID):
        return UNANSWERED
    return ON_SERVER.get(error.code) if is_of_server else None


def server_name(value: object) -> object:
    """Return a server's address as sentences have room for it, any other value as it is."""
    return told(value) if isinstance(value, str) and is_server(value) else value
