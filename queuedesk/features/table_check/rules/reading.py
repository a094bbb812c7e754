"""How a satisfaction table is read: what its columns and rows are called, and how its numbers are written, decided by
columns as a whole and never cell by cell; what each number is under a decimal sign."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property, lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import COMMA, POINT, NumericCellText, half_width_text

DECIMAL_SIGNS = (POINT, COMMA)
LARGEST_COUNT = 10**9
FULL = 100
MOST_DECIMALS = 10
"""Of a percentage: what a spreadsheet shows beyond is the noise of its arithmetic."""
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ´`", "'"),
        **dict.fromkeys("−–", "-"),
        **dict.fromkeys("﹪٪", "%"),
        **dict.fromkeys("。｡·", "."),
        **dict.fromkeys("\u200b\u200e\u200f\u202a\u202c\u202d\ufeff", None),
    }
)
"""Signs that look like others, and marks of direction that come along when a cell is copied."""
_SPACE = re.compile(r"\s")
_UNIT = re.compile(r"(人次|人|户|份|件|张|条|票|次|个)$")


class ParsedNumber(Struct, frozen=True):
    """A number with what stands between its thousands ("" for nothing) and how many decimals were typed."""

    value: Decimal
    thousands: str
    decimals: int


class TypedPercent(Struct, frozen=True):
    """A percentage as typed, without its sign, and its number of `decimals`."""

    value: Decimal
    decimals: int
    has_sign: bool

    def share_to_percent(self) -> TypedPercent:
        """Return its value in percent if it was meant as a share of 1."""
        return TypedPercent(self.value.scaleb(2), self.decimals - 2, self.has_sign)


def parse_number_text(text: str, decimal: str) -> ParsedNumber | None:
    """Return the number that `text` is where `decimal` parts its decimals, None for what is none.

    Groups of three may be parted by the other one of point and comma, by spaces or by apostrophes."""
    if text.isascii() and text.isdigit():
        return ParsedNumber(Decimal(text), "", 0)
    plain = _normalised_cell(text)
    found = _number_pattern(POINT if isinstance(text, NumericCellText) else decimal).fullmatch(plain)
    if found is None:
        return None
    sign, after = found["thousands"] or "", found["after"] or ""
    whole = found["whole"].replace(sign, "") if sign else found["whole"]
    digits = f"{found['sign'] or ''}{whole or '0'}"
    return ParsedNumber(Decimal(f"{digits}.{after}" if after else digits), sign, len(after))


def parse_count(text: str, decimal: str) -> int | None:
    """Return a count of people, None for anything but a whole number from 0 up."""
    number = parse_number_text(_without_unit(text), decimal)
    return int(number.value) if number is not None and _is_count(number) else None


def parse_percent_text(text: str, decimal: str) -> TypedPercent | None:
    """Return a percentage with or without its sign, None for what is no number."""
    has_sign = _normalised_cell(text).endswith("%")
    number = parse_number_text(_without_percent(text), decimal)
    if number is None or abs(number.value) > LARGEST_COUNT:
        return None
    most = MOST_DECIMALS + (0 if has_sign else 2)
    if number.decimals > most:
        return TypedPercent(round(number.value, most), most, has_sign)
    return TypedPercent(number.value, number.decimals, has_sign)


def parse_claimed_percent(text: str) -> Decimal | None:
    """Return a claimed percentage of 0 to 100, also given as a share such as 0.98; None for anything else."""
    for decimal in DECIMAL_SIGNS:
        found = parse_percent_text(text, decimal)
        if found is not None and not found.has_sign and 0 < found.value < 1:
            found = found.share_to_percent()
        if found is not None and 0 <= found.value <= FULL:
            return found.value
    return None


Cell = tuple[int, str]
"""A cell with the number of its line."""


class TableColumn(Struct, frozen=True):
    """A column's name in the file, and its cells with their lines; of counts, or of percentages."""

    name: str
    cells: tuple[Cell, ...]
    is_count: bool

    def cell_number(self, text: str, decimal: str) -> ParsedNumber | None:
        """Return the number of a cell, without its unit; None for what can't stand in such a column."""
        number = parse_number_text(_without_unit(text) if self.is_count else _without_percent(text), decimal)
        if number is None:
            return None
        return number if (_is_count(number) if self.is_count else 0 <= number.value <= FULL) else None

    def first_cell_where(self, differ: Callable[[str], bool]) -> str | None:
        """Return the first cell for which `differ` holds."""
        return next((text for _line, text in self.cells if differ(text)), None)


