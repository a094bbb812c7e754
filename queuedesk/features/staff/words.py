"""Person's sheets, needs of training and sessions in words: items, differences, why there is no figure, how it is
worked out, what came of a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from queuedesk.core import appraisal
from queuedesk.core.figures.comparing import NumeratorAndDenominator
from queuedesk.core.figures.halls import AFTER_WORST, ONE_DAY
from queuedesk.core.setup.field_kinds import fields_of_row_class
from queuedesk.core.setup.rows import Setup
from queuedesk.features.staff.rules import person_sheet as sheets
from queuedesk.features.staff.rules import training
from queuedesk.features.staff.rules.own_work import TOO_FEW_MONTHS, OwnMonthChange
from queuedesk.i18n import moments
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.figures.figure_titles import signed_decimal
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, service_name, staff_name, whole_number_text

_VERDICTS: Mapping[str, str] = {
    sheets.BETTER: mark("Better", context="sheet verdict"),
    sheets.WORSE: mark("Worse", context="sheet verdict"),
    sheets.CANNOT_TELL: mark("Can't tell", context="sheet verdict"),
    sheets.TOO_FEW: mark("Too few", context="sheet verdict"),
    sheets.MET: mark("Met", context="sheet verdict"),
    sheets.NOT_MET: mark("Not met", context="sheet verdict"),
}
_PACES: Mapping[str, str] = {
    sheets.BETTER: mark("Quicker", context="sheet verdict"),
    sheets.WORSE: mark("Slower", context="sheet verdict"),
}
_TOTALS: Mapping[str, str] = {
    sheets.ABOVE: mark("Above the median"),
    sheets.BELOW: mark("Below the median"),
    sheets.CANNOT_TELL: mark("Too close to the median to say"),
    sheets.TOO_FEW: mark("Too few ratings to compare"),
}
_WHY: Mapping[str, str] = {
    sheets.NONE_RATED: mark("nobody rated"),
    sheets.NONE_HANDLED: mark("nothing with a time of its own"),
    sheets.NO_OTHERS: mark("no one else does the same"),
    sheets.NONE_CALLED: mark("nobody was called"),
    sheets.NONE_DUE: mark("no answer was due"),
    sheets.NONE_PLANNED: mark("nothing in the roster"),
    sheets.NOT_HERE: mark("not shown on this PC"),
}

_STATES: Mapping[str, str] = {
    appraisal.WAITING: mark("waits for a decision", context="dispute"),
    appraisal.EXCLUDED: mark("excluded", context="dispute"),
    appraisal.KEPT: mark("stays in", context="dispute"),
}


def dispute_state_text(state: str, lang: str | None = None) -> str:
    """Return what became of a disputed row."""
    return tr(lang or current_language(), _STATES[state], context="dispute")


def closed_version_text(setup: Setup, found: sheets.MonthSheets, lang: str | None = None) -> str:
    """Return which version of a closed month is shown, "" of one that was never closed."""
    said = lang or current_language()
    if found.closed is None:
        n = found.versions
        if not n:
            return ""
        return ntr(said, "as it is now, closed in {n} version", "as it is now, closed in {n} versions", n)
    day, name = (
        moments.date_short(setup.to_hall_time(found.closed).date(), said),
        staff_name(setup, found.closed_by, said),
    )
    return tr(said, "closed {date} by {name}, version {n}", date=day, name=name, n=found.version)


def later_exclusions_text(found: sheets.MonthSheets, staff: str, lang: str | None = None) -> str:
    """Return which rows were excluded after a month was closed, of a person's sheet and, for who reads all, of the
    others'; "" where none was."""
    said, own = lang or current_language(), len(found.later_exclusions(staff))
    others = 0 if found.own else len(found.later) - own
    parts = []
    if own:
        parts.append(
            ntr(
                said,
                "Since it was closed {n} row was excluded; this version still counts it.",
                "Since it was closed {n} rows were excluded; this version still counts them.",
                own,
            )
        )
    if others:
        parts.append(
            ntr(
                said,
                "Of others' sheets {n} row was excluded since.",
                "Of others' sheets {n} rows were excluded since.",
                others,
            )
        )
    return (" " if said == "en" else "").join(parts)


def unnamed_event_count_text(n: int, lang: str | None = None) -> str:
    """Return how many of a month's events name no person."""
    said = lang or current_language()
    if not n:
        return tr(said, "Every event of the month names somebody.")
    return ntr(said, "{n} event of the month names no one.", "{n} events of the month name no one.", n)


