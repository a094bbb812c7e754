"""Every refusal is one plain sentence in both languages, and can be said as it is raised anywhere in the source."""

import ast
import importlib
import json
import re
import string
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct

import queuedesk
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.improvement.project import ImprovementStep as ProjectStep
from queuedesk.core.log.state import UnconfirmedClockJump
from queuedesk.core.quality.case import CaseStep
from queuedesk.core.setup.field_kinds import fields_of_row_class
from queuedesk.core.setup.file import WHOLE
from queuedesk.core.setup.rows import ROWS
from queuedesk.i18n import LANGUAGES, error_sentence
from queuedesk.i18n.refusals import PLAIN, SPECIAL, WITHOUT_PATH
from queuedesk.i18n.value_refusals import FIELDS, WHYS, field_word
from tests.core.added import added_refusals
from tests.files.sources import calls

SOURCE = Path(queuedesk.__file__).parent
CASES_FILE = Path(__file__).with_name("refusals.json")
SENTENCES = Path(__file__).with_name("sentences.json")
NOT_SAID = re.compile(r"\berror|\binvalid|\bfail|\billegal|错误|失败|非法|异常|无效", re.IGNORECASE)
STATES = ("waiting", "called", "serving", "parked", "missed", "finished", "left", "void")
VERBS = ("call", "unpark", "reinstate", "postpone", "defer", "redirect", "transfer", "leave", "void", "park", "recall")
EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ENDED = ("waiting", "open", "windows", "appointments")
NEVER = {"service": "B", "opens": None, "date": None}
TOMORROW = {"service": "B", "opens": "8:30", "date": date(2026, 11, 21)}
SHARES = {"1": Decimal(50), "100": Decimal("0.5")}
ROSTER = {"window": "1", "staff": "C1", "other": "2", "start": "9:00", "end": "10:00", "weekday": 3}
EMPTY = RuleError("cell_empty", column="window")
# For codes whose sentence depends on their details: every combination that the source may give.
CASES: dict[str, list[dict[str, object]]] = json.loads(CASES_FILE.read_text("utf-8")) | {
    "not_your_role": [{"verb": "call", "role": role} for role in ("guide", "clerk", "manager", "station", "customer")],
    "project_not_done": [{"number": 7, "step": step.value} for step in ProjectStep],
    "clock_ahead": [
        {"doubt": UnconfirmedClockJump(last=EVENING, now=now, was_set=was_set, **dict.fromkeys(ENDED, n))}
        for now in (EVENING + timedelta(hours=16), EVENING + timedelta(days=30))
        for n, was_set in product((0, 1, 4), (False, True))
    ],
    "service_closed": [NEVER, NEVER | {"opens": "8:30"}, TOMORROW],
    "message_only": [
        {"service": "B", "name": "社保", "name_en": "Social insurance", "message": text, "message_en": english}
        for text, english in (("请到二楼办理", "Please go to floor 2"), ("今天停办。", "Not today."))
    ],
    "quota_full": [{**opens, "n": 60} for opens in (NEVER, TOMORROW, TOMORROW | {"other": "C"})],
    "no_time_left": [{**opens, "closes": "17:30"} for opens in (NEVER, TOMORROW, TOMORROW | {"other": "C"})],
    "no_more_returns": [{"ticket": "A001", "service": "B", "n": n} for n in range(3)],
    "line_full": [{"service": "B", "n": n, **more} for n in (1, 20) for more in ({}, {"other": "C"})],
    "has_number": [
        *({"ticket": "B031", "service": "B", "state": "waiting", "ahead": n} for n in (0, 1, 5)),
        *({"ticket": "B031", "service": "B", "state": state, "ahead": None} for state in STATES),
    ],
    "cannot_serve": [{"window": "1", "service": "B", "ticket": ticket} for ticket in ("B031", None)],
    "reason_needed": [{}, *({"tickets": [f"A{n:03}" for n in range(count)]} for count in (1, 2, 9))],
    "wrong_state": [
        {"ticket": "B031", "state": state, "window": window, "verb": verb}
        for state in STATES
        for verb in VERBS
        for window in (("3", None) if state in ("called", "serving") else (None,))
    ],
    "bad_value": [
        {"field": field, "value": value, "why": why}
        for why in WHYS
        for field in (*FIELDS, "jump_every", "services.B.items.gmgh.minutes", "windows.3.arrow", "staff.C1.role")
        for value in ("17:40", None, {"from": "8:30", "to": "7:30"})
    ],
    "no_leap": [{"log": EVENING, "clock": EVENING - timedelta(days=1)}],
    "not_for_you": [{"seq": 7}, {"hall": "B2"}, *({"read": read} for read in ("names", "work", "figures"))],
    "bad_rows": [
        {"path": "days.csv", "lines": [(1, RuleError("column_missing", column="arrived"))]},
        {"path": "days.csv", "lines": [(2, EMPTY), (9, RuleError("bad_level", value=7))]},
    ],
    "two_readings": [
        {"column": "satisfied", "text": "53.000", "is_count": True, "asks": "decimal", "values": values}
        for values in ({".": Decimal("53.000"), ",": Decimal(53_000)}, {",": Decimal(53), ".": Decimal(53_000)})
    ]
    + [{"column": "stated_percent", "text": "0.5", "is_count": False, "asks": "whole", "values": SHARES}],
    "printer_refused": [
        {"printer": printer, **more}
        for printer in ("TM-T88", "192.168.1.50")
        for more in ({}, {"ticket": "B038"}, {"counted": True}, {"ticket": "B038", "cause": "out_of_paper"})
    ],
    "case_not_next": [
        {"number": "Q-2026-11-003", "step": step, "next": following}
        for step in CaseStep
        for following in (CaseStep.CONTACT, CaseStep.ACT, CaseStep.CALL_BACK, CaseStep.VERDICT, CaseStep.CLOSE, None)
    ],
    "sheet_not_done": [{"items": items} for items in ([1], [2, 3, 4, 9])],
    "weights_left": [{"left": left} for left in (3, -4)],
    "roster_conflict": [
        ROSTER | {"what": what, "day": day}
        for what in ("two_people", "two_windows", "no_skill", "breaks_meet", "day_closed")
        for day in (None, date(2026, 11, 20))
    ],
}


