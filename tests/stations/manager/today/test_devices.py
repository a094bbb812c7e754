"""The hall's equipment as the manager sees it: an outage in the strips, all of it on its own page."""

from __future__ import annotations

from queuedesk.core.network.roles import station
from queuedesk.core.queue.overview import alerts
from queuedesk.desk.talk import devices
from queuedesk.stations.manager.today.alert_words import alert_texts
from tests.hall import Hall


def report(hall: Hall, device: str, name: str, cause: str | None) -> None:
    devices.report(hall.desk, hall.ask(station(name)), device, name, cause)


def start(hall: Hall, device: str, name: str) -> None:
    devices.started(hall.desk, hall.ask(station(name)), device, name)


def stop(hall: Hall, device: str, name: str) -> None:
    devices.stopped(hall.desk, hall.ask(station(name)), device, name)


def test_an_outage_is_a_strip_that_leads_to_the_equipment_and_can_be_seen(office):
    # An outage is a strip that leads to the equipment and can be seen.
    for kind in {alert.kind for alert in alerts(office.page.state, office.hall.clock())}:
        office.hall.do("ack", kind)
    report(office.hall, "printer", "K1", "out_of_paper")
    office.follow()
    row = office.page.today.alerts
    strip = next(one for one in row.strips if one.isVisible() and "Printer" in one.title())

    assert strip.title() == "Printer (K1): out of paper"
    office.touch(strip.button())
    assert office.page.stack.seen() == "equipment"
    assert office.page.stack.page("equipment").devices.table.rows.rows[0].cells[:3] == (
        "Printer (K1)",
        "out of paper",
        "9:30",
    )
    office.go("today")
    office.touch(next(one for one in row.strips if "Printer" in one.title()).seen_button())
    event = office.log("ack")[-1]
    assert (event.actor, event.data["device"], event.data["station"]) == ("M1", "printer", "K1")

    # No display left is red.
    start(office.hall, "display", "display")
    stop(office.hall, "display", "display")
    office.follow()
    told = {text.title: text.level for text in alert_texts(office.page.state, office.hall.clock())}

    assert told["Display: switched off"] == "red"
