"""Improvement projects in words: steps, bones, judgements, the sentences that the program makes of evidence and effect;
what their pictures and pages say shortly; and a sample project to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from queuedesk.core.charts.layout import DifferenceVerdict
from queuedesk.core.figures.comparing import MINUTES, LeftOutDate
from queuedesk.core.figures.satisfaction import satisfaction_rate_difference
from queuedesk.core.improvement.following import SENT_ON, better_direction, is_minutes_figure_path, is_share_path
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import quality
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.figures.ribbon_words import figure_name, figure_value_text
from queuedesk.i18n.moments import date_for_staff, date_short, figure_range, list_text
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, whole_number_text

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


def bone_word(bone: str, own: str | None = None, lang: str | None = None) -> str:
    """Return a bone's name; one of the hall's own has its words."""
    return own or tr(lang or current_language(), _BONES[bone], context="project")


def judgement_word(judgement: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _JUDGEMENTS[judgement], context="judgement")


def signed_change_text(unit: str, value: float | None) -> str:
    """Return a difference, in points or in minutes: "+1.2"."""
    return "–" if value is None else figure_titles.signed_decimal(value if unit == MINUTES else 100 * value)


def made_standard_line(row: Mapping[str, Any], setup: Setup) -> str:
    """Return a line of what projects made standard."""
    return "  ".join((quality.source_project_text(row), quality.resulting_standard_text(row, setup), *row["texts"][:1]))


def missing_in_step_text(codes: Iterable[str], lang: str | None = None) -> str:
    """Return what a step lacks, "" where it is done."""
    said = lang or current_language()
    return tr(said, "; ", context="list").join(tr(said, _MISSING[code], context="project") for code in codes)


def share_difference_in_points(share: float | None) -> str:
    """Return a difference of two shares in points, "+1.2"."""
    return "–" if share is None else figure_titles.signed_decimal(100 * share)


# -- what evidence says ------------------------------------------------------------------------------------------------


def compared_groups_text(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return what two groups say, the one with the cause and the one without it."""
    said = lang or current_language()
    both = tr(
        said,
        "With it {having}, without it {lacking}.",
        context="project",
        having=quality.share_or_minutes_with_counts(row["with"], said),
        lacking=quality.share_or_minutes_with_counts(row["without"], said),
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
    shown = (
        share_difference_in_points(size)
        if row["verdict"] == "cannot_tell"
        else share_difference_in_points(size).lstrip("+")
    )
    told = tr(
        said,
        words[row["verdict"]],
        context="project",
        points=shown,
        low=share_difference_in_points(row["low"]),
        high=share_difference_in_points(row["high"]),
    )
    return f"{both} {told}"


def evidence_sentence(row: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return what a piece of evidence says, its note last."""
    said = lang or current_language()
    match row["kind"]:
        case "compare":
            found = compared_groups_text(row, said)
        case "figure":
            found = citation_text(row, setup, said)
        case "tickets":
            found = list_text(
                [f"{one['ticket']} ({date_short(_date_of_iso_text(one['date']), said)})" for one in row["tickets"]],
                said,
            )
        case "cases":
            found = list_text([one["number"] for one in row["cases"]], said)
        case "count":
            found = (
                quality.share_or_minutes_with_counts({"n": row["count"], "of": row["of"]}, said)
                if row["of"]
                else str(row["count"])
            )
        case _:
            found = "–"
    return "  ".join(part for part in (found, row["note"]) if part)


def citation_text(row: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return what is cited with its dates, and its value then and now."""
    said = lang or current_language()
    if row["what"] is None:
        return tr(said, "its words are no longer there", context="project")
    dates = figure_titles.date_range_or_period_name(_date_of_iso_text(row["from"]), _date_of_iso_text(row["to"]), said)
    match row["what"]:
        case "figure":
            title = figure_titles.figure_title(row["name"], setup, said)
            then, now = (value_text(row["name"], row[key]) for key in ("value", "now"))
            parts = (
                quality.share_or_minutes_with_counts({"n": row["now_n"], "of": row["now_of"]}, said)
                if row["now_of"]
                else now
            )
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
                else figure_titles.figure_title(row["name"], setup, said)
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
    if is_minutes_figure_path(path):
        return quality.figure_value_with_unit(path, value)
    if is_share_path(path):
        return f"{percent_text(value)} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _date_of_iso_text(text: str) -> date:
    return date.fromisoformat(text)


# -- what the effect says ----------------------------------------------------------------------------------------------


def effect_result_sentence(document: Mapping[str, Any], setup: Setup, lang: str | None = None) -> str:
    """Return the result in one sentence, with what can't be told."""
    said = lang or current_language()
    groups: dict[str, list[str]] = {}
    for one in document["figures"]:
        key = "cannot_tell" if one["verdict"] == "too_few" else one["verdict"]
        groups.setdefault(key, []).append(figure_titles.figure_title(one["figure"], setup, said))
    words = {
        "better": mark("Better: {figures}.", context="project"),
        "worse": mark("Worse: {figures}.", context="project"),
        "more": mark("More: {figures}.", context="project"),
        "less": mark("Less: {figures}.", context="project"),
        "cannot_tell": mark("We can't tell yet: {figures}.", context="project"),
    }
    parts = [
        tr(said, words[key], context="project", figures=list_text(groups[key], said)) for key in words if key in groups
    ]
    return ("" if said == "zh_CN" else " ").join(parts)


def compared_days_text(document: Mapping[str, Any], lang: str | None = None) -> str:
    """Return how many days are compared a side and which were left out; that none was is said too."""
    said = lang or current_language()
    days = ntr(said, "{n} equal weekday in each span", "{n} equal weekdays in each span", document["days"])
    out = [
        LeftOutDate(_date_of_iso_text(row["date"]), row["why"])
        for side in ("before", "after")
        for row in document[side]["left_out"]
        if row["why"] != "no_tickets"
    ]
    left = figure_titles.left_out_dates_text(out, said) or tr(said, "no day left out", context="project")
    return tr(said, "{days}; {left}.", context="project", days=days, left=left)


def _change_with_unit_text(unit: str, value: float | None, lang: str) -> str:
    shown = signed_change_text(unit, value)
    if unit == MINUTES:
        return tr(lang, "{minutes} min", context="project", minutes=shown)
    return tr(lang, "{points} points", context="project", points=shown)


def figure_effect_notes(one: Mapping[str, Any], document: Mapping[str, Any], lang: str | None = None) -> list[str]:
    """Return what has to be said of a figure's effect beside its verdict: an unusual span before, a day on which all
    hangs, how long it takes to tell."""
    said = lang or current_language()
    notes = []
    usual = one["usual"]
    if usual is not None and usual["beyond"]:
        notes.append(
            tr(
                said,
                "The span before was unusual for this hall: in the eight weeks before it {usual}, usually {low} to {high}. Such a span is followed by a more usual one whatever is done, so the eight weeks are compared too: {change} against them, 95 % interval {from_} to {to}.",
                context="project",
                usual=quality.share_or_minutes_with_counts(usual, said),
                low=quality.figure_value_with_unit(one["figure"], usual["low"], said),
                high=quality.figure_value_with_unit(one["figure"], usual["high"], said),
                change=_change_with_unit_text(one["unit"], usual["after"]["difference"], said),
                from_=signed_change_text(one["unit"], usual["after"]["low"]),
                to=signed_change_text(one["unit"], usual["after"]["high"]),
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
                change=_change_with_unit_text(one["unit"], one["same_mix"], said),
            )
        )
    for hinge in one["hinges"][:3]:
        text = (
            mark("{day} is unusual; without it: {verdict}.", context="project")
            if hinge["apart"]
            else mark("Without {day}: {verdict}.", context="project")
        )
        verdict = quality.project_verdict_word(hinge["verdict"], said)
        notes.append(
            tr(
                said,
                text,
                context="project",
                day=date_for_staff(_date_of_iso_text(hinge["date"]), said),
                verdict=verdict,
            )
        )
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


def next_check_date_text(document: Mapping[str, Any], lang: str | None = None) -> str:
    """Return when the effect is asked again, "" where all is told or would take more than a year."""
    said = lang or current_language()
    if document["ask_again"] is None:
        return ""
    return tr(
        said, "Asked again {date}.", context="project", date=date_short(_date_of_iso_text(document["ask_again"]), said)
    )


Document = Mapping[str, Any]

JUDGEMENT_SIGNS = {
    "open": ("dot", "amber"),
    "confirmed": ("tick", "primary"),
    "rejected": ("cross", "ink2"),
    "cannot_tell": ("ring", "ink2"),
}
"""The sign of each judgement and its colour."""
CERTAINTIES = {
    "better": DifferenceVerdict.BETTER,
    "worse": DifferenceVerdict.WORSE,
    "more": DifferenceVerdict.OTHER,
    "less": DifferenceVerdict.OTHER,
    "cannot_tell": DifferenceVerdict.UNSURE,
    "too_few": DifferenceVerdict.FEW,
}


def count_of_total_text(n: int, of: int, lang: str | None = None) -> str:
    """Return "241 of 2,946"."""
    return tr(
        lang or current_language(), "{n} of {of}", context="rows", n=whole_number_text(n), of=whole_number_text(of)
    )


def figure_unit_and_row_count_texts(figure: str, part: Document, lang: str | None = None) -> tuple[str, str, str]:
    """Return a side's figure, its unit, and the rows that it is of: "8.2", "%", "241 of 2,946", or "12.5", "min", "95
    rows"."""
    lang = lang or current_language()
    if "minutes" in part:
        unit = tr(lang, "min", context="unit")
        return decimal_text(part["minutes"]), unit, ntr(lang, "{n} row", "{n} rows", part["n"])
    return percent_text(part["rate"]), "%", count_of_total_text(part["n"], part["of"], lang)


def evidence_summary(row: Document, lang: str | None = None) -> str:
    """Return what a piece of evidence comes to, shortly: "12.9 : 4.0", "2 of 20", "3 tickets"."""
    lang = lang or current_language()
    if row["kind"] == "compare":
        return f"{percent_text(row['with']['rate'])} : {percent_text(row['without']['rate'])}"
    if row["kind"] == "tickets":
        return ntr(lang, "{n} ticket", "{n} tickets", len(row["tickets"]))
    if row["kind"] == "cases":
        return ntr(lang, "{n} case", "{n} cases", len(row["cases"]))
    if row["kind"] == "count":
        return count_of_total_text(row["count"], row["of"], lang) if row["of"] else whole_number_text(row["count"])
    if row["kind"] == "figure" and row.get("what") == "figure":
        return figure_value_text(row["name"], row["now"], lang) or UNKNOWN
    return tr(lang, "open it", context="cited") if row["kind"] == "figure" else UNKNOWN


def hand_count_note(row: Document, lang: str | None = None) -> str:
    """Return that a piece of evidence was counted by hand, in whole or in part; "" for what the log says."""
    lang = lang or current_language()
    if row["kind"] == "count":
        return tr(lang, "counted by hand")
    if row["kind"] != "compare":
        return ""
    hand = [key for key in ("with", "without") if not row[key]["figure"]]
    if len(hand) == 1:
        return tr(lang, "one group counted by hand")
    return tr(lang, "counted by hand") if hand else ""


def iso_dates_range_text(first: str, last: str, lang: str | None = None) -> str:
    """Return two dates as a range: "12 Oct–23 Oct"."""
    one, two = (date_short(date.fromisoformat(day), lang or current_language()) for day in (first, last))
    return figure_range(one, two)


def target_verdict_text(effect: Document, lang: str | None = None) -> str:
    """Return where the figure stands against its target, with its interval; "" without a target that is followed."""
    lang, found = lang or current_language(), effect["target"]
    if found is None:
        return ""
    is_timed = "minutes" in found
    reached = quality.figure_value_with_unit(found["figure"], found["minutes"] if is_timed else found["rate"], lang)
    value, verdict = (
        quality.figure_value_with_unit(found["figure"], found["value"], lang),
        quality.project_verdict_word(found["verdict"], lang),
    )
    told = tr(lang, "{reached}, target {value}: {verdict}", reached=reached, value=value, verdict=verdict)
    if found["low"] is None:
        return told
    shown = decimal_text if is_timed else percent_text
    return f"{told} ({figure_range(shown(found['low']), shown(found['high']))})"


def comparison_notes(setup: Setup, effect: Document, lang: str | None = None) -> list[str]:
    """Return how the two spans were compared, what is left out, what stands out, and how long it takes to tell."""
    lang = lang or current_language()
    lines = [figure_titles.figure_meaning(figure_titles.EFFECT, lang), compared_days_text(effect, lang)]
    for one in effect["figures"]:
        name = figure_name(one["figure"], setup, lang)
        lines += [
            tr(lang, "{figure}: {note}", context="effect", figure=name, note=note)
            for note in figure_effect_notes(one, effect, lang)
        ]
    again = next_check_date_text(effect, lang)
    return [*lines, again] if again else lines


# -- the sample: a published project of 2012, retold -------------------------------------------------------------------
# It belongs to no hall. Facts alone are taken from it: its counts, its nine causes and what was said of each, its
# measures. What it said without a count is shown as what it is: judged by words alone.

RATED, WAITS, WRONG = "ratings.rate", "wait.within_target", SENT_ON.rate_path
TARGET = Decimal(98)
TABLE = (
    ("2011-07", 415, 18, "95.7"),
    ("2011-08", 380, 21, "94.4"),
    ("2011-09", 384, 19, "95"),
    ("2011-10", 403, 20, "95"),
    ("2011-11", 397, 19, "95.3"),
    ("2011-12", 377, 18, "95.1"),
    ("2012-05", 415, 13, "97.22"),
    ("2012-06", 380, 8, "98.02"),
    ("2012-07", 384, 8, "98.11"),
    ("2012-08", 403, 7, "98.37"),
    ("2012-09", 397, 6, "98.56"),
    ("2012-10", 377, 5, "98.78"),
)
"""Months with satisfied, dissatisfied and the percentage as printed: six before the measures and six after."""
BEFORE, AFTER = TABLE[:6], TABLE[6:]
_ROWS = tuple(row[0] for row in TABLE)
AUDIT: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "wrong_percentage",
        _ROWS,
        mark(
            "None of the 12 stated percentages is what the counts give; furthest off is 2011-08: 94.4 stated, 94.76 true.",
            context="sample",
        ),
    ),
    (
        "slip_one_minus_ratio",
        _ROWS[:4],
        mark(
            "2011-07 to 2011-10: what is stated is 1 − dissatisfied ÷ satisfied; a satisfaction rate is satisfied ÷ (satisfied + dissatisfied).",
            context="sample",
        ),
    ),
    (
        "copied_column",
        _ROWS,
        mark(
            "The numbers of satisfied are the same in the same order in 2011-07 to 2011-12, 2012-05 to 2012-10; separate surveys do not give that, so one looks carried over.",
            context="sample",
        ),
    ),
    (
        "claim_contradicted",
        _ROWS[6:9],
        mark(
            "That every month is above 98 % does not hold for 3 of 6 months: 2012-05 (96.96), 2012-06 (97.94), 2012-07 (97.96).",
            context="sample",
        ),
    ),
    (
        "mean_of_percentages",
        _ROWS[6:],
        mark(
            "98.18 % is the mean of the monthly percentages; all 2,403 answers together give 98.04 %.", context="sample"
        ),
    ),
)
"""What a check of the table finds, against what the report claims: each month from May 2012 on above 98 %, 98.18 %
together."""
_CAUSES: tuple[tuple[str, str, str, str | None], ...] = (
    ("environment", mark("The hall is not clean", context="sample"), "rejected", None),
    ("environment", mark("The hall looks cold and unfriendly", context="sample"), "rejected", None),
    ("environment", mark("Too hot, too cold or too damp", context="sample"), "rejected", None),
    ("people", mark("Rules not strict, staff with little will to serve", context="sample"), "confirmed", RATED),
    ("people", mark("Too little training", context="sample"), "rejected", None),
    ("method", mark("Customers do not know how things are done", context="sample"), "confirmed", WRONG),
    ("method", mark("Long waits in line, and disorder", context="sample"), "confirmed", WAITS),
    ("machines", mark("Computers with viruses", context="sample"), "rejected", None),
    ("machines", mark("Old and slow computers", context="sample"), "rejected", None),
)
"""Bone, cause, what was said of it, and the figure of a hall's own log that could bear it out."""
_MEASURES = (
    (
        mark("A waiting area with signs, six more halls, 62 post-office sites that take payments", context="sample"),
        (7,),
    ),
    (mark("A guide at the door, a machine for enquiries, the steps on a large screen", context="sample"), (6,)),
    (mark("Training for everybody, and attitude counted in the appraisal", context="sample"), (4,)),
)
_TITLE = mark("Customers more satisfied with the service centre", context="sample")
_SOURCE = mark(
    "Retold from a quality-circle report of the marketing department of Zhenping county's power bureau, January to October 2012. Facts alone are taken from it; the words are ours.",
    context="sample",
)
_REASON = mark("Standards of the company above it; the bureau was putting money into its halls", context="sample")
_STANDARD = mark("Satisfaction counts in the appraisal; one person looks at it each quarter", context="sample")
_NEXT = mark("Other bureaus still do better: look at the small things", context="sample")
_BY_WORDS = mark(
    "The report judged this by words alone, without a count. This program confirms no cause without evidence; a figure of your own hall could bear it out: see what is named here.",
    context="sample",
)
_COPIED = mark(
    "The satisfied are the same six numbers before and after, month by month; only the dissatisfied changed. Real counts do not do that, so the difference says nothing, however large it looks.",
    context="sample",
)
_MONTHS = mark(
    "July to December was compared with May to October: other months, other people. Equal weekdays of like months would have to be compared.",
    context="sample",
)


