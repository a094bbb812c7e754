"""What is said of a PC's file: its faults, and what differs from it; and of a server for the hall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.talk.screen import all_stations
from queuedesk.features.rollout import rules
from queuedesk.i18n import _, error_sentence, list_text, mark, n_, tr
from queuedesk.i18n.catalogue import ntr
from queuedesk.i18n.names import FeatureWords
from queuedesk.i18n.talk import device_kind_word


def _faults_text(lang: str, details: Mapping[str, object]) -> str:
    faults, path = details["faults"], details["path"]
    assert isinstance(faults, list)
    first = ntr(
        lang,
        "{n} thing in {path} can't be used; nothing was changed.",
        "{n} things in {path} can't be used; nothing was changed.",
        len(faults),
        path=path,
    )
    return "\n".join([first, *(_fault_text(lang, fault) for fault in faults)])


BAD_LINES = {
    "form": mark('this is no line of TOML; a line is such as station = "display".'),
    "secret": mark("a code or password belongs in no file; the join code is typed at the PC."),
    "unknown_key": mark("there is no such key; there are {known}."),
    "text": mark('this has to be a text between quotation marks, such as "display".'),
    "yes_no": mark("this has to be true or false."),
    "name": mark("this can't be a PC's name; \"{name}\" can."),
    "choice": mark("this has to be one of {known}."),
    "window": mark("a window goes with the station {known} only."),
    "opens_nothing": mark("without a station or a screen there is nothing to open."),
    "screens": mark("a screen begins with [[screens]] and has texts and numbers below."),
    "screen_twice": mark("screen {screen} is there already."),
}


def _fault_text(lang: str, fault: rules.FileFault) -> str:
    problem = (
        error_sentence(fault.error, lang)
        if isinstance(fault.error, QueueDeskError)
        else tr(lang, BAD_LINES[fault.error.why], **_details_with_lists_as_text(lang, fault.error.details))
    )
    if not fault.line:
        return tr(lang, "{key}: {problem}", key=fault.key, problem=problem)
    if not fault.key:
        return tr(lang, "Line {line}: {problem}", line=fault.line, problem=problem)
    return tr(lang, "Line {line}, {key}: {problem}", line=fault.line, key=fault.key, problem=problem)


def _details_with_lists_as_text(lang: str, details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list_text(value, lang) if isinstance(value, list) else value for key, value in details.items()}


WORDS = FeatureWords(
    refusals={
        "pc_file_faults": _faults_text,
        "pc_file_window_unknown": mark("The hall has no window {window}; it has {known}."),
        "pc_file_not_here": mark(
            "This PC joined as another kind: {station} does not open here. Make a join code for its kind."
        ),
        "server_password": mark("The server {server} does not accept the user {user} with this password."),
        "server_not_let_in": mark(
            "The server {server} does not let {user} in from this PC; please let whoever looks after it add a line for {database} to its pg_hba.conf."
        ),
        "several_lead": mark("{servers} each lead; please name only servers that stand by for each other."),
        "none_leads": mark("Only standbys are named ({servers}); please also name the server that leads."),
        "database_not_empty": mark("The database {database} has tables of another program; please name an empty one."),
    }
)


def file_key_word(key: str) -> str:
    """Return what a key of the file is called."""
    part, _space, screen = key.partition(" ")
    if part == rules.SCREENS:
        return _("Screen {number}", number=screen)
    return {
        rules.ADDRESS: _("Main PC"),
        rules.LANGUAGE: _("Language"),
        rules.PRINTER: _("Printer"),
        rules.STATION: _("Station", context="field"),
        rules.WINDOW: _("Window", context="field"),
        rules.AT_LOGIN: _("Opens at log-in"),
    }[key]


def difference_text(one: rules.PcDifference) -> str:
    """Return a difference in one line."""
    what, now, wanted = file_key_word(one.key), _with_station_names(one.now), _with_station_names(one.wanted)
    if not now:
        return _("{what}: {wanted}", what=what, wanted=wanted)
    if not wanted:
        return _("{what}: nothing in place of {now}", what=what, now=now)
    return _("{what}: {wanted} in place of {now}", what=what, wanted=wanted, now=now)


def differences_text(found: Sequence[rules.PcDifference]) -> str:
    """Return differences in one sentence."""
    return list_text([difference_text(one) for one in found])


def _with_station_names(value: str) -> str:
    """Return a value with the stations in it by their names."""
    parts = []
    for part in value.split(", "):
        first, blank, rest = part.partition(" ")
        station, dash, window = first.partition("-")
        if station in all_stations():
            first = f"{device_kind_word(station)} {window}" if dash else device_kind_word(station)
        elif part == rules.SCREENS:
            first = _("Screens of this PC")
        parts.append(f"{first}{blank}{rest}")
    return ", ".join(parts)


# -- a server for the hall ---------------------------------------------------------------------------------------------

Line = tuple[str, bool]
"""A sentence, and whether it is good news."""
MOST_LACKS = 5


def server_check_lines(check: rules.ServerCheck) -> list[Line]:
    """Return what was found at a server, the reason why the hall can't be shared there last."""
    lines = [_database_host_state_line(host, has_others=len(check.hosts) > 1) for host in check.hosts]
    if check.version:
        lines.append((_("It is PostgreSQL {version}.", version=check.version), True))
        if check.is_encrypted:
            lines.append((_("The connection is encrypted, and has to be from now on."), True))
        elif not check.is_own_pc:
            text = _("The connection is not encrypted: names and phone numbers can be read on their way.")
            lines.append((text, False))
        if abs(check.ahead) > rules.CLOCKS_APART:
            lines.append((_clock_difference_text(check), False))
    if check.trouble is not None:
        sentence = error_sentence(check.trouble)
        return [*(line for line in lines if sentence not in line[0]), (sentence, False)]
    lines.append((_("The user has every right that is needed."), True))
    if check.has_earlier_copy:
        lines.append((_("An earlier copy of this hall is there already and is continued."), True))
    if check.halls:
        lines.append((_("Other halls are there and stay as they are: {halls}", halls=list_text(check.halls)), True))
    elif not check.has_earlier_copy:
        lines.append((_("The database is empty."), True))
    return lines


