"""How a table is read, exactly as it was meant or not at all, audited, and told of on paper and screen."""

import csv
import io
import json
import shlex
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import POINT, NumericCellText
from queuedesk.features.channels.verbs import COLUMNS
from queuedesk.features.projects import words
from queuedesk.features.table_check.pages import ASK_AFTER_MS, AuditController, AuditPage
from queuedesk.features.table_check.papers import AuditedFile, audit_pdf
from queuedesk.features.table_check.rules import reading
from queuedesk.features.table_check.rules.audit import MonthRange, TableAudit, TableClaim, audit_typed_figure_table
from queuedesk.features.table_check.rules.reading import HEADS, NEEDED, TypedLine, absolute_month_number
from queuedesk.features.table_check.verbs import read_audit_table
from queuedesk.features.table_check.words import finding_text, months_text, reading_choice_text, reading_texts
from queuedesk.i18n import error_sentence
from queuedesk.i18n.refusals import column_word
from queuedesk.stations.window.style import Scale
from tests.files.spreadsheets import CELL, ods_text, write_ods
from tests.files.test_table import book
from tests.golden.kept import must_be_kept
from tests.hall import SHANGHAI
from tests.reports.read_back import pages_of
from tests.stations.hands import drop_file
from tests.stations.seen import timer_of

GOLDEN = Path(__file__).parents[2] / "golden" / "satisfaction_2011_2012.csv"
PUBLISHED = list(csv.reader(GOLDEN.read_text(encoding="utf-8").splitlines()))[1:]
LINES = [TypedLine(number, *cells) for number, cells in enumerate(PUBLISHED, start=2)]
CLAIMED = ("--claim-above", "98", "--from", "2012-05", "--to", "2012-10", "--headline", "98.18")
WIDE = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "0123456789.,%-'"}
NARROW = {ord(wide): chr(sign) for sign, wide in WIDE.items()}


class Style(Struct, frozen=True):
    """How a spreadsheet writes numbers: `count_decimals` are zeros behind counts; `trims`: none behind percentages."""

    decimal: str = "."
    thousands: str = ""
    count_decimals: int = 0
    percent: str = "plain"
    is_wide: bool = False
    trims: bool = False

    def count(self, value: int) -> str:
        grouped = f"{value:,}".replace(",", self.thousands)
        return self._typed(grouped + (self.decimal + "0" * self.count_decimals if self.count_decimals else ""))

    def stated(self, value: Decimal) -> str:
        """Return a percentage with all of its decimals."""
        figure = value.scaleb(-2) if self.percent == "share" else value
        shown = f"{figure.normalize() if self.trims else figure:f}".replace(".", self.decimal)
        return self._typed(shown + {"sign": "%", "apart": " %"}.get(self.percent, ""))

    def _typed(self, text: str) -> str:
        return text.translate(WIDE) if self.is_wide else text


STYLES = st.sampled_from([".", ","]).flatmap(
    lambda decimal: st.builds(
        Style,
        st.just(decimal),
        st.sampled_from(["", "," if decimal == "." else ".", " ", "\u00a0", "\u202f", "'", "’"]),
        st.sampled_from([0, 0, 0, 1, 3]),
        st.sampled_from(["plain", "sign", "apart", "share"]),
        st.booleans(),
        st.booleans(),
    )
)


class Meant(Struct, frozen=True):
    """What somebody wrote into a row; None stands for a cell that is no number."""

    satisfied: int | None
    dissatisfied: int
    total: int | None
    stated: Decimal


class Written(Struct, frozen=True):
    """A table with what was meant by it."""

    style: Style
    meant: tuple[Meant, ...]
    lines: tuple[TypedLine, ...]

    def as_meant(self) -> list[tuple[int | None, int | None, int | None, Fraction | None]]:
        return [(row.satisfied, row.dissatisfied, row.total, Fraction(row.stated)) for row in self.meant]


def line(number: int, one: Meant, style: Style) -> TypedLine:
    satisfied = "n/a" if one.satisfied is None else style.count(one.satisfied)
    total = "" if one.total is None else style.count(one.total)
    month = f"{2010 + number // 12}-{number % 12 + 1:02d}"
    return TypedLine(number + 2, month, satisfied, style.count(one.dissatisfied), style.stated(one.stated), total=total)


