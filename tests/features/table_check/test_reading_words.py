"""How a table was read, in words: one sentence for columns that are alike, in both languages."""

from __future__ import annotations

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.features.table_check.rules.audit import audit
from queuedesk.features.table_check.rules.reading import Header, Line
from queuedesk.features.table_check.words import choice_text, reading_texts
from queuedesk.i18n import say
from queuedesk.i18n.value_refusals import choices


@pytest.mark.parametrize(
    ("cells", "english", "chinese"),
    [
        (
            ("415", "18", "95,7"),
            ["stated_percent: read 95,7 as 95.7 %; the comma is the decimal sign."],
            ["stated_percent：95,7 读作 95.7 %，逗号作小数点。"],
        ),
        (
            ("415", "18", "0,957"),
            ["stated_percent: read 0,957 as 95.7 %, a share of 1; the comma is the decimal sign."],
            ["stated_percent：0,957 读作 95.7 %，以 1 为全部，逗号作小数点。"],
        ),
        (
            ("50", "50", "0.5"),
            ["stated_percent: read 0.5 as 50 %, a share of 1."],
            ["stated_percent：0.5 读作 50 %，以 1 为全部。"],
        ),
        (
            ("415", "18", "0.9584295612009238"),
            ["stated_percent: read 0.9584295612… as 95.8430 %, a share of 1."],
            ["stated_percent：0.9584295612… 读作 95.8430 %，以 1 为全部。"],
        ),
        (
            ("1 415", "1 018", "58"),
            ["satisfied, dissatisfied: read 1 415 as 1,415; the space separates thousands."],
            ["satisfied、dissatisfied：1 415 读作 1,415，空格作千位分隔。"],
        ),
        (
            ("53.000", "7", "99"),
            ["satisfied: read 53.000 as 53,000; the point separates thousands."],
            ["satisfied：53.000 读作 53,000，点作千位分隔。"],
        ),
        (("415", "18", "95.7"), [], []),
    ],
)
def test_readings_as_sentences(cells: tuple[str, str, str], english: list[str], chinese: list[str]) -> None:
    more = [Line(3, "2011-08", "380", "20", "")] if cells[0] == "53.000" else []
    found = audit([Line(2, "2011-07", *cells), *more])

    assert reading_texts(found, "en") == english
    assert reading_texts(found, "zh_CN") == chinese


def test_levels_that_were_added_up_are_named() -> None:
    header = Header({"very_satisfied": 1, "satisfied": 2}, {"very_satisfied": "非常满意", "satisfied": "满意"})
    found = audit([Line(2, "2011-07", "5", "1", "90", levels={"very_satisfied": "4"})], header=header)

    assert reading_texts(found, "en") == ["Counted as satisfied: 非常满意, 满意."]
    assert reading_texts(found, "zh_CN") == ["计入满意：非常满意、满意。"]


def test_a_question_has_a_value_for_each_choice() -> None:
    with pytest.raises(RuleError) as refused:
        audit([Line(2, "2011-07", "53.000", "7.000", "88")])
    error = refused.value

    assert say(error, "en") == (
        "In the column satisfied, 53.000 can be 53 or 53,000; "
        "please say what the decimal sign is (--decimal point or --decimal comma)."
    )
    assert choices(error.details) == [(".", "53"), (",", "53,000")]
    assert [choice_text(choice, "53.000", "en") for choice in (".", ",", "1", "100")] == [
        "the point is the decimal sign",
        "the point separates thousands",
        "a share of 1",
        "already in percent",
    ]
    assert choice_text(",", "５３，０００", "en") == "the comma is the decimal sign"