def dispute_history_text(
    setup: Setup, one: appraisal.SheetDispute, notes: Mapping[str, str], lang: str | None = None
) -> str:
    """Return who asked about a row and who decided, with their notes as far as they are told."""
    said = lang or current_language()

    def person_time_and_note_fields(person: str, at: datetime, kept: str | None) -> dict[str, str]:
        note = notes.get(kept or "", "")
        return {
            "name": staff_name(setup, person, said),
            "at": moments.moment_short(setup.to_hall_time(at), said),
            "note": tr(said, ": “{note}”", note=note) if note else "",
        }

    asked = tr(said, "Asked for by {name}, {at}{note}.", **person_time_and_note_fields(one.by, one.time, one.words))
    if one.decided is None:
        return tr(said, "{asked} A second person decides.", asked=asked)
    decided = person_time_and_note_fields(one.decided_by or "", one.decided, one.answer)
    if one.excluded:
        return "\n".join((tr(said, "Excluded by {name}, {at}{note}.", **decided), asked))
    return "\n".join((tr(said, "Counts, says {name}, {at}{note}.", **decided), asked))


def disputed_item_word(code: str, lang: str | None = None) -> str:
    """Return what an item is called of which a row is disputed."""
    said = lang or current_language()
    if code == appraisal.PRAISE:
        return tr(said, "Praise", context="scheme")
    if code == appraisal.FAULTS:
        return tr(said, "Faults", context="scheme")
    return item_word(code, said)


def item_word(code: str, lang: str | None = None) -> str:
    """Return what an item of the scheme is called."""
    return tr(lang or current_language(), fields_of_row_class(appraisal.AppraisalScheme)[code].label, context="field")


def item_verdict_text(item: sheets.SheetItemResult, lang: str | None = None) -> str:
    """Return what is said of an item, "" where nothing is."""
    if item.verdict is None:
        return ""
    words = _PACES if item.code == appraisal.HANDLING and item.verdict in _PACES else _VERDICTS
    return tr(lang or current_language(), words[item.verdict], context="sheet verdict")


def total_verdict_text(sheet: sheets.PersonSheet, lang: str | None = None) -> str:
    """Return what is said of a total."""
    said = lang or current_language()
    if sheet.verdict is None:
        return tr(said, "No one to compare with")
    if sheet.verdict != sheets.TOO_FEW and not sheet.is_judged:
        return tr(said, "Too little judged to compare")
    return tr(said, _TOTALS[sheet.verdict])


def total_text_with_weight(sheet: sheets.PersonSheet, lang: str | None = None) -> str:
    """Return a total, with the part of the weight that it is made of where that is not all; of less than half of the
    weight no total is told."""
    said = lang or current_language()
    if not sheet.is_judged:
        return tr(said, "No total: {n} of {of} points could be judged", n=sheet.known_weight, of=appraisal.WHOLE)
    total = tr(said, "Total {points} of 100", points=decimal_text(sheet.total))
    return " · ".join(part for part in (total, judged_weight_text(sheet, said)) if part)


def total_figure(sheet: sheets.PersonSheet) -> str:
    """Return a total alone: "96.7", "—" where less than half of the weight could be judged."""
    return decimal_text(sheet.total if sheet.is_judged else None)


def median_figure(sheet: sheets.PersonSheet) -> str:
    """Return the team's median to stand beside a total, "—" beside none."""
    return decimal_text(sheet.median if sheet.is_judged else None)


def judged_weight_text(sheet: sheets.PersonSheet, lang: str | None = None) -> str:
    """Return what part of the weight is in a total, "" where all of it is."""
    if sheet.known_weight == appraisal.WHOLE:
        return ""
    return tr(lang or current_language(), "{n} of {of} points judged", n=sheet.known_weight, of=appraisal.WHOLE)


def median_and_chance_text(sheet: sheets.PersonSheet, lang: str | None = None) -> str:
    """Return the team's median and what chance alone allows round it; of a range without width the median alone, ""
    where there is none."""
    said = lang or current_language()
    if not sheet.is_judged or sheet.median is None or sheet.low is None or sheet.high is None:
        return ""
    median, low, high = decimal_text(sheet.median), decimal_text(sheet.low), decimal_text(sheet.high)
    if low == high:
        return tr(said, "Team median {median}", median=median)
    return tr(said, "Team median {median}; chance alone allows {low} to {high}", median=median, low=low, high=high)


