"""Shares and scores never mix."""

import pytest

from queuedesk.core.figures.targets import Target
from queuedesk.core.imports.scales import Score, Share

SHARE, SCORE = Share(0.68), Score(68, 100)


def test_figures_of_one_kind_compare_and_differ():
    assert Share(0.9535) < Share(0.9804)
    assert Score(80, 100) <= Score(86, 100)
    assert Score(86, 100) - Score(80, 100) == 6
    assert Share(1) != Score(1, 100)


@pytest.mark.parametrize(
    "mix",
    [
        lambda: SHARE - SCORE,
        lambda: SCORE - SHARE,
        lambda: SHARE < SCORE,
        lambda: SCORE <= SHARE,
        lambda: Score(4, 5) - SCORE,
        lambda: SHARE - 0.5,
        lambda: Share(SCORE),  # type: ignore[arg-type]
        lambda: Score(SHARE, 100),  # type: ignore[arg-type]
        lambda: Target("satisfaction", SCORE),  # type: ignore[arg-type]
        lambda: Share(True),
    ],
)
def test_what_mixes_kinds_is_a_type_error(mix):
    with pytest.raises(TypeError):
        mix()


@pytest.mark.parametrize(("kind", "values"), [(Share, (68,)), (Share, (-0.1,)), (Score, (101, 100)), (Score, (0, 0))])
def test_what_lies_outside_a_scale_is_refused(kind, values):
    with pytest.raises(ValueError):
        kind(*values)
