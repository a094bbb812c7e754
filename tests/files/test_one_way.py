"""There is one way in which the program reads files and one in which it writes them; what has its own is listed."""

import ast
import json
from pathlib import Path

import queuedesk
from tests.files.sources import OF_FILES, READS, WRITES, calls

SOURCE = Path(queuedesk.__file__).parent

OTHERWISE = json.loads(Path(__file__).with_name("one_way.json").read_text("utf-8"))
"""What is read or written in a way of its own, and what that is."""


def test_there_is_one_way_in_which_files_are_read_and_one_in_which_they_are_written() -> None:
    read, written = set(), set()
    for path, name, node in calls(SOURCE, OF_FILES):
        if not isinstance(node.func, ast.Attribute):
            continue
        module = path.relative_to(SOURCE).as_posix()
        modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)][:2]
        modes = [mode for mode in modes if name == "open" and len(mode) < 4]
        if any("r" in mode for mode in modes) or (name in READS and not (name == "load" and not is_of(node, "json"))):
            read.add(module)
        is_written = name in WRITES and not (name == "copy" and not is_of(node, "shutil"))
        if is_written or any(set(mode) & set("wax") for mode in modes):
            written.add(module)
    assert read == set(OTHERWISE["read"])
    assert written == set(OTHERWISE["written"])


def test_every_workbook_is_set_up_for_printing_in_one_place() -> None:
    pages = frozenset({"set_paper", "set_landscape", "fit_to_pages", "set_footer", "set_header", "print_area"})
    assert {path.name for path, _name, _node in calls(SOURCE, pages)} == {"rates.py"}
    made = {path for path, _name, node in calls(SOURCE, frozenset({"Workbook"})) if is_of(node, "xlsxwriter")}
    assert made == {path for path, _name, _node in calls(SOURCE, frozenset({"close_workbook"}))}


def is_of(node: ast.Call, module: str) -> bool:
    assert isinstance(node.func, ast.Attribute)
    return isinstance(node.func.value, ast.Name) and node.func.value.id == module
