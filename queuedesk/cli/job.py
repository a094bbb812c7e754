"""One command under way: its arguments, the hall it works in, who acts, what it answers; and what commands need of this
PC and its processes: declared here, done by `app`, which knows both."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from queuedesk.cli import output
from queuedesk.cli.command_table import Handler, UsageError, owning_feature_name
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import import_reference
from queuedesk.core.network.roles import CUSTOMER, PASSWORD, Actor, ReadScope, actor_of_station
from queuedesk.files.reading import (
    DEEPEST,
    LARGEST_SETUP,
    TooDeepError,
    parse_json_safely,
    read_input_file,
    too_large_error,
)
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, error_sentence, use_hall_words
from queuedesk.paths import default_hall_file

if TYPE_CHECKING:
    from subprocess import Popen

    from queuedesk.core.log.pc_clock import ClockReliability
    from queuedesk.core.network.sharing import JoinResult, PcKind
    from queuedesk.core.queue.ticket import WindowCall
    from queuedesk.core.setup.hall import VoiceSpec
    from queuedesk.core.setup.rows import Setup
    from queuedesk.core.talk.screen import ScreenSpec
    from queuedesk.core.upkeep import SheetClaim
    from queuedesk.desk.change import Ask, Desk
    from queuedesk.desk.queue.opening import Proven
    from queuedesk.printing.spooler import PrinterService
    from queuedesk.store.engine.database import Database


Clock = Callable[[], datetime]
PATIENCE_S = 4.0
"""So long a server may be silent, as one that is frozen, before a command gives up; a report may take its time."""
Document = dict[str, Any]


class SlipPrintingService(Protocol):
    """Slips of one hall. What prints gives {"printed", "printer", "error", "warning"}, never an exception for a
    printer's trouble; what saves writes a .png or .pdf, and raises OutsideError "cannot_write"."""

    def print_ticket(self, day: date, label: str, reprint: bool = False) -> Document: ...
    def print_papers_list(self, service: str, item: str | None = None) -> Document: ...
    def print_quiet_hours(self) -> Document: ...
    def print_slip(self, slip: Any) -> Document: ...
    def print_sample_ticket(self) -> Document: ...
    def print_test_slip(self, printer: str = "") -> Document: ...
    def save_ticket(self, day: date, label: str, path: Path) -> Path: ...
    def save_papers_list(self, service: str, item: str | None, path: Path) -> Path: ...
    def save_slip(self, slip: Any, path: Path) -> Path: ...
    def save_sample_ticket(self, path: Path, width: int = 576) -> Path: ...


class KeptFilesService(Protocol):
    """What this PC keeps: its reports, its automatic backups, and printed sheets with what they say of logs."""

    def lower_process_priority(self) -> None: ...
    def write_due_reports(
        self,
        desk: Desk,
        folder: Path | None,
        now: datetime,
        *,
        gently: bool,
        counts: bool,
        reading: ClockReliability | None,
    ) -> Document: ...
    def backups_document(self, db: Database) -> Document: ...
    def make_due_backup(self, db: Database, now: datetime, *, at_once: bool, gently: bool) -> Document: ...
    def backup_folder_trouble_code(self, db: Database) -> str | None: ...
    def choose_backup_folder(self, db: Database, ask: Ask, folder: str) -> None: ...
    def printed_log_claims(self, sheet: str) -> list[SheetClaim]: ...
    def stored_report_status_rows(self, db: Database) -> list[dict[str, str]]: ...


class VoiceService(Protocol):
    """The voice of this PC."""

    def play_trial_call(
        self,
        setup: Setup,
        spec: VoiceSpec,
        ticket: str,
        window: str,
        minute: int,
        *,
        recall: bool = False,
        out: Path | None = None,
    ) -> Document: ...
    def clip_check_by_language(self, setup: Setup, folder: Path) -> dict[str, dict[str, list[str]]]: ...
    def synthesize_missing_clips(self, setup: Setup, folder: Path) -> dict[str, int]: ...


class ThisPcServices(Protocol):
    """This PC's screens, and what opens when somebody logs in."""

    def screen_documents(self, setup: Setup | None = None) -> list[Document]: ...
    def change_screen_choices(self, screen: str, changes: Mapping[str, Any]) -> ScreenSpec: ...
    def stop_using_screen(self, screen: str) -> None: ...
    def open_configured_screens(self, before: Sequence[str], screen: str | None = None) -> list[ScreenSpec]: ...
    def set_open_at_start(self, name: str, words: Sequence[str] | None) -> None: ...
    def autostart_names(self) -> list[str]: ...
    def media_or_clips_folder(self, part: str) -> Path: ...


