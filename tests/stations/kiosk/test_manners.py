"""Time-outs with more time, other languages, large text, contrast, groups, help, and the way out."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.stations.kiosk.controller import RING_S
from queuedesk.stations.window.style import CONTRAST, LIGHT
from tests.stations.kiosk.conftest import Kiosk

IDLE_S = 60


def test_the_greeting_asks_nobody(kiosk: Kiosk):
    kiosk.pass_seconds(3600)

    assert (kiosk.stage, kiosk.sheet) == ("greeting", "")


def test_who_is_silent_is_asked_and_then_let_go(kiosk: Kiosk):
    kiosk.side("where")
    kiosk.pad("A0")
    kiosk.pass_seconds(IDLE_S - 1)
    assert kiosk.sheet == ""
    kiosk.pass_seconds(1)
    assert (kiosk.sheet, kiosk.view.sheet.said.ring) == ("still-there", (RING_S, RING_S))
    kiosk.pass_seconds(6)
    assert kiosk.view.sheet.said.ring == (14, RING_S)
    assert "14 seconds" in kiosk.view.sheet.said.sentence

    kiosk.pass_seconds(14)
    assert (kiosk.stage, kiosk.sheet, kiosk.does.place.number) == ("greeting", "", "")


def test_more_time_is_given_as_often_as_wished(kiosk: Kiosk):
    kiosk.side("where")
    kiosk.pad("A0")
    for _time in range(12):
        kiosk.pass_seconds(IDLE_S)
        kiosk.answer("more")
        assert (kiosk.stage, kiosk.sheet, kiosk.does.place.number) == ("where", "", "A0")


def test_the_hall_sets_how_long(kiosk: Kiosk):
    kiosk.hall.do("set-setting", "kiosk_idle_s", 120)
    kiosk.follow()
    kiosk.side("where")
    kiosk.pass_seconds(119)
    assert kiosk.sheet == ""
    kiosk.pass_seconds(1)
    assert kiosk.sheet == "still-there"


def test_a_touch_begins_the_time_anew(kiosk: Kiosk):
    kiosk.side("where")
    kiosk.pass_seconds(IDLE_S - 1)
    kiosk.pad("A")
    kiosk.pass_seconds(IDLE_S - 1)
    assert kiosk.sheet == ""


def test_a_question_left_open_comes_back_after_more_time(kiosk: Kiosk):
    kiosk.side("priority")
    kiosk.pass_seconds(IDLE_S)
    kiosk.answer("more")

    assert kiosk.sheet == "classes"


def test_the_language_goes_back_with_the_customer(kiosk: Kiosk):
    kiosk.side("language")
    assert (i18n.current(), kiosk.view.greeting.said.title) == ("zh_CN", "您要办什么？")
    kiosk.service("A")
    assert kiosk.view.ticket.said.title == "请取号票"
    kiosk.touch(kiosk.view.ticket.done_key)
    assert (i18n.current(), kiosk.view.greeting.said.title) == ("en", "What do you need today?")


def test_who_chose_a_language_and_went_is_noticed(kiosk: Kiosk):
    kiosk.side("language")
    kiosk.pass_seconds(IDLE_S)
    assert "您还在吗" in kiosk.view.sheet.said.title
    kiosk.pass_seconds(RING_S)
    assert i18n.current() == "en"


def test_the_hall_speaking_another_language_is_followed(kiosk: Kiosk):
    i18n.use("zh_CN")
    kiosk.page.retranslate()
    kiosk.side("language")
    kiosk.does.home()

    assert kiosk.view.greeting.said.title == "您要办什么？"


def test_contrast_is_this_customers_alone(kiosk: Kiosk):
    kiosk.side("contrast")
    assert kiosk.view.look.theme is CONTRAST
    assert kiosk.page.context.look.theme is LIGHT
    kiosk.does.home()
    assert kiosk.view.look.theme is LIGHT


def test_large_text_has_services_and_help_only_and_two_touches_to_a_ticket(kiosk: Kiosk):
    kiosk.side("large")
    assert not any(key.isVisible() for key in kiosk.view.greeting.sides.values())
    kiosk.touch(kiosk.view.greeting.help_key)
    assert "front desk" in kiosk.view.sheet.said.sentence
    kiosk.answer("ok")
    kiosk.service("B")

    assert (kiosk.stage, kiosk.issued()[-1].service) == ("ticket", "B")
    kiosk.touch(kiosk.view.ticket.done_key)
    assert not kiosk.does.large


def test_large_text_is_left_by_its_key(kiosk: Kiosk):
    kiosk.side("large")
    kiosk.touch(kiosk.view.normal_key)

    assert kiosk.view.greeting.sides["where"].isVisible()


@pytest.fixture
def grouped(kiosk: Kiosk) -> Kiosk:
    for code in ("A", "B"):
        kiosk.hall.do("set-row", "services", code, {"group": "柜台业务", "group_en": "At the counter"})
    kiosk.follow()
    return kiosk


def test_groups_come_first_and_a_ticket_is_two_touches_away(grouped: Kiosk):
    keys = grouped.view.greeting.services
    assert [key.text() for key in keys.values() if key.isVisible()] == ["At the counter", "New connection", "Questions"]
    assert "3 people waiting" in keys["group 柜台业务"].accessibleName()
    grouped.touch(keys["group 柜台业务"])
    assert [key.text() for key in keys.values() if key.isVisible()] == ["Pay a bill", "Account services"]
    grouped.service("B")

    assert (grouped.stage, grouped.issued()[-1].service) == ("ticket", "B")


def test_a_group_is_left_by_its_key_and_gone_when_the_hall_has_none(grouped: Kiosk):
    grouped.touch(grouped.view.greeting.services["group 柜台业务"])
    grouped.touch(grouped.view.greeting.back_key)
    assert grouped.stage == "greeting"
    grouped.touch(grouped.view.greeting.services["group 柜台业务"])
    for code in ("A", "B"):
        grouped.hall.do("set-row", "services", code, {"group": ""})
    grouped.follow()
    assert grouped.stage == "greeting"


def leaving(kiosk: Kiosk) -> tuple[list[str], Any]:
    gone: list[str] = []

    def go() -> None:
        gone.append("gone")

    return gone, go


def test_without_pins_the_way_out_is_open(kiosk: Kiosk):
    assert kiosk.page.may_close()
    _gone, go = leaving(kiosk)
    assert kiosk.page.may_leave(go)


@pytest.fixture
def locked(kiosk: Kiosk) -> Kiosk:
    kiosk.hall.do("set-pin", "M1", "4711")
    kiosk.hall.do("set-pin", "C1", "1234")
    kiosk.follow()
    return kiosk


def test_a_managers_pin_opens_the_way_out(locked: Kiosk):
    gone, go = leaving(locked)
    assert not locked.page.may_close()
    assert not locked.page.may_leave(go)
    assert locked.sheet == "pin"
    for digit in "4711":
        locked.touch(locked.view.sheet.pad[digit], settled=False)
    locked.answer("go")

    assert (gone, locked.sheet, locked.page.may_close()) == (["gone"], "", True)
    locked.does.home()
    assert not locked.page.may_close()


def test_a_clerks_pin_does_not(locked: Kiosk):
    gone, go = leaving(locked)
    locked.page.may_leave(go)
    QTest.keyClicks(locked.view.sheet, "1234")
    locked.answer("go")

    assert (gone, locked.sheet) == ([], "pin")
    assert "does not match" in locked.view.sheet.said.sentence
    locked.answer("no")
    assert (locked.sheet, locked.page.may_close()) == ("", False)


def test_the_pin_of_nobody_is_left_alone_after_a_while(locked: Kiosk):
    locked.page.may_leave(leaving(locked)[1])
    locked.pass_seconds(IDLE_S)
    locked.pass_seconds(RING_S)

    assert (locked.stage, locked.sheet) == ("greeting", "")


def test_escape_goes_back_and_closes_what_is_asked(kiosk: Kiosk):
    kiosk.side("where")
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.stage == "greeting"
    kiosk.side("priority")
    kiosk.ms[0] += 1000
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.sheet == ""


def test_several_from_a_group_leads_back_to_the_greeting(grouped: Kiosk):
    grouped.touch(grouped.view.greeting.services["group 柜台业务"])
    grouped.side("several")
    assert len(grouped.view.greeting.said.keys) == 4
    grouped.touch(grouped.view.greeting.back_key)
    assert not grouped.does.several


def test_what_is_chosen_can_be_heard(kiosk: Kiosk):
    kiosk.side("contrast")
    assert kiosk.view.greeting.sides["contrast"].isChecked()
    kiosk.side("several")
    kiosk.service("B")
    services = kiosk.view.greeting.services
    assert (services["B"].isChecked(), services["A"].isChecked()) == (True, False)


def test_the_menu_and_the_guide_of_staff_are_behind_the_pin(locked: Kiosk):
    asked: list[object] = []
    locked.page.menu_wanted.connect(asked.append)
    locked.view.menu_asked.emit(locked.page.mapToGlobal(locked.page.rect().topRight()))
    assert (asked, locked.sheet) == ([], "pin")
    QTest.keyClicks(locked.view.sheet, "4711")
    locked.answer("go")
    assert len(asked) == 1
