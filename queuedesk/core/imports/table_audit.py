"""Audits a table of satisfied and dissatisfied counts: finds what cannot be right, and says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.satisfaction import Rate, pooled, rate
from queuedesk.core.figures.targets import Verdict, verdict
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.imports.scales import Share

# Reads cells of a satisfaction table as people type them: columns, months, counts and percentages.

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


class Line(Struct, frozen=True):
    """One line of a table as typed; `is_torn` where it has more cells than the header."""

    number: int
    month: str
    satisfied: str
    dissatisfied: str
    stated: str
    is_torn: bool = False


class Percent(Struct, frozen=True):
    """A percentage as typed, without its sign, and its number of `decimals`."""

    value: Decimal
    decimals: int
    has_sign: bool

    def as_share(self) -> Percent:
        """Return its value in percent if it was meant as a share of 1."""
        return Percent(self.value.scaleb(2), self.decimals - 2, self.has_sign)


def columns_of(cells: Sequence[str]) -> dict[str, int] | None:
    """Return the index of each known column, None if the cells are no header with month, satisfied and dissatisfied.
    The first of several columns of one name counts."""
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
    """Whether a row's name marks it as a sum of others."""
    return _SUMMARY.search(half_width(text)) is not None


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


def count_of(text: str) -> int | None:
    """Return a count of people, None for anything but a whole number from 0 up."""
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
    """Return a claimed percentage of 0 to 100, also given as a share such as 0.98; None for anything else."""
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


WRONG, SLIP, COPIED = "wrong_percentage", "slip_one_minus_ratio", "copied_column"
CLAIM, MEAN = "claim_contradicted", "mean_of_percentages"
IMPOSSIBLE, MISSING = "impossible_value", "missing_value"
FEWEST_COPIED = 3


class Row(Struct, frozen=True):
    """One month of the table. `at` counts months from year 0, None where the month can't be read.

    `stated` and `true` are percentages, `true` exact; `unit` is that of the most precise value in the row's block.
    """

    line: int
    month: str
    at: int | None = None
    satisfied: int | None = None
    dissatisfied: int | None = None
    percent: Percent | None = None
    unit: Fraction = Fraction(1)
    is_summary: bool = False

    @property
    def counts(self) -> tuple[int, int] | None:
        """Both counts, None where one is missing or impossible."""
        return None if self.satisfied is None or self.dissatisfied is None else (self.satisfied, self.dissatisfied)

    @property
    def rate(self) -> Rate:
        return rate(*self.counts) if self.counts else Rate(0, None, None, None)

    @property
    def true(self) -> Fraction | None:
        return Fraction(100 * self.counts[0], sum(self.counts)) if self.counts and sum(self.counts) else None

    @property
    def stated(self) -> Fraction | None:
        return Fraction(self.percent.value) if self.percent else None

    @property
    def difference(self) -> Fraction | None:
        """The stated percentage minus the true one, in percentage points."""
        return None if self.stated is None or self.true is None else self.stated - self.true

    @property
    def is_wrong(self) -> bool:
        """Whether the stated value is further from the true one than rounding explains."""
        return self.difference is not None and abs(self.difference) > self.unit / 2


class Finding(Struct, frozen=True):
    """Something that can't be right: its kind, the months (or names of rows) it is about, and the values for its
    sentence."""

    kind: str
    rows: tuple[str, ...]
    details: Mapping[str, Any] = field(default_factory=dict)


class Range(Struct, frozen=True):
    """Months from `first` to `last`, counted from year 0; None is open."""

    first: int | None = None
    last: int | None = None

    def has(self, row: Row) -> bool:
        return (
            row.at is not None
            and (self.first is None or row.at >= self.first)
            and (self.last is None or row.at <= self.last)
        )


class Asked(Struct, frozen=True):
    """What is claimed of the table, in percent: every month of `range` above `claim`; `headline` as the figure of the
    whole, as typed."""

    claim: Decimal | None = None
    range: Range = Range()
    headline: Decimal | None = None


_NOTHING_CLAIMED = Asked()


class Audit(Struct, frozen=True):
    """The table recomputed. `rows` are months in order, then what is no month; rows that sum up others are apart."""

    rows: tuple[Row, ...]
    summaries: tuple[Row, ...]
    pooled: Rate
    findings: tuple[Finding, ...]
    asked: Asked


