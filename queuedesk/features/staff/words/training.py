"""Training in words: what rows ask for, whom it is about in numbers, what came of a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from queuedesk.core.appraisal import LONG, RECALLS, TRANSFERS, WRONG_COUNTER, NamedNeed
from queuedesk.core.figures.comparing import Part
from queuedesk.core.setup.rows import Setup
from queuedesk.features.staff.rules import training_effect
from queuedesk.features.staff.rules.training_effect import Effect, ShiftsKept
from queuedesk.features.staff.rules.training_needs import CALLED_OFTEN, WORTH, Need, Needs
from queuedesk.i18n.appraisal import need_title, of_words, reason_word
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.figures.figure_titles import signed
from queuedesk.i18n.moments import date_short, figure_range
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.numerals import percent

_VERDICTS: Mapping[str, str] = {
    training_effect.LESS: mark("less than before", context="training"),
    training_effect.MORE: mark("more than before", context="training"),
    training_effect.CANNOT_TELL: mark("can't tell", context="training"),
    training_effect.TOO_FEW: mark("too few rows", context="training"),
}


def need_line(kind: str, lang: str | None = None) -> str:
    """Return what a need's rows are."""
    said = lang or current()
    if kind == RECALLS:
        return tr(said, "called {n} times and more", n=CALLED_OFTEN)
    lines = {
        WRONG_COUNTER: mark("tickets issued by guides"),
        TRANSFERS: mark("passed to another window"),
        LONG: mark("long tail: a tenth of all take longer"),
    }
    return tr(said, lines[kind])


def need_chip(need: Need, lang: str | None = None) -> str:
    said = lang or current()
    return tr(said, "Worth training") if need.verdict == WORTH else tr(said, "Can't tell", context="training")


def whom(need: Need, lang: str | None = None) -> str:
    """Return in numbers whom a need is about: "1 of 4 clerks"."""
    said, n, of = lang or current(), len(need.staff), need.people
    if need.kind == WRONG_COUNTER:
        return ntr(said, "{own} of {n} guide", "{own} of {n} guides", of, own=n)
    return ntr(said, "{own} of {n} window staff", "{own} of {n} window staff", of, own=n)


def share_words(share: float) -> str:
    return f"{percent(share)} %"


def points(value: float) -> str:
    """Return a difference of shares in points: "+4.6"."""
    return signed(100 * value)


def bounds(low: float, high: float, lang: str | None = None) -> str:
    """Return the limits of a difference in points: "1.1 to 8.7"."""
    ends = [points(one).removeprefix("+") for one in (low, high)]
    return tr(lang or current(), "{low} to {high}", context="points", low=ends[0], high=ends[1])


def seen_line(found: Needs, lang: str | None = None) -> str:
    """Return of which dates the needs are."""
    said = lang or current()
    if found.last < found.first:
        return tr(said, "no date of the month is over yet")
    dates = figure_range(date_short(found.first, said), date_short(found.last, said))
    return ntr(said, "needs from {dates}, {n} day", "needs from {dates}, {n} days", found.days, dates=dates)


def foot(found: Needs, lang: str | None = None) -> str:
    """Return what is not shown, and how what is shown was compared."""
    said = lang or current()
    parts = [tr(said, "“Others” had the same services and items.")]
    if found.compared:
        parts.append(
            ntr(
                said,
                "{n} comparison is held to 95 %.",
                "{n} comparisons are held to 95 % together.",
                found.compared,
            )
        )
    if found.few:
        parts.append(
            ntr(
                said, "{n} with fewer than 30 rows is left out.", "{n} with fewer than 30 rows are left out.", found.few
            )
        )
    return " ".join(parts) if said == "en" else "".join(parts)


def minutes_words(minutes: int, lang: str | None = None) -> str:
    return ntr(lang or current(), "{n} minute", "{n} minutes", minutes)


def shifts_words(shifts: ShiftsKept | None, days: int, lang: str | None = None, *, rostered: bool) -> str:
    """Return what somebody kept of the roster, "15 of 15 shifts, 12 min late"; where the hall is not `rostered`, on how
    many days somebody was there."""
    said = lang or current()
    if shifts is None and not rostered:
        return ntr(said, "at a window on {n} day", "at a window on {n} days", days)
    if shifts is None:
        return ntr(
            said, "not in the roster; at a window on {n} day", "not in the roster; at a window on {n} days", days
        )
    parts = [ntr(said, "{kept} of {n} shift", "{kept} of {n} shifts", shifts.planned, kept=shifts.kept)]
    if shifts.late_minutes:
        parts.append(tr(said, "{n} min late", n=shifts.late_minutes))
    if shifts.absent:
        parts.append(ntr(said, "{n} not opened", "{n} not opened", shifts.absent))
    return tr(said, ", ", context="list").join(parts)


def effect_words(found: Effect | None, lang: str | None = None) -> str:
    """Return what came of a session in one line."""
    said = lang or current()
    if found is None:
        return tr(said, "It addresses no need: there is nothing to compare with")
    parts = [
        tr(said, "before {figure}", context="training", figure=_part(found.before, said)),
        tr(said, "after {figure}", context="training", figure=_part(found.after, said)),
        tr(said, "longer history {figure}", context="training", figure=_part(found.history, said)),
    ]
    verdict = tr(said, _VERDICTS[found.verdict], context="training")
    if found.low is not None and found.high is not None:
        verdict = tr(
            said,
            "{verdict} ({bounds})",
            context="training",
            verdict=verdict,
            bounds=bounds(found.low, found.high, said),
        )
    return tr(said, ", ", context="list").join([*parts, verdict])


def _part(part: Part, lang: str) -> str:
    counted = of_words(part.n, part.of, lang)
    return f"{share_words(part.rate)} ({counted})" if part.rate is not None else counted


def named_line(setup: Setup, one: Mapping[str, object], lang: str | None = None) -> str:
    """Return what somebody is told who was named: what for, with which rows, and why it was asked."""
    said = lang or current()
    title = need_title(setup, str(one["need"]), str(one["service"] or ""), lang=said)
    first, last = (date_short(date.fromisoformat(str(one[end])), said) for end in ("from", "to"))
    return tr(
        said,
        "{need}, {rows}, {dates}: {reason}",
        need=title,
        rows=of_words(int(str(one["n"])), int(str(one["of"])), said),
        dates=figure_range(first, last),
        reason=reason_word(str(one["reason"]), said),
    )


def named_told(setup: Setup, one: NamedNeed, lang: str | None = None) -> str:
    """Return what the own station tells somebody who was named: by whom, for which rows, and why."""
    said = lang or current()
    return tr(
        said,
        "{name} looked whose rows these are, and they are yours: {need}, {rows}. {reason}",
        name=staff_name(setup, one.by, said) or one.by,
        need=need_title(setup, one.need, one.service or "", lang=said),
        rows=of_words(one.n, one.of, said),
        reason=reason_word(one.reason, said),
    )
