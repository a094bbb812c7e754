"""Reads a command line by the table of the core's commands: the line of each in the help, and the module of its subject
that adds it. Those of features stand in their registers. Global options stand anywhere, usage errors are our own,
and the text answers of commands without --json are here too.

To load all modules takes half a second and to build all parsers a tenth: a command line does both for the one module
that adds the command that it names, and the help, where it is asked for, lists the others from this table and the
registers."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from functools import cache
from importlib import import_module
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, NoReturn

from queuedesk.core.features import Wording, feature_name_owning_command, installed_features
from queuedesk.core.imports import half_width_text
from queuedesk.i18n import (
    LANGUAGES,
    _,
    codes_text,
    date_for_report,
    list_text,
    n_,
    name_in_language,
    rating_level_words,
    ticket_state_word,
    time_hm,
    window_state_word,
)
from queuedesk.i18n.moments import wording_in_current_language as said_as

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

    def __init__(self, problem: str, parser: CommandParser | None = None) -> None:
        super().__init__(problem)
        self.parser = parser


@cache
def _help_width() -> int:
    """Return how wide help may be. argparse would ask for it at each option that is added."""
    return get_terminal_size().columns - 2


class TranslatedHelpFormatter(argparse.HelpFormatter):
    """Help with headings in the language of the process."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_help_width())

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("Usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        known = {"options": _("Options"), "positional arguments": _("Arguments"), "commands": _("Commands")}
        super().start_section(known.get(heading or "", heading))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        # "in %" is a unit here; argparse would fill something in.
        return None if action.help is None else action.help.replace("%", "%%")


class CommandParser(argparse.ArgumentParser):
    """A parser with our own error sentences; `is_meant` unless the words that it is built for name another command."""

    is_meant = True

    def __init__(self, **options: Any) -> None:
        # Some commands have an --at of their own, which goes before that of all commands.
        ways = {
            "formatter_class": TranslatedHelpFormatter,
            "allow_abbrev": False,
            "add_help": False,
            "conflict_handler": "resolve",
        }
        super().__init__(**{**ways, **options})

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with what is wrong."""
        name, colon, rest = message.partition(": ")
        argument = name.removeprefix("argument ") if colon and name.startswith("argument ") else ""
        problem = _translated_usage_error(rest if argument else message)
        raise UsageError(f"{argument}: {problem}" if argument else problem, self)


def _translated_usage_error(message: str) -> str:
    for pattern, sentence in _PROBLEMS:
        if match := pattern.search(message):
            return " ".join(sentence(match[1] if match.groups() else "").split())
    return " ".join(message.split())


class CommandGroup:
    """The commands of a command that has some of its own; each knows the function that carries it out."""

    def __init__(self, parser: CommandParser, of: str = "action", *, needed: bool = True) -> None:
        self._is_meant = parser.is_meant
        self._table = parser.add_subparsers(
            dest=of,
            metavar=of.upper(),
            required=needed and of == "action",
            parser_class=CommandParser,
            title="commands",
        )

    def add_command(self, name: str, text: str, run: Handler | None, **defaults: Any) -> CommandParser:
        """Add a command and return its parser; `defaults` are kept with its arguments. `run` is None for a
        group of commands."""
        parser = add_command_parser(self._table, name, text, is_meant=self._is_meant)
        parser.set_defaults(run=run, parser=parser, **defaults)
        return parser


def add_command_parser(table: Any, name: str, text: str, *, is_meant: bool = True) -> CommandParser:
    """Add to argparse's table a command that takes the options of all commands, and return its parser. One that is not
    meant goes without them: of a module that adds twenty commands they would take most of the time."""
    parser: CommandParser = table.add_parser(name, help=text, description=text)
    parser.is_meant = is_meant
    if is_meant:
        add_global_options(parser, hidden=True)
        parser.add_argument("-h", "--help", action="help", help=argparse.SUPPRESS)
    return parser


def add_global_options(parser: CommandParser, *, hidden: bool = False) -> None:
    """Add the options that stand before the command and are accepted after it too."""

    def add_option(*names: str, text: str, **options: Any) -> None:
        parser.add_argument(*names, default=argparse.SUPPRESS, help=argparse.SUPPRESS if hidden else text, **options)

    add_option(
        "--db", metavar="PATH|URL", type=parse_nonempty_text, text=_("the hall's file, or its address on a server")
    )
    add_option("--hall", metavar="CODE", type=parse_code, text=_("the hall, where there are several"))
    add_option("--lang", choices=LANGUAGES, text=_("language of what is printed"))
    add_option("--json", action="store_true", text=_("print one JSON document"))
    add_option("--as", dest="who", metavar="STAFF", type=parse_code, text=_("who acts; the PIN is asked for"))
    add_option("--id", metavar="TEXT", type=parse_nonempty_text, text=_("your own id for this command: safe to repeat"))
    add_option(
        "--at",
        dest="stated",
        type=parse_time_or_datetime,
        metavar="TIME",
        text=_("the time of this command, in place of the clock's"),
    )


def parse_nonempty_text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(_("Missing: {what}", what=_("a value", context="option")))
    return text


def parse_path(text: str) -> Path:
    """Read a file's or folder's name; "", as of an unset script variable, is refused: it means the current folder."""
    return Path(parse_nonempty_text(text))


def parse_code(text: str) -> str:
    """Read the code of a service, window, person or class; full-width digits are accepted."""
    return parse_nonempty_text(half_width_text(text)).strip()


def parse_ticket_number(text: str) -> str:
    """Read a ticket's number as people type it: "a17" is A017."""
    from queuedesk.core.queue import hallday

    typed = parse_code(text).upper()
    found = hallday.split_ticket_label(typed) if len(typed) <= 12 else None
    return hallday.ticket_label_text(*found) if found else typed


def parse_whole_number(text: str) -> int:
    typed = parse_code(text)
    if not re.fullmatch(r"[0-9]{1,12}", typed) or int(typed) > _LARGEST:
        raise argparse.ArgumentTypeError(_("{text} is not a number", text=_cut_to_40_characters(text)))
    return int(typed)


def parse_date(text: str) -> date:
    """Read a date such as 2026-11-20, but none of the calendar's first or last year: those lack neighbours."""
    typed = parse_code(text)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
            when = date.fromisoformat(typed)
            if MINYEAR < when.year < MAXYEAR:
                return when
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(_("{text} is not a date such as 2026-11-20", text=_cut_to_40_characters(text)))


def parse_minutes_of_day(text: str) -> int:
    """Read a time of the day such as 8:30 as minutes since midnight."""
    from queuedesk.core.setup.time_of_day import parse_clock_minutes

    try:
        found = parse_clock_minutes(parse_code(text))
    except ValueError:
        found = DAY_MINUTES
    if found >= DAY_MINUTES:
        raise argparse.ArgumentTypeError(_("{text} is not a time such as 10:42", text=_cut_to_40_characters(text)))
    return found


def parse_time_or_datetime(text: str) -> time | datetime:
    """Read a time such as 10:42 or 2026-11-20T10:42, with an offset or without."""
    typed = half_width_text(text).strip()
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", typed):
            return time.fromisoformat(typed.zfill(len(typed) + typed.find(":") % 2))
        when = datetime.fromisoformat(typed)
        if MINYEAR < when.year < MAXYEAR:
            return when
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(_("{text} is not a time such as 10:42", text=_cut_to_40_characters(text)))


def parse_ticket_at_date(text: str) -> tuple[str, date]:
    label, at, its_day = half_width_text(text).rpartition("@")
    if not at:
        raise argparse.ArgumentTypeError(_("{text} is not TICKET@DATE", text=_cut_to_40_characters(text)))
    return parse_ticket_number(label), parse_date(its_day)


def parse_pixel_size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-9]\d{1,4})[xX×]([1-9]\d{1,4})", half_width_text(text))
    if not match:
        raise argparse.ArgumentTypeError(_("{text} is not a size such as 1366x768", text=_cut_to_40_characters(text)))
    return int(match[1]), int(match[2])


