"""Halls side by side in finished words: a row each, with a sign of its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.figures.hall_comparison import HallBeside
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import seconds
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, date_short, minutes_text, n_, named, time_hm
from queuedesk.i18n.queue.alerts import alert_words

UNKNOWN = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class HallText:
    """A hall's row. `cells` are waiting, longest wait, open windows, served, called in time, each with its token and
    whether it is bold."""

    code: str
    name: str
    icon: str
    token: str
    word: str
    cells: tuple[tuple[str, str, bool], ...]


def columns() -> tuple[str, ...]:
    """Return the heads of the columns behind the name."""
    return (
        _("Waiting", context="column"),
        _("Longest", context="column"),
        _("Open windows"),
        _("Served", context="halls"),
        _("Called in time"),
    )


def hall_text(one: HallBeside, state: HallState, setup: Setup, now: datetime) -> HallText:
    """Return a hall's row from its own `state`; times are those of the own hall, of `setup`."""
    icon, token, word = _state(one, state, setup, now)
    longest, late = UNKNOWN, one.level or "ink"
    if one.longest_since is not None:
        longest = minutes_text(seconds(one.longest_since, now) // 60)
    within = UNKNOWN if one.within_target is None else f"{one.within_target * 100:.0f} %"
    short = one.is_short_of_target or one.late is not None
    if one.late is not None:
        within = _("{share} · {n} late", share=within, n=one.late.n)
    return HallText(
        code=one.code,
        name=named(one.name, one.name_en),
        icon=icon,
        token=token,
        word=word,
        cells=(
            (str(one.waiting), "ink", True),
            (longest, late, bool(one.level)),
            (f"{one.open_windows} / {one.windows}", "ink", False),
            (str(one.served), "ink", False),
            (within, "red" if short else "ink", short),
        ),
    )


def spoken(text: HallText) -> str:
    """Return a row as it is read out."""
    figures = (f"{head} {cell}" for head, (cell, _token, _bold) in zip(columns(), text.cells, strict=True))
    return ", ".join([f"{text.name} {text.code}", text.word, *figures])


def _state(one: HallBeside, state: HallState, setup: Setup, now: datetime) -> tuple[str, str, str]:
    """Return the sign of a hall's state: icon, colour, word; what somebody has to look at comes first."""
    if one.silent_since is not None and one.is_working:
        return "away", "amber", _("No sign of life since {time}", time=_moment(one.silent_since, setup, now))
    if one.worst is not None:
        fact, more = alert_words(state, one.worst, now).fact, one.red + one.amber - 1
        words = n_("{fact} · {n} more", "{fact} · {n} more", more, fact=fact) if more else fact
        return ("clock", "red", words) if one.red else ("warning", "amber", words)
    if not one.is_working:
        return "minus", "ink2", _("Closed", context="hall")
    return "dot", "primary", _("Open, nothing to look at")


def _moment(moment: datetime, setup: Setup, now: datetime) -> str:
    local = setup.local(moment)
    if local.date() == setup.local(now).date():
        return time_hm(local)
    return f"{date_short(local.date())} {time_hm(local)}"
