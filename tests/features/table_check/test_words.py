"""Findings as sentences: every kind in both languages, months as ranges, figures as they stand in reports."""

from __future__ import annotations

from fractions import Fraction

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.features.channels.verbs import COLUMNS
from queuedesk.features.table_check.rules.audit import Audit, audit
from queuedesk.features.table_check.rules.reading import HEADS, NEEDED, Line
from queuedesk.features.table_check.words import (
    difference_figure,
    figure,
    finding_text,
    finding_title,
    months_text,
    summary_text,
)
from queuedesk.i18n import say
from queuedesk.i18n.refusals import column_word

BAD = [
    Line(2, "2011-07", "415", "18", "95.7"),
    Line(3, "2011-08", "abc", "", "no"),
    Line(4, "2011-09", "", "-2", "120"),
    Line(5, "2011-10", "0", "0", "5"),
    Line(6, "2011-10", "90", "10", ""),
    Line(7, "2011-99", "90", "10", "90"),
    Line(8, "", "90", "10", "90"),
    Line(9, "2012-01", "1", "415", "18", is_torn=True),
]


@pytest.fixture
def found() -> Audit:
    return audit(BAD)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_kind_of_trouble_is_one_sentence(found: Audit, lang: str) -> None:
    said = {(one.kind, one.details.get("what")): finding_text(one, lang) for one in found.findings}

    whats = {what for _kind, what in said}
    assert {"month", "twice", "torn", "satisfied", "dissatisfied", "stated", "nobody"} <= whats
    assert {kind for kind, _what in said} == {
        "wrong_percentage",
        "slip_one_minus_ratio",
        "impossible_value",
        "missing_value",
    }
    for text in said.values():
        assert text.endswith("." if lang == "en" else "。")
        assert "{" not in text
    assert all(finding_title(kind, lang) for kind, _what in said)


def test_one_wrong_percentage_is_told_with_its_figures(found: Audit) -> None:
    assert finding_text(audit(BAD[:1]).findings[0], "en") == (
        "1 of 1 stated percentages is not what the counts give: 2011-07 states 95.7, true is 95.84."
    )


def test_months_in_a_row_are_a_range_and_many_are_cut() -> None:
    assert (
        months_text(["2011-07", "2011-08", "2011-12", "2012-01", "2012-02"], "en")
        == "2011-07, 2011-08, 2011-12 to 2012-02"
    )
    assert months_text([f"2011-{n:02d}" for n in range(1, 13, 2)] * 2, "en").endswith("2011-03, 4 more")


def test_figures() -> None:
    assert figure(Fraction(2, 3)) == "0.67"
    assert figure(Fraction(-1, 8)) == "−0.13"
    assert figure(None) == "—"
    row = audit(BAD[:1]).rows[0]
    assert difference_figure(row) == "−0.14"


def test_a_table_in_order_is_said_to_be(found: Audit) -> None:
    assert summary_text(audit([Line(2, "2011-07", "90", "10", "90")]), "en").startswith("Nothing to object to")
    assert summary_text(audit([]), "en") == "No row has counts that can be used."
    assert summary_text(found, "en") == f"{len(found.findings)} findings"


def test_columns_are_named_by_a_word_that_the_file_may_have() -> None:
    missing = RuleError("columns_missing", path="三月.csv", columns=["month", "satisfied", "arrived"])
    assert say(missing, "zh_CN") == "三月.csv 缺少这几列：月份、满意、arrived。请看看表头。"
    assert say(missing, "en") == "三月.csv lacks the columns month, satisfied, arrived; please check its header line."
    for needed, known in {
        **HEADS,
        "channel": " ".join(COLUMNS["channel"]),
        "service": " ".join(COLUMNS["service"]),
    }.items():
        if needed in (*NEEDED, "channel", "service"):
            assert column_word(needed, "zh_CN") in known.split()
