"""What the project keeps of itself: places, names, sizes, locks and the reasons for what it depends on."""

import ast
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.files.sources import classes_in, imports_in

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {"LICENSE", "README.md", "pyproject.toml", "queuedesk", "resources", "scripts", "tests"}
MOST_LINES = 1000
MOST_OF_THE_CORE, MOST_OF_A_FEATURE, MOST_OF_THE_EXAMPLE = 150_000, 9_000, 400
MOST_OF_IMPORTS = 0.05
"""The share of the core's lines that import: who takes more of a module than one line holds imports the module."""
MOST_FILES_OF_THE_CORE, MOST_FILES_A_FEATURE = 433, 8
"""Of a feature on average: a small one has fewer than its shape allows, a large one folders of its own."""
MOST_MODULES = 30
MOST_COLUMNS = 120
MOST_ALONE = 0.15
"""The share of modules that one other module imports: each is a candidate for being a part of that one."""
EXCUSED = re.compile(r"# (noqa|type: ignore)")  # a checker reads it on the very line
SAYS_NOTHING = {"base", "common", "helper", "helpers", "misc", "util", "utils"}
DECISION_PARTS = ["Context", "Decision", "Consequences", "Alternatives"]
DECISIONS = ROOT / "resources" / "docs" / "decisions"
LOCKS = [ROOT / "scripts" / "lock.txt", ROOT / "scripts" / "lock-dev.txt"]
PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==[0-9][^ ]*( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n")
MOST_PLUMBING = 6
CONTROLLER_BASES = {"SingleCommandRunner", "PageController"}
MOST_FILES_OF_A_FIGURE = 4
# Two kinds of events: the names by which they are known outside their own modules, and those modules.
KINDS = {
    "move": (
        {"MOVES", "MOVE_CHANGES", "AnsweredMove", "schema_moves"},
        {"core/staffing/roster.py", "features/lobby/rules/move_search.py", "core/log/apply_hall.py"}
        | {"store/schema.py", "features/lobby/words.py"},
    ),
    # The opening of a window carries what was not checked before it: apply_hall.py puts that waiver.
    "check": (
        {"CHECKS", "WAIVERS", "CHECK_CHANGES", "Check", "Waiver", "schema_checks"},
        {"core/talk/device.py", "core/log/apply_hall.py", "store/schema.py"} | {"i18n/talk.py"},
    ),
}
MOST_PLACES_OF_A_FIELD = 4
FOR_CUSTOMERS = {"kiosk", "rating", "display", "plate", "line"}
FIELDS = ("line_limit", "quota", "max_returns")
# How often tests name something private. It goes down: a test binds to what people see and to public names.
# Three names of Python begin so too and are documented: a named tuple's, and two of a process.
MOST_PRIVATE = 31
PRIVATE = re.compile(r"(?<!self)(?<!cls)\._(?!replace\b|exit\b|current_frames\b)[a-z]\w*")
FOR_DEVELOPERS = {
    "_pytest",
    "fontTools",
    "httpx",
    "hypothesis",
    "playwright",
    "pypinyin",
    "pytest",
    "pytestqt",
    "zxingcpp",
}
"""Packages of pyproject.toml's group `dev`, by the names under which they are imported."""
IMPORT = re.compile(r"^[ \t]*(?:import ([^#\n]+)|from (queuedesk[\w.]*) import (\([^)]*\)|[^#\n]+))", re.M)
ALIAS = re.compile(r"(?<![\w.])(?<!\bas )[\w.]+")
LETS_A_TEST_NOT_COUNT = {"skip", "skipif", "xfail", "importorskip"}


@cache
def source_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def python_files() -> list[Path]:
    return [path for folder in ("queuedesk", "scripts", "tests") for path in ROOT.joinpath(folder).rglob("*.py")]


def project() -> dict[str, list[str]]:
    """Return pyproject.toml's own requirements: what the program needs, and what its checks need."""
    read = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    extras = read["project"]["optional-dependencies"]
    groups = {"program": read["project"]["dependencies"], **extras, **read["dependency-groups"]}
    return {group: [re.split(r"[ ;<>=[]", line)[0].lower() for line in lines] for group, lines in groups.items()}


def locked(path: Path) -> list[str]:
    return [entry["name"] for entry in PINNED.finditer(path.read_text(encoding="utf-8"))]


def test_nothing_else_lies_at_the_top():
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} == TOP_LEVEL


