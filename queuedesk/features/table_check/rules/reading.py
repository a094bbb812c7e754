"""Decides how the numbers of a satisfaction table are written, by its columns as a whole and never cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.number_signs import (
    COMMA,
    DECIMAL_SIGNS,
    POINT,
    Column,
    Figure,
    Percent,
    count_of,
    decimal_signs,
    has_signs,
    number_of,
    percent_of,
)
from queuedesk.features.table_check.rules.names import (
    DISSATISFIED,
    LEVELS,
    NEUTRAL,
    SATISFIED,
    STATED,
    TOTAL,
    Header,
    is_mean,
    is_summary,
)

ONE, HUNDRED = 1, 100
"""What the whole is in a column of percentages: shares of 1, or percent."""
NEARER = 4
"""So many times nearer to what the counts give is a reading that explains a row, where none explains it exactly; the
reason stands in resources/docs/decisions/typed-numbers.md."""


class Line(Struct, frozen=True):
    """One line of a table as typed; `is_torn` where it has more cells than the header.

    `levels` are further levels' counts by their names.
    """

    number: int
    month: str
    satisfied: str
    dissatisfied: str
    stated: str
    is_torn: bool = False
    total: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)

    def cell(self, column: str) -> str:
        """Return the cell of a column."""
        named = {SATISFIED: self.satisfied, DISSATISFIED: self.dissatisfied, STATED: self.stated, TOTAL: self.total}
        text = named[column] if column in named else self.levels.get(column, "")
        return text if isinstance(text, Figure) else text.strip()


class Said(Struct, frozen=True):
    """What a person says of a table: which sign parts decimals, and what the whole of its percentages is, 1 or 100.
    None is for the table itself to show."""

    decimal: str | None = None
    whole: int | None = None


class Told(Struct, frozen=True):
    """How columns were read, by the first cell that could be read otherwise: "0,957" as 95.7.

    `thousands` is what parts them there, "" for nothing; `is_share` where the whole is 1.
    """

    columns: tuple[str, ...]
    text: str
    value: Decimal
    decimal: str
    thousands: str
    is_count: bool
    is_share: bool = False


class Signs(Struct, frozen=True):
    """How a table's numbers are written: the decimal sign of each column, whether its percentages without a sign are
    shares of 1, and whether neutral answers are among the satisfied.

    `other` is what a person could say to have it read with another decimal sign, None where that makes no sense.
    """

    decimals: Mapping[str, str]
    is_share: bool
    has_neutral: bool = True
    told: tuple[Told, ...] = ()
    other: Said | None = None

    def is_good(self, level: str) -> bool:
        """Whether a level's answers count as satisfied."""
        return self.has_neutral if level == NEUTRAL else LEVELS.get(level, level == SATISFIED)

    def count(self, line: Line, column: str) -> int | None:
        """Return the count in a line's cell."""
        return count_of(line.cell(column), self.decimals.get(column, POINT))

    def percent(self, line: Line) -> Percent | None:
        """Return what a line states, in percent."""
        found = percent_of(line.cell(STATED), self.decimals.get(STATED, POINT))
        return found.as_share() if found and self.is_share and not found.has_sign else found

    def satisfied(self, line: Line) -> int | None:
        """Return the line's satisfied of all levels, None where a level's count is missing or impossible."""
        return self._sum(line, SATISFIED, is_good=True)

    def dissatisfied(self, line: Line) -> int | None:
        """Return the line's dissatisfied of all levels, None where a level's count is missing or impossible."""
        return self._sum(line, DISSATISFIED, is_good=False)

    def _sum(self, line: Line, column: str, *, is_good: bool) -> int | None:
        levels = (one for one in line.levels if self.is_good(one) is is_good)
        counts = [self.count(line, name) for name in (column, *levels)]
        known = [one for one in counts if one is not None]
        return sum(known) if len(known) == len(counts) else None


def signs_of(lines: Sequence[Line], header: Header, said: Said) -> Signs:
    """Return how a table's numbers are written.

    Columns must make sense as a whole; where they do so in two ways, the file's other columns and the arithmetic of its
    rows decide if nothing speaks against it. Raises RuleError "mixed_signs" (column, line, text, other), "two_readings"
    (column, text, is_count, asks "decimal" or "whole", values: what may be said, and the cell's value by it).
    """
    whole = [line for line in lines if not line.is_torn]
    names = sorted(_names(whole), key=lambda name: header.places.get(name, 0))
    columns = {name: _column(name, whole, header) for name in names}
    fitting = {name: decimal_signs(column) for name, column in columns.items()}
    certain = {signs[0] for signs in fitting.values() if len(signs) == 1}
    if len(certain) > 1:
        # Where columns contradict each other, somebody may have typed some counts' zeros after all.
        fitting = {name: decimal_signs(column, by_zeros=False) for name, column in columns.items()}
    open_columns = [name for name, signs in fitting.items() if len(signs) > 1 and _differ(columns[name])]
    usual = next(iter(certain)) if len(certain) == 1 else None
    decimals = [said.decimal] if said.decimal else list(DECIMAL_SIGNS) if open_columns else [usual or POINT]
    rows = [line for line in whole if not is_summary(line.month)]
    readings = [
        _Reading(
            rows,
            {name: signs[0] if len(signs) == 1 else decimal for name, signs in fitting.items()},
            is_share,
            has_neutral,
            agrees=usual in (None, decimal),
        )
        for decimal in decimals
        for is_share in _wholes(columns[STATED], fitting[STATED], said)
        for has_neutral in ([True, False] if NEUTRAL in columns else [True])
    ]
    taken = _taken(readings, columns)
    signs = taken.signs
    if not all(taken.beats(one) for one in readings if one.signs.decimals != signs.decimals):
        columns.pop(TOTAL)  # Nothing else can have stayed open.
    other = None
    if any(name != TOTAL for name in open_columns):
        other = Said(COMMA if signs.decimals[open_columns[0]] == POINT else POINT, said.whole)
    return replace(signs, told=tuple(_told(columns, signs, open_columns)), other=other)


