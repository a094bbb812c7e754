"""Words of halls side by side in a period, and of what one pushes to the others: what it changes, what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from queuedesk.core.appraisal import PART as SCHEME
from queuedesk.core.errors import RuleError
from queuedesk.core.figures import halls
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, Rate, SatisfactionRateDifference
from queuedesk.core.setup import field_kinds
from queuedesk.core.setup import file as setup_files
from queuedesk.core.setup import rows as setup_rows
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.features.halls import rules
from queuedesk.i18n import current_language, date_short, name_in_language, ntr, tr
from queuedesk.i18n.catalogue import _, mark, n_
from queuedesk.i18n.figures.figure_titles import calendar_period_name
from queuedesk.i18n.moments import list_text, month_short, wording_in_current_language
from queuedesk.i18n.names import UNKNOWN, percent_text, whole_number_text
from queuedesk.i18n.refusals import error_sentence

BEYOND_95, FEWEST_EXPECTED = 0.05, 10
"""So large a share crosses the full line by chance; of fewer halls it is not said how many that is."""


def compared_hall_name(one: halls.HallRatingCountsByDate, lang: str | None = None) -> str:
    return name_in_language(one.name, one.name_en, lang)


def service_name_from_key(key: str, lang: str | None = None) -> str:
    """Return "A Pay a bill" for a service's key."""
    code, *names = key.split("\n")
    return f"{code} {name_in_language(names[0], names[1], lang)}" if len(names) == 2 else code


def verdict_position_word(verdict: str, lang: str | None = None) -> str:
    """Return where a hall lies; nothing is said between the lines but that it lies there."""
    lang = lang or current_language()
    return {
        halls.ABOVE: tr(lang, "above", context="halls"),
        halls.BELOW: tr(lang, "below", context="halls"),
        halls.INSIDE: tr(lang, "inside", context="halls"),
        halls.TOO_FEW: tr(lang, "too few", context="halls"),
    }.get(verdict, tr(lang, "nothing alike", context="halls"))


def percent_without_sign(share: float | None) -> str:
    """Return a share in percent with one decimal, without its sign."""
    return percent_text(share)


def share_percent(share: float | None) -> str:
    """Return a share with its sign."""
    return UNKNOWN if share is None else f"{percent_text(share)} %"


def service_mix_effect_sentence(found: halls.HallComparison, lang: str | None = None) -> str:
    """Return what like for like does to the order, in halls."""
    lang = lang or current_language()
    if not found.services:
        return tr(lang, "No service has enough ratings in several halls to compare them like for like.")
    n, of = len(found.moved), len(found.compared_halls)
    if not n:
        return tr(lang, "By the raw counts, every hall would be on the same side.")
    return ntr(
        lang,
        "By the raw counts, {n} of {of} halls would be elsewhere: on another side of the average or of what chance allows.",
        "By the raw counts, {n} of {of} halls would be elsewhere: on another side of the average or of what chance allows.",
        n,
        of=of,
    )


def all_halls_rating_line(found: halls.HallComparison, lang: str | None = None) -> str:
    """Return the rate of all halls together."""
    lang = lang or current_language()
    ratings = ntr(lang, "{n} rating", "{n} ratings", found.all.n)
    return tr(
        lang,
        "All {n} halls: {share}, {ratings}",
        n=len(found.halls),
        share=share_percent(found.all.rate),
        ratings=ratings,
    )


def previous_period_title(of: rules.HallsPeriodComparison, lang: str | None = None) -> str:
    """Return the short name of the period before."""
    return month_short(of.then[0], lang) if of.period == MONTH else calendar_period_name(of.period, *of.then, lang)


