"""The pages for developers and for scripts say what there is: statuses, folders, labels, and no others."""

import re
from pathlib import Path

from queuedesk import i18n
from queuedesk.app.station.launch import station_openers
from queuedesk.cli import main
from scripts import build_texts
from scripts.build_commands import PART

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "resources" / "docs"
TEXT = DOCS.joinpath("commands.md").read_text(encoding="utf-8")
UNTRANSLATED = {"XLSX"}
MOST_WORDS = 46_200  # of the README and all pages, in both languages; lists that a script writes are for looking up


def test_the_page_has_every_status():
    statuses = [main.DONE, main.REFUSED, main.WRONG_USAGE, main.NO_DATABASE, main.INTERRUPTED]
    assert re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE) == [str(status) for status in statuses]


def test_help_speaks_both_languages():
    for lang in i18n.LANGUAGES:
        i18n.choose_language(lang)
        page = main.build_parser(station_openers()).format_help()
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
    texts = build_texts.AllTexts()
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


def test_the_docs_stay_as_short_as_somebody_reads_them():
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    written = [PART.sub("", page.read_text(encoding="utf-8")) for page in pages]
    assert sum(len(text.split()) for text in written) <= MOST_WORDS


def test_every_threat_is_proved_by_tests_that_there_are():
    rows = re.findall(
        r"^\| (.+) \| (.+) \| (.+) \|$", DOCS.joinpath("threats.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    (_head, *threats) = [row for row in rows if set(row[0]) != {"-"}]
    assert len(threats) > 15
    for threat, _prevention, tests in threats:
        named = re.findall(r"`(tests/\S+\.py)::(test_\w+)`", tests)
        assert named, threat
        for file, name in named:
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), name