def parts_left_out_of_item_text(
    sheet: sheets.PersonSheet, item: sheets.SheetItemResult, lang: str | None = None
) -> str:
    """Return what was taken out of an item for the person's sake, "" where nothing was."""
    said = lang or current_language()
    parts = []
    if item.code == appraisal.HANDLING and sheet.stalled:
        parts.append(tr(said, "without {minutes} min of waiting for systems", minutes=decimal_text(sheet.stalled)))
    if item.code == appraisal.HANDLING and sheet.redirects:
        parts.append(ntr(said, "{n} sent on, not counted", "{n} sent on, not counted", len(sheet.redirects)))
    if item.code == appraisal.SATISFACTION and item.apart:
        parts.append(ntr(said, "{n} excluded", "{n} excluded", len(item.apart), context="ratings"))
    return " · ".join(parts)


def month_change_text(found: OwnMonthChange, lang: str | None = None) -> str:
    """Return in one sentence what may be said of the own figure from one month to the next."""
    said = lang or current_language()
    now = item_figure_text(found.code, found.now, said)
    if found.kind == ONE_DAY and found.day is not None:
        told = {"date": moments.date_short(found.day, said), "rest": item_figure_text(found.code, found.rest, said)}
        return tr(said, "This month depends on one day, {date}: without it {rest}, so no verdict.", **told)
    if found.before is None:
        return ""
    first, value = found.before
    then = {"month": moments.month_long(first, said), "then": item_figure_text(found.code, value, said), "now": now}
    if found.usual is not None:
        usual = moments.figure_range(*(item_figure_text(found.code, end, said) for end in found.usual))
        if found.kind == AFTER_WORST:
            return tr(said, "Back to your usual ({usual}): {month}, {then}, was your worst month.", **then, usual=usual)
        return tr(said, "Back to your usual ({usual}): {month}, {then}, was your best month.", **then, usual=usual)
    if found.kind == TOO_FEW_MONTHS:
        return tr(said, "Not as in {month}, {then}, but too few months to know what is usual for you.", **then)
    if found.kind == sheets.CANNOT_TELL:
        return tr(said, "Can't tell from {month}, {then}: chance alone can explain it.", **then)
    better = found.kind == sheets.BETTER
    if found.code == appraisal.HANDLING:
        quicker = tr(said, "Quicker than in {month}: {now} after {then}, beyond chance.", **then)
        return quicker if better else tr(said, "Slower than in {month}: {now} after {then}, beyond chance.", **then)
    more = tr(said, "Better than in {month}: {now} after {then}, beyond chance.", **then)
    return more if better else tr(said, "Worse than in {month}: {now} after {then}, beyond chance.", **then)


def missing_figure_reason(why: str, lang: str | None = None) -> str:
    """Return why an item has no figure."""
    said = lang or current_language()
    if why == sheets.FEW_TOLD:
        return tr(said, "fewer than {n} ratings: not shown", n=sheets.FEWEST_TOLD)
    return tr(said, _WHY[why])


def item_figure_text(code: str, value: float | None, lang: str | None = None) -> str:
    """Return an item's figure: "96.7 %", "0.97", "2"."""
    if value is None:
        return UNKNOWN
    if code == appraisal.HANDLING:
        return f"{value:.2f}"
    if code == appraisal.ORDER:
        return whole_number_text(value)
    return f"{percent_text(value)} %"


def own_figure_text(item: sheets.SheetItemResult, lang: str | None = None) -> str:
    """Return a person's figure; of a few it is the count itself."""
    if item.value is not None and (
        item.code in (appraisal.CASES, appraisal.SHIFTS)
        or (item.code == appraisal.SATISFACTION and item.of < sheets.FEWEST)
    ):
        return tr(lang or current_language(), "{n} of {of}", context="sheet", n=item.n, of=item.of)
    return item_figure_text(item.code, item.value, lang)


def others_figure_text(item: sheets.SheetItemResult, lang: str | None = None) -> str:
    """Return what the others come to with the same mix, "" where too few can be compared."""
    is_share = item.code in (appraisal.SATISFACTION, appraisal.HANDLING)
    return (
        item_figure_text(item.code, item.hall, lang)
        if is_share and item.hall is not None and item.verdict != sheets.TOO_FEW
        else ""
    )


