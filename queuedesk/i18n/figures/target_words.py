"""A target in words: what it measures, its figure with the unit, and the result."""

from __future__ import annotations

from queuedesk.core.figures.targets import (
    FIRST_VISIT,
    MEAN_WAIT,
    MEDIAN_WAIT,
    P90_WAIT,
    SATISFACTION,
    SERVED,
    WAITS,
    WITHIN_TARGET,
    Verdict,
    measure_of,
)
from queuedesk.i18n.catalogue import current, mark, tr

_MEASURES = {
    SATISFACTION: mark("Satisfaction rate", context="measure"),
    WITHIN_TARGET: mark("Called within the target", context="measure"),
    SERVED: mark("Served rate", context="measure"),
    FIRST_VISIT: mark("Settled at the first visit", context="measure"),
    MEAN_WAIT: mark("Mean wait", context="measure"),
    MEDIAN_WAIT: mark("Median wait", context="measure"),
    P90_WAIT: mark("Wait of nine in ten", context="measure"),
}
_MEANINGS = {
    SATISFACTION: mark("satisfied ÷ all ratings; who did not rate counts in neither", context="measure"),
    WITHIN_TARGET: mark("called within the waiting target ÷ (called + left uncalled after longer)", context="measure"),
    SERVED: mark("finished ÷ (issued − void)", context="measure"),
    FIRST_VISIT: mark("finished without a transfer and without coming again ÷ finished", context="measure"),
    MEAN_WAIT: mark("to the first call, on average", context="measure"),
    MEDIAN_WAIT: mark("to the first call; half of them wait no longer", context="measure"),
    P90_WAIT: mark("to the first call; nine of ten wait no longer", context="measure"),
}
_VERDICTS = {
    Verdict.MET: mark("met", context="target"),
    Verdict.NOT_MET: mark("not met", context="target"),
    Verdict.CANNOT_TELL: mark("can't tell", context="target"),
}


def measure_word(text: object, lang: str | None = None) -> str:
    """Return the name of a measure; an old one that was free text unchanged."""
    measure = measure_of(text)
    return str(text) if measure is None else tr(lang or current(), _MEASURES[measure], context="measure")


def measure_meaning(measure: str, lang: str | None = None) -> str:
    """Return which numbers a measure divides, or when its minutes end."""
    return tr(lang or current(), _MEANINGS[measure], context="measure")


def goal_text(measure: str, figure: str, lang: str | None = None) -> str:
    """Return "at least 98 %" or "at most 15 min"; `figure` is a share in percent, or minutes."""
    if measure_of(measure) in WAITS:
        return tr(lang or current(), "at most {figure} min", context="target", figure=figure)
    return tr(lang or current(), "at least {figure} %", context="target", figure=figure)


def with_unit(measure: str, figure: str, lang: str | None = None) -> str:
    """Return "98 %" or "15 min"."""
    if measure_of(measure) in WAITS:
        return tr(lang or current(), "{minutes} min", minutes=figure)
    return f"{figure} %"


def goal_figure(measure: str, value: float) -> str:
    """Return a target's figure as it is written: a share of 0.985 is "98.5", whole figures have no decimals."""
    shown = value if measure_of(measure) in WAITS else value * 100
    return f"{round(shown, 4):g}"


def verdict_word(verdict: Verdict, lang: str | None = None) -> str:
    """Return the word for whether a target is met."""
    return tr(lang or current(), _VERDICTS[verdict], context="target")