def audit(lines: Sequence[Line], asked: Asked = _NOTHING_CLAIMED) -> Audit:
    """Recompute a table and find what in it can't be right; an unreadable row is a finding and stops nothing."""
    found: list[Finding] = []
    read = _read(lines, found)
    months = sorted((row for row in read if row.at is not None), key=lambda row: row.at or 0)
    others = [row for row in read if row.at is None and not row.is_summary]
    summaries = [row for row in read if row.is_summary]
    blocks = [_with_unit(block) for block in _blocks(months)]
    others, summaries = _with_unit(others), [_with_unit([row])[0] for row in summaries]
    months = [row for block in blocks for row in block]
    rows = [*months, *others]
    for row, following in pairwise(months):
        if row.at == following.at:
            found.append(Finding(IMPOSSIBLE, (row.month,), {"what": "twice"}))
    headlines = [(asked.headline, "")] if asked.headline is not None else []
    headlines += [(row.percent.value, row.month) for row in summaries if row.percent]
    means = [one for value, name in headlines if (one := _mean(value, name, months, blocks, asked.range))]
    named = {finding.details["name"] for finding in means}
    told = [row for row in [*rows, *summaries] if row.month not in named]
    findings = [
        *_wrong(told),
        *_slips(told),
        *_copied(blocks),
        *_claimed(months, asked),
        *means,
        *_together(found),
    ]
    counted = pooled([row.counts for row in months if row.counts])
    return Audit(tuple(rows), tuple(summaries), counted, tuple(findings), asked)


def judged(row: Row, asked: Asked) -> Verdict | None:
    """Return whether the row's interval meets the claim, None where nothing is claimed of it."""
    if asked.claim is None or not asked.range.has(row) or row.true is None:
        return None
    return verdict(row.rate, Share(float(asked.claim) / 100))


# -- reading rows ------------------------------------------------------------------------------------------------------


def _read(lines: Sequence[Line], found: list[Finding]) -> list[Row]:
    """Return the rows with what can be read of them; what can't goes to `found`."""
    rows: list[Row] = []
    before: int | None = None
    for line in lines:
        month = name_of(line.month)
        when = month_of(month)
        cells = (line.satisfied.strip(), line.dissatisfied.strip(), line.stated.strip())
        if not any(cells) and when is None and not line.is_torn:
            continue  # a remark, or nothing
        sums_up = when is None and is_summary(month)
        row = Row(line.number, month or f"#{line.number}", is_summary=sums_up)
        if when is not None:
            before = _counted(when, before)
            label = f"{before // MONTHS:04d}-{before % MONTHS + 1:02d}" if before >= MONTHS * 100 else month
            row = replace(row, at=before, month=label)
        elif not sums_up:
            found.append(Finding(IMPOSSIBLE if month else MISSING, (row.month,), {"what": "month"}))
        if line.is_torn:
            found.append(Finding(IMPOSSIBLE, (row.month,), {"what": "torn"}))
            rows.append(row)
            continue
        row = replace(row, satisfied=count_of(cells[0]), dissatisfied=count_of(cells[1]), percent=percent_of(cells[2]))
        for what, cell, value in zip(
            ("satisfied", "dissatisfied", "stated"), cells, (row.satisfied, row.dissatisfied, row.percent), strict=True
        ):
            is_due = not sums_up and not (what == "stated" and row.counts == (0, 0))
            if cell and value is None and not (sums_up and percent_of(cell)):  # Means of counts have decimals.
                found.append(Finding(IMPOSSIBLE, (row.month,), {"what": what}))
            elif not cell and is_due:
                found.append(Finding(MISSING, (row.month,), {"what": what}))
        rows.append(row)
    rows = _in_percent(rows)
    for row in rows:
        if row.percent and not 0 <= row.percent.value <= 100:
            found.append(Finding(IMPOSSIBLE, (row.month,), {"what": "stated"}))
        elif row.percent and row.counts == (0, 0):
            found.append(Finding(IMPOSSIBLE, (row.month,), {"what": "nobody"}))
    return rows


def _counted(when: tuple[int | None, int], before: int | None) -> int:
    """Return a month's number from year 0; one without a year is the first such month after the row before."""
    year, month = when
    if year is not None:
        return year * MONTHS + month - 1
    if before is None:
        return month - 1
    first = before - before % MONTHS + month - 1
    return first if first > before else first + MONTHS


