"""Figures from elsewhere: totals of other channels, and yearly indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.channel import (
    LONGEST_NAME,
    MOST,
    ChannelTotal,
    Key,
    Ledger,
    Share,
    counted_twice,
    month_of,
    period_of,
    shares,
    whole_and_sites,
)
from queuedesk.core.imports.indicator import (
    SCALE,
    Compared,
    Indicator,
    checked,
    compared,
    doubts,
    last_reported,
    removed,
)
from queuedesk.core.queue.hallday import business_date
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.store.parts import halls, imports
from queuedesk.store.parts import imports as kept

ROWS_AN_EVENT = 500
NOT_REPORTED, WHOLE_AND_SITES = "not_reported", "total_and_sites"


@changes("channels")
def take_totals(
    change: Change,
    rows: Sequence[ChannelTotal],
    *,
    lines: Sequence[int] = (),
    path: str = "",
    sha256: str | None = None,
) -> Document:
    """Import what channels reported, all or nothing; a new total replaces an existing one.

    An unchanged total leaves no trace. `lines` are the rows' lines in the file at `path`, with the hash `sha256`.
    Raises RuleError "bad_rows" that names every line, each with "unknown_service", "period_not_over", "counted_twice"
    or "bad_value".
    """
    there = _there(change, rows)
    after = there | {one.key: one for one in rows}
    numbered = list(zip(lines or range(1, len(rows) + 1), rows, strict=True))
    twice = _twice(after.values())
    bad = [(line, error) for line, one in numbered if (error := _fault(change, one, twice)) is not None]
    if bad:
        raise RuleError("bad_rows", path=path, lines=bad)
    fresh = [one for one in after.values() if there.get(one.key) != one]
    for start in range(0, len(fresh), ROWS_AN_EVENT):
        chunk = [one.document() for one in fresh[start : start + ROWS_AN_EVENT]]
        change.record("channels", rows=chunk, sha256=sha256)
    new = sum(one.key not in there for one in fresh)
    return {"rows": len(rows), "new": new, "changed": len(fresh) - new, "same": len(rows) - len(fresh)}


@changes("channels")
def set_total(
    change: Change,
    channel: str,
    period: str,
    service: str,
    n: int | None,
    *,
    site: str = "",
    amount_cents: int | None = None,
    keep_amount: bool = False,
) -> Document:
    """Add or correct one total, of a month ("2026-10") or a date; without `n` it is removed.

    `keep_amount`: the existing amount stays.

    Raises RuleError "bad_value", "not_there", "unknown_service", "period_not_over", "counted_twice".
    """
    try:
        first, last = period_of(period)
    except ValueError:
        raise RuleError("bad_value", field="period", value=period[:20], why="not_a_period") from None
    one = ChannelTotal(
        channel=channel.strip(),
        site=site.strip(),
        service=service,
        first=first,
        last=last,
        n=n or 0,
        amount_cents=amount_cents,
    )
    there = _there(change, [one])
    if n is None:
        if one.key not in there:
            raise RuleError("not_there", kind="total", code=" ".join(filter(None, (channel, site, period, service))))
        change.record("channels", rows=[one.document() | {"n": None, "amount_cents": None}])
        return {**total_document(one), "n": None, "amount": None}
    if keep_amount and one.key in there:
        one = replace(one, amount_cents=there[one.key].amount_cents)
    fault = _fault(change, one, _twice((there | {one.key: one}).values()))
    if fault is not None:
        raise fault
    if there.get(one.key) != one:
        change.record("channels", rows=[one.document()])
    return total_document(one)


def ledger_of(desk: Desk, now: datetime, first: date | None = None, last: date | None = None) -> Ledger:
    """Return the totals whose whole month or date lies between `first` and `last`, and what follows from them."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        known = imports.channel_totals(tx, desk.hall)
        own = [one for one in known if (not first or one.first >= first) and (not last or one.last <= last)]
        finished = {}
        if own:
            end = month_of(max(one.last for one in own))[1]
            finished = imports.finished_by_service(tx, desk.hall, own[0].first.replace(day=1), end)
    asked = {(one.service, one.first.replace(day=1)) for one in own}
    found = shares(known, finished, business_date(setup, now))
    return Ledger(
        tuple(own), tuple(one for one in found if (one.service, one.month) in asked), tuple(whole_and_sites(own))
    )


