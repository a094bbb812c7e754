"""The audit of a table: the published one gives its known findings, clean ones none, planted slips are found."""

from __future__ import annotations

import csv
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from queuedesk.features.table_check.rules.audit import Asked, Audit, Range, audit
from queuedesk.features.table_check.rules.reading import Line
from queuedesk.features.table_check.words import finding_text

GOLDEN = Path(__file__).parents[2] / "golden" / "satisfaction_2011_2012.csv"
TRUE = [95.84, 94.76, 95.29, 95.27, 95.43, 95.44, 96.96, 97.94, 97.96, 98.29, 98.51, 98.69]
OFF = [-0.14, -0.36, -0.29, -0.27, -0.13, -0.34, 0.26, 0.08, 0.15, 0.08, 0.05, 0.09]
MAY, OCTOBER = 2012 * 12 + 4, 2012 * 12 + 9
BEFORE = tuple(f"2011-{month:02d}" for month in range(7, 13))
AFTER = tuple(f"2012-{month:02d}" for month in range(5, 11))


def published() -> list[Line]:
    with GOLDEN.open(encoding="utf-8") as file:
        return [Line(number, *cells) for number, cells in enumerate(csv.reader(file), start=1) if number > 1]


def table(*rows: str) -> list[Line]:
    """Return lines as "2011-07 415 18 95.7"; "-" is an empty cell."""
    cells = [["" if cell == "-" else cell for cell in row.split()] for row in rows]
    return [Line(number, *row) for number, row in enumerate(cells, start=2)]


def kinds(found: Audit) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.rows) for one in found.findings]


def test_the_published_table_is_recomputed():
    found = audit(published())

    assert [round(float(row.true or 0), 2) for row in found.rows] == TRUE
    assert [round(float(row.difference or 0), 2) for row in found.rows] == OFF
    assert found.pooled.n == 4874


def test_the_published_table_gives_its_findings_and_no_other():
    asked = Asked(Decimal(98), Range(MAY, OCTOBER), Decimal("98.18"))

    assert kinds(audit(published(), asked)) == [
        ("wrong_percentage", (*BEFORE, *AFTER)),
        ("slip_one_minus_ratio", BEFORE[:4]),
        ("copied_column", (*BEFORE, *AFTER)),
        ("claim_contradicted", AFTER[:3]),
        ("mean_of_percentages", AFTER),
    ]


def test_without_a_claim_or_headline_nothing_is_said_of_them():
    assert [one.kind for one in audit(published()).findings] == [
        "wrong_percentage",
        "slip_one_minus_ratio",
        "copied_column",
    ]


def test_the_headline_is_looked_for_in_each_block_and_in_all():
    assert kinds(audit(published(), Asked(headline=Decimal("95.08"))))[-1] == ("mean_of_percentages", BEFORE)
    assert kinds(audit(published(), Asked(headline=Decimal("96.63"))))[-1] == ("mean_of_percentages", (*BEFORE, *AFTER))
    for honest in ("96.68", "98", "50"):
        assert len(audit(published(), Asked(headline=Decimal(honest))).findings) == 3


def test_the_order_of_the_file_does_not_matter():
    assert kinds(audit(published()[::-1])) == kinds(audit(published()))


# -- tables that are as they should be ---------------------------------------------------------------------------------

COUNTS = st.tuples(st.integers(0, 5000), st.integers(0, 500)).filter(lambda one: sum(one) > 0)


