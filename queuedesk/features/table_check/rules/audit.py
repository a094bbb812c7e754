"""Audits a table of satisfied and dissatisfied counts: finds what cannot be right, and says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.satisfaction import Rate, pooled_satisfaction_rate, satisfaction_rate
from queuedesk.core.figures.targets import TargetVerdict, compare_rate_with_target
from queuedesk.core.imports import ShareOfPeople
from queuedesk.features.table_check.rules import reading

WRONG, SLIP, COPIED = "wrong_percentage", "slip_one_minus_ratio", "copied_column"
CLAIM, MEAN = "claim_contradicted", "mean_of_percentages"
IMPOSSIBLE, MISSING = "impossible_value", "missing_value"
FEWEST_COPIED = 3


class AuditedMonthRow(Struct, frozen=True):
    """One month of the table. `at` counts months from year 0, None where the month can't be read.

    `stated` and `true` are percentages, `true` exact; `unit` is that of the stated value's last digit, or of
    the commonest number of decimals in the row's block where the value has fewer."""

    line: int
    month: str
    at: int | None = None
    satisfied: int | None = None
    dissatisfied: int | None = None
    percent: reading.TypedPercent | None = None
    total: int | None = None
    unit: Fraction = Fraction(1)
    is_summary: bool = False

    @property
    def answer_counts(self) -> tuple[int, int] | None:
        """Both counts, None where one is missing or impossible."""
        return None if self.satisfied is None or self.dissatisfied is None else (self.satisfied, self.dissatisfied)

    @property
    def true_rate(self) -> Rate:
        return satisfaction_rate(*self.answer_counts) if self.answer_counts else Rate(0, None, None, None)

    @property
    def true_percent(self) -> Fraction | None:
        return (
            Fraction(100 * self.answer_counts[0], sum(self.answer_counts))
            if self.answer_counts and sum(self.answer_counts)
            else None
        )

    @property
    def stated_percent(self) -> Fraction | None:
        return Fraction(self.percent.value) if self.percent else None

    @property
    def stated_minus_true_percent(self) -> Fraction | None:
        """The stated percentage minus the true one, in percentage points."""
        return (
            None
            if self.stated_percent is None or self.true_percent is None
            else self.stated_percent - self.true_percent
        )

    @property
    def percent_if_typed_as_share(self) -> reading.TypedPercent | None:
        """The percentage that a value up to 1 means as a share of 1, where the counts give just that and not the value
        itself; None of others."""
        if (
            self.percent is None
            or self.percent.has_sign
            or self.true_percent is None
            or not 0 < self.percent.value <= 1
        ):
            return None
        share = self.percent.share_to_percent()
        is_right = abs(Fraction(share.value) - self.true_percent) <= Fraction(10) ** -share.decimals / 2
        return share if is_right and self.true_percent > 1 else None

    @property
    def is_wrong(self) -> bool:
        """Whether the stated value is further from the true one than rounding explains."""
        return self.stated_minus_true_percent is not None and abs(self.stated_minus_true_percent) > self.unit / 2


class TableFinding(Struct, frozen=True):
    """Something that can't be right: its kind, the months (or names of rows) it is about, and the values for its
    sentence."""

    kind: str
    rows: tuple[str, ...]
    details: Mapping[str, Any] = field(default_factory=dict)


class MonthRange(Struct, frozen=True):
    """Months from `first` to `last`, counted from year 0; None is open."""

    first: int | None = None
    last: int | None = None

    def includes_row(self, row: AuditedMonthRow) -> bool:
        return (
            row.at is not None
            and (self.first is None or row.at >= self.first)
            and (self.last is None or row.at <= self.last)
        )


class TableClaim(Struct, frozen=True):
    """What is claimed of the table, in percent: every month of `range` above `claim`; `headline` as the figure of the
    whole, as typed."""

    claim: Decimal | None = None
    range: MonthRange = MonthRange()
    headline: Decimal | None = None


_NOTHING_CLAIMED = TableClaim()
_NOTHING_SAID = reading.TableHints()
_PLAIN = reading.TableHeader({}, {})


class SummedLevelColumns(Struct, frozen=True):
    """Columns whose counts were added up: to the satisfied, or to the dissatisfied."""

    is_satisfied: bool
    columns: tuple[str, ...]


class TableAudit(Struct, frozen=True):
    """The table recomputed. `rows` are months in order, then what is no month; rows that sum up others are apart.

    `told` and `added` say how its columns were read, where that had to be decided; `other` is what a person could say
    to have it read with another decimal sign."""

    rows: tuple[AuditedMonthRow, ...]
    summaries: tuple[AuditedMonthRow, ...]
    pooled: Rate
    findings: tuple[TableFinding, ...]
    asked: TableClaim
    told: tuple[reading.ColumnReading, ...] = ()
    added: tuple[SummedLevelColumns, ...] = ()
    other: reading.TableHints | None = None


