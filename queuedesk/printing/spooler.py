"""Asks CUPS about a printer, and follows a job until it is printed; and reads a PC's choice of a printer where it is
not a printer of the system.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, quote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, RuleError

# -- asks CUPS by IPP (RFC 8010, RFC 8011) about printers and jobs ---------------------------------------------------

Value = str | int | bool
Answer = dict[str, list[Value]]

GET_JOB: Final = 0x0009
GET_PRINTER: Final = 0x000B
_MOST_BYTES = 1_000_000
_OPERATION, _END = 0x01, 0x03
_FIRST_OF_A_VALUE = 0x10  # below stand the marks that begin a group
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x44, 0x45, 0x47, 0x48
_NOT_FOUND = 0x0406
_FIRST_REFUSAL = 0x0400
_numbers = count(1)


def ipp_attributes(server: str, operation: int, uri: str, wanted: Iterable[str]) -> Answer | None:
    """Return the `wanted` attributes of the printer or job at `uri`; empty if the server does not know it, None if it
    does not answer. `server` is "host:port" or the file at which it listens, as `lpstat -H` names it."""
    target = "job-uri" if operation == GET_JOB else "printer-uri"
    # With mail and encryption behind it, 5 MB: a station that prints on a receipt printer asks no server.
    import http.client

    body = b"".join(
        (
            struct.pack(">BBHI", 2, 0, operation, next(_numbers)),
            bytes([_OPERATION]),
            _encode_attribute(_CHARSET, "attributes-charset", "utf-8"),
            _encode_attribute(_LANGUAGE, "attributes-natural-language", "en"),
            _encode_attribute(_URI, target, uri),
            *(_encode_attribute(_KEYWORD, "" if n else "requested-attributes", name) for n, name in enumerate(wanted)),
            bytes([_END]),
        )
    )
    try:
        with closing(http.client.HTTPConnection(server, timeout=_LOOK_TIMEOUT_S)) as connection:
            if server.startswith("/"):
                connection.sock = socket.socket(socket.AF_UNIX)
                connection.sock.settimeout(_LOOK_TIMEOUT_S)
                connection.sock.connect(server)
            connection.request("POST", "/", body, {"Content-Type": "application/ipp"})
            response = connection.getresponse()
            return (
                _printer_attributes_of_answer(response.read(_MOST_BYTES)) if response.status == http.client.OK else None
            )
    except (OSError, http.client.HTTPException, struct.error, UnicodeError):
        return None


def _encode_attribute(tag: int, name: str, value: str) -> bytes:
    """Return one attribute; one without a name is a further value of that before it."""
    key, text = name.encode(), value.encode()
    return struct.pack(">BH", tag, len(key)) + key + struct.pack(">H", len(text)) + text


def _printer_attributes_of_answer(said: bytes) -> Answer | None:
    """Return what an answer says. Raises struct.error where it is cut."""
    _version, status, _number = struct.unpack_from(">HHI", said)
    if status == _NOT_FOUND:
        return {}
    if status >= _FIRST_REFUSAL:
        return None
    found: Answer = {}
    name, at = "", 8
    while (tag := struct.unpack_from("B", said, at)[0]) != _END:
        at += 1
        if tag < _FIRST_OF_A_VALUE:
            continue
        key, at = _length_prefixed_value_and_end(said, at)
        value, at = _length_prefixed_value_and_end(said, at)
        name = key.decode() or name
        found.setdefault(name, []).append(_decode_value(tag, value))
    return found


def _length_prefixed_value_and_end(said: bytes, at: int) -> tuple[bytes, int]:
    """Return what stands at `at` behind its length, and where it ends."""
    (length,) = struct.unpack_from(">H", said, at)
    return struct.unpack_from(f"{length}s", said, at + 2)[0], at + 2 + length


def _decode_value(tag: int, value: bytes) -> Value:
    if tag in (_INTEGER, _ENUM):
        return int(struct.unpack(">i", value)[0])
    if tag == _BOOLEAN:
        return value != b"\0"
    return value.decode(errors="replace")


LP = "lp"
_LP_TIMEOUT_S = 15
_LOOK_TIMEOUT_S = 3
_FOLLOW_S, _FOLLOW_STEP_S = 20.0, 0.3
_PATIENCE_S = 4.0
"""A printer's trouble may be that of the job before, until the new one has asked it; looking for the printer is none at
first."""
_HELD_S = 6.0
"""A printer that has held a job for so long lacks what it only warns of. Many go on printing with a warning."""
# What CUPS says of a printer (RFC 8011, printer-state-reasons), the first that fits.
_REASONS = (
    ("media-jam", "paper_jam"),
    ("media-(empty|needed)", "out_of_paper"),
    ("tray-missing", "tray_missing"),
    ("(cover|door|interlock)-open", "cover_open"),
    ("(supply|toner|developer)-empty", "no_toner"),
    ("output-area-full", "output_full"),
    ("offline|shutdown|connecting|timed-out", "offline"),
    ("media-low", "paper_low"),
    ("(supply|toner)-low", "toner_low"),
    ("-error$|^other|spool-area-full", "printer_error"),
)
_LETS_GO_ON = re.compile(r"-warning$|-low\b|-almost-|-near-")
_PRINTER = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "device-uri")
_IDLE, _STOPPED = 3, 5  # printer-state
_PROCESSING, _CANCELED, _ABORTED, _COMPLETED = 5, 7, 8, 9  # job-state
# The name of a roll (PWG 5101.1): "roll_current_80x0mm".
_ROLL, _INCH_MM = re.compile(r"\broll_\S*?_([\d.]+)x[\d.]+(mm|in)\b"), 25.4
_PORTS = {"ipp": 631, "ipps": 631, "http": 631, "https": 631, "socket": 9100, "lpd": 515}
"""How CUPS reaches a printer on the network, and where."""
_ONE_AT_A_TIME = ("socket", "lpd")
"""A printer that is reached so may refuse whoever comes while it prints for another PC."""


def has_spooler() -> bool:
    """Whether this PC prints with CUPS."""
    return shutil.which(LP) is not None


def fallback_printer_name() -> str:
    """Return the printer to which CUPS sends what names none, "" for none: Qt's answer without its 4 MB of printing."""
    match = re.search(
        r"^system default destination: (\S+)$", _program_output([shutil.which("lpstat") or "lpstat", "-d"]), re.M
    )
    return match[1] if match else ""


