"""The hall's equipment as the manager sees it: an outage in the strips, all of it on the page of staff."""

from __future__ import annotations

import pytest

from queuedesk import i18n
from queuedesk.core.overview import alerts
from queuedesk.core.people import station
from queuedesk.desk import devices
from queuedesk.stations.manager.alert_words import alert_texts
from tests.hall import Hall


def report(hall: Hall, device: str, name: str, cause: str | None) -> None:
    devices.report(hall.desk, hall.ask(station(name)), device, name, cause)


def start(hall: Hall, device: str, name: str) -> None:
    devices.started(hall.desk, hall.ask(station(name)), device, name)


def stop(hall: Hall, device: str, name: str) -> None:
    devices.stopped(hall.desk, hall.ask(station(name)), device, name)


def test_an_outage_is_a_strip_that_leads_to_the_equipment_and_can_be_seen(office):
    for kind in {alert.kind for alert in alerts(office.page.state, office.hall.clock())}:
        office.hall.do("ack", kind)
    report(office.hall, "printer", "K1", "out_of_paper")
    office.follow()
    row = office.page.today.alerts
    strip = next(one for one in row.strips if one.isVisible() and "Printer" in one.title())

    assert strip.title() == "Printer (K1): out of paper"
    office.touch(strip.button())
    assert office.page.stack.currentWidget() is office.page.staff
    assert office.page.staff.down.text() == "Out of order: Printer (K1), out of paper since 9:30"
    office.go("today")
    office.touch(next(one for one in row.strips if "Printer" in one.title()).seen_button())
    event = office.log("ack")[-1]
    assert (event.actor, event.data["device"], event.data["station"]) == ("M1", "printer", "K1")


def test_no_display_left_is_red(office):
    start(office.hall, "display", "display")
    stop(office.hall, "display", "display")
    office.follow()
    told = {text.title: text.level for text in alert_texts(office.page.state, office.hall.clock())}

    assert told["Display: switched off"] == "red"


@pytest.mark.parametrize(
    ("lang", "down", "others"),
    [
        (
            "en",
            "Out of order: Voice, nothing can be heard since 9:30",
            "Equipment that works: Display, Kiosk K1 · Switched off: Window plate of window 3",
        ),
        ("zh_CN", "有设备停用：语音，9:30 起放不出声音", "正常的设备：大屏、自助取号机 K1 · 已关闭：3 号窗口的窗口牌"),
    ],
)
def test_the_page_of_staff_says_what_works(office, lang: str, down: str, others: str):
    for device, name in (("display", "display"), ("kiosk", "K1"), ("plate", "plate-3")):
        start(office.hall, device, name)
    stop(office.hall, "plate", "plate-3")
    report(office.hall, "voice", "display", "no_sound")
    office.follow()
    i18n.use(lang)
    office.page.retranslate()
    office.go("people")

    assert (office.page.staff.down.text(), office.page.staff.devices.text()) == (down, others)


def test_a_hall_without_equipment_says_nothing_of_it(office):
    office.go("people")

    assert not office.page.staff.down.isVisible()
    assert not office.page.staff.devices.isVisible()
