"""Cells as people type them: headers, months, counts, percentages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from queuedesk.core.imports.number_signs import POINT, Column, count_of, decimal_signs, percent_of
from queuedesk.features.table_check.rules.reading import columns_of, double_header_of, header_of, is_summary, month_of


def alone(text: str, *, is_count: bool) -> tuple[str, ...]:
    """Return the decimal signs that a cell can have in a column of its own."""
    return decimal_signs(Column("column", ((2, text),), is_count))


@pytest.mark.parametrize(
    "head",
    [
        ["month", "satisfied", "dissatisfied", "stated_percent"],
        ["月份", "满意", "不满意", "满意率"],
        ["月　份", "满意户数", "不满意户数", "满意率（％）"],
        ["统计月份", "满意(人)", "不满意(人)", "客户满意率%"],
        [" Month ", "SATISFIED", "Dissatisfied", "Stated %"],
    ],
)
def test_a_header_in_either_language_is_known(head):
    assert columns_of(head) == {"month": 0, "satisfied": 1, "dissatisfied": 2, "stated_percent": 3}


def test_columns_stand_in_any_order_and_others_are_passed_over():
    assert columns_of(["序号", "满意率", "不满意", "满意", "月份"]) == {
        "stated_percent": 1,
        "dissatisfied": 2,
        "satisfied": 3,
        "month": 4,
    }


@pytest.mark.parametrize("head", [["月份", "满意", "满意率"], ["2011-07", "415", "18", "95.7"], []])
def test_what_lacks_a_column_is_no_header(head):
    assert columns_of(head) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2011-07", (2011, 7)),
        ("2011-7", (2011, 7)),
        ("2011/07/01", (2011, 7)),
        ("2011.7", (2011, 7)),
        ("2011年7月", (2011, 7)),
        ("２０１１年７月份", (2011, 7)),
        ("11年7月", (2011, 7)),
        ("201107", (2011, 7)),
        ("Jul-11", (2011, 7)),
        ("July 2011", (2011, 7)),
        ("2011-07-01 00:00:00", (2011, 7)),
        ("7月", (None, 7)),
        ("十二月份", (None, 12)),
        ("2011-13", None),
        ("13月", None),
        ("Foo-11", None),
        ("上半年", None),
        ("", None),
    ],
)
def test_months(text, month):
    assert month_of(text) == month


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("415", 415),
        ("４１５", 415),
        ("1,415", 1415),
        ("1，415，000", 1415000),
        ("1 415", 1415),
        ("415.0", 415),
        ("415人", 415),
        ("0", 0),
        ("-1", None),
        ("4.5", None),
        ("41,5", None),
        ("abc", None),
        ("95%", None),
        ("1e3", None),
        ("9" * 900, None),
        ("٣", None),
        ("nan", None),
    ],
)
def test_counts(text, count):
    assert {count_of(text, sign) for sign in alone(text, is_count=True)} == {count}


@pytest.mark.parametrize(
    ("text", "value", "decimals", "has_sign"),
    [
        ("95.7", "95.7", 1, False),
        ("95.70%", "95.70", 2, True),
        ("９５．７％", "95.7", 1, True),
        ("95,7", "95.7", 1, False),
        ("95", "95", 0, False),
        ("0.957", "0.957", 3, False),
        ("-3", "-3", 0, False),
        ("95.84295612009238", "95.842956120092", 12, False),
    ],
)
def test_percentages(text, value, decimals, has_sign):
    (found,) = {percent_of(text, sign) for sign in alone(text, is_count=False)}

    assert found is not None
    assert (found.value, found.decimals, found.has_sign) == (Decimal(value), decimals, has_sign)


@pytest.mark.parametrize("text", ["", "n/a", "95.7.1", "%", "inf", "1,23,4", "9" * 900])
def test_what_is_no_percentage(text):
    assert {percent_of(text, sign) for sign in alone(text, is_count=False)} == {None}


def test_a_share_in_percent_keeps_its_precision():
    found = percent_of("0.9818", POINT)

    assert found is not None
    assert (str(found.as_share().value), found.as_share().decimals) == ("98.18", 2)


@pytest.mark.parametrize(
    ("text", "sums_up"), [("合计", True), ("Total", True), ("上半年平均", True), ("2011-07", False), ("totally", False)]
)
def test_rows_that_sum_up(text, sums_up):
    assert is_summary(text) is sums_up


def test_a_header_in_two_lines_has_groups_over_its_columns():
    groups = ["月份", "非常满意", "", "满意", "", "不满意", "", "满意率"]
    under = ["", "人数", "占比", "人数", "占比", "人数", "占比", ""]

    found = double_header_of(groups, under)

    assert found is not None
    assert dict(found.places) == {
        "month": 0,
        "very_satisfied": 1,
        "satisfied": 3,
        "dissatisfied": 5,
        "stated_percent": 7,
    }
    assert (found.title("satisfied"), found.title("stated_percent")) == ("满意 / 人数", "满意率")


@pytest.mark.parametrize(
    ("groups", "under", "places"),
    [
        (["Month", "Satisfied", "", "Dissatisfied", ""], ["", "count", "share", "count", "share"], (0, 1, 3, 2)),
        (["Month", "Satisfied", "", "Dissatisfied", ""], ["", "%", "n", "%", "n"], (0, 2, 4, 1)),
        (["月份", "客户评价", "", ""], ["", "满意", "不满意", "满意率"], (0, 1, 2, 3)),
        (["月份", "满意", "不满意", "满意率"], ["", "（人）", "（人）", "（％）"], (0, 1, 2, 3)),
        (["", "客户评价", "", ""], ["月份", "满意", "不满意", ""], (0, 1, 2, None)),
    ],
)
def test_where_the_columns_of_two_lines_are(groups, under, places):
    found = double_header_of(groups, under) or header_of(under)

    assert found is not None
    assert tuple(found.places.get(name) for name in ("month", "satisfied", "dissatisfied", "stated_percent")) == places


def test_the_share_of_satisfied_is_no_rate_where_others_are_satisfied_too():
    found = double_header_of(
        ["Month", "Very satisfied", "", "Satisfied", "", "Dissatisfied"], ["", "n", "%", "n", "%", "n"]
    )

    assert found is not None
    assert "stated_percent" not in found.places


def test_two_groups_with_the_same_columns_are_named():
    found = double_header_of(["月份", "东厅", "", "西厅", ""], ["", "满意", "不满意", "满意", "不满意"])

    assert found is not None
    assert found.twice == ("东厅 / 满意", "东厅 / 不满意")


@pytest.mark.parametrize(
    "under", [["2011-07", "415", "18", "95.7"], ["七月", "", "", ""], ["注：本表由营业厅填报", "", "", ""], []]
)
def test_a_row_under_the_header_is_no_second_line_of_it(under):
    assert double_header_of(["月份", "满意", "不满意", "满意率"], under) is None
