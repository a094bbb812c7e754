"""What a PC remembers of a screen: read as people write it, refused where it can't be."""

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.talk.screen import (
    ScreenSpec,
    apart,
    at_pc,
    is_meant,
    read_screen,
    screen_row,
    size_mm,
    station_name,
    words_of,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("55", "55"),
        ("55 in", "55"),
        ("５５寸", "55"),
        ('65"', "65"),
        ("1210mm", "1210mm"),
        ("1210 毫米", "1210mm"),
        ("", ""),
    ],
)
def test_a_size_is_inches_unless_it_says_millimetres(typed, kept):
    assert read_screen({"screen": "2", "size": typed}).size == kept


@pytest.mark.parametrize(
    ("row", "field", "why"),
    [
        ({"screen": ""}, "screen", "empty"),
        ({"screen": "1", "station": "counter"}, "station", "not_a_choice"),
        ({"screen": "1", "layout": "round"}, "layout", "not_a_choice"),
        ({"screen": "1", "station": "plate"}, "window", "empty"),
        ({"screen": "1", "size": "big"}, "size", "not_a_number"),
        ({"screen": "1", "size": "2"}, "size", "out_of_range"),
        ({"screen": "1", "size": "99mm"}, "size", "out_of_range"),
        ({"screen": "1", "distance_m": "far"}, "distance_m", "not_a_number"),
        ({"screen": "1", "distance_m": 0}, "distance_m", "out_of_range"),
        ({"screen": "1", "colour": "red"}, "screen", "not_a_choice"),
        ({"screen": "x" * 41}, "screen", "too_long"),
    ],
)
def test_a_row_that_fits_no_screen_is_refused(row, field, why):
    with pytest.raises(RuleError) as refused:
        read_screen(row)

    assert (refused.value.code, refused.value.details["field"], refused.value.details["why"]) == (
        "bad_value",
        field,
        why,
    )


def test_a_kept_row_reads_the_same():
    spec = read_screen({"screen": "HDMI-1", "station": "line", "zone": "East", "size": "28.5", "distance_m": "7.5 m"})

    assert read_screen(screen_row(spec)) == spec
    assert spec.distance_m == 7.5


def test_inches_go_along_the_diagonal():
    width, height = size_mm("55", 1920, 1080)

    assert (round(width), round(height)) == (1218, 685)
    assert size_mm("1210mm", 1920, 1080) == (1210, 680.625)
    assert size_mm("", 1920, 1080) is None


def test_each_station_goes_by_a_name_of_its_own():
    assert station_name("display") == "display"
    assert station_name("display", zone="East") == "display-East"
    assert station_name("display", zone="A/B#1@1") == "display-A B 1 1"
    assert station_name("display", zone="East", screen="2") == "display-2"
    assert station_name("plate", window="3", screen="2") == "plate-3"
    assert station_name("counter", window="3") == "counter-3"
    assert station_name("kiosk", screen="2") == "kiosk"


def test_the_pc_stands_behind_its_station_and_no_sign_of_its_name_is_taken_for_another():
    assert at_pc("display-2", "Hall 2") == "display-2@Hall 2"
    assert at_pc("K1", "a/b@c#3 ") == "K1@a b c 3"
    assert at_pc("display", "") == "display"
    assert apart("display@Hall 2#3") == ("display#3", "Hall 2")
    assert apart("K1#2") == ("K1#2", "")
    assert [is_meant(named, "K1@Door#2") for named in ("K1#2", "K1@Door#2", "K1", "K1@Back#2")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_screen_is_opened_by_a_command_line():
    assert words_of(ScreenSpec(screen="2", zone="East")) == ["display", "--screen", "2", "--kept", "--zone", "East"]
    assert words_of(ScreenSpec(screen="3", station="plate", window="5", zone="East")) == [
        "plate",
        *("--screen", "3", "--kept", "--window", "5"),
    ]