@st.composite
def written(draw: st.DrawFn) -> Written:
    """Draw a table in somebody's style whose arithmetic is wrong in fewer than half of its rows."""
    style = draw(STYLES)
    decimals = draw(st.integers(0, 4))
    size = draw(st.integers(1, 9))
    has_total = draw(st.booleans())
    numbers = st.one_of(st.integers(20, 999), st.integers(1000, 90_000), st.integers(1, 90).map(lambda n: n * 1000))
    rows: list[Meant] = []
    for _row in range(size):
        n = draw(numbers)
        satisfied = draw(st.integers(-(-n // 20), n))
        stated = Decimal(100 * satisfied) / Decimal(n)
        total = n if has_total else None
        rows.append(Meant(satisfied, n - satisfied, total, stated))
    wrong = draw(st.sets(st.integers(0, size - 1), max_size=(size - 1) // 2))
    for place in wrong:
        off = draw(st.decimals(-30, 30, places=2))
        kind = draw(st.sampled_from(["stated", "total", "cell"]))
        row = rows[place]
        if kind == "stated":
            rows[place] = replace(row, stated=max(Decimal(2), row.stated + off))
        elif kind == "total" and row.total:
            rows[place] = replace(row, total=row.total + draw(st.integers(1, 9)))
        elif kind == "cell":
            rows[place] = replace(row, satisfied=None)
    unit = Decimal(1).scaleb(-decimals)
    meant = tuple(replace(row, stated=row.stated.quantize(unit, ROUND_HALF_UP)) for row in rows)
    return Written(style, meant, tuple(line(number, row, style) for number, row in enumerate(meant)))


def as_read(found: TableAudit) -> list[tuple[int | None, int | None, int | None, Fraction | None]]:
    return [(row.satisfied, row.dissatisfied, row.total, row.stated_percent) for row in found.rows]


@given(written())
def test_a_table_is_read_as_it_was_meant_or_refused_where_it_has_two_meanings_until_somebody_says_its_signs(
    table: Written,
):
    said = reading.TableHints(table.style.decimal, 1 if table.style.percent == "share" else 100)
    assert as_read(audit_typed_figure_table(table.lines, said=said)) == table.as_meant()
    try:
        found = audit_typed_figure_table(table.lines)
    except RuleError as error:
        assert error.code == "two_readings"
        assert has_other_meaning(table)
        event("refused")
        return
    assert as_read(found) == table.as_meant()
    event("read")


# What else a table could mean, found without the program: every way to write numbers is tried on all of its cells.


def has_other_meaning(table: Written) -> bool:
    """Whether another style would write these very cells for other numbers, whose arithmetic is no worse."""
    cells = [(one.satisfied, one.dissatisfied, one.total, one.stated) for one in table.lines]
    for decimal in ".,":
        for whole in (1, 100):
            other = [_numbers(row, decimal, whole) for row in cells]
            if None in other:
                continue
            pairs = [(a, b) for a, b in zip(other, table.meant, strict=True) if a != b]
            checks = [_adds_up(row) for row, _comparable_value in pairs]
            if pairs and all(_holds([check[n] for check in checks]) for n in range(2)):
                return True
    return False


def _holds(checks: Sequence[bool | None]) -> bool:
    known = [check for check in checks if check is not None]
    return not known or 2 * sum(known) > len(known)


def _numbers(row: Sequence[str], decimal: str, whole: int) -> Meant | None:
    counts: list[int | None] = []
    for cell in row[:3]:
        number = _parse_number(cell, decimal)
        if cell in ("", "n/a"):
            counts.append(None)
        elif number is None or number != int(number):
            return None
        else:
            counts.append(int(number))
    typed = row[3].translate(NARROW)
    stated = _parse_number(typed.replace("%", ""), decimal)
    if stated is None:
        return None
    stated = stated * 100 if whole == 1 and "%" not in typed else stated
    return Meant(counts[0], counts[1] or 0, counts[2], stated)


def _parse_number(cell: str, decimal: str) -> Decimal | None:
    plain = cell.translate(NARROW).strip()
    whole, _, after = plain.partition(decimal)
    groups = whole.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    for sign in ",. '":
        if sign in groups:
            first, *rest = groups.split(sign)
            if not 1 <= len(first) <= 3 or first.startswith("0") or any(len(one) != 3 for one in rest):
                return None
            groups = groups.replace(sign, "")
    digits = groups + after
    return Decimal(f"{groups}.{after}" if after else groups) if digits.isdecimal() else None


def _adds_up(row: Meant) -> tuple[bool | None, bool | None]:
    """Whether a row's sum, and its percentage to half a unit, are right; None where nothing can be told."""
    if row.satisfied is None:
        return None, None
    n = row.satisfied + row.dissatisfied
    exponent = row.stated.as_tuple().exponent
    unit = Decimal(1).scaleb(min(0, exponent) if isinstance(exponent, int) else 0)
    return (None if row.total is None else n == row.total), (
        abs(Fraction(row.stated) - Fraction(100 * row.satisfied, n)) <= Fraction(unit) if n else None
    )


@given(STYLES.filter(lambda style: style.count_decimals in (0, 1)))
def test_the_published_table_is_the_same_in_everybodys_signs(style: Style):
    """Its arithmetic is wrong in every row, and its counts are small enough to have no thousands."""
    lines = [
        TypedLine(number, month, style.count(int(s)), style.count(int(d)), style.stated(Decimal(p)))
        for number, (month, s, d, p) in enumerate(PUBLISHED, start=2)
    ]
    plain, found = audit_typed_figure_table(LINES), audit_typed_figure_table(lines)
    assert [(row.answer_counts, row.stated_percent) for row in found.rows] == [
        (row.answer_counts, row.stated_percent) for row in plain.rows
    ]
    assert [(one.kind, one.rows) for one in found.findings] == [(one.kind, one.rows) for one in plain.findings]


def test_a_workbooks_own_number_is_not_open_to_another_reading():
    counted = TypedLine(2, "2011-07", NumericCellText("1415"), NumericCellText("18"), "98,7")
    beside = audit_typed_figure_table([counted, TypedLine(3, "2011-08", "1.380", "21", "98,5")])
    assert [row.answer_counts for row in beside.rows] == [(1415, 18), (1380, 21)]


# -- cells as people type them -----------------------------------------------------------------------------------------
def alone(text: str, *, is_count: bool) -> tuple[str, ...]:
    """Return the decimal signs that a cell can have in a column of its own."""
    return reading.possible_decimal_signs(reading.TableColumn("column", ((2, text),), is_count))


def counts(text: str) -> str:
    (found,) = {reading.parse_count(text, sign) for sign in alone(text, is_count=True)}
    return str(found)


def parse_percentage(text: str) -> str:
    (found,) = {reading.parse_percent_text(text, sign) for sign in alone(text, is_count=False)}
    return "None" if found is None else f"{found.value}, {found.decimals} decimals, sign {found.has_sign}"


def share(text: str) -> str:
    found = reading.parse_percent_text(text, POINT)
    assert found is not None
    return f"{found.share_to_percent().value}, {found.share_to_percent().decimals} decimals"


def two_lines(lines: list[list[str]]) -> str:
    found = reading.two_line_header(*lines)
    return "no second line" if found is None else f"{dict(found.places)}, twice {found.twice}"


READ = {"header": reading.known_column_indexes, "two lines": two_lines, "under": reading.header_from_one_line}
READ["month"] = reading.parse_year_and_month
READ |= {"count": counts, "percent": parse_percentage, "share": share, "sums up": reading.is_summary_name}


def test_cells_and_headers_are_read_as_their_page_says():
    page, told = Path(__file__).parent / "golden" / "cells.txt", []
    for line in page.read_text(encoding="utf-8").splitlines():
        kind, typed = line.partition(" → ")[0].split(": ", 1)
        told.append(f"{kind}: {typed} → {READ[kind](json.loads(typed))}")
    must_be_kept(page, "\n".join(told))


# -- a table to audit from every kind of file --------------------------------------------------------------------------
HEAD = "".join(map(ods_text, ["月份", "满意", "不满意", "满意率"]))


def number(value: str, shown: str, kind: str = "float") -> str:
    return CELL.format(kind=kind, value=f' office:value="{value}"', text=shown)


def test_a_number_is_read_by_its_value_with_the_decimals_shown_and_what_is_shown_in_words_as_it_is(tmp_path):
    shown = (("53000", "53.000"), ("53", "53,000"), ("415", "415"))
    rest = number("18", "18") + number("0.957", "95,70 %", "percentage")
    rows = [ods_text("2011-07") + number(*cell) + rest for cell in shown]
    in_words = ods_text("2011-07") + number("7", "007") + number("18", "about 18") + ods_text("95,7")
    *lines, last = read_audit_table(write_ods(tmp_path / "table.ods", HEAD, *rows, in_words)).lines
    assert [(line.satisfied, line.stated) for line in lines] == [(n, "95.70%") for n in ("53000", "53.000", "415")]
    assert all(isinstance(cell, NumericCellText) for line in lines for cell in (line.satisfied, line.stated))
    assert (last.satisfied, last.dissatisfied, last.stated) == ("007", "18", "95,7")


SINGLE = ["统计月份", "满意（户）", "不满意（户）", "满意率", "合计"]
GROUPS, UNDER = ["月份", "客户评价", "", "满意率", "总数"], ["", "满意", "不满意", "", ""]


def cells(lines: Sequence[TypedLine]) -> list[list[str]]:
    return [[one.month, one.satisfied, one.dissatisfied, one.stated, one.total] for one in lines]


@settings(max_examples=50)
@given(written(), st.sampled_from([[SINGLE], [GROUPS, UNDER]]), st.booleans(), st.sampled_from(",;\t"), st.data())
def test_a_csv_file_gives_the_cells_as_they_were_typed(
    table: Written, head: list[list[str]], has_title: bool, separator: str, data: st.DataObject
) -> None:
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
    text = io.StringIO()
    rows = [*([["满意率统计表", "", "", "", ""]] if has_title else []), *head, *cells(table.lines)]
    csv.writer(text, delimiter=separator).writerows(rows)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        file.write_bytes(text.getvalue().encode(encoding))
        found = read_audit_table(file)
    assert cells(found.lines) == [[cell.strip() for cell in row] for row in cells(table.lines)]


@settings(max_examples=25)
@given(written(), st.sampled_from([[SINGLE], [GROUPS, UNDER]]), st.booleans(), st.data())
def test_a_workbook_of_numbers_and_typed_cells_is_read_as_it_was_meant(
    table: Written, head: list[list[str]], has_title: bool, data: st.DataObject
) -> None:
    """Some of its cells are numbers, others were typed in as text."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in [*([["满意率统计表"]] if has_title else []), *head]:
        sheet.append([None if cell == "" else cell for cell in row])
    are_numbers = data.draw(st.lists(st.booleans(), min_size=len(table.meant), max_size=len(table.meant)))
    for row, meant, is_number in zip(cells(table.lines), table.meant, are_numbers, strict=True):
        if is_number and meant.satisfied is not None:
            row[1:3] = [meant.satisfied, meant.dissatisfied]  # type: ignore[list-item]
        sheet.append([None if cell == "" else cell for cell in row])
    if len(head) > 1:
        sheet.merge_cells(start_row=1 + has_title, end_row=1 + has_title, start_column=2, end_column=3)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.xlsx"
        made.save(file)
        found = read_audit_table(file)
    try:
        rows = audit_typed_figure_table(found.lines, header=found.header).rows
    except RuleError as error:
        assert error.code == "two_readings"
        return
    meant = [(one.satisfied, one.dissatisfied, Fraction(one.stated)) for one in table.meant]
    assert [(row.satisfied, row.dissatisfied, row.stated_percent) for row in rows] == meant


# -- what an audit finds -----------------------------------------------------------------------------------------------
MAY, OCTOBER = 2012 * 12 + 4, 2012 * 12 + 9
BEFORE = tuple(f"2011-{month:02d}" for month in range(7, 13))
AFTER = tuple(f"2012-{month:02d}" for month in range(5, 11))


def kinds(found: TableAudit) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.rows) for one in found.findings]


def test_the_published_table_gives_the_same_in_any_order_and_a_headline_is_looked_for_in_each_block_and_in_all():
    """What is recomputed of it and found by its own claim stands in published.json."""
    found = audit_typed_figure_table(LINES)
    assert kinds(audit_typed_figure_table(LINES[::-1])) == kinds(found)
    for headline, months in (("95.08", BEFORE), ("96.63", (*BEFORE, *AFTER))):
        last = kinds(audit_typed_figure_table(LINES, TableClaim(headline=Decimal(headline))))[-1]
        assert last == ("mean_of_percentages", months)
    for honest in ("96.68", "98", "50"):
        assert len(audit_typed_figure_table(LINES, TableClaim(headline=Decimal(honest))).findings) == 3


COUNTS = st.tuples(st.integers(0, 5000), st.integers(0, 500)).filter(lambda one: sum(one) > 0)


@st.composite
def clean_tables(draw: st.DrawFn) -> list[TypedLine]:
    """Draw blocks of months whose percentages are rounded as people round, and whose counts differ."""
    lines: list[TypedLine] = []
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
            lines.append(TypedLine(len(lines) + 2, label, str(satisfied), str(dissatisfied), text))
            month += 1
        month += draw(st.integers(1, 6))
    return lines


@given(clean_tables())
@example([TypedLine(2, "2000-01", "1", "200", "0.00")])
@example([TypedLine(2, "2000-01", "0", "2", "0.000"), TypedLine(3, "2000-03", "1", "62", "0.02")])
@example([TypedLine(n, f"2000-0{n}", *cells) for n, cells in enumerate([("0", "1", "0")] * 2 + [("1", "0", "100")], 1)])
def test_a_clean_table_gives_no_finding(lines):
    assert kinds(audit_typed_figure_table(lines)) == []


@given(clean_tables().filter(len), st.data())
def test_a_percentage_that_is_off_is_found(lines, data):
    place = data.draw(st.integers(0, len(lines) - 1))
    line = lines[place]
    true = 100 * int(line.satisfied) / (int(line.satisfied) + int(line.dissatisfied))
    stated = true + 3 if true < 50 else true - 3
    lines[place] = TypedLine(line.number, line.month, line.satisfied, line.dissatisfied, f"{stated:.6f}%")
    assert line.month in dict(kinds(audit_typed_figure_table(lines)))["wrong_percentage"]


@given(st.lists(st.tuples(st.integers(100, 900), st.integers(20, 60)), min_size=1, max_size=9), st.booleans())
def test_the_slip_is_found_in_every_row_where_it_was_made(counts, is_cut):
    lines = []
    for number, (satisfied, dissatisfied) in enumerate(counts):
        slip = 100 - Decimal(100 * dissatisfied) / Decimal(satisfied)
        text = str(slip.quantize(Decimal("0.01"), ROUND_DOWN if is_cut else ROUND_HALF_UP))
        lines.append(TypedLine(number, f"2020-{number + 1:02d}", str(satisfied), str(dissatisfied), text))
    months = tuple(line.month for line in lines)
    assert kinds(audit_typed_figure_table(lines)) == [("wrong_percentage", months), ("slip_one_minus_ratio", months)]


def test_what_is_said_of_a_table_has_ranges_of_months_names_on_one_line_and_each_answer_for_its_key() -> None:
    months = ["2011-07", "2011-08", "2011-12", "2012-01", "2012-02"]
    assert months_text(months, "en") == "2011-07, 2011-08, 2011-12 to 2012-02"
    assert months_text([f"2011-{n:02d}" for n in range(1, 13, 2)] * 2, "en").endswith("2011-03, 4 more")
    lines = [TypedLine(2, "no\n\x1b[31mmonth", "90", "10", "90"), TypedLine(3, "x" * 900, "90", "10", "90")]
    assert [row.month for row in audit_typed_figure_table(lines).rows] == ["no [31mmonth", "x" * 59 + "…"]
    said = ["the point is the decimal sign", "the point separates thousands", "a share of 1", "already in percent"]
    assert [reading_choice_text(choice, "53.000", "en") for choice in (".", ",", "1", "100")] == said
    assert reading_choice_text(",", "５３，０００", "en") == "the comma is the decimal sign"


def test_columns_are_named_by_a_word_that_the_file_may_have() -> None:
    missing = RuleError("columns_missing", path="三月.csv", columns=["month", "satisfied", "arrived"])
    assert error_sentence(missing, "zh_CN") == "三月.csv 缺少这几列：月份、满意、arrived。请看看表头。"
    words = {name: " ".join(COLUMNS[name]) for name in ("channel", "service")}
    for needed, known in {**{name: HEADS[name] for name in NEEDED}, **words}.items():
        assert column_word(needed, "zh_CN") in known.split()


def test_the_sample_project_tells_of_its_table_what_a_check_finds() -> None:
    lines = [TypedLine(n, month, str(s), str(d), stated) for n, (month, s, d, stated) in enumerate(words.TABLE, 1)]
    span = MonthRange(absolute_month_number(words.AFTER[0][0]), absolute_month_number(words.AFTER[-1][0]))
    found = audit_typed_figure_table(
        lines, TableClaim(claim=words.TARGET, range=span, headline=Decimal("98.18"))
    ).findings
    assert words.sample_project_document("en")["audit"] == [
        {"kind": one.kind, "rows": list(one.rows), "message": finding_text(one, "en")} for one in found
    ]


# -- the page about an audited table, in both languages ----------------------------------------------------------------
TABLE = read_audit_table(GOLDEN)
ASKED = TableClaim(Decimal(98), MonthRange(MAY, None), Decimal("98.18"))


def file(lines: tuple[TypedLine, ...] = TABLE.lines, asked: TableClaim = ASKED) -> AuditedFile:
    now = datetime(2026, 11, 20, 8, 5, tzinfo=SHANGHAI)
    where = {"hall": "East City", "local_now": now, "printed_by": "Zhao Qiang"}
    return AuditedFile(audit=audit_typed_figure_table(lines, asked), name=GOLDEN.name, digest=TABLE.digest, **where)


def squeezed(text: str) -> str:
    """Return a text as it can be found again, wherever its lines end."""
    return "".join(text.split())


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_published_table_fills_one_page(lang: str) -> None:
    found = file()
    (text,) = pages_of(audit_pdf(found, lang))
    figures = ("95.84", "−0.36", "96.97–99.44", "98.78", TABLE.digest, "96.68", "4,874")
    assert [one for one in (*(row.month for row in found.audit.rows), *figures) if one not in text] == []
    for finding in found.audit.findings:
        assert squeezed(finding_text(finding, lang)) in squeezed(text)


def test_how_the_table_was_read_and_a_claim_over_all_of_it_stand_on_one_page_and_a_long_one_has_more() -> None:
    lines = (TypedLine(2, "2011-07", "415", "18", "95,7"), TypedLine(3, "2011-08", "380", "21", "94,4"))
    found = file(lines, TableClaim())
    (text,) = pages_of(audit_pdf(found, "en"))
    (told,) = reading_texts(found.audit, "en")
    assert squeezed(told) in squeezed(text)
    assert len(pages_of(audit_pdf(file(asked=TableClaim(Decimal(98), headline=Decimal("98.18"))), "zh_CN"))) == 1
    # A long table goes on over more pages with its head.
    lines = tuple(TypedLine(n, f"{2000 + n // 12}-{n % 12 + 1:02d}", str(300 + n), "7", "98") for n in range(120))
    texts = pages_of(audit_pdf(file(lines, TableClaim()), "en"))
    assert len(texts) > 1
    assert all("Dissatisfied" in text for text in texts[:-1])
    assert sum(text.count("2009-12") for text in texts) == 1


SIDES = [("0", "9"), ("9", "0"), ("1", "1")]
EXTREME = tuple(TypedLine(n, f"2020-0{n + 1}", good, bad, "50") for n, (good, bad) in enumerate(SIDES))


@pytest.mark.parametrize(
    "lines", [(), (TypedLine(2, "2011-07", "x", "", "?"),), (TypedLine(2, "<b>&", "1", "0", "100"),), EXTREME]
)
def test_a_table_of_nothing_or_of_extremes_has_its_page_too(lines: tuple[TypedLine, ...]) -> None:
    assert len(pages_of(audit_pdf(file(lines, TableClaim()), "zh_CN"))) == 1


# -- on the manager's screen -------------------------------------------------------------------------------------------
@pytest.fixture
def page(context, qtbot):
    controller = AuditController(context)
    page = AuditPage(context.look, controller)
    qtbot.addWidget(page)
    page.resize(1158, 768)
    timer_of(page, ASK_AFTER_MS).setInterval(0)
    page.show()
    yield page
    controller.papers.stop()


def claim(page, qtbot, **texts: str):
    """Type into the fields above the table and let the audit follow."""
    for name, text in texts.items():
        edit = getattr(page, name).edit
        edit.setFocus()
        edit.clear()
        QTest.keyClicks(edit, text)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in page.findChildren(QTimer)))


def test_a_table_is_recomputed_saved_and_printed(page, story, tmp_path, context):
    story.tell("Before a table is there", page)
    drop_file(page, GOLDEN)
    story.tell("A dropped table is recomputed cell by cell", page)
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    page.open_file(other)
    story.tell("A file that is no such table is said and the last one stays", page)
    page.open_file(GOLDEN)
    assert not page.banner.isVisible()
    told = []
    page.said.connect(lambda text, _icon: told.append(text))
    page.save_button.click()
    page.print_button.click()
    saved = tmp_path / f"{context.feed.setup.hall.code}-audit-satisfaction_2011_2012.pdf"
    assert len(pages_of(saved.read_bytes())) == 1
    assert told == [f"Saved as {saved}", "Sent to the printer"]
    # The findings go under the table where large text leaves no room.
    assert page.findings.x() > page.table.mapTo(page.findings.parentWidget(), page.table.rect().topRight()).x()
    context.look.set_scale(Scale(1.5, 1.5))
    page.resize(1112, 768)
    assert page.findings.y() > page.table.mapTo(page.findings.parentWidget(), page.table.rect().bottomLeft()).y()
    assert page.table.horizontalScrollBar().maximum() == 0


def test_a_claim_and_a_headline_are_asked_of_the_table(page, story, qtbot):
    page.open_file(GOLDEN)
    claim(page, qtbot, claim="98", first="2012-13")
    story.tell("A field that says nothing is named and changes nothing", page)
    claim(page, qtbot, claim="98", first="2012-10", last="2012-05")
    story.tell("Months in the wrong order are named", page)
    claim(page, qtbot, claim="98", first="2012-05", last="", headline="98.18")
    story.tell("A claim and a headline are asked of the table", page)


def typed(folder: Path, *lines: str) -> Path:
    file = folder / "typed.csv"
    file.write_text("month;satisfied;dissatisfied;stated_percent\n" + "\n".join(lines), encoding="utf-8")
    return file


def test_how_a_table_was_read_is_said_or_asked(page, story, tmp_path, qtbot):
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88"))
    page.question.leave_button.click()
    story.tell("A question can be left", page)
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88"))
    page.open_file(GOLDEN)
    assert not page.question.isVisible(), "it goes with another file"
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88.3"))
    story.tell("What the file decided", page)
    page.otherwise.click()
    story.tell("It is read the other way", page)
    page.otherwise.click()
    story.tell("And back", page)
    page.open_file(GOLDEN)
    assert not page.otherwise.isVisible() and not page.readings.isVisible()
    page.open_file(typed(tmp_path, "2011-07;53.000;7.000;88"))
    story.tell("What can be read in two ways is asked, beside the last table", page)
    assert page.question.leave_button.hasFocus()
    page.question.buttons[1].click()
    claim(page, qtbot, claim="87")
    story.tell("The answer is kept", page)
    page.open_file(typed(tmp_path, "2011-07;415;18;0,957", "2011-08;380;21;0,944"))
    story.tell("How a table was read is said under its name", page)
    page.open_file(typed(tmp_path, "2011-07;30.000;70.000;.5"))
    story.tell("A share of one, or so many percent", page)
    page.question.buttons[0].click()
    story.tell("It is a share", page)


# -- from the command line ---------------------------------------------------------------------------------------------
KEPT = Path(__file__).parent / "golden"
CHINESE = ["月份", "满意", "不满意", "满意率"]


def test_every_table_of_the_page_is_read_and_audited_as_it_says(bare, tmp_path):
    """What people type, the options, and all that is answered, most of it once in English."""
    file, checked = tmp_path / "table.csv", KEPT / "checked.txt"
    said = []
    for block in checked.read_text(encoding="utf-8").rstrip("\n").split("\n\n"):
        title, command, *lines = block.splitlines()
        typed = [line for line in lines if line.startswith("> ")]
        file.write_text("\n".join(line[2:] for line in typed) + "\n", encoding="utf-8")
        answer = bare.say(*shlex.split(command.removeprefix("$ ").replace("TABLE", str(file))))
        assert answer.status == bool(answer.err), title
        text = (answer.out + answer.err).replace(str(file), "TABLE").rstrip("\n")
        said.append("\n".join([title, command, *typed, text]))
    must_be_kept(checked, "\n\n".join(said))


def test_what_scripts_get_of_the_published_table_without_a_hall(bare, tmp_path):
    document = bare.ask("satisfaction", "check", GOLDEN, *CLAIMED)
    must_be_kept(KEPT / "published.json", json.dumps(document, indent=1, ensure_ascii=False))
    assert not list(tmp_path.iterdir())
    file = tmp_path / "table.csv"
    file.write_text("month;satisfied;dissatisfied;stated_percent\n2011-07;1.415;18;98,7\n", encoding="utf-8")
    told = [(one["columns"], one["text"], one["value"]) for one in bare.ask("satisfaction", "check", file)["readings"]]
    assert told == [(["satisfied"], "1.415", 1415), (["stated_percent"], "98,7", 98.7)]


def workbook(folder: Path, cells: list[list[Any]], formats: Sequence[str]) -> Path:
    """Save a table on the second sheet, each column from its third row on shown in a format."""
    rows = range(3, len(cells) + 1)
    shown = {f"{column}{row}": form for row in rows for column, form in zip("ABCD", formats, strict=True)}
    return book(folder, [["先看这里"]], cells, formats=shown)


def test_a_workbook_of_dates_and_numbers_is_read_as_it_is_shown_unless_it_is_damaged(bare, tmp_path):
    counts = [(datetime.fromisoformat(f"{month}-01"), int(s), int(d)) for month, s, d, _share_to_percent in PUBLISHED]
    cells = [["满意率统计表"], CHINESE, *([month, s, d, s / (s + d)] for month, s, d in counts)]
    file = workbook(tmp_path, cells, ("yyyy-mm", "#,##0", "0", "0.0%")).rename(tmp_path / "table.csv")
    found = bare.ask("satisfaction", "check", file)
    assert [row["month"] for row in found["rows"]] == [row[0] for row in PUBLISHED]
    assert [row["stated"] for row in found["rows"]][:3] == [95.8, 94.8, 95.3]
    assert [one["kind"] for one in found["findings"]] == ["copied_column"]
    whole = file.read_bytes()
    damaged = whole[:60] + whole[60:400][::-1] + whole[400:]
    for content in (damaged, b"PK\x05\x06" + bytes(18), b"\xd0\xcf\x11\xe0\x00\x00", b""):
        file.write_bytes(content)
        assert bare.refused("satisfaction", "check", file) == "not_a_table"


def test_a_workbooks_numbers_are_what_they_are_however_shown_and_beyond_all_counts_are_findings(bare, tmp_path):
    for shown in ("0", "0.000", "#,##0"):
        file = workbook(tmp_path, [[], CHINESE, ["2011-07", 53, 7, 88]], ("@", shown, shown, "0"))
        found = bare.ask("satisfaction", "check", file)
        assert (set(found), found["pooled"]["n"]) == ({"rows", "pooled", "findings"}, 60), shown
    file = workbook(tmp_path, [[], CHINESE, ["2011-07", 1e300, True, 1e300]], ("@", "0", "0", "0.0%"))
    assert {one["kind"] for one in bare.ask("satisfaction", "check", file)["findings"]} == {"impossible_value"}
