"""Large text is larger than the usual text, on every screen and at every hour of the day."""

from itertools import product
from pathlib import Path

import pytest

from tests.every_day import paired
from tests.hall import Hall, at, make_hall
from tests.stations.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk
from tests.stations.whole_words import drawn

USUAL_DAY, LAST_HOUR, CLOSED = "10:00", "16:45", "19:00"
SCREENS = [(SMALL, 310), (SMALL, 0), ((768, 1366), 203), (WIDE, 0), (UPRIGHT, 0)]
TIMES = (USUAL_DAY, LAST_HOUR, CLOSED)
LOOKS = [*dict.fromkeys([*product(SCREENS[:1], TIMES), *paired(SCREENS, TIMES)])]
SHORT, LONG = ("Check-up", "Hygiene", "Emergency"), ("Check-up", "Blood tests and X-ray", "Emergency")
HOURS = [{"days": "1-7", "from": "8:00", "to": "17:00"}]


def sizes(kiosk: Kiosk) -> dict[str, tuple[float, float, str]]:
    """Return how large each service's name is painted, the largest of what stands under it, 0 for nothing, and all that
    stands on its key."""
    words = drawn(kiosk.page).words
    found = {}
    for code, key in kiosk.view.greeting.services.items():
        said = [one for one in words if one.on is key and one.text != code]
        name = [one.box.height() for one in said if one.text in key.text()]
        assert name and not any(one.text.endswith("…") for one in said), (code, [one.text for one in said])
        under = max((one.box.height() for one in said if one.text not in key.text()), default=0.0)
        found[code] = (min(name), under, " ".join(one.text for one in said))
    return found


@pytest.fixture(params=[SHORT, LONG], ids=["short", "long"])
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Hall:
    services = [
        {"code": code, "name": name, "name_en": name, "prefix": code, "hours": HOURS}
        for code, name in zip("ABC", request.param, strict=True)
    ]
    return make_hall(tmp_path, services=services, windows=[{"code": "1", "services": ["A", "B", "C"]}])


def test_no_name_becomes_smaller(make_kiosk, hall):
    kiosk = make_kiosk(hall)
    for screen, time in LOOKS:
        kiosk.page.resize(*screen[0])
        kiosk.view.set_screen_mm(screen[1])
        hall.clock.now = at(time)
        kiosk.page.tick(hall.clock())
        usual = sizes(kiosk)
        kiosk.side("large")
        large = sizes(kiosk)

        assert set(large) == set(usual) == {"A", "B", "C"}
        for code, (name, under, on_key) in large.items():
            where = (screen, time, code)
            assert name >= usual[code][0], (where, name, usual[code])
            assert under <= name, (where, under, name)
            # Why there is no ticket is always said; until when there is one, except where the name needs the room.
            needs_room = " " in kiosk.view.greeting.services[code].text()
            if time == CLOSED:
                assert on_key.endswith("opens tomorrow at 8:00"), where
            elif time == LAST_HOUR and not needs_room:
                assert on_key.endswith("tickets until 17:00"), where
        kiosk.does.home()
