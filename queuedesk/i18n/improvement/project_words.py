"""Improvement projects in words: steps, bones, judgements, and the sentences that the program makes of evidence and
effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from queuedesk.core.figures.comparing import MINUTES, LeftOut
from queuedesk.core.improvement.following import is_minutes, is_share
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.rules import HALL_RULES
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.figures.compare_words import dates_words, left_out_words, signed
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.i18n.moments import date_short, day_staff, listing
from queuedesk.i18n.numerals import decimal, percent
from queuedesk.i18n.words import named

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
_BONES = {
    "people": mark("People", context="project"),
    "method": mark("Method", context="project"),
    "words": mark("Words and papers", context="project"),
    "place": mark("Place", context="project"),
    "machines": mark("Machines", context="project"),
    "environment": mark("Environment", context="project"),
    "own": mark("Another", context="project"),
}
_JUDGEMENTS = {
    "open": mark("Open", context="judgement"),
    "confirmed": mark("Confirmed", context="judgement"),
    "rejected": mark("Rejected", context="judgement"),
    "cannot_tell": mark("Can't tell", context="judgement"),
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
    "early": mark("Not yet", context="project"),
    "met": mark("Reached", context="project"),
    "not_met": mark("Not reached", context="project"),
}
_MISSING = {
    "finding": mark("What it came from is missing", context="project"),
    "state": mark("No figure is cited yet", context="project"),
    "target": mark("No target yet", context="project"),
    "cause": mark("No cause yet", context="project"),
    "judgement": mark("Some causes are open", context="project"),
    "measure": mark("No measure yet", context="project"),
    "done": mark("Some measures are not done", context="project"),
    "follows": mark("No figure is followed yet", context="project"),
    "spans": mark("No dates to compare", context="project"),
    "days": mark("The dates afterwards are not over", context="project"),
    "standard": mark("Some measures are not made standard yet", context="project"),
}
_ENDINGS = {
    "closed": mark("Closed", context="project"),
    "dropped": mark("Dropped", context="project"),
}


def step_word(step: str, lang: str | None = None) -> str:
    return tr(lang or current(), _STEPS[step], context="project")


def bone_word(bone: str, own: str | None = None, lang: str | None = None) -> str:
    """Return a bone's name; one of the hall's own has its words."""
    return own or tr(lang or current(), _BONES[bone], context="project")


def judgement_word(judgement: str, lang: str | None = None) -> str:
    return tr(lang or current(), _JUDGEMENTS[judgement], context="judgement")


def place_word(place: str, lang: str | None = None) -> str:
    """Return what a measure becomes, as a word."""
    return tr(lang or current(), _PLACES[place], context="project")


def goal_words(figure: str, value: float | None, lang: str | None = None) -> str:
    """Return a figure's value with its unit, as a target or an alarm line has it: "8.0 %", "12.5 min"."""
    if is_minutes(figure):
        return tr(lang or current(), "{minutes} min", context="project", minutes=decimal(value))
    return f"{percent(value)} %"


def change_words(unit: str, value: float | None) -> str:
    """Return a difference, in points or in minutes: "+1.2"."""
    return "–" if value is None else signed(value if unit == MINUTES else 100 * value)


