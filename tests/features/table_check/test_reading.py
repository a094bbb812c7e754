"""How a table is read: cells and columns exactly as they were meant or not at all, from every kind of file."""

import csv
import io
import json
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import POINT, NumericCellText
from queuedesk.features.table_check.rules import reading
from queuedesk.features.table_check.rules.audit import TableAudit, audit_table
from queuedesk.features.table_check.rules.reading import TypedLine
from queuedesk.features.table_check.verbs import read_audit_table
from tests.files.spreadsheets import CELL, ods_text, write_ods
from tests.golden.kept import must_be_kept

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
def test_a_table_is_read_as_it_was_meant_or_refused_where_it_has_two_meanings(table: Written):
    try:
        found = audit_table(table.lines)
    except RuleError as error:
        assert error.code == "two_readings"
        assert has_other_meaning(table)
        event("refused")
        return
    assert as_read(found) == table.as_meant()
    event("read")


@given(written())
def test_who_says_what_the_signs_are_is_never_asked(table: Written):
    said = reading.TableHints(table.style.decimal, 1 if table.style.percent == "share" else 100)
    assert as_read(audit_table(table.lines, said=said)) == table.as_meant()


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
    plain, found = audit_table(LINES), audit_table(lines)
    assert [(row.answer_counts, row.stated_percent) for row in found.rows] == [
        (row.answer_counts, row.stated_percent) for row in plain.rows
    ]
    assert [(one.kind, one.rows) for one in found.findings] == [(one.kind, one.rows) for one in plain.findings]


def test_a_workbooks_own_number_is_not_open_to_another_reading():
    counts = (NumericCellText(text) for text in ("53.000", "7.000", "88"))
    assert audit_table([TypedLine(2, "2011-07", *counts)]).rows[0].answer_counts == (53, 7)
    counted = TypedLine(2, "2011-07", NumericCellText("1415"), NumericCellText("18"), "98,7")
    beside = audit_table([counted, TypedLine(3, "2011-08", "1.380", "21", "98,5")])
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


READ = {"header": reading.known_column_indexes, "two lines": two_lines, "under": reading.single_line_header}
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
    book = openpyxl.Workbook()
    sheet: Any = book.active
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
        book.save(file)
        found = read_audit_table(file)
    try:
        rows = audit_table(found.lines, header=found.header).rows
    except RuleError as error:
        assert error.code == "two_readings"
        return
    meant = [(one.satisfied, one.dissatisfied, Fraction(one.stated)) for one in table.meant]
    assert [(row.satisfied, row.dissatisfied, row.stated_percent) for row in rows] == meant