def possible_decimal_signs(column: TableColumn, *, by_zeros: bool = True) -> tuple[str, ...]:
    """Return the decimal signs under which every cell of the column makes sense; one alone is certain. `by_zeros`: a
    sign that would leave zeros behind some counts and none behind others makes none.

    A cell that is no such number under either says nothing. Raises RuleError "mixed_signs" with the cell that stands
    against the others."""
    read = [(cell, {sign: column.cell_number(cell[1], sign) for sign in DECIMAL_SIGNS}) for cell in column.cells]
    telling = [(cell, numbers) for cell, numbers in read if any(one is not None for one in numbers.values())]
    against = {
        sign: _contradicting_cells([(cell, numbers[sign]) for cell, numbers in telling]) for sign in DECIMAL_SIGNS
    }
    if by_zeros and column.is_count and not any(against.values()):
        # Nobody types the zeros of a count's decimals; a format that writes them does so in all of a column.
        typed = [(cell, numbers) for cell, numbers in telling if not isinstance(cell[1], NumericCellText)]
        odd = {
            sign: _cells_with_uneven_decimals([(cell, numbers[sign]) for cell, numbers in typed])
            for sign in DECIMAL_SIGNS
        }
        against = odd if len(typed) > 1 else against
    fitting = tuple(sign for sign in DECIMAL_SIGNS if not against[sign])
    if fitting:
        return fitting
    line, text = min(against.values(), key=len)[0]
    other = next(
        (cell[1] for cell, _numbers in telling if has_any_sign_between_digits(cell[1]) and cell[1] != text), ""
    )
    raise RuleError("mixed_signs", column=column.name, line=line, text=text, other=other)


def _contradicting_cells(read: Sequence[tuple[Cell, ParsedNumber | None]]) -> list[Cell]:
    """Return the cells that make no sense, or part thousands by another sign than the column's first."""
    thousands = next((number.thousands for _cell, number in read if number and number.thousands), "")
    return [cell for cell, number in read if number is None or number.thousands not in ("", thousands)]


def _cells_with_uneven_decimals(read: Sequence[tuple[Cell, ParsedNumber | None]]) -> list[Cell]:
    """Return the cells with decimals where others have none, or not as many."""
    if len({number.decimals for _cell, number in read if number}) <= 1:
        return []
    return [cell for cell, number in read if number and number.decimals]


def has_any_sign_between_digits(text: str) -> bool:
    """Whether a cell that was typed as text has any sign between its digits."""
    return not isinstance(text, NumericCellText) and re.search(r"[., '][0-9]", _normalised_cell(text)) is not None


def _is_count(number: ParsedNumber) -> bool:
    value = number.value
    return 0 <= value <= LARGEST_COUNT and value == value.to_integral_value()


def _without_unit(text: str) -> str:
    return (
        text if isinstance(text, NumericCellText) or text.isascii() else _UNIT.sub("", _normalised_cell(text)).rstrip()
    )


def _without_percent(text: str) -> str:
    shorn = _normalised_cell(text).removesuffix("%").rstrip()
    return NumericCellText(shorn) if isinstance(text, NumericCellText) else shorn


@lru_cache(4096)
def _normalised_cell(text: str) -> str:
    alike = text.replace("`", "'") if text.isascii() else half_width_text(text).translate(_ALIKE)
    plain = _SPACE.sub(" ", alike).strip()
    return plain.removeprefix("'").strip()  # A spreadsheet's mark of what was typed as text.


@cache
def _number_pattern(decimal: str) -> re.Pattern[str]:
    other = COMMA if decimal == POINT else POINT
    return re.compile(
        rf"(?P<sign>[+-])?(?=[{decimal}]?[0-9])"
        rf"(?P<whole>[0-9]*|[1-9][0-9]{{0,2}}(?P<thousands>[{other} '])[0-9]{{3}}(?:(?P=thousands)[0-9]{{3}})*)"
        rf"(?:[{decimal}](?P<after>[0-9]*))?"
    )


