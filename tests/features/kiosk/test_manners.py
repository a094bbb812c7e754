"""How a kiosk takes presses, keys and calls for help, and what becomes of it where the hall does without it."""

import random
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.features import rules_of_unused_features
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.looking import new_command_id
from queuedesk.desk.quality import hearing
from queuedesk.desk.queue import issuing
from queuedesk.features.kiosk.pages.controller import RING_S
from queuedesk.features.kiosk.pages.taking import MANY, TicketIssuing
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.access import PASSES_ALONE, USUAL_STEP_MS, visual_key_rows
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS, OVER_MS, QUIET_MS, WITHIN_MS, RapidTappingDetector
from queuedesk.stations.window.context import InlineTasks, StationServices, ThisPcChoicesStore
from queuedesk.stations.window.style import CONTRAST, LIGHT
from tests.cli.commands import Console
from tests.core.added import all_but, program_of
from tests.credentials import shared  # noqa: F401
from tests.every_day import SEES_ALL, paired
from tests.features.demo_hall.test_demo_hall import trial_of
from tests.features.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk
from tests.hall import ADMIN, GUIDE, MANAGER, Hall
from tests.relay import relay  # noqa: F401
from tests.stations.home.conftest import OwnPc, in_frame  # noqa: F401
from tests.stations.home.test_pages import this_pc  # noqa: F401
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import cut, drawn, outside, overlapping, settled, troubles, typed_words
from tests.stations.window.test_tasks import Far, far  # noqa: F401

IDLE_S = 60
Key = Qt.Key


def test_who_is_silent_is_asked_given_time_as_often_as_wished_and_then_let_go(kiosk: Kiosk):
    kiosk.look_up("A0")
    for _time in range(12):
        kiosk.pass_seconds(IDLE_S)
        kiosk.answer("more")
        assert (kiosk.stage, kiosk.sheet, kiosk.does.place.number) == ("where", "", "A0")
    kiosk.side("priority", anew=True)
    kiosk.pass_seconds(IDLE_S)
    assert kiosk.answer("more") == ("greeting", "classes"), "a question that was left open comes back"
    kiosk.ms[0] += 1000
    kiosk.key(Key.Key_Escape)
    assert kiosk.sheet == ""
    kiosk.side("where")
    kiosk.key(Key.Key_Escape)
    assert kiosk.pass_seconds(3600) == ("greeting", ""), "the greeting asks nobody"
    kiosk.side("where")
    kiosk.pass_seconds(IDLE_S - 1)
    kiosk.pad("A0")
    assert kiosk.pass_seconds(IDLE_S - 1) == ("where", ""), "a touch begins the time anew"
    kiosk.pass_seconds(1)
    assert (kiosk.sheet, kiosk.view.sheet.said.ring) == ("still-there", (RING_S, RING_S))
    kiosk.pass_seconds(6)
    assert kiosk.view.sheet.said.ring == (14, RING_S) and "14 seconds" in kiosk.view.sheet.said.sentence
    kiosk.pass_seconds(14)
    assert (kiosk.stage, kiosk.sheet, kiosk.does.place.number) == ("greeting", "", "")
    kiosk.meanwhile("set-setting", "kiosk_idle_s", 120)
    kiosk.side("where")
    assert kiosk.pass_seconds(119) == ("where", ""), "the hall sets how long"
    assert kiosk.pass_seconds(1) == ("where", "still-there")


