"""Merge the Chinese of every area into the compiled catalogue, and say what is missing or badly set.

build_texts.py            compile resources/locale/zh_CN/*.po
build_texts.py --check    write nothing; exit 1 and name every fault
build_texts.py --missing  print empty entries for the texts that have no Chinese yet

With --lang de each does the same for the texts in resources/locale/de.
"""

import argparse
import ast
import re
import string
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "queuedesk"
CATALOGUES = ROOT / "resources" / "locale"
CHINESE = "zh_CN"

HEADER = "Content-Type: text/plain; charset=UTF-8\nLanguage: {lang}\nPlural-Forms: {plurals}\n"
PLURALS = {CHINESE: "nplurals=1; plural=0;"}
"""How each language counts, as gettext says it; one that is not named here counts as English does."""
AS_ENGLISH = "nplurals=2; plural=n != 1;"
TEXT_ARGUMENT = {"_": 0, "n_": 0, "tr": 1, "ntr": 1, "mark": 0, "Wording": 0}
MARKS = ("mark", "Wording")
"""What names a text that is put into a language elsewhere."""
FIELD, FIELD_LABEL, FIELD_TEXTS = "entry", 1, ("hint", "title")
"""How core/setup/field_kinds.py declares a field: with a label of the context "field", and texts that have none."""
RULE, RULE_TEXTS = "rule_field", slice(3, 5)
"""How core/setup/file.py declares a rule: with a name and an effect."""
PLURAL = ("n_", "ntr")
SPOKEN = "spoken"
"""The context of texts for the speech engine: nobody sees them, and half-width commas are its pauses."""

_MAY_CALL = re.compile(rf"\b({'|'.join([*TEXT_ARGUMENT, FIELD, RULE])})\s*\(")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_HALF_WIDTH = re.compile(r"[,?!:;()]")
_BESIDE = re.compile(r"[A-Za-z0-9/\\_.-]")


class Key(NamedTuple):
    """What finds a text: its context ("" for none), the English and, for counted things, the English plural."""

    context: str
    text: str
    plural: str = ""

    def __str__(self) -> str:
        return f'"{self.text}"' + (f" ({self.context})" if self.context else "")


@dataclass(frozen=True)
class TextEntry:
    """One text of an area with its Chinese."""

    key: Key
    chinese: str
    place: str
    is_fuzzy: bool