def sample_project_document(lang: str | None = None) -> dict[str, Any]:
    """Return the sample in the words of a language, in the form of a project with its effect: {"sample": true,
    "source", …, "effect", "audit"}. `stated` is what the report said of a cause, `look_at` the figure of a hall's log
    that could bear it out."""
    said = lang or current_language()

    def translated_sample_text(text: str) -> str:
        return tr(said, text, context="sample")

    return {
        "sample": True,
        "title": translated_sample_text(_TITLE),
        "source": translated_sample_text(_SOURCE),
        "state": [_sample_month_document(row) for row in BEFORE],
        "target": {
            "figure": RATED,
            "value": float(TARGET / 100),
            "better": better_direction(RATED),
            "reason": translated_sample_text(_REASON),
        },
        "causes": [
            {
                "n": n,
                "bone": bone,
                "name": translated_sample_text(name),
                "judgement": "open",
                "stated": stated,
                "evidence": [],
                "look_at": path,
            }
            for n, (bone, name, stated, path) in enumerate(_CAUSES, start=1)
        ],
        "by_words": translated_sample_text(_BY_WORDS),
        "measures": [
            {"n": n, "what": translated_sample_text(what), "causes": list(causes)}
            for n, (what, causes) in enumerate(_MEASURES, start=1)
        ],
        "effect": _sample_effect_document(said),
        "audit": [
            {"kind": kind, "rows": list(rows), "message": translated_sample_text(text)} for kind, rows, text in AUDIT
        ],
        "standard": translated_sample_text(_STANDARD),
        "next": translated_sample_text(_NEXT),
    }


def _sample_month_document(row: tuple[str, int, int, str]) -> dict[str, Any]:
    month, satisfied, dissatisfied, stated = row
    of = satisfied + dissatisfied
    return {"month": month, "n": satisfied, "of": of, "rate": satisfied / of, "stated": stated}


def _sample_effect_document(lang: str) -> dict[str, Any]:
    """Return both halves and their difference as it looks, with why it can't be told."""
    first, second = ((sum(row[1] for row in rows), sum(row[2] for row in rows)) for rows in (BEFORE, AFTER))
    found = satisfaction_rate_difference(first, second)
    return {
        "figure": RATED,
        "months": [_sample_month_document(row) for row in AFTER],
        "before": {"n": first[0], "of": sum(first)},
        "after": {"n": second[0], "of": sum(second)},
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "plain": "better",
        "verdict": "cannot_tell",
        "notes": [tr(lang, text, context="sample") for text in (_COPIED, _MONTHS)],
    }