def test_contrast_large_text_and_language_are_this_customers_alone(kiosk: Kiosk):
    greeting, view = kiosk.view.greeting, kiosk.view
    kiosk.side("contrast")
    assert greeting.sides["contrast"].isChecked(), "it can be heard"
    assert (view.look.theme, kiosk.page.context.look.theme) == (CONTRAST, LIGHT)
    kiosk.does.go_home()
    assert view.look.theme is LIGHT
    kiosk.side("large")
    assert not any(key.isVisible() for key in greeting.sides.values())
    kiosk.touch(view.normal_key)
    assert greeting.sides["where"].isVisible(), "left by its key"
    kiosk.side("large")
    kiosk.service("B")
    assert (kiosk.stage, kiosk.issued()[-1].service) == ("ticket", "B"), "two touches lead to a ticket"
    kiosk.touch(view.ticket.done_key)
    assert not kiosk.does.large

    def speaks() -> tuple[str, str]:
        return i18n.current_language(), greeting.said.title

    chinese, english = ("zh_CN", "您要办什么？"), ("en", "What do you need today?")
    kiosk.next_customer("language")
    assert speaks() == chinese
    kiosk.service("A")
    assert view.ticket.said.title == "请取号票"
    kiosk.touch(view.ticket.done_key)
    assert speaks() == english
    kiosk.side("language")
    kiosk.pass_seconds(IDLE_S)
    assert "您还在吗" in view.sheet.said.title
    kiosk.pass_seconds(RING_S)
    assert speaks() == english, "who chose a language and went"
    kiosk.speak("zh_CN")
    kiosk.side("language")
    kiosk.does.go_home()
    assert speaks() == chinese, "the hall speaks another language now"


def test_groups_come_first_and_a_ticket_is_two_touches_away(kiosk: Kiosk):
    def group_counter(**names: str) -> None:
        for code in ("A", "B"):
            kiosk.meanwhile("set-row", "services", code, names)

    def offered() -> list[str]:
        return [key.text() for key in greeting.services.values() if key.isVisible()]

    greeting, group = kiosk.view.greeting, "group 柜台业务"
    group_counter(group="柜台业务", group_en="At the counter")
    assert offered() == ["At the counter", "New connection", "Questions"]
    assert "3 people waiting" in greeting.services[group].accessibleName()
    kiosk.service(group)
    assert offered() == ["Pay a bill", "Account services"]
    assert kiosk.touch(greeting.back_key) == ("greeting", "")
    kiosk.service(group)
    kiosk.side("several")
    assert len(greeting.said.keys) == 4
    kiosk.touch(greeting.back_key)
    assert offered() == ["Pay a bill", "Account services"], "several from a group leads back to it"
    kiosk.service("B")
    assert (kiosk.stage, kiosk.issued()[-1].service) == ("ticket", "B")
    kiosk.touch(kiosk.view.ticket.done_key)
    kiosk.service(group)
    group_counter(group="")
    assert kiosk.stage == "greeting", "the hall has no group any more"


def test_a_managers_pin_alone_opens_the_way_out(kiosk: Kiosk):
    gone: list[object] = []

    def leave(pin: str = "") -> tuple[int, str, bool]:
        """Ask for the way out, give a PIN, and return how often it opened."""
        kiosk.page.may_leave(lambda: gone.append("home"))
        kiosk.type_in(pin)
        if pin:
            kiosk.answer("go")
        return len(gone), kiosk.sheet, kiosk.page.may_close()

    assert kiosk.page.may_close() and kiosk.page.may_leave(list), "open as long as there are no PINs"
    kiosk.hall.do("set-pin", "M1", "4711")
    kiosk.meanwhile("set-pin", "C1", "1234")
    assert not kiosk.page.may_close()
    assert leave("1234") == (0, "pin", False), "a clerk's does not"
    assert "does not match" in kiosk.view.sheet.said.sentence
    kiosk.answer("no")
    assert leave() == (0, "pin", False)
    kiosk.pass_seconds(IDLE_S)
    assert kiosk.pass_seconds(RING_S) == ("greeting", ""), "whose PIN nobody types is left alone after a while"
    kiosk.page.menu_wanted.connect(gone.append)
    kiosk.view.menu_asked.emit(kiosk.page.mapToGlobal(kiosk.page.rect().topRight()))
    assert (gone, kiosk.sheet) == ([], "pin"), "the menu and the guide of staff are behind it too"
    QTest.keyClicks(kiosk.view.sheet, "4711")
    kiosk.answer("go")
    assert len(gone) == 1
    kiosk.does.go_home()
    assert leave("4711") == (2, "", True)
    kiosk.does.go_home()
    assert not kiosk.page.may_close()


