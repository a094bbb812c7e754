"""Whether customers of a hall have slips, from what its equipment has told."""

from datetime import timedelta

import pytest

from queuedesk.core.talk.device import GIVEN_UP_AFTER, PRINTER, STOPPED, VOICE, Device, prints_slips
from tests.hall import at

NOW = at("10:00")


def device(kind: str, *, cause: str | None = None, days: int = 0) -> Device:
    since = NOW - timedelta(days=days)
    return Device(device=kind, station="K1", known=since, since=since, outage=1 if cause else None, cause=cause)


@pytest.mark.parametrize(
    ("one", "prints"),
    [
        (device(PRINTER), True),
        (device(PRINTER, days=30), True),
        (device(PRINTER, cause="out_of_paper"), True),
        (device(PRINTER, cause="offline", days=GIVEN_UP_AFTER.days), False),
        (device(PRINTER, cause=STOPPED), False),
        (device(VOICE), False),
    ],
)
def test_a_printer_in_use_prints_slips_even_while_it_is_in_trouble(one: Device, prints: bool):
    assert prints_slips({one.key: one}, NOW, is_simulated=False) is prints


def test_a_hall_whose_equipment_has_told_nothing_prints_none_unless_it_is_simulated():
    assert not prints_slips({}, NOW, is_simulated=False)
    assert prints_slips({}, NOW, is_simulated=True)