MONTH, SATISFIED, DISSATISFIED, STATED, TOTAL = "month", "satisfied", "dissatisfied", "stated_percent", "total"
NEEDED = (MONTH, SATISFIED, DISSATISFIED)
NEUTRAL = "neutral"
LEVELS = {
    "very_satisfied": True,
    "basically_satisfied": True,
    NEUTRAL: True,
    "rather_dissatisfied": False,
    "very_dissatisfied": False,
}
"""Further levels that may have columns of their own, and whether their answers count as satisfied; neutral ones do as
the middle of five levels does, unless a table's own percentages leave them out."""
HEADS = {
    MONTH: "month months date period 月份 月 年月 时间 日期 统计月份 统计时间",
    SATISFIED: "satisfied 满意 满意客户 客户满意",
    DISSATISFIED: "dissatisfied unsatisfied notsatisfied 不满意 不满意客户 客户不满意",
    STATED: "statedpercent stated percent percentage rate satisfactionrate satisfaction 满意率 客户满意率 满意度 客户满意度",
    TOTAL: "total totals all allanswers answers rated 合计 总计 总数 总人数 参评 参评总数 评价 评价总数 有效评价",
    "very_satisfied": "verysatisfied completelysatisfied 非常满意 很满意 十分满意",
    "basically_satisfied": "basicallysatisfied fairlysatisfied somewhatsatisfied 基本满意 比较满意 较满意",
    NEUTRAL: "neutral average 一般",
    "rather_dissatisfied": "ratherdissatisfied somewhatdissatisfied 不太满意 较不满意",
    "very_dissatisfied": "verydissatisfied completelydissatisfied 非常不满意 很不满意 十分不满意",
}
COUNTS = [
    "count",
    "counts",
    "n",
    "no",
    "number",
    "people",
    "persons",
    "customers",
    "人",
    "人数",
    "户",
    "户数",
    "票",
    "票数",
    "份",
    "份数",
    "件",
    "件数",
    "次",
    "次数",
    "数量",
    "个数",
    "频数",
]
SHARES = [
    "share",
    "percent",
    "percentage",
    "proportion",
    "rate",
    "%",
    "pct",
    "比例",
    "占比",
    "比率",
    "率",
    "百分比",
    "百分率",
]
"""What stands under the head of a group that has both."""
LONGEST_NAME = 60
MONTHS = 12

_SUMMARY = re.compile(
    r"合计|总计|小计|累计|总和|平均|均值|全年|半年|季度|\b(sub)?totals?\b|\bsum\b|\baverage\b|\bmean\b|\boverall\b",
    re.IGNORECASE,
)
_MEAN = re.compile(r"平均|均值|\b(average|mean)\b", re.IGNORECASE)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_YEAR_MONTH = (
    re.compile(r"(?P<year>\d{4})\s*[-/.年_ ]\s*(?P<month>\d{1,2})\s*月?份?(?:[-/.]?\d{1,2}日?(?:[ T].*)?)?"),
    re.compile(r"(?P<year>\d{4})(?P<month>0[1-9]|1[0-2])"),
    re.compile(r"(?P<year>\d{2})年\s*(?P<month>\d{1,2})月份?"),
    re.compile(r"(?P<name>[A-Za-z]{3})[a-z]*\.?[- ,]*(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<year>\d{4})[- ]?(?P<name>[A-Za-z]{3})[a-z]*"),
)
_MONTH_ALONE = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月份?")


class TableHeader(Struct, frozen=True):
    """Where a table's columns are and what its header calls them, by the names of this module.

    `twice` are columns that several groups of a header of two lines have."""

    places: Mapping[str, int]
    titles: Mapping[str, str]
    twice: tuple[str, ...] = ()

    def column_title(self, name: str) -> str:
        """Return what the file calls a column."""
        return self.titles.get(name, name)