def test_no_file_is_longer_than_a_reader_likes():
    lines = {str(path): len(source_of(path).splitlines()) for path in python_files()}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_no_folder_holds_more_than_a_reader_can_look_over():
    modules = Counter(str(path.parent.relative_to(ROOT)) for path in python_files() if path.name != "__init__.py")
    assert {folder: count for folder, count in modules.items() if count > MOST_MODULES} == {}


def test_the_core_does_not_grow_and_no_feature_is_a_program_of_its_own():
    """What is new is a feature (resources/docs/decisions/features.md)."""
    program = ROOT / "queuedesk"
    lines: Counter[str] = Counter()
    for path in python_files():
        if path.is_relative_to(program):
            part, *rest = path.relative_to(program).parts
            lines[rest[0] if part == "features" and len(rest) > 1 else ""] += len(source_of(path).splitlines())
    assert lines.pop("") <= MOST_OF_THE_CORE
    files = Counter("features" in path.parts for path in python_files() if path.is_relative_to(program))
    assert files[False] <= MOST_FILES_OF_THE_CORE
    assert files[True] <= MOST_FILES_A_FEATURE * len(lines)
    assert {name: count for name, count in lines.items() if count > MOST_OF_A_FEATURE} == {}
    assert lines["lost_property"] <= MOST_OF_THE_EXAMPLE, "who writes a first feature reads all of it"


def test_the_core_does_not_consist_of_imports():
    core = [path for path in python_files() if path.is_relative_to(ROOT / "queuedesk") and "features" not in path.parts]
    statements = [node for path in core for node in imports_in(source_of(path))]
    lines = sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in statements)
    assert lines <= MOST_OF_IMPORTS * sum(len(source_of(path).splitlines()) for path in core)


def test_nothing_that_others_made_is_patched():
    modules = r"sys\.modules\[[^]]*\] *=|sys\.modules\.(?:setdefault|update)"
    patches = re.compile(rf"sys\.meta_path|\bbuiltins\.|{modules}|\.__code__\b")
    own = (path for path in python_files() if path.is_relative_to(ROOT / "queuedesk"))
    assert [str(path) for path in own if patches.search(source_of(path))] == []


def test_only_screens_for_customers_set_their_words_again():
    """There a customer changes the language; a page of staff is made anew, its words with it."""
    again = (path for path in (ROOT / "queuedesk").rglob("*.py") if "def retranslate(" in source_of(path))
    assert [str(path) for path in again if not {path.stem, *path.parts[-3:-1]} & FOR_CUSTOMERS] == []


def test_lines_fit_the_page_but_for_texts_and_tables():
    """Texts that people read stand whole in one line, so that a search finds them; docstrings and comments wrap."""

    def is_in(part: ast.stmt, lines: set[int]) -> bool:
        first = min(one.lineno for one in (part, *getattr(part, "decorator_list", ())))
        return any(first <= n <= (part.end_lineno or n) for n in lines)

    def too_long(path: Path) -> list[str]:
        source = source_of(path)
        wide = ((n, line) for n, line in enumerate(source.splitlines(), 1) if len(line) > MOST_COLUMNS)
        lines = {n for n, line in wide if not EXCUSED.search(line)}
        if not lines:
            return []
        nodes = [node for part in ast.parse(source).body if is_in(part, lines) for node in ast.walk(part)]
        docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        said = (node for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in docs)
        texts = [range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in said]
        return [f"{path.relative_to(ROOT)}:{n}" for n in sorted(lines) if not any(n in span for span in texts)]

    assert [place for path in python_files() if "golden" not in path.parts for place in too_long(path)] == []