def item_row_count_text(item: sheets.SheetItemResult, lang: str | None = None) -> str:
    """Return of how many a figure is."""
    said = lang or current_language()
    if item.why is not None:
        return missing_figure_reason(item.why, said)
    if item.code == appraisal.SATISFACTION and item.of < sheets.FEWEST:
        return ntr(said, "{n} rating", "{n} ratings", item.of)
    if item.code == appraisal.SATISFACTION:
        return tr(said, "{n} of {of}", context="sheet", n=whole_number_text(item.n), of=whole_number_text(item.of))
    if item.code == appraisal.HANDLING and item.n < item.of:
        return tr(said, "{n} of {of} visits compared", n=whole_number_text(item.n), of=whole_number_text(item.of))
    if item.code == appraisal.HANDLING:
        return ntr(said, "{n} visit", "{n} visits", item.of)
    if item.code == appraisal.ORDER:
        return ntr(said, "of {n} call", "of {n} calls", item.of)
    if item.code == appraisal.CASES:
        return ntr(said, "{n} case", "{n} cases", item.of)
    return tr(said, "roster", context="sheet")


def item_figure_basis_text(sheet: sheets.PersonSheet, item: sheets.SheetItemResult, lang: str | None = None) -> str:
    """Return what an item's figure leaves out, or whom it is compared with."""
    said = lang or current_language()
    if item.code == appraisal.SATISFACTION:
        excluded = len(item.apart)
        known = ntr(said, "{n} rating", "{n} ratings", item.of)
        return tr(said, "{ratings}, {n} excluded", ratings=known, n=excluded) if excluded else known
    if item.code == appraisal.HANDLING:
        return ntr(said, "waits for systems, {n} sent on", "waits for systems, {n} sent on", len(sheet.redirects))
    if item.code == appraisal.ORDER:
        return tr(said, "called out of order, no reason")
    if item.code == appraisal.CASES:
        return tr(said, "answers that were due this month")
    return tr(said, "begun within {n} min; who is off is not counted", n=sheets.LATE_MINUTES)


def not_counted_reason(item: sheets.SheetItemResult, lang: str | None = None) -> str:
    """Return why an item with a figure has no points and what becomes of its weight, "" of one that counts."""
    said = lang or current_language()
    if not item.has_uncounted_value:
        return ""
    if item.verdict == sheets.CANNOT_TELL:
        return tr(said, "may be chance alone: not counted, its weight goes to the other parts")
    if item.verdict == sheets.BETTER:
        return tr(said, "better than the others: it lowers no total, its weight goes to the other parts")
    return tr(said, "under {n} to compare: not counted, its weight goes to the other parts", n=sheets.FEWEST)


def points_formula(
    item: sheets.SheetItemResult, weighting_of_item: appraisal.AppraisalItemWeight, lang: str | None = None
) -> str:
    """Return in one line how the points come about: "30 × (96.7 − 90) / (98 − 90) = 25.1", or why there are none."""
    if item.has_uncounted_value:
        return not_counted_reason(item, lang)
    if item.value is None or item.points is None:
        return ""
    shown = _without_trailing_zeros(
        item.value * (1 if item.code in (appraisal.HANDLING, appraisal.ORDER) else appraisal.WHOLE),
        2 if item.code == appraisal.HANDLING else 1,
    )
    ends = [_without_trailing_zeros(end, 2) for end in (weighting_of_item.none, weighting_of_item.full)]
    sum_ = f"{item.weight} × ({shown} − {ends[0]}) / ({ends[1]} − {ends[0]})"
    within = (
        min(weighting_of_item.none, weighting_of_item.full)
        <= float(shown)
        <= max(weighting_of_item.none, weighting_of_item.full)
    )
    limit = "" if within else tr(lang or current_language(), ", at most {weight}, at least 0", weight=item.weight)
    return f"{sum_} = {decimal_text(item.points)}{limit}"


def item_interval_text(item: sheets.SheetItemResult, lang: str | None = None) -> str:
    """Return the figure's 95 % interval, "" without one."""
    if item.low is None or item.high is None:
        return ""
    if item.code == appraisal.HANDLING:
        return moments.figure_range(f"{item.low:.2f}", f"{item.high:.2f}")
    return moments.figure_range(percent_text(item.low), percent_text(item.high))