def cups_printer_trouble(printer: str, down_cause: str = "") -> str | None:
    """Return "" for a printer that CUPS finds ready, else why it prints nothing; None where nobody can tell. A spooler
    accepts jobs for printers without paper too, so accepting one says less. An idle network printer is asked directly:
    CUPS finds that it is gone only when it has something to print. `down_cause` is why the last slip did not come out:
    a warning of the same is still its cause."""
    said = _cups_printer_attributes(printer)
    if not said:
        return _absence_cause(printer, said)
    held = printer_trouble_cause(said, is_held=True)
    return _refusal_cause(said) or printer_trouble_cause(said) or (held if held == down_cause else "")


def reported_printer_trouble(printer: str) -> str:
    """Return what CUPS reports of a printer that prints: trouble, or "paper_low", "toner_low", "" for nothing."""
    said = _cups_printer_attributes(printer) or {}
    held = printer_trouble_cause(said, is_held=True)
    return printer_trouble_cause(said) or (held if held.endswith("_low") else "")


def roll_width_mm(printer: str) -> float:
    """Return the width of the roll in a printer, where its queue says that it has one; 0 for sheets, or if unknown."""
    said = _cups_printer_attributes(printer, wanted=("printer-state", "media-ready", "media-default")) or {}
    size = _ROLL.search(" ".join(str(name) for names in said.values() for name in names))
    return float(size[1]) * (_INCH_MM if size[2] == "in" else 1) if size else 0


def require_printer_usable(printer: str) -> None:
    """Raise OutsideError "printer_refused", with its `cause` where known, for a printer that certainly can't print now.
    What was missing at its last job is no reason: only a new job finds out that there is paper again."""
    said = _cups_printer_attributes(printer)
    # A printer that CUPS finds on the network gets its queue with the first job.
    cause = _refusal_cause(said) if said else _absence_cause(printer, said) if said is None else ""
    if cause:
        raise _printer_refused_error(printer, cause)


def _absence_cause(printer: str, said: Answer | None) -> str | None:
    """Return why CUPS says nothing of a printer: "no_spooler" where it does not run, "no_printer" where it has none of
    that name, None where nobody can tell."""
    if said is None:
        return "no_spooler" if _is_spooler_off() else None
    names = _program_output([shutil.which("lpstat") or "lpstat", "-e"], failed=printer).splitlines()
    return None if printer.partition("/")[0] in {name.partition("/")[0] for name in names} else "no_printer"