@st.composite
def clean_tables(draw: st.DrawFn) -> list[Line]:
    """Draw blocks of months whose percentages are rounded as people round, and whose counts differ from block to
    block."""
    lines: list[Line] = []
    month = draw(st.integers(2000 * 12, 2030 * 12))
    is_share = draw(st.booleans())
    taken: set[tuple[int, ...]] = set()
    for _block in range(draw(st.integers(1, 3))):
        decimals = draw(st.integers(0, 4))
        rounding = draw(st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
        counts = draw(st.lists(COUNTS, min_size=1, max_size=8))
        for column in (tuple(s for s, _d in counts), tuple(d for _s, d in counts)):
            if column in taken:
                return lines
            taken.add(column)
        for satisfied, dissatisfied in counts:
            true = Decimal(100 * satisfied) / Decimal(satisfied + dissatisfied)
            stated = true.quantize(Decimal(1).scaleb(-decimals), rounding)
            text = f"{stated.scaleb(-2):f}" if is_share else f"{stated:f}"
            label = f"{month // 12}-{month % 12 + 1:02d}"
            lines.append(Line(len(lines) + 2, label, str(satisfied), str(dissatisfied), text))
            month += 1
        month += draw(st.integers(1, 6))
    return lines


@given(clean_tables())
@example([Line(2, "2000-01", "1", "200", "0.00")])
@example([Line(2, "2000-01", "0", "2", "0.000"), Line(3, "2000-03", "1", "62", "0.02")])
@example([Line(2, "2000-01", "0", "1", "0"), Line(3, "2000-02", "0", "1", "0"), Line(4, "2000-03", "1", "0", "100")])
def test_a_clean_table_gives_no_finding(lines):
    assert kinds(audit(lines)) == []


@given(clean_tables().filter(len), st.data())
def test_a_percentage_that_is_off_is_found(lines, data):
    place = data.draw(st.integers(0, len(lines) - 1))
    line = lines[place]
    true = 100 * int(line.satisfied) / (int(line.satisfied) + int(line.dissatisfied))
    stated = true + 3 if true < 50 else true - 3
    lines[place] = Line(line.number, line.month, line.satisfied, line.dissatisfied, f"{stated:.6f}%")

    found = dict(kinds(audit(lines)))
    assert line.month in found["wrong_percentage"]


@given(st.lists(st.tuples(st.integers(100, 900), st.integers(20, 60)), min_size=1, max_size=9), st.booleans())
def test_the_slip_is_found_in_every_row_where_it_was_made(counts, is_cut):
    lines = []
    for number, (satisfied, dissatisfied) in enumerate(counts):
        slip = 100 - Decimal(100 * dissatisfied) / Decimal(satisfied)
        text = str(slip.quantize(Decimal("0.01"), ROUND_DOWN if is_cut else ROUND_HALF_UP))
        lines.append(Line(number, f"2020-{number + 1:02d}", str(satisfied), str(dissatisfied), text))

    months = tuple(line.month for line in lines)
    assert kinds(audit(lines)) == [("wrong_percentage", months), ("slip_one_minus_ratio", months)]


# -- single rules ------------------------------------------------------------------------------------------------------


def test_a_value_is_held_to_its_own_digits_and_to_the_block_s_where_it_has_fewer():
    """Alone 95 would be 95.29 rounded; among others with a decimal it is cut too short."""
    assert kinds(audit(table("2011-09 384 19 95"))) == []
    assert kinds(audit(table("2011-08 415 18 95.8", "2011-09 384 19 95"))) == []
    three = table("2011-07 415 18 95.8", "2011-08 415 18 95.8", "2011-09 384 19 95")
    assert kinds(audit(three))[0] == ("wrong_percentage", ("2011-09",))
    more = table("2011-07 415 18 95.84", "2011-08 398 22 94.76", "2011-09 404 20 95.283", "2011-10 403 20 95.27")
    assert kinds(audit(more)) == []
    wrong = table("2011-07 415 18 95.84", "2011-08 398 22 94.76", "2011-09 404 20 95.285", "2011-10 403 20 95.27")
    assert kinds(audit(wrong)) == [("wrong_percentage", ("2011-09",))]


def test_the_published_months_in_digits_of_their_own_are_right():
    """95.84 94.76 95.285 95.27: each rounded by itself; 384 ÷ 403 is 95.2854 %."""
    found = audit(
        table("2011-07 415 18 95.84", "2011-08 398 22 94.76", "2011-09 384 19 95.285", "2011-10 403 20 95.27")
    )

    assert kinds(found) == []


def test_one_share_among_percentages_is_named_alone():
    lines = table("2011-07 415 18 95.84", "2011-08 398 22 94.76", "2011-09 384 19 0.9529", "2011-10 403 20 95.27")
    found = audit(lines)

    assert kinds(found) == [("wrong_percentage", ("2011-09",))]
    assert finding_text(found.findings[0], "en") == (
        "2011-09 states 0.9529, a share of 1 among percentages: it should read 95.29."
    )
    both = audit([*lines, *table("2011-11 403 20 91.00")])
    assert kinds(both) == [("wrong_percentage", ("2011-09", "2011-11"))]
    assert "1 of 5" in finding_text(both.findings[0], "en") and "2011-09 states 0.9529" in finding_text(
        both.findings[0], "en"
    )


def test_copied_dissatisfied_counts_are_found_too():
    rows = ["2011-01 50 3 -", "2011-02 60 1 -", "2011-03 70 0 -", "2012-01 51 3 -", "2012-02 61 1 -", "2012-03 71 0 -"]
    found = audit(table(*rows))

    assert kinds(found)[0] == ("copied_column", tuple(row.split()[0] for row in rows))
    assert found.findings[0].details["column"] == "dissatisfied"


def test_two_months_alike_are_no_copy_nor_is_nobody_dissatisfied_twice():
    two = ["2011-01 50 3 94.3", "2011-02 60 1 98.4", "2012-01 50 3 94.3", "2012-02 60 1 98.4"]
    good = [f"{year}-{month:02d} {10 * year + month} 0 100" for year in (2011, 2012) for month in (1, 2, 3)]

    assert kinds(audit(table(*two))) == []
    assert kinds(audit(table(*good))) == []


@pytest.mark.parametrize(
    ("row", "kind", "what"),
    [
        ("2011-07 abc 18 95.7", "impossible_value", "satisfied"),
        ("2011-07 415 -18 95.7", "impossible_value", "dissatisfied"),
        ("2011-07 415 1.5 95.7", "impossible_value", "dissatisfied"),
        ("2011-07 415 18 good", "impossible_value", "stated"),
        ("2011-13 415 18 95.8", "impossible_value", "month"),
        ("2011-07 0 0 95.8", "impossible_value", "nobody"),
        ("2011-07 - 18 95.7", "missing_value", "satisfied"),
        ("2011-07 415 - 95.7", "missing_value", "dissatisfied"),
        ("2011-07 415 18 -", "missing_value", "stated"),
        ("- 415 18 95.8", "missing_value", "month"),
    ],
)
def test_a_bad_row_is_a_finding_and_stops_nothing(row, kind, what):
    found = audit(table("2011-06 90 10 90.0", row, "2011-08 80 20 80.0"))

    assert [(one.kind, one.details["what"]) for one in found.findings] == [(kind, what)]
    assert [float(one.true or 0) for one in found.rows if one.month in ("2011-06", "2011-08")] == [90.0, 80.0]


def test_more_than_all_is_impossible_and_wrong():
    assert kinds(audit(table("2011-07 415 18 115.7"))) == [
        ("wrong_percentage", ("2011-07",)),
        ("impossible_value", ("2011-07",)),
    ]


def test_a_month_twice_is_a_finding():
    found = audit(table("2011-07 90 10 90", "2011-07 80 20 80"))

    assert kinds(found) == [("impossible_value", ("2011-07",))]


def test_a_torn_row_has_no_rate():
    found = audit([Line(2, "2011-07", "1", "415", "18", is_torn=True)])

    assert kinds(found) == [("impossible_value", ("2011-07",))]
    assert (found.rows[0].rate.rate, found.pooled.n) == (None, 0)


def test_remarks_and_empty_lines_are_passed_over():
    assert kinds(audit(table("2011-07 90 10 90", "注：本表由营业厅填报 - - -"))) == []


def test_a_row_that_sums_up_counts_apart_and_its_mean_is_found():
    rows = ["2011-07 90 10 90.0", "2011-08 9 1 90.0", "2011-09 300 0 100.0"]
    found = audit(table(*rows, "合计 399 11 93.3"))

    assert found.pooled.n == 410
    assert kinds(found) == [("mean_of_percentages", ("2011-07", "2011-08", "2011-09"))]
    assert kinds(audit(table(*rows, "合计 399 11 97.3"))) == []
    assert kinds(audit(table(*rows, "合计 399 11 99.0"))) == [("wrong_percentage", ("合计",))]


def test_means_of_counts_may_have_decimals():
    rows = ["2011-07 95 5 95.0", "2011-08 90 10 90.0"]

    assert kinds(audit(table(*rows, "平均 92.5 7.5 92.5"))) == []
    assert kinds(audit(table(*rows, "平均 many 7.5 92.5"))) == [("impossible_value", ("平均",))]


def test_names_of_rows_are_shown_on_one_line_and_not_at_any_length():
    found = audit([Line(2, "no\n\x1b[31mmonth", "90", "10", "90"), Line(3, "x" * 900, "90", "10", "90")])

    assert [row.month for row in found.rows] == ["no [31mmonth", "x" * 59 + "…"]


def test_months_without_a_year_go_on_from_the_row_before():
    found = audit(table("2011年11月 90 10 90", "12月 80 20 80", "1月 70 30 70"))
    assert [row.month for row in found.rows] == ["2011-11", "2011-12", "2012-01"]

    found = audit(table("11月 90 10 90.0", "12月 80 20 80", "1月 70 30 70"))
    assert [(row.month, row.unit.denominator) for row in found.rows] == [("11月", 10), ("12月", 1), ("1月", 1)]


@pytest.mark.parametrize("stated", ["0.958", "95.8", "95.8%", "９５.８％"])
def test_shares_and_percentages_mean_the_same(stated):
    found = audit(table(f"2011-07 415 18 {stated}"))

    assert kinds(found) == []
    assert float(found.rows[0].stated or 0) == 95.8


def test_one_means_all_among_shares_and_a_hundredth_among_percentages():
    assert kinds(audit(table("2011-07 50 0 1", "2011-08 49 1 0.98"))) == []
    assert kinds(audit(table("2011-07 1 99 1", "2011-08 49 51 49"))) == []


def test_figures_of_a_spreadsheet_with_all_their_digits_are_right():
    assert kinds(audit(table("2011-07 415 18 95.84295612009238", "2011-08 380 21 0.9476309226932669%"))) != []
    assert kinds(audit(table("2011-07 415 18 95.84295612009238", "2011-08 380 21 94.76309226932669"))) == []
    assert kinds(audit(table("2011-07 415 18 0.9584295612009238", "2011-08 380 21 0.9476309226932669"))) == []


def test_a_torn_line_without_figures_is_found_too():
    assert kinds(audit([Line(2, "2011-07,415,18", "", "", "", is_torn=True)])) == [
        ("impossible_value", ("2011-07,415,18",)),
        ("impossible_value", ("2011-07,415,18",)),
    ]


def test_a_table_without_rows_has_no_figures():
    found = audit([])

    assert (found.rows, found.pooled.n, found.findings) == ((), 0, ())