def _in_percent(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with shares of 1 turned into percentages: all that have no sign where none is above 1, else each
    by the counts."""
    plain = [row for row in rows if row.percent and not row.percent.has_sign]
    if all(0 <= row.percent.value <= 1 for row in plain if row.percent):
        shares = plain if _mean_shares(plain) else []
    else:
        shares = [
            row for row in plain if row.percent and 0 <= row.percent.value <= 1 and row.true and _mean_shares([row])
        ]
    lines = {row.line for row in shares}
    return [replace(row, percent=row.percent.as_share()) if row.line in lines and row.percent else row for row in rows]


def _mean_shares(rows: Sequence[Row]) -> bool:
    """Whether the stated values lie nearer to the true ones as shares than as percentages."""
    known = [(row.stated, row.true) for row in rows if row.stated is not None and row.true is not None]
    return sum(abs(100 * s - t) for s, t in known) <= sum(abs(s - t) for s, t in known)


def _blocks(months: Sequence[Row]) -> list[list[Row]]:
    """Return the runs of consecutive months."""
    blocks: list[list[Row]] = []
    for row in months:
        if blocks and row.at is not None and row.at - (blocks[-1][-1].at or 0) <= 1:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def _with_unit(block: Sequence[Row]) -> list[Row]:
    """Return the rows with the unit of the most precise value among them."""
    decimals = max((row.percent.decimals for row in block if row.percent), default=0)
    return [replace(row, unit=Fraction(10) ** -decimals) for row in block]


# -- findings ----------------------------------------------------------------------------------------------------------


def _wrong(rows: Sequence[Row]) -> list[Finding]:
    wrong = [row for row in rows if row.is_wrong]
    if not wrong:
        return []
    worst = max(wrong, key=lambda row: abs(row.difference or Fraction(0)))
    of = sum(row.difference is not None for row in rows)
    return [Finding(WRONG, _months(wrong), {"worst": worst, "of": of})]


def _slips(rows: Sequence[Row]) -> list[Finding]:
    """Find wrong values that are 1 − D ÷ S, rounded or cut to their block's precision."""
    slipped = []
    for row in rows:
        if row.is_wrong and row.counts and row.counts[0]:
            satisfied, dissatisfied = row.counts
            other = Fraction(100 * (satisfied - dissatisfied), satisfied)
            if row.stated in (_to(other, row.unit, ROUND_HALF_UP), _to(other, row.unit, ROUND_DOWN)):
                slipped.append(row)
    return [Finding(SLIP, _months(slipped))] if slipped else []


def _copied(blocks: Sequence[Sequence[Row]]) -> list[Finding]:
    """Find blocks of 3 months or more with the same counts in the same order; that nobody was dissatisfied may well
    come twice."""
    found = []
    columns: tuple[tuple[str, Callable[[Row], int | None]], ...] = (
        ("satisfied", lambda row: row.satisfied),
        ("dissatisfied", lambda row: row.dissatisfied),
    )
    for column, cell in columns:
        alike: dict[tuple[int | None, ...], list[Sequence[Row]]] = {}
        for block in blocks:
            counts = tuple(cell(row) for row in block)
            if len(counts) >= FEWEST_COPIED and None not in counts and any(counts):
                alike.setdefault(counts, []).append(block)
        for same in alike.values():
            if len(same) > 1:
                spans = tuple((block[0].month, block[-1].month) for block in same)
                rows = _months([row for block in same for row in block])
                found.append(Finding(COPIED, rows, {"column": column, "spans": spans}))
    return found


def _claimed(months: Sequence[Row], asked: Asked) -> list[Finding]:
    if asked.claim is None:
        return []
    known = [row for row in months if asked.range.has(row) and row.true is not None]
    below = [row for row in known if row.true is not None and row.true <= Fraction(asked.claim)]
    details = {"claim": asked.claim, "below": tuple(below), "of": len(known)}
    return [Finding(CLAIM, _months(below), details)] if below else []


def _mean(
    headline: Decimal, name: str, months: Sequence[Row], blocks: Sequence[Sequence[Row]], asked: Range
) -> Finding | None:
    """Find a headline that is the mean of the stated values of the range asked for, of a block or of all, and not their
    pooled rate."""
    exponent = headline.as_tuple().exponent
    unit = Fraction(10) ** (exponent if isinstance(exponent, int) else 0)
    given, whole = Fraction(headline), _pooled_percent(months)
    if whole is not None and _to(whole, unit, ROUND_HALF_UP) == given:
        return None
    ranged = [row for row in months if asked.has(row)] if asked != Range() else []
    for rows in (ranged, *blocks, months):
        stated = [row for row in rows if row.stated is not None]
        together = _pooled_percent(rows)
        if len(stated) < 2 or together is None:
            continue
        mean = sum((row.stated or Fraction(0) for row in stated), Fraction(0)) / len(stated)
        if _to(mean, unit, ROUND_HALF_UP) == given and _to(together, unit, ROUND_HALF_UP) != given:
            n = sum(sum(row.counts) for row in rows if row.counts)
            return Finding(MEAN, _months(stated), {"headline": headline, "pooled": together, "n": n, "name": name})
    return None


def _pooled_percent(rows: Sequence[Row]) -> Fraction | None:
    counts = [row.counts for row in rows if row.counts]
    n = sum(sum(one) for one in counts)
    return Fraction(100 * sum(s for s, _d in counts), n) if n else None


def _together(found: Sequence[Finding]) -> list[Finding]:
    """Return one finding for each kind of trouble with cells, impossible ones first."""
    rows: dict[tuple[str, str], list[str]] = {}
    for finding in sorted(found, key=lambda one: one.kind):
        rows.setdefault((finding.kind, finding.details["what"]), []).extend(finding.rows)
    return [Finding(kind, tuple(dict.fromkeys(names)), {"what": what}) for (kind, what), names in rows.items()]


def _months(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.month for row in rows))


def _to(value: Fraction, unit: Fraction, rounding: str) -> Fraction:
    """Return `value` rounded half up or cut, in both cases away from or towards zero, to a multiple of `unit`."""
    steps = abs(value) / unit
    whole = steps.numerator // steps.denominator
    if rounding == ROUND_HALF_UP and steps - whole >= Fraction(1, 2):
        whole += 1
    return whole * unit * (-1 if value < 0 else 1)
