"""Looks at everything that can go wrong in a hall without a person noticing, in a moment: it reads no whole log, as
`doctor` does. Nothing of it names a customer or a member of staff."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.sharing import silent_pcs_needing_attention
from queuedesk.core.queue.hallday import begin_of_day, business_date
from queuedesk.core.queue.overview import RED, Alert, current_alerts, current_line_join_time, set_up
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.talk.device import PRINTER, SPEAKING, Device
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import announcing
from queuedesk.desk.upkeep import examining, maintenance
from queuedesk.desk.upkeep.maintenance import HallWithBackupNote
from queuedesk.features.health.rules import (
    BACKUPS,
    CALLS,
    CERTIFICATE,
    CLOCK,
    DATABASE,
    DISK,
    FAILED,
    LOG,
    OK,
    PCS,
    PRINTERS,
    SCREENS,
    SHARING,
    VOICE,
    WARNING,
    AlarmTrouble,
    HallMonitorFigures,
    HealthAlarm,
    HealthReport,
)
from queuedesk.files.reading import read_program_file
from queuedesk.store.engine.address import server_option
from queuedesk.store.engine.database import Database

LEAST_FREE, FULL = 1_000_000_000, 100_000_000
"""Bytes of disk: a warning below the first, a failure below the second, where the hall may not go on."""
ENDS_SOON = timedelta(days=30)
LOOKED_BACK = timedelta(hours=1)
ANSWERS_WITHIN_S = 2.0
LOOPBACK, PORT, SERVER = "127.0.0.1", 9787, "QueueDesk"
"""Where a monitor asks if nobody chose another port, and what answers there calls itself."""

_SILENT = frozenset({"no_printer", "no_spooler"})


class PcFacts(Struct, frozen=True, kw_only=True):
    """What is known of this PC: the `file` of the hall, None where it is on a server, the file of the certificate by
    which it knows the main PC, whether the hall is shared now (None: it is on one PC), its printer, "" for none, and
    why nothing is known of that, "" where something is."""

    file: Path | None = None
    certificate: str = ""
    is_sharing: bool | None = None
    printer: str = ""
    printer_silence: str = ""


class PrinterStatusSource(Protocol):
    """What is asked of this PC's printers."""

    def stored_printer_choice(self) -> str: ...

    def printer_status(self, printer: str) -> Mapping[str, str] | None: ...


def facts_of_pc(target: Path | str, printers: PrinterStatusSource | None, *, is_sharing: bool | None) -> PcFacts:
    """Return what is known of this PC for the hall at `target`, a file or a server's address."""
    file, printer, silence, certificate = None, "", "", ""
    if isinstance(target, Path):
        file = target
    else:
        certificate = server_option(target, "sslrootcert")
    if printers is not None:
        printer = printers.stored_printer_choice()
        silence = printer_status_unknown_cause(printer, printers.printer_status)
    return PcFacts(file=file, certificate=certificate, is_sharing=is_sharing, printer=printer, printer_silence=silence)


def printer_status_unknown_cause(printer: str, ask: Callable[[str], Mapping[str, str] | None]) -> str:
    """Return why it is not known how a chosen printer of this PC's system stands, "" where that is known, good or bad.
    Other systems than those with CUPS never say."""
    if not printer or shutil.which("lpstat") is None:
        return ""
    try:
        status = ask(printer)
    except OutsideError:  # A slip is printed on it just now.
        return ""
    return "no_answer" if status is None else status["cause"] if status["cause"] in _SILENT else ""


def health_when_hall_unreadable(trouble: QueueDeskError, pc: PcFacts, now: datetime) -> HealthReport:
    """Return what can be told where the hall can't be read."""
    database = HealthAlarm(name=DATABASE, status=FAILED, troubles=(AlarmTrouble(error=trouble),))
    disk, free = _disk_alarm_and_free_bytes(pc)
    return HealthReport(at=now, alarms=(database, _sharing_alarm(pc), disk), free_bytes=free)


def read_health(db: Database, halls: Sequence[int], pc: PcFacts, clock: Callable[[], datetime]) -> HealthReport:
    """Return how these halls stand. Raises OutsideError where one can't be read."""
    now = clock()
    desks = [Desk(db, hall) for hall in halls]
    states = [looking.hall_state_now(desk, now) for desk in desks]
    notes = {note.hall: note for note in _backup_notes(db)}
    disk, free = _disk_alarm_and_free_bytes(pc)
    certificate, ends = _certificate_alarm_and_end(states, pc, now)
    down = [alert for state in states for alert in current_alerts(state, now) if alert.kind == "device_down"]
    calls = HealthAlarm(name=CALLS, troubles=tuple(_unshown_call_troubles(desks, states, now)))
    alarms = (
        HealthAlarm(name=DATABASE),
        _sharing_alarm(pc),
        disk,
        _backups_alarm([notes[hall] for hall in halls if hall in notes], now),
        _clock_alarm(db, [set_up(state).hall.code for state in states], clock),
        _set_aside_events_alarm(states),
        certificate,
        calls if not calls.troubles else HealthAlarm(name=CALLS, status=WARNING, troubles=calls.troubles),
        _devices_alarm(SCREENS, [one for one in down if one.device != PRINTER and one.device not in SPEAKING]),
        _devices_alarm(VOICE, [one for one in down if one.device in SPEAKING]),
        _printers_alarm([one for one in down if one.device == PRINTER], pc),
        _pcs_alarm(desks, states, now),
    )
    figures = tuple(
        _monitor_figures(desk, state, notes.get(desk.hall), now) for desk, state in zip(desks, states, strict=True)
    )
    return HealthReport(at=now, alarms=alarms, halls=figures, free_bytes=free, certificate_ends=ends)