# -- columns -----------------------------------------------------------------------------------------------------------


def _names(lines: Sequence[Line]) -> list[str]:
    levels = dict.fromkeys(name for line in lines for name in line.levels)
    return [SATISFIED, DISSATISFIED, *levels, TOTAL, STATED]


def _column(name: str, lines: Sequence[Line], header: Header) -> Column:
    is_count = name != STATED
    cells = [
        (line.number, line.cell(name)) for line in lines if line.cell(name) and not (is_count and is_mean(line.month))
    ]
    return Column(header.title(name), tuple(cells), is_count)


def _differ(column: Column) -> bool:
    return any(_is_open(column, text) for _line, text in column.cells)


def _is_open(column: Column, text: str) -> bool:
    """Whether a cell is another number under each decimal sign."""
    one, two = (column.number(text, sign) for sign in DECIMAL_SIGNS)
    return one is not None and two is not None and one.value != two.value


def _wholes(column: Column, signs: Sequence[str], said: Said) -> list[bool]:
    """Return whether the percentages without a sign can be shares of 1: most of them would have to be at most 1. Of
    nothing but zeros the precision alone differs, and percent are the likelier."""
    if said.whole is not None:
        return [said.whole == ONE]
    plain = [number.value for _line, text in column.cells if (number := _plain_share(text, signs[0]))]
    small = sum(0 <= value <= 1 for value in plain)
    if 2 * small <= len(plain):
        return [False]
    return [True, False] if any(plain) else [False, True]


def _plain_share(text: str, decimal: str) -> Percent | None:
    found = percent_of(text, decimal)
    return found if found and not found.has_sign else None


# -- what decides between readings -------------------------------------------------------------------------------------


class _Row(Struct, frozen=True):
    satisfied: int | None
    dissatisfied: int | None
    total: int | None
    stated: Percent | None

    @property
    def off(self) -> Fraction | None:
        """How far the stated percentage is from what the counts give, None where it can't be told."""
        if self.satisfied is None or self.dissatisfied is None or self.stated is None:
            return None
        n = self.satisfied + self.dissatisfied
        return abs(Fraction(self.stated.value) - Fraction(HUNDRED * self.satisfied, n)) if n else None

    def is_right(self, decimals: int | None = None) -> bool:
        """Whether it states what the counts give, at so many decimals, or its own."""
        if self.off is None or self.stated is None:
            return False
        return self.off <= Fraction(10) ** -(self.stated.decimals if decimals is None else decimals) / 2

    @property
    def adds_up(self) -> bool | None:
        if self.satisfied is None or self.dissatisfied is None or self.total is None:
            return None
        return self.satisfied + self.dissatisfied == self.total


class _Reading:
    """One way to read the whole table, with its rows as they then are; `agrees` with columns that can be read in one
    way only."""

    def __init__(
        self, lines: Sequence[Line], decimals: Mapping[str, str], is_share: bool, has_neutral: bool, *, agrees: bool
    ) -> None:
        self.signs, self.agrees, self._lines = Signs(decimals, is_share, has_neutral), agrees, lines

    @cached_property
    def rows(self) -> list[_Row]:
        """The lines' figures."""
        signs = self.signs
        return [
            _Row(signs.satisfied(line), signs.dissatisfied(line), signs.count(line, TOTAL), signs.percent(line))
            for line in self._lines
        ]

    @cached_property
    def decimals(self) -> int:
        """Those of the most precise percentage."""
        return max((row.stated.decimals for row in self.rows if row.stated), default=0)

    def beats(self, other: _Reading) -> bool:
        """Whether something speaks for this reading against the other, and nothing for the other."""
        return any(self._for(other)) and not any(other._for(self))

    def _for(self, other: _Reading) -> Iterator[bool]:
        pairs = [(mine, its) for mine, its in zip(self.rows, other.rows, strict=True) if mine != its]
        yield self.agrees and not other.agrees
        sums = [(mine.adds_up, its.adds_up) for mine, its in pairs if None not in (mine.adds_up, its.adds_up)]
        yield _most([mine is True for mine, _its in sums]) and not _most([its is True for _mine, its in sums])
        known = [(mine, its) for mine, its in pairs if mine.off is not None and its.off is not None]
        # A zero is the same share of 1 and of 100; it only tells where there is nothing else.
        known = [(mine, its) for mine, its in known if mine.off != its.off] or known
        # Zeros at the end may be left out by a format, or the rows be typed each in its own.
        for mine_right, its_right in (
            (
                [mine.is_right(self.decimals) for mine, _its in known],
                [its.is_right(other.decimals) for _m, its in known],
            ),
            ([mine.is_right() for mine, _its in known], [its.is_right() for _mine, its in known]),
        ):
            if _most(mine_right) or _most(its_right):
                yield _most(mine_right) and not _most(its_right)
                break
        else:
            yield _most([NEARER * (mine.off or 0) <= (its.off or 0) for mine, its in known])

    def audited(self) -> Iterator[tuple[int | None, int | None, Decimal | None]]:
        """Yield what of each row is audited; a total only bears witness."""
        for row in self.rows:
            yield row.satisfied, row.dissatisfied, row.stated.value if row.stated else None

    def can_be_told(self) -> bool:
        """Whether any row's percentage can be held against its counts."""
        return any(row.off is not None for row in self.rows)


