"""The audit of a table: the published one gives its known findings, clean ones none, planted slips are found."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from queuedesk.core.errors import RuleError
from queuedesk.features.channels.verbs import COLUMNS
from queuedesk.features.projects import words
from queuedesk.features.table_check.rules.audit import Asked, Audit, Range, audit
from queuedesk.features.table_check.rules.reading import HEADS, NEEDED, Line, claimed_month
from queuedesk.features.table_check.words import choice_text, finding_text, months_text
from queuedesk.i18n import say
from queuedesk.i18n.refusals import column_word
from tests.features.table_check.tables import LINES

TRUE = [95.84, 94.76, 95.29, 95.27, 95.43, 95.44, 96.96, 97.94, 97.96, 98.29, 98.51, 98.69]
OFF = [-0.14, -0.36, -0.29, -0.27, -0.13, -0.34, 0.26, 0.08, 0.15, 0.08, 0.05, 0.09]
MAY, OCTOBER = 2012 * 12 + 4, 2012 * 12 + 9
BEFORE = tuple(f"2011-{month:02d}" for month in range(7, 13))
AFTER = tuple(f"2012-{month:02d}" for month in range(5, 11))


def kinds(found: Audit) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.rows) for one in found.findings]


def test_the_published_table_is_recomputed():
    found = audit(LINES)

    assert [round(float(row.true or 0), 2) for row in found.rows] == TRUE
    assert [round(float(row.difference or 0), 2) for row in found.rows] == OFF
    assert found.pooled.n == 4874


def test_the_published_table_gives_its_findings_and_no_other():
    asked = Asked(Decimal(98), Range(MAY, OCTOBER), Decimal("98.18"))

    assert kinds(audit(LINES, asked)) == [
        ("wrong_percentage", (*BEFORE, *AFTER)),
        ("slip_one_minus_ratio", BEFORE[:4]),
        ("copied_column", (*BEFORE, *AFTER)),
        ("claim_contradicted", AFTER[:3]),
        ("mean_of_percentages", AFTER),
    ]


def test_the_headline_is_looked_for_in_each_block_and_in_all():
    assert kinds(audit(LINES, Asked(headline=Decimal("95.08"))))[-1] == ("mean_of_percentages", BEFORE)
    assert kinds(audit(LINES, Asked(headline=Decimal("96.63"))))[-1] == ("mean_of_percentages", (*BEFORE, *AFTER))
    for honest in ("96.68", "98", "50"):
        assert len(audit(LINES, Asked(headline=Decimal(honest))).findings) == 3


def test_the_order_of_the_file_does_not_matter():
    assert kinds(audit(LINES[::-1])) == kinds(audit(LINES))


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


# -- what a page can't show -------------------------------------------------------------------------------------------


def test_names_of_rows_are_shown_on_one_line_and_not_at_any_length():
    found = audit([Line(2, "no\n\x1b[31mmonth", "90", "10", "90"), Line(3, "x" * 900, "90", "10", "90")])

    assert [row.month for row in found.rows] == ["no [31mmonth", "x" * 59 + "…"]


def test_months_in_a_row_are_a_range_and_many_are_cut() -> None:
    months = ["2011-07", "2011-08", "2011-12", "2012-01", "2012-02"]
    assert months_text(months, "en") == "2011-07, 2011-08, 2011-12 to 2012-02"
    assert months_text([f"2011-{n:02d}" for n in range(1, 13, 2)] * 2, "en").endswith("2011-03, 4 more")


def test_each_answer_to_what_a_table_leaves_open_is_said_for_its_key() -> None:
    assert [choice_text(choice, "53.000", "en") for choice in (".", ",", "1", "100")] == [
        "the point is the decimal sign",
        "the point separates thousands",
        "a share of 1",
        "already in percent",
    ]
    assert choice_text(",", "５３，０００", "en") == "the comma is the decimal sign"


def test_columns_are_named_by_a_word_that_the_file_may_have() -> None:
    missing = RuleError("columns_missing", path="三月.csv", columns=["month", "satisfied", "arrived"])
    assert say(missing, "zh_CN") == "三月.csv 缺少这几列：月份、满意、arrived。请看看表头。"
    words = {name: " ".join(COLUMNS[name]) for name in ("channel", "service")}
    for needed, known in {**{name: HEADS[name] for name in NEEDED}, **words}.items():
        assert column_word(needed, "zh_CN") in known.split()


# -- the sample project tells of its table what a check of it finds ----------------------------------------------------


def test_the_sample_project_tells_of_its_table_what_a_check_finds() -> None:
    lines = [Line(n, month, str(s), str(d), stated) for n, (month, s, d, stated) in enumerate(words.TABLE, start=1)]
    span = Range(claimed_month(words.AFTER[0][0]), claimed_month(words.AFTER[-1][0]))

    found = audit(lines, Asked(claim=words.TARGET, range=span, headline=Decimal("98.18"))).findings

    assert words.sample_document("en")["audit"] == [
        {"kind": one.kind, "rows": list(one.rows), "message": finding_text(one, "en")} for one in found
    ]
