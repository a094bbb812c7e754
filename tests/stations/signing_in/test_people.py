"""Names are whole: one line, two lines, or fewer tiles side by side."""

from __future__ import annotations

import pytest

from queuedesk.stations.signing_in.view import columns_for
from queuedesk.stations.window.fonts import load_fonts
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, TEXT_SIZES_PCT, Look, Scale

USUAL = ["Zhang Min", "Wang Fang", "Zhao Qiang", "Chen Jing"]


@pytest.mark.parametrize("text_pct", TEXT_SIZES_PCT)
def test_usual_names_stand_three_in_a_row_at_every_text_size(qapp, text_pct):
    look = Look(scale=Scale.staff(STAFF_WIDTH, STAFF_HEIGHT, text_pct))

    assert columns_for(look, USUAL, STAFF_WIDTH - 88) == 3


def test_a_long_name_takes_room_from_the_columns(qapp):
    load_fonts()  # A name is so long in the program's own letters.
    look = Look(scale=Scale.staff(STAFF_WIDTH, STAFF_HEIGHT, 150))

    assert columns_for(look, ["Wolfgang Schwarzenbacher-Lichtenfels"], STAFF_WIDTH - 88) == 2
    assert columns_for(look, ["Wolfgangamadeusmaximilian Schwarzenbacher-Lichtenfels"], STAFF_WIDTH - 88) == 1
