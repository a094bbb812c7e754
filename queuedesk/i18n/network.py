"""Words of shared halls: trouble with the server, its codes and PCs, and the access journal."""

from collections.abc import Mapping

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.network.sharing import PcKind, PcState
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.catalogue import _, current_language, mark, tr
from queuedesk.i18n.names import feature_verb_text, staff_name
from queuedesk.store.engine.address import is_server_address, short_server_address
from queuedesk.store.log.events import OWN_ID

READ = "read-"
_READS = {
    ReadScope.WORK: mark("Read the day's work", context="asked"),
    ReadScope.NAMES: mark("Read names and phone numbers", context="asked"),
    ReadScope.FIGURES: mark("Read reports and ratings", context="asked"),
    ReadScope.LOG: mark("Read the log", context="asked"),
    ReadScope.REFUSALS: mark("Read the access journal", context="asked"),
}
_ASKED = {
    "sign-in": mark("Sign in", context="asked"),
    "issue": mark("Give out a ticket", context="asked"),
    "call": mark("Call", context="asked"),
    "leave": mark("Let a ticket go", context="asked"),
    "void": mark("Void a ticket", context="asked"),
    "rate": mark("Rate", context="asked"),
    "correct": mark("Correct a ticket", context="asked"),
    "comment": mark("Note a customer's words", context="asked"),
    "comment-read": mark("Mark a comment as read", context="asked"),
    "day-end": mark("End the day", context="asked"),
    "notice": mark("Put up a notice", context="asked"),
    "day-note": mark("Note on a day", context="asked"),
    "enter": mark("Enter a day on paper", context="asked"),
    "indicators": mark("Change indicators", context="asked"),
    "channels": mark("Change other channels", context="asked"),
    "calendar": mark("Change the calendar", context="asked"),
    "roster": mark("Change the roster", context="asked"),
    "set-up": mark("Change the set-up", context="asked"),
    "people": mark("Change people and PINs", context="asked"),
    "share": mark("Share the hall", context="asked"),
    "halls": mark("Look at other halls", context="asked"),
    "backups": mark("Look at backups", context="asked"),
    "backup": mark("Make a backup", context="asked"),
    "restore": mark("Restore a backup", context="asked"),
    "export": mark("Export the log", context="asked"),
    "merge": mark("Merge a log", context="asked"),
    "clock-far": mark("State another time", context="asked"),
    "open": mark("Open a window", context="asked"),
    "book": mark("Keep an appointment", context="asked"),
}
_REFUSED = {
    "not_your_role": mark("the role may not do that", context="refused"),
    "not_your_window": mark("not their window", context="refused"),
    "not_for_you": mark("not for this role", context="refused"),
    "pin_needed": mark("has no PIN, so it may have been anybody", context="refused"),
    "wrong_pin": mark("wrong PIN", context="refused"),
    "wrong_password": mark("wrong password", context="refused"),
    "who_are_you": mark("gave no name or no PIN", context="refused"),
}
_ACTORS = {
    "console": mark("Command line", context="actor"),
    "hall": mark("Locked station", context="actor"),
    "customer": mark("Customer", context="actor"),
}


def actor_words(setup: Setup, actor: str) -> str:
    """Return who asked: a person's name, the words for nobody in particular, else the station's own name."""
    if actor in _ACTORS:
        return tr(current_language(), _ACTORS[actor], context="actor")
    return staff_name(setup, actor) if actor in setup.staff else actor.removeprefix("station:")


def requested_act_words(verb: str) -> str:
    """Return what was asked for; without words of its own the commands' name for it."""
    read = verb.removeprefix(READ)
    said = (
        _READS.get(ReadScope(read))
        if verb.startswith(READ) and read in set(ReadScope)
        else _ASKED.get(verb) or feature_verb_text(verb)
    )
    return tr(current_language(), said, context="asked") if said else verb


def refusal_reason_words(code: str) -> str:
    """Return briefly why it was refused."""
    return tr(current_language(), _REFUSED[code], context="refused") if code in _REFUSED else code


