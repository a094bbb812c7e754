"""Reads cells of a satisfaction table as people type them: columns, months, counts and percentages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from queuedesk.core.imports.half_width import half_width

MONTH, SATISFIED, DISSATISFIED, STATED = "month", "satisfied", "dissatisfied", "stated_percent"
NEEDED = (MONTH, SATISFIED, DISSATISFIED)
HEADS = {
    MONTH: "month months date period 月份 月 年月 时间 日期 统计月份 统计时间",
    SATISFIED: "satisfied 满意 满意客户 客户满意",
    DISSATISFIED: "dissatisfied unsatisfied notsatisfied 不满意 不满意客户 客户不满意",
    STATED: "statedpercent stated percent percentage rate satisfactionrate satisfaction 满意率 客户满意率 满意度 客户满意度",
}
LARGEST_COUNT = 10**9
LONGEST_NAME = 60
MONTHS, PERCENT = 12, 100
MOST_DECIMALS = 10
"""Of a percentage: what a spreadsheet shows beyond is the noise of its arithmetic."""

_SUMMARY = re.compile(
    r"合计|总计|小计|累计|总和|平均|均值|全年|半年|季度|\b(sub)?totals?\b|\bsum\b|\baverage\b|\bmean\b|\boverall\b",
    re.IGNORECASE,
)
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
_UNIT = re.compile(r"(人次|人|户|份|件|张|条|票|次|个)$")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_DECIMAL_COMMA = re.compile(r"([+-]?\d+),(\d{1,2})")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table as it was typed; `is_torn` where it has more cells than the header."""

    number: int
    month: str
    satisfied: str
    dissatisfied: str
    stated: str
    is_torn: bool = False


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage as typed, without its sign; `decimals` are those that stand there."""

    value: Decimal
    decimals: int
    has_sign: bool

    def as_share(self) -> Percent:
        """Return what it means in percent if it was meant as a share of 1."""
        return Percent(self.value.scaleb(2), self.decimals - 2, self.has_sign)


def columns_of(cells: Sequence[str]) -> dict[str, int] | None:
    """Return at which place each known column stands, None if the cells are no header with month, satisfied and
    dissatisfied.

    Of a name that stands there twice the first counts.
    """
    known = {head: name for name, heads in HEADS.items() for head in heads.split()}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = known.get(_head(cell))
        if name is not None:
            found.setdefault(name, place)
    return found if all(name in found for name in NEEDED) else None


def _head(cell: str) -> str:
    plain = re.sub(r"\(.*?\)|[\s%_:*-]", "", half_width(cell).lower())
    return re.sub(r"(人数|户数|票数|份数|件数|数量|次数|数)$", "", plain)


def is_summary(text: str) -> bool:
    """Whether a row's name says that it sums up others."""
    return _SUMMARY.search(half_width(text)) is not None


def name_of(text: str) -> str:
    """Return a row's name as it is shown: one line without signs that no page shows, a long one cut."""
    shown = "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in text)
    name = " ".join(shown.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def month_of(text: str) -> tuple[int | None, int] | None:
    """Return (year, month), the year None where only the month stands there; None for what is no month."""
    plain = half_width(text).strip()
    for pattern in _YEAR_MONTH:
        if found := pattern.fullmatch(plain):
            parts = found.groupdict()
            month = int(parts["month"]) if "month" in parts else _place(_NAMES, parts["name"].lower())
            year = int(parts["year"])
            return (year + 2000 if year < 100 else year, month) if 1 <= month <= 12 else None
    if found := _MONTH_ALONE.fullmatch(plain):
        month = int(found[1]) if found[1].isdigit() else _place(_CHINESE, found[1])
        return (None, month) if 1 <= month <= 12 else None
    return None


def _place(names: Sequence[str], name: str) -> int:
    """Return which of the names it is, counted from 1; 0 for none."""
    return names.index(name) + 1 if name in names else 0


def count_of(text: str) -> int | None:
    """Return a count of people, None for what is no whole number from 0 up."""
    number = _number(_UNIT.sub("", _plain(text)), decimal_comma=False)
    if number is None or number != number.to_integral_value() or not 0 <= number <= LARGEST_COUNT:
        return None
    return int(number)


def percent_of(text: str) -> Percent | None:
    """Return a percentage with or without its sign, None for what is no number."""
    plain = _plain(text)
    has_sign = plain.endswith("%")
    number = _number(plain.removesuffix("%"), decimal_comma=True)
    if number is None or abs(number) > LARGEST_COUNT:
        return None
    exponent = number.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    most = MOST_DECIMALS + (0 if has_sign else 2)
    if decimals > most:
        number, decimals = round(number, most), most
    return Percent(number, decimals, has_sign)


def claimed_percent(text: str) -> Decimal | None:
    """Return a percentage of 0 to 100 that somebody claims, as a share such as 0.98 too; None for anything else."""
    found = percent_of(text)
    if found is not None and not found.has_sign and 0 < found.value < 1:
        found = found.as_share()
    return found.value if found is not None and 0 <= found.value <= PERCENT else None


def claimed_month(text: str) -> int | None:
    """Return a month with its year, counted from year 0; None for anything else."""
    found = month_of(text)
    return None if found is None or found[0] is None else found[0] * MONTHS + found[1] - 1


def _plain(text: str) -> str:
    return re.sub(r"[\s\u2009\u202f'’]", "", half_width(text).replace("\u2212", "-"))


def _number(text: str, *, decimal_comma: bool) -> Decimal | None:
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif decimal_comma and (found := _DECIMAL_COMMA.fullmatch(text)):
        text = f"{found[1]}.{found[2]}"
    return Decimal(text) if _NUMBER.fullmatch(text) and text.isascii() else None