@pytest.mark.parametrize(("seed", "pace"), paired(range(6 if SEES_ALL else 3), [(80, 250), (150, 500), (300, 790)]))
def test_a_minute_of_drumming_anywhere_takes_no_ticket(kiosk: Kiosk, seed: int, pace: tuple[int, int]):
    chance = random.Random(seed)
    ticked, until = kiosk.ms[0], kiosk.ms[0] + 60_000
    while kiosk.ms[0] < until:
        point = QPoint(chance.randrange(kiosk.page.width()), chance.randrange(kiosk.page.height()))
        target = kiosk.page.childAt(point) or kiosk.page
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(kiosk.page, point))
        kiosk.ms[0] += chance.randint(*pace)
        kiosk.does.holding.do_waiting_act_if_quiet()
        if kiosk.ms[0] - ticked >= 1000:
            ticked = kiosk.ms[0]
            kiosk.page.tick(kiosk.hall.clock())
    kiosk.follow()
    assert len(kiosk.issued()) == 3


def test_drumming_on_one_key_is_asked_to_wait_and_noted_once(kiosk: Kiosk):
    key = kiosk.view.greeting.services["A"]
    for _press in range(30):
        if key.isVisible():
            QTest.mouseClick(kiosk.page.childAt(key.mapTo(kiosk.page, QPoint(60, 60))), Qt.MouseButton.LeftButton)
        kiosk.ms[0] += 200
    assert (kiosk.sheet, kiosk.view.sheet.said.title) == ("calm", "One moment, please")
    assert kiosk.pass_seconds(QUIET_MS / 1000) == ("greeting", "")
    kiosk.pass_seconds(OVER_MS / 1000)
    kiosk.pass_seconds(60)
    kiosk.follow()
    (noted,) = kiosk.log("drumming")
    assert (noted.actor, noted.data["station"], noted.data["presses"]) == ("station:K1", "K1", 27)
    assert 5 <= noted.data["seconds"] <= 7
    assert len(kiosk.issued()) == 3
    for _press in range(6):
        QTest.mouseClick(kiosk.view, Qt.MouseButton.LeftButton, pos=QPoint(5, 400))
        kiosk.ms[0] += 300
    kiosk.pass_seconds(4)
    kiosk.service("B")
    assert (kiosk.stage, len(kiosk.issued())) == ("ticket", 4), "the next calm touch gives a ticket"


def test_a_second_touch_at_once_makes_no_second_ticket_and_many_within_a_minute_are_asked_about(kiosk: Kiosk):
    services = kiosk.view.greeting.services
    kiosk.ms[0] += 1000
    QTest.mouseClick(services["A"], Qt.MouseButton.LeftButton)
    assert services["A"].is_chosen
    kiosk.ms[0] += HOLD_MS // 2
    QTest.mouseClick(services["B"], Qt.MouseButton.LeftButton)
    kiosk.wait_quietly()
    kiosk.follow()
    assert [event.service for event in kiosk.issued()[3:]] == ["B"], "the last service counts"
    kiosk.next_customer()
    kiosk.look_up("A001")
    for _time in range(4):
        kiosk.pad("B001", anew=True)
    assert (kiosk.sheet, kiosk.does.place.number) == ("", "B001"), "fingers on a pad may be as fast as they like"
    # Not by playing hands.
    kiosk.next_customer()
    kiosk.pass_seconds(60)
    for place in range(MANY):
        kiosk.service("A")
        if place:
            kiosk.answer("go")
        kiosk.touch(kiosk.view.ticket.done_key)
    given = len(kiosk.issued())
    kiosk.service("A")
    kiosk.answer("go")
    assert (kiosk.sheet, len(kiosk.issued())) == ("many", given), "nobody has read it in a second"
    kiosk.ms[0] += 3000
    kiosk.answer("go")
    assert len(kiosk.issued()) == given + 1