def known_column_indexes(cells: Sequence[str]) -> dict[str, int] | None:
    """Return the index of each known column, None if the cells are no header with month, satisfied and dissatisfied.
    The first of several columns of one name counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if name := _known_column_name(cell):
            found.setdefault(name, place)
    return found if all(name in found for name in NEEDED) else None


def header_from_one_line(cells: Sequence[str]) -> TableHeader | None:
    """Return what a header in one line says, None if it is none."""
    places = known_column_indexes(cells)
    return (
        None
        if places is None
        else TableHeader(places, {name: printable_row_name(cells[place]) for name, place in places.items()})
    )


def two_line_header(groups: Sequence[str], under: Sequence[str]) -> TableHeader | None:
    """Return what a header in two lines says, None if the lines are none: a group's title stands above the first of
    its columns, and the cells right of it are empty, as merged cells are."""
    if not _is_second_header_line(under) or known_column_indexes(under) is not None:
        return None
    width = max(len(groups), len(under))
    above, below = ([*row, *[""] * (width - len(row))] for row in (groups, under))
    spread = _titles_over_columns(above, below)
    found: dict[str, list[int]] = {}
    for place, (group, own) in enumerate(zip(spread, below, strict=True)):
        if name := _column_under_group(group, own, is_alone=spread.count(group) == 1):
            found.setdefault(name, []).append(place)
    shares = found.pop(_SHARE, [])
    if shares and STATED not in found and not any(name in found for name, is_good in LEVELS.items() if is_good):
        found[STATED] = shares
    if not all(name in found for name in NEEDED):
        return None
    titles = {
        name: " / ".join(printable_row_name(part) for part in (spread[places[0]], below[places[0]]) if part.strip())
        for name, places in found.items()
    }
    twice = tuple(titles[name] for name, places in found.items() if len(places) > 1)
    return TableHeader({name: places[0] for name, places in found.items()}, titles, twice)


_SHARE = "share of satisfied"


def _is_second_header_line(cells: Sequence[str]) -> bool:
    """Whether the cells can be a header's second line: names of columns without any figure."""
    is_empty = not any(re.search(r"\d", cell) or parse_year_and_month(cell) for cell in cells)
    return is_empty and any(
        _known_column_name(cell) or _bare_name(cell) in (*COUNTS, *SHARES) for cell in cells if cell.strip()
    )


