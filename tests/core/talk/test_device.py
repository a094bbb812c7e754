"""What a PC remembers of a screen: read as people write it, refused where it can't be."""

from datetime import timedelta

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.talk import device, screen
from tests.hall import at


def test_a_size_is_inches_along_the_diagonal_unless_it_says_millimetres():
    sizes = {"55": "55", "55 in": "55", "５５寸": "55", '65"': "65", "1210mm": "1210mm", "1210 毫米": "1210mm", "": ""}
    assert {typed: screen.parse_screen_row({"screen": "2", "size": typed}).size for typed in sizes} == sizes
    width, height = screen.screen_size_mm("55", 1920, 1080)
    assert (round(width), round(height)) == (1218, 685)
    assert screen.screen_size_mm("1210mm", 1920, 1080) == (1210, 680.625)
    assert screen.screen_size_mm("", 1920, 1080) is None


@pytest.mark.parametrize(
    ("rows", "field", "why"),
    [
        ([{"screen": ""}], "screen", "empty"),
        ([{"station": "counter"}], "station", "not_a_choice"),
        ([{"layout": "round"}], "layout", "not_a_choice"),
        ([{"station": "plate"}], "window", "empty"),
        ([{"size": "big"}], "size", "not_a_number"),
        ([{"size": "2"}, {"size": "99mm"}], "size", "out_of_range"),
        ([{"distance_m": "far"}], "distance_m", "not_a_number"),
        ([{"distance_m": 0}], "distance_m", "out_of_range"),
        ([{"colour": "red"}], "screen", "not_a_choice"),
        ([{"screen": "x" * 41}], "screen", "too_long"),
    ],
)
def test_a_row_that_fits_no_screen_is_refused(rows, field, why):
    for row in rows:
        with pytest.raises(RuleError, match="bad_value") as refused:
            screen.parse_screen_row({"screen": "1", **row})
        assert (refused.value.details["field"], refused.value.details["why"]) == (field, why)


def test_a_kept_row_reads_the_same_and_opens_its_screen_by_a_command_line():
    row = {"screen": "HDMI-1", "station": "line", "zone": "East", "size": "28.5", "distance_m": "7.5 m"}
    spec = screen.parse_screen_row(row)
    assert screen.parse_screen_row(screen.screen_spec_row(spec)) == spec
    assert spec.distance_m == 7.5
    display = screen.screen_command_line(screen.ScreenSpec(screen="2", zone="East"))
    plate = screen.screen_command_line(screen.ScreenSpec(screen="3", station="plate", window="5", zone="East"))
    assert display == ["display", "--screen", "2", "--kept", "--zone", "East"]
    assert plate == ["plate", "--screen", "3", "--kept", "--window", "5"]


def test_each_station_goes_by_a_name_of_its_own_the_pc_behind_it_and_no_sign_of_it_is_taken_for_another():
    assert screen.station_name("display") == "display"
    assert screen.station_name("display", zone="East") == "display-East"
    assert screen.station_name("display", zone="A/B#1@1") == "display-A B 1 1"
    assert screen.station_name("display", zone="East", screen="2") == "display-2"
    assert screen.station_name("plate", window="3", screen="2") == "plate-3"
    assert screen.station_name("counter", window="3") == "counter-3"
    assert screen.station_name("kiosk", screen="2") == "kiosk"
    assert screen.station_name_at_pc("display-2", "Hall 2") == "display-2@Hall 2"
    assert screen.station_name_at_pc("K1", "a/b@c#3 ") == "K1@a b c 3"
    assert screen.station_name_at_pc("display", "") == "display"
    assert device.split_station_and_pc("display@Hall 2#3") == ("display#3", "Hall 2")
    assert device.split_station_and_pc("K1#2") == ("K1#2", "")
    meant = [screen.is_name_of_station(named, "K1@Door#2") for named in ("K1#2", "K1@Door#2", "K1", "K1@Back#2")]
    assert meant == [True, True, False, False]


# -- whether customers have slips, from what equipment has told --------------------------------------------------------
NOW = at("10:00")


def told(kind: str, *, cause: str | None = None, days: int = 0) -> device.Device:
    since = NOW - timedelta(days=days)
    return device.Device(device=kind, station="K1", known=since, since=since, outage=1 if cause else None, cause=cause)


def test_a_printer_in_use_prints_slips_even_in_trouble_and_a_hall_that_told_nothing_none():
    given_up = told(device.PRINTER, cause="offline", days=device.GIVEN_UP_AFTER.days)
    for one in (told(device.PRINTER), told(device.PRINTER, days=30), told(device.PRINTER, cause="out_of_paper")):
        assert device.has_ticket_printer_in_use({one.key: one}, NOW, is_simulated=False)
    for one in (given_up, told(device.PRINTER, cause=device.STOPPED), told(device.VOICE)):
        assert not device.has_ticket_printer_in_use({one.key: one}, NOW, is_simulated=False)
    assert not device.has_ticket_printer_in_use({}, NOW, is_simulated=False)
    assert device.has_ticket_printer_in_use({}, NOW, is_simulated=True)