class PcChoices(Protocol):
    """This PC's own choices, and the switches of its kiosk."""

    def config_file(self) -> Path: ...
    def load_config(self) -> Any: ...
    def update_config(self, choices: Mapping[str, object]) -> object: ...
    def switch_settings(self) -> Document: ...
    def store_switch_settings(self, kind: str, step_s: float) -> None: ...


class JoiningService(Protocol):
    """How this PC joins a shared hall, follows it to a new address, and leaves it."""

    def join_hall(self, address: str, code: str, *, name: str | None = None) -> JoinResult: ...
    def rejoin_hall_at_new_address(self, address: str) -> JoinResult: ...
    def leave_shared_hall(self) -> str: ...


class HallHostService(Protocol):
    """The process that shares a hall: call move_hall_to_server() and open_to_other_pcs(), then run(), and close() in
    any case."""

    def move_hall_to_server(self, ask: Callable[[], Ask], *, again: bool = False) -> Document | None: ...
    def open_to_other_pcs(self) -> Document: ...
    def code(self, ask: Ask, kind: PcKind) -> Document: ...
    def run(self) -> None: ...
    def close(self) -> None: ...


class SharingProcessNote(Protocol):
    """What this PC knows of the process that shares a hall."""

    def read(self) -> Document | None: ...
    def stop_sharing_and_wait(self) -> None: ...


class HostAutostart(Protocol):
    """How sharing a hall starts with this PC, or what else has a `name` there ("web-…")."""

    def add_to_autostart(self, words: Sequence[str], name: str = "host") -> Path: ...
    def remove_from_autostart(self, name: str = "host") -> None: ...
    def entry(self, name: str = "host") -> Path | None: ...


class DemoShowingService(Protocol):
    """A hall at which nobody works, shown: stations drawn into files by the command lines of pictures, each list of
    them in a process of its own, or open until this process ends; a slip as it was printed; a call spoken in each
    language that this PC has a voice for."""

    def has_screen(self) -> bool: ...
    def ensure_demo_folder(self) -> Path: ...
    def draw_pictures(self, lines: Sequence[Sequence[Sequence[str]]]) -> bool: ...
    def start_station_process(self, words: Sequence[str]) -> Popen[bytes]: ...
    def save_ticket_picture(self, desk: Desk, day: date, label: str, at: datetime, file: Path) -> None: ...
    def save_call_sounds(self, setup: Setup, call: WindowCall, files: Mapping[str, Path]) -> None: ...


class CommandServices(Struct, frozen=True, kw_only=True):
    """What `app` does for commands. Each part is a function that loads it, so that a command loads only what it needs.
    `hosting(file, clock, hall, listen, server)` shares the hall of a file; `put_away_password(address)` gives an
    address without its password."""

    settings_fault: Callable[[], OutsideError | None]
    own_language: Callable[[], str]
    own_hall: Callable[[], tuple[str | None, str | None]]
    joined_at: Callable[[], list[str] | None]
    sharing_has_stopped: Callable[[], bool]
    shares_halls_of: Callable[[Path], bool]
    owners_address: Callable[[], str | None]
    put_away_password: Callable[[str], str]
    own_kiosk: Callable[[Desk], str]
    pc_here: Callable[[Desk], str]
    paper: Callable[[Desk, Clock], SlipPrintingService]
    printers: Callable[[], PrinterService]
    reports: Callable[[], KeptFilesService]
    backups: Callable[[], KeptFilesService]
    sheets: Callable[[], KeptFilesService]
    voice: Callable[[], VoiceService]
    this_pc: Callable[[], ThisPcServices]
    switches: Callable[[], PcChoices]
    joining: Callable[[], JoiningService]
    hosting: Callable[[Path, Clock, str | None, list[tuple[str, int]], str | None], HallHostService]
    host_note: Callable[[], SharingProcessNote]
    host_autostart: Callable[[], HostAutostart]
    showing: Callable[[], DemoShowingService]


# What says how a command is sent or answered, not what it does: it may differ when one is repeated.
_NOT_WORDS = frozenset({"db", "json", "lang", "id", "run", "parser", "do", "reads"})
# What a customer says, and who it is: kept beside the log and not for ever, so an id remembers no more than that it was
# the same.
_PERSONAL = ("name", "contact", "comment", "words", "note", "text")


