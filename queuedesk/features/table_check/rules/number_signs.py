"""Numbers as people type them in tables: what each is under a decimal sign, and which signs fit a whole column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.imports.number_signs import COMMA, POINT, Figure

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


class Number(Struct, frozen=True):
    """A number with what stands between its thousands ("" for nothing) and how many decimals were typed."""

    value: Decimal
    thousands: str
    decimals: int


class Percent(Struct, frozen=True):
    """A percentage as typed, without its sign, and its number of `decimals`."""

    value: Decimal
    decimals: int
    has_sign: bool

    def as_share(self) -> Percent:
        """Return its value in percent if it was meant as a share of 1."""
        return Percent(self.value.scaleb(2), self.decimals - 2, self.has_sign)


def number_of(text: str, decimal: str) -> Number | None:
    """Return the number that `text` is where `decimal` parts its decimals, None for what is none.

    Groups of three may be parted by the other one of point and comma, by spaces or by apostrophes.
    """
    if text.isascii() and text.isdigit():
        return Number(Decimal(text), "", 0)
    plain = _plain(text)
    found = _pattern(POINT if isinstance(text, Figure) else decimal).fullmatch(plain)
    if found is None:
        return None
    sign, after = found["thousands"] or "", found["after"] or ""
    whole = found["whole"].replace(sign, "") if sign else found["whole"]
    digits = f"{found['sign'] or ''}{whole or '0'}"
    return Number(Decimal(f"{digits}.{after}" if after else digits), sign, len(after))


def count_of(text: str, decimal: str) -> int | None:
    """Return a count of people, None for anything but a whole number from 0 up."""
    number = number_of(_without_unit(text), decimal)
    return int(number.value) if number is not None and _is_count(number) else None


def percent_of(text: str, decimal: str) -> Percent | None:
    """Return a percentage with or without its sign, None for what is no number."""
    has_sign = _plain(text).endswith("%")
    number = number_of(_without_percent(text), decimal)
    if number is None or abs(number.value) > LARGEST_COUNT:
        return None
    most = MOST_DECIMALS + (0 if has_sign else 2)
    if number.decimals > most:
        return Percent(round(number.value, most), most, has_sign)
    return Percent(number.value, number.decimals, has_sign)


def claimed_percent(text: str) -> Decimal | None:
    """Return a claimed percentage of 0 to 100, also given as a share such as 0.98; None for anything else."""
    for decimal in DECIMAL_SIGNS:
        found = percent_of(text, decimal)
        if found is not None and not found.has_sign and 0 < found.value < 1:
            found = found.as_share()
        if found is not None and 0 <= found.value <= FULL:
            return found.value
    return None


Cell = tuple[int, str]
"""A cell with the number of its line."""


class Column(Struct, frozen=True):
    """A column's name in the file, and its cells with their lines; of counts, or of percentages."""

    name: str
    cells: tuple[Cell, ...]
    is_count: bool

    def number(self, text: str, decimal: str) -> Number | None:
        """Return the number of a cell, without its unit; None for what can't stand in such a column."""
        number = number_of(_without_unit(text) if self.is_count else _without_percent(text), decimal)
        if number is None:
            return None
        return number if (_is_count(number) if self.is_count else 0 <= number.value <= FULL) else None

    def example(self, differ: Callable[[str], bool]) -> str | None:
        """Return the first cell for which `differ` holds."""
        return next((text for _line, text in self.cells if differ(text)), None)


def decimal_signs(column: Column, *, by_zeros: bool = True) -> tuple[str, ...]:
    """Return the decimal signs under which every cell of the column makes sense; one alone is certain. `by_zeros`: a
    sign that would leave zeros behind some counts and none behind others makes none.

    A cell that is no such number under either says nothing. Raises RuleError "mixed_signs" with the cell that stands
    against the others.
    """
    read = [(cell, {sign: column.number(cell[1], sign) for sign in DECIMAL_SIGNS}) for cell in column.cells]
    telling = [(cell, numbers) for cell, numbers in read if any(one is not None for one in numbers.values())]
    against = {sign: _against([(cell, numbers[sign]) for cell, numbers in telling]) for sign in DECIMAL_SIGNS}
    if by_zeros and column.is_count and not any(against.values()):
        # Nobody types the zeros of a count's decimals; a format that writes them does so in all of a column.
        typed = [(cell, numbers) for cell, numbers in telling if not isinstance(cell[1], Figure)]
        odd = {sign: _of_another_format([(cell, numbers[sign]) for cell, numbers in typed]) for sign in DECIMAL_SIGNS}
        against = odd if len(typed) > 1 else against
    fitting = tuple(sign for sign in DECIMAL_SIGNS if not against[sign])
    if fitting:
        return fitting
    line, text = min(against.values(), key=len)[0]
    other = next((cell[1] for cell, _numbers in telling if has_signs(cell[1]) and cell[1] != text), "")
    raise RuleError("mixed_signs", column=column.name, line=line, text=text, other=other)


def _against(read: Sequence[tuple[Cell, Number | None]]) -> list[Cell]:
    """Return the cells that make no sense, or part thousands by another sign than the column's first."""
    thousands = next((number.thousands for _cell, number in read if number and number.thousands), "")
    return [cell for cell, number in read if number is None or number.thousands not in ("", thousands)]


def _of_another_format(read: Sequence[tuple[Cell, Number | None]]) -> list[Cell]:
    """Return the cells with decimals where others have none, or not as many."""
    if len({number.decimals for _cell, number in read if number}) <= 1:
        return []
    return [cell for cell, number in read if number and number.decimals]


def has_signs(text: str) -> bool:
    """Whether a cell that was typed as text has any sign between its digits."""
    return not isinstance(text, Figure) and re.search(r"[., '][0-9]", _plain(text)) is not None


def _is_count(number: Number) -> bool:
    value = number.value
    return 0 <= value <= LARGEST_COUNT and value == value.to_integral_value()


def _without_unit(text: str) -> str:
    return text if isinstance(text, Figure) or text.isascii() else _UNIT.sub("", _plain(text)).rstrip()


def _without_percent(text: str) -> str:
    shorn = _plain(text).removesuffix("%").rstrip()
    return Figure(shorn) if isinstance(text, Figure) else shorn


@lru_cache(4096)
def _plain(text: str) -> str:
    alike = text.replace("`", "'") if text.isascii() else half_width(text).translate(_ALIKE)
    plain = _SPACE.sub(" ", alike).strip()
    return plain.removeprefix("'").strip()  # A spreadsheet's mark of what was typed as text.


@cache
def _pattern(decimal: str) -> re.Pattern[str]:
    other = COMMA if decimal == POINT else POINT
    return re.compile(
        rf"(?P<sign>[+-])?(?=[{decimal}]?[0-9])"
        rf"(?P<whole>[0-9]*|[1-9][0-9]{{0,2}}(?P<thousands>[{other} '])[0-9]{{3}}(?:(?P=thousands)[0-9]{{3}})*)"
        rf"(?:[{decimal}](?P<after>[0-9]*))?"
    )
