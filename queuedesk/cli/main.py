"""The command line: reads the words, carries the command out, and leaves with the status that scripts rely on; and the
command that carries out other software's commands: a line each, an answer each, in one process.

0 done, 1 refused, 2 wrong usage, 3 the hall's database is away, missing or damaged."""

from __future__ import annotations

import argparse
import io
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, BinaryIO

from queuedesk import __version__
from queuedesk.cli import command_table, output
from queuedesk.cli.job import CommandJob, CommandServices, Document
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.i18n import (
    LANGUAGES,
    UNSAID_LANGUAGE,
    _,
    choose_language,
    current_language,
    error_sentence,
    system_language,
    use_hall_words,
)

if TYPE_CHECKING:
    from pathlib import Path

    from queuedesk.cli.stations import StationRequest
    from queuedesk.core.setup.rows import Setup
    from queuedesk.desk.change import Desk
    from queuedesk.store.engine.database import Database


DONE, REFUSED, WRONG_USAGE, NO_DATABASE, INTERRUPTED = 0, 1, 2, 3, output.INTERRUPTED


def run_command_line(
    argv: list[str],
    openers: Mapping[str, Callable[[StationRequest], int]],
    clock: Callable[[], datetime],
    services: CommandServices,
) -> int:
    """Carry out one command line and return its exit status; anything but a bug ends in one sentence. `openers` open
    the stations, by name. `services` do what only `app` can."""
    output.prepare_output_streams()
    choose_language(_requested_language(argv) or services.own_language() or system_language() or UNSAID_LANGUAGE)
    use_hall_words()
    try:
        with output.reporting_uncaught_exceptions(as_json="--json" in argv):
            return _parse_and_run_command(argv, openers, clock, services)
    except BrokenPipeError:  # Whoever reads has enough, as `head` does; the command itself is done.
        output.discard_remaining_output(sys.stdout)
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED


def build_parser(openers: Mapping[str, Any], said: Sequence[str] | None = None) -> command_table.CommandParser:
    """Return the parser of all commands, or only of those of the module whose command the words of `said` name, in the
    language of the process. Its help is the same."""
    parser = command_table.CommandParser(prog="queuedesk", description=_("QueueDesk runs a service hall's queue."))
    command_table.add_global_options(parser)
    parser.add_argument("-h", "--help", action="help", help=_("show this"))
    parser.add_argument("--version", action="version", version=f"QueueDesk {__version__}", help=_("show the version"))
    command_table.add_commands(parser, openers, said)
    return parser


def _parse_and_run_command(
    argv: list[str], openers: Mapping[str, Callable[..., int]], clock: Callable[[], datetime], services: CommandServices
) -> int:
    is_json = "--json" in argv
    try:
        try:
            args = _parse_arguments(argv, openers)
        except SystemExit as left:  # argparse has printed help or a version
            return int(left.code or 0)
        if args.command != "doctor" and (fault := services.settings_fault()) is not None:
            output.print_sentence_to_stderr(error_sentence(fault))  # The work goes on without them.
        return _run_job_command(CommandJob(args, clock, services, openers))
    except command_table.UsageError as error:
        if error.parser is not None:
            error.parser.print_usage(sys.stderr)
        output.print_sentence_to_stderr(str(error))
        return WRONG_USAGE
    except output.StandardOutputError as error:
        output.print_refusal(error, as_json=False)
        return REFUSED
    except QueueDeskError as error:
        try:
            output.print_refusal(error, as_json=is_json)
        except output.StandardOutputError as unprintable:
            output.print_refusal(unprintable, as_json=False)
        return exit_status_of_refusal(error)


def _run_job_command(job: CommandJob) -> int:
    """Carry out a command; return its exit status. Raises UsageError, QueueDeskError with its cause if known."""
    try:
        if "reads" in job.args:
            job.require_read_right(job.args.reads)
        status: int = job.args.run(job)
        return status
    except command_table.UsageError as error:
        error.parser = error.parser or job.args.parser
        raise
    except output.StandardOutputError:
        raise
    except QueueDeskError as error:
        explained = job.error_with_cause(error)
        if explained is error:
            raise
        raise explained from error
    except Exception as error:
        damage = job.damage_error(error)
        if damage is None:  # No row explains it: a bug.
            raise
        raise damage from None
    finally:
        job.close()


def exit_status_of_refusal(refusal: QueueDeskError) -> int:
    return NO_DATABASE if refusal.code.startswith("database_") else REFUSED