def _database_host_state_line(host: rules.HostState, *, has_others: bool) -> Line:
    if host.trouble is not None:
        return error_sentence(host.trouble), False
    if not has_others:
        return _("{address} answers.", address=host.address), True
    text = (
        _("{address} leads.", address=host.address)
        if host.leads
        else _("{address} is a standby.", address=host.address)
    )
    return text, True


def _clock_difference_text(check: rules.ServerCheck) -> str:
    n = round(abs(check.ahead).total_seconds() / 60)
    if check.ahead > timedelta():
        return n_(
            "The server's clock is {n} minute ahead of this PC's. The hall goes by the server's; please correct whichever is wrong.",
            "The server's clock is {n} minutes ahead of this PC's. The hall goes by the server's; please correct whichever is wrong.",
            n,
        )
    return n_(
        "The server's clock is {n} minute behind this PC's. The hall goes by the server's; please correct whichever is wrong.",
        "The server's clock is {n} minutes behind this PC's. The hall goes by the server's; please correct whichever is wrong.",
        n,
    )


def missing_rights_lines(statements: Sequence[str]) -> list[Line]:
    """Return a sentence for each right that is lacking on a server, or that none is."""
    if not statements:
        return [(_("Every role on the hall's server has the rights it needs."), True)]
    lines = [
        (
            _(
                "A role on the hall's server lacks a right; please let whoever looks after the server run “{statement}”.",
                statement=statement,
            ),
            False,
        )
        for statement in statements[:MOST_LACKS]
    ]
    rest = len(statements) - MOST_LACKS
    return (
        lines
        if rest <= 0
        else [*lines, (n_("{n} more right is lacking.", "{n} more rights are lacking.", rest), False)]
    )