class CommandJob(Struct):
    """A parsed command line. `services` and `openers` are what `app` does for it."""

    args: Namespace
    clock: Callable[[], datetime]
    services: CommandServices
    openers: Mapping[str, Callable[..., int]]
    reader: Actor | None = None
    """Who reads, where a command only looks at what is not for everybody."""
    proven: Proven = field(default_factory=set)
    _desk: Desk | None = None
    _is_of_hall: bool = False

    @property
    def is_json_wanted(self) -> bool:
        return bool(getattr(self.args, "json", False))

    @property
    def hall_code(self) -> str | None:
        """The hall that somebody named; else the one that this PC joined, unless another place was named."""
        named: str | None = getattr(self.args, "hall", None)
        return named or (self.services.own_hall()[1] if self.stated_database_address() is None else None)

    @property
    def acting_staff(self) -> str | None:
        return getattr(self.args, "who", None)

    def now(self) -> datetime:
        return self.hall_clock()().astimezone(UTC)

    def hall_clock(self) -> Callable[[], datetime]:
        """Return a running clock: this PC's, or one that stands at the time of --at."""
        stated = getattr(self.args, "stated", None)
        if stated is None:
            return self.clock
        at = self.hall_datetime(stated)
        return lambda: at

    def hall_datetime(self, at: time | datetime) -> datetime:
        """Return `at` on the hall's clock, of this PC's today if it names no date; without a hall in this PC's zone."""
        if isinstance(at, datetime) and at.tzinfo is not None:
            return at
        from queuedesk.desk.setting_up import system_timezone

        try:
            zone: tzinfo = self.setup().time_zone
        except OutsideError as error:
            if error.code != "database_missing":
                raise
            zone = ZoneInfo(system_timezone())
        naive = at if isinstance(at, datetime) else datetime.combine(self.clock().astimezone(zone).date(), at)
        return naive.replace(tzinfo=zone)

    def hall_file_or_address(self) -> Path | str:
        """Return the hall's file, or its address on a server."""
        from queuedesk.store.engine.address import is_server_address

        self._is_of_hall = True
        given = self.stated_database_address() or self.services.own_hall()[0]
        if given is None:
            return default_hall_file()
        return given if is_server_address(given) else Path(given).absolute()

    def hall_file_or_address_for_owner(self) -> Path | str:
        """Return the target for what only the owner may do: make, replace and merge halls. Don't show it; see
        hall_place_to_show(). On the PC that shares its hall, if no other place is named, it is the database as its
        owner opens it."""
        target = self.hall_file_or_address()
        if isinstance(target, Path) or self.stated_database_address() is not None:
            return target
        return self.services.owners_address() or target

    def ensure_hall_folder(self, target: Path | str) -> None:
        """Make the folder of a new hall at its usual place. Raises OutsideError "cannot_write"."""
        if isinstance(target, Path) and self.stated_database_address() is None:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutsideError("cannot_write", path=str(target)) from error

    def require_simulated_hall_file(self) -> Path:
        """Return the file of a hall whose days are simulated. Raises UsageError for a server's address."""
        target = self.hall_file_or_address()
        if isinstance(target, str):
            raise UsageError(
                _(
                    "Days are played into a new file; please name one with --db. export and merge take its hall to a server."
                )
            )
        return target

    def hall_place_to_show(self) -> str:
        """Return where the hall is, in a form that people may see."""
        from queuedesk.store.engine.address import url_without_password

        target = self.hall_file_or_address()
        return url_without_password(target) if isinstance(target, str) else str(target)

    def stated_database_address(self) -> str | None:
        """Return the database's place as somebody named it, None if nobody did; a password in it is removed."""
        given: str | None = getattr(self.args, "db", None) or os.environ.get("QUEUEDESK_DB") or None
        return None if given is None else self.services.put_away_password(given)

    def desk(self, *, of_several: bool = False) -> Desk:
        """Return the hall, opened once; with `of_several` the first of several if none is named. Raises OutsideError
        "database_missing" …, RuleError "hall_needed", "unknown_hall", "feature_off" where the command belongs to a
        feature that the hall does not use."""
        if self._desk is None:
            self._desk, setup = self._open_desk_and_setup(of_several=of_several)
            use_hall_words(setup.hall.words.window, setup.hall.words.ticket, hall=setup.hall.name)
            feature = owning_feature_name(self.args.command)
            if feature and not setup.has_feature(feature):
                raise RuleError("feature_off", feature=feature)
        return self._desk

    def _open_desk_and_setup(self, *, of_several: bool) -> tuple[Desk, Setup]:
        from queuedesk.desk import looking
        from queuedesk.store.engine.database import Database

        target = self.hall_file_or_address()

        def print_upgrade_notice() -> None:
            if not self.is_json_wanted:
                output.print_sentence_to_stderr(error_sentence(OutsideError("database_upgrading", path=str(target))))

        db = Database.open(target, patience_s=PATIENCE_S, note_upgrade=print_upgrade_notice)
        try:
            return looking.desk_and_setup_of_hall(db, self.hall_code, of_several=of_several)
        except QueueDeskError:
            db.dispose()
            raise

    def desk_opened_by_owner(self) -> Desk:
        """Return the hall as the database's owner opens it, on the PC that shares it; else as desk()."""
        target = self.hall_file_or_address_for_owner()
        if target == self.hall_file_or_address():
            return self.desk()
        from queuedesk.desk.change import Desk
        from queuedesk.store.engine.database import Database

        desk = self.desk()
        db = Database.open(target, patience_s=PATIENCE_S)
        desk.db.dispose()
        self._desk = Desk(db, desk.hall)
        return self._desk

    def error_with_cause(self, error: QueueDeskError) -> QueueDeskError:
        """Return the trouble with its cause as known here: the main PC's own server may not have been started."""
        is_own = error.code == "database_away" and self.stated_database_address() is None
        if not is_own or not self.services.sharing_has_stopped():
            return error
        return OutsideError(error.code, **{**error.details, "stopped": True})

    def damage_error(self, error: Exception) -> OutsideError | None:
        """Return what to say where the hall that a command worked in holds invalid data that may explain an error; None
        where all is valid."""
        if not self._is_of_hall:
            return None
        from queuedesk.desk.upkeep import examining
        from queuedesk.store.engine.database import Database

        try:
            db = Database.open(self.hall_file_or_address())
        except QueueDeskError as trouble:
            return trouble if isinstance(trouble, OutsideError) and trouble.code == "database_damaged" else None
        with db:
            return (
                OutsideError("database_damaged", path=db.place)
                if examining.has_fault_explaining_error(db, error)
                else None
            )

    def close(self) -> None:
        if self._desk is not None:
            self._desk.db.dispose()

    def setup(self) -> Setup:
        from queuedesk.desk import looking

        return looking.setup_of_hall(self.desk())

    def today(self) -> date:
        from queuedesk.core.queue.hallday import business_date

        return business_date(self.setup(), self.now())

    def new_change_ask(self, window: str | None = None, *, by_customer: bool = False) -> Ask:
        """Return the person who asks for a change, at `window` if it concerns one. A public PC of a shared hall
        belongs to nobody: its kiosk asks, or the customer for what is `by_customer`. Raises RuleError "who_are_you",
        "wrong_pin", "unknown_staff", OutsideError "public_pc" there for a person, and for nobody once people have
        PINs."""
        from queuedesk.core.log.state import CERTAIN_WITHIN
        from queuedesk.desk.change import Ask
        from queuedesk.desk.queue import opening

        now = self.now()
        is_public_login = self._is_public_pc(self.desk())
        if is_public_login and self.acting_staff is not None:
            raise OutsideError("public_pc")
        try:
            who = opening.require_and_get_proven_actor(
                self.desk(), self.acting_staff, window=window, pin=self.pin(), now=now, proven=self.proven
            )
        except RuleError as error:
            if is_public_login and error.code == "who_are_you":
                raise OutsideError("public_pc") from error  # To name oneself, as that would say, is no way out here.
            raise
        if is_public_login:
            who = CUSTOMER if by_customer else actor_of_station(self.services.own_kiosk(self.desk()))
        if who.is_staff and abs(now - self.clock()) > CERTAIN_WITHIN and self.acting_staff is not None:
            who.require_may("clock-far")  # Whoever states another time than the clock's takes the hall there.
        return Ask.ask_from_clock(self.hall_clock(), who, getattr(self.args, "id", None), self.canonical_command())

    def _is_public_pc(self, desk: Desk) -> bool:
        if not desk.db.is_shared:
            return False
        from queuedesk.core.network.sharing import PcKind
        from queuedesk.desk import network

        return network.own_pc_kind(desk) in (PcKind.PUBLIC, PcKind.WEB)

    def require_read_right(self, read: ReadScope) -> None:
        """Check that the reader may see what not everybody in the hall may, and remember who it is (`reader`). Raises
        RuleError "not_for_you", "pin_needed" and as new_change_ask(), OutsideError "public_pc" where people have PINs
        and nobody can be named."""
        if read is ReadScope.HALL:
            return
        from queuedesk.desk import reading

        every_hall = getattr(self.args, "halls", None) == "all"
        desk = self.desk(of_several=every_hall)
        is_public_login = self._is_public_pc(desk)
        if is_public_login and self.acting_staff is not None:
            raise OutsideError("public_pc")
        try:
            self.reader = reading.authorized_reader(
                desk, self.acting_staff, read, pin=self.pin(), now=self.now(), proven=self.proven
            )
        except RuleError as error:
            if is_public_login and error.code == "who_are_you":
                raise OutsideError("public_pc") from error
            raise
        if every_hall:
            reading.require_right_to_all_halls(desk, self.reader)

    def may_read_ratings(self) -> bool:
        """Whether what is read may include ratings: for people who may read reports."""
        return self.may_read(ReadScope.FIGURES)

    def may_read(self, read: ReadScope) -> bool:
        """Whether the person who reads may read that too; nobody named may not, where people have PINs."""
        from queuedesk.desk.queue import opening

        try:
            who = self.reader or opening.require_and_get_proven_actor(
                self.desk(), self.acting_staff, pin=self.pin(), proven=self.proven
            )
        except RuleError as error:
            if error.code == "who_are_you" and self.acting_staff is None:
                return False
            raise
        return who.may_read(read)

    def pin(self) -> str | None:
        """Return the PIN or password of the person who acts, as _pin_or_password_of_staff()."""
        return None if self.acting_staff is None else self._pin_or_password_of_staff(self.acting_staff, "QUEUEDESK_PIN")

    def _pin_or_password_of_staff(self, staff: str, variable: str) -> str | None:
        """Return a person's PIN or password, asked for at a terminal where needed; None when nobody gives one."""
        from queuedesk.desk.queue.opening import needed_secret_kind

        if not (asked := needed_secret_kind(self.desk(), staff)):
            return None
        question = _("Password of {staff}: ", staff=staff) if asked == PASSWORD else _("PIN of {staff}: ", staff=staff)
        return os.environ.get(variable) or self.ask_hidden_input(question)

    def require_pin_of_second_person(self, second: str) -> None:
        """Check the PIN of a second person, as a sign-in does. Raises RuleError "who_are_you", "wrong_pin",
        "unknown_staff"."""
        from queuedesk.desk.queue import opening

        pin = self._pin_or_password_of_staff(second, "QUEUEDESK_SECOND_PIN")
        try:
            opening.require_and_get_proven_actor(self.desk(), second, pin=pin, now=self.now())
        except RuleError as error:
            raise RuleError(error.code, **{**error.details, "variable": "QUEUEDESK_SECOND_PIN"}) from error

    def ask_hidden_input(self, question: str) -> str | None:
        """Ask at the terminal for hidden input; None where there is no terminal."""
        if not (sys.stdin and sys.stdin.isatty()):
            return None
        from getpass import getpass

        try:
            return getpass(question, stream=sys.stderr)
        except EOFError:
            return None

    def canonical_command(self) -> str:
        """Return the command line in one form, whatever the options' order: an id stands for it; "" without one."""
        if getattr(self.args, "id", None) is None:
            return ""
        said = {key: value for key, value in vars(self.args).items() if key not in _NOT_WORDS and value is not None}
        if "pairs" in said:
            said["pairs"] = [
                [key, self._digest_of_secret(value) if key == "pin" else value] for key, value in said["pairs"]
            ]
        said |= {key: self._digest_of_secret(said[key]) for key in _PERSONAL if said.get(key)}
        return json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)

    def _digest_of_secret(self, secret: str) -> str:
        from queuedesk.desk.queue import opening

        return opening.slow_digest(secret, str(getattr(self.args, "id", "")))

    def print_answer(self, document: Mapping[str, Any], text: str) -> int:
        if self.is_json_wanted:
            output.print_json_line(document)
        else:
            output.print_text(text)
        return 0

    def answer_with_documents(self, documents: Iterable[Mapping[str, Any]], text: Callable[[Any], str]) -> int:
        """Print one document a line as they come, with --json, else the text of each."""
        for document in documents:
            self.print_answer(document, "" if self.is_json_wanted else text(document))
        return 0

    def require_own_process(self, words: str = "") -> None:
        """Make sure that the command has the process for itself. Raises RuleError "not_in_batch" on `batch`'s lines."""