def _titles_over_columns(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the title over each column: one that has names below it goes on over the empty cells right of it."""
    spread: list[str] = []
    for place, cell in enumerate(above):
        goes_on = place > 0 and not cell.strip() and bool(below[place].strip() and below[place - 1].strip())
        spread.append(spread[-1] if goes_on else cell)
    return spread


def _column_under_group(group: str, own: str, *, is_alone: bool) -> str | None:
    """Return which column stands under a group's title; the share of satisfied only goes by that."""
    if not own.strip() or not group.strip():
        return _known_column_name(group or own)
    kind = _known_column_name(group)
    if _bare_name(own) in COUNTS:
        return kind if kind != STATED else None
    if _bare_name(own) in SHARES:
        return _SHARE if kind == SATISFIED else kind if kind == STATED else None
    return _known_column_name(own) or (kind if is_alone else None)


def _known_column_name(cell: str) -> str | None:
    return _KNOWN.get(_normalised_title(cell))


def _normalised_title(cell: str) -> str:
    plain = re.sub(r"\(.*?\)|[\s%_:*-]", "", half_width_text(cell).lower())
    return re.sub(r"(人数|户数|票数|份数|件数|数量|次数|数)$", "", plain)


def _bare_name(cell: str) -> str:
    return re.sub(r"[\s()\[\]_:*.-]", "", half_width_text(cell).lower())


_KNOWN = {_normalised_title(head): name for name, heads in HEADS.items() for head in heads.split()}


def is_summary_name(text: str) -> bool:
    """Whether a row's name marks it as a sum of others."""
    return _SUMMARY.search(half_width_text(text)) is not None


def is_mean_row_name(text: str) -> bool:
    """Whether a row's name marks it as a mean, whose counts may have decimals."""
    return _MEAN.search(half_width_text(text)) is not None


def printable_row_name(text: str) -> str:
    """Return a row's name as it is shown: on one line, without characters that can't be printed, cut if long."""
    shown = "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in text)
    name = " ".join(shown.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def parse_year_and_month(text: str) -> tuple[int | None, int] | None:
    """Return (year, month), the year None where only the month is given; None for what is no month."""
    plain = half_width_text(text).strip()
    for pattern in _YEAR_MONTH:
        if found := pattern.fullmatch(plain):
            parts = found.groupdict()
            month = (
                int(parts["month"]) if "month" in parts else _position_in_names_from_1(_NAMES, parts["name"].lower())
            )
            year = int(parts["year"])
            return (year + 2000 if year < 100 else year, month) if 1 <= month <= 12 else None
    if found := _MONTH_ALONE.fullmatch(plain):
        month = int(found[1]) if found[1].isdigit() else _position_in_names_from_1(_CHINESE, found[1])
        return (None, month) if 1 <= month <= 12 else None
    return None


def _position_in_names_from_1(names: Sequence[str], name: str) -> int:
    """Return which of the names it is, counted from 1; 0 for none."""
    return names.index(name) + 1 if name in names else 0


def absolute_month_number(text: str) -> int | None:
    """Return a month with its year, counted from year 0; None for anything else."""
    found = parse_year_and_month(text)
    return None if found is None or found[0] is None else found[0] * MONTHS + found[1] - 1


ONE, HUNDRED = 1, 100
"""What the whole is in a column of percentages: shares of 1, or percent."""
NEARER = 4
"""So many times nearer to what the counts give is a reading that explains a row, where none explains it exactly; the
reason stands in resources/docs/decisions/typed-numbers.md."""


class TypedLine(Struct, frozen=True):
    """One line of a table as typed; `is_torn` where it has more cells than the header.

    `levels` are further levels' counts by their names."""

    number: int
    month: str
    satisfied: str
    dissatisfied: str
    stated: str
    is_torn: bool = False
    total: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)

    def cell_text(self, column: str) -> str:
        named = {SATISFIED: self.satisfied, DISSATISFIED: self.dissatisfied, STATED: self.stated, TOTAL: self.total}
        text = named[column] if column in named else self.levels.get(column, "")
        return text if isinstance(text, NumericCellText) else text.strip()


class TableHints(Struct, frozen=True):
    """What a person says of a table: which sign parts decimals, and what the whole of its percentages is, 1 or 100.
    None is for the table itself to show."""

    decimal: str | None = None
    whole: int | None = None


class ColumnReading(Struct, frozen=True):
    """How columns were read, by the first cell that could be read otherwise: "0,957" as 95.7.

    `thousands` is what parts them there, "" for nothing; `is_share` where the whole is 1."""

    columns: tuple[str, ...]
    text: str
    value: Decimal
    decimal: str
    thousands: str
    is_count: bool
    is_share: bool = False


class NumberNotation(Struct, frozen=True):
    """How a table's numbers are written: the decimal sign of each column, whether its percentages without a sign are
    shares of 1, and whether neutral answers are among the satisfied.

    `other` is what a person could say to have it read with another decimal sign, None where that makes no sense."""

    decimals: Mapping[str, str]
    is_share: bool
    has_neutral: bool = True
    told: tuple[ColumnReading, ...] = ()
    other: TableHints | None = None

    def is_satisfied_level(self, level: str) -> bool:
        """Whether a level's answers count as satisfied."""
        return self.has_neutral if level == NEUTRAL else LEVELS.get(level, level == SATISFIED)

    def count(self, line: TypedLine, column: str) -> int | None:
        """Return the count in a line's cell."""
        return parse_count(line.cell_text(column), self.decimals.get(column, POINT))

    def stated_percent(self, line: TypedLine) -> TypedPercent | None:
        """Return what a line states, in percent."""
        found = parse_percent_text(line.cell_text(STATED), self.decimals.get(STATED, POINT))
        return found.share_to_percent() if found and self.is_share and not found.has_sign else found

    def satisfied_ratings_in_line(self, line: TypedLine) -> int | None:
        """Return the line's satisfied of all levels, None where a level's count is missing or impossible."""
        return self._summed_levels(line, SATISFIED, is_good=True)

    def dissatisfied_count(self, line: TypedLine) -> int | None:
        """Return the line's dissatisfied of all levels, None where a level's count is missing or impossible."""
        return self._summed_levels(line, DISSATISFIED, is_good=False)

    def _summed_levels(self, line: TypedLine, column: str, *, is_good: bool) -> int | None:
        levels = (one for one in line.levels if self.is_satisfied_level(one) is is_good)
        counts = [self.count(line, name) for name in (column, *levels)]
        known = [one for one in counts if one is not None]
        return sum(known) if len(known) == len(counts) else None


def detect_number_notation(lines: Sequence[TypedLine], header: TableHeader, said: TableHints) -> NumberNotation:
    """Return how a table's numbers are written.

    Columns must make sense as a whole; where they do so in two ways, the file's other columns and the arithmetic of its
    rows decide if nothing speaks against it. Raises RuleError "mixed_signs" (column, line, text, other), "two_readings"
    (column, text, is_count, asks "decimal" or "whole", values: what may be said, and the cell's value by it)."""
    whole = [line for line in lines if not line.is_torn]
    names = sorted(_number_column_names(whole), key=lambda name: header.places.get(name, 0))
    columns = {name: _number_column_by_name(name, whole, header) for name in names}
    fitting = {name: possible_decimal_signs(column) for name, column in columns.items()}
    certain = {signs[0] for signs in fitting.values() if len(signs) == 1}
    if len(certain) > 1:
        # Where columns contradict each other, somebody may have typed some counts' zeros after all.
        fitting = {name: possible_decimal_signs(column, by_zeros=False) for name, column in columns.items()}
    open_columns = [
        name for name, signs in fitting.items() if len(signs) > 1 and _has_column_ambiguous_cell(columns[name])
    ]
    usual = next(iter(certain)) if len(certain) == 1 else None
    decimals = [said.decimal] if said.decimal else list(DECIMAL_SIGNS) if open_columns else [usual or POINT]
    rows = [line for line in whole if not is_summary_name(line.month)]
    readings = [
        _WayToReadTable(
            rows,
            {name: signs[0] if len(signs) == 1 else decimal for name, signs in fitting.items()},
            is_share,
            has_neutral,
            agrees=usual in (None, decimal),
        )
        for decimal in decimals
        for is_share in _share_scale_options(columns[STATED], fitting[STATED], said)
        for has_neutral in ([True, False] if NEUTRAL in columns else [True])
    ]
    taken = _best_reading(readings, columns)
    signs = taken.signs
    if not all(taken.is_better_than(one) for one in readings if one.signs.decimals != signs.decimals):
        columns.pop(TOTAL)  # Nothing else can have stayed open.
    other = None
    if any(name != TOTAL for name in open_columns):
        other = TableHints(COMMA if signs.decimals[open_columns[0]] == POINT else POINT, said.whole)
    return replace(signs, told=tuple(_ambiguous_column_readings(columns, signs, open_columns)), other=other)


# -- columns -----------------------------------------------------------------------------------------------------------


def _number_column_names(lines: Sequence[TypedLine]) -> list[str]:
    levels = dict.fromkeys(name for line in lines for name in line.levels)
    return [SATISFIED, DISSATISFIED, *levels, TOTAL, STATED]


def _number_column_by_name(name: str, lines: Sequence[TypedLine], header: TableHeader) -> TableColumn:
    is_count = name != STATED
    cells = [
        (line.number, line.cell_text(name))
        for line in lines
        if line.cell_text(name) and not (is_count and is_mean_row_name(line.month))
    ]
    return TableColumn(header.column_title(name), tuple(cells), is_count)


def _has_column_ambiguous_cell(column: TableColumn) -> bool:
    return any(_is_ambiguous_cell(column, text) for _line, text in column.cells)


def _is_ambiguous_cell(column: TableColumn, text: str) -> bool:
    """Whether a cell is another number under each decimal sign."""
    one, two = (column.cell_number(text, sign) for sign in DECIMAL_SIGNS)
    return one is not None and two is not None and one.value != two.value


def _share_scale_options(column: TableColumn, signs: Sequence[str], said: TableHints) -> list[bool]:
    """Return whether the percentages without a sign can be shares of 1: most of them would have to be at most 1. Of
    nothing but zeros the precision alone differs, and percent are the likelier."""
    if said.whole is not None:
        return [said.whole == ONE]
    plain = [number.value for _line, text in column.cells if (number := _percent_without_sign(text, signs[0]))]
    small = sum(0 <= value <= 1 for value in plain)
    if 2 * small <= len(plain):
        return [False]
    return [True, False] if any(plain) else [False, True]


def _percent_without_sign(text: str, decimal: str) -> TypedPercent | None:
    found = parse_percent_text(text, decimal)
    return found if found and not found.has_sign else None


# -- what decides between readings -------------------------------------------------------------------------------------


class _RowAsRead(Struct, frozen=True):
    satisfied: int | None
    dissatisfied: int | None
    total: int | None
    stated: TypedPercent | None

    @property
    def stated_percent_error(self) -> Fraction | None:
        """How far the stated percentage is from what the counts give, None where it can't be told."""
        if self.satisfied is None or self.dissatisfied is None or self.stated is None:
            return None
        n = self.satisfied + self.dissatisfied
        return abs(Fraction(self.stated.value) - Fraction(HUNDRED * self.satisfied, n)) if n else None

    def states_right_percent(self, decimals: int | None = None) -> bool:
        """Whether it states what the counts give, at so many decimals, or its own."""
        if self.stated_percent_error is None or self.stated is None:
            return False
        return (
            self.stated_percent_error <= Fraction(10) ** -(self.stated.decimals if decimals is None else decimals) / 2
        )

    @property
    def counts_match_total(self) -> bool | None:
        if self.satisfied is None or self.dissatisfied is None or self.total is None:
            return None
        return self.satisfied + self.dissatisfied == self.total


class _WayToReadTable:
    """One way to read the whole table, with its rows as they then are; `agrees` with columns that can be read in one
    way only."""

    def __init__(
        self,
        lines: Sequence[TypedLine],
        decimals: Mapping[str, str],
        is_share: bool,
        has_neutral: bool,
        *,
        agrees: bool,
    ) -> None:
        self.signs, self.agrees, self._lines = NumberNotation(decimals, is_share, has_neutral), agrees, lines

    @cached_property
    def rows_as_read(self) -> list[_RowAsRead]:
        """The lines' figures."""
        signs = self.signs
        return [
            _RowAsRead(
                signs.satisfied_ratings_in_line(line),
                signs.dissatisfied_count(line),
                signs.count(line, TOTAL),
                signs.stated_percent(line),
            )
            for line in self._lines
        ]

    @cached_property
    def percent_decimals(self) -> int:
        """Those of the most precise percentage."""
        return max((row.stated.decimals for row in self.rows_as_read if row.stated), default=0)

    def is_better_than(self, other: _WayToReadTable) -> bool:
        """Whether something speaks for this reading against the other, and nothing for the other."""
        return any(self._advantages_over(other)) and not any(other._advantages_over(self))

    def _advantages_over(self, other: _WayToReadTable) -> Iterator[bool]:
        pairs = [(mine, its) for mine, its in zip(self.rows_as_read, other.rows_as_read, strict=True) if mine != its]
        yield self.agrees and not other.agrees
        sums = [
            (mine.counts_match_total, its.counts_match_total)
            for mine, its in pairs
            if None not in (mine.counts_match_total, its.counts_match_total)
        ]
        yield _are_most_true([mine is True for mine, _its in sums]) and not _are_most_true(
            [its is True for _mine, its in sums]
        )
        known = [
            (mine, its)
            for mine, its in pairs
            if mine.stated_percent_error is not None and its.stated_percent_error is not None
        ]
        # A zero is the same share of 1 and of 100; it only tells where there is nothing else.
        known = [(mine, its) for mine, its in known if mine.stated_percent_error != its.stated_percent_error] or known
        # Zeros at the end may be left out by a format, or the rows be typed each in its own.
        for mine_right, its_right in (
            (
                [mine.states_right_percent(self.percent_decimals) for mine, _its in known],
                [its.states_right_percent(other.percent_decimals) for _m, its in known],
            ),
            (
                [mine.states_right_percent() for mine, _its in known],
                [its.states_right_percent() for _mine, its in known],
            ),
        ):
            if _are_most_true(mine_right) or _are_most_true(its_right):
                yield _are_most_true(mine_right) and not _are_most_true(its_right)
                break
        else:
            yield _are_most_true(
                [NEARER * (mine.stated_percent_error or 0) <= (its.stated_percent_error or 0) for mine, its in known]
            )

    def audited_values(self) -> Iterator[tuple[int | None, int | None, Decimal | None]]:
        """Yield what of each row is audited; a total only bears witness."""
        for row in self.rows_as_read:
            yield row.satisfied, row.dissatisfied, row.stated.value if row.stated else None

    def can_check_percentages(self) -> bool:
        """Whether any row's percentage can be held against its counts."""
        return any(row.stated_percent_error is not None for row in self.rows_as_read)


def _are_most_true(cases: Sequence[bool]) -> bool:
    return 2 * sum(cases) > len(cases)


def _best_reading(readings: Sequence[_WayToReadTable], columns: Mapping[str, TableColumn]) -> _WayToReadTable:
    """Return the reading that beats every other one. Raises RuleError "two_readings"."""
    for one in readings:
        if all(one is other or one.is_better_than(other) for other in readings):
            return one
    left = [one for one in readings if not any(other.is_better_than(one) for other in readings)] or list(readings)
    if len({tuple(one.audited_values()) for one in left}) == 1:
        return left[0]
    first = left[0]  # Neutral answers are among the satisfied in it, and percentages are shares by their looks.
    alike = [one for one in left if one.signs.decimals == first.signs.decimals]
    if len(alike) == len(left) and (
        all(one.signs.is_share is first.signs.is_share for one in left)
        or not any(one.can_check_percentages() for one in left)
    ):
        return first
    raise _two_readings_error(left, columns)


def _two_readings_error(left: Sequence[_WayToReadTable], columns: Mapping[str, TableColumn]) -> RuleError:
    one, two = (
        left[0].signs,
        next((other.signs for other in left if other.signs.decimals != left[0].signs.decimals), left[1].signs),
    )
    if one.decimals != two.decimals:
        name = next(
            name
            for name in columns
            if one.decimals[name] != two.decimals[name] and _has_column_ambiguous_cell(columns[name])
        )
        column = columns[name]
        text = column.first_cell_where(lambda cell: _is_ambiguous_cell(column, cell)) or ""
        values = {sign: number.value for sign in (POINT, COMMA) if (number := column.cell_number(text, sign))}
        return RuleError(
            "two_readings", column=column.name, text=text, asks="decimal", values=values, is_count=column.is_count
        )
    column, sign = columns[STATED], one.decimals[STATED]
    text = (
        column.first_cell_where(lambda cell: bool((found := _percent_without_sign(cell, sign)) and found.value)) or ""
    )
    found = parse_percent_text(text, sign)
    values = {} if found is None else {str(ONE): found.share_to_percent().value, str(HUNDRED): found.value}
    return RuleError("two_readings", column=column.name, text=text, asks="whole", values=values, is_count=False)


# -- what is said of it ------------------------------------------------------------------------------------------------


def _ambiguous_column_readings(
    columns: Mapping[str, TableColumn], signs: NumberNotation, open_columns: Sequence[str]
) -> Iterator[ColumnReading]:
    """Yield how the columns were read whose cells some other reading would make other numbers of, alike ones
    together."""
    alike: dict[tuple[str, str, bool, bool], ColumnReading] = {}
    for name, column in columns.items():
        decimal = signs.decimals[name]
        text = column.first_cell_where(_decisive_cell_test(column, decimal, is_share=signs.is_share and name == STATED))
        number = None if text is None else column.cell_number(text, decimal)
        if text is None or number is None:
            continue
        if number.thousands == COMMA and name not in open_columns:
            continue  # 1,415 is what it is here too.
        share = signs.is_share and not column.is_count and _percent_without_sign(text, decimal) is not None
        value = number.value.scaleb(2) if share else number.value
        one = ColumnReading((column.name,), text, value, decimal, number.thousands, column.is_count, share)
        kind = (number.thousands or decimal, number.thousands, column.is_count, share)
        before = alike.get(kind)
        alike[kind] = one if before is None else replace(before, columns=(*before.columns, column.name))
    yield from alike.values()


def _decisive_cell_test(column: TableColumn, decimal: str, *, is_share: bool) -> Callable[[str], bool]:
    def is_format_decided_by_text(text: str) -> bool:
        number = column.cell_number(text, decimal)
        if number is None:
            return False
        if is_share and _percent_without_sign(text, decimal) and number.value:
            return True
        is_usual = not column.is_count and decimal == POINT and not number.thousands
        return has_any_sign_between_digits(text) and not is_usual

    return is_format_decided_by_text


def is_number_text(text: str) -> bool:
    """Whether a cell is a number under any decimal sign."""
    return any(parse_number_text(text, sign) is not None for sign in DECIMAL_SIGNS)