def scheme_version_text(number: int, since: date | None, lang: str | None = None) -> str:
    """Return which scheme it is and since when it is in force."""
    said = lang or current_language()
    if since is None:
        return tr(said, "scheme {n}", n=number)
    return tr(said, "scheme {n}, in force since {date}", n=number, date=moments.date_short(since, said))


def not_ranked_reason(lang: str | None = None) -> str:
    """Return why nobody has a place."""
    return tr(
        lang or current_language(),
        "Shown, not ranked; under {n} ratings not compared and not counted.",
        n=sheets.FEWEST,
    )


def _without_trailing_zeros(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_TRAINING_VERDICTS: Mapping[str, str] = {
    training.LESS: mark("less than before", context="training"),
    training.MORE: mark("more than before", context="training"),
    training.TRAINING_CANNOT_TELL: mark("can't tell", context="training"),
    training.TOO_FEW: mark("too few rows", context="training"),
}


def rows_description_of_need_kind(kind: str, lang: str | None = None) -> str:
    said = lang or current_language()
    if kind == appraisal.RECALLS:
        return tr(said, "called {n} times and more", n=training.CALLED_OFTEN)
    lines = {
        appraisal.WRONG_COUNTER: mark("tickets issued by guides"),
        appraisal.TRANSFERS: mark("passed to another window"),
        appraisal.LONG: mark("long tail: a tenth of all take longer"),
    }
    return tr(said, lines[kind])


def need_verdict_text(need: training.ServiceTrainingNeed, lang: str | None = None) -> str:
    said = lang or current_language()
    return tr(said, "Worth training") if need.verdict == training.WORTH else tr(said, "Can't tell", context="training")


def people_needing_training_text(need: training.ServiceTrainingNeed, lang: str | None = None) -> str:
    """Return in numbers whom a need is about: "1 of 4 clerks"."""
    said, n, of = lang or current_language(), len(need.staff), need.people
    if need.kind == appraisal.WRONG_COUNTER:
        return ntr(said, "{own} of {n} guide", "{own} of {n} guides", of, own=n)
    return ntr(said, "{own} of {n} window staff", "{own} of {n} window staff", of, own=n)


def share_percent_text(share: float) -> str:
    return f"{percent_text(share)} %"


def share_difference_in_points(value: float) -> str:
    """Return a difference of shares in points: "+4.6"."""
    return signed_decimal(100 * value)


def difference_bounds_text(low: float, high: float, lang: str | None = None) -> str:
    """Return the limits of a difference in points: "1.1 to 8.7"."""
    ends = [share_difference_in_points(one).removeprefix("+") for one in (low, high)]
    return tr(lang or current_language(), "{low} to {high}", context="points", low=ends[0], high=ends[1])


def needs_dates_text(found: training.TrainingNeeds, lang: str | None = None) -> str:
    """Return of which dates the needs are."""
    said = lang or current_language()
    if found.last < found.first:
        return tr(said, "no date of the month is over yet")
    dates = moments.figure_range(moments.date_short(found.first, said), moments.date_short(found.last, said))
    return ntr(said, "needs from {dates}, {n} day", "needs from {dates}, {n} days", found.days, dates=dates)


def needs_table_footnote(found: training.TrainingNeeds, lang: str | None = None) -> str:
    """Return what is not shown, and how what is shown was compared."""
    said = lang or current_language()
    parts = [tr(said, "“Others” had the same services and items.")]
    if found.compared:
        parts.append(
            ntr(said, "{n} comparison is held to 95 %.", "{n} comparisons are held to 95 % together.", found.compared)
        )
    if found.few:
        parts.append(
            ntr(
                said, "{n} with fewer than 30 rows is left out.", "{n} with fewer than 30 rows are left out.", found.few
            )
        )
    return " ".join(parts) if said == "en" else "".join(parts)


def minutes_words(minutes: int, lang: str | None = None) -> str:
    return ntr(lang or current_language(), "{n} minute", "{n} minutes", minutes)


def how_roster_was_kept_text(
    shifts: training.ShiftRecord | None, days: int, lang: str | None = None, *, rostered: bool
) -> str:
    """Return what somebody kept of the roster, "15 of 15 shifts, 12 min late"; where the hall is not `rostered`, on how
    many days somebody was there."""
    said = lang or current_language()
    if shifts is None and not rostered:
        return ntr(said, "at a window on {n} day", "at a window on {n} days", days)
    if shifts is None:
        return ntr(
            said, "not in the roster; at a window on {n} day", "not in the roster; at a window on {n} days", days
        )
    parts = [ntr(said, "{kept} of {n} shift", "{kept} of {n} shifts", shifts.planned, kept=shifts.kept)]
    if shifts.late_minutes:
        parts.append(tr(said, "{n} min late", n=shifts.late_minutes))
    if shifts.absent_count:
        parts.append(ntr(said, "{n} not opened", "{n} not opened", shifts.absent_count))
    return tr(said, ", ", context="list").join(parts)


def session_effect_text(found: training.TrainingEffect | None, lang: str | None = None) -> str:
    """Return what came of a session in one line."""
    said = lang or current_language()
    if found is None:
        return tr(said, "It addresses no need: there is nothing to compare with")
    parts = [
        tr(said, "before {figure}", context="training", figure=_share_and_counts_text(found.before, said)),
        tr(said, "after {figure}", context="training", figure=_share_and_counts_text(found.after, said)),
        tr(said, "longer history {figure}", context="training", figure=_share_and_counts_text(found.history, said)),
    ]
    verdict = tr(said, _TRAINING_VERDICTS[found.verdict], context="training")
    if found.low is not None and found.high is not None:
        verdict = tr(
            said,
            "{verdict} ({bounds})",
            context="training",
            verdict=verdict,
            bounds=difference_bounds_text(found.low, found.high, said),
        )
    return tr(said, ", ", context="list").join([*parts, verdict])


def _share_and_counts_text(part: NumeratorAndDenominator, lang: str) -> str:
    counted = n_of_total_text(part.n, part.of, lang)
    return f"{share_percent_text(part.rate)} ({counted})" if part.rate is not None else counted


def need_line_for_named_person(setup: Setup, one: Mapping[str, object], lang: str | None = None) -> str:
    """Return what somebody is told who was named: what for, with which rows, and why it was asked."""
    said = lang or current_language()
    title = need_title(setup, str(one["need"]), str(one["service"] or ""), lang=said)
    first, last = (moments.date_short(date.fromisoformat(str(one[end])), said) for end in ("from", "to"))
    return tr(
        said,
        "{need}, {rows}, {dates}: {reason}",
        need=title,
        rows=n_of_total_text(int(str(one["n"])), int(str(one["of"])), said),
        dates=moments.figure_range(first, last),
        reason=naming_reason_text(str(one["reason"]), said),
    )


def naming_notice_text(setup: Setup, one: appraisal.PersonBehindNeedRequest, lang: str | None = None) -> str:
    """Return what the own station tells somebody who was named: by whom, for which rows, and why."""
    said = lang or current_language()
    return tr(
        said,
        "{name} looked whose rows these are, and they are yours: {need}, {rows}. {reason}",
        name=staff_name(setup, one.by, said) or one.by,
        need=need_title(setup, one.need, one.service or "", lang=said),
        rows=n_of_total_text(one.n, one.of, said),
        reason=naming_reason_text(one.reason, said),
    )


# -- needs of training by name, and why somebody asks whom one is about -----------------------------------------------

_REASONS: Mapping[str, str] = {
    appraisal.TO_COACH: mark("To coach alone"),
    appraisal.TO_CHECK: mark("To check the rows"),
}


def need_title(setup: Setup, kind: str, service: str, limit: int | None = None, lang: str | None = None) -> str:
    """Return what a need is called, with its service: "Transfers out, Account services"."""
    said = lang or current_language()
    name = service_name(setup, service, said) if service else ""
    if kind == appraisal.WRONG_COUNTER:
        return tr(said, "Wrong window at the front desk")
    if kind == appraisal.RECALLS:
        return tr(said, "Recalls, all services")
    if kind == appraisal.TRANSFERS:
        return tr(said, "Transfers out, {service}", service=name)
    return (
        tr(said, "{service} over {n} min", service=name, n=limit)
        if limit
        else tr(said, "Long: {service}", service=name)
    )


def n_of_total_text(n: int, of: int, lang: str | None = None) -> str:
    return tr(
        lang or current_language(), "{n} of {of}", context="sheet", n=whole_number_text(n), of=whole_number_text(of)
    )


def naming_reason_text(reason: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _REASONS[reason])
