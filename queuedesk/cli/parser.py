"""Reading a command line: global options anywhere, own usage errors, one entry per command."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from queuedesk.core.imports.half_width import half_width
from queuedesk.i18n import LANGUAGES, _

Handler = Callable[..., int]

NONE = "none"
"""What is written for no value, such as to take one away."""
_LARGEST = 2**31 - 1
DAY_MINUTES = 24 * 60
_PROBLEMS = (
    (re.compile(r"the following arguments are required: (.+)"), lambda what: _("Missing: {what}", what=what)),
    (re.compile(r"unrecognized arguments: (.+)", re.DOTALL), lambda what: _("Not known here: {what}", what=what)),
    (re.compile(r"one of the arguments (.+) is required"), lambda what: _("Missing: {what}", what=what)),
    (re.compile(r"not allowed with argument (.+)"), lambda what: _("Not together with {what}", what=what)),
    (re.compile(r"expected .*argument.*"), lambda what: _("Missing: {what}", what=_("a value", context="option"))),
    (
        re.compile(r"invalid choice: (.+) \(choose from .+", re.DOTALL),
        lambda what: _("Not known here: {what}", what=what),
    ),
)


class UsageError(Exception):
    """Words that are no command; the text says what is wrong with them, `parser` knows how they are meant."""

    def __init__(self, problem: str, parser: Parser | None = None) -> None:
        super().__init__(problem)
        self.parser = parser


class Words(argparse.HelpFormatter):
    """Help with headings in the language of the process."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("Usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        known = {"options": _("Options"), "positional arguments": _("Arguments"), "commands": _("Commands")}
        super().start_section(known.get(heading or "", heading))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        # "in %" is a unit here; argparse would fill something in.
        return None if action.help is None else action.help.replace("%", "%%")


class Parser(argparse.ArgumentParser):
    """An argument parser with this program's own error sentences."""

    def __init__(self, **options: Any) -> None:
        # Some commands have an --at of their own, which goes before that of all commands.
        ways = {"formatter_class": Words, "allow_abbrev": False, "add_help": False, "conflict_handler": "resolve"}
        super().__init__(**{**ways, **options})

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with what is wrong."""
        name, colon, rest = message.partition(": ")
        argument = name.removeprefix("argument ") if colon and name.startswith("argument ") else ""
        problem = _problem(rest if argument else message)
        raise UsageError(f"{argument}: {problem}" if argument else problem, self)


def _problem(message: str) -> str:
    for pattern, sentence in _PROBLEMS:
        if found := pattern.search(message):
            return " ".join(sentence(found[1] if found.groups() else "").split())
    return " ".join(message.split())


class Commands:
    """The commands of a command that has some of its own; each knows the function that carries it out."""

    def __init__(self, parser: Parser, of: str = "action", *, needed: bool = True) -> None:
        self._table = parser.add_subparsers(
            dest=of, metavar=of.upper(), required=needed and of == "action", parser_class=Parser, title="commands"
        )

    def add(self, name: str, text: str, run: Handler, **defaults: Any) -> Parser:
        """Add a command and return its parser; `defaults` are kept with its arguments."""
        parser = put_command(self._table, name, text)
        parser.set_defaults(run=run, parser=parser, **defaults)
        return parser


def put_command(table: Any, name: str, text: str) -> Parser:
    """Add to argparse's table a command that takes the options of all commands, and return its parser."""
    parser: Parser = table.add_parser(name, help=text, description=text)
    add_global_options(parser, hidden=True)
    parser.add_argument("-h", "--help", action="help", help=argparse.SUPPRESS)
    return parser


