"""The whole program has its Chinese, and the check that says so finds every kind of fault."""

import csv
import gettext
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from queuedesk.i18n.catalogue import CompiledCatalogue
from scripts import build_texts

ROOT = Path(__file__).resolve().parent.parent
SOURCE = """
def title():
    return _("Hello {name}", name="A")
"""
AREA = """
msgid "Hello {name}"
msgstr "{name}，您好"
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "program").mkdir()
    (tmp_path / "locale").mkdir()
    return tmp_path


def texts(tree: Path, source: str = SOURCE, **areas: str):
    (tree / "program" / "view.py").write_text(source, encoding="utf-8")
    for area, entries in areas.items():
        (tree / "locale" / f"{area}.po").write_text(entries, encoding="utf-8")
    return build_texts.read_all(tree / "program", tree / "locale")


def faults(tree: Path, source: str = SOURCE, **areas: str) -> list[str]:
    return build_texts.check(texts(tree, source, **areas))


def banned() -> list[tuple[str, re.Pattern[str], str, re.Pattern[str] | None]]:
    """Return what no text says: its language, what finds it, the word in its place, and where it is right after all."""
    with (ROOT / "tests" / "banned_words.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return [
        (
            row["language"],
            re.compile(rf"\b{row['word']}\b" if row["language"] == "en" else row["word"], re.IGNORECASE),
            row["instead"],
            re.compile(row["unless"], re.IGNORECASE) if row["unless"] else None,
        )
        for row in rows
    ]


def words_of(path: Path) -> str:
    return "zh_CN" if path.parent.name == "zh_CN" else "en"


def test_no_page_for_users_uses_a_banned_word():
    pages = [ROOT / "README.md", *sorted((ROOT / "resources" / "docs" / "guide").glob("*/*.md"))]
    found, words = [], banned()
    for path in pages:
        text = path.read_text(encoding="utf-8")
        for lang, word, instead, unless in words:
            if lang == words_of(path) and (used := word.search(unless.sub("", text) if unless else text)):
                found.append(f"{path.relative_to(ROOT)}: {used[0]!r}; say {instead!r}")
    assert found == []


def badly_worded(entries: Iterable[Any]) -> list[str]:
    found, words = [], banned()
    for entry in entries:
        said = {"en": " ".join(filter(None, (entry.key.text, entry.key.plural))), "zh_CN": entry.chinese}
        for lang, word, instead, unless in words:
            text = unless.sub("", said[lang]) if unless else said[lang]
            if used := word.search(text):
                found.append(f"{entry.place}: {used[0]!r} in {said[lang]!r}; say {instead!r}")
    return found


def test_no_text_uses_a_banned_word():
    all_areas = build_texts.AllTexts()
    build_texts.read_areas(build_texts.CATALOGUES / "zh_CN", all_areas)
    assert all_areas.entries
    assert badly_worded(all_areas.entries) == []


def test_a_banned_word_is_named_with_the_word_to_use(tree):
    entries = 'msgid "Mend it"\nmsgstr "看大屏通知"\n\nmsgid "Emending"\nmsgstr "紧急通知"\n'
    found = "\n".join(badly_worded(texts(tree, bad=entries).entries))
    assert "'Mend' in 'Mend it'; say 'repair or fix'" in found
    assert "'通知' in '看大屏通知'; say '公告'" in found
    assert len(found.splitlines()) == 2


@pytest.mark.parametrize(
    ("chinese", "fault"),
    [
        *(("{nome}，您好", "other fields"), ("您好", "other fields"), ("您好,{name}", "half-width ,")),
        *(("{name}, 您好", "half-width ,"), ("{name} 您好?", "half-width ?"), ("{name} 您好!", "half-width !")),
        *(("{name} 您好: B", "half-width :"), ("{name} 您好;", "half-width ;"), ("{name} 您好 (B)", "half-width (")),
        *(("为什么挂起 {name}?", "half-width ?"), ("“{name}”您好", "narrow quotes"), ("", "no Chinese")),
        ("{name} 您好 80%", "no space before %"),
        *((fine, "") for fine in ("{name}，8:30 来", "{name} 记录 1,482 条", "{name}（见 http://a.b/c）", "{name}: ")),
    ],
)
def test_bad_chinese_is_named_and_marks_inside_figures_and_words_are_no_fault(tree, chinese, fault):
    found = faults(tree, guide=f'msgid "Hello {{name}}"\nmsgstr "{chinese}"\n')
    assert fault in "\n".join(found) and bool(found) is bool(fault)


def test_half_width_pauses_are_allowed_for_the_speech_engine(tree):
    source = 'def call():\n    return tr(lang, "Go", context="spoken")\n'
    assert faults(tree, source, voice='msgctxt "spoken"\nmsgid "Go"\nmsgstr "请, 走"\n') == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('TITLE = _("Hello {name}")\n', "freezes the language"),
        ('class View:\n    title = tr("en", "Hello {name}")\n', "freezes the language"),
        ("def f(): return f'{_(\"Hello {name}\")}'\n", "inside an f-string"),
        ("def f(n): return _(f'Hello {n}')\n", "not a literal"),
        ("def f(n): return _('Hello ' + n)\n", "not a literal"),
        ("def f(a, b, n): return n_(a, b, n)\n", "not a literal"),
        ("def f(n): return n_('{n} of {all}', '{n}', n, all=1)\n", "lacks a field"),
        ("def f(): return _()\n", "has no text"),
        ('def f(): return _("Hello {name}").format(name=1)\n', "gives no name"),
        ("def f(): pass\n", "nothing uses"),
    ],
)
def test_a_text_that_can_not_be_translated_is_named(tree, source, fault):
    assert fault in "\n".join(faults(tree, source, guide=AREA))


def test_both_branches_of_a_choice_and_marked_tables_are_found(tree):
    source = "WORDS = {1: mark('Open', context='state')}\ndef f(x): return _('Yes' if x else 'No')\n"
    source += "def g(x): return tr('en', WORDS[x], context='state')\n"
    used = texts(tree, source).used
    assert {(key.context, key.text) for key in used} == {("state", "Open"), ("", "Yes"), ("", "No")}


def test_areas_that_contradict_each_other_or_themselves_are_named(tree):
    found = faults(tree, guide=AREA, counter=AREA.replace("您好", "你好"))
    assert len(found) == 1 and "guide.po" in found[0]
    assert faults(tree, guide=AREA, counter=AREA) == []
    assert "stands twice" in faults(tree, guide=AREA + AREA)[0]
    assert "fuzzy" in faults(tree, guide="#, fuzzy" + AREA)[0]


def test_the_missing_entries_can_be_pasted_into_an_area(tree):
    source = SOURCE + 'def f(n):\n    return n_("{n} \\"person\\"", "{n} people", n, context="line")\n'
    stubs = build_texts.missing(texts(tree, source))
    filled = stubs.replace('msgstr ""', 'msgstr "{name}，您好"').replace('msgstr[0] ""', 'msgstr[0] "{n} 人"')
    assert faults(tree, source, guide=filled) == []


@pytest.mark.parametrize("read", [lambda one: gettext.GNUTranslations(io.BytesIO(one)), CompiledCatalogue])
def test_the_compiled_catalogue_is_read_as_gettext_reads_it(tree, read):
    source = SOURCE + "def f(n):\n    return n_('{n} person', '{n} people', n) + _('Open', context='state')\n"
    area = f'{AREA}\nmsgid "{{n}} person"\nmsgid_plural "{{n}} people"\nmsgstr[0] "{{n}} 人"\n'
    area += '\n# split over two lines\nmsgctxt "state"\nmsgid ""\n"Op"\n"en"\nmsgstr "营业中"\n'
    compiled = build_texts.compile_catalogue(texts(tree, source, guide=area).chinese())
    found = read(compiled)
    assert found.gettext("Hello {name}") == "{name}，您好"
    assert found.ngettext("{n} person", "{n} people", 1) == found.ngettext("{n} person", "{n} people", 2) == "{n} 人"
    assert found.pgettext("state", "Open") == "营业中"
    assert found.gettext("Open") == "Open"


def test_a_language_with_two_forms_has_both():
    key = build_texts.Key("", "{n} person", "{n} people")
    found = CompiledCatalogue(build_texts.compile_catalogue({key: "{n} Mensch\0{n} Menschen"}, "de"))
    counted = [found.ngettext(key.text, key.plural, n) for n in (0, 1, 2)]
    assert counted == ["{n} Menschen", "{n} Mensch", "{n} Menschen"]


def test_an_old_compiled_catalogue_is_named(tree, monkeypatch, capsys):
    stale = tree / "locale" / "zh_CN" / "LC_MESSAGES" / "queuedesk.mo"
    stale.parent.mkdir(parents=True)
    stale.parent.parent.joinpath("guide.po").write_text(AREA, encoding="utf-8")
    stale.write_bytes(build_texts.compile_catalogue({}))
    monkeypatch.setattr(build_texts, "CATALOGUES", tree / "locale")
    monkeypatch.setattr(build_texts, "SOURCE", tree / "program")
    assert build_texts.main(["--check"]) == 1
    assert "older than its areas" in capsys.readouterr().err
    assert stale.read_bytes() == build_texts.compile_catalogue({})
