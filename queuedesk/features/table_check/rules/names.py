"""What the columns and rows of a satisfaction table are called: heads in one line or two, months, rows that sum up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from queuedesk.core.imports.half_width import half_width

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


class Header(Struct, frozen=True):
    """Where a table's columns are and what its header calls them, by the names of this module.

    `twice` are columns that several groups of a header of two lines have.
    """

    places: Mapping[str, int]
    titles: Mapping[str, str]
    twice: tuple[str, ...] = ()

    def title(self, name: str) -> str:
        """Return what the file calls a column."""
        return self.titles.get(name, name)


def columns_of(cells: Sequence[str]) -> dict[str, int] | None:
    """Return the index of each known column, None if the cells are no header with month, satisfied and dissatisfied.
    The first of several columns of one name counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if name := _known(cell):
            found.setdefault(name, place)
    return found if all(name in found for name in NEEDED) else None


def header_of(cells: Sequence[str]) -> Header | None:
    """Return what a header in one line says, None if it is none."""
    places = columns_of(cells)
    return None if places is None else Header(places, {name: name_of(cells[place]) for name, place in places.items()})


def double_header_of(groups: Sequence[str], under: Sequence[str]) -> Header | None:
    """Return what a header in two lines says, None if the lines are none: a group's title stands above the first of
    its columns, and the cells right of it are empty, as merged cells are."""
    if not _stands_under(under) or columns_of(under) is not None:
        return None
    width = max(len(groups), len(under))
    above, below = ([*row, *[""] * (width - len(row))] for row in (groups, under))
    spread = _spread(above, below)
    found: dict[str, list[int]] = {}
    for place, (group, own) in enumerate(zip(spread, below, strict=True)):
        if name := _of_both(group, own, is_alone=spread.count(group) == 1):
            found.setdefault(name, []).append(place)
    shares = found.pop(_SHARE, [])
    if shares and STATED not in found and not any(name in found for name, is_good in LEVELS.items() if is_good):
        found[STATED] = shares
    if not all(name in found for name in NEEDED):
        return None
    titles = {
        name: " / ".join(name_of(part) for part in (spread[places[0]], below[places[0]]) if part.strip())
        for name, places in found.items()
    }
    twice = tuple(titles[name] for name, places in found.items() if len(places) > 1)
    return Header({name: places[0] for name, places in found.items()}, titles, twice)


_SHARE = "share of satisfied"


def _stands_under(cells: Sequence[str]) -> bool:
    """Whether the cells can be a header's second line: names of columns without any figure."""
    is_empty = not any(re.search(r"\d", cell) or month_of(cell) for cell in cells)
    return is_empty and any(_known(cell) or _bare(cell) in (*COUNTS, *SHARES) for cell in cells if cell.strip())


def _spread(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the title over each column: one that has names below it goes on over the empty cells right of it."""
    spread: list[str] = []
    for place, cell in enumerate(above):
        goes_on = place > 0 and not cell.strip() and bool(below[place].strip() and below[place - 1].strip())
        spread.append(spread[-1] if goes_on else cell)
    return spread


def _of_both(group: str, own: str, *, is_alone: bool) -> str | None:
    """Return which column stands under a group's title; the share of satisfied only goes by that."""
    if not own.strip() or not group.strip():
        return _known(group or own)
    kind = _known(group)
    if _bare(own) in COUNTS:
        return kind if kind != STATED else None
    if _bare(own) in SHARES:
        return _SHARE if kind == SATISFIED else kind if kind == STATED else None
    return _known(own) or (kind if is_alone else None)


def _known(cell: str) -> str | None:
    return _KNOWN.get(_head(cell))


def _head(cell: str) -> str:
    plain = re.sub(r"\(.*?\)|[\s%_:*-]", "", half_width(cell).lower())
    return re.sub(r"(人数|户数|票数|份数|件数|数量|次数|数)$", "", plain)


def _bare(cell: str) -> str:
    return re.sub(r"[\s()\[\]_:*.-]", "", half_width(cell).lower())


_KNOWN = {_head(head): name for name, heads in HEADS.items() for head in heads.split()}


def is_summary(text: str) -> bool:
    """Whether a row's name marks it as a sum of others."""
    return _SUMMARY.search(half_width(text)) is not None


def is_mean(text: str) -> bool:
    """Whether a row's name marks it as a mean, whose counts may have decimals."""
    return _MEAN.search(half_width(text)) is not None


def name_of(text: str) -> str:
    """Return a row's name as it is shown: on one line, without characters that can't be printed, cut if long."""
    shown = "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in text)
    name = " ".join(shown.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def month_of(text: str) -> tuple[int | None, int] | None:
    """Return (year, month), the year None where only the month is given; None for what is no month."""
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


def claimed_month(text: str) -> int | None:
    """Return a month with its year, counted from year 0; None for anything else."""
    found = month_of(text)
    return None if found is None or found[0] is None else found[0] * MONTHS + found[1] - 1