def audit_typed_figure_table(
    lines: Sequence[reading.TypedLine],
    asked: TableClaim = _NOTHING_CLAIMED,
    header: reading.TableHeader = _PLAIN,
    said: reading.TableHints = _NOTHING_SAID,
) -> TableAudit:
    """Recompute a table and find what in it can't be right; an unreadable row is a finding and stops nothing.

    Raises RuleError "mixed_signs", "two_readings": what its numbers are can't be told."""
    found: list[TableFinding] = []
    signs = reading.detect_number_notation(lines, header, said)
    read = _read_rows(lines, signs, found)
    months = sorted((row for row in read if row.at is not None), key=lambda row: row.at or 0)
    others = [row for row in read if row.at is None and not row.is_summary]
    summaries = [row for row in read if row.is_summary]
    blocks = [_rows_with_assigned_rounding_unit(block) for block in _consecutive_month_runs(months)]
    others, summaries = ([_rows_with_assigned_rounding_unit([row])[0] for row in own] for own in (others, summaries))
    months = [row for block in blocks for row in block]
    rows = [*months, *others]
    for row, following in pairwise(months):
        if row.at == following.at:
            found.append(TableFinding(IMPOSSIBLE, (row.month,), {"what": "twice"}))
    headlines = [(asked.headline, "")] if asked.headline is not None else []
    headlines += [(row.percent.value, row.month) for row in summaries if row.percent]
    means = [
        one for value, name in headlines if (one := _mean_as_headline_finding(value, name, months, blocks, asked.range))
    ]
    named = {finding.details["name"] for finding in means}
    told = [row for row in [*rows, *summaries] if row.month not in named]
    findings = [
        *_wrong_percentage_findings(told),
        *_wrong_formula_findings(told),
        *_copied_counts_findings(blocks),
        *_claim_findings(months, asked),
        *means,
        *_merge_findings_by_kind(found),
    ]
    counted = pooled_satisfaction_rate([row.answer_counts for row in months if row.answer_counts])
    added = tuple(_summed_level_columns(lines, header, signs))
    return TableAudit(tuple(rows), tuple(summaries), counted, tuple(findings), asked, signs.told, added, signs.other)


def _summed_level_columns(
    lines: Sequence[reading.TypedLine], header: reading.TableHeader, signs: reading.NumberNotation
) -> Iterator[SummedLevelColumns]:
    levels = dict.fromkeys(name for line in lines for name in line.levels)
    for column, is_satisfied in ((reading.SATISFIED, True), (reading.DISSATISFIED, False)):
        further = [name for name in levels if signs.is_satisfied_level(name) is is_satisfied]
        if further:
            ordered = sorted((column, *further), key=lambda name: header.places.get(name, 0))
            yield SummedLevelColumns(is_satisfied, tuple(header.column_title(name) for name in ordered))


def claim_verdict_of_row(row: AuditedMonthRow, asked: TableClaim) -> TargetVerdict | None:
    """Return whether the row's interval meets the claim, None where nothing is claimed of it."""
    if asked.claim is None or not asked.range.includes_row(row) or row.true_percent is None:
        return None
    return compare_rate_with_target(row.true_rate, ShareOfPeople(float(asked.claim) / 100))


# -- reading rows ------------------------------------------------------------------------------------------------------