@dataclass
class AllTexts:
    """All texts: where the source uses each one, and the entries of all areas."""

    used: dict[Key, str] = field(default_factory=dict)
    entries: list[TextEntry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def chinese(self) -> dict[Key, str]:
        return {entry.key: entry.chinese for entry in self.entries if entry.chinese}


# The source


_LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
"""What has nothing below it; most of a module's parts are such."""


class _Calls(ast.NodeVisitor):
    """Collects the texts of one file and the calls that the extraction or the language switch could not follow."""

    def __init__(self, name: str, texts: AllTexts) -> None:
        self.name = name
        self.texts = texts
        self.depth = 0
        self.in_f_string = False

    def visit(self, node: ast.AST) -> None:
        outer = self.depth, self.in_f_string
        self.depth += isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        self.in_f_string = self.in_f_string or isinstance(node, ast.JoinedStr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self._look_at(node.func.id, node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in (FIELD, RULE):
            self._look_at(node.func.attr, node)
        # As ast.iter_child_nodes(), which would take half of the time.
        for part in vars(node).values():
            for child in part if isinstance(part, list) else (part,):
                if isinstance(child, ast.AST) and not isinstance(child, _LEAVES):
                    self.visit(child)
        self.depth, self.in_f_string = outer

    def _look_at(self, function: str, node: ast.Call) -> None:
        if function in TEXT_ARGUMENT:
            self._take(function, node)
        if function == FIELD:
            self._take_field(node)
        if function == RULE:
            for text in filter(None, map(_constant, node.args[RULE_TEXTS])):
                self.texts.used.setdefault(Key("", text), f"{self.name}:{node.lineno}")

    def _take(self, function: str, node: ast.Call) -> None:
        place = f"{self.name}:{node.lineno}"
        at = TEXT_ARGUMENT[function]
        if function not in MARKS and self.depth == 0:
            self.texts.faults.append(f"{place}: {function}() outside a function freezes the language")
        if self.in_f_string:
            self.texts.faults.append(f"{place}: {function}() inside an f-string")
        if len(node.args) <= at:
            self.texts.faults.append(f"{place}: {function}() has no text")
            return
        context = next((_constant(keyword.value) for keyword in node.keywords if keyword.arg == "context"), "")
        for text in _choices(node.args[at]):
            if text is None:
                self._refuse_built(function, node.args[at], place)
                continue
            if function not in MARKS:
                self._look_for_fields(function, node, text, place)
            if function in PLURAL:
                plural = _constant(node.args[at + 1]) if len(node.args) > at + 1 else ""
                self.texts.used.setdefault(Key(context, text, plural), place)
            else:
                self.texts.used.setdefault(Key(context, text), place)

    def _take_field(self, node: ast.Call) -> None:
        labels = [("field", one) for one in node.args[FIELD_LABEL : FIELD_LABEL + 1]]
        for context, one in [*labels, *(("", word.value) for word in node.keywords if word.arg in FIELD_TEXTS)]:
            if text := _constant(one):
                self.texts.used.setdefault(Key(context, text), f"{self.name}:{node.lineno}")

    def _look_for_fields(self, function: str, node: ast.Call, text: str, place: str) -> None:
        given = {keyword.arg for keyword in node.keywords}
        lacking = {name.partition(".")[0].partition("[")[0] for name in fields(text)} - given
        if lacking - ({"n"} if function in PLURAL else set()) and None not in given:
            self.texts.faults.append(f"{place}: {function}() gives no {', '.join(sorted(lacking))}")

    def _refuse_built(self, function: str, node: ast.expr, place: str) -> None:
        if isinstance(node, (ast.JoinedStr, ast.BinOp)) or function in ("mark", *PLURAL):
            self.texts.faults.append(f"{place}: the text of {function}() is built, not a literal")


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _choices(node: ast.expr) -> Iterator[str | None]:
    """Yield the literals a text argument may be; None where it is something else, such as a marked table's row."""
    if isinstance(node, ast.IfExp):
        yield from _choices(node.body)
        yield from _choices(node.orelse)
    else:
        yield _constant(node) or None


def read_source(folder: Path, texts: AllTexts) -> None:
    """Collect every text of the Python files under `folder`, and of the scripts that install it."""
    for path in sorted([*folder.rglob("*.py"), *folder.parent.joinpath("scripts", "program").glob("*.py")]):
        source = path.read_text(encoding="utf-8")
        # The catalogue defines the functions: its texts are parameters. To take all others apart takes seconds.
        if not path.match("i18n/catalogue.py") and _MAY_CALL.search(source):
            name = path.relative_to(folder.parent).as_posix()
            _Calls(name, texts).visit(ast.parse(source, name))


def read_templates(folder: Path, texts: AllTexts) -> None:
    """Collect every text of the pages' templates under `folder`: its calls there are read as those of a function."""
    from jinja2 import Environment, nodes

    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder.parent).as_posix()
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in TEXT_ARGUMENT:
                given: list[ast.expr] = [
                    ast.Constant(one.value) if isinstance(one, nodes.Const) else ast.Name("") for one in call.args
                ]
                words = [
                    ast.keyword(one.key, ast.Constant(one.value.value if isinstance(one.value, nodes.Const) else ""))
                    for one in call.kwargs
                ]
                read = ast.Call(ast.Name(call.node.name), given, words, lineno=call.lineno, col_offset=0)
                _Calls(name, texts).visit(ast.Lambda(ast.arguments([], [], None, [], [], None, []), read))


# The areas


def read_area(path: Path, texts: AllTexts) -> None:
    """Add the entries of one .po file; a key that stands twice in it is a fault."""
    seen: set[Key] = set()
    for entry in _entries(path):
        if entry.key in seen:
            texts.faults.append(f"{entry.place}: {entry.key} stands twice in this area")
        seen.add(entry.key)
        texts.entries.append(entry)


def read_areas(catalogue: Path, texts: AllTexts) -> None:
    """Add the entries of every .po file of a language."""
    for path in sorted(catalogue.glob("*.po")):
        read_area(path, texts)


def _unquoted(text: str) -> str:
    if text.count('"') == 2 and text[0] == text[-1] == '"' and "\\" not in text:
        return text[1:-1]
    return str(ast.literal_eval(text))


def _entries(path: Path) -> Iterator[TextEntry]:
    parts: dict[str, str] = {}
    current, start, is_fuzzy = "", 0, False
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    for number, line in enumerate([*lines, ""], start=1):
        word, _, rest = line.partition(" ")
        begins_next = word in ("msgctxt", "msgid") and "msgstr" in parts
        if (not line or begins_next or line.startswith("#")) and "msgstr" in parts:
            yield from _entry(parts, f"{path.name}:{start}", is_fuzzy)
            parts, current, is_fuzzy = {}, "", False
        if line.startswith("#"):
            is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif line.startswith('"'):
            parts[current] += _unquoted(line)
        elif re.match(r"msgstr\[[1-9]\]", word) and "msgstr" in parts:
            current = "msgstr"
            parts[current] += "\0" + _unquoted(rest)
        elif line:
            current = "msgstr" if word == "msgstr[0]" else word
            start = start if parts else number
            if current not in ("msgctxt", "msgid", "msgid_plural", "msgstr"):
                raise SystemExit(f"{path.name}:{number}: not a line of a catalogue: {line}")
            parts[current] = _unquoted(rest)


def _entry(parts: dict[str, str], place: str, is_fuzzy: bool) -> Iterator[TextEntry]:
    if parts.get("msgid"):  # the header's msgid is empty
        key = Key(parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", ""))
        yield TextEntry(key, parts["msgstr"], place, is_fuzzy)


# Faults


def check(texts: AllTexts) -> list[str]:
    """Return one line for each fault of the source's texts and their Chinese."""
    faults = list(texts.faults)
    chinese = texts.chinese()
    for key, place in texts.used.items():
        if key not in chinese:
            faults.append(f"{place}: no Chinese for {key}")
        if key.plural and fields(key.text) - fields(key.plural):
            faults.append(f"{place}: the plural of {key} lacks a field of the singular")
    first: dict[tuple[str, str], TextEntry] = {}
    for entry in texts.entries:
        if entry.key not in texts.used:
            faults.append(f"{entry.place}: nothing uses {entry.key}")
        # gettext finds a counted text by its singular alone, so the plural is no part of the comparison.
        other = first.setdefault((entry.key.context, entry.key.text), entry)
        if other.chinese != entry.chinese or other.key != entry.key:
            faults.append(f"{entry.place}: {entry.key} is {entry.chinese!r} here, {other.chinese!r} in {other.place}")
        faults += [f"{entry.place}: {entry.key} {fault}" for fault in _entry_faults(entry)]
    return faults


def _entry_faults(entry: TextEntry) -> Iterator[str]:
    if entry.is_fuzzy:
        yield "is marked as fuzzy"
    if not entry.chinese:
        return
    if fields(entry.key.plural or entry.key.text) != fields(entry.chinese):
        yield f"has other fields in {entry.chinese!r}"
    if entry.key.context != SPOKEN:
        yield from (f"has {fault} in {entry.chinese!r}" for fault in typography(entry.chinese))


def fields(text: str) -> set[str]:
    """Return the named fields of a text; a numbered or nameless one comes back as "" or its digits."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def typography(chinese: str) -> list[str]:
    """Return what a Chinese text sets badly: half-width marks outside a figure or a word, narrow quotes, a % without
    its space."""
    if not _CHINESE.search(chinese):
        return []
    faults = ["narrow quotes, not 「」"] if re.search("[“”]", chinese) else []
    for mark in _HALF_WIDTH.finditer(chinese):
        before, after = chinese[: mark.start()][-1:], chinese[mark.end() :][:1]
        inside_a_word = _BESIDE.fullmatch(before) and _BESIDE.fullmatch(after)
        between_fields = mark[0] == ":" and before == "}" and after == "{"
        if not (inside_a_word or between_fields):
            faults.append(f"a half-width {mark[0]}")
    if re.search("[0-9}]%", chinese):
        faults.append("no space before %")
    return faults


# The compiled catalogue


def compile_catalogue(texts: dict[Key, str], lang: str = CHINESE) -> bytes:
    """Return the .mo file of these texts: the same texts always give the same bytes."""
    rows = {b"": HEADER.format(lang=lang, plurals=PLURALS.get(lang, AS_ENGLISH)).encode()}
    for key, translated in texts.items():
        found_by = "\0".join(part for part in (key.text, key.plural) if part)
        rows[f"{key.context}\4{found_by}".encode() if key.context else found_by.encode()] = translated.encode()
    ids = sorted(rows)
    index_size = 8 * len(ids)
    blob_at = 28 + 2 * index_size
    offsets, blob = [], bytearray()
    for text in [*ids, *(rows[one] for one in ids)]:
        offsets.append(struct.pack("<II", len(text), blob_at + len(blob)))
        blob += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(ids), 28, 28 + index_size, 0, blob_at)
    return head + b"".join(offsets) + blob


def read_all(source: Path = SOURCE, catalogue: Path = CATALOGUES / CHINESE) -> AllTexts:
    """Return the texts of the source and of every area."""
    texts = AllTexts()
    read_source(source, texts)
    read_templates(source, texts)
    read_areas(catalogue, texts)
    return texts


def missing(texts: AllTexts) -> str:
    """Return empty catalogue entries for the used texts that have no Chinese."""
    chinese = texts.chinese()
    return "\n".join(_empty_entry(key, place) for key, place in texts.used.items() if key not in chinese)


def _empty_entry(key: Key, place: str) -> str:
    lines = [f"#: {place}"]
    lines += [f"msgctxt {_quoted(key.context)}"] if key.context else []
    lines.append(f"msgid {_quoted(key.text)}")
    lines += [f"msgid_plural {_quoted(key.plural)}", 'msgstr[0] ""'] if key.plural else ['msgstr ""']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main(arguments: list[str] | None = None) -> int:
    """Build, check or list; return the exit status."""
    parser = argparse.ArgumentParser(description="Compile and check the Chinese texts.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and name every fault")
    parser.add_argument("--missing", action="store_true", help="print empty entries for what has no Chinese yet")
    parser.add_argument("--lang", default=CHINESE, help="the language in place of Chinese")
    options = parser.parse_args(arguments)
    catalogue = CATALOGUES / options.lang
    texts = read_all(SOURCE, catalogue)
    if options.missing:
        print(missing(texts))
        return 0
    faults = check(texts)
    compiled = compile_catalogue(texts.chinese(), options.lang)
    target = catalogue / "LC_MESSAGES" / "queuedesk.mo"
    if not options.check:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(compiled)
    elif not target.exists() or target.read_bytes() != compiled:
        faults.append("queuedesk.mo is older than its areas: run scripts/build_texts.py")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if options.check and faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