def test_what_drumming_is():
    slow, waves, fast, just, hardly = [900] * 4, [100, 1500] * 2, [200] * 6, [830] * 3, [WITHIN_MS] * 3
    for gaps_ms, drums in ((slow, False), (waves, False), (fast, True), (just, True), (hardly, False)):
        now = [0]
        calm = RapidTappingDetector(lambda now=now: now[0])
        calm.count_press()
        for gap in gaps_ms:
            now[0] += gap
            calm.count_press()
        assert calm.is_tapping_rapidly is drums
        now[0] += QUIET_MS
        assert not calm.is_tapping_rapidly
        calm.count_press()
        assert not calm.is_tapping_rapidly
        now[0] += OVER_MS
        assert [calm.take_finished_burst() is not None, calm.take_finished_burst() is not None] == [drums, False]


def helps(kiosk: Kiosk) -> list[tuple[str, str]]:
    """Return who did what to calls for help: actor, and what."""
    verbs = ("ack", "arrived", "cancelled")
    return [(one.actor, next((verb for verb in verbs if verb in one.data), "press")) for one in kiosk.log("help")]


def test_a_call_for_help_is_answered(kiosk: Kiosk):
    pressed, here, said = ("station:K1", "press"), ("station:K1", "arrived"), kiosk.view.sheet
    kiosk.side("help")
    assert kiosk.does.kiosk_setup.hall.phone in said.said.sentence
    kiosk.answer("call")
    kiosk.does.help.call_for_help()
    kiosk.follow()
    assert helps(kiosk) == [pressed], "pressed twice it calls once"
    assert said.said.title == "Help has been called" and "10:00" in said.said.sentence
    kiosk.meanwhile("help-ack", kiosk.does.help.current_help_call.seq, who=GUIDE)
    assert said.said.title == "Help is coming"
    kiosk.answer("here")
    assert helps(kiosk) == [pressed, ("G1", "ack"), here]
    assert (kiosk.sheet, kiosk.does.help.current_help_call) == ("", None)
    greeting = kiosk.view.greeting
    kiosk.side("help", "call", "ok")
    assert greeting.sides["help"].text() == "Help has been called", "the customer goes on alone"
    kiosk.service("A")
    kiosk.side("large", anew=True)
    assert greeting.help_key.text() == "Help has been called"
    kiosk.touch(greeting.help_key)
    kiosk.answer("mistaken")
    assert helps(kiosk)[3:] == [pressed, ("station:K1", "cancelled")]
    assert greeting.help_key.text() == "Ask for help"
    kiosk.side("help", "call", anew=True)
    kiosk.meanwhile("help-arrived", kiosk.does.help.current_help_call.seq, who=GUIDE)
    assert said.said.title == "We are happy to help", "who came without a word ends it everywhere"


def test_a_few_words_go_to_the_manager(kiosk: Kiosk):
    words = kiosk.view.words

    def comments() -> list[tuple[str, str]]:
        day = kiosk.hall.date
        return [(one.source, one.text) for one in hearing.comments_between(kiosk.hall.desk, day, day)]

    kiosk.side("help", "write")
    kiosk.touch(words.give_key)
    assert (kiosk.stage, comments(), words.said.title) == ("words", [], "A message for the manager")
    kiosk.touch(*(words.keys[key] for key in ("n", "o", " ", "c", "x", "delete")))
    QTest.keyClicks(words.field, "hairs")
    QTest.keyClick(words.field, Key.Key_Return)
    assert kiosk.sheet == "thanked"
    kiosk.answer("ok")
    assert (comments(), kiosk.does.is_free_for_next_customer()) == ([("typed", "no chairs")], True)
    assert all("chairs" not in str(event.data) for event in kiosk.hall.log())
    # Words that nobody gave are thrown away.
    kiosk.side("help", "write")
    words.field.insertPlainText("x" * 195)
    QTest.keyClicks(words.field, "x" * 10)
    assert len(kiosk.does.writing.words) == 200
    kiosk.pass_seconds(60)
    kiosk.pass_seconds(RING_S)
    assert (kiosk.stage, kiosk.does.writing.words, len(comments())) == ("greeting", "", 1)
    kiosk.side("help", "write")
    assert words.field.toPlainText() == ""
    for setting, is_offered in (("off", False), ("keys", True)):
        kiosk.meanwhile("set-setting", "rating_words", setting, who=ADMIN)
        kiosk.side("help", anew=True)
        assert ("write" in kiosk.view.sheet.keys) is is_offered, setting
    kiosk.does.set_language("zh_CN")
    assert not kiosk.does.writing.is_offered, "its keys write no Chinese"