def _read_rows(
    lines: Sequence[reading.TypedLine], signs: reading.NumberNotation, found: list[TableFinding]
) -> list[AuditedMonthRow]:
    """Return the rows with what can be read of them; what can't goes to `found`."""
    rows: list[AuditedMonthRow] = []
    before: int | None = None
    for line in lines:
        month = reading.printable_row_name(line.month)
        when = reading.parse_year_and_month(month)
        columns = (reading.SATISFIED, reading.DISSATISFIED, *line.levels)
        if not any(line.cell_text(name) for name in (*columns, reading.STATED)) and when is None and not line.is_torn:
            continue  # a remark, or nothing
        sums_up = when is None and reading.is_summary_name(month)
        row = AuditedMonthRow(line.number, month or f"#{line.number}", is_summary=sums_up)
        if when is not None:
            before = _month_number_from_year_zero(when, before)
            label = (
                f"{before // reading.MONTHS:04d}-{before % reading.MONTHS + 1:02d}"
                if before >= reading.MONTHS * 100
                else month
            )
            row = replace(row, at=before, month=label)
        elif not sums_up:
            found.append(TableFinding(IMPOSSIBLE if month else MISSING, (row.month,), {"what": "month"}))
        if line.is_torn:
            found.append(TableFinding(IMPOSSIBLE, (row.month,), {"what": "torn"}))
            rows.append(row)
            continue
        row = replace(
            row,
            satisfied=signs.satisfied_ratings_in_line(line),
            dissatisfied=signs.dissatisfied_count(line),
            percent=signs.stated_percent(line),
            total=signs.count(line, reading.TOTAL),
        )
        for name in (*columns, reading.STATED):
            cell = line.cell_text(name)
            what = (
                "stated"
                if name == reading.STATED
                else "satisfied"
                if signs.is_satisfied_level(name)
                else "dissatisfied"
            )
            value = row.percent if name == reading.STATED else signs.count(line, name)
            is_due = not sums_up and not (name == reading.STATED and row.answer_counts == (0, 0))
            if (
                cell and value is None and not (sums_up and reading.is_number_text(cell))
            ):  # Means of counts have decimals.
                found.append(TableFinding(IMPOSSIBLE, (row.month,), {"what": what}))
            elif not cell and is_due:
                found.append(TableFinding(MISSING, (row.month,), {"what": what}))
        rows.append(row)
    for row in rows:
        if row.percent and not 0 <= row.percent.value <= 100:
            found.append(TableFinding(IMPOSSIBLE, (row.month,), {"what": "stated"}))
        elif row.percent and row.answer_counts == (0, 0):
            found.append(TableFinding(IMPOSSIBLE, (row.month,), {"what": "nobody"}))
    totalled = [
        (row, row.total == sum(row.answer_counts)) for row in rows if row.answer_counts and row.total is not None
    ]
    if 2 * sum(is_right for _row, is_right in totalled) > len(totalled):  # Else it is the total of something else.
        wrong = [row for row, is_right in totalled if not is_right]
        found += [TableFinding(IMPOSSIBLE, (row.month,), {"what": "total"}) for row in wrong]
    return rows


def _month_number_from_year_zero(when: tuple[int | None, int], before: int | None) -> int:
    """Return a month's number from year 0; one without a year is the first such month after the row before."""
    year, month = when
    if year is not None:
        return year * reading.MONTHS + month - 1
    if before is None:
        return month - 1
    first = before - before % reading.MONTHS + month - 1
    return first if first > before else first + reading.MONTHS


def _consecutive_month_runs(months: Sequence[AuditedMonthRow]) -> list[list[AuditedMonthRow]]:
    blocks: list[list[AuditedMonthRow]] = []
    for row in months:
        if blocks and row.at is not None and row.at - (blocks[-1][-1].at or 0) <= 1:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def _rows_with_assigned_rounding_unit(block: Sequence[AuditedMonthRow]) -> list[AuditedMonthRow]:
    """Return the rows with the unit that each value is held to: its own, or the commonest of the block where it has
    fewer decimals, as after a zero that was dropped. Of two as common the coarser counts."""
    counts = Counter(row.percent.decimals for row in block if row.percent and row.percent_if_typed_as_share is None)
    usual = min((n for n in counts if counts[n] == max(counts.values())), default=0)
    return [
        replace(row, unit=Fraction(10) ** -max(usual, row.percent.decimals)) if row.percent else row for row in block
    ]


# -- findings ----------------------------------------------------------------------------------------------------------


def _wrong_percentage_findings(rows: Sequence[AuditedMonthRow]) -> list[TableFinding]:
    wrong = [row for row in rows if row.is_wrong]
    if not wrong:
        return []
    of = sum(row.stated_minus_true_percent is not None for row in rows)
    shares = tuple(row for row in wrong if row.percent_if_typed_as_share is not None)
    others = [row for row in wrong if row.percent_if_typed_as_share is None]
    worst = max(others or wrong, key=lambda row: abs(row.stated_minus_true_percent or Fraction(0)))
    return [
        TableFinding(WRONG, _distinct_months(wrong), {"worst": worst, "of": of, "n": len(others), "shares": shares})
    ]


def _wrong_formula_findings(rows: Sequence[AuditedMonthRow]) -> list[TableFinding]:
    """Find wrong values that are 1 − D ÷ S, rounded or cut to their block's precision."""
    slipped = []
    for row in rows:
        if row.is_wrong and row.answer_counts and row.answer_counts[0]:
            satisfied, dissatisfied = row.answer_counts
            other = Fraction(100 * (satisfied - dissatisfied), satisfied)
            if row.stated_percent in (
                _rounded_to_unit(other, row.unit, ROUND_HALF_UP),
                _rounded_to_unit(other, row.unit, ROUND_DOWN),
            ):
                slipped.append(row)
    return [TableFinding(SLIP, _distinct_months(slipped))] if slipped else []


