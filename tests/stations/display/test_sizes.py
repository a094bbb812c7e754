"""The size of a call follows from the screen and the distance."""

import pytest

from queuedesk.stations.display import parts

WIDTH_65 = 1439.0


def test_ten_metres_ask_for_122_mm():
    assert parts.cap_mm(10) == pytest.approx(122.2, abs=0.1)


def test_a_65_inch_screen_read_from_ten_metres_has_three_rows():
    mm = parts.mm_per_px(None, 1920, 1080)
    needed = parts.font_px(10, mm)

    size = parts.row_size(needed, 1000, 774)

    assert needed == pytest.approx(224, abs=1)
    assert size.rows == 3
    assert parts.metres_readable(size.font, mm) >= 10


@pytest.mark.parametrize(("distance_m", "rows"), [(30, 1), (16, 1), (14, 2), (10, 3), (7, 4), (5.5, 5), (4, 6), (1, 6)])
def test_rows_follow_from_the_distance(distance_m: float, rows: int):
    needed = parts.font_px(distance_m, parts.mm_per_px(WIDTH_65, 1920, 1080))

    size = parts.row_size(needed, 1000, 774)

    assert size.rows == rows
    assert size.rows * size.height + (size.rows - 1) * parts.GAP_PX == pytest.approx(774)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (3840, 2160)])
def test_a_screen_counts_in_millimetres_not_in_pixels(width: int, height: int):
    assert parts.mm_per_px(WIDTH_65, width, height) == pytest.approx(0.7495, abs=0.001)


def test_width_and_height_may_be_given():
    assert parts.mm_per_px((1439, 809), 1920, 1080) == pytest.approx(0.749, abs=0.001)


def test_a_wide_row_makes_all_rows_smaller():
    size = parts.row_size(224, 190, 774)

    assert size.font <= 190