# -- commands that are one call of the desk, whose parameters are their own arguments ---------------------------------

GIVEN = frozenset({"change", "desk", "ask", "who", "now"})
"""Parameters that are no argument of the command: the hall, who asks, who reads, and when."""


class DeskFunctionHandler(Struct, frozen=True, kw_only=True):
    """Calls a function of the desk and answers with the `text` of its document; with `many` with that of each under
    this key, or with `none`. A text with a parameter `setup` gets the hall's. `named` are the arguments of parameters
    that are called otherwise, by parameter; an argument that was not given is left to the function's own default. With
    `at_window` whoever acts does so at the window that the command names."""

    does: str
    text: Callable[..., str]
    many: str
    none: Callable[[], str]
    at_window: bool
    named: Mapping[str, str]

    def load_function(self) -> Callable[..., Document | list[Document]]:
        """Return the function that it calls, loading its module."""
        if ":" in self.does:
            added: Callable[..., Document | list[Document]] = import_reference(self.does)
            return added
        module, name = self.does.rsplit(".", 1)
        found: Callable[..., Document | list[Document]] = getattr(import_module(f"queuedesk.desk.{module}"), name)
        return found

    def __call__(self, job: CommandJob) -> int:
        function, args = self.load_function(), vars(job.args)
        given: dict[str, Any] = {}
        parameters = signature(function).parameters
        for name, parameter in parameters.items():
            if name not in GIVEN:
                value = args.get(self.named.get(name, name))
                if value is not None or parameter.default is Parameter.empty:
                    given[name] = value
        if "who" in parameters:
            given["who"] = job.reader
        if "now" in parameters:
            given["now"] = job.now()
        first: tuple[Any, ...] = (job.desk(),)
        if {"change", "ask"} & parameters.keys():
            first = (job.desk(), job.new_change_ask(args["window"] if self.at_window else None))
        found = function(*first, **given)
        told = {"setup": job.setup()} if "setup" in signature(self.text).parameters else {}
        if isinstance(found, list):
            return job.print_answer(
                {self.many: found}, "\n".join(self.text(one, **told) for one in found) or self.none()
            )
        return job.print_answer(found, self.text(found, **told))


