"""Colours can be told apart and read in every theme; states never rest on colour alone."""

import pytest

from queuedesk.stations.window.icons import icon_names
from queuedesk.stations.window.theme import HALL, LIGHT, MARKS, TEXT_ON, THEMES, TICKET_MARKS, WINDOW_MARKS, contrast

PAIRS = [(theme, ink, ground) for theme in THEMES for ink, grounds in TEXT_ON for ground in grounds.split()]


def test_text_can_be_read_on_its_ground():
    found = {
        (theme, ink, ground): contrast(THEMES[theme].color(ink), THEMES[theme].color(ground))
        for theme, ink, ground in PAIRS
    }

    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_a_state_can_be_read_on_its_tint(theme):
    colors = THEMES[theme]
    found = {state: contrast(colors.color(mark.token), colors.color(mark.tint)) for state, mark in MARKS.items()}

    assert {state: ratio for state, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["surface", "paper", "sunken"])
def test_the_edge_of_what_can_be_pressed_is_seen(theme, ground):
    colors = THEMES[theme]

    assert contrast(colors.edge, colors.color(ground)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_bars_are_seen_on_their_card(theme):
    assert contrast(THEMES[theme].chart, THEMES[theme].surface) >= 3


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (LIGHT.ink, LIGHT.surface, 16.7),
        (LIGHT.primary, LIGHT.surface, 6.5),
        (LIGHT.amber, LIGHT.amberbg, 5.8),
        (HALL.fresh_ink, HALL.fresh, 12.0),
        ("#FFFFFF", "#000000", 21),
    ],
)
def test_contrast_is_the_one_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.06)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("marks", [TICKET_MARKS, WINDOW_MARKS])
def test_states_of_one_kind_differ_in_shape(marks):
    shapes = [mark.icon for mark in marks.values()]

    assert len(set(shapes)) == len(shapes)
    assert set(shapes) <= set(icon_names())