def _copied_counts_findings(blocks: Sequence[Sequence[AuditedMonthRow]]) -> list[TableFinding]:
    """Find blocks of 3 months or more with the same counts in the same order; that nobody was dissatisfied may well
    come twice."""
    found = []
    columns: tuple[tuple[str, Callable[[AuditedMonthRow], int | None]], ...] = (
        ("satisfied", lambda row: row.satisfied),
        ("dissatisfied", lambda row: row.dissatisfied),
    )
    for column, cell in columns:
        alike: dict[tuple[int | None, ...], list[Sequence[AuditedMonthRow]]] = {}
        for block in blocks:
            counts = tuple(cell(row) for row in block)
            if len(counts) >= FEWEST_COPIED and None not in counts and any(counts):
                alike.setdefault(counts, []).append(block)
        for same in alike.values():
            if len(same) > 1:
                spans = tuple((block[0].month, block[-1].month) for block in same)
                rows = _distinct_months([row for block in same for row in block])
                found.append(TableFinding(COPIED, rows, {"column": column, "spans": spans}))
    return found


def _claim_findings(months: Sequence[AuditedMonthRow], asked: TableClaim) -> list[TableFinding]:
    if asked.claim is None:
        return []
    known = [row for row in months if asked.range.includes_row(row) and row.true_percent is not None]
    below = [row for row in known if row.true_percent is not None and row.true_percent <= Fraction(asked.claim)]
    details = {"claim": asked.claim, "below": tuple(below), "of": len(known)}
    return [TableFinding(CLAIM, _distinct_months(below), details)] if below else []


def _mean_as_headline_finding(
    headline: Decimal,
    name: str,
    months: Sequence[AuditedMonthRow],
    blocks: Sequence[Sequence[AuditedMonthRow]],
    asked: MonthRange,
) -> TableFinding | None:
    """Find a headline that is the mean of the stated values of the range asked for, of a block or of all, and not their
    pooled rate."""
    exponent = headline.as_tuple().exponent
    unit = Fraction(10) ** (exponent if isinstance(exponent, int) else 0)
    given, whole = Fraction(headline), _pooled_percent_of_months(months)
    if whole is not None and _rounded_to_unit(whole, unit, ROUND_HALF_UP) == given:
        return None
    ranged = [row for row in months if asked.includes_row(row)] if asked != MonthRange() else []
    for rows in (ranged, *blocks, months):
        stated = [row for row in rows if row.stated_percent is not None]
        together = _pooled_percent_of_months(rows)
        if len(stated) < 2 or together is None:
            continue
        mean = sum((row.stated_percent or Fraction(0) for row in stated), Fraction(0)) / len(stated)
        if (
            _rounded_to_unit(mean, unit, ROUND_HALF_UP) == given
            and _rounded_to_unit(together, unit, ROUND_HALF_UP) != given
        ):
            n = sum(sum(row.answer_counts) for row in rows if row.answer_counts)
            return TableFinding(
                MEAN, _distinct_months(stated), {"headline": headline, "pooled": together, "n": n, "name": name}
            )
    return None


def _pooled_percent_of_months(rows: Sequence[AuditedMonthRow]) -> Fraction | None:
    counts = [row.answer_counts for row in rows if row.answer_counts]
    n = sum(sum(one) for one in counts)
    return Fraction(100 * sum(s for s, _d in counts), n) if n else None


def _merge_findings_by_kind(found: Sequence[TableFinding]) -> list[TableFinding]:
    """Return one finding for each kind of trouble with cells, impossible ones first."""
    rows: dict[tuple[str, str], list[str]] = {}
    for finding in sorted(found, key=lambda one: one.kind):
        rows.setdefault((finding.kind, finding.details["what"]), []).extend(finding.rows)
    return [TableFinding(kind, tuple(dict.fromkeys(names)), {"what": what}) for (kind, what), names in rows.items()]


def _distinct_months(rows: Sequence[AuditedMonthRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.month for row in rows))


def _rounded_to_unit(value: Fraction, unit: Fraction, rounding: str) -> Fraction:
    """Return `value` rounded half up or cut, in both cases away from or towards zero, to a multiple of `unit`."""
    steps = abs(value) / unit
    whole = steps.numerator // steps.denominator
    if rounding == ROUND_HALF_UP and steps - whole >= Fraction(1, 2):
        whole += 1
    return whole * unit * (-1 if value < 0 else 1)
