"""What pictures and pages of an improvement project say shortly: figures, dates, signs. Documents are those of
desk.improvement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from queuedesk.core.charts.difference_rows import Certainty
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.catalogue import current, ntr, tr
from queuedesk.i18n.figures.drilldown_words import figure_name, figure_value
from queuedesk.i18n.figures.meanings import EFFECT, meaning
from queuedesk.i18n.improvement import project_words as words
from queuedesk.i18n.moments import date_short, figure_range
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole

Document = Mapping[str, Any]

JUDGEMENT_SIGNS = {
    "open": ("ring", "amber"),
    "confirmed": ("tick", "primary"),
    "rejected": ("cross", "ink2"),
    "cannot_tell": ("ring", "ink2"),
}
"""The sign of each judgement and its colour."""
CERTAINTIES = {
    "better": Certainty.BETTER,
    "worse": Certainty.WORSE,
    "more": Certainty.OTHER,
    "less": Certainty.OTHER,
    "cannot_tell": Certainty.UNSURE,
    "too_few": Certainty.FEW,
}


def rows_text(n: int, of: int, lang: str | None = None) -> str:
    """Return "241 of 2,946"."""
    return tr(lang or current(), "{n} of {of}", context="rows", n=whole(n), of=whole(of))


def level_text(figure: str, part: Document, lang: str | None = None) -> tuple[str, str, str]:
    """Return a side's figure, its unit, and the rows that it is of: "8.2", "%", "241 of 2,946", or "12.5", "min", "95
    rows"."""
    lang = lang or current()
    if "minutes" in part:
        unit = tr(lang, "min", context="unit")
        return decimal(part["minutes"]), unit, ntr(lang, "{n} row", "{n} rows", part["n"])
    return percent(part["rate"]), "%", rows_text(part["n"], part["of"], lang)


def evidence_text(row: Document, lang: str | None = None) -> str:
    """Return what a piece of evidence comes to, shortly: "12.9 : 4.0", "2 of 20", "3 tickets"."""
    lang = lang or current()
    if row["kind"] == "compare":
        return f"{percent(row['with']['rate'])} : {percent(row['without']['rate'])}"
    if row["kind"] == "tickets":
        return ntr(lang, "{n} ticket", "{n} tickets", len(row["tickets"]))
    if row["kind"] == "cases":
        return ntr(lang, "{n} case", "{n} cases", len(row["cases"]))
    if row["kind"] == "count":
        return rows_text(row["count"], row["of"], lang) if row["of"] else whole(row["count"])
    if row["kind"] == "figure" and row.get("what") == "figure":
        return figure_value(row["name"], row["now"], lang) or UNKNOWN
    return tr(lang, "open it", context="cited") if row["kind"] == "figure" else UNKNOWN


def counted_by_hand(row: Document, lang: str | None = None) -> str:
    """Return that a piece of evidence was counted by hand, in whole or in part; "" for what the log says."""
    lang = lang or current()
    if row["kind"] == "count":
        return tr(lang, "counted by hand")
    if row["kind"] != "compare":
        return ""
    hand = [key for key in ("with", "without") if not row[key]["figure"]]
    if len(hand) == 1:
        return tr(lang, "one group counted by hand")
    return tr(lang, "counted by hand") if hand else ""


def span_text(first: str, last: str, lang: str | None = None) -> str:
    """Return two dates as a range: "12 Oct–23 Oct"."""
    one, two = (date_short(date.fromisoformat(day), lang or current()) for day in (first, last))
    return figure_range(one, two)


def target_text(effect: Document, lang: str | None = None) -> str:
    """Return where the figure stands against its target, with its interval; "" without a target that is followed."""
    lang, found = lang or current(), effect["target"]
    if found is None:
        return ""
    is_timed = "minutes" in found
    reached = words.goal_words(found["figure"], found["minutes"] if is_timed else found["rate"], lang)
    value, verdict = words.goal_words(found["figure"], found["value"], lang), words.verdict_word(found["verdict"], lang)
    told = tr(lang, "{reached}, target {value}: {verdict}", reached=reached, value=value, verdict=verdict)
    if found["low"] is None:
        return told
    shown = decimal if is_timed else percent
    return f"{told} ({figure_range(shown(found['low']), shown(found['high']))})"


def compared_lines(setup: Setup, effect: Document, lang: str | None = None) -> list[str]:
    """Return how the two spans were compared, what is left out, what stands out, and how long it takes to tell."""
    lang = lang or current()
    lines = [meaning(EFFECT, lang), words.days_words(effect, lang)]
    for one in effect["figures"]:
        name = figure_name(one["figure"], setup, lang)
        lines += [
            tr(lang, "{figure}: {note}", context="effect", figure=name, note=note)
            for note in words.figure_notes(one, effect, lang)
        ]
    again = words.ask_again_words(effect, lang)
    return [*lines, again] if again else lines
