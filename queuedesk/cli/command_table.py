"""The table of the core's commands: the line of each in the help, and the module of its subject that adds it. Those of
features stand in their registers.

To load all modules takes half a second and to build all parsers a tenth: a command line does both for the one module
that adds the command that it names, and the help, where it is asked for, lists the others from this table and the
registers.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from queuedesk.cli.parser import Commands, Handler, Parser, put_command
from queuedesk.core.features import features, owner_of_command
from queuedesk.core.wording import Wording
from queuedesk.i18n.moments import said as said_as

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
    "this_pc.settings": {
        "screens": Wording("open what the screens of this PC show"),
        "screen": Wording("the screens of this PC"),
        "autostart": Wording("what opens when somebody logs in at this PC"),
    },
    "network.sharing": {
        "join": Wording("make this PC a station of a shared hall"),
        "unjoin": Wording("take this PC out of its shared hall"),
        "pcs": Wording("the PCs that share the hall"),
        "host": Wording("share this hall with other PCs"),
    },
    "setup.set_up": {
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
    },
    "setup.features": {
        "features": Wording("what the hall uses, and what it leaves out"),
    },
    "queue.tickets": {
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
    "talk.messages": {
        "note": Wording("notes on a day"),
        "ack": Wording("say that somebody has seen an alert"),
        "correct": Wording("put right what a ticket's story has wrong"),
        "message": Wording("short messages between stations"),
        "help-call": Wording("calls for help"),
    },
    "setup.calendar": {
        "calendar": Wording("holidays, make-up working days and special hours of single dates"),
    },
    "setup.sentences": {
        "sentence": Wording("the ready sentences"),
    },
    "queue.windows": {
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
    "batch": {
        "batch": Wording("carry out commands that other software gives, one a line"),
    },
    "figures.reporting": {
        "report": Wording("the figures of a day, week, month, quarter or year as a file"),
    },
    "quality.cases": {
        "cases": Wording("cases: followed until the customer's verdict"),
    },
    "talk.devices": {
        "device": Wording("the hall's equipment"),
    },
    "upkeep.clocks": {
        "clock": Wording("the hall's time: whether it is certain, and that it is right"),
    },
    "talk.voice": {
        "voice": Wording("the voice of the hall"),
    },
    "setup.ticket_design": {
        "ticket-design": Wording("what is printed on the ticket"),
    },
    "this_pc.printing": {
        "printer": Wording("the printer of this PC"),
        "print": Wording("print a ticket again, as it is now"),
        "print-papers": Wording("print the list of papers of a service"),
    },
    "upkeep.backups": {
        "backup": Wording("write everything into one file, while the hall works"),
        "restore": Wording("restore a backup"),
        "doctor": Wording("check the installation and the hall's data"),
        "backups": Wording("automatic backups"),
        "export": Wording("write a hall's log into a file, for another database"),
        "merge": Wording("add an exported log to this database"),
    },
    "network.access": {
        "access": Wording("who was refused, and why"),
    },
}
"""The core's modules below queuedesk.cli in the order of the help, and the commands that the add() of each adds."""
NAMES = frozenset(name for names in COMMANDS.values() for name in names)
ASK_FOR_HELP = ("-h", "--help")
WITH_VALUE = frozenset(("--db", "--hall", "--lang", "--as", "--id", "--at"))
"""The options that may stand before a command and take the word after them."""


def feature_of(command: str) -> str:
    """Return the name of the feature that a command belongs to, "" for none."""
    return "" if command in NAMES else owner_of_command(command)


def named_command(words: Sequence[str]) -> tuple[str, bool]:
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


class Listed:
    """The commands of one module, for its add()."""

    def __init__(self, parsers: Mapping[str, Parser]) -> None:
        self._parsers = parsers

    @property
    def names(self) -> list[str]:
        return list(self._parsers)

    def add(self, name: str, run: Handler, **defaults: Any) -> Parser:
        """Return the parser of a command that `run` carries out; `defaults` are kept with its arguments."""
        parser = self._parsers[name]
        parser.set_defaults(run=run, parser=parser, **defaults)
        return parser

    def add_group(self, name: str, run: Handler | None = None) -> Commands:
        """Return the commands of a command that has some of its own, such as `service list`; `run` carries out the
        command alone."""
        parser = self._parsers[name]
        if run is not None:
            parser.set_defaults(run=run, parser=parser)
        return Commands(parser, needed=run is None)


def add_commands(parser: Parser, openers: Container[str], said: Sequence[str] | None = None) -> None:
    """Add all commands, or with `said`, the words of a command line, those of the module whose command it names; of the
    stations those that `openers` can open. Where the words ask for the help, it lists all of them in any case. A
    register of a feature is loaded for the help, and for what is no command of the core."""
    table = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=False, parser_class=Parser, title="commands"
    )
    command, is_listed = (None, True) if said is None else named_command(said)
    for module, texts in _modules(with_features=is_listed or bool(command and command not in NAMES)):
        known = {name: said_as(text) for name, text in texts.items() if module != f"cli.{STATIONS}" or name in openers}
        if command is None or command in known:
            parsers = {name: put_command(table, name, text) for name, text in known.items()}
            import_module(f"queuedesk.{module}").add(Listed(parsers))
        elif is_listed:
            for name, text in known.items():
                table.add_parser(name, help=text)


def _modules(*, with_features: bool) -> Iterator[tuple[str, Mapping[str, Wording]]]:
    """Yield the modules below queuedesk that add commands, with the commands of each and their lines."""
    for module, texts in COMMANDS.items():
        yield f"cli.{module}", texts
    for one in features() if with_features else ():
        yield from one.commands.items()