def every_refusal() -> Iterator[QueueDeskError]:
    shapes: dict[str, object] = {"date": "2026-11-19", "kind": "service", "halls": ["CD", "BJ"]}
    for code, text in PLAIN.items():
        named = [name for _, name, _, _ in string.Formatter().parse(text) if name]
        yield RuleError(code, **{name: shapes.get(name, "B1") for name in named})
    for code, cases in CASES.items():
        for details in cases:
            yield RuleError(code, **details)


def test_the_special_sentences_have_cases_and_every_trouble_of_the_database_driver_a_sentence():
    assert set(CASES) == set(SPECIAL)
    tree = ast.parse((SOURCE / "store" / "engine" / "faults.py").read_text(encoding="utf-8"))
    texts = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    codes = {text for text in texts if re.fullmatch("database_[a-z]+", text)}
    assert codes and codes <= PLAIN.keys() | SPECIAL.keys()


@pytest.mark.parametrize(
    ("lang", "own", "foreign", "end"),
    [("zh_CN", r"[\u4e00-\u9fff]", r"(?!)", "。"), ("en", "", r"[\u3000-\u9fff，。]", ".")],
)
def test_a_sentence_is_plain_whole_and_in_its_own_language(lang: str, own: str, foreign: str, end: str) -> None:
    for error in every_refusal():
        sentence = error_sentence(error, lang)
        assert not NOT_SAID.search(sentence), sentence
        # The field of a call's words is named as people type it.
        assert not re.search(r"[{}]|None", sentence.replace("{ticket}", "")), sentence
        assert re.search(own, sentence) and not re.search(foreign, sentence), error
        if error.code not in ("already_rated", "bad_setup"):  # one is a thank-you, one ends with the place in the file
            assert sentence.endswith(end), sentence


@pytest.mark.parametrize("case", json.loads(SENTENCES.read_text(encoding="utf-8")), ids=lambda case: case["code"])
def test_sentence(case: dict[str, Any]) -> None:
    error = RuleError(case["code"], **case["details"])
    assert (error_sentence(error), error_sentence(error, "en")) == (case["zh_CN"], case["en"])


RAISED = frozenset({"RuleError", "OutsideError", "QueueDeskError", "bad"})


class Raised(Struct, frozen=True):
    """A place that raises a refusal, with the constants that its `codes` and `details` may be, none if unknown."""

    place: str
    codes: tuple[str, ...]
    details: dict[str, tuple[Any, ...]]
    is_open: bool
    """Whether further details are handed on that are not written there."""