def add_global_options(parser: Parser, *, hidden: bool = False) -> None:
    """Add the options that stand before the command and are accepted after it too."""

    def add(*names: str, text: str, **options: Any) -> None:
        parser.add_argument(*names, default=argparse.SUPPRESS, help=argparse.SUPPRESS if hidden else text, **options)

    add("--db", metavar="PATH|URL", type=plain, text=_("the hall's file, or its address on a server"))
    add("--hall", metavar="CODE", type=code, text=_("the hall, where there are several"))
    add("--lang", choices=LANGUAGES, text=_("language of what is printed"))
    add("--json", action="store_true", text=_("print one JSON document"))
    add("--as", dest="who", metavar="STAFF", type=code, text=_("who acts; the PIN is asked for"))
    add("--id", metavar="TEXT", type=plain, text=_("your own id for this command: safe to repeat"))
    add(
        "--at",
        dest="stated",
        type=moment,
        metavar="TIME",
        text=_("the time of this command, in place of the clock's"),
    )


def plain(text: str) -> str:
    """Read a text that is not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError(_("Missing: {what}", what=_("a value", context="option")))
    return text


def path(text: str) -> Path:
    """Read the name of a file or folder. An empty one, as of an unset variable in a script, is refused: it would mean
    the current folder."""
    return Path(plain(text))


def code(text: str) -> str:
    """Read the code of a service, window, person or class; full-width digits are accepted."""
    return plain(half_width(text)).strip()


def ticket(text: str) -> str:
    """Read a ticket's number as people type it: "a17" is A017."""
    from queuedesk.core.queue import hallday

    typed = code(text).upper()
    found = hallday.parts(typed) if len(typed) <= 12 else None
    return hallday.label(*found) if found else typed


def number(text: str) -> int:
    """Read a whole number, not below zero."""
    typed = code(text)
    if not re.fullmatch(r"[0-9]{1,12}", typed) or int(typed) > _LARGEST:
        raise argparse.ArgumentTypeError(_("{text} is not a number", text=_short(text)))
    return int(typed)


def day(text: str) -> date:
    """Read a date such as 2026-11-20. Dates of the calendar's first and last year are refused: their weeks and years
    have no neighbours."""
    typed = code(text)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
            found = date.fromisoformat(typed)
            if MINYEAR < found.year < MAXYEAR:
                return found
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(_("{text} is not a date such as 2026-11-20", text=_short(text)))


def clock(text: str) -> int:
    """Read a time of the day such as 8:30 as minutes since midnight."""
    from queuedesk.core.setup.time_of_day import minutes_of

    try:
        found = minutes_of(code(text))
    except ValueError:
        found = DAY_MINUTES
    if found >= DAY_MINUTES:
        raise argparse.ArgumentTypeError(_("{text} is not a time such as 10:42", text=_short(text)))
    return found


def moment(text: str) -> time | datetime:
    """Read a time such as 10:42 or 2026-11-20T10:42, with an offset or without."""
    typed = half_width(text).strip()
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", typed):
            return time.fromisoformat(typed.zfill(len(typed) + typed.find(":") % 2))
        found = datetime.fromisoformat(typed)
        if MINYEAR < found.year < MAXYEAR:
            return found
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(_("{text} is not a time such as 10:42", text=_short(text)))


def ticket_of_day(text: str) -> tuple[str, date]:
    """Read TICKET@DATE."""
    label, at, its_day = half_width(text).rpartition("@")
    if not at:
        raise argparse.ArgumentTypeError(_("{text} is not TICKET@DATE", text=_short(text)))
    return ticket(label), day(its_day)


def size(text: str) -> tuple[int, int]:
    """Read WxH in pixels."""
    found = re.fullmatch(r"([1-9]\d{1,4})[xX×]([1-9]\d{1,4})", half_width(text))
    if not found:
        raise argparse.ArgumentTypeError(_("{text} is not a size such as 1366x768", text=_short(text)))
    return int(found[1]), int(found[2])


def pair(text: str) -> tuple[str, str]:
    """Read key=value."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise argparse.ArgumentTypeError(_("{text} is not key=value", text=_short(text)))
    return key.strip(), value


def languages(text: str) -> tuple[str, ...]:
    """Read the languages of a hall, the first one first."""
    found = tuple(text.split(","))
    if not set(found) <= set(LANGUAGES) or len(set(found)) < len(found):
        known = ", ".join((*LANGUAGES, ",".join(LANGUAGES)))
        raise argparse.ArgumentTypeError(_("{text} is none of {known}", text=_short(text), known=known))
    return found


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