def funnel_lines_caption(found: halls.HallComparison, lang: str | None = None) -> str:
    """Return what the lines of the funnel mean."""
    lang, n = lang or current_language(), len(found.compared_halls)
    said = tr(
        lang, "Inside the lines: chance, not rank. Full line 95 %, dotted 99.8 %; a triangle is beyond the dotted one."
    )
    if n < FEWEST_EXPECTED:
        return said
    few = whole_number_text(n * BEYOND_95)
    more = tr(lang, "Of {n} halls about {few} cross the full line by chance alone.", n=n, few=few)
    return f"{said} {more}"


def group_name(one: halls.HallGroupSatisfaction, by: str, lang: str | None = None) -> str:
    """Return a region's or district's name."""
    lang = lang or current_language()
    return one.name or (tr(lang, "No district") if by == halls.DISTRICT else tr(lang, "No region"))


def compared_hall_line(one: halls.ComparedHall, lang: str | None = None) -> str:
    lang = lang or current_language()
    parts = [one.code, compared_hall_name(one.counts, lang), ntr(lang, "{n} rating", "{n} ratings", one.found.n)]
    if one.found.n:
        parts.append(tr(lang, "counted {share}", share=share_percent(one.found.rate)))
    if one.alike is not None:
        parts.append(tr(lang, "like for like {share}", share=share_percent(one.alike)))
    parts.append(verdict_position_word(one.verdict, lang))
    if one.before.n:
        parts.append(tr(lang, "before {share}", share=share_percent(one.before.rate), context="halls"))
    return "  ".join(parts)


def funnel_point_spoken(one: halls.ComparedHall, lang: str | None = None) -> str:
    """Return a point of the funnel as it is read out: "Old Town, 2,210 ratings, 93.9, below"."""
    lang = lang or current_language()
    ratings = ntr(lang, "{number} rating", "{number} ratings", one.n, number=whole_number_text(one.n))
    return ", ".join(
        [
            compared_hall_name(one.counts, lang),
            ratings,
            percent_without_sign(one.alike),
            verdict_position_word(one.verdict, lang),
        ]
    )


def remark_texts(found: halls.HallComparison, one: halls.HallRatingCaveat, lang: str | None = None) -> tuple[str, str]:
    """Return a remark's heading and what is to be known."""
    lang = lang or current_language()
    hall = found.hall_by_code(one.code)
    name = compared_hall_name(hall.counts, lang) if hall is not None else one.code
    if one.kind == halls.ONE_DAY and one.day is not None and one.then is not None and one.rest is not None:
        return _extraordinary_day_remark(name, hall, one, lang)
    if one.kind in (halls.AFTER_BEST, halls.AFTER_WORST) and one.change is not None and one.own is not None:
        return _regression_to_mean_remark(name, one, lang)
    heading = ntr(lang, "{hall}: {n} rating is too few", "{hall}: {n} ratings are too few", one.now.n, hall=name)
    return heading, tr(
        lang,
        "{n} of {n} alike say little: the rate of all its customers may be {low} to {high}. It is compared from {least} on.",
        n=one.now.n,
        low=share_percent(one.now.low),
        high=share_percent(one.now.high),
        least=FEWEST_RANKED,
    )


def _extraordinary_day_remark(
    name: str, hall: halls.ComparedHall | None, one: halls.HallRatingCaveat, lang: str
) -> tuple[str, str]:
    assert one.day is not None and one.then is not None and one.rest is not None
    heading = tr(lang, "{hall}: one extraordinary day, {date}", hall=name, date=date_short(one.day, lang))
    facts = tr(
        lang,
        "That day {share} of {n}; without it {rest} instead of {now} as counted.",
        share=share_percent(one.then.rate),
        n=one.then.n,
        rest=share_percent(one.rest.rate),
        now=share_percent(one.now.rate),
    )
    if hall is None or hall.verdict == one.rest_verdict:
        word = tr(lang, "Without that day the result is the same.")
    else:
        word = tr(
            lang,
            "Without it the hall is {lies}: look at that day first.",
            lies=verdict_position_word(one.rest_verdict, lang),
        )
    return heading, f"{facts} {word}"


