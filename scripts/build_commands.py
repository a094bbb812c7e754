"""Write the parts of resources/docs/commands.md that follow from the program: commands, refusals, fields and rules.

build_commands.py            rewrite what stands between `<!-- made: … -->` and `<!-- end -->`
build_commands.py --check    write nothing; exit 1 and name every fault

`<!-- made: commands issue,voice,notice/push -->` lists commands and groups of commands: an entry for each command.
Groups whose commands have the same words share an entry. An option that the page explains in a point of its own is only
named in entries. Two things inside the parts are written by hand and kept: the JSON that ends an entry, and the meaning
of a refusal whose sentence depends on its details. Other refusals have the first clause of their sentence.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from queuedesk import i18n
from queuedesk.app.station.launch import station_openers
from queuedesk.cli import output
from queuedesk.cli.main import build_parser
from queuedesk.core.features import list_in_features_package, set_installed_features
from queuedesk.core.setup.field_kinds import command_line_kinds_by_key
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.core.setup.rows import ROWS
from queuedesk.i18n.names import words_of_all_features
from queuedesk.i18n.refusals import PLAIN, SPECIAL
from queuedesk.reports.papers.tickets import COLUMNS

PAGE = Path(__file__).resolve().parent.parent / "resources" / "docs" / "commands.md"
PART = re.compile(r"<!-- made: (\w+)(?: (\S+))? -->\n(.*?)<!-- end -->", re.DOTALL)
"""A part of the page: its kind, the names of its commands, and its text."""
ENTRY = re.compile(r"^(- |  )`([^`]+)`(.*)$", re.MULTILINE)
"""A line of an entry: its indent, the usage, and the text with the JSON."""
SENTENCE_END = re.compile(r"; |\.(?: |$)|, (?:so|because|and nothing|thank) ?")
UNWRITTEN = "…"
"""The placeholder for a refusal that has no words yet."""


def every_command(parser: argparse.ArgumentParser, words: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield each command that can be run with its words, such as "service add"."""
    groups = [action.choices for action in parser._actions if isinstance(action.choices, dict)]
    if words and (parser.get_default("run") or not groups):
        yield words, parser
    for choices in groups:
        for name, command in choices.items():
            yield from every_command(command, f"{words} {name}".strip())


@cache
def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command by its words, in the order of the help."""
    return dict(every_command(build_parser(station_openers())))


def shared_options(page: str) -> dict[str, set[str]]:
    """Return the options that points of the page explain, each with the values that the point names."""
    options: dict[str, set[str]] = {}
    for line in PART.sub("", page).splitlines():
        if line.startswith("- `--"):
            for name, values in re.findall(r"`(--[a-z-]+)(?: ([^`]+))?`", line):
                options.setdefault(name, set()).update(values.split("|"))
    return options


# One command


def value(action: argparse.Action) -> str:
    """Return the value of an argument or option as usage shows it, "" for a flag."""
    if action.nargs == 0:
        return ""
    shown = "|".join(map(str, action.choices or ())) or action.metavar or action.dest.upper()
    name = shown if isinstance(shown, str) else shown[0]
    if isinstance(action.nargs, int):
        return " ".join([name] * action.nargs)
    return f"{name}…" if action.nargs in ("+", "*") else name


def typed(action: argparse.Action) -> str:
    """Return an argument or option as it is typed."""
    return joined([*action.option_strings[:1], value(action)])


def joined(words: Iterable[str]) -> str:
    return " ".join(filter(None, words))


class CommandEntry:
    """The usage of a command and the text beside it, which explains the options that the page does not explain."""

    def __init__(self, words: str, parser: argparse.ArgumentParser, shared: Mapping[str, set[str]]) -> None:
        self.group, _space, self.name = words.partition(" ")
        self._shared = shared
        visible = [action for action in parser._actions if action.help != argparse.SUPPRESS]
        arguments = [each for each in visible if not each.option_strings and not isinstance(each.choices, dict)]
        options = [each for each in visible if each.option_strings]
        choices = [each for each in parser._mutually_exclusive_groups if set(each._group_actions) <= set(options)]
        in_choices = {option for choice in choices for option in choice._group_actions}
        free = [
            each for each in options if each not in in_choices and not each.required and self._has_shared_windows(each)
        ]
        self.usage = joined(
            [
                *(f"[{typed(each)}]" if each.nargs in ("?", "*") else typed(each) for each in arguments),
                *(typed(each) for each in options if each.required),
                *(self._choice_text(each) for each in choices),
                f"[{joined(map(self._named, free))}]" if free else "",
            ]
        )
        meanings = [f"{typed(each)} {each.help}" for each in arguments if each.help and not each.choices]
        for option in options:
            if not self._has_shared_windows(option):
                shown = option.option_strings[0] if option.required else typed(option)
                meanings.append(joined([f"`{shown}`", option.help or ""]))
        self.text = ". ".join(filter(None, [parser.description, "; ".join(meanings)]))

    def _has_shared_windows(self, option: argparse.Action) -> bool:
        """Whether the page explains the option with this value; `F.pdf` counts as `F`."""
        name, shown = option.option_strings[0], value(option)
        return name in self._shared and (not shown or bool({shown, shown.partition(".")[0]} & self._shared[name]))

    def _named(self, option: argparse.Action) -> str:
        return typed(option) if "." in value(option) else option.option_strings[0]

    def _choice_text(self, choice: Any) -> str:
        names = "|".join(map(self._named, choice._group_actions))
        return f"({names})" if choice.required else f"[{names}]"


def commands_of(name: str) -> list[str]:
    """Return the commands that a name of a part means: those of a group, or the one of "notice/push"."""
    return [words for words in commands() if name in (words.partition(" ")[0], words.replace(" ", "/"))]


def entries(names: list[str], page: str, by_hand: Mapping[str, str]) -> list[str]:
    """Return the lines of these commands and groups; `by_hand` has the JSON that ends an entry, by command."""
    shared = shared_options(page)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for name in names:
        for words in commands_of(name):
            entry = CommandEntry(words, commands()[words], shared)
            alike.setdefault((entry.name, entry.usage, entry.text), []).append(entry.group)
    by_groups: dict[str, list[tuple[str, str]]] = {}
    for (name, usage, text), groups in alike.items():
        answer = by_hand.get(joined([groups[0], name]), "")
        by_groups.setdefault("|".join(groups), []).append((joined([name, usage]), f": {text}{answer}"))
    return [line for groups, own in by_groups.items() for line in _point(groups, own)]


def _point(groups: str, own: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of one point: a command, or a group with a line for each of its commands."""
    if groups in commands() or len(own) == 1:
        (usage, text), *own = own
        first = f"- `{joined([groups, usage])}`{text}"
    else:
        first = f"- `{groups}`"
    lines = [first, *(f"  `{usage}`{text}" for usage, text in own)]
    yield from (f"{line}\\" for line in lines[:-1])  # A backslash keeps the line break.
    yield lines[-1]


