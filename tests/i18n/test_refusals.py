"""Every refusal is one plain sentence in both languages, and every code in the source has one."""

import ast
import json
import re
import string
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import queuedesk
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.improvement.project import Step as ProjectStep
from queuedesk.core.log.state import Doubt
from queuedesk.core.quality.case import Step
from queuedesk.i18n import LANGUAGES, say
from queuedesk.i18n.refusals import PLAIN, SPECIAL
from queuedesk.i18n.value_refusals import FIELDS, WHYS

SOURCE = Path(queuedesk.__file__).parent
SENTENCES = Path(__file__).with_name("sentences.json")
NOT_SAID = re.compile(r"\berror|\binvalid|\bfail|\billegal|错误|失败|非法|异常|无效", re.IGNORECASE)
STATES = ("waiting", "called", "serving", "parked", "missed", "finished", "left", "void")
VERBS = ("call", "unpark", "reinstate", "postpone", "defer", "redirect", "transfer", "leave", "void", "park", "recall")
EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

ENDED = ("waiting", "open", "windows", "appointments")
NEVER = {"service": "B", "opens": None, "date": None}
TOMORROW = {"service": "B", "opens": "8:30", "date": date(2026, 11, 21)}
SHARES = {"1": Decimal(50), "100": Decimal("0.5")}
EMPTY = RuleError("cell_empty", column="window")

