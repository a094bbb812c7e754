"""The rules behind figures as they stood, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from queuedesk.core.queue.appointment import CLASS as APPOINTMENT
from queuedesk.core.queue.dispatch import PRIORITY_FIRST, rule_of_settings
from queuedesk.core.setup.time_of_day import clock_text, minutes_of
from queuedesk.i18n import date_short, ntr, tr
from queuedesk.i18n.moments import listing
from queuedesk.i18n.queue.line_words import rule_text
from queuedesk.reports.draw.pdf import Block, escape, heading, line, sentences, together
from queuedesk.reports.figures.figure_words import joined
from queuedesk.reports.figures.period import Coded

Row = Mapping[str, Any]
SHARES = (0.13, 0.15, 0.72)
SIZE = 7.6


def rules_table(figures: Row, names: Coded, lang: str) -> list[Block]:
    """Return the rules of a span as a table with its heading: those of its first date, then the changes; nothing if
    none is known."""
    rows: Sequence[Row] = figures["rules"]
    if not rows:
        return []
    titles = [tr(lang, "From", context="rules"), tr(lang, "Rules", context="rules"), tr(lang, "Rules at the time")]
    cells: list[list[str]] = []
    for before, row in zip([None, *rows], rows, strict=False):
        since = date_short(date.fromisoformat(row["from"]), lang)
        for name, told in _groups(row, before, names, lang):
            cells.append([since, name, told])
            since = ""
    how = tr(lang, "All figures follow the rules of today; this says what the hall's rules were then.")
    table = sentences(titles, cells, SHARES, size=SIZE, padding=3.0)
    return together([heading(tr(lang, "Rules of this time")), *table, line(how)])


def rules_line(figures: Row, names: Coded, lang: str) -> list[Block]:
    """Return the rules of a day as small print; nothing if none is known."""
    return [
        line(
            tr(
                lang,
                "<b>Rules of that day.</b> {rules}",
                rules=joined(
                    [
                        tr(lang, "<b>{group}:</b> {rules}", group=escape(name), rules=escape(told))
                        for name, told in _groups(row, None, names, lang)
                    ],
                    lang,
                ),
            ),
            size=SIZE,
            gap=12,
        )
        for row in figures["rules"][-1:]
    ]


def rules_words(row: Row, names: Coded, lang: str) -> str:
    """Return all rules of a date in one text."""
    return joined([told for _name, told in _groups(row, None, names, lang)], lang)


def order_words(row: Row, names: Coded, lang: str) -> str:
    """Return the rule by which tickets were called, including the credits of their classes."""
    return _order(row, names, lang) if _is_known(row, _ORDER) else _differs(lang)


def _groups(row: Row, before: Row | None, names: Coded, lang: str) -> list[tuple[str, str]]:
    """Return the groups that are others than `before`, each with its name and what stands in it."""
    groups: tuple[tuple[str, Sequence[str], Callable[[Row, Coded, str], str]], ...] = (
        (tr(lang, "Waiting", context="rules"), ("wait_target_minutes",), _waiting),
        (tr(lang, "Order of calls", context="rules"), _ORDER, _order),
        (
            tr(lang, "Late-comers", context="rules"),
            ("calls_before_missed", "return_minutes", "return_numbers", "postponements"),
            _late,
        ),
        (
            tr(lang, "Appointments", context="rules"),
            ("appointment_early_minutes", "appointment_grace_minutes"),
            _appointments,
        ),
        (
            tr(lang, "At the windows", context="rules"),
            ("call_at_finish", "outcome_required", "opening_checks", "form_free_minutes"),
            _windows,
        ),
        (
            tr(lang, "Ratings, returns", context="rules"),
            ("rating_days", "rating_questions", "first_visit_days"),
            _visits,
        ),
        (
            tr(lang, "The day's end", context="rules"),
            ("closing", "closing_margin_minutes", "overnight", "day_end"),
            _day_end,
        ),
    )
    # A hall's row lacks the rules of what it does not use.
    there = ((name, [key for key in keys if key in row], tell) for name, keys, tell in groups)
    return [
        (name, tell(row, names, lang) if _is_known(row, keys) else _differs(lang))
        for name, keys, tell in there
        if keys and (before is None or any(row[key] != before[key] for key in keys))
    ]


_ORDER = ("order", "jump_every", "order_guard", "credits")


def _is_known(row: Row, keys: Sequence[str]) -> bool:
    return all(row[key] is not None for key in keys)


def _differs(lang: str) -> str:
    return tr(lang, "Not the same in every hall.")


def _sentence(parts: Sequence[str], lang: str) -> str:
    return tr(lang, "{clauses}.", clauses=tr(lang, "; ", context="list").join(parts), context="one sentence")


def _waiting(row: Row, names: Coded, lang: str) -> str:
    n = row["wait_target_minutes"]
    return _sentence([tr(lang, "A call within {n} min is in time", n=n)], lang)


def _order(row: Row, names: Coded, lang: str) -> str:
    rule = rule_of_settings(row)
    told = [rule_text(rule, lang)]
    shown = [
        names.klass(code, lang)
        if rule.order == PRIORITY_FIRST
        else tr(lang, "{name} {n} min", name=names.klass(code, lang), n=n, context="credit")
        for code, n in row["credits"].items()
        if code != APPOINTMENT or names.uses("appointments")
    ]
    if shown:
        told.append(tr(lang, "priority: {classes}", classes=listing(shown, lang)))
    return _sentence(told, lang)


def _late(row: Row, names: Coded, lang: str) -> str:
    calls, lets = row["calls_before_missed"], row["postponements"]
    back = tr(
        lang,
        "third in line again if back within {minutes} min or {numbers} numbers, else last",
        minutes=row["return_minutes"],
        numbers=row["return_numbers"],
    )
    parts = [ntr(lang, "Missed after {n} call", "Missed after {n} calls", calls), back]
    parts.append(
        ntr(lang, "may let others go first {n} time", "may let others go first {n} times", lets)
        if lets
        else tr(lang, "nobody may let others go first")
    )
    return _sentence(parts, lang)


def _appointments(row: Row, names: Coded, lang: str) -> str:
    early, late = row["appointment_early_minutes"], row["appointment_grace_minutes"]
    parts = [
        tr(lang, "Called from {n} min before their time on", n=early),
        tr(lang, "kept until {n} min after it", n=late),
    ]
    return _sentence(parts, lang)


def _windows(row: Row, names: Coded, lang: str) -> str:
    saved = row["form_free_minutes"]
    parts = [
        tr(lang, "Finishing one calls the next")
        if row["call_at_finish"] == "on"
        else tr(lang, "The next one is called by hand"),
        tr(lang, "no finish without an outcome")
        if row["outcome_required"] == "on"
        else tr(lang, "an outcome may be left out"),
        *([_checks(row, lang)] if "opening_checks" in row else []),
        tr(lang, "a step without a form saves {n} min", n=saved)
        if saved
        else tr(lang, "the time a form takes has not been measured"),
    ]
    return _sentence(parts, lang)


def _checks(row: Row, lang: str) -> str:
    asks = row["opening_checks"] == "on"
    return tr(lang, "no opening without the day's checks") if asks else tr(lang, "opening asks for no checks")


def _visits(row: Row, names: Coded, lang: str) -> str:
    after, returns = row["rating_days"], row["first_visit_days"]
    parts = [
        ntr(lang, "Can be rated until {n} day afterwards", "Can be rated until {n} days afterwards", after)
        if after
        else tr(lang, "Can be rated on the same day"),
        tr(lang, "with two further questions")
        if row["rating_questions"] == "on"
        else tr(lang, "without further questions"),
        ntr(
            lang,
            "settled at the first visit: not back within {n} day",
            "settled at the first visit: not back within {n} days",
            returns,
        ),
    ]
    return _sentence(parts, lang)


def _day_end(row: Row, names: Coded, lang: str) -> str:
    margin, ends = row["closing_margin_minutes"], minutes_of(row["day_end"])
    near = {
        "warn": tr(lang, "Customers who would not be called before closing are warned"),
        "stop": tr(lang, "No ticket for anybody who could not be called before closing"),
        "off": tr(lang, "Nobody is warned near closing"),
    }
    parts = [near[row["closing"]]]
    if margin:
        parts.append(tr(lang, "windows stay open {n} min for those with a ticket", n=margin))
    parts.append(
        tr(lang, "open tickets may have an early place the next day")
        if row["overnight"] == "early_place"
        else tr(lang, "open tickets end with the day")
    )
    parts.append(
        tr(lang, "a day ends at {time}", time=clock_text(ends)) if ends else tr(lang, "a day ends at midnight")
    )
    return _sentence(parts, lang)