# The other parts


def refusals() -> dict[str, str]:
    """Return the first clause of each refusal's sentence by code, "" where the sentence depends on details."""
    added = {code: sentence for words in words_of_all_features() for code, sentence in words.refusals.items()}
    first = {
        code: SENTENCE_END.split(sentence)[0] if isinstance(sentence, str) else ""
        for code, sentence in {**PLAIN, **added}.items()
    }
    return {**dict.fromkeys([output.CODE, output.USAGE, *SPECIAL], ""), **first}


def refusal_lines(before: str) -> list[str]:
    """Return a line for each refusal in the order of codes; words written by hand come from `before`."""
    by_hand = dict(re.findall(r"^(\w+) +(.+)$", before, re.MULTILINE))
    words = {code: text or by_hand.get(code, UNWRITTEN) for code, text in refusals().items()}
    return ["```text", *(f"{code:<23}{words[code]}" for code in sorted(words)), "```"]


def rule(key: str) -> str:
    """Return a rule with its usual value, then the other choices."""
    usual = str(HALL_RULES[key].usual)
    others = [choice for choice in map(str, HALL_RULES[key].kind.choices) if choice != usual]
    return f"{key}={'|'.join([usual, *others])}"


def global_options() -> list[str]:
    options = [action for action in build_parser({})._actions if action.option_strings]
    return [
        f"- {', '.join(f'`{joined([name, value(option)])}`' for name in option.option_strings)}: {option.help}"
        for option in options
    ]


PARTS: Mapping[str, Callable[[], list[str]]] = {
    "options": global_options,
    "fields": lambda: [f"- {part}: `{joined(command_line_kinds_by_key(row))}`" for part, row in ROWS.items()],
    "rules": lambda: [f"`{joined(map(rule, HALL_RULES))}`"],
    "columns": lambda: [f"`{joined(COLUMNS)}`"],
}


def on_page(page: str) -> Iterator[tuple[list[str], str]]:
    """Yield the commands of each entry with the JSON that ends it."""
    groups: list[str] = []
    for part in PART.finditer(page):
        for indent, usage, text in ENTRY.findall(part[3]) if part[1] == "commands" else ():
            words = usage.split()
            if indent == "- ":
                groups = words.pop(0).split("|")
            names = (joined(words[:count]) for count in (2, 1))  # such as "keys add" of web, or "add"
            name = next((each for each in names if joined([groups[0], each]) in commands()), "") if words else ""
            if text.startswith(":"):
                _text, start, json = text.removesuffix("\\").partition(": `{")
                yield [joined([group, name]) for group in groups], start + json


def made(page: str) -> str:
    """Return the page with its parts made anew."""
    by_hand = {command: json for group, json in on_page(page) for command in group}

    def part(match: re.Match[str]) -> str:
        kind, names, text = match.groups()
        if kind == "commands":
            lines = entries(names.split(","), page, by_hand)
        else:
            lines = refusal_lines(text) if kind == "refusals" else PARTS[kind]()
        return "\n".join([f"<!-- made: {joined([kind, names or ''])} -->", *lines, "<!-- end -->"])

    return PART.sub(part, page)


def faults(page: str) -> list[str]:
    """Return a line for each command or part that is not on the page once, and for each refusal without words."""
    times = Counter(command for group, _json in on_page(page) for command in group)
    parts = Counter(part[1] for part in PART.finditer(page))
    names = [name for part in PART.finditer(page) for name in (part[2] or "").split(",") if name]
    return [
        *(f"{name} is no command" for name in names if not commands_of(name)),
        *(f"{command} is on the page {times[command]} times" for command in commands() if times[command] != 1),
        *(f"{kind} are on the page {parts[kind]} times" for kind in ("refusals", *PARTS) if parts[kind] != 1),
        *(f"{code} has no words" for code in re.findall(rf"^(\w+) +{UNWRITTEN}$", page, re.MULTILINE)),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write or check; return the exit status."""
    parser = argparse.ArgumentParser(description="Write what follows from the program into the page of commands.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and name every fault")
    options = parser.parse_args(arguments)
    set_installed_features(list_in_features_package("FEATURES"))
    i18n.choose_language("en")
    before = PAGE.read_text(encoding="utf-8")
    page = made(before)
    found = faults(page)
    if not options.check:
        PAGE.write_text(page, encoding="utf-8")
    elif page != before:
        found.append("commands.md is older than the program: run scripts/build_commands.py")
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