def standard_word(made: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return what a measure became, "Opening check", "Card · Full hall" or "Rule · Full hall 18"; that it waits for an
    admin is said."""
    said = lang or current()
    word = place_word(made["place"], said)
    card, rule = setup.cards.get(made["ref"]), HALL_RULES.get(made["ref"])
    if made["place"] == "card" and card is not None:
        word = f"{word} · {named(card.name, card.name_en, said)}"
    elif made["place"] == "rule" and rule is not None:
        name = tr(said, rule.title.text, context=rule.title.context)
        word = f"{word} · {name} {made['value']}".rstrip()
    if not made["asked"]:
        return word
    return tr(said, "{standard}: waits for an admin", context="project", standard=word)


def origin_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return which project something came from."""
    return tr(
        lang or current(),
        "from project {number}: {title}",
        context="project",
        number=row["project"],
        title=row["title"],
    )


def standard_line(row: Mapping[str, Any], setup: Setup) -> str:
    """Return a line of what projects made standard."""
    return "  ".join((origin_text(row), standard_word(row, setup), *row["texts"][:1]))


def verdict_word(verdict: str, lang: str | None = None) -> str:
    """Return the word of an effect, or of whether a target is reached."""
    return tr(lang or current(), _VERDICTS[verdict], context="project")


def ending_word(ending: str, lang: str | None = None) -> str:
    return tr(lang or current(), _ENDINGS[ending], context="project")


def missing_words(codes: Iterable[str], lang: str | None = None) -> str:
    """Return what a step lacks, "" where it is done."""
    said = lang or current()
    return tr(said, "; ", context="list").join(tr(said, _MISSING[code], context="project") for code in codes)


def points(share: float | None) -> str:
    """Return a difference of two shares in points, "+1.2"."""
    return "–" if share is None else signed(100 * share)


def counted(part: Mapping[str, Any], lang: str | None = None) -> str:
    """Return "8.2 % (241 of 2,946)" of {"n", "of"}, "12.5 min (95 rows)" of {"n", "minutes"}, whose rows may lack."""
    if "minutes" in part:
        shown = decimal(part["minutes"])
        if "n" not in part:
            return tr(lang or current(), "{minutes} min", context="project", minutes=shown)
        return tr(lang or current(), "{minutes} min ({n} rows)", context="project", minutes=shown, n=f"{part['n']:,}")
    n, of = part["n"], part["of"]
    rate = percent(n / of) if of else "–"
    return tr(lang or current(), "{rate} % ({n} of {of})", context="project", rate=rate, n=f"{n:,}", of=f"{of:,}")


# -- what evidence says ------------------------------------------------------------------------------------------------


def compared_sentence(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what two groups say, the one with the cause and the one without it."""
    said = lang or current()
    both = tr(
        said,
        "With it {having}, without it {lacking}.",
        context="project",
        having=counted(row["with"], said),
        lacking=counted(row["without"], said),
    )
    if row["few"]:
        few = ntr(said, "Below {n} row nothing is compared.", "Below {n} rows nothing is compared.", row["fewest"])
        return f"{both} {few}"
    words = {
        "higher": mark("{points} points more with it, 95 % interval {low} to {high}.", context="project"),
        "lower": mark("{points} points less with it, 95 % interval {low} to {high}.", context="project"),
        "cannot_tell": mark(
            "Chance alone may have done this: {points} points, 95 % interval {low} to {high}.", context="project"
        ),
    }
    size = row["difference"] if row["verdict"] == "cannot_tell" else abs(row["difference"])
    shown = points(size) if row["verdict"] == "cannot_tell" else points(size).lstrip("+")
    told = tr(
        said, words[row["verdict"]], context="project", points=shown, low=points(row["low"]), high=points(row["high"])
    )
    return f"{both} {told}"


def evidence_sentence(row: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return what a piece of evidence says, its note last."""
    said = lang or current()
    match row["kind"]:
        case "compare":
            found = compared_sentence(row, said)
        case "figure":
            found = cited_words(row, setup, said)
        case "tickets":
            found = listing(
                [f"{one['ticket']} ({date_short(_day(one['date']), said)})" for one in row["tickets"]], said
            )
        case "cases":
            found = listing([one["number"] for one in row["cases"]], said)
        case "count":
            found = counted({"n": row["count"], "of": row["of"]}, said) if row["of"] else str(row["count"])
        case _:
            found = "–"
    return "  ".join(part for part in (found, row["note"]) if part)


def cited_words(row: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return what is cited with its dates, and its value then and now."""
    said = lang or current()
    if row["what"] is None:
        return tr(said, "its words are no longer there", context="project")
    dates = dates_words(_day(row["from"]), _day(row["to"]), said)
    match row["what"]:
        case "figure":
            title = figure_title(row["name"], setup, said)
            then, now = (value_text(row["name"], row[key]) for key in ("value", "now"))
            parts = counted({"n": row["now_n"], "of": row["now_of"]}, said) if row["now_of"] else now
            if row["changed"]:
                told = tr(said, "{now} now, {then} when it was cited", context="project", now=parts, then=then)
            else:
                told = parts
            return f"{title}  {dates}  {told}"
        case "page" | "chart":
            known = tr(said, "as it was", context="project")
            if row["changed"]:
                n = len(row["changes"])
                known = ntr(said, "{n} figure has changed", "{n} figures have changed", n)
            title = (
                tr(said, "Page of figures", context="project")
                if row["what"] == "page"
                else figure_title(row["name"], setup, said)
            )
            return f"{title}  {dates}  {known}"
        case "case":
            return tr(said, "Case {number}", context="project", number=row["name"])
        case "inspection":
            return tr(said, "Inspection {number}, {date}", context="project", number=row["name"], date=dates)
    return f"{row['name']}  {dates}"


def value_text(path: str, value: float | None) -> str:
    """Return a figure's value as it is read: a share in per cent, a count whole, minutes with a place."""
    if value is None:
        return "–"
    if is_minutes(path):
        return goal_words(path, value)
    if is_share(path):
        return f"{percent(value)} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _day(text: str) -> date:
    return date.fromisoformat(text)


# -- what the effect says ----------------------------------------------------------------------------------------------


def effect_heading(document: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return the result in one sentence, with what can't be told."""
    said = lang or current()
    groups: dict[str, list[str]] = {}
    for one in document["figures"]:
        key = "cannot_tell" if one["verdict"] == "too_few" else one["verdict"]
        groups.setdefault(key, []).append(figure_title(one["figure"], setup, said))
    words = {
        "better": mark("Better: {figures}.", context="project"),
        "worse": mark("Worse: {figures}.", context="project"),
        "more": mark("More: {figures}.", context="project"),
        "less": mark("Less: {figures}.", context="project"),
        "cannot_tell": mark("We can't tell yet: {figures}.", context="project"),
    }
    parts = [
        tr(said, words[key], context="project", figures=listing(groups[key], said)) for key in words if key in groups
    ]
    return ("" if said == "zh_CN" else " ").join(parts)


def days_words(document: Mapping[str, Any], lang: str | None = None) -> str:
    """Return how many days are compared a side and which were left out; that none was is said too."""
    said = lang or current()
    days = ntr(said, "{n} equal weekday in each span", "{n} equal weekdays in each span", document["days"])
    out = [
        LeftOut(_day(row["date"]), row["why"])
        for side in ("before", "after")
        for row in document[side]["left_out"]
        if row["why"] != "no_tickets"
    ]
    left = left_out_words(out, said) or tr(said, "no day left out", context="project")
    return tr(said, "{days}; {left}.", context="project", days=days, left=left)


def _with_unit(unit: str, value: float | None, lang: str) -> str:
    shown = change_words(unit, value)
    if unit == MINUTES:
        return tr(lang, "{minutes} min", context="project", minutes=shown)
    return tr(lang, "{points} points", context="project", points=shown)


def figure_notes(one: Mapping[str, Any], document: Mapping[str, Any], lang: str | None = None) -> list[str]:
    """Return what has to be said of a figure's effect beside its verdict: an unusual span before, a day on which all
    hangs, how long it takes to tell."""
    said = lang or current()
    notes = []
    usual = one["usual"]
    if usual is not None and usual["beyond"]:
        notes.append(
            tr(
                said,
                "The span before was unusual for this hall: in the eight weeks before it {usual}, usually {low} to {high}. Such a span is followed by a more usual one whatever is done, so the eight weeks are compared too: {change} against them, 95 % interval {from_} to {to}.",
                context="project",
                usual=counted(usual, said),
                low=goal_words(one["figure"], usual["low"], said),
                high=goal_words(one["figure"], usual["high"], said),
                change=_with_unit(one["unit"], usual["after"]["difference"], said),
                from_=change_words(one["unit"], usual["after"]["low"]),
                to=change_words(one["unit"], usual["after"]["high"]),
            )
        )
    elif usual is None and one["verdict"] != "too_few":
        notes.append(
            tr(said, "There are too few days before to say whether the span before was a usual one.", context="project")
        )
    if one["why"] == "mix":
        notes.append(
            tr(
                said,
                "People came for other services than before: with the same mix in both spans {change}. What the mix did and what the measures did can't be told apart.",
                context="project",
                change=_with_unit(one["unit"], one["same_mix"], said),
            )
        )
    for hinge in one["hinges"][:3]:
        text = (
            mark("{day} is unusual; without it: {verdict}.", context="project")
            if hinge["apart"]
            else mark("Without {day}: {verdict}.", context="project")
        )
        verdict = verdict_word(hinge["verdict"], said)
        notes.append(tr(said, text, context="project", day=day_staff(_day(hinge["date"]), said), verdict=verdict))
    if one["days_to_tell"]:
        notes.append(
            ntr(
                said,
                "To tell this difference takes about {n} day a side.",
                "To tell this difference takes about {n} days a side.",
                one["days_to_tell"],
            )
        )
    return notes


def ask_again_words(document: Mapping[str, Any], lang: str | None = None) -> str:
    """Return when the effect is asked again, "" where all is told or would take more than a year."""
    said = lang or current()
    if document["ask_again"] is None:
        return ""
    return tr(said, "Asked again {date}.", context="project", date=date_short(_day(document["ask_again"]), said))


def fading_words(row: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return the alert of an effect that fades."""
    said = lang or current()
    return tr(
        said,
        "The effect of project {number} fades: {figure} was {counted} in the week {dates}, beyond the line of {line}.",
        context="project",
        number=row["project"],
        figure=figure_title(row["figure"], setup, said),
        counted=counted(row, said),
        dates=dates_words(_day(row["from"]), _day(row["to"]), said),
        line=goal_words(row["figure"], row["alarm"], said),
    )