def _regression_to_mean_remark(name: str, one: halls.HallRatingCaveat, lang: str) -> tuple[str, str]:
    assert one.change is not None and one.own is not None and one.then is not None
    far = percent_text(abs(one.change.difference or 0.0))
    then, own = share_percent(one.then.rate), share_percent(one.own.rate)
    if one.kind == halls.AFTER_BEST:
        heading = tr(lang, "{hall} fell {points} points after its best time", hall=name, points=far)
        why = tr(
            lang,
            "Part of a fall after a best time is chance coming back: {then} was above its own {own}.",
            then=then,
            own=own,
        )
    else:
        heading = tr(lang, "{hall} rose {points} points after its worst time", hall=name, points=far)
        why = tr(
            lang,
            "Part of a rise after a worst time is chance coming back: {then} was below its own {own}. It proves no mending.",
            then=then,
            own=own,
        )
    return heading, f"{why} {_change_from_own_past_sentence(one.now, one.from_own, lang)}"


def _change_from_own_past_sentence(now: Rate, from_own: SatisfactionRateDifference | None, lang: str) -> str:
    if from_own is None or from_own.low is None or from_own.high is None or from_own.difference is None:
        return ""
    if from_own.low <= 0 <= from_own.high:
        return tr(lang, "Against its own earlier times: can't tell.")
    far = percent_text(abs(from_own.difference))
    if from_own.difference < 0:
        return tr(lang, "It is {points} points below its own earlier times too, more than chance.", points=far)
    return tr(lang, "It is {points} points above its own earlier times too, more than chance.", points=far)


_SECTIONS = {
    rules.WORDS: mark("Words", context="push"),
    rules.SERVICES: mark("Services with their items", context="push"),
    rules.RULES: mark("Rules", context="set-up"),
    SCHEME: mark("Scheme of the person's sheet", context="push"),
    rules.SHEETS: mark("Inspection sheets", context="push"),
    rules.TARGETS: mark("Targets", context="set-up"),
    CALENDAR: mark("Calendar", context="field"),
}
_CONTEXTS = {rules.RULES: "set-up", rules.TARGETS: "set-up", CALENDAR: "field"}
_BECAME = {
    "push": mark("taken", context="push"),
    "due": mark("waits until nobody is there", context="push"),
    "back": mark("taken back", context="push"),
    "refused": mark("not taken", context="push"),
    "nothing": mark("nothing left to change", context="push"),
    None: mark("not seen from this PC", context="push"),
}
NOTHING = "—"


def setup_section_name(section: str) -> str:
    return tr(current_language(), _SECTIONS[section], context=_CONTEXTS.get(section, "push"))


def change_count_text(n: int) -> str:
    """Return how much a hall takes: "4 changes"."""
    return n_("{n} change", "{n} changes", n, context="push")


def difference_subject_text(one: rules.SetupFieldDifference, setup: setup_rows.Setup) -> str:
    """Return what a difference is about: "A Pay a bill: English name"; `setup` is that of the hall it comes from."""
    if one.part == "settings":
        return (
            wording_in_current_language(setup_files.HALL_RULES[one.code].title)
            if one.code in setup_files.HALL_RULES
            else one.code
        )
    if one.part == CALENDAR:
        return date_short(date.fromisoformat(one.code))
    if one.part in ("sentences", SCHEME):
        return wording_in_current_language(field_kinds.fields_of_row_class(setup_rows.ROWS[one.part])[one.code].title)
    if one.part == "services":
        service = setup.services.get(one.code)
        row = one.code if service is None else f"{service.prefix} {name_in_language(service.name, service.name_en)}"
    elif one.part == "notices":
        row = _("Notice", context="push")
    else:
        row = one.code
    if not one.field:
        return _("{row}, new", context="push", row=row)
    return _(
        "{row}: {field}",
        context="push",
        row=row,
        field=wording_in_current_language(field_kinds.fields_of_row_class(setup_rows.ROWS[one.part])[one.field].title),
    )


