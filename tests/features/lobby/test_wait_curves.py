"""The curves of a suggestion: no word lies on another."""

from __future__ import annotations

from itertools import combinations

import pytest

from queuedesk.core.charts.chart import Rect, Words
from queuedesk.features.lobby.rules.wait_curves import WaitCurves, lay_out_curves
from tests.core.charts.test_charts import PLAIN


def box(one: Words) -> tuple[float, float, float, float]:
    """Return where a word stands, but for what hangs below its line."""
    width = len(one.text) * one.size / 2
    left = one.x - width if one.at == "right" else one.x
    return left, one.y - 0.8 * one.size, left + width, one.y


def meet(one: Words, other: Words) -> bool:
    (a, b, c, d), (e, f, g, h) = box(one), box(other)
    return a < g and e < c and b < h and f < d


@pytest.mark.parametrize("highest", [8.0, 20.0, 51.0, 160.0, 532.0, 960.0])
@pytest.mark.parametrize("target", [5, 15, 40])
def test_words_stand_apart_however_long_people_wait(highest: float, target: int) -> None:
    curves = WaitCurves(
        as_it_is=[highest * (0.9 + 0.02 * n) for n in range(6)],
        with_move=[max(0.0, highest * (0.9 - 0.18 * n)) for n in range(6)],
        target=target,
        target_word=f"target {target}",
        first_word="now",
        last_word="in 30 min",
    )
    marks = lay_out_curves(curves, PLAIN, Rect(0, 0, 150, 96))
    words = [mark for mark in marks if isinstance(mark, Words)]
    target_word = next(one for one in words if one.text == f"target {target}")
    moments = [one for one in words if one.text in ("now", "in 30 min")]

    assert len(moments) == 2
    assert not any(meet(target_word, one) for one in moments)
    assert not any(meet(one, other) for one, other in combinations(moments, 2))
