"""Stations that start, live and stop, and chores that look for those that vanished."""

from queuedesk.core.network.roles import HALL, actor_of_station
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices
from queuedesk.desk.talk.devices import BEAT_S
from tests.hall import ADMIN, Hall

DISPLAY, KIOSK = ("display", "display"), ("kiosk", "K1")
VOICE, PRINTER = ("voice", "display"), ("printer", "K1")


def only_shown(hall: Hall) -> None:
    """Let the hall have no loudspeaker: its calls are only shown from now on."""
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "voice", {"spoken": False})


def as_(hall: Hall, name: str) -> Ask:
    return hall.ask(actor_of_station(name))


def start(hall: Hall, *keys: tuple[str, str]) -> None:
    for device, name in keys:
        devices.record_station_start(hall.desk, as_(hall, name), device, name)


def stop(hall: Hall, key: tuple[str, str]) -> None:
    devices.record_station_stop(hall.desk, as_(hall, key[1]), *key)


def send_heartbeat(hall: Hall, *keys: tuple[str, str], for_s: float = 0) -> None:
    """Let stations give their signs of life at once, and for so long."""
    for _time in range(int(for_s // BEAT_S) + 1):
        for key in keys:
            devices.record_sign_of_life(hall.desk, as_(hall, key[1]), *key)
        hall.clock.move(seconds=BEAT_S if for_s else 0)


def look(hall: Hall) -> list[tuple[str, str]]:
    return [tuple(key) for key in devices.record_lost_stations(hall.desk, hall.ask(HALL))["lost"]]
