"""Every refusal is one plain sentence in both languages, and every code in the source has one."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
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
from tests.features.added import added_refusals
from tests.files.sources import calls
from tests.i18n.raised_refusals import RAISED

SOURCE = Path(queuedesk.__file__).parent
NOT_SAID = re.compile(r"\berror|\binvalid|\bfail|\billegal|错误|失败|非法|异常|无效", re.IGNORECASE)
STATES = ("waiting", "called", "serving", "parked", "missed", "finished", "left", "void")
VERBS = ("call", "unpark", "reinstate", "postpone", "defer", "redirect", "transfer", "leave", "void", "park", "recall")
EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

# For codes whose sentence depends on their details: every combination that the source may give.
CASES: dict[str, list[dict[str, object]]] = {
    "not_your_role": [{"verb": "call", "role": role} for role in ("guide", "clerk", "manager", "station", "customer")],
    "project_not_done": [{"number": 7, "step": step.value} for step in ProjectStep],
    "old_ticket": [{"ticket": "B031", "date": "2026-11-19"}, {"ticket": "B031", "date": "2026-11-19", "days": 1}],
    "clock_ahead": [
        {
            "doubt": Doubt(
                last=EVENING,
                now=EVENING + timedelta(hours=hours),
                waiting=people,
                open=people,
                windows=people,
                appointments=people,
                was_set=was_set,
            )
        }
        for hours in (16, 24 * 30)
        for people in (0, 1, 4)
        for was_set in (False, True)
    ],
    "service_closed": [
        {"service": "B", "opens": None, "date": None},
        {"service": "B", "opens": "8:30", "date": None},
        {"service": "B", "opens": "8:30", "date": date(2026, 11, 21)},
    ],
    "message_only": [
        {"service": "B", "name": "社保", "name_en": "Social insurance", "message": text, "message_en": english}
        for text, english in (("请到二楼办理", "Please go to floor 2"), ("今天停办。", "Not today."))
    ],
    "quota_full": [
        {"service": "B", "n": 60, "opens": None, "date": None},
        {"service": "B", "n": 60, "opens": "8:30", "date": date(2026, 11, 21)},
        {"service": "B", "n": 60, "opens": "8:30", "date": "2026-11-21", "other": "C"},
    ],
    "no_time_left": [
        {"service": "B", "closes": "17:30", "opens": None, "date": None},
        {"service": "B", "closes": "17:30", "opens": "8:30", "date": date(2026, 11, 21)},
        {"service": "B", "closes": "17:30", "opens": "8:30", "date": "2026-11-21", "other": "C"},
    ],
    "no_more_returns": [{"ticket": "A001", "service": "B", "n": n} for n in range(3)],
    "line_full": [{"service": "B", "n": n, **more} for n in (1, 20) for more in ({}, {"other": "C"})],
    "cannot_serve": [{"window": "1", "service": "B", "ticket": ticket} for ticket in ("B031", None)],
    "reason_needed": [
        {},
        {"tickets": ["A059"]},
        {"tickets": ["A059", "A060"]},
        {"tickets": [f"A{n:03}" for n in range(9)]},
    ],
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
    "needs_yes": [
        {"kind": "services", "code": "A"},
        {"path": "/data/hall.sqlite"},
    ],
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
        {
            "path": "days.csv",
            "lines": [(2, RuleError("cell_empty", column="window")), (9, RuleError("bad_level", value=7))],
        },
    ],
    "columns_missing": [{"path": "a.csv", "columns": ["month"]}, {"path": "a.csv", "columns": ["arrived", "channel"]}],
    "two_readings": [
        {"column": "satisfied", "text": "53.000", "is_count": True, "asks": "decimal", "values": values}
        for values in ({".": Decimal("53.000"), ",": Decimal(53_000)}, {",": Decimal(53), ".": Decimal(53_000)})
    ]
    + [
        {
            "column": "stated_percent",
            "text": "0.5",
            "is_count": False,
            "asks": "whole",
            "values": {"1": Decimal(50), "100": Decimal("0.5")},
        }
    ],
    "no_printer": [{}, {"ticket": "B038"}, {"counted": True}],
    "printer_refused": [
        {"printer": "TM-T88"},
        {"printer": "TM-T88", "ticket": "B038"},
        {"printer": "TM-T88", "counted": True},
        {"printer": "192.168.1.50", "ticket": "B038", "cause": "out_of_paper"},
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
            "what": what,
            "window": "1",
            "staff": "C1",
            "other": "2",
            "start": "9:00",
            "end": "10:00",
            "weekday": 3,
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


def refusal(code: str, details: dict[str, object]) -> QueueDeskError:
    return RuleError(code, **details)


def every_refusal() -> Iterator[QueueDeskError]:
    for code in PLAIN:
        yield refusal(code, details_of(code))
    for code, cases in CASES.items():
        for details in cases:
            yield refusal(code, details)


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


NAMES = {"service": "B", "name": "社保", "name_en": "Social insurance", "n": 20}


@pytest.mark.parametrize(
    ("code", "details", "chinese", "english"),
    [
        (
            "line_full",
            {**NAMES, "other": "C", "other_name": "税务", "other_name_en": "Tax"},
            "社保：已有 20 人在等，暂不取号，可以改取：税务。",
            "20 people are waiting for Social insurance, so there are no more tickets for now; tickets are still available for Tax.",
        ),
        (
            "quota_full",
            {**NAMES, "opens": "8:30", "date": date(2026, 11, 21)},
            "社保：今天的 20 个号已取完，请 11月21日 8:30 起再来。",
            "All 20 of today's tickets for Social insurance have been taken; please come on 21 Nov from 8:30.",
        ),
        (
            "message_only",
            {**NAMES, "message": "请到二楼办理", "message_en": "Please go to floor 2"},
            "社保：不取号。请到二楼办理。",
            "Social insurance gives no tickets: Please go to floor 2.",
        ),
        (
            "wrong_state",
            {"ticket": "B031", "state": "serving", "window": "3", "verb": "call"},
            "B031 正在 3 号窗口办理，不能再叫。",
            "B031 is being served at window 3.",
        ),
        ("nobody_waiting", {"window": "3"}, "现在没有可以叫的号。", "Nobody is waiting for this window."),
        ("last_ticket", {"service": "B", "time": "17:00"}, "B 业务 17:00 停止取号。", "Tickets for B end at 17:00."),
        (
            "old_ticket",
            {"ticket": "B031", "date": "2026-11-19", "days": 1},
            "这张号昨天用的，今天请重新取号。",
            "This ticket is from yesterday; please take a new one.",
        ),
        (
            "no_printer",
            {"ticket": "B038"},
            "没有打印机，请记下号码 B038，号码同样有效。",
            "No printer: please write down B038; it is valid.",
        ),
        (
            "database_away",
            {"path": "/data/hall.sqlite", "since": "10:42"},
            "数据文件从 10:42 起打不开，正在重试。画面停在 10:42。",
            "The hall's file can't be opened since 10:42; retrying. This shows 10:42.",
        ),
        (
            "database_away",
            {"path": "postgresql://q@192.168.1.5:7432/queuedesk"},
            "服务厅的服务器 192.168.1.5:7432/queuedesk 没有应答，请稍后再试。",
            "The hall's server at 192.168.1.5:7432/queuedesk does not answer; please try again in a moment.",
        ),
        (
            "database_away",
            {"path": "postgresql://q@192.168.1.5:7432/queuedesk", "command": "~1", "verb": "call"},
            "服务器没有回应；连上以后会马上告诉您这一步有没有办成。",
            "No answer from the hall's server; you will be told whether this was done as soon as it is back.",
        ),
        (
            "database_busy",
            {"path": "/data/hall.sqlite"},
            "数据文件正忙，请稍等再试。",
            "The hall's file is busy; please try again in a moment.",
        ),
        ("already_rated", {"ticket": "B031"}, "B031 已经评过了，谢谢您", "B031 is already rated, thank you"),
        (
            "bad_value",
            {"field": "last_ticket", "value": "17:40", "why": "after_close", "limit": "17:30"},
            "最后取号晚于下班 17:30，请改早一些。",
            "Last ticket is after closing time 17:30; please make it earlier.",
        ),
        (
            "bad_value",
            {"field": "services.B.last_ticket", "value": "17:40", "why": "after_close"},
            "业务 B 的最后取号 17:40 晚于下班，请改早一些。",
            "Last ticket of service B: 17:40 is after closing time; please make it earlier.",
        ),
        (
            "bad_value",
            {"field": "closes", "value": "7:00", "why": "before_opening", "limit": "8:30"},
            "下班时间要晚于上班时间 8:30，请改晚一些。",
            "Closing time is not after the opening time 8:30; please make it later.",
        ),
        (
            "bad_value",
            {"field": "calls_before_missed", "value": 0, "why": "out_of_range", "limit": "1–9999"},
            "calls_before_missed 0 不合适，可以是：1–9999。",
            "calls_before_missed: 0 does not fit; possible: 1–9999.",
        ),
        (
            "bad_value",
            {"field": "services.B.items.gmgh.minutes", "value": "ten", "why": "not_a_number"},
            "事项 gmgh 的分钟数要填数字，不能是 ten。",
            "Minutes of item gmgh needs a number, not ten.",
        ),
        (
            "bad_value",
            {"field": "hall.name", "value": None, "why": "not_a_choice"},
            "名称还空着，请填上。",
            "Name is empty; please fill it in.",
        ),
        (
            "in_use",
            {"kind": "services", "code": "B"},
            "业务 B 还有没办完的号，办完以后再删除。",
            "The service B still has open tickets; please remove it when they are done.",
        ),
        (
            "reason_needed",
            {"tickets": ["A059", "A060", "A061", "A062", "A063"]},
            "这样会越过 A059、A060、A061 和另外 2 张号，请先选一个原因。",
            "This passes over A059, A060, A061 and 2 more; please choose a reason.",
        ),
        (
            "unknown_ticket",
            {"ticket": "B031", "date": date(2026, 11, 20)},
            "11月20日没有 B031 这张号，请核对号码。",
            "There is no ticket B031 on 20 Nov; please check the number.",
        ),
    ],
)
def test_sentence(code: str, details: dict[str, object], chinese: str, english: str) -> None:
    assert (say(refusal(code, details)), say(refusal(code, details), "en")) == (chinese, english)


def test_a_lost_database_has_a_sentence_without_its_place() -> None:
    assert say(refusal("database_damaged", {}), "en") == "The hall's file is damaged; please restore the latest backup."


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Yield place, code and detail names (None where they are not written out) of every refusal in the source."""
    for path, name, node in calls(SOURCE, RAISED):
        if name not in ("RuleError", "OutsideError") or not (isinstance(node.func, ast.Name) and node.args):
            continue
        names = {keyword.arg for keyword in node.keywords}
        for code in literals(node.args[0]):
            place = f"{path.relative_to(SOURCE.parent)}:{node.lineno}"
            yield place, code, None if None in names else {name for name in names if name}


def literals(node: ast.expr) -> Iterator[str]:
    """Yield the codes an argument may be; one that is looked up in a table has none here."""
    if isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def test_every_code_in_the_source_has_a_sentence_and_gives_its_details() -> None:
    found = list(raised())
    without_sentence = [(place, code) for place, code, _ in found if code not in {*PLAIN, *SPECIAL, *added_refusals()}]
    without_details = [
        (place, code, missing)
        for place, code, names in found
        if names is not None and code in PLAIN and (missing := fields(PLAIN[code]) - names)
    ]

    assert len(found) > 20
    assert without_sentence == []
    assert without_details == []


def test_every_trouble_of_the_database_driver_has_a_sentence() -> None:
    tree = ast.parse((SOURCE / "store" / "engine" / "faults.py").read_text(encoding="utf-8"))
    codes = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and re.fullmatch("database_[a-z]+", str(node.value))
    }

    assert codes
    assert codes <= PLAIN.keys() | SPECIAL.keys()