def setup_value_words(value: Any) -> str:
    """Return a value of the set-up file in a few words; a row and a list by their names."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("yes", context="push") if value else _("no", context="push")
    if isinstance(value, Mapping):
        name = name_in_language(
            str(value.get("name") or value.get("text") or ""), value.get("name_en") or value.get("text_en")
        )
        return name or list_text([str(one) for one in value.values() if one not in (None, "")])
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list_text([setup_value_words(one) for one in value])
    return str(value)


def setup_difference_line(one: rules.SetupFieldDifference, own: setup_rows.Setup) -> str:
    """Return a difference in a line: what it is, now and then, and who changed it there."""
    now, then = setup_value_words(one.now), setup_value_words(one.then)
    text = _("{place}: {now} → {then}", context="push", place=difference_subject_text(one, own), now=now, then=then)
    return f"{text}  ({last_changed_by_words(one, own)})" if one.is_changed_by_hall_itself else text


def last_changed_by_words(one: rules.SetupFieldDifference, own: setup_rows.Setup) -> str:
    """Return who changed it there and when: "changed there 3 Oct by WM"; "" for what nobody did."""
    if one.at is None:
        return ""
    when = date_short(own.to_hall_time(one.at))
    return _("changed there {date} by {who}", context="push", date=when, who=one.by)


def push_preview_line(one: rules.HallPushPreview, own: setup_rows.Setup) -> str:
    return f"{one.code}  {name_in_language(one.name, one.name_en)}  {list_text(push_preview_parts(one, own))}"


def push_preview_parts(one: rules.HallPushPreview, own: setup_rows.Setup) -> list[str]:
    """Return what there is to say of a hall: how much it takes, its own words, that it is away, why it can't."""
    if one.is_source:
        return [_("where it comes from", context="push")]
    if not one.found:
        return [_("nothing to change", context="push")]
    parts = [change_count_text(len(one.found))]
    if one.refused is not None:
        parts.append(push_refusal_reason(one.refused))
    if one.time_of_last_own_change is not None:
        since = date_short(own.to_hall_time(one.time_of_last_own_change))
        parts.append(_("changed there itself since {date}, left out", context="push", date=since))
    if one.silent_since is not None:
        parts.append(_("no station works there now", context="push"))
    return parts


def push_refusal_reason(error: RuleError) -> str:
    """Return why a hall can't take it."""
    return _("can't take it: {why}", context="push", why=error_sentence(error))


def hall_push_outcome_word(became: str | None) -> str:
    """Return what became of a push in a hall."""
    return tr(current_language(), _BECAME[became], context="push")


def push_history_line(row: Mapping[str, Any], at: datetime) -> str:
    """Return a push in a line: its number, when, what, and what became of it in how many halls."""
    what = list_text([setup_section_name(one) for one in row["what"]])
    return f"{row['n']}  {date_short(at)}  {row['by']}  {what}: {_push_outcome_counts_text(row)}"


def last_push_text(row: Mapping[str, Any], at: datetime) -> str:
    """Return the last push as a sentence's beginning: when, by whom, what, and what became of it."""
    what = list_text([setup_section_name(one) for one in row["what"]])
    return _(
        "Pushed {date} by {who}, {what}: {became}",
        context="push",
        date=date_short(at),
        who=row["by"],
        what=what,
        became=_push_outcome_counts_text(row),
    )


def _push_outcome_counts_text(row: Mapping[str, Any]) -> str:
    counts: dict[str | None, int] = {}
    for one in row["halls"]:
        counts[one["became"]] = counts.get(one["became"], 0) + 1
    parts = [f"{hall_push_outcome_word(became)} {n}" for became, n in counts.items()]
    if row["until"]:
        parts.append(_("until {date}", context="push", date=date_short(date.fromisoformat(row["until"]))))
    return list_text(parts)