@cache
def every_raise() -> tuple[Raised, ...]:
    """Return every place, in order of modules; `checks.bad(field, value, why)` raises "bad_value"."""
    found = []
    for path, name, node in calls(SOURCE, RAISED):
        if not node.args:
            continue
        where = f"{path.relative_to(SOURCE.parent)}:{node.lineno}"
        named = {keyword.arg: constants(path, keyword.value) for keyword in node.keywords if keyword.arg}
        is_open = any(keyword.arg is None for keyword in node.keywords)
        codes = constants(path, node.args[0])
        if name == "bad":
            codes = ("bad_value",)
            given = (constants(path, value) for value in node.args)
            named = dict(zip(("field", "value", "why"), given, strict=True)) | named
        found.append(Raised(where, codes, named, is_open))
    return tuple(found)


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
    for field in fields_of_row_class(kind).values():
        if field.kind.row is not None:
            if "code" in fields_of_row_class(field.kind.row):
                yield field.key
            yield from _inner_rows(field.kind.row)


PARTS = [*(part for part in ROWS if part not in WHOLE and part != "hall"), "pay_days"]
PLACES = re.compile(r"\{(ticket|window|zone|hall)\}")  # What a hall may write into the words of its calls.
LAST_EVENING = "2026-11-19T18:00:00+08:00"
ANY: Mapping[str, list[object]] = {
    "kind": [*PARTS, *dict.fromkeys(key for kind in ROWS.values() for key in _inner_rows(kind))],
    "why": list(WHYS),
    "silence": ["away", "untrusted", "refused"],
    "refusal": ["not_found", "gone", "old", "locked"],
    "value": ["A", 7, ""],
    "date": ["2026-11-19"],
    "halls": [["CD", "BJ"]],
    "faults": [[]],
    "leap": [
        dict.fromkeys(("before", "since", "now"), LAST_EVENING)
        | {"first": 9, "tickets": 2, "waiting": 1, "open": 0, "windows": 1, "series": {"A": 7}}
    ],
}
"""What a detail may be whose value only the running program knows; "B1" where nothing is named here."""


def _refusals(raised: Raised) -> Iterator[RuleError]:
    """Yield what may be raised at a place: what is not written there is taken from the cases of its sentence."""
    for code in raised.codes:
        for case in CASES.get(code, [{}]) if code != "bad_value" else [{}]:
            values = {
                name: list(given) or ([case[name]] if name in case else ANY.get(name, ["B1"]))
                for name, given in raised.details.items()
            }
            handed_on = {name: value for name, value in case.items() if raised.is_open and name not in values}
            for chosen in product(*values.values()):
                yield RuleError(code, **dict(zip(values, chosen, strict=True)), **handed_on)


def test_every_refusal_can_be_said_as_it_is_raised_and_every_field_that_is_refused_has_a_word():
    places = every_raise()
    wordless = []
    for raised in places:
        for error in _refusals(raised):
            for lang in LANGUAGES:
                try:
                    sentence = error_sentence(error, lang)
                except Exception as bug:  # noqa: BLE001 - whatever a sentence lacks is named with its place
                    sentence = f"{{{bug!r}}}"
                for value in (str(one) for one in error.details.values() if "{" in str(one)):
                    sentence = sentence.replace(value, "")  # what a person types with a brace in it
                if re.search(r"[{}]|None", PLACES.sub("", sentence)):
                    wordless.append((raised.place, str(error), sentence))
    assert wordless == []
    said = {code for raised in places for code in raised.codes}
    assert len(places) > 700
    assert said <= {*PLAIN, *SPECIAL, *WITHOUT_PATH, *added_refusals()}
    fields = {str(field) for raised in every_raise() for field in raised.details.get("field", ())}
    assert {field for field in fields if field.rpartition(".")[2] not in FIELDS} == set()


def test_faults_of_a_header_are_no_rows_and_a_row_counts_once():
    header = [(3, RuleError("column_missing", column="date", names=("day", "日期"))) for _time in range(2)]
    told = [error_sentence(RuleError("bad_rows", path="a.xlsx", lines=header), lang) for lang in ("en", "zh_CN")]
    assert told[0].splitlines()[0] == "The header line of a.xlsx can't be taken; nothing was changed."
    assert told[0].splitlines()[1] == "Line 3: the column date is missing."
    assert "日期" in told[1] and "date" not in told[1]
    row = [(2, EMPTY), (2, RuleError("bad_level", value=7))]
    told = [error_sentence(RuleError("bad_rows", path="a.csv", lines=row), lang) for lang in ("en", "zh_CN")]
    assert told[0].startswith("1 row of a.csv") and "1 行" in told[1]


def test_a_field_of_the_hall_has_its_own_name_where_acts_have_one_of_the_same_key() -> None:
    """The "words" of an act are its reason."""
    for key, field in fields_of_row_class(ROWS["hall"]).items():
        assert not field.label or field_word(f"hall.{key}", "en") == field.label, key