def _parse_arguments(argv: list[str], openers: Mapping[str, Any]) -> argparse.Namespace:
    """Return what `argv` says; without a command that is home, where there is one. Raises UsageError, and SystemExit
    after help or a version."""
    parser = build_parser(openers, argv)
    args = parse_command_words(parser, argv)
    if args.command is not None:
        return args
    if "home" not in openers:
        parser.error(_("Missing: {what}", what="COMMAND"))
    return build_parser(openers, ["home"]).parse_args([*argv, "home"])


def parse_command_words(
    parser: command_table.CommandParser, words: list[str], given: argparse.Namespace | None = None
) -> argparse.Namespace:
    """Return what `words` say, with options that were `given` before them. Raises UsageError."""
    for word in words:
        if any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in word):
            parser.error(_("{text} is not readable text", text=output.one_line(word)))
    return parser.parse_args(words, given)


def _requested_language(argv: list[str]) -> str:
    """Return the language that `argv` asks for, "" for none, before it is understood: help and usage are in it too."""
    asked = ""
    for word, following in pairwise([*argv, ""]):
        name, equals, value = word.partition("=")
        if name == "--lang" and (value if equals else following) in LANGUAGES:
            asked = value if equals else following
    return asked


LONGEST_LINE = 100_000
"""In bytes; what a person or a program says in one command is far below."""
_GIVEN = ("db", "hall", "lang", "who", "stated")
"""What is said before `batch` holds for each line that does not say otherwise."""
_SHOWN = frozenset({"-h", "--help", "--version"})
_PARSERS_KEPT = 64


def register_commands(commands: command_table.CommandList) -> None:
    batch = commands.add_command("batch", _run_batch)
    batch.add_argument("--stop-on-error", action="store_true", help=_("end at the first line that is not done"))


def _run_batch(job: CommandJob) -> int:
    job.require_own_process()
    lines = _BatchLineRunner(job)
    try:
        with _lend_standard_input_to_lines_only() as source:
            for number, line in enumerate(_read_lines_cutting_long(source), start=1):
                answer = lines.line_status_and_answer(number, line)
                if answer is None:
                    continue
                status, text = answer
                output.print_text(text)
                if job.args.stop_on_error and status != DONE:
                    return status
    finally:
        lines.hall.close()
    return DONE


@contextmanager
def _lend_standard_input_to_lines_only() -> Iterator[BinaryIO]:
    """Give standard input to the lines alone: no command, and no program that one starts, takes any of it."""
    try:
        place = sys.stdin.fileno()
    except (AttributeError, ValueError, io.UnsupportedOperation):  # closed before we started
        yield io.BytesIO()
        return
    own, nothing = os.dup(place), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, place)
    os.close(nothing)
    try:
        with open(own, "rb", closefd=False) as source:
            yield source
    finally:
        os.dup2(own, place)
        os.close(own)


def _read_lines_cutting_long(source: BinaryIO) -> Iterator[bytes]:
    """Yield line by line what another program writes; of one that is too long the beginning."""
    while line := source.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST_LINE + 1)
        yield line


class _BatchLineRunner:
    """Carries out the lines of one batch, each as if it were a command line of its own."""

    def __init__(self, batch: CommandJob) -> None:
        self.hall = _CachedOpenHall()
        self._batch = batch
        self._lang = current_language()
        self._given = {name: getattr(batch.args, name) for name in _GIVEN if name in batch.args}
        self._parsers: dict[str, command_table.CommandParser] = {}

    def line_status_and_answer(self, number: int, line: bytes) -> tuple[int, str] | None:
        """Return the status of a line and its answer as JSON, whatever the command ends with; None for an empty line
        or a remark."""
        try:
            answer = self._execute_batch_line(line)
            return None if answer is None else (answer["status"], _numbered_answer_json(number, answer))
        except Exception as bug:  # noqa: BLE001 - logged as every bug of a command; the other lines are carried out
            bug_answer = _refusal_document(REFUSED, output.CODE, output.log_bug_return_sentence(bug))
            return REFUSED, _numbered_answer_json(number, bug_answer)

    def _execute_batch_line(self, line: bytes) -> Document | None:
        choose_language(self._lang)
        use_hall_words()
        try:
            words = _split_input_line_into_words(line)
            if not words:
                return None
            choose_language(_requested_language(words) or self._lang)
            return self._execute_command_words(words)
        except command_table.UsageError as error:
            return _refusal_document(WRONG_USAGE, output.USAGE, str(error))
        except QueueDeskError as error:
            return _refusal_document(exit_status_of_refusal(error), error.code, output.refusal_sentence(error))

    def _execute_command_words(self, words: list[str]) -> Document:
        if shown := _SHOWN.intersection(words):
            raise RuleError("not_in_batch", command=min(shown))
        given = argparse.Namespace(json=True, **self._given)
        args = parse_command_words(self._cached_command_parser(words), words, given)
        if args.command is None:
            raise command_table.UsageError(_("Missing: {what}", what="COMMAND"))
        batch = self._batch
        job = _BatchLineJob(
            args=args,
            clock=batch.clock,
            services=batch.services,
            openers=batch.openers,
            proven=batch.proven,
            hall=self.hall,
        )
        return {"status": _run_job_command(job), "out": job.out}

    def _cached_command_parser(self, words: Sequence[str]) -> command_table.CommandParser:
        """Return a parser of the command that these words name; it is made once."""
        command, _asks = command_table.command_and_help_asked(words)
        if command not in self._parsers:
            if len(self._parsers) >= _PARSERS_KEPT:
                self._parsers.clear()
            self._parsers[command] = build_parser(self._batch.openers, [command])
        return self._parsers[command]