def _is_spooler_off() -> bool:
    return "not running" in _program_output([shutil.which("lpstat") or "lpstat", "-r"])


def send_file_to_cups(printer: str, file: Path, title: str, options: tuple[str, ...]) -> str:
    """Hand `file` to CUPS with its own program, whose exit status is reliable; Qt reports none. Return the job's
    number, "" if it gave none. Raises OutsideError "printer_refused"."""
    try:
        done = subprocess.run(
            [shutil.which(LP) or LP, "-d", printer, "-t", title, *options, "--", str(file)],
            capture_output=True,
            text=True,
            timeout=_LP_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutsideError("printer_refused", printer=printer) from error
    if done.returncode != 0:
        raise _printer_refused_error(printer, cups_printer_trouble(printer) or "")
    # "request id is Front_desk-17 (1 file(s))", in whatever language around it
    job = re.search(rf"{re.escape(printer.partition('/')[0])}-(\d+)", done.stdout)
    return job[1] if job else ""


def wait_until_printed_or_cancel(printer: str, job: str, *, may_take_long: bool = False) -> None:
    """Wait until CUPS has printed a job. One that meets trouble, or takes too long, is cancelled so that it is not
    printed later by itself; a document that `may_take_long` is believed after that time if there is no trouble. Raises
    OutsideError "printer_refused" with its `cause` where known, and its `job` and `server` where that could not be
    cancelled."""
    server = _cups_server()
    if not job or server is None or (_print_job_state(job, server) is None and not _is_spooler_off()):
        return  # one that talks to nobody but `lp` is believed
    began = time.monotonic()
    while not _is_print_job_done(printer, job, server):
        waited_s = time.monotonic() - began
        said = _cups_printer_attributes(printer, server)
        cause = _held_job_cause(said, waited_s) if said else ""
        if not said and waited_s > _HELD_S:
            cause = _absence_cause(printer, said) or ""
        if not cause and waited_s > _FOLLOW_S:
            if may_take_long and said:
                return
            cause = "slow" if said else "no_answer"
        if cause:
            trouble = _printer_refused_error(printer, cause)
            if discard_job(printer, job, server) is None:
                trouble.details.update(job=job, server=server)
            raise trouble
        time.sleep(_FOLLOW_STEP_S)


def discard_job(printer: str, job: str, server: str) -> bool | None:
    """Cancel a job. Return True where nothing of it was printed, False where it was, or may have been as it is under
    way, None while the print service does not answer."""
    said = ipp_attributes(server, GET_JOB, f"ipp://localhost/jobs/{job}", ("job-state", "job-printer-uri"))
    if said is None:
        return None
    (state,), (uri,) = said.get("job-state", [_COMPLETED]), said.get("job-printer-uri", [""])
    if state in (_CANCELED, _ABORTED):
        return True
    if state == _COMPLETED or not str(uri).endswith(f"/{_queue_name_in_uri(printer)}"):
        return False  # A service that counts its jobs anew has another one of this number.
    is_cancelled = not _program_output([shutil.which("cancel") or "cancel", job], failed="failed")
    after = _print_job_state(job, server)
    if not is_cancelled and after is None:
        return None
    return state != _PROCESSING and (is_cancelled or after in (_CANCELED, _ABORTED))


def _held_job_cause(said: Answer, waited_s: float) -> str:
    """Return why a printer has not printed a job yet, "" while it may."""
    cause = _stopped_printer_cause(said)
    if not cause and waited_s > _PATIENCE_S:
        cause = printer_trouble_cause(said, is_held=waited_s > _HELD_S)
    if not cause and waited_s > _HELD_S and _is_network_printer_gone(said, is_printing=True):
        cause = "offline"
    return cause


def _is_print_job_done(printer: str, job: str, server: str) -> bool:
    """Whether a job is done. Raises OutsideError "printer_refused" for one that CUPS or somebody gave up."""
    state = _print_job_state(job, server)
    if state in (_CANCELED, _ABORTED):
        raise _printer_refused_error(printer, "")
    return state == _COMPLETED


def _print_job_state(job: str, server: str) -> Value | None:
    """Return how a job stands, None where CUPS says nothing; one that it knows no more is done."""
    said = ipp_attributes(server, GET_JOB, f"ipp://localhost/jobs/{job}", ("job-state",))
    return None if said is None else said.get("job-state", [_COMPLETED])[0]


def _printer_refused_error(printer: str, cause: str) -> OutsideError:
    details = {} if cause in ("", "printer_refused") else {"cause": cause}
    return OutsideError("printer_refused", printer=printer, **details)


def _refusal_cause(said: Answer) -> str:
    """Return why a printer prints nothing whatever it is sent, "" for no such reason."""
    return _stopped_printer_cause(said) or (
        "offline" if said["printer-state"] == [_IDLE] and _is_network_printer_gone(said) else ""
    )


def _stopped_printer_cause(said: Answer) -> str:
    if said["printer-state"] == [_STOPPED]:  # whatever its last job lacked
        return "paused"
    return "" if said.get("printer-is-accepting-jobs", [True])[0] else "printer_refused"


def printer_trouble_cause(said: Answer, *, is_held: bool = False) -> str:
    """Return what keeps a printer from printing, "" for nothing; with `is_held` also what it only warns of."""
    reasons = [str(reason) for reason in said.get("printer-state-reasons", [])]
    reasons = [reason for reason in reasons if is_held or not _LETS_GO_ON.search(reason)]
    return next((cause for part, cause in _REASONS if any(re.search(part, reason) for reason in reasons)), "")


def _is_network_printer_gone(said: Answer, *, is_printing: bool = False) -> bool:
    """Whether a printer on the network is not there; never of one at a name that nobody can tell, or that hangs on this
    PC."""
    uri = urlsplit(str(said.get("device-uri", [""])[0]))
    if uri.scheme not in _PORTS or not uri.hostname or (is_printing and uri.scheme in _ONE_AT_A_TIME):
        return False
    try:
        port = uri.port or _PORTS[uri.scheme]
    except ValueError:
        return False
    addresses = _addresses_of(uri.hostname)
    until = time.monotonic() + (_LOOK_TIMEOUT_S if uri.scheme in _ONE_AT_A_TIME else 0)
    while True:
        if any(_is_port_answering(address, port) for address in addresses):
            return False
        if time.monotonic() >= until:
            return bool(addresses)
        time.sleep(_FOLLOW_STEP_S)


def _is_port_answering(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=_LOOK_TIMEOUT_S):
            return True
    except OSError:
        return False


def _addresses_of(host: str) -> list[str]:
    """Return the addresses of `host`; none where they can't be told soon."""
    try:
        return [str(ip_address(host))]
    except ValueError:
        return list(
            dict.fromkeys(line.split()[0] for line in _program_output(["getent", "ahosts", host]).splitlines() if line)
        )


def _cups_printer_attributes(
    printer: str, server: str | None = None, wanted: Iterable[str] = _PRINTER
) -> Answer | None:
    """Return what CUPS says of `printer`, empty if it has no such queue; None where it does not answer."""
    server = server or _cups_server()
    if server is None:
        return None
    said = ipp_attributes(server, GET_PRINTER, f"ipp://localhost/printers/{_queue_name_in_uri(printer)}", wanted)
    if not said or "printer-state" not in said:
        return said if said == {} else None
    if not server.startswith(("/", "localhost", "127.", "[::1]")):
        said.pop("device-uri", None)  # what another PC reaches tells nothing of this one
    return said


def _queue_name_in_uri(printer: str) -> str:
    return quote(printer.partition("/")[0], safe="")  # behind the bar stands a person's own set of options


def _cups_server() -> str | None:
    """Return where CUPS listens, None where there is none."""
    command = shutil.which("lpstat")
    return _program_output([command, "-H"]).strip() or None if command else None


def _program_output(words: list[str], failed: str = "") -> str:
    """Return what a program says; `failed` when it does not work."""
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LOOK_TIMEOUT_S,
            check=False,
            # CUPS asks the others where the first is C.
            env={**os.environ, "LC_ALL": "C", "LC_MESSAGES": "C", "LANG": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return failed
    return done.stdout if done.returncode == 0 else failed


NO_PRINTER: Final = "none:"
"""Nothing is printed; numbers are written down by hand."""
PICTURES: Final = "png:"
"""Every slip becomes a PNG in the folder named after it."""
ESCPOS: Final = "escpos:"
"""A receipt printer without a driver: `escpos:net:HOST[:PORT]`, `escpos:usb:VVVV:PPPP`, `escpos:serial:DEVICE[:BAUD]`,
then `?width=&cut=&feed=`."""

NET, USB, SERIAL = "net", "usb", "serial"
CABLES = (NET, USB, SERIAL)
FULL, PART, NONE = "full", "part", "none"
CUTS = (FULL, PART, NONE)
WIDTHS = (576, 384)
"""Dots that heads for rolls of 80 and 58 mm print on a line."""
USUAL_PORT = 9100
USUAL_BAUD = 9600
BAUDS = (9600, 19200, 38400, 57600, 115200)
USUAL_FEED = 4
MOST_FEED = 20

_HOST = re.compile(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?")
_IDS = re.compile(r"(?P<vendor>[0-9A-Fa-f]{4}):(?P<product>[0-9A-Fa-f]{4})")
_DEVICE = re.compile(r"(?P<device>[^:?\s][^:?]*?)(?::(?P<baud>\d+))?")


class PrinterService(Protocol):
    """The printer of tickets of this PC, and which there are; see app/services/printers.py. All may take seconds."""

    def system_printer_names(self) -> list[str]: ...
    def plugged_receipt_printers(self) -> list[tuple[str, str]]: ...
    def chosen_or_default_printer(self) -> str: ...
    def stored_printer_choice(self) -> str: ...
    def choose_printer(self, printer: str) -> None: ...
    def require_known_printer(self, choice: str) -> None: ...
    def printer_status(self, printer: str) -> Mapping[str, Any] | None: ...


class ReceiptPrinter(Struct, frozen=True, kw_only=True):
    """A receipt printer by its cable: `place` is a host, the two numbers of a USB device ("04b8:0202"), or a serial
    device. `number` is the port of a network or the baud of a serial line. `feed` is how many lines of a sixth of an
    inch are fed before the cut."""

    cable: str
    place: str
    number: int = 0
    width: int = WIDTHS[0]
    cut: str = FULL
    feed: int = USUAL_FEED

    @property
    def address(self) -> str:
        """Where it is, as a person names it: "192.168.1.50", "COM3", "04b8:0202"."""
        usual = {NET: USUAL_PORT, SERIAL: USUAL_BAUD}.get(self.cable, 0)
        return self.place if self.number in (0, usual) else f"{self.place}:{self.number}"

    @property
    def choice_text(self) -> str:
        """The text that `parse_receipt_printer_choice` reads back; default values are left out."""
        usual = ReceiptPrinter(cable=self.cable, place=self.place)
        words = [
            f"{name}={getattr(self, name)}"
            for name in ("width", "cut", "feed")
            if getattr(self, name) != getattr(usual, name)
        ]
        return f"{ESCPOS}{self.cable}:{self.address}{'?' if words else ''}{'&'.join(words)}"


def is_receipt_printer(choice: str) -> bool:
    return choice.startswith(ESCPOS)


def parse_receipt_printer_choice(choice: str) -> ReceiptPrinter:
    """Return the printer that `choice` names. Raises RuleError "bad_printer"."""
    where, _mark, words = choice.removeprefix(ESCPOS).partition("?")
    cable, _colon, place = where.partition(":")
    if not is_receipt_printer(choice) or cable not in CABLES:
        raise RuleError("bad_printer", printer=choice)
    name, number = _parse_place(choice, cable, place)
    return _with_parsed_print_options(ReceiptPrinter(cable=cable, place=name, number=number), choice, words)


def _parse_place(choice: str, cable: str, place: str) -> tuple[str, int]:
    match = {NET: _HOST, USB: _IDS, SERIAL: _DEVICE}[cable].fullmatch(place)
    if match is None:
        raise RuleError("bad_printer", printer=choice)
    if cable == USB:
        return place.lower(), 0
    name, number, usual = ("host", "port", USUAL_PORT) if cable == NET else ("device", "baud", USUAL_BAUD)
    given = int(match[number] or usual)
    if not (0 < given < 65536 if cable == NET else given in BAUDS):
        raise RuleError("bad_printer", printer=choice)
    return match[name], given


def _with_parsed_print_options(printer: ReceiptPrinter, choice: str, words: str) -> ReceiptPrinter:
    for name, value in parse_qsl(words, keep_blank_values=True):
        if name == "width" and value in map(str, WIDTHS):
            printer = replace(printer, width=int(value))
        elif name == "cut" and value in CUTS:
            printer = replace(printer, cut=value)
        elif name == "feed" and value.isdecimal() and int(value) <= MOST_FEED:
            printer = replace(printer, feed=int(value))
        else:
            raise RuleError("bad_printer", printer=choice)
    return printer