def test_an_emergency_lies_over_everything_until_it_is_ended(make_kiosk, hall):
    kiosk = make_kiosk(hall, voice=True)
    kiosk.page.activateWindow()
    kiosk.side("where")
    kiosk.does.set_reading_aloud(True)
    kiosk.meanwhile("emergency", "请马上离开大厅", text_en="Leave the hall now", who=MANAGER)
    kiosk.pass_seconds(3)
    assert kiosk.voice.said[-1] == ("Emergency", "Leave the hall now")
    assert sum("Leave the hall now" in part for said in kiosk.voice.said for part in said) == 1, "read once"
    cover = kiosk.page.cover
    for size in (UPRIGHT, WIDE, SMALL):
        kiosk.page.resize(*size)
        settled()
        assert cover.geometry() == kiosk.page.rect() == QRect(0, 0, *size)
        for point in (QPoint(80, 80), kiosk.page.rect().center(), QPoint(size[0] - 40, size[1] - 40)):
            assert kiosk.page.childAt(point) is cover, (size, point)
    QTest.keyClicks(QApplication.focusWidget() or cover, "a1")
    assert kiosk.does.place.number == ""
    for language in ("en", "zh_CN"):
        kiosk.speak(language)
        assert cover.isVisible()
        assert all(text in cover.accessibleName() for text in ("Leave the hall now", "请马上离开大厅"))
    kiosk.meanwhile("end-emergency", who=MANAGER)
    assert not cover.isVisible()


@pytest.fixture
def board(kiosk: Kiosk) -> Kiosk:
    kiosk.page.activateWindow()
    kiosk.view.setFocus()
    return kiosk


@pytest.fixture
def heard(board: Kiosk) -> list[str]:
    """What the kiosk of switches has offered."""
    heard: list[str] = []
    board.page.keyboard.offered.connect(heard.append)
    return heard


def test_arrows_go_as_the_eye_does_digits_press_keys_and_two_switches_move_and_take(board: Kiosk, heard: list[str]):
    def taken() -> tuple[str, str]:
        return board.stage, board.issued()[-1].service

    for key, reached in ((Key.Key_Down, "Pay a bill"), (Key.Key_Down, "Account services"), (Key.Key_Up, "Pay a bill")):
        board.press(key)
        assert QApplication.focusWidget().accessibleName().startswith(reached)
    board.press(Key.Key_Return)
    assert taken() == ("ticket", "A")
    board.press(Key.Key_1)
    assert board.stage == "greeting"
    board.next_customer()
    board.press(Key.Key_2)
    assert taken() == ("ticket", "B")
    board.press(Key.Key_1)
    board.side("where")
    board.press(Key.Key_A, Key.Key_2)
    assert board.does.place.number == "A2", "here they write"
    board.press(Key.Key_Escape)
    board.side("priority")
    board.press(Key.Key_1)
    assert (board.sheet, board.does.klass) == ("", "elderly")
    # Two switches move and take, and none do nothing.
    board.next_customer()
    keyboard = board.page.keyboard
    keyboard.set_switches_and_scan_step("two", USUAL_STEP_MS)
    board.press(Key.Key_Space, Key.Key_Space, Key.Key_Space, Key.Key_Return)
    assert heard[2].startswith("New connection")
    assert taken() == ("ticket", "C")
    board.next_customer()
    keyboard.scan.stop()
    keyboard.set_switches_and_scan_step("off", USUAL_STEP_MS)
    board.press(Key.Key_Space)
    assert not keyboard.scan.is_on
    # Staff choose the switches in the menu.
    keyboard.set_switches_and_scan_step("one", USUAL_STEP_MS)
    kept: list[tuple[str, float]] = []
    choices = stub(ThisPcChoicesStore, store_switch_settings=lambda *choice: kept.append(choice))
    lend(board.page.context, own_choices=choices)

    def entries() -> list[str]:
        return [entry.text for entry in board.page.menu_entries()]

    assert entries() == ["Switches: one", "Each button is offered for 2 s"]
    board.page.menu_entries()[1].act()
    assert (entries()[1], kept[-1]) == ("Each button is offered for 3 s", ("one", 3.0))
    board.page.menu_entries()[0].act()
    assert (entries(), keyboard.switches) == (["Switches: two"], "two")


