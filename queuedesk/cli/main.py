"""The command line: reads the words, carries the command out, and leaves with the status that scripts rely on.

0 done, 1 refused, 2 wrong usage, 3 the hall's database is away, missing or damaged.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from queuedesk import __version__
from queuedesk.cli import output
from queuedesk.cli.command_table import Parser, UsageError, add_commands, add_global_options
from queuedesk.cli.job import CommandJob
from queuedesk.cli.services import CommandServices
from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import LANGUAGES, UNSAID_LANGUAGE, _, error_sentence, system_language, use, use_words

if TYPE_CHECKING:
    from queuedesk.cli.stations import StationRequest

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
    use(requested_language(argv) or services.own_language() or system_language() or UNSAID_LANGUAGE)
    use_words()
    try:
        with output.reporting_uncaught_exceptions(as_json="--json" in argv):
            return _carry_out(argv, openers, clock, services)
    except BrokenPipeError:  # Whoever reads has enough, as `head` does; the command itself is done.
        output.discard_remaining_output(sys.stdout)
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED


def build_parser(openers: Mapping[str, Any], said: Sequence[str] | None = None) -> Parser:
    """Return the parser of all commands, or only of those of the module whose command the words of `said` name, in the
    language of the process. Its help is the same."""
    parser = Parser(prog="queuedesk", description=_("QueueDesk runs a service hall's queue."))
    add_global_options(parser)
    parser.add_argument("-h", "--help", action="help", help=_("show this"))
    parser.add_argument("--version", action="version", version=f"QueueDesk {__version__}", help=_("show the version"))
    add_commands(parser, openers, said)
    return parser


def _carry_out(
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
        return run_job_command(CommandJob(args, clock, services, openers))
    except UsageError as error:
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
        return status_of(error)


def run_job_command(job: CommandJob) -> int:
    """Carry out a command; return its exit status. Raises UsageError, QueueDeskError with its cause if known."""
    try:
        if "reads" in job.args:
            job.require_read_right(job.args.reads)
        status: int = job.args.run(job)
        return status
    except UsageError as error:
        error.parser = error.parser or job.args.parser
        raise
    except output.StandardOutputError:
        raise
    except QueueDeskError as error:
        explained = job.explained(error)
        if explained is error:
            raise
        raise explained from error
    except Exception as error:
        damage = job.damage(error)
        if damage is None:  # No row explains it: a bug.
            raise
        raise damage from None
    finally:
        job.close()


def status_of(refusal: QueueDeskError) -> int:
    return NO_DATABASE if refusal.code.startswith("database_") else REFUSED


def _parse_arguments(argv: list[str], openers: Mapping[str, Any]) -> argparse.Namespace:
    """Return what `argv` says; without a command that is home, where there is one. Raises UsageError, and SystemExit
    after help or a version."""
    parser = build_parser(openers, argv)
    args = understood(parser, argv)
    if args.command is not None:
        return args
    if "home" not in openers:
        parser.error(_("Missing: {what}", what="COMMAND"))
    return build_parser(openers, ["home"]).parse_args([*argv, "home"])


def understood(parser: Parser, words: list[str], given: argparse.Namespace | None = None) -> argparse.Namespace:
    """Return what `words` say, with options that were `given` before them. Raises UsageError."""
    for word in words:
        if any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in word):
            parser.error(_("{text} is not readable text", text=output.one_line(word)))
    return parser.parse_args(words, given)


def requested_language(argv: list[str]) -> str:
    """Return the language that `argv` asks for, "" for none, before it is understood: help and usage are in it too."""
    asked = ""
    for word, following in pairwise([*argv, ""]):
        name, equals, value = word.partition("=")
        if name == "--lang" and (value if equals else following) in LANGUAGES:
            asked = value if equals else following
    return asked
