"""The command that carries out other software's commands: a line each, an answer each, in one process."""

from __future__ import annotations

import argparse
import io
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from queuedesk.cli import output
from queuedesk.cli.command_table import CommandList, Parser, UsageError, command_and_help_asked
from queuedesk.cli.job import CommandJob, Document
from queuedesk.cli.main import (
    DONE,
    REFUSED,
    WRONG_USAGE,
    build_parser,
    requested_language,
    run_job_command,
    status_of,
    understood,
)
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.i18n import _, current_language, error_sentence, use, use_words

if TYPE_CHECKING:
    from pathlib import Path

    from queuedesk.core.setup.rows import Setup
    from queuedesk.desk.change import Desk
    from queuedesk.store.engine.database import Database

LONGEST_LINE = 100_000
"""In bytes; what a person or a program says in one command is far below."""
_GIVEN = ("db", "hall", "lang", "who", "stated")
"""What is said before `batch` holds for each line that does not say otherwise."""
_SHOWN = frozenset({"-h", "--help", "--version"})
_PARSERS_KEPT = 64


def add(commands: CommandList) -> None:
    batch = commands.add("batch", _batch)
    batch.add_argument("--stop-on-error", action="store_true", help=_("end at the first line that is not done"))


def _batch(job: CommandJob) -> int:
    job.require_own_process()
    lines = _BatchLineRunner(job)
    try:
        with _exclusive_standard_input() as source:
            for number, line in enumerate(_lines_of(source), start=1):
                answer = lines.answer(number, line)
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
def _exclusive_standard_input() -> Iterator[BinaryIO]:
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


def _lines_of(source: BinaryIO) -> Iterator[bytes]:
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
        self._parsers: dict[str, Parser] = {}

    def answer(self, number: int, line: bytes) -> tuple[int, str] | None:
        """Return the status of a line and its answer as JSON, whatever the command ends with; None for an empty line
        or a remark."""
        try:
            answer = self._execute_batch_line(line)
            return None if answer is None else (answer["status"], _numbered_answer_json(number, answer))
        except Exception as bug:  # noqa: BLE001 - logged as every bug of a command; the other lines are carried out
            bug_answer = _refusal_document(REFUSED, output.CODE, output.log_bug_return_sentence(bug))
            return REFUSED, _numbered_answer_json(number, bug_answer)

    def _execute_batch_line(self, line: bytes) -> Document | None:
        use(self._lang)
        use_words()
        try:
            words = _split_command_line(line)
            if not words:
                return None
            use(requested_language(words) or self._lang)
            return self._execute_command_words(words)
        except UsageError as error:
            return _refusal_document(WRONG_USAGE, output.USAGE, str(error))
        except QueueDeskError as error:
            return _refusal_document(status_of(error), error.code, error_sentence(error))

    def _execute_command_words(self, words: list[str]) -> Document:
        if shown := _SHOWN.intersection(words):
            raise RuleError("not_in_batch", command=min(shown))
        given = argparse.Namespace(json=True, **self._given)
        args = understood(self._cached_command_parser(words), words, given)
        if args.command is None:
            raise UsageError(_("Missing: {what}", what="COMMAND"))
        batch = self._batch
        job = _BatchLineJob(
            args=args,
            clock=batch.clock,
            services=batch.services,
            openers=batch.openers,
            proven=batch.proven,
            hall=self.hall,
        )
        return {"status": run_job_command(job), "out": job.out}

    def _cached_command_parser(self, words: Sequence[str]) -> Parser:
        """Return a parser of the command that these words name; it is made once."""
        command, _asks = command_and_help_asked(words)
        if command not in self._parsers:
            if len(self._parsers) >= _PARSERS_KEPT:
                self._parsers.clear()
            self._parsers[command] = build_parser(self._batch.openers, [command])
        return self._parsers[command]


def _split_command_line(line: bytes) -> list[str]:
    """Return the words of a line, none for an empty one or a remark. Raises UsageError."""
    if len(line) > LONGEST_LINE:
        raise UsageError(_("A line has at most {n} bytes.", n=LONGEST_LINE))
    text = line.decode("utf-8", "surrogateescape").removeprefix("\ufeff").strip("\r\n")
    if text.lstrip().startswith("#"):
        return []
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(_("The line ends within quotation marks or after a backslash.")) from error


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

    def desk(self, target: Path | str, code: str | None, *, of_several: bool) -> tuple[Desk, Setup]:
        """Return the hall and its set-up as they are now. Raises as Job.desk()."""
        from queuedesk.desk import looking
        from queuedesk.store.engine.database import Database

        if self._db is not None and target == self._target:
            try:
                return looking.open_desk_and_setup(self._db, code, of_several=of_several)
            except OutsideError:
                if self._db.is_shared:
                    raise  # It finds a server that is back by itself.
        self.close()
        self._db, self._target, self._is_public = Database.open(target), target, None
        return looking.open_desk_and_setup(self._db, code, of_several=of_several)

    def has(self, desk: Desk) -> bool:
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
        return self.hall.desk(self.target(), self.hall_code, of_several=of_several)

    def _is_public(self, desk: Desk) -> bool:
        ask = partial(CommandJob._is_public, self, desk)
        return self.hall.is_public_login(ask) if self.hall.has(desk) else ask()

    def answer(self, document: Mapping[str, Any], text: str) -> int:
        self.out = dict(document)
        return DONE

    def answer_with_documents(self, documents: Iterable[Mapping[str, Any]], text: Any) -> int:
        self.out = [dict(document) for document in documents]
        return DONE

    def require_own_process(self, words: str = "") -> None:
        raise RuleError("not_in_batch", command=words or self.args.command)

    def close(self) -> None:
        if self._desk is not None and not self.hall.has(self._desk):
            self._desk.db.dispose()