def _most(cases: Sequence[bool]) -> bool:
    return 2 * sum(cases) > len(cases)


def _taken(readings: Sequence[_Reading], columns: Mapping[str, Column]) -> _Reading:
    """Return the reading that beats every other one. Raises RuleError "two_readings"."""
    for one in readings:
        if all(one is other or one.beats(other) for other in readings):
            return one
    left = [one for one in readings if not any(other.beats(one) for other in readings)] or list(readings)
    if len({tuple(one.audited()) for one in left}) == 1:
        return left[0]
    first = left[0]  # Neutral answers are among the satisfied in it, and percentages are shares by their looks.
    alike = [one for one in left if one.signs.decimals == first.signs.decimals]
    if len(alike) == len(left) and (
        all(one.signs.is_share is first.signs.is_share for one in left) or not any(one.can_be_told() for one in left)
    ):
        return first
    raise _two_readings(left, columns)


def _two_readings(left: Sequence[_Reading], columns: Mapping[str, Column]) -> RuleError:
    one, two = (
        left[0].signs,
        next((other.signs for other in left if other.signs.decimals != left[0].signs.decimals), left[1].signs),
    )
    if one.decimals != two.decimals:
        name = next(name for name in columns if one.decimals[name] != two.decimals[name] and _differ(columns[name]))
        column = columns[name]
        text = column.example(lambda cell: _is_open(column, cell)) or ""
        values = {sign: number.value for sign in (POINT, COMMA) if (number := column.number(text, sign))}
        return RuleError(
            "two_readings", column=column.name, text=text, asks="decimal", values=values, is_count=column.is_count
        )
    column, sign = columns[STATED], one.decimals[STATED]
    text = column.example(lambda cell: bool((found := _plain_share(cell, sign)) and found.value)) or ""
    found = percent_of(text, sign)
    values = {} if found is None else {str(ONE): found.as_share().value, str(HUNDRED): found.value}
    return RuleError("two_readings", column=column.name, text=text, asks="whole", values=values, is_count=False)


# -- what is said of it ------------------------------------------------------------------------------------------------


def _told(columns: Mapping[str, Column], signs: Signs, open_columns: Sequence[str]) -> Iterator[Told]:
    """Yield how the columns were read whose cells some other reading would make other numbers of, alike ones
    together."""
    alike: dict[tuple[str, str, bool, bool], Told] = {}
    for name, column in columns.items():
        decimal = signs.decimals[name]
        text = column.example(_telling(column, decimal, is_share=signs.is_share and name == STATED))
        number = None if text is None else column.number(text, decimal)
        if text is None or number is None:
            continue
        if number.thousands == COMMA and name not in open_columns:
            continue  # 1,415 is what it is here too.
        share = signs.is_share and not column.is_count and _plain_share(text, decimal) is not None
        value = number.value.scaleb(2) if share else number.value
        one = Told((column.name,), text, value, decimal, number.thousands, column.is_count, share)
        kind = (number.thousands or decimal, number.thousands, column.is_count, share)
        before = alike.get(kind)
        alike[kind] = one if before is None else replace(before, columns=(*before.columns, column.name))
    yield from alike.values()


def _telling(column: Column, decimal: str, *, is_share: bool) -> Callable[[str], bool]:
    def tells(text: str) -> bool:
        number = column.number(text, decimal)
        if number is None:
            return False
        if is_share and _plain_share(text, decimal) and number.value:
            return True
        is_usual = not column.is_count and decimal == POINT and not number.thousands
        return has_signs(text) and not is_usual

    return tells


def means_number(text: str) -> bool:
    """Whether a cell is a number under any decimal sign."""
    return any(number_of(text, sign) is not None for sign in DECIMAL_SIGNS)