def ledger_document(ledger: Ledger) -> Document:
    """Return it with the notes that a reader needs; the front end writes the sentences."""
    warnings = [
        {"kind": NOT_REPORTED, "month": f"{one.month:%Y-%m}", "service": one.service, "missing": _reporters(one)}
        for one in ledger.shares
        if one.missing
    ]
    warnings += [{"kind": WHOLE_AND_SITES, "month": f"{month:%Y-%m}", "channel": code} for code, month in ledger.twice]
    return {
        "totals": [total_document(one) for one in ledger.totals],
        "shares": [
            {
                "service": one.service,
                "month": f"{one.month:%Y-%m}",
                "hall": one.hall,
                "elsewhere": one.elsewhere,
                "share": None if one.share is None else round(one.share, 6),
            }
            for one in ledger.shares
        ],
        "warnings": warnings,
    }


def total_document(one: ChannelTotal) -> Document:
    """Return a total; `period` is its month or date."""
    return {
        "channel": one.channel,
        "site": one.site or None,
        "period": one.period,
        "service": one.service,
        "n": one.n,
        "amount": None if one.amount_cents is None else one.amount_cents / 100,
    }


def _reporters(one: Share) -> list[Document]:
    return [{"channel": channel, "site": site or None} for channel, site in one.missing]


def _there(change: Change, rows: Sequence[ChannelTotal]) -> dict[Key, ChannelTotal]:
    """Return what is known of the months of `rows`."""
    if not rows:
        return {}
    first, last = min(one.first for one in rows), max(one.last for one in rows)
    known = imports.channel_totals(change.tx, change.book.id, first.replace(day=1), month_of(last)[1])
    return {one.key: one for one in known}


def _twice(totals: Iterable[ChannelTotal]) -> dict[Key, ChannelTotal]:
    """Return the totals that count something twice, each with the month's total that does: that one too."""
    found = counted_twice(totals)
    return found | {month.key: month for month in found.values()}


def _fault(change: Change, one: ChannelTotal, twice: dict[Key, ChannelTotal]) -> RuleError | None:
    if not one.channel:
        return RuleError("bad_value", field="channel", value=None, why="empty")
    for field, text in (("channel", one.channel), ("site", one.site)):
        if len(text) > LONGEST_NAME:
            return RuleError("bad_value", field=field, value=text[:20], why="too_long")
    if one.service not in change.setup.services:
        return RuleError("unknown_service", service=one.service)
    if not 0 <= one.n <= MOST:
        return RuleError("bad_value", field="total", value=one.n, why="out_of_range")
    if not 0 <= (one.amount_cents or 0) <= 100 * MOST:
        return RuleError("bad_value", field="amount", value=(one.amount_cents or 0) / 100, why="out_of_range")
    if one.last > change.date:
        return RuleError("period_not_over", period=one.period)
    month = twice.get(one.key)
    if month is not None:
        return RuleError("counted_twice", channel=one.channel, service=one.service, month=month.period)
    return None


# Imports and reads yearly indicators; the last report of a year counts.

LONGEST_INDICATOR, LONGEST_SOURCE = 100, 200
FIRST_YEAR, LAST_YEAR = 1900, 2999
MOST_FIGURE = Decimal(10**6)


@changes("indicators")
def import_indicators(change: Change, rows: Sequence[Indicator]) -> Document:
    """Import what was reported; a new figure of an indicator and year replaces an existing one. An unchanged figure
    leaves no trace."""
    known = last_reported(kept.indicator_reports(change.tx, change.book.id))
    fresh = [row for row in rows if known.get((row.year, row.name)) != row]
    if fresh:
        change.record("indicators", rows=[row.document() for row in fresh])
    return {"years": sorted({row.year for row in rows}), "indicators": len(rows)}