def parse_key_value(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise argparse.ArgumentTypeError(_("{text} is not key=value", text=_cut_to_40_characters(text)))
    return key.strip(), value


def parse_hall_languages(text: str) -> tuple[str, ...]:
    """Read the languages of a hall, the first one first."""
    found = tuple(text.split(","))
    if not set(found) <= set(LANGUAGES) or len(set(found)) < len(found):
        known = ", ".join((*LANGUAGES, ",".join(LANGUAGES)))
        raise argparse.ArgumentTypeError(_("{text} is none of {known}", text=_cut_to_40_characters(text), known=known))
    return found


def _cut_to_40_characters(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


STATIONS = "stations"
COMMANDS: Mapping[str, Mapping[str, Wording]] = {
    STATIONS: {
        "home": Wording("set up a hall, or choose a station"),
        "this-pc": Wording("say what the screens of this PC show"),
        "guide": Wording("give out tickets at the door"),
        "counter": Wording("call and serve customers at a window"),
        "display": Wording("show the hall who is called"),
        "rating": Wording("ask customers how it was"),
        "manager": Wording("see the day, the log and the set-up"),
    },
    "this_pc": {
        "screens": Wording("open what the screens of this PC show"),
        "screen": Wording("the screens of this PC"),
        "autostart": Wording("what opens when somebody logs in at this PC"),
        "printer": Wording("the printer of this PC"),
        "print": Wording("print a ticket again, as it is now"),
        "print-papers": Wording("print the list of papers of a service"),
    },
    "network": {
        "join": Wording("make this PC a station of a shared hall"),
        "unjoin": Wording("take this PC out of its shared hall"),
        "pcs": Wording("the PCs that share the hall"),
        "host": Wording("share this hall with other PCs"),
        "access": Wording("who was refused, and why"),
    },
    "setup": {
        "init": Wording("make a hall, ready to use"),
        "service": Wording("the services"),
        "window": Wording("the windows"),
        "staff": Wording("the people, and their PINs"),
        "class": Wording("the priority classes"),
        "notice": Wording("the notices on the displays"),
        "target": Wording("the targets"),
        "hall": Wording("the hall itself: its name, hours and words"),
        "settings": Wording("the hall's rules"),
        "setup": Wording("the whole set-up as a file"),
        "features": Wording("what the hall uses, and what it leaves out"),
        "sentence": Wording("the ready sentences"),
        "ticket-design": Wording("what is printed on the ticket"),
    },
    "tickets": {
        "issue": Wording("give out a numbered ticket"),
        "not-ready": Wording("count a visitor without the papers"),
        "call": Wording("call the next ticket, or the one named"),
        "recall": Wording("call the window's customer again"),
        "start": Wording("the customer is at the window"),
        "miss": Wording("the customer did not come"),
        "return": Wording("the call was a mistake"),
        "serve": Wording("serve a customer who has no ticket"),
        "finish": Wording("the customer is done"),
        "reopen": Wording("take back the last finished ticket"),
        "park": Wording("put the customer aside"),
        "unpark": Wording("take back a ticket put aside"),
        "stall": Wording("another system keeps the customer waiting"),
        "unstall": Wording("the other system is back"),
        "add": Wording("a further step of the visit"),
        "transfer": Wording("the next step is elsewhere"),
        "redirect": Wording("wrong window: keep the arrival, change the service"),
        "reinstate": Wording("bring a late-comer back into line"),
        "postpone": Wording("let the next one go first"),
        "defer": Wording("an early place the next day instead"),
        "leave": Wording("the customer walked out"),
        "need": Wording("why the customer is fetched for their turn"),
        "fetched": Wording("the customer was fetched"),
        "void": Wording("the ticket was issued by mistake"),
        "rate": Wording("rate a visit from 1 to 5, or add reasons"),
        "opinion": Wording("the opinion of somebody without a ticket's number"),
    },
    "talk": {
        "note": Wording("notes on a day"),
        "ack": Wording("say that somebody has seen an alert"),
        "correct": Wording("put right what a ticket's story has wrong"),
        "message": Wording("short messages between stations"),
        "help-call": Wording("calls for help"),
        "device": Wording("the hall's equipment"),
        "voice": Wording("the voice of the hall"),
    },
    "windows": {
        "open": Wording("open a window"),
        "pause": Wording("pause a window"),
        "resume": Wording("go on after a pause"),
        "close": Wording("close a window"),
        "hand-over": Wording("end a shift at a window and begin the next in one step"),
        "lend": Wording("let a window serve another service too, for now"),
        "sign-in": Wording("note who is at a station"),
        "sign-out": Wording("nobody is at the station any more"),
        "day-end": Wording("end the day's tickets and close every window"),
    },
    "looking": {
        "wait": Wording("how long a ticket, or a service, has to wait"),
        "closing": Wording("when lines will be clear, against closing time"),
        "state": Wording("the hall as it is now"),
        "events": Wording("the log"),
        "tickets": Wording("every ticket of a day"),
        "fetch": Wording("who needs fetching now, because it is nearly their turn"),
        "why": Wording("why a ticket has not been called yet"),
    },
    "main": {"batch": Wording("carry out commands that other software gives, one a line")},
    "figures": {"report": Wording("the figures of a day, week, month, quarter or year as a file")},
    "quality": {"cases": Wording("cases: followed until the customer's verdict")},
    "upkeep": {
        "clock": Wording("the hall's time: whether it is certain, and that it is right"),
        "backup": Wording("write everything into one file, while the hall works"),
        "restore": Wording("restore a backup"),
        "doctor": Wording("check the installation and the hall's data"),
        "backups": Wording("automatic backups"),
        "export": Wording("write a hall's log into a file, for another database"),
        "merge": Wording("add an exported log to this database"),
    },
}
"""The core's modules below queuedesk.cli in the order of the help, and the commands that the register_commands() of
each adds."""
NAMES = frozenset(name for names in COMMANDS.values() for name in names)
ASK_FOR_HELP = ("-h", "--help")
WITH_VALUE = frozenset(("--db", "--hall", "--lang", "--as", "--id", "--at"))
"""The options that may stand before a command and take the word after them."""


def owning_feature_name(command: str) -> str:
    return "" if command in NAMES else feature_name_owning_command(command)


def command_and_help_asked(words: Sequence[str]) -> tuple[str, bool]:
    """Return the command that a command line names, "" for none, and whether the help of all commands is asked for
    before that."""
    is_value = asks = False
    for word in words:
        if is_value:
            is_value = False
        elif word.startswith("-"):
            asks = asks or word.startswith(ASK_FOR_HELP)
            is_value = word in WITH_VALUE
        else:
            return word, asks
    return "", asks


class CommandList:
    """The commands of one module, for its register_commands()."""

    def __init__(self, parsers: Mapping[str, CommandParser]) -> None:
        self._parsers = parsers

    @property
    def command_names(self) -> list[str]:
        return list(self._parsers)

    def add_command(self, name: str, run: Handler, **defaults: Any) -> CommandParser:
        """Return the parser of a command that `run` carries out; `defaults` are kept with its arguments."""
        parser = self._parsers[name]
        parser.set_defaults(run=run, parser=parser, **defaults)
        return parser

    def add_group(self, name: str, run: Handler | None = None) -> CommandGroup:
        """Return the commands of a command that has some of its own, such as `service list`; `run` carries out the
        command alone."""
        parser = self._parsers[name]
        if run is not None:
            parser.set_defaults(run=run, parser=parser)
        return CommandGroup(parser, needed=run is None)


def add_commands(parser: CommandParser, openers: Container[str], said: Sequence[str] | None = None) -> None:
    """Add all commands, or with `said`, the words of a command line, those of the module whose command it names; of the
    stations those that `openers` can open. Where the words ask for the help, it lists all of them in any case. A
    register of a feature is loaded for the help, and for what is no command of the core."""
    table = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=False, parser_class=CommandParser, title="commands"
    )
    command, is_listed = (None, True) if said is None else command_and_help_asked(said)
    for module, texts in _modules_with_commands(with_features=is_listed or bool(command and command not in NAMES)):
        known = {name: said_as(text) for name, text in texts.items() if module != f"cli.{STATIONS}" or name in openers}
        if command is None or command in known:
            parsers = {
                name: add_command_parser(table, name, text, is_meant=command in (None, name))
                for name, text in known.items()
            }
            import_module(f"queuedesk.{module}").register_commands(CommandList(parsers))
        elif is_listed:
            for name, text in known.items():
                table.add_parser(name, help=text)


def _modules_with_commands(*, with_features: bool) -> Iterator[tuple[str, Mapping[str, Wording]]]:
    """Yield the modules below queuedesk that add commands, with the commands of each and their lines."""
    for module, texts in COMMANDS.items():
        yield f"cli.{module}", texts
    for feature in installed_features() if with_features else ():
        yield from feature.commands.items()


Document = Mapping[str, Any]


def ticket_text(document: Document) -> str:
    """Return a ticket in a line: number, state, where, or who is ahead and the wait."""
    parts = [document["ticket"], document["service"], ticket_state_word(document["state"])]
    if document["state"] in ("called", "serving") and document["window"]:
        parts.append(_("window {window}", window=document["window"]))
    if document["state"] == "waiting":
        parts.append(_ahead_and_wait_text(document))
    if document.get("rating"):
        parts.append(rating_level_words(document["rating"]))
    return "  ".join(parts)


def _ahead_and_wait_text(document: Document) -> str:
    from queuedesk.core.queue.dispatch import people_ahead_in_document, wait_from_document
    from queuedesk.i18n.queue.line_words import ahead_of_ticket_text, wait_text

    ahead = people_ahead_in_document(document)
    people = ahead_of_ticket_text(ahead, coming=bool(document.get("coming")))
    return list_text([people, wait_text(wait_from_document(document), ahead=ahead)])


def service_wait_text(document: Document) -> str:
    return f"{document['service']}  {_ahead_and_wait_text(document)}"


def window_status_text(document: Document) -> str:
    """Return a window in a line: code, state, clerk, services and customer."""
    parts = [_("window {window}", window=document["code"]), window_state_word(document["state"])]
    if document["staff"]:
        parts.append(document["staff"])
    if document["services"]:
        parts.append(codes_text(document["services"]))
    if document["ticket"]:
        parts.append(document["ticket"])
    if document["back"]:
        parts.append(_("back at {time}", time=time_hm(datetime.fromisoformat(document["back"]))))
    return "  ".join(parts)


def unserved_services_warning(services: Sequence[str]) -> str:
    """Return the warning after a window closed or paused while people wait for a service that no open window offers."""
    return _("People are waiting for {services}, and no open window serves them.", services=list_text(services))


def hall_state_text(document: Document) -> str:
    """Return the hall's current state: windows, the line in call order, and alerts."""
    lines = [document["hall"], *(f"  {window_status_text(w)}" for w in document["windows"])]
    lines.append(n_("{n} person waiting", "{n} people waiting", len(document["waiting"])))
    lines += [f"  {ticket_text(t)}" for t in document["waiting"]]
    lines += [f"! {_alert_text(alert)}" for alert in document["alerts"]]
    return "\n".join(lines)


def _alert_text(alert: Document) -> str:
    if not alert["acknowledged"]:
        return str(alert["message"])
    return _("{alert} (seen by {staff})", alert=alert["message"], staff=alert["acknowledged_by"])


def day_end_text(document: Document) -> str:
    ended = document["waiting"] + document["gone"] + document["finished"]
    return _(
        "{date} is ended: {tickets}, {windows}.",
        date=date_for_report(date.fromisoformat(document["date"])),
        tickets=n_("{n} ticket", "{n} tickets", ended),
        windows=n_("{n} window", "{n} windows", document["windows"]),
    )


def event_text(event: Document) -> str:
    where = [event[key] for key in ("ticket", "service", "window", "staff") if event[key]]
    return "  ".join([str(event["seq"]), event["time"][:19] + "Z", event["kind"], event["actor"], *where])


def ticket_line_with_times(document: Document) -> str:
    """Return a ticket of a day in a line, with its times on the hall's clock."""
    times = [document["arrived"], *(document.get(key) for key in ("called", "started", "finished"))]
    clock = "  ".join(time_hm(datetime.fromisoformat(text)) if text else "–" for text in times)
    return f"{ticket_text(document)}  {clock}"


def list_row_line(row: Document) -> str:
    cells = []
    for key, value in row.items():
        if isinstance(value, list):
            # Papers, items and hours have rows of their own: the set-up file shows them.
            shown = codes_text(value) if all(isinstance(one, str) for one in value) else ""
        else:
            shown = "" if value is None else " / ".join(str(value).split("\n"))
        if key == "name_en" or (key == "name" and "name_en" in row):
            continue
        cells.append(shown)
    if "name" in row and "name_en" in row:
        cells.insert(1, name_in_language(row["name"], row["name_en"]))
    return "  ".join(cell for cell in cells if cell)