# For codes whose sentence depends on their details: every combination that the source may give.
CASES: dict[str, list[dict[str, object]]] = {
    "not_your_role": [{"verb": "call", "role": role} for role in ("guide", "clerk", "manager", "station", "customer")],
    "project_not_done": [{"number": 7, "step": step.value} for step in ProjectStep],
    "old_ticket": [{"ticket": "B031", "date": "2026-11-19"}, {"ticket": "B031", "date": "2026-11-19", "days": 1}],
    "clock_ahead": [
        {"doubt": Doubt(last=EVENING, now=EVENING + timedelta(hours=hours), was_set=was_set, **dict.fromkeys(ENDED, n))}
        for hours, n, was_set in product((16, 24 * 30), (0, 1, 4), (False, True))
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
    "cannot_serve": [{"window": "1", "service": "B", "ticket": ticket} for ticket in ("B031", None)],
    "reason_needed": [{}, *({"tickets": [f"A{n:03}" for n in range(count)]} for count in (1, 2, 9))],
    "wrong_state": [
        {"ticket": "B031", "state": state, "window": window, "verb": verb}
        for state in STATES
        for verb in VERBS
        for window in (("3", None) if state in ("called", "serving") else (None,))
    ],
    "held_for": [{"ticket": "B031", "window": "3"}, {"ticket": "B031", "window": None, "staff": "C3"}],
    "bad_value": [
        {"field": field, "value": value, "why": why}
        for why in WHYS
        for field in (*FIELDS, "jump_every", "services.B.items.gmgh.minutes", "windows.3.arrow", "staff.C1.role")
        for value in ("17:40", None, {"from": "8:30", "to": "7:30"})
    ],
    "needs_yes": [{"kind": "services", "code": "A"}, {"path": "/data/hall.sqlite"}],
    "database_away": [{}, {"path": "/data/hall.sqlite"}, {"path": "/data/hall.sqlite", "since": "10:42"}],
    "no_leap": [{"log": EVENING, "clock": EVENING - timedelta(days=1)}],
    "not_for_you": [{"seq": 7}, {"hall": "B2"}, *({"read": read} for read in ("names", "work", "figures"))],
    "other_hall": [{"path": "/x", "halls": ["CD", "BJ"]}],
    "unknown_preset": [{"preset": "zoo"}],
    "feature_off": [{"feature": "forums"}, {"feature": "gone"}],
    "wrong_kind": [{"path": "/x"}, {"path": "/x", "wanted": "export"}],
    "too_large": [{"path": "/x", "mb": 50}, {"path": "/x", "rows": 500_000}, {"path": "/x", "levels": 64}],
    "bad_rows": [
        {"path": "days.csv", "lines": [(1, RuleError("column_missing", column="arrived"))]},
        {"path": "days.csv", "lines": [(2, EMPTY), (9, RuleError("bad_level", value=7))]},
    ],
    "columns_missing": [{"path": "a.csv", "columns": ["month"]}, {"path": "a.csv", "columns": ["arrived", "channel"]}],
    "two_readings": [
        {"column": "satisfied", "text": "53.000", "is_count": True, "asks": "decimal", "values": values}
        for values in ({".": Decimal("53.000"), ",": Decimal(53_000)}, {",": Decimal(53), ".": Decimal(53_000)})
    ]
    + [{"column": "stated_percent", "text": "0.5", "is_count": False, "asks": "whole", "values": SHARES}],
    "no_printer": [{}, {"ticket": "B038"}, {"counted": True}],
    "printer_refused": [
        {"printer": printer, **more}
        for printer in ("TM-T88", "192.168.1.50")
        for more in ({}, {"ticket": "B038"}, {"counted": True}, {"ticket": "B038", "cause": "out_of_paper"})
    ],
    "case_not_next": [
        {"number": "Q-2026-11-003", "step": step, "next": following}
        for step in Step
        for following in (Step.CONTACT, Step.ACT, Step.CALL_BACK, Step.VERDICT, Step.CLOSE, None)
    ],
    "sheet_not_done": [{"items": items} for items in ([1], [2, 3, 4, 9])],
    "weights_left": [{"left": left} for left in (3, -4)],
    "checks_missing": [{"window": "3", "missing": ["voice@display", "display", "printer@K1"]}],
    "device_down": [{"device": "printer", "station": "guide", "cause": "out_of_paper"}],
    "which_device": [{"device": "display", "stations": ["display", "display-2"]}],
    "unknown_device": [{"device": "voice", "station": "display-9"}],
    "roster_conflict": [
        {
            "window": "1",
            "staff": "C1",
            "other": "2",
            "start": "9:00",
            "end": "10:00",
            "weekday": 3,
            "what": what,
            "day": day,
        }
        for what in ("two_people", "two_windows", "no_skill", "breaks_meet", "day_closed")
        for day in (None, date(2026, 11, 20))
    ],
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def details_of(code: str) -> dict[str, object]:
    shapes: dict[str, object] = {"date": "2026-11-19", "kind": "service", "halls": ["CD", "BJ"]}
    return {name: shapes.get(name, "B1") for name in fields(PLAIN[code])}


def every_refusal() -> Iterator[QueueDeskError]:
    for code in PLAIN:
        yield RuleError(code, **details_of(code))
    for code, cases in CASES.items():
        for details in cases:
            yield RuleError(code, **details)


def test_the_special_sentences_all_have_cases() -> None:
    assert set(CASES) == set(SPECIAL)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_blames_or_leaves_a_field_open(lang: str) -> None:
    for error in every_refusal():
        sentence = say(error, lang)

        assert not NOT_SAID.search(sentence), sentence
        # The field of a call's words is named as people type it.
        assert not re.search(r"[{}]|None", sentence.replace("{ticket}", "")), sentence


def test_every_sentence_is_in_its_own_language() -> None:
    for error in every_refusal():
        assert re.search(r"[\u4e00-\u9fff]", say(error)), error
        assert not re.search(r"[\u3000-\u9fff，。]", say(error, "en")), error


def test_every_sentence_ends_as_one() -> None:
    for error in every_refusal():
        if error.code not in ("already_rated", "bad_setup"):  # one is a thank-you, one ends with the place in the file
            assert say(error).endswith("。"), say(error)
            assert say(error, "en").endswith("."), say(error, "en")


@pytest.mark.parametrize("case", json.loads(SENTENCES.read_text(encoding="utf-8")), ids=lambda case: case["code"])
def test_sentence(case: dict[str, Any]) -> None:
    error = RuleError(case["code"], **case["details"])
    assert (say(error), say(error, "en")) == (case["zh_CN"], case["en"])


def test_every_trouble_of_the_database_driver_has_a_sentence() -> None:
    tree = ast.parse((SOURCE / "store" / "engine" / "faults.py").read_text(encoding="utf-8"))
    codes = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and re.fullmatch("database_[a-z]+", str(node.value))
    }

    assert codes
    assert codes <= PLAIN.keys() | SPECIAL.keys()