def test_a_share_of_visits_is_said_in_few_places():
    """Only one that is also no word of something else can be counted by its name."""
    named = re.compile(r"\bwrong_counter\b")
    files = [p for p in ROOT.joinpath("queuedesk").rglob("*.py") if named.search(source_of(p))]
    assert 0 < len(files) <= MOST_FILES_OF_A_FIGURE, files


def test_every_module_is_named_for_its_subject():
    assert [str(path) for path in python_files() if {path.stem, path.parent.name} & SAYS_NOTHING] == []


@cache
def imports(root: Path) -> dict[str, set[str]]:
    """Return what each module below `root` imports of it: on top, in a function, or for types alone."""
    paths = {name_of(path, root): path for path in root.joinpath("queuedesk").rglob("*.py")}
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        own = found[name] = set()
        for whole, module, taken in IMPORT.findall(path.read_text(encoding="utf-8")):
            # To take every module apart takes seconds; of an import this is all that there is to read.
            named = {f"{module}.{part}" for part in ALIAS.findall(taken)} if module else set(ALIAS.findall(whole))
            own |= named & paths.keys() or {module} & paths.keys()
        own.discard(name)
    return found


def imported(path: Path) -> Iterator[str]:
    """Yield the names of the modules that a file imports, and of what it takes from them."""
    for node in imports_in(source_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name_of(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return modules of which each imports the one before it, and the first the last; or none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def knows(path: Path, kind: str, names: set[str]) -> bool:
    """Whether a module knows a kind of events: by a text that is its name (not the context of another), or by one
    of its own names; one of the register counts where it is defined and where it is used."""
    source, named = re.sub('context="[^"]*"', "", source_of(path)), rf"\b({'|'.join(names)})\b"
    taken = " ".join("".join(parts) for parts in IMPORT.findall(source))
    uses = rf"""["'}}]{kind}["'{{]|\bstate\.{named}|^\s*{named}: .*\bPart\["""
    return bool(re.search(uses, source, re.MULTILINE) or re.search(named, taken))


def plumbing(kind: str, names: set[str], own: set[str]) -> list[str]:
    """Return the modules of rules, tables and words that know a kind of events, but for its own."""
    package = ROOT / "queuedesk"
    paths = [path for layer in ("core", "store", "i18n") for path in package.joinpath(layer).rglob("*.py")]
    known = {path.relative_to(package).as_posix() for path in paths if knows(path, kind, names)}
    return sorted(known - own)


def test_no_module_leads_back_to_itself():
    assert circle(imports(ROOT)) == []


def test_benches_need_nothing_that_is_for_developers_alone():
    asked = list(ROOT.joinpath("scripts", "bench").rglob("*.py"))
    foreign: dict[str, Path] = {}
    seen: set[Path] = set()
    while asked:
        path = asked.pop()
        seen.add(path)
        for name in imported(path):
            ours = (ROOT.joinpath(*each.split(".")).with_suffix(".py") for each in (name, name.rpartition(".")[0]))
            if name.startswith("tests"):
                asked += [each for each in ours if each.is_file() and each not in seen]
            else:
                foreign[name.partition(".")[0]] = path
    assert ROOT / "tests" / "relay.py" in seen
    assert {name: path for name, path in foreign.items() if name in FOR_DEVELOPERS} == {}


def test_few_modules_serve_a_single_other_one():
    importers = Counter(module for imported in imports(ROOT).values() for module in imported)
    modules = [name for name in imports(ROOT) if not (ROOT / name.replace(".", "/")).is_dir()]
    alone = [module for module in modules if importers[module] == 1]
    assert len(alone) <= MOST_ALONE * len(modules), sorted(alone)


def test_a_circle_is_seen_wherever_its_imports_stand(tmp_path):
    for name, text in {
        "__init__": "",
        "a": "from queuedesk import b",
        "b": "def later():\n    from queuedesk.c import thing",
        "c": "if TYPE_CHECKING:\n    import queuedesk.a",
        "d": "from queuedesk.a import b",
    }.items():
        tmp_path.joinpath("queuedesk").mkdir(exist_ok=True)
        tmp_path.joinpath("queuedesk", f"{name}.py").write_text(text, encoding="utf-8")
    assert set(circle(imports(tmp_path))) == {"queuedesk.a", "queuedesk.b", "queuedesk.c"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_events_is_known_in_few_places(kind):
    found = plumbing(kind, *KINDS[kind])
    assert len(found) <= MOST_PLUMBING
    page = ROOT.joinpath("resources", "docs", "contributing.md").read_text(encoding="utf-8")
    assert [path for path in found if f"`{path}`" not in page] == []


def names(path: Path, word: str) -> bool:
    """Whether the code of a module has a name or a text that is `word`; docstrings and comments do not count."""
    source = source_of(path)
    for node in ast.walk(ast.parse(source)) if word in source else ():
        said = (getattr(node, part, None) for part in ("id", "attr", "arg", "name", "value"))
        if word in (one for one in said if isinstance(one, str)):
            return True
    return False


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_the_set_up_is_named_in_few_modules(field):
    """Where it is declared, and the rules that ask for it: file, commands, forms and refusals follow."""
    package = ROOT / "queuedesk"
    found = [path.relative_to(package).as_posix() for path in package.rglob("*.py") if names(path, field)]
    assert "core/setup/rows.py" in found
    assert len(found) <= MOST_PLACES_OF_A_FIELD, found


def test_two_classes_are_derived_from_by_what_acts_for_a_page():
    """What else a page needs it has (papers to save, months to turn); it derives from nothing more."""
    bases: dict[str, set[str]] = {}
    for path in (ROOT / "queuedesk").rglob("*.py"):
        for node in classes_in(source_of(path)):
            named = (name for base in node.bases for name in ast.walk(base))
            bases[node.name] = {getattr(name, "id", "") or getattr(name, "attr", "") for name in named}
    kin = {"SingleCommandRunner"}
    while more := {name for name, of in bases.items() if of & kin} - kin:
        kin |= more
    assert len(kin) > 30
    assert kin & set().union(*bases.values()) == CONTROLLER_BASES


def test_every_test_counts():
    def excused(path: Path) -> set[str]:
        source = source_of(path)
        if not any(word in source for word in LETS_A_TEST_NOT_COUNT):
            return set()
        nodes = ast.walk(ast.parse(source))
        return {node.attr for node in nodes if isinstance(node, ast.Attribute)} & LETS_A_TEST_NOT_COUNT

    tests = {str(path): excused(path) for path in ROOT.joinpath("tests").rglob("*.py")}
    assert {path: words for path, words in tests.items() if words} == {}


def test_tests_go_by_what_is_public():
    found = Counter(name for path in ROOT.joinpath("tests").rglob("*.py") for name in PRIVATE.findall(source_of(path)))
    assert found.total() <= MOST_PRIVATE, found.most_common()


def test_locks_hold_fixed_versions_and_hashes_and_nothing_else():
    for path in LOCKS:
        assert PINNED.sub("", path.read_text(encoding="utf-8")) == ""


def test_locks_hold_what_the_project_asks_for():
    program, development = (set(locked(path)) for path in LOCKS)
    groups = {group: {name.replace("_", "-") for name in names} for group, names in project().items()}
    assert groups["program"] | groups["host"] | groups["web"] | groups["build"] <= program
    assert groups["dev"] <= development | program
    assert program & development == set()


def test_every_dependency_has_its_line_of_reason():
    page = DECISIONS.joinpath("dependencies.md").read_text(encoding="utf-8")
    reasons = re.findall(r"^\| `([^`]+)` \| [^|]{10,} \|", page, flags=re.MULTILINE)
    assert sorted(reasons) == sorted(name for names in project().values() for name in names)


def test_every_decision_says_why_and_what_else_there_was():
    for page in DECISIONS.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == DECISION_PARTS, page.name


def test_the_outside_check_is_the_same_as_the_own():
    script = ROOT / ".ci" / "run"
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "python3 scripts/test.py"
    assert os.access(script, os.X_OK)
