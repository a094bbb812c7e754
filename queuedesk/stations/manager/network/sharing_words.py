"""The words of a hall that several PCs share: kinds of PC, how each stands, what is done on the other one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queuedesk.core.network.sharing import JoinCode, PcKind, PcState, SharedPc, SharingStatus, pc_state
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, listing, m_ss, n_
from queuedesk.stations.manager.setup_frame.words import PCS
from queuedesk.stations.manager.today.alert_words import AlertText, Place
from queuedesk.stations.manager.today.equipment_words import Line, moment_text

STATES = {PcState.HERE: "open", PcState.SILENT: "away", PcState.NEW: "idle", PcState.WITHDRAWN: "void"}
"""By which mark of the theme each state is shown."""
MOST_WITHDRAWN = 5
MOST_NAMED = 4


def kind_word(kind: PcKind) -> str:
    """Return the name of a kind of PC."""
    return {
        PcKind.PUBLIC: _("Public screen", context="pc"),
        PcKind.STAFF: _("Staff PC", context="pc"),
        PcKind.MANAGER: _("Manager's PC", context="pc"),
    }[kind]


def kind_hint(kind: PcKind) -> str:
    """Return what can be opened on a kind of PC."""
    return {
        PcKind.PUBLIC: _("Display, kiosk, window plate, LED line, rating screen. It can't read customers' names."),
        PcKind.STAFF: _("Front desk, counter, lobby board, and all screens for customers."),
        PcKind.MANAGER: _("Everything, reports and set-up too; it may let other PCs in."),
    }[kind]


def state_word(state: PcState) -> str:
    return {
        PcState.HERE: _("connected", context="pc"),
        PcState.SILENT: _("silent", context="pc"),
        PcState.NEW: _("not seen yet", context="pc"),
        PcState.WITHDRAWN: _("withdrawn", context="pc"),
    }[state]


def seen_text(setup: Setup, pc: SharedPc, now: datetime) -> str:
    """Return since when a PC has been in its state."""
    if pc.withdrawn is not None:
        return _("withdrawn {moment}", moment=moment_text(setup, pc.withdrawn, now))
    if pc.seen is None:
        return _("joined {moment}", moment=moment_text(setup, pc.made, now))
    if pc_state(pc, now) is PcState.HERE:
        return _("joined {moment}", moment=moment_text(setup, pc.made, now))
    return _("last seen {moment}", moment=moment_text(setup, pc.seen, now))


def countdown_text(code: JoinCode, now: datetime) -> str:
    """Return how long a code is still valid; it is for one PC only."""
    left_s = max(0.0, (code.expires - now).total_seconds())
    return _("for one PC, {time} left", time=m_ss(left_s))


def ended_text(ended: str, newest: SharedPc | None) -> str:
    """Return what became of the last code, "" for nothing: `newest` is the PC that joined with it."""
    if newest is not None:
        return _("{name} has joined.", name=newest.name)
    return {"over": _("This code's time is over."), "used": _("This code is used up.")}.get(ended, "")


def listed(pcs: Sequence[SharedPc], own: str) -> list[SharedPc]:
    """Return the PC with the role `own`, the others by name, then the ones withdrawn last."""
    allowed = [pc for pc in pcs if pc.withdrawn is None]
    allowed.sort(key=lambda pc: (pc.role != own, pc.name.casefold(), pc.role))
    gone = sorted((pc for pc in pcs if pc.withdrawn is not None), key=lambda pc: str(pc.withdrawn), reverse=True)
    return [*allowed, *gone[:MOST_WITHDRAWN]]


def count_text(pcs: Sequence[SharedPc], now: datetime) -> str:
    """Return how many PCs are in the hall, and how many of them gave a sign of life lately."""
    allowed = [pc for pc in pcs if pc.withdrawn is None]
    here = sum(pc_state(pc, now) is PcState.HERE for pc in allowed)
    return _("{all}, {here} connected", all=n_("{n} PC", "{n} PCs", len(allowed)), here=here)


def server_text(status: SharingStatus) -> tuple[str, str, str]:
    """Return the mark, the word and the sentence for the state of the hall's main PC."""
    if status.is_host and status.runs:
        return (
            "open",
            _("shared", context="hall"),
            _("This is the hall's main PC. Leave it switched on while the hall is open."),
        )
    if status.is_host and status.begins:
        return (
            "idle",
            _("begins", context="hall"),
            _("Other PCs can connect in a few seconds."),
        )
    if status.is_host:
        return (
            "away",
            _("lets nobody in", context="hall"),
            _("This is the main PC, but sharing has stopped: other PCs can't reach it."),
        )
    return "open", _("shared", context="hall"), _("The hall's main PC keeps the data; this one works with it.")


def steps_text(status: SharingStatus) -> list[str]:
    """Return what to do on the PC that is to join."""
    typed = n_("Type this address:", "Type one of these addresses:", len(status.addresses))
    return [
        _("Install QueueDesk there and open it."),
        _("Choose “{button}”.", button=_("Join a hall")),
        typed if status.addresses else _("Type the address of the hall's main PC."),
        _("Type the code."),
    ]


def missed_text(setup: Setup, missed: Sequence[SharedPc], now: datetime) -> AlertText:
    """Return the strip for PCs that fell silent, however many."""
    first, n = missed[0], len(missed)
    if n == 1 and first.seen is not None:
        title = _("PC {name} is silent", name=first.name)
        second = _("last seen {moment}", moment=moment_text(setup, first.seen, now))
    else:
        title = n_("{n} PC is silent", "{n} PCs are silent", n)
        second = listing([pc.name for pc in missed[:MOST_NAMED]])
    return AlertText("amber", title, second, _("Show"), Place(PCS))


def pc_lines(setup: Setup, pcs: Sequence[SharedPc], now: datetime, *, columns: int) -> list[Line]:
    """Return the PCs that gave a sign at least once as lines of the equipment, the silent ones first."""
    told = {pc: pc_state(pc, now) for pc in pcs}
    order = (PcState.SILENT, PcState.HERE)
    shown = [pc for state in order for pc in listed(pcs, "") if told[pc] is state]
    return [_pc_line(setup, pc, told[pc], now, columns) for pc in shown]


def _pc_line(setup: Setup, pc: SharedPc, state: PcState, now: datetime, columns: int) -> Line:
    is_silent = state is PcState.SILENT
    name = _("PC {name}", name=pc.name)
    since = moment_text(setup, pc.seen, now) if is_silent and pc.seen is not None else ""
    told = (name, state_word(state), since)
    icon, token = ("warning", "amber") if is_silent else ("check", "primary")
    return Line(("pc", pc.role), (*told, *([""] * (columns - len(told)))), icon, token, " · ".join(filter(None, told)))
