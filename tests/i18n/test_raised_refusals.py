"""Every refusal can be said as it is raised: with its code and with the details that stand where it is raised."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from msgspec import Struct

import queuedesk
from queuedesk.core.errors import RuleError
from queuedesk.core.setup.field_kinds import fields_of
from queuedesk.core.setup.file import WHOLE
from queuedesk.core.setup.rows import ROWS
from queuedesk.i18n import LANGUAGES, say
from queuedesk.i18n.refusals import PLAIN, SPECIAL, WITHOUT_PATH
from queuedesk.i18n.value_refusals import FIELDS, WHYS
from tests.features.added import added_refusals
from tests.files.sources import calls
from tests.i18n.test_refusals import CASES

SOURCE = Path(queuedesk.__file__).parent
RAISED = frozenset({"RuleError", "OutsideError", "QueueDeskError", "bad"})
_BAD_FIELDS = ("field", "value", "why")


class Raised(Struct, frozen=True):
    """A place that raises a refusal. `codes` and the values of `details` are what may stand there: all constants that
    it can be, none where the value is only known when the program runs."""

    place: str
    codes: tuple[str, ...]
    details: dict[str, tuple[Any, ...]]
    is_open: bool
    """Whether further details are handed on that are not written there."""


@cache
def every_raise() -> tuple[Raised, ...]:
    """Return every place, in order of modules; `checks.bad(field, value, why)` raises "bad_value"."""
    return tuple(_raises())


def _raises() -> Iterator[Raised]:
    for path, name, node in calls(SOURCE, RAISED):
        if not node.args:
            continue
        where = f"{path.relative_to(SOURCE.parent)}:{node.lineno}"
        named = {keyword.arg: constants(path, keyword.value) for keyword in node.keywords if keyword.arg}
        is_open = any(keyword.arg is None for keyword in node.keywords)
        if name == "bad":
            given = dict(zip(_BAD_FIELDS, (constants(path, value) for value in node.args), strict=True))
            yield Raised(where, ("bad_value",), given | named, is_open)
        else:
            yield Raised(where, constants(path, node.args[0]), named, is_open)


def constants(path: Path, node: ast.expr) -> tuple[Any, ...]:
    """Return the values that an expression may have, none where they depend on more than its module's names."""
    if isinstance(node, ast.IfExp):
        branches = constants(path, node.body), constants(path, node.orelse)
        return branches[0] + branches[1] if all(branches) else ()
    if isinstance(node, ast.Subscript):
        table = constants(path, node.value)
        return tuple(dict.fromkeys(table[0].values())) if table and isinstance(table[0], dict) else ()
    try:
        value = eval(compile(ast.Expression(node), str(path), "eval"), dict(_names_of(path)))
    except Exception:  # noqa: BLE001 - whatever an expression without its function's names ends with
        return ()
    return () if callable(value) else (value,)


@cache
def _names_of(path: Path) -> dict[str, Any]:
    module = path.relative_to(SOURCE.parent).with_suffix("")
    return vars(importlib.import_module(".".join(module.parts).removesuffix(".__init__")))


def _inner_rows(kind: type) -> Iterator[str]:
    """Yield the names of the lists inside a row whose rows have codes: two with one code are refused by that name."""
    for field in fields_of(kind).values():
        if field.kind.row is not None:
            if "code" in fields_of(field.kind.row):
                yield field.key
            yield from _inner_rows(field.kind.row)


PARTS = [*(part for part in ROWS if part not in WHOLE and part != "hall"), "pay_days"]
PLACES = re.compile(r"\{(ticket|window|zone|hall)\}")  # What a hall may write into the words of its calls.
EVENING = "2026-11-19T18:00:00+08:00"
ANY: Mapping[str, list[object]] = {
    "kind": [*PARTS, *dict.fromkeys(key for kind in ROWS.values() for key in _inner_rows(kind))],
    "why": list(WHYS),
    "value": ["A", 7, ""],
    "date": ["2026-11-19"],
    "halls": [["CD", "BJ"]],
    "leap": [
        dict.fromkeys(("before", "since", "now"), EVENING)
        | {"first": 9, "tickets": 2, "waiting": 1, "open": 0, "windows": 1, "series": {"A": 7}}
    ],
}
"""What a detail may be whose value only the running program knows; "B1" where nothing is named here."""


def _refusals(raised: Raised) -> Iterator[RuleError]:
    """Yield what may be raised at a place: what is not written there is taken from the cases of a sentence that
    depends on its details."""
    for code in raised.codes:
        for case in CASES.get(code, [{}]) if code != "bad_value" else [{}]:
            values = {
                name: list(given) or ([case[name]] if name in case else ANY.get(name, ["B1"]))
                for name, given in raised.details.items()
            }
            handed_on = {name: value for name, value in case.items() if raised.is_open and name not in values}
            for chosen in product(*values.values()):
                yield RuleError(code, **dict(zip(values, chosen, strict=True)), **handed_on)


def test_every_refusal_can_be_said_as_it_is_raised() -> None:
    places = every_raise()
    wordless = []
    for raised in places:
        for error in _refusals(raised):
            for lang in LANGUAGES:
                try:
                    sentence = say(error, lang)
                except Exception as bug:  # noqa: BLE001 - whatever a sentence lacks is named with its place
                    sentence = f"{{{bug!r}}}"
                if re.search(r"[{}]|None", PLACES.sub("", sentence)):
                    wordless.append((raised.place, str(error), sentence))

    assert wordless == []
    said = {code for raised in places for code in raised.codes}
    assert len(places) > 700
    assert said <= {*PLAIN, *SPECIAL, *WITHOUT_PATH, *added_refusals()}


def test_every_field_that_is_refused_has_a_word() -> None:
    fields = {str(field) for raised in every_raise() for field in raised.details.get("field", ())}
    assert {field for field in fields if field.rpartition(".")[2] not in FIELDS} == set()