# -- what answers a monitor ------------------------------------------------------------------------------------------


def autostart_port(entry: Path | None) -> int:
    """Return the port in the file that starts it with the PC, 0 if there is none."""
    content = _file_content(entry) if entry is not None else None
    match = re.search(rb"--serve\D+(\d+)", content or b"")
    return int(match[1]) if match else 0


def is_answering(port: int) -> bool:
    """Whether QueueDesk answers a monitor at this port of this PC."""
    import http.client

    with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=ANSWERS_WITHIN_S)) as connection:
        try:
            connection.request("GET", "/")
            return (connection.getresponse().getheader("Server") or "").startswith(SERVER)
        except (OSError, http.client.HTTPException):
            return False


# -- each alarm --------------------------------------------------------------------------------------------------------


def _sharing_alarm(pc: PcFacts) -> HealthAlarm:
    return HealthAlarm(name=SHARING, status=FAILED if pc.is_sharing is False else OK)


def _disk_alarm_and_free_bytes(pc: PcFacts) -> tuple[HealthAlarm, int | None]:
    wanted = pc.file if pc.file is not None else Path.home() / "hall"
    folder = next((place for place in wanted.parents if place.is_dir()), Path.cwd())
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        trouble = AlarmTrouble(error=OutsideError("cannot_read", path=str(folder)))
        return HealthAlarm(name=DISK, status=WARNING, troubles=(trouble,)), None
    status = OK if free >= LEAST_FREE else WARNING if free >= FULL else FAILED
    return HealthAlarm(name=DISK, status=status, troubles=(AlarmTrouble(number=free // 1_000_000),)), free


def _backup_notes(db: Database) -> list[HallWithBackupNote]:
    """Return the notes on the halls' backups; none where this PC may not read them."""
    try:
        return [note for note in maintenance.backup_notes_of_halls(db) if not note.setup.hall.simulated]
    except OutsideError:
        return []


def _backups_alarm(notes: Sequence[HallWithBackupNote], now: datetime) -> HealthAlarm:
    found = [one.to_document(one.note.trouble_cause(one.began, now)) for one in notes]
    is_bad = any(one["trouble"] for one in found)
    return HealthAlarm(
        name=BACKUPS, status=WARNING if is_bad else OK, troubles=tuple(AlarmTrouble(backup=one) for one in found)
    )


def _clock_alarm(db: Database, codes: Sequence[str], clock: Callable[[], datetime]) -> HealthAlarm:
    ahead = examining.logs_ahead_of_clock(db, clock())
    troubles = [AlarmTrouble(end=end) for code, end in ahead.items() if code in codes]
    if (skew := examining.own_clock_skew_cause(db, clock)) is not None:
        troubles.append(AlarmTrouble(name=skew))
    return HealthAlarm(name=CLOCK, status=WARNING if troubles else OK, troubles=tuple(troubles))


def _set_aside_events_alarm(states: Sequence[HallState]) -> HealthAlarm:
    troubles = tuple(AlarmTrouble(aside=state.aside) for state in states if state.aside)
    return HealthAlarm(name=LOG, status=WARNING if troubles else OK, troubles=troubles)


def _certificate_alarm_and_end(
    states: Sequence[HallState], pc: PcFacts, now: datetime
) -> tuple[HealthAlarm, datetime | None]:
    """Look at the certificate of the main PC and at those of web addresses; those that nobody can read are left out."""
    ends = {}
    if pc.certificate:
        ends[pc.certificate] = _end_of_certificate(_file_content(Path(pc.certificate)))
    for address in {set_up(state).hall.web_address for state in states}:
        if address.startswith("https:"):
            ends[address] = _end_of_certificate(_certificate_at_address(address))
    known = {name: until for name, until in ends.items() if until is not None}
    first = min(known.values(), default=None)
    if first is None or first - now >= ENDS_SOON:
        return HealthAlarm(name=CERTIFICATE), first
    troubles = tuple(AlarmTrouble(name=name, until=until) for name, until in known.items() if until - now < ENDS_SOON)
    return HealthAlarm(name=CERTIFICATE, status=FAILED if first <= now else WARNING, troubles=troubles), first


def _file_content(file: Path) -> bytes | None:
    try:
        return read_program_file(file)
    except (OSError, ValueError):
        return None


def _certificate_at_address(address: str) -> bytes | None:
    parts = urlsplit(address)
    asks = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asks.check_hostname, asks.verify_mode = False, ssl.CERT_NONE  # whoever's it is: only its end is asked for
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), ANSWERS_WITHIN_S) as line:
            line.settimeout(ANSWERS_WITHIN_S)
            with asks.wrap_socket(line, server_hostname=parts.hostname) as secure:
                return ssl.DER_cert_to_PEM_cert(secure.getpeercert(binary_form=True) or b"").encode()
    except (OSError, ValueError):
        return None


def _end_of_certificate(content: bytes | None) -> datetime | None:
    """Return when the last of the certificates in a PEM file ends."""
    if content is None:
        return None
    try:
        from cryptography import x509
    except ImportError:  # a PC that shares no hall and serves no pages may do without
        return None
    try:
        return max(one.not_valid_after_utc for one in x509.load_pem_x509_certificates(content))
    except ValueError:
        return None


def _unshown_call_troubles(desks: Sequence[Desk], states: Sequence[HallState], now: datetime) -> list[AlarmTrouble]:
    """Return a trouble for each hall with calls of the last hour that no screen showed."""
    found = []
    for desk, state in zip(desks, states, strict=True):
        unheard = announcing.unheard_calls(desk, business_date(set_up(state), now), now)
        missed = sum(not call.shown and now - call.time < LOOKED_BACK for call in unheard)
        if missed:
            found.append(AlarmTrouble(name=set_up(state).hall.code, number=missed))
    return found


def _devices_alarm(name: str, down: Sequence[Alert]) -> HealthAlarm:
    status = OK if not down else FAILED if any(one.level == RED for one in down) else WARNING
    return HealthAlarm(name=name, status=status, troubles=tuple(AlarmTrouble(alert=one) for one in down))


def _printers_alarm(down: Sequence[Alert], pc: PcFacts) -> HealthAlarm:
    alarm = _devices_alarm(PRINTERS, down)
    if not pc.printer_silence:
        return alarm
    silent = AlarmTrouble(name=pc.printer, cause=pc.printer_silence)
    return HealthAlarm(name=PRINTERS, status=max(alarm.status, WARNING), troubles=(*alarm.troubles, silent))


def _pcs_alarm(desks: Sequence[Desk], states: Sequence[HallState], now: datetime) -> HealthAlarm:
    silent = []
    for desk, state in zip(desks, states, strict=True):
        try:
            pcs = network.pcs_of_hall(desk, now) if desk.db.is_shared else ()
        except (OutsideError, RuleError):  # a PC that may not read who else is there
            continue
        today = begin_of_day(set_up(state), business_date(set_up(state), now))
        is_working = any(window.state is not WindowState.CLOSED for window in state.windows.values())
        silent += silent_pcs_needing_attention(pcs, now, is_working=is_working, today=today)
    return HealthAlarm(
        name=PCS, status=WARNING if silent else OK, troubles=tuple(AlarmTrouble(name=pc.name) for pc in silent)
    )


# -- figures -----------------------------------------------------------------------------------------------------------


def _monitor_figures(
    desk: Desk, state: HallState, note: HallWithBackupNote | None, now: datetime
) -> HallMonitorFigures:
    setup, waiting = set_up(state), state.waiting_tickets()
    since: dict[str, datetime] = {}
    for ticket in waiting:
        joined = current_line_join_time(ticket)
        since[ticket.service] = min(joined, since.get(ticket.service, joined))
    proven = note.note.proven if note is not None else None
    return HallMonitorFigures(
        hall=setup.hall.code,
        waiting={code: sum(ticket.service == code for ticket in waiting) for code in setup.services},
        longest_wait_s={code: (now - since[code]).total_seconds() if code in since else 0 for code in setup.services},
        windows={
            str(stands): sum(state.window(code).state is stands for code in setup.windows) for stands in WindowState
        },
        devices=_counts_by_device_and_state(state.devices.values(), now),
        feed_lag_s=_latest_call_to_screen_s(desk, state, now),
        backup_age_s=(now - proven).total_seconds() if proven is not None else None,
    )


def _counts_by_device_and_state(devices: Iterable[Device], now: datetime) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    for device in devices:
        if not device.is_counted_as_unused(now):
            key = (device.device, device.up_or_down)
            counted[key] = counted.get(key, 0) + 1
    return counted


def _latest_call_to_screen_s(desk: Desk, state: HallState, now: datetime) -> float | None:
    recent = [call for call in state.calls if now - call.time < LOOKED_BACK]
    if not recent:
        return None
    rows = announcing.announcements_of_day(desk, business_date(set_up(state), now), recent[0].seq)
    shown = [row for row in rows if row.shown is not None]
    last = shown[-1] if shown else None
    return None if last is None or last.shown is None else max(0.0, (last.shown - last.time).total_seconds())
