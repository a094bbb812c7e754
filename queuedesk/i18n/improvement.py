"""What others say of improvement projects too: steps, verdicts, what became standard, an effect that fades."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from queuedesk.core.figures.comparing import MINUTES
from queuedesk.core.improvement.following import is_minutes_figure_path
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import moments
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.figures.figure_titles import date_range_or_period_name, figure_title
from queuedesk.i18n.names import decimal_text, percent_text

_STEPS = {
    "topic": mark("Topic", context="project"),
    "state": mark("Present state", context="project"),
    "target": mark("Target", context="project"),
    "causes": mark("Causes", context="project"),
    "evidence": mark("Evidence", context="project"),
    "measures": mark("Measures", context="project"),
    "effect": mark("Effect", context="project"),
    "standard": mark("Standard", context="project"),
}
_PLACES = {
    "opening": mark("Opening check", context="project"),
    "card": mark("Contingency card", context="project"),
    "rule": mark("Rule", context="project"),
    "briefing": mark("Briefing", context="project"),
    "nothing": mark("Nothing yet", context="project"),
}
_VERDICTS = {
    "better": mark("Better", context="project"),
    "worse": mark("Worse", context="project"),
    "more": mark("More", context="project"),
    "less": mark("Less", context="project"),
    "cannot_tell": mark("Can't tell", context="project"),
    "too_few": mark("Too few", context="project"),
    "met": mark("Reached", context="project"),
    "not_met": mark("Not reached", context="project"),
}
_ENDINGS = {"closed": mark("Closed", context="project"), "dropped": mark("Dropped", context="project")}


def project_step_word(step: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _STEPS[step], context="project")


def resulting_standard_word(place: str, lang: str | None = None) -> str:
    """Return what a measure becomes, as a word."""
    return tr(lang or current_language(), _PLACES[place], context="project")


def figure_value_with_unit(figure: str, value: float | None, lang: str | None = None) -> str:
    """Return a figure's value with its unit, as a target or an alarm line has it: "8.0 %", "12.5 min"."""
    if is_minutes_figure_path(figure):
        return tr(lang or current_language(), "{minutes} min", context="project", minutes=decimal_text(value))
    return f"{percent_text(value)} %"


def resulting_standard_text(made: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return what a measure became, "Opening check", "Card · Full hall" or "Rule · Full hall 18"; that it waits for an
    admin is said."""
    said = lang or current_language()
    word = resulting_standard_word(made["place"], said)
    card, rule = setup.cards.get(made["ref"]), HALL_RULES.get(made["ref"])
    if made["place"] == "card" and card is not None:
        word = f"{word} · {moments.name_in_language(card.name, card.name_en, said)}"
    elif made["place"] == "rule" and rule is not None:
        name = tr(said, rule.title.text, context=rule.title.context)
        word = f"{word} · {name} {made['value']}".rstrip()
    if not made["asked"]:
        return word
    return tr(said, "{standard}: waits for an admin", context="project", standard=word)


def source_project_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    return tr(
        lang or current_language(),
        "from project {number}: {title}",
        context="project",
        number=row["project"],
        title=row["title"],
    )


def project_verdict_word(verdict: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _VERDICTS[verdict], context="project")


def project_ending_word(ending: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _ENDINGS[ending], context="project")


def share_or_minutes_with_counts(part: Mapping[str, Any], lang: str | None = None) -> str:
    """Return "8.2 % (241 of 2,946)" of {"n", "of"}, "12.5 min (95 rows)" of {"n", "minutes"}, whose rows may lack."""
    if "minutes" in part:
        shown = decimal_text(part["minutes"])
        if "n" not in part:
            return tr(lang or current_language(), "{minutes} min", context="project", minutes=shown)
        return ntr(
            lang or current_language(),
            "{minutes} min ({shown} row)",
            "{minutes} min ({shown} rows)",
            part["n"],
            context="project",
            minutes=shown,
            shown=f"{part['n']:,}",
        )
    n, of = part["n"], part["of"]
    rate = percent_text(n / of) if of else "–"
    return tr(
        lang or current_language(), "{rate} % ({n} of {of})", context="project", rate=rate, n=f"{n:,}", of=f"{of:,}"
    )


def fading_effect_alert_text(row: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    said = lang or current_language()
    return tr(
        said,
        "The effect of project {number} fades: {figure} was {counted} in the week {dates}, beyond the line of {line}.",
        context="project",
        number=row["project"],
        figure=figure_title(row["figure"], setup, said),
        counted=share_or_minutes_with_counts(row, said),
        dates=date_range_or_period_name(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]), said),
        line=figure_value_with_unit(row["figure"], row["alarm"], said),
    )


def difference_column_title(unit: str, lang: str) -> str:
    """Return the head of a column of differences with their intervals."""
    if unit == MINUTES:
        return tr(lang, "Difference, minutes, 95 % interval")
    return tr(lang, "Difference, points, 95 % interval")
