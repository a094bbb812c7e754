"""The parts of a bar: what is short stays readable while there is room for all."""

import pytest

from queuedesk.core.story import bar_widths


@pytest.mark.parametrize(
    ("lengths", "needs", "room", "widths"),
    [
        ([], [], 100, []),
        ([0, 0], [10, 10], 100, []),
        ([30, 10], [10, 10], 100, [75, 25]),
        ([95, 5], [10, 20], 100, [80, 20]),
        ([90, 1, 9], [10, 15, 15], 100, [70, 15, 15]),
        ([90, 10], [60, 60], 100, [90, 10]),
    ],
)
def test_parts_are_as_wide_as_they_were_long_but_never_under_their_needs(lengths, needs, room, widths):
    assert bar_widths(lengths, needs, room) == pytest.approx(widths)