def document_fields_formatter(*keys: str) -> Callable[[Document], str]:
    """Return what says those fields of a document that hold something, in one line."""
    return lambda document: "  ".join(str(document[key]) for key in keys if document.get(key))


def handler_for_function(
    does: str,
    /,
    line: Callable[..., str],
    *,
    many: str = "",
    none: Callable[[], str] = str,
    at_window: bool = False,
    **named: str,
) -> Handler:
    """Return what carries out a command by one call of a function below queuedesk.desk, such as
    "quality.forums.add_forum", or of a feature, such as "features.lost_property.verbs:note_thing"."""
    return DeskFunctionHandler(does=does, text=line, many=many, none=none, at_window=at_window, named=named)


# -- files that commands read and write ------------------------------------------------------------------------------


def write_readable_json_file(path: Path, value: object) -> None:
    """Write a value as a JSON file that a person can read. Raises RuleError "own_file", OutsideError "cannot_write"."""
    write_file(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def read_json(path: Path) -> Any:
    """Return a JSON file's value, decimal fractions as text. Raises OutsideError "no_such_file", "cannot_read",
    "too_large" (mb or levels), "wrong_kind"."""
    content = read_input_file(path, LARGEST_SETUP)
    try:
        return parse_json_safely(content.decode("utf-8-sig"), decimals=str)
    except TooDeepError as error:
        raise too_large_error(path, levels=DEEPEST) from error
    except ValueError as error:
        raise OutsideError("wrong_kind", path=str(path)) from error


def read_and_check_setup_file(path: Path) -> dict[str, Any]:
    """Return a set-up file's document. Raises RuleError "bad_setup" with what is wrong, and as read_json()."""
    from queuedesk.core.setup.file import check_and_read_setup

    document = read_json(path)
    if not isinstance(document, dict) or not {"hall", "services", "windows"} <= set(document):
        raise OutsideError("wrong_kind", path=str(path))
    try:
        check_and_read_setup(document)
    except RuleError as error:
        raise RuleError("bad_setup", path=str(path), problem=error_sentence(error)) from error
    return document
