"""An emergency is in the small bar too, and gone when it is over."""

from pathlib import Path

import pytest

from tests.hall import Hall, made_once
from tests.stations.test_every_station import morning, must_show


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, morning)


@pytest.mark.parametrize("code", ["1", "2"])
def test_it_stands_in_the_small_bar_of_a_counter_beside_its_number(code, hall, open_station, qtbot):
    if code == "2":
        hall.open("2", "C2")
    window = open_station("counter", {"window": code}, None)
    counter = window.current_page
    counter.compact.shrink()
    must_show(hall, window, counter.compact.bar, qtbot.waitUntil)