def test_one_switch_takes_a_ticket_and_goes_into_rows_and_out_again_until_nobody_takes_anything(board, heard, qtbot):
    keyboard, scan = board.page.keyboard, board.page.keyboard.scan

    def scan_to(name: str) -> None:
        while not heard[-1].startswith(name):
            scan.offer_next()
        board.press(Key.Key_Space)

    board.press(Key.Key_Space)
    assert scan.is_on
    QTest.mouseClick(board.view, Qt.MouseButton.LeftButton)
    assert not scan.is_on, "a finger touches the screen"
    board.press(Key.Key_Space)
    assert heard[-1].startswith("Pay a bill")
    scan_to("Account services")
    assert (board.stage, board.issued()[-1].service) == ("ticket", "B")
    scan.stop()
    board.side("where", anew=True)
    board.press(Key.Key_Space)
    scan_to("B, 4, 5, 6")
    assert heard[-1] == "B"
    board.press(Key.Key_Space)
    assert (board.does.place.number, heard[-1]) == ("B", "B")
    scan.offer_next()
    scan_to("A, 1, 2, 3")
    for _step in range(8):
        scan.offer_next()
    assert heard[-1] == "A, 1, 2, 3", "two rounds in the row and nothing taken"
    scan.stop()
    assert board.pass_seconds(60) == ("where", "still-there")
    board.press(Key.Key_Space)
    assert scan.is_on
    board.press(Key.Key_Space)
    assert (board.sheet, board.does.place.number) == ("", "B"), "one switch answers that somebody is there"
    # A scan moves by itself and ends when nobody takes anything.
    board.next_customer()
    keyboard.scan.stop()
    heard.clear()
    assert keyboard.scan.step_ms == USUAL_STEP_MS
    keyboard.set_switches_and_scan_step("one", 20)
    board.press(Key.Key_Space)
    qtbot.waitUntil(lambda: not keyboard.scan.is_on)
    assert len(heard) == PASSES_ALONE * len(visual_key_rows(keyboard.host_widget()))
    board.press(Key.Key_Space)
    assert keyboard.scan.is_on
    keyboard.scan.stop()
    keyboard.set_switches_and_scan_step("one", 8000)
    board.side("where")
    board.press(Key.Key_Space)
    board.page.refresh()
    least = 2 * len(visual_key_rows(keyboard.host_widget())) * 8
    assert board.does.page_limit_s() >= max(61, least), "a slow scan is given the time that it needs"


def choose(hall: Hall, **ways: list[str]) -> dict[str, Any]:
    return setting_up.choose_features(hall.desk, hall.ask(ADMIN), **ways)


def test_every_hall_has_it_until_it_is_left_out_by_name_with_its_rules(hall: Hall) -> None:
    """And its signs over windows, which every hall had as well."""
    for name in PRESETS:
        assert {"kiosk", "signs"} <= set(setting_up.preset_setup_document(name)["hall"]["features"]), name
    for before in (None, ["notes"], []):
        hall.do("set-hall", {"features": before}, who=ADMIN)
        setup = looking.setup_of_hall(hall.desk)
        assert setup.has_feature("kiosk") and setup.has_feature("signs")
        assert choose(hall, on=["kiosk", "signs"])["on"] == []
    assert choose(hall, on=["forums"]) == {"features": ["kiosk", "forums", "signs"], "on": ["forums"], "off": []}
    assert choose(hall, off=["kiosk"]) == {"features": ["forums", "signs", "-kiosk"], "on": [], "off": ["kiosk"]}
    assert not looking.setup_of_hall(hall.desk).has_feature("kiosk")
    assert choose(hall, off=["kiosk", "forums"]) == {"features": ["signs", "-kiosk"], "on": [], "off": ["forums"]}
    without = rules_of_unused_features(looking.setup_of_hall(hall.desk).hall)
    assert choose(hall, on=["kiosk"]) == {"features": ["kiosk", "signs"], "on": ["kiosk"], "off": []}
    rules = without - rules_of_unused_features(looking.setup_of_hall(hall.desk).hall)
    assert rules == {"kiosk_idle_s", "kiosk_fetch", "kiosk_postpone"}


