"""Any document of figures as cells: each figure under its path, each list as a table; what is said of a satisfaction
rate as tables; both as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from queuedesk.core.figures import comparing, periods, satisfaction
from queuedesk.core.figures.measures.targets_reached import RULES
from queuedesk.features.figure_files.words import figure_name
from queuedesk.i18n import name_in_language, tr
from queuedesk.reports.figures import rates as rate_rows
from queuedesk.reports.figures.figure_words import figure_definitions
from queuedesk.reports.figures.period import PeriodReport

HOURS = "hours"
LISTS = (HOURS, "services", "windows", "staff", "left_out")
"""What is a list in the document, in the order in which it is read."""
NAMING = 2
"""How many of a row's first figures name it: a date and a ticket, a device and its station."""
MINUTES, SHARE, COUNT, TEXT, POINTS = "minutes", "share", "count", "text", "points"
_SHARES = frozenset({"rate", "low", "high", "within_target", "share"})
_MINUTES = frozenset(
    {"mean", "median", "p90", "max", "mean_wait", "minutes_lost", "mean_minutes_beyond", "minutes", "minutes_saved"}
)
_POINTS = frozenset({"median", "mean", "median_seconds"})
_RULES = frozenset({"target_minutes", "minutes_each", *(rule for rule in RULES if rule.endswith("_minutes"))})
"""Minutes that somebody set: whole numbers."""


def flattened_figures(figures: Mapping[str, Any]) -> Iterator[tuple[str, rate_rows.Cell]]:
    """Yield every figure outside lists as (path, value), "wait.mean" and the like, in the document's order."""
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{path}", cell) for path, cell in flattened_figures(value))
        elif not isinstance(value, list):
            yield key, value


def row_lists_with_paths(figures: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every list with its path: first LISTS, then "measures.outcomes" and the like in the document's order.

    A list inside rows becomes a table of its own, each of its rows preceded by the name of the outer row."""
    for name in LISTS:
        yield name, uniquely_named_half_hour_rows(figures[name]) if name == HOURS else figures[name]
    for path, rows in _nested_lists_with_paths("", {key: value for key, value in figures.items() if key not in LISTS}):
        yield path, rows
        for key in dict.fromkeys(key for row in rows for key, value in row.items() if isinstance(value, list)):
            yield f"{path}.{key}", [_naming_columns_of_row(row) | one for row in rows for one in row[key]]


def uniquely_named_half_hour_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return half-hours with the second of one name, where clocks are put back, as "01:30#2"."""
    return [{**row, "from": name} for name, row in comparing.uniquely_named_rows(rows)]


def _nested_lists_with_paths(prefix: str, figures: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for key, value in figures.items():
        if isinstance(value, list):
            yield f"{prefix}{key}", value
        elif isinstance(value, Mapping):
            yield from _nested_lists_with_paths(f"{prefix}{key}.", value)


def _naming_columns_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in list(row)[:NAMING]}


def columns_and_cells(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[rate_rows.Cell]]]:
    """Return a list of the document as columns, named by their paths, and rows."""
    cells = [dict(flattened_figures(row)) for row in rows]
    columns = list(dict.fromkeys(path for row in cells for path in row))
    return columns, [[row.get(column) for column in columns] for row in cells]


def kind_of_figure_column(path: str, row: Mapping[str, Any] | None = None) -> str:
    """Return the kind of a figure: MINUTES, SHARE, COUNT, TEXT, or POINTS, a figure of quality with a fraction. `row`
    is its row if it is in a list."""
    key = path.rpartition(".")[2]
    if path in ("hall", "from", "to", "log.hash", "code", "what") or key == "why":
        return TEXT
    if path.startswith("quality.") or path.endswith("score.mean"):
        return SHARE if key in _SHARES else POINTS if key in _POINTS else COUNT
    if key == "value" and row is not None:
        return SHARE if "rate" in row else MINUTES
    if key in _SHARES:
        return SHARE
    if path == "overtakes.max" or key in _RULES:
        return COUNT
    return MINUTES if key in _MINUTES or key.endswith("_minutes") else COUNT


# The figures as CSV: every figure with its path, value and name, each list as a table of its own, then what each
# figure is.

_DEFINED = ("path", "name", "counted", "of", "left_out", "abandoned")