@changes("indicators")
def set_indicator(
    change: Change, name: str, year: int, figures: Mapping[str, Decimal | None], *, source: str | None = None
) -> Document:
    """Add or correct figures of one year: `score`, `scale`, `weight`, `change` (as stated); what is not given stays as
    it was.

    None means not reported. Raises RuleError "bad_value".
    """
    there = last_reported(kept.indicator_reports(change.tx, change.book.id)).get((year, name.strip()))
    before = there or Indicator(year=year, name=name.strip(), top=SCALE)
    scale = figures.get("scale")
    one = replace(
        before,
        score=figures.get("score", before.score),
        top=before.top if scale is None else scale,
        weight=figures.get("weight", before.weight),
        change=figures.get("change", before.change),
        source=before.source if source is None else source.strip(),
    )
    _must_fit(one)
    if one != there:
        change.record("indicators", rows=[one.document()])
    return _row(next(row for row in _after(change) if (row.indicator.year, row.indicator.name) == (year, one.name)))


@changes("indicators")
def remove_indicator(change: Change, name: str, year: int) -> Document:
    """Remove an indicator from a year; the log keeps its old value. Raises RuleError "not_there"."""
    found = last_reported(kept.indicator_reports(change.tx, change.book.id)).get((year, name.strip()))
    if found is None:
        raise RuleError("not_there", kind="indicator", code=f"{name} {year}")
    change.record("indicators", rows=[removed(year, found.name)])
    return {"year": year, "name": found.name}


def indicators_of(desk: Desk) -> list[Compared]:
    """Return every indicator as last reported, by year, against the year before."""
    with desk.db.read() as tx:
        return compared(last_reported(kept.indicator_reports(tx, desk.hall)).values())


def indicators_document(rows: Sequence[Compared]) -> Document:
    """Return them with the notes that a reader needs; the front end writes the sentences."""
    return {
        "indicators": [_row(row) for row in rows],
        "warnings": [{"kind": one.kind, "year": one.year, "names": list(one.names)} for one in doubts(rows)],
    }


def _after(change: Change) -> list[Compared]:
    return compared(last_reported(kept.indicator_reports(change.tx, change.book.id)).values())


def _must_fit(one: Indicator) -> None:
    for field, text, limit in (("name", one.name, LONGEST_INDICATOR), ("source", one.source, LONGEST_SOURCE)):
        if len(text) > limit:
            raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
    if not one.name:
        raise RuleError("bad_value", field="name", value=None, why="empty")
    if not FIRST_YEAR <= one.year <= LAST_YEAR:
        raise RuleError("bad_value", field="year", value=one.year, why="out_of_range")
    for field, figure, least in (("weight", one.weight, 0), ("change", one.change, -MOST_FIGURE)):
        if figure is not None and not least <= figure <= MOST_FIGURE:
            raise RuleError("bad_value", field=field, value=f"{figure:f}", why="out_of_range")
    if not 0 < one.top <= MOST_FIGURE:
        raise RuleError("bad_value", field="scale", value=f"{one.top:f}", why="out_of_range")
    try:
        checked(one)
    except ValueError:
        raise RuleError(
            "bad_value", field="score", value=f"{one.score:f}", why="out_of_range", limit=f"0–{one.top:f}"
        ) from None


def _row(row: Compared) -> Document:
    one = row.indicator
    return {
        "year": one.year,
        "name": one.name,
        "score": _number(one.score),
        "scale": _number(one.top),
        "before": _number(row.before),
        "change": _number(row.change),
        "stated_change": _number(one.change),
        "weight": _number(one.weight),
        "source": one.source or None,
    }


def _number(value: object) -> float | int | None:
    if value is None:
        return None
    figure = float(str(value))
    return int(figure) if figure.is_integer() else figure