def not_for_you_text(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for a message to somebody else, or for reading what is not for that person."""
    if "seq" in details:
        return tr(lang, "Message {seq} goes to somebody else.", seq=details["seq"])
    if "hall" in details:
        return tr(lang, "Hall {hall} is not open to you; please ask its manager.", hall=details["hall"])
    if details.get("read") == ReadScope.NAMES:
        return tr(lang, "Names and phone numbers are for the front desk; please ask there.")
    if details.get("read") == ReadScope.WORK:
        return tr(lang, "That is for the people who work here; please ask one.")
    return tr(lang, "Reports, ratings and the log are for managers; please ask one.")


PUBLIC_PC = mark("This PC is a public screen: staff can't act here. Please do that at a staff PC.")
"""Of what needs a person, on a PC that customers use."""

SERVER = {
    "bad_url": mark("{path} is no address of a server's database."),
    "pc_withdrawn": mark(
        "The server at {path} does not let this PC in: it was taken off the hall's list, or its password has changed."
    ),
    "not_this_pc": mark(
        "The hall's server does not let this PC do that; please do it at a manager's PC or the main PC."
    ),
    "log_refused": mark(
        "The hall's server did not accept this into its log, as if another version of QueueDesk had written it; nothing was changed."
        " Please check that this PC and the main PC have the same version."
    ),
    "public_pc": PUBLIC_PC,
    "wrong_certificate": mark(
        "This PC can't be sure that {path} is the hall's own server, so it sends nothing there; please join the hall again."
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
        "The hall's data at {path} are damaged; doctor says what is lost, doctor --repair repairs what it can."
    ),
    "database_newer": mark(
        "The hall's data at {path} are from a newer QueueDesk ({version}); please update this computer."
    ),
    "database_not_upgraded": mark(
        "The hall's data at {path} are of an older QueueDesk ({version}) and could not be brought up to date ({cause});"
        " nothing was changed, so the older program still opens them."
    ),
    "database_readonly": mark("The hall's data at {path} can only be read; please look at its server."),
    "wrong_kind": mark("The database at {path} is not a QueueDesk database."),
    "exists": mark("There is already a hall at {path}; nothing was changed."),
}
"""What is said of a file in other words than of a database on a server."""

UNANSWERED = mark("No answer from the hall's server; you will be told whether this was done as soon as it is back.")
"""Of a station's command that may have been done all the same."""

STOPPED = mark("This PC is the hall's main PC, but its sharing has stopped; queuedesk host starts it again.")
"""Of a server that is away because nobody started it here."""


def server_database_error_text(error: QueueDeskError) -> str | None:
    """Return the sentence for a database on a server where a file's sentence would not fit."""
    is_of_server = is_server_address(str(error.details.get("path", ""))) and "since" not in error.details
    if is_of_server and error.details.get("stopped"):
        return STOPPED
    is_unanswered = error.code in ("database_away", "database_busy")
    if is_of_server and is_unanswered and str(error.details.get("command", "")).startswith(OWN_ID):
        return UNANSWERED
    return ON_SERVER.get(error.code) if is_of_server else None


def shorten_if_server_address(value: object) -> object:
    """Return a server's address, shortened for a sentence; any other value unchanged."""
    return short_server_address(value) if isinstance(value, str) and is_server_address(value) else value


# -- sentences for trouble with a shared hall: its server, its codes, its PCs ----------------------------------------

SHARED = {
    "server_missing": mark(
        "The part of QueueDesk that shares a hall is not installed; please install queuedesk[host]."
    ),
    "owner_lacks": mark(
        "The server's owner lacks a right; please let whoever looks after the server run “{statement}”."
    ),
    "server_failed": mark("The hall's own server did not do what it should ({why})."),
    # the gate
    "address_taken": mark(
        "Another program on this PC already uses {address}; please end it, or share by a command with another port: queuedesk host --listen."
    ),
    "address_unknown": mark("This PC has no address {address}; please choose one of its own with --listen."),
    # joining
    "bad_address": mark("{address} is no address of a PC; it looks like 192.168.1.5 or 192.168.1.5:7432."),
    "not_a_code": mark("{code} is no join code; it has eight letters and figures, such as 7KMX-2PRD."),
    "code_needed": mark("This PC has not joined a hall yet; please also type the code that the main PC shows."),
    "bad_code": mark("That is not the code the main PC shows; please look again. Tries left: {left}."),
    "code_spent": mark(
        "That code can't be used any more: a code is for one PC, ten minutes and five tries. Please let the main PC show a new one."
    ),
    "host_unreachable": mark(
        "The main PC does not answer at {address}; please check the address, the network and that it shares the hall."
    ),
    "not_a_host": mark("What answers at {address} is no main PC of a hall; please check the address."),
    "host_not_proven": mark(
        "What answers at {address} does not know the code and may be somebody else's; nothing was sent to it. Please ask whoever runs the network."
    ),
    "not_shared": mark("This hall is not shared yet; please share it first at its main PC."),
    "hall_beside": mark("This PC only looks on at hall {hall}; please do that at a PC of that hall."),
    "unknown_pc": mark("No PC called {pc} belongs to this hall; queuedesk pcs list shows them all."),
    "own_pc": mark("A PC can't take away its own credential; please do it at the main PC or another manager's."),
    "host_running": mark("This PC shares a hall already; queuedesk host status says which."),
    "host_not_running": mark("This PC shares no hall at the moment; queuedesk host starts sharing."),
    "main_pc": mark(
        "This PC shares a hall itself; please stop that first, in the set-up under Several PCs or with queuedesk host stop."
    ),
    "not_main_pc": mark("This PC works in a hall that another PC shares; please do that at the main PC."),
    # moving over
    "hall_moved": mark("This hall has moved to {to}; its file stays as it was and can only be looked at."),
    "hall_there": mark("That server already has another hall {hall}; nothing was moved."),
    "nul_in_text": mark(
        "In hall {hall}, row {row} of {table} holds the character NUL, which no database server can keep; nothing was changed."
    ),
    "move_incomplete": mark(
        "Not everything arrived on the server ({table}); nothing was moved, the hall continues in its file."
    ),
}


def pc_kind_word(kind: PcKind) -> str:
    return {
        PcKind.PUBLIC: _("Public screen", context="pc"),
        PcKind.WEB: _("Web pages", context="pc"),
        PcKind.STAFF: _("Staff PC", context="pc"),
        PcKind.MANAGER: _("Manager's PC", context="pc"),
    }[kind]


def program_version_words(version: str | None) -> tuple[str, ...]:
    """Return a PC's program with its version as words of a line, none where it has not told one."""
    return (f"QueueDesk {version}",) if version else ()


def pc_state_word(state: PcState) -> str:
    return {
        PcState.HERE: _("connected", context="pc"),
        PcState.SILENT: _("silent", context="pc"),
        PcState.NEW: _("not seen yet", context="pc"),
        PcState.WITHDRAWN: _("withdrawn", context="pc"),
    }[state]