@program_of(all_but("kiosk"))
def test_a_program_without_it_knows_of_none_and_keeps_what_was_chosen(console: Console) -> None:
    assert "kiosk" not in all_stations()
    for choice, shown in ((["notes", "kiosk"], ["kiosk"]), (["notes", "-kiosk"], [])):
        hall = console.hall()
        hall.do("set-hall", {"features": choice}, who=ADMIN)
        hall.desk.db.dispose()
        assert [row["name"] for row in console.ask("features", "list")["features"] if "kiosk" in row["name"]] == shown
        assert console.ask("features", "on", "forums")["features"] == ["forums", choice[0], "signs", choice[1]]
    assert console.say("kiosk").status == 2


def test_a_trial_has_no_pane_of_it(hall: Hall, qapp: QApplication) -> None:
    choose(hall, off=["kiosk"])
    with trial_of(hall, qapp) as trial:
        for size in ((1920, 1080), (1366, 768), (1024, 768)):
            trial.frame.resize(*size)
            QApplication.processEvents()
            shown = [name for name, pane in trial.page.panes.items() if pane.isVisible()]
            assert "kiosk" not in shown and "display" in shown
            assert troubles(trial.page, typed_words(trial.feed.setup)) == []


def test_an_open_one_sends_the_next_customer_to_staff_until_it_is_on_again(kiosk: Kiosk) -> None:
    kiosk.service("C")
    choose(kiosk.hall, off=["kiosk"])
    kiosk.follow()
    assert kiosk.stage == "ticket", "whoever has just taken a ticket reads their number"
    kiosk.does.go_home()
    shown = kiosk.view.sheet
    assert shown.isVisible() and not shown.keys
    assert shown.said.title == "Please ask a member of staff for a number."
    assert shown.said.sentence == "This hall does not use the kiosk."
    for lang, size in product(LANGUAGES, (SMALL, UPRIGHT, WIDE)):
        kiosk.speak(lang)
        kiosk.page.resize(*size)
        settled()
        seen = drawn(kiosk.page)
        assert shown.said.title in " ".join(word.whole for word in seen.words)
        assert [*cut(seen, ()), *overlapping(seen), *outside(seen)] == [], (lang, size)
    kiosk.speak("en")
    choose(kiosk.hall, on=["kiosk"])
    kiosk.follow()
    assert not shown.isVisible()
    kiosk.next_customer()
    kiosk.service("C")
    assert len(kiosk.issued()) == 5


# -- a number that a kiosk could not hand over, since the answer came too late, is taken back --------------------------
def test_a_public_screen_may_take_back_what_it_could_not_hand_over(far: Far) -> None:  # noqa: F811
    """The database lets a PC of that kind do it in the hall's name, and in nobody else's."""
    desk = far.hall.desk(far.hall.pc(PcKind.PUBLIC))
    issuing.issue_ticket(desk, Ask(actor_of_station("K1"), far.hall.clock(), new_command_id()), "A")
    context: Any = SimpleNamespace(desk=desk, tasks=InlineTasks(), clock=far.hall.clock, services=StationServices())
    context.new_ask = lambda who: Ask(who, far.hall.clock(), new_command_id())
    TicketIssuing(context, steady_ms=lambda: 0).handle_done_but_unanswered(far.issued()[0])
    last = far.hall.hall().log()[-1]
    assert (last.kind, last.ticket, last.actor) == ("void", "A001", "hall")
    assert reason_words(last.data["reason"], "en") == "The screen could not hand it over"
