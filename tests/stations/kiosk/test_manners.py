"""Time-outs with more time, other languages, large text, contrast, groups, help, and the way out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.stations.kiosk.controller import RING_S
from queuedesk.stations.window.style import CONTRAST, LIGHT
from tests.stations.kiosk.conftest import Kiosk

IDLE_S = 60


def test_who_is_silent_is_asked_and_then_let_go(kiosk: Kiosk):
    kiosk.pass_seconds(3600)
    assert (kiosk.stage, kiosk.sheet) == ("greeting", ""), "the greeting asks nobody"

    kiosk.side("where")
    kiosk.pass_seconds(IDLE_S - 1)
    kiosk.pad("A0")
    kiosk.pass_seconds(IDLE_S - 1)
    assert kiosk.sheet == "", "a touch begins the time anew"
    kiosk.pass_seconds(1)
    assert (kiosk.sheet, kiosk.view.sheet.said.ring) == ("still-there", (RING_S, RING_S))
    kiosk.pass_seconds(6)
    assert kiosk.view.sheet.said.ring == (14, RING_S)
    assert "14 seconds" in kiosk.view.sheet.said.sentence
    kiosk.pass_seconds(14)
    assert (kiosk.stage, kiosk.sheet, kiosk.does.place.number) == ("greeting", "", "")

    kiosk.hall.do("set-setting", "kiosk_idle_s", 120)
    kiosk.follow()
    kiosk.side("where")
    kiosk.pass_seconds(119)
    assert kiosk.sheet == "", "the hall sets how long"
    kiosk.pass_seconds(1)
    assert kiosk.sheet == "still-there"


def test_more_time_is_given_as_often_as_wished(kiosk: Kiosk):
    kiosk.side("where")
    kiosk.pad("A0")
    for _time in range(12):
        kiosk.pass_seconds(IDLE_S)
        kiosk.answer("more")
        assert (kiosk.stage, kiosk.sheet, kiosk.does.place.number) == ("where", "", "A0")

    kiosk.does.home()
    kiosk.side("priority")
    kiosk.pass_seconds(IDLE_S)
    kiosk.answer("more")
    assert kiosk.sheet == "classes", "a question that was left open comes back"


def test_the_language_goes_back_with_the_customer(kiosk: Kiosk):
    kiosk.side("language")
    assert (i18n.current(), kiosk.view.greeting.said.title) == ("zh_CN", "您要办什么？")
    kiosk.service("A")
    assert kiosk.view.ticket.said.title == "请取号票"
    kiosk.touch(kiosk.view.ticket.done_key)
    assert (i18n.current(), kiosk.view.greeting.said.title) == ("en", "What do you need today?")

    kiosk.side("language")
    kiosk.pass_seconds(IDLE_S)
    assert "您还在吗" in kiosk.view.sheet.said.title
    kiosk.pass_seconds(RING_S)
    assert i18n.current() == "en", "who chose a language and went"

    i18n.use("zh_CN")
    kiosk.page.retranslate()
    kiosk.side("language")
    kiosk.does.home()
    assert kiosk.view.greeting.said.title == "您要办什么？", "the hall speaks another language now"


def test_contrast_and_large_text_are_this_customers_alone(kiosk: Kiosk):
    kiosk.side("contrast")
    assert kiosk.view.greeting.sides["contrast"].isChecked(), "it can be heard"
    assert kiosk.view.look.theme is CONTRAST
    assert kiosk.page.context.look.theme is LIGHT
    kiosk.does.home()
    assert kiosk.view.look.theme is LIGHT

    kiosk.side("large")
    assert not any(key.isVisible() for key in kiosk.view.greeting.sides.values())
    kiosk.touch(kiosk.view.normal_key)
    assert kiosk.view.greeting.sides["where"].isVisible(), "left by its key"
    kiosk.side("large")
    kiosk.touch(kiosk.view.greeting.help_key)
    assert "front desk" in kiosk.view.sheet.said.sentence
    kiosk.answer("ok")
    kiosk.service("B")
    assert (kiosk.stage, kiosk.issued()[-1].service) == ("ticket", "B"), "two touches lead to a ticket"
    kiosk.touch(kiosk.view.ticket.done_key)
    assert not kiosk.does.large


def test_groups_come_first_and_a_ticket_is_two_touches_away(kiosk: Kiosk):
    for code in ("A", "B"):
        kiosk.hall.do("set-row", "services", code, {"group": "柜台业务", "group_en": "At the counter"})
    kiosk.follow()
    greeting, group = kiosk.view.greeting, "group 柜台业务"

    def offered() -> list[str]:
        return [key.text() for key in greeting.services.values() if key.isVisible()]

    assert offered() == ["At the counter", "New connection", "Questions"]
    assert "3 people waiting" in greeting.services[group].accessibleName()
    kiosk.service(group)
    assert offered() == ["Pay a bill", "Account services"]
    kiosk.touch(greeting.back_key)
    assert kiosk.stage == "greeting"

    kiosk.service(group)
    kiosk.side("several")
    assert len(greeting.said.keys) == 4
    kiosk.touch(greeting.back_key)
    assert not kiosk.does.several
    assert offered() == ["Pay a bill", "Account services"], "several from a group leads back to it"
    kiosk.service("B")
    assert (kiosk.stage, kiosk.issued()[-1].service) == ("ticket", "B")
    kiosk.touch(kiosk.view.ticket.done_key)
    kiosk.service(group)
    for code in ("A", "B"):
        kiosk.hall.do("set-row", "services", code, {"group": ""})
    kiosk.follow()
    assert kiosk.stage == "greeting", "the hall has no group any more"


def test_a_managers_pin_alone_opens_the_way_out(kiosk: Kiosk):
    gone: list[str] = []

    def go() -> None:
        gone.append("gone")

    assert kiosk.page.may_close()
    assert kiosk.page.may_leave(go), "open as long as there are no PINs"
    kiosk.hall.do("set-pin", "M1", "4711")
    kiosk.hall.do("set-pin", "C1", "1234")
    kiosk.follow()
    assert not kiosk.page.may_close()

    kiosk.page.may_leave(go)
    QTest.keyClicks(kiosk.view.sheet, "1234")
    kiosk.answer("go")
    assert (gone, kiosk.sheet) == ([], "pin"), "a clerk's does not"
    assert "does not match" in kiosk.view.sheet.said.sentence
    kiosk.answer("no")
    assert (kiosk.sheet, kiosk.page.may_close()) == ("", False)

    kiosk.page.may_leave(go)
    kiosk.pass_seconds(IDLE_S)
    kiosk.pass_seconds(RING_S)
    assert (kiosk.stage, kiosk.sheet) == ("greeting", ""), "whose PIN nobody types is left alone after a while"

    asked: list[object] = []
    kiosk.page.menu_wanted.connect(asked.append)
    kiosk.view.menu_asked.emit(kiosk.page.mapToGlobal(kiosk.page.rect().topRight()))
    assert (asked, kiosk.sheet) == ([], "pin"), "the menu and the guide of staff are behind it too"
    QTest.keyClicks(kiosk.view.sheet, "4711")
    kiosk.answer("go")
    assert len(asked) == 1
    kiosk.does.home()

    assert not kiosk.page.may_leave(go)
    assert kiosk.sheet == "pin"
    for digit in "4711":
        kiosk.touch(kiosk.view.sheet.pad[digit], settled=False)
    kiosk.answer("go")
    assert (gone, kiosk.sheet, kiosk.page.may_close()) == (["gone"], "", True)
    kiosk.does.home()
    assert not kiosk.page.may_close()


def test_escape_goes_back_and_closes_what_is_asked(kiosk: Kiosk):
    kiosk.side("where")
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.stage == "greeting"
    kiosk.side("priority")
    kiosk.ms[0] += 1000
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.sheet == ""