def _split_input_line_into_words(line: bytes) -> list[str]:
    """Return the words of a line, none for an empty one or a remark. Raises UsageError."""
    if len(line) > LONGEST_LINE:
        raise command_table.UsageError(_("A line has at most {n} bytes.", n=LONGEST_LINE))
    text = line.decode("utf-8", "surrogateescape").removeprefix("\ufeff").strip("\r\n")
    if text.lstrip().startswith("#"):
        return []
    try:
        return shlex.split(text)
    except ValueError as error:
        raise command_table.UsageError(_("The line ends within quotation marks or after a backslash.")) from error


def _numbered_answer_json(number: int, answer: Mapping[str, Any]) -> str:
    return json.dumps({"line": number, **answer}, ensure_ascii=False)


def _refusal_document(status: int, code: str, sentence: str) -> Document:
    return {"status": status, "code": code, "message": output.one_line(sentence)}


class _CachedOpenHall:
    """The hall that the lines work in, its database opened once; anew where another is named or it is gone."""

    def __init__(self) -> None:
        self._target: Path | str | None = None
        self._db: Database | None = None
        self._is_public: bool | None = None

    def desk_and_setup(self, target: Path | str, code: str | None, *, of_several: bool) -> tuple[Desk, Setup]:
        """Return the hall and its set-up as they are now. Raises as CommandJob.desk()."""
        from queuedesk.desk import looking
        from queuedesk.store.engine.database import Database

        if self._db is not None and target == self._target:
            try:
                return looking.desk_and_setup_of_hall(self._db, code, of_several=of_several)
            except OutsideError:
                if self._db.is_shared:
                    raise  # It finds a server that is back by itself.
        self.close()
        self._db, self._target, self._is_public = Database.open(target, patience_s=0), target, None
        return looking.desk_and_setup_of_hall(self._db, code, of_several=of_several)

    def is_cached_desk(self, desk: Desk) -> bool:
        return desk.db is self._db

    def is_public_login(self, ask: Callable[[], bool]) -> bool:
        """Return what `ask` said of the login by which the hall is open: it never becomes another one."""
        if self._is_public is None:
            self._is_public = ask()
        return self._is_public

    def close(self) -> None:
        if self._db is not None:
            self._db.dispose()
        self._db = None


class _BatchLineJob(CommandJob, kw_only=True):
    """A command on a line: its answer is kept for the line, and the hall stays open."""

    hall: _CachedOpenHall
    out: Document | list[Document] | None = None

    def _open_desk_and_setup(self, *, of_several: bool) -> tuple[Desk, Setup]:
        return self.hall.desk_and_setup(self.hall_file_or_address(), self.hall_code, of_several=of_several)

    def _is_public_pc(self, desk: Desk) -> bool:
        ask = partial(CommandJob._is_public_pc, self, desk)
        return self.hall.is_public_login(ask) if self.hall.is_cached_desk(desk) else ask()

    def print_answer(self, document: Mapping[str, Any], text: str) -> int:
        self.out = dict(document)
        return DONE

    def answer_with_documents(self, documents: Iterable[Mapping[str, Any]], text: Any) -> int:
        self.out = [dict(document) for document in documents]
        return DONE

    def require_own_process(self, words: str = "") -> None:
        raise RuleError("not_in_batch", command=words or self.args.command)

    def close(self) -> None:
        if self._desk is not None and not self.hall.is_cached_desk(self._desk):
            self._desk.db.dispose()
