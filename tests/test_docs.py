"""The pages for developers and for scripts say what there is: commands, options, codes, folders, and no others."""

import argparse
import re
from pathlib import Path

from queuedesk import i18n
from queuedesk.app.station.launch import openers
from queuedesk.cli import main, output
from queuedesk.core.features import features
from queuedesk.core.setup.field_kinds import typed_kinds
from queuedesk.core.setup.file import SETTINGS
from queuedesk.core.setup.rows import ROWS
from queuedesk.i18n.refusals import PLAIN, SPECIAL
from queuedesk.reports.papers.tickets import COLUMNS
from scripts import build_texts
from tests.cli.parsers import arguments, commands

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "resources" / "docs"
TEXT = DOCS.joinpath("commands.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
UNTRANSLATED = {"XLSX"}


def there() -> dict[str, argparse.ArgumentParser]:
    """Return every command of the core's by its words, such as "service add"."""
    found: dict[str, argparse.ArgumentParser] = {}
    for name, parser in commands(main.build_parser(openers())).items():
        # A group does nothing by itself, but for the one that is also a command.
        own_words = {"": parser} if parser.get_default("run") or not commands(parser) else {}
        for word, own in {**own_words, **commands(parser)}.items():
            found[f"{name} {word}".strip()] = own
    added = {name for one in features() if one.log for names in one.commands.values() for name in names}
    return {words: own for words, own in found.items() if words.split()[0] not in added}


def options(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options that a command's help shows."""
    shown = [action for action in arguments(parser) if action.help is not argparse.SUPPRESS]
    return {name for action in shown for name in action.option_strings}


def section(title: str) -> str:
    return TEXT.split(f"## {title}\n")[1].split("\n## ")[0]


def written() -> dict[str, str]:
    """Return the page's rows of commands: the words up to the first that is no name, and the whole row."""
    rows, groups = {}, {words.split()[0] for words in there() if " " in words}
    for line in TEXT.split("## Stations\n")[1].split("## Codes")[0].splitlines():
        if (found := ROW.match(line)) and not line.startswith("| `name"):
            words = re.match(r"([a-z]+(?:-[a-z]+)*)(?: ([a-z]+(?:-[a-z]+)*))?\b", found[1])
            assert words is not None, line
            rows[f"{words[1]} {words[2]}" if words[1] in groups and words[2] else words[1]] = line
    return rows


def test_the_page_has_every_option_and_no_other():
    rows = written()
    for words, parser in there().items():
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", rows[words].split(" | ", 2)[0]))
        assert named == options(parser), words


def test_the_page_has_every_global_option():
    parser = main.build_parser({})

    for action in arguments(parser):
        for name in action.option_strings:
            assert f"`{name}" in section("Options of every command"), name


def test_the_page_has_every_status():
    statuses = [main.DONE, main.REFUSED, main.WRONG_USAGE, main.NO_DATABASE, main.INTERRUPTED]

    assert re.findall(r"^\| (\d+) \|", section("Status"), re.MULTILINE) == [str(status) for status in statuses]


def test_the_page_has_every_code_and_no_other():
    assert sorted(ROW.findall(section("Codes of refusals"))) == sorted({*PLAIN, *SPECIAL, output.CODE, output.USAGE})


def test_the_page_has_every_field_and_column():
    for part, row in ROWS.items():
        assert all(re.search(rf"\b{key}\b", section("Set-up")) for key in typed_kinds(row)), part
    assert " ".join(COLUMNS) in " ".join(section("Looking").split())


def test_the_page_has_every_rule_with_its_default():
    rules = section("Set-up").split("Rules and their defaults: `")[1].split("`.")[0]

    told = dict(one.split(None, 1) for one in " ".join(rules.split()).split(", "))
    assert list(told) == list(SETTINGS)
    assert [told[key].split("|")[0] for key in SETTINGS] == [str(value) for value in SETTINGS.values()]


def test_help_speaks_both_languages():
    for lang in i18n.LANGUAGES:
        i18n.use(lang)
        page = main.build_parser(openers()).format_help()
        assert ("取号" in page) is (lang == "zh_CN")


def test_every_subject_has_its_place_in_the_architecture():
    page = DOCS.joinpath("architecture.md").read_text(encoding="utf-8")
    folders = [
        path.parent.relative_to(ROOT / "queuedesk").as_posix()
        for layer in ("core", "desk", "cli", "i18n")
        for path in ROOT.joinpath("queuedesk", layer).glob("*/__init__.py")
    ]

    assert [folder for folder in folders if f"](../../queuedesk/{folder})" not in page] == []


def test_no_example_puts_a_name_where_it_would_stay_for_good():
    examples = re.findall(r"--ref (?:'([^']+)'|(\w+))(?=[\s`]|$)", "".join(re.findall(r"```.*?```", TEXT, re.DOTALL)))

    assert examples
    assert [one for one in map("".join, examples) if not re.search(r"\d", one)] == []


def labels(language: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """Return the texts of the screens in a language: those without a field, and patterns for the others."""
    texts = build_texts.Texts()
    build_texts.read_areas(build_texts.CATALOGUES / build_texts.CHINESE, texts)
    english = {text for entry in texts.entries for text in (entry.key.text, entry.key.plural)}
    shown = english if language == "en" else set(texts.chinese().values())
    built = [re.sub(r"\\{\w+\\}", ".*", re.escape(text)) for text in shown if "{" in text]
    # One that is nothing but fields would fit everything.
    return shown | UNTRANSLATED, [re.compile(text) for text in built if re.search(r"\w", text.replace(".*", ""))]


def test_the_tasks_name_what_the_screens_show():
    for language in ("en", "zh_CN"):
        named = set(re.findall(r"\*\*(.+?)\*\*", DOCS.joinpath("guide", language, "how.md").read_text("utf-8")))
        shown, built = labels(language)

        assert [label for label in named - shown if not any(text.fullmatch(label) for text in built)] == []
