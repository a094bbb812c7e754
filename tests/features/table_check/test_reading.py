"""How a table's numbers are read: by its columns as a whole, exactly as they were meant or not at all."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.number_signs import Figure
from queuedesk.features.table_check.rules.audit import Audit, audit
from queuedesk.features.table_check.rules.reading import Line, Said

GOLDEN = Path(__file__).parents[2] / "golden" / "satisfaction_2011_2012.csv"
WIDE = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "0123456789.,%-'"}


class Style(Struct, frozen=True):
    """How somebody's spreadsheet writes numbers: `count_decimals` are zeros behind each count; one that `trims` leaves
    out those behind a percentage."""

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
    lines: tuple[Line, ...]


def line(number: int, one: Meant, style: Style) -> Line:
    satisfied = "n/a" if one.satisfied is None else style.count(one.satisfied)
    total = "" if one.total is None else style.count(one.total)
    month = f"{2010 + number // 12}-{number % 12 + 1:02d}"
    return Line(number + 2, month, satisfied, style.count(one.dissatisfied), style.stated(one.stated), total=total)


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


def as_read(found: Audit) -> list[tuple[int | None, int | None, int | None, Fraction | None]]:
    return [(row.satisfied, row.dissatisfied, row.total, row.stated) for row in found.rows]


@given(written())
def test_a_table_is_read_as_it_was_meant_or_refused_where_it_has_two_meanings(table: Written):
    try:
        found = audit(table.lines)
    except RuleError as error:
        assert error.code == "two_readings"
        assert has_other_meaning(table)
        event("refused")
        return
    assert as_read(found) == [(row.satisfied, row.dissatisfied, row.total, Fraction(row.stated)) for row in table.meant]
    event("read")


@given(written())
def test_who_says_what_the_signs_are_is_never_asked(table: Written):
    said = Said(table.style.decimal, 1 if table.style.percent == "share" else 100)

    assert as_read(audit(table.lines, said=said)) == [
        (row.satisfied, row.dissatisfied, row.total, Fraction(row.stated)) for row in table.meant
    ]


# What else a table could mean, found without the program: every way to write numbers is tried on all of its cells.


def has_other_meaning(table: Written) -> bool:
    """Whether another style would write these very cells for other numbers, whose arithmetic is no worse."""
    cells = [(one.satisfied, one.dissatisfied, one.total, one.stated) for one in table.lines]
    for decimal in ".,":
        for whole in (1, 100):
            other = [_numbers(row, decimal, whole) for row in cells]
            if any(row is None for row in other):
                continue
            known = [row for row in other if row is not None]
            pairs = [(a, b) for a, b in zip(known, table.meant, strict=True) if a != b]
            checks = [_adds_up(row) for row, _meant in pairs]
            if pairs and all(_holds([check[n] for check in checks]) for n in range(2)):
                return True
    return False


def _holds(checks: Sequence[bool | None]) -> bool:
    known = [check for check in checks if check is not None]
    return not known or 2 * sum(known) > len(known)


def _numbers(row: Sequence[str], decimal: str, whole: int) -> Meant | None:
    counts: list[int | None] = []
    for cell in row[:3]:
        number = _number(cell, decimal)
        if cell in ("", "n/a"):
            counts.append(None)
        elif number is None or number != int(number):
            return None
        else:
            counts.append(int(number))
    typed = row[3].translate({wide: plain for plain, wide in ((k, ord(v)) for k, v in WIDE.items())})
    stated = _number(typed.replace("%", ""), decimal)
    if stated is None:
        return None
    stated = stated * 100 if whole == 1 and "%" not in typed else stated
    return Meant(counts[0], counts[1] or 0, counts[2], stated)


def _number(cell: str, decimal: str) -> Decimal | None:
    plain = cell.translate({ord(wide): chr(sign) for sign, wide in WIDE.items()}).strip()
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


# -- tables as they occur ----------------------------------------------------------------------------------------------


def published() -> list[list[str]]:
    with GOLDEN.open(encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


@cache
def published_audit() -> Audit:
    return audit([Line(number, *row) for number, row in enumerate(published(), start=2)])


def table(*rows: str) -> list[Line]:
    """Return lines as "2011-07 415 18 95.7"; "-" is an empty cell and "_" a space."""
    cells = [["" if cell == "-" else cell.replace("_", " ") for cell in row.split()] for row in rows]
    return [Line(number, *row) for number, row in enumerate(cells, start=2)]


@given(STYLES.filter(lambda style: style.count_decimals in (0, 1)))
def test_the_published_table_is_the_same_in_everybodys_signs(style: Style):
    """Its arithmetic is wrong in every row, and its counts are small enough to have no thousands."""
    rows = [(month, int(s), int(d), Decimal(p)) for month, s, d, p in published()]
    lines = [
        Line(number, month, style.count(s), style.count(d), style.stated(p))
        for number, (month, s, d, p) in enumerate(rows, start=2)
    ]
    plain = published_audit()
    found = audit(lines)

    assert [(row.counts, row.stated) for row in found.rows] == [(row.counts, row.stated) for row in plain.rows]
    assert [(one.kind, one.rows) for one in found.findings] == [(one.kind, one.rows) for one in plain.findings]


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        (["2011-07 53.000 7.000 88.3"], (53, 7, 88.3)),
        (["2011-07 53.000 7.000 88,3"], (53_000, 7_000, 88.3)),
        (["2011-07 1.000 18 98", "2011-08 1.380 21 99"], (1_000, 18, 98)),
        (["2011-07 1,000 18 98", "2011-08 415 21 95"], (1_000, 18, 98)),
        (["2011-07 415 18 0,957", "2011-08 380 21 0,944"], (415, 18, 95.7)),
        (["2011-07 415 18 97,222"], (415, 18, 97.222)),
        (["2011-07 1'415 18 98.7_%"], (1415, 18, 98.7)),
        (["2011-07 1_415 18 98,7%"], (1415, 18, 98.7)),
        (["2011-07 ４１５ １８ ９５。７％", "2011-08 380 21 94·4"], (415, 18, 95.7)),
        (["2011-07 1,415人 18人 98.7％"], (1415, 18, 98.7)),
        (["2011-07 415 18 0.958", "2011-08 380 21 0.948", "合计 2,356 115 0.953"], (415, 18, 95.8)),
        (["2011-07 '415 \u200b18 95.8"], (415, 18, 95.8)),
        (["2011-07 1 199 0.5"], (1, 199, 0.5)),
        (["2011-07 53.000 1.000 98", "2011-08 1_234 56 96", "2011-09 1_050 30 97"], (53, 1, 98)),
        (["2011-07 53.000 1.000 98,148", "2011-08 35.000 1.000 97,222", "2011-09 1_234 55 96"], (53, 1, 98.148)),
        (["2011-07 1_415 1.000 58.6", "2011-08 2_380 1.000 70.4", "2011-09 380 420 47.5"], (1415, 1000, 58.6)),
        (["2011-07 415 18 0.958", "2011-08 380 21 1.148", "2011-09 380 21 0.948"], (415, 18, 95.8)),
    ],
)
def test_a_column_is_read_as_a_whole(rows: list[str], read: tuple[int, int, float]):
    first = audit(table(*rows)).rows[0]

    assert (first.satisfied, first.dissatisfied, float(first.stated or 0)) == read


def test_of_a_column_only_what_could_be_read_otherwise_is_told():
    plain = audit(table("2011-07 1,415 18 95.7", "2011-08 380 21 94.4%"))
    typed = audit(table("2011-07 1.415 1.018 58,2", "2011-08 1.380 21 98,5"))

    assert plain.told == ()
    assert [(one.columns, one.text, one.value) for one in typed.told] == [
        (("satisfied", "dissatisfied"), "1.415", 1415),
        (("stated_percent",), "58,2", Decimal("58.2")),
    ]


@pytest.mark.parametrize(
    ("rows", "asks", "values"),
    [
        (["2011-07 53.000 7.000 88"], "decimal", [53, 53_000]),
        (["2011-07 53.000 1.000 -", "2011-08 1_234 56 -"], "decimal", [1, 1_000]),
        (["2011-07 53.000 7.000 -"], "decimal", [53, 53_000]),
        (["2011-07 53,000 7,000 -"], "decimal", [53_000, 53]),
        (["2011-07 30 70 0.5"], "whole", [50, Decimal("0.5")]),
    ],
)
def test_what_has_two_meanings_is_refused(rows: list[str], asks: str, values: list[object]):
    with pytest.raises(RuleError) as refused:
        audit(table(*rows))

    assert (refused.value.code, refused.value.details["asks"]) == ("two_readings", asks)
    found = refused.value.details["values"]
    assert isinstance(found, dict)
    assert list(found.values()) == values


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        (["2011-07 415 18 95.8", "2011-08 380 21 94.8", "2011-09 380 21 94,8"], ("stated_percent", 4, "94,8")),
        (["2011-07 1_415 18 98.7", "2011-08 1'380 21 98.5"], ("satisfied", 3, "1'380")),
        (["2011-07 1,415 18 98.7", "2011-08 1,380 21 98.5", "2011-09 1.390 21 98.5"], ("satisfied", 4, "1.390")),
        (["2011-07 1.000 18 98", "2011-08 2,000 21 99"], ("satisfied", 2, "1.000")),
    ],
)
def test_a_column_that_mixes_signs_is_refused_with_its_cell(rows: list[str], cell: tuple[str, int, str]):
    with pytest.raises(RuleError) as refused:
        audit(table(*rows))

    details = refused.value.details
    assert (refused.value.code, details["column"], details["line"], details["text"]) == ("mixed_signs", *cell)


def test_what_is_no_number_in_any_signs_is_a_finding_beside_a_reading():
    found = audit(table("2011-07 1.415 18 98,7", "2011-08 many 21 94,8", "2011-09 1.5 -3 120,5"))

    assert found.rows[0].counts == (1415, 18)
    assert [one.details["what"] for one in found.findings if one.kind == "impossible_value"] == [
        "satisfied",
        "dissatisfied",
        "stated",
    ]


def test_a_workbooks_own_number_is_not_open_to_another_reading():
    found = audit([Line(2, "2011-07", Figure("53.000"), Figure("7.000"), Figure("88"))])
    beside = audit(
        [Line(2, "2011-07", Figure("1415"), Figure("18"), "98,7"), Line(3, "2011-08", "1.380", "21", "98,5")]
    )

    assert found.rows[0].counts == (53, 7)
    assert [row.counts for row in beside.rows] == [(1415, 18), (1380, 21)]


def test_a_person_may_say_what_the_signs_are():
    rows = table("2011-07 53.000 7.000 88")

    assert audit(rows, said=Said(decimal=",")).rows[0].counts == (53_000, 7_000)
    assert audit(rows, said=Said(decimal=".")).rows[0].counts == (53, 7)
    assert audit(table("2011-07 30 70 0.5"), said=Said(whole=1)).rows[0].stated == 50


def test_a_total_that_mostly_adds_up_shows_where_it_does_not():
    rows = [replace(one, total=total) for one, total in zip(table("7月 90 10 90", "8月 80 20 80", "9月 70 30 70"),
                                                             ("100", "100", "110"), strict=True)]  # fmt: skip
    of_others = [replace(one, total="500") for one in rows]

    (finding,) = audit(rows).findings
    assert (finding.kind, finding.rows, finding.details["what"]) == ("impossible_value", ("9月",), "total")
    assert audit(of_others).findings == ()


def test_a_total_that_bears_no_witness_is_not_asked_about():
    found = audit([replace(one, total="1.000") for one in table("2011-07 415 18 96")])

    assert (found.rows[0].counts, found.told, found.other, found.findings) == ((415, 18), (), None, ())


def levels(*rows: tuple[int, int, int, str]) -> list[Line]:
    """Return lines of satisfied, neutral and dissatisfied."""
    return [
        Line(number, f"2011-{number:02d}", str(s), str(d), stated, levels={"neutral": str(neutral)})
        for number, (s, neutral, d, stated) in enumerate(rows, start=1)
    ]


@pytest.mark.parametrize(
    ("stated", "satisfied"), [(["90", "92"], (90, 92)), (["70", "71"], (70, 71)), (["", ""], (90, 92))]
)
def test_neutral_answers_count_as_the_tables_own_percentages_count_them(stated: list[str], satisfied: tuple[int, int]):
    found = audit(levels((70, 20, 10, stated[0]), (71, 21, 8, stated[1])))

    assert tuple(row.satisfied for row in found.rows) == satisfied
    assert [sum(row.counts) for row in found.rows if row.counts] == [100, 100]
    assert not [one for one in found.findings if one.kind != "missing_value"]