class _CsvWriterProtocol(Protocol):
    def writerow(self, row: Iterable[Any], /) -> Any: ...
    def writerows(self, rows: Iterable[Iterable[Any]], /) -> None: ...


def figures_csv_bytes(
    document: Mapping[str, Any], lang: str, more: Iterable[tuple[str, Sequence[Sequence[rate_rows.Cell]]]] = ()
) -> bytes:
    """Return the document of one hall, or of several: paths then begin with "halls.CODE." or "all.".

    `more` are further tables by name, their header first."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    parts = list(_path_prefixes_and_hall_figures(document))
    rows.writerow(["figure", "value", "name"])
    for prefix, figures in parts:
        rows.writerows(
            [prefix + path, rate_rows.csv_cell(value), figure_name(path, lang)]
            for path, value in flattened_figures(figures)
        )
    for prefix, figures in parts:
        for name, found in row_lists_with_paths(figures):
            columns, cells = columns_and_cells(found)
            if cells:
                _write_named_table(rows, f"{prefix}{name}", [columns, *cells])
    for name, own in more:
        _write_named_table(rows, name, own)
    told = figure_definitions(parts[0][1], lang)
    _write_named_table(rows, "definitions", [_DEFINED, *([getattr(one, key) for key in _DEFINED] for one in told)])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _write_named_table(rows: _CsvWriterProtocol, name: str, cells: Iterable[Sequence[rate_rows.Cell]]) -> None:
    rows.writerow([])
    rows.writerow([name])
    rows.writerows([rate_rows.csv_cell(cell) for cell in row] for row in cells)


def _path_prefixes_and_hall_figures(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "halls" not in document:
        yield "", document
        return
    yield "all.", document["all"]
    for figures in document["halls"]:
        yield f"halls.{figures['hall']}.", figures


# What the page on satisfaction says as tables: for the workbook, and for CSV.

BY_DATE, CHANGE, ANSWERS, HALLS, STAFF, SAME_MIX = "by_date", "change", "answers", "halls", "staff", "same_mix"
DIGITS = 6


class RateTable(Struct, frozen=True):
    """A table: its key, the title and kind of each column, and its rows. Shares lie in 0..1."""

    key: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[rate_rows.Cell]]


def nonempty_rate_tables(
    read: PeriodReport, rates: rate_rows.SatisfactionRateWithComparisons, lang: str
) -> list[RateTable]:
    """Return the tables that have rows, in the order of the page; names of halls and people are in `lang`."""
    found = [
        _response_rate_table(rates),
        *([_rates_by_date_table(rates.by_date)] if rates.by_date else []),
        _rate_change_table(read, rates),
    ]
    halls = {
        hall.setup.hall.code: name_in_language(hall.setup.hall.name, hall.setup.hall.name_en, lang)
        for hall in read.halls
    }
    if rates.halls:
        found.append(_hall_or_staff_rates_table(HALLS, rates.halls, lambda code: halls[code]))
    if rates.alike is not None and len(read.halls) > 1:
        found.append(_same_mix_table(read, rates.alike))
    if rates.clerks:
        found.append(
            _hall_or_staff_rates_table(STAFF, rates.clerks, lambda code: read.report_setups.staff_name(code, lang))
        )
    return [one for one in found if one.rows]


def _response_rate_table(rates: rate_rows.SatisfactionRateWithComparisons) -> RateTable:
    one = rates.response
    columns = [
        ("rated", COUNT),
        ("unrated", COUNT),
        ("answered", SHARE),
        ("answered_at_least", SHARE),
        ("lowest", SHARE),
        ("highest", SHARE),
    ]
    if not one.rated + one.silent:
        return RateTable(ANSWERS, columns, [])
    row = [
        one.rated,
        one.silent,
        _round_or_none(one.share),
        satisfaction.FEW_RESPONSES,
        _round_or_none(one.lowest),
        _round_or_none(one.highest),
    ]
    return RateTable(ANSWERS, columns, [row])


def _rates_by_date_table(by_date: rate_rows.RatesByDateWithLimits) -> RateTable:
    columns = [
        ("from", "date"),
        ("to", "date"),
        ("n", COUNT),
        ("satisfied", COUNT),
        ("rate", SHARE),
        ("centre", SHARE),
        ("limit_low", SHARE),
        ("limit_high", SHARE),
        ("outside", COUNT),
    ]
    rows: list[Sequence[rate_rows.Cell]] = [
        [
            slot.first.isoformat(),
            slot.last.isoformat(),
            point.n,
            slot.satisfied,
            _round_or_none(point.rate),
            _round_or_none(by_date.centre),
            _round_or_none(point.low),
            _round_or_none(point.high),
            int(point.is_beyond_chance_limits),
        ]
        for slot, point in zip(by_date.slots, by_date.points, strict=True)
        if point.n
    ]
    return RateTable(BY_DATE, columns, rows)


def _rate_change_table(read: PeriodReport, rates: rate_rows.SatisfactionRateWithComparisons) -> RateTable:
    before, difference = rates.before, rates.before.difference
    columns = [
        ("what", TEXT),
        ("from", "date"),
        ("to", "date"),
        ("n", COUNT),
        ("rate", SHARE),
        ("low", SHARE),
        ("high", SHARE),
    ]

    def rate_row(what: str, first: str, last: str, found: satisfaction.Rate) -> list[rate_rows.Cell]:
        return [
            what,
            first,
            last,
            found.n,
            _round_or_none(found.rate),
            _round_or_none(found.low),
            _round_or_none(found.high),
        ]

    if difference.difference is None:
        return RateTable(CHANGE, columns, [])
    rows: list[list[rate_rows.Cell]] = [
        rate_row("before", before.first.isoformat(), before.last.isoformat(), before.found),
        rate_row("now", read.first.isoformat(), read.last.isoformat(), rates.found),
        [
            "difference",
            None,
            None,
            None,
            *(_round_or_none(one) for one in (difference.difference, difference.low, difference.high)),
        ],
    ]
    return RateTable(CHANGE, columns, rows)


def _hall_or_staff_rates_table(
    key: str, members: Sequence[rate_rows.RateAmongOthers], name: Callable[[str], str]
) -> RateTable:
    columns = [
        ("code", TEXT),
        ("name", TEXT),
        ("n", COUNT),
        ("satisfied", COUNT),
        ("rate", SHARE),
        ("low", SHARE),
        ("high", SHARE),
        ("funnel95_low", SHARE),
        ("funnel95_high", SHARE),
        ("funnel998_low", SHARE),
        ("funnel998_high", SHARE),
        ("pooled", SHARE),
        ("weight", SHARE),
        ("place", COUNT),
    ]
    rows: list[Sequence[rate_rows.Cell]] = [
        [
            one.code,
            name(one.code),
            one.found.n,
            one.counts[0],
            *(
                _round_or_none(figure)
                for figure in (
                    one.found.rate,
                    one.found.low,
                    one.found.high,
                    one.inner.low,
                    one.inner.high,
                    one.outer.low,
                    one.outer.high,
                    one.pooled.believed,
                    one.pooled.weight,
                )
            ),
            one.pooled.rank,
        ]
        for one in members
    ]
    return RateTable(key, columns, rows)


def _same_mix_table(read: PeriodReport, alike: rate_rows.HallFiguresAtSameMix) -> RateTable:
    columns = [
        ("code", TEXT),
        ("mean_wait", MINUTES),
        ("mean_wait_same_mix", MINUTES),
        ("within_target", SHARE),
        ("within_target_same_mix", SHARE),
        ("rate", SHARE),
        ("rate_same_mix", SHARE),
    ]
    rows: list[Sequence[rate_rows.Cell]] = [
        [
            hall.setup.hall.code,
            hall.figures["wait"]["mean"],
            None if alike.waits.figures[i] is None else round(alike.waits.figures[i] or 0.0, 2),
            hall.figures["wait"]["within_target"],
            _round_or_none(alike.within.figures[i]),
            hall.figures["ratings"]["rate"],
            _round_or_none(alike.rates.figures[i]),
        ]
        for i, hall in enumerate(read.halls)
    ]
    return RateTable(SAME_MIX, columns, rows)


def _round_or_none(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def rate_tables_with_headers(
    read: PeriodReport, rates: rate_rows.SatisfactionRateWithComparisons, lang: str
) -> list[tuple[str, Sequence[Sequence[rate_rows.Cell]]]]:
    """Return the tables as "rates.by_date" and the like, each with its header of keys."""
    return [
        (f"rates.{one.key}", [[key for key, _kind in one.columns], *one.rows])
        for one in nonempty_rate_tables(read, rates, lang)
    ]


def rates_document(read: PeriodReport, rates: rate_rows.SatisfactionRateWithComparisons, lang: str) -> dict[str, Any]:
    """Return the tables by key, a list of rows each, as JSON has them: `answers` is one row, null where nobody could
    have rated.

    A table that the span lacks is an empty list. Halls and people are given by code only."""
    found: dict[str, Any] = {key: [] for key in (ANSWERS, BY_DATE, CHANGE, HALLS, SAME_MIX, STAFF)}
    for one in nonempty_rate_tables(read, rates, lang):
        keys = [key for key, _kind in one.columns]
        found[one.key] = [
            {
                key: bool(cell) if key == "outside" else cell
                for key, cell in zip(keys, row, strict=True)
                if key != "name"
            }
            for row in one.rows
        ]
    found[ANSWERS] = next(iter(found[ANSWERS]), None)
    return found


# -- words -------------------------------------------------------------------------------------------------------------


def rate_table_title(key: str, lang: str) -> str:
    """Return a table's title, short enough for the tab of a sheet."""
    return {
        ANSWERS: tr(lang, "Who answered", context="rates"),
        BY_DATE: tr(lang, "Rate by date", context="rates"),
        CHANGE: tr(lang, "Against the period before"),
        HALLS: tr(lang, "Rates of halls", context="rates"),
        STAFF: tr(lang, "Staff rates", context="rates"),
        SAME_MIX: tr(lang, "Like for like"),
    }[key]


def column_word(key: str, lang: str) -> str:
    """Return a column's title."""
    return {
        "answered": tr(lang, "Share that rated", context="rates"),
        "answered_at_least": tr(lang, "Below this a hint only", context="rates"),
        "lowest": tr(lang, "All others dissatisfied", context="rates"),
        "highest": tr(lang, "All others satisfied", context="rates"),
        "centre": tr(lang, "Rate of all", context="rates"),
        "limit_low": tr(lang, "Limit below", context="rates"),
        "limit_high": tr(lang, "Limit above", context="rates"),
        "outside": tr(lang, "Outside (1)", context="rates"),
        "what": tr(lang, "Which", context="rates"),
        "name": tr(lang, "Name", context="field"),
        "funnel95_low": tr(lang, "95 % of chance from", context="rates"),
        "funnel95_high": tr(lang, "95 % of chance to", context="rates"),
        "funnel998_low": tr(lang, "99.8 % of chance from", context="rates"),
        "funnel998_high": tr(lang, "99.8 % of chance to", context="rates"),
        "pooled": tr(lang, "Combined estimate", context="rates"),
        "weight": tr(lang, "Own weight", context="rates"),
        "place": tr(lang, "Place, from 30 ratings on", context="rates"),
        "mean_wait_same_mix": tr(lang, "Mean wait, same mix, min", context="rates"),
        "within_target_same_mix": tr(lang, "In time, same mix", context="rates"),
        "rate_same_mix": tr(lang, "Satisfied, same mix", context="rates"),
    }[key]


def compared_period_word(what: str, lang: str) -> str:
    """Return which of the two periods a row is for, or that it is their difference."""
    return {
        "before": tr(lang, "before", context="rates"),
        "now": tr(lang, "now", context="rates"),
        "difference": tr(lang, "difference", context="rates"),
    }[what]


# -- a report as a file ------------------------------------------------------------------------------------------------


def period_csv_bytes(read: PeriodReport, lang: str) -> bytes:
    """Return the document with the rates of the period."""
    return figures_csv_bytes(
        read.document, lang, rate_tables_with_headers(read, rate_rows.period_satisfaction_rates(read), lang)
    )


def period_json(read: PeriodReport, lang: str) -> bytes:
    """Return the document with the rates of a period behind it; a day's has none."""
    rates = (
        {}
        if read.period == periods.DAY
        else {"rates": rates_document(read, rate_rows.period_satisfaction_rates(read), lang)}
    )
    return (json.dumps({**read.document, **rates}, ensure_ascii=False, indent=2) + "\n").encode()
