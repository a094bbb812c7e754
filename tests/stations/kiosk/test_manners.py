"""How a kiosk takes presses, keys and calls for help."""

import random

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.improvement.wording import worded
from queuedesk.desk import looking
from queuedesk.desk.quality import hearing
from queuedesk.stations.access import PASSES_ALONE, USUAL_STEP_MS, rows_of
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS, OVER_MS, QUIET_MS, WITHIN_MS, DrummingDetector
from queuedesk.stations.acts.hold_to_confirm import MANY as MANY_PRESSES
from queuedesk.stations.kiosk.controller import RING_S
from queuedesk.stations.kiosk.taking import MANY
from queuedesk.stations.window.context import OwnChoices
from queuedesk.stations.window.style import CONTRAST, LIGHT
from tests.every_day import SEES_ALL, paired
from tests.hall import ADMIN, GUIDE, MANAGER
from tests.stations.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import settled

IDLE_S = 60
SECONDS = 60


def test_who_is_silent_is_asked_given_time_as_often_as_wished_and_then_let_go(kiosk: Kiosk):
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

    kiosk.does.home()
    kiosk.side("where")
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.stage == "greeting"
    kiosk.side("priority")
    kiosk.ms[0] += 1000
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.sheet == ""

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


def test_contrast_large_text_and_language_are_this_customers_alone(kiosk: Kiosk):
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

    kiosk.next_customer()
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


def drum(kiosk: Kiosk, seed: int, *, least_ms: int, most_ms: int) -> None:
    """Press anywhere on the screen for a minute, with time passing as it does."""
    chance = random.Random(seed)
    until = kiosk.ms[0] + SECONDS * 1000
    ticked = kiosk.ms[0]
    while kiosk.ms[0] < until:
        point = QPoint(chance.randrange(kiosk.page.width()), chance.randrange(kiosk.page.height()))
        target = kiosk.page.childAt(point) or kiosk.page
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(kiosk.page, point))
        kiosk.ms[0] += chance.randint(least_ms, most_ms)
        kiosk.does.holding.settle()
        if kiosk.ms[0] - ticked >= 1000:
            ticked = kiosk.ms[0]
            kiosk.page.tick(kiosk.hall.clock())


@pytest.mark.parametrize(("seed", "pace"), paired(range(6 if SEES_ALL else 3), [(80, 250), (150, 500), (300, 790)]))
def test_a_minute_of_drumming_takes_no_ticket(kiosk: Kiosk, seed: int, pace: tuple[int, int]):
    before = len(kiosk.issued())
    drum(kiosk, seed, least_ms=pace[0], most_ms=pace[1])
    kiosk.follow()

    assert len(kiosk.issued()) == before


def test_drumming_on_one_key_is_asked_to_wait_and_noted_once(kiosk: Kiosk):
    before = len(kiosk.issued())
    key = kiosk.view.greeting.services["A"]
    for _press in range(30):
        if key.isVisible():
            QTest.mouseClick(kiosk.page.childAt(key.mapTo(kiosk.page, QPoint(60, 60))), Qt.MouseButton.LeftButton)
        kiosk.ms[0] += 200
    assert (kiosk.sheet, kiosk.view.sheet.said.title) == ("calm", "One moment, please")
    kiosk.pass_seconds(QUIET_MS / 1000)
    assert kiosk.sheet == ""
    kiosk.pass_seconds(OVER_MS / 1000)
    kiosk.pass_seconds(60)
    kiosk.follow()
    log = looking.events_after(kiosk.hall.desk, 0)
    (noted,) = [event for event in log if event.kind == "drumming"]

    assert (noted.actor, noted.data["station"], noted.data["presses"]) == ("station:K1", "K1", 27)
    assert 5 <= noted.data["seconds"] <= 7
    assert len(kiosk.issued()) == before

    for _press in range(6):
        QTest.mouseClick(kiosk.view, Qt.MouseButton.LeftButton, pos=QPoint(5, 400))
        kiosk.ms[0] += 300
    kiosk.pass_seconds(4)
    kiosk.service("B")
    assert (kiosk.stage, len(kiosk.issued())) == ("ticket", before + 1), "the next calm touch gives a ticket"


def test_a_second_touch_at_once_makes_no_second_ticket_and_the_last_service_counts(kiosk: Kiosk):
    before = len(kiosk.issued())
    kiosk.ms[0] += 1000
    QTest.mouseClick(kiosk.view.greeting.services["A"], Qt.MouseButton.LeftButton)
    assert kiosk.view.greeting.services["A"].is_chosen
    kiosk.ms[0] += HOLD_MS // 2
    QTest.mouseClick(kiosk.view.greeting.services["B"], Qt.MouseButton.LeftButton)
    kiosk.wait_quietly()
    kiosk.follow()
    assert [event.service for event in kiosk.issued()][before:] == ["B"]

    kiosk.next_customer()
    kiosk.side("where")
    kiosk.pad("A001")
    for _time in range(4):
        kiosk.touch(kiosk.view.where.pad["clear"], settled=False)
        kiosk.pad("B001")
    assert (kiosk.sheet, kiosk.does.place.number) == ("", "B001"), "fingers on a pad may be as fast as they like"


def test_many_tickets_within_a_minute_are_asked_about_and_not_by_playing_hands(kiosk: Kiosk):
    for place in range(MANY):
        kiosk.service("A")
        if place:
            kiosk.answer("go")
        kiosk.touch(kiosk.view.ticket.done_key)
    given = len(kiosk.issued())
    kiosk.service("A")
    assert kiosk.sheet == "many"
    kiosk.answer("go")
    assert (kiosk.sheet, len(kiosk.issued())) == ("many", given), "nobody has read it in a second"
    kiosk.ms[0] += 3000
    kiosk.answer("go")
    assert len(kiosk.issued()) == given + 1


def test_what_drumming_is():
    for gaps_ms, drums in (
        ([900, 900, 900, 900], False),
        ([100, 1500, 100, 1500], False),
        ([200] * 6, True),
        ([830, 830, 830], True),
        ([WITHIN_MS, WITHIN_MS, WITHIN_MS], False),
    ):
        now = [0]
        calm = DrummingDetector(lambda now=now: now[0])
        calm.press()
        for gap in gaps_ms:
            now[0] += gap
            calm.press()
        assert calm.is_drumming is drums
        now[0] += QUIET_MS
        assert not calm.is_drumming
        calm.press()
        assert not calm.is_drumming
        now[0] += OVER_MS
        assert (calm.take_over() is not None) is drums
        assert calm.take_over() is None
        assert len(gaps_ms) + 1 >= MANY_PRESSES or not drums


def helps(kiosk: Kiosk) -> list[tuple[str, str]]:
    """Return who did what to calls for help: actor, and what."""
    log = [event for event in looking.events_after(kiosk.hall.desk, 0) if event.kind == "help"]
    verbs = ("ack", "arrived", "cancelled")
    return [(event.actor, next((verb for verb in verbs if verb in event.data), "press")) for event in log]


def test_a_call_for_help_is_answered_and_a_few_words_go_to_the_manager(kiosk: Kiosk):
    kiosk.side("help")
    assert kiosk.does.setup.hall.phone in kiosk.view.sheet.said.sentence
    kiosk.answer("call")
    kiosk.does.help.press()
    kiosk.follow()
    assert helps(kiosk) == [("station:K1", "press")], "pressed twice it calls once"
    assert kiosk.view.sheet.said.title == "Help has been called"
    assert "10:00" in kiosk.view.sheet.said.sentence
    kiosk.hall.do("help-ack", kiosk.does.help.call.seq, who=GUIDE)
    kiosk.follow()
    assert kiosk.view.sheet.said.title == "Help is coming"
    kiosk.answer("here")
    assert helps(kiosk) == [("station:K1", "press"), ("G1", "ack"), ("station:K1", "arrived")]
    assert (kiosk.sheet, kiosk.does.help.call) == ("", None)

    kiosk.side("help")
    kiosk.answer("call")
    kiosk.answer("ok")
    assert kiosk.view.greeting.sides["help"].text() == "Help has been called", "the customer goes on alone"
    kiosk.service("A")
    kiosk.does.home()
    kiosk.side("large")
    assert kiosk.view.greeting.help_key.text() == "Help has been called"
    kiosk.touch(kiosk.view.greeting.help_key)
    kiosk.answer("mistaken")
    assert helps(kiosk)[3:] == [("station:K1", "press"), ("station:K1", "cancelled")]
    assert kiosk.view.greeting.help_key.text() == "Ask for help"

    kiosk.does.home()
    kiosk.side("help")
    kiosk.answer("call")
    kiosk.hall.do("help-arrived", kiosk.does.help.call.seq, who=GUIDE)
    kiosk.follow()
    assert kiosk.view.sheet.said.title == "We are happy to help", "who came without a word ends it everywhere"

    # A few words go to the manager.
    kiosk.does.home()
    kiosk.side("help")
    kiosk.answer("write")
    words = kiosk.view.words
    kiosk.touch(words.give_key)
    assert (kiosk.stage, comments(kiosk)) == ("words", [])
    for key in ("n", "o", " ", "c", "x", "delete"):
        kiosk.touch(words.keys[key])
    QTest.keyClicks(words.field, "hairs")
    QTest.keyClick(words.field, Qt.Key.Key_Return)
    assert words.said is not None
    assert words.said.title == "A message for the manager"
    assert kiosk.sheet == "thanked"
    kiosk.answer("ok")

    assert comments(kiosk) == [("typed", "no chairs")]
    assert kiosk.does.is_home()
    assert all("chairs" not in str(event.data) for event in kiosk.hall.log())

    # Words that nobody gave are thrown away.
    kiosk.side("help")
    kiosk.answer("write")
    kiosk.view.words.field.insertPlainText("x" * 195)
    QTest.keyClicks(kiosk.view.words.field, "x" * 10)
    assert len(kiosk.does.writing.words) == 200
    kiosk.pass_seconds(60)
    kiosk.pass_seconds(RING_S)
    assert (kiosk.stage, kiosk.does.writing.words, len(comments(kiosk))) == ("greeting", "", 1)
    kiosk.side("help")
    kiosk.answer("write")
    assert kiosk.view.words.field.toPlainText() == ""
    kiosk.does.home()

    for setting, is_offered in (("off", False), ("keys", True)):
        kiosk.hall.do("set-setting", "rating_words", setting, who=ADMIN)
        kiosk.follow()
        kiosk.side("help")
        assert ("write" in kiosk.view.sheet.keys) is is_offered, setting
        kiosk.does.home()
    kiosk.does.set_language("zh_CN")
    assert not kiosk.does.writing.is_offered, "its keys write no Chinese"


def comments(kiosk: Kiosk) -> list[tuple[str, str]]:
    """Return the comments that a manager reads: where from, and the words."""
    day = kiosk.hall.date
    return [(one.source, one.text) for one in hearing.comments_between(kiosk.hall.desk, day, day)]


def test_an_emergency_lies_over_everything_until_it_is_ended(make_kiosk, hall):
    kiosk = make_kiosk(hall, voice=True)
    kiosk.page.activateWindow()
    kiosk.side("where")
    kiosk.does.set_listens(True)
    hall.do("emergency", "请马上离开大厅", text_en="Leave the hall now", who=MANAGER)
    kiosk.follow()
    kiosk.pass_seconds(3)
    assert kiosk.voice.said[-1] == ("Emergency", "Leave the hall now")
    assert sum("Leave the hall now" in part for said in kiosk.voice.said for part in said) == 1, "read once"
    cover = kiosk.page.cover
    assert cover.isVisible()
    assert "Leave the hall now" in cover.accessibleName()
    assert "请马上离开大厅" in cover.accessibleName()
    for size in (UPRIGHT, WIDE, SMALL):
        kiosk.page.resize(*size)
        settled()
        assert cover.geometry() == kiosk.page.rect() == QRect(0, 0, *size)
        for point in (QPoint(80, 80), kiosk.page.rect().center(), QPoint(size[0] - 40, size[1] - 40)):
            assert kiosk.page.childAt(point) is cover, (size, point)
    before = kiosk.does.place.number
    QTest.keyClick(QApplication.focusWidget() or cover, Qt.Key.Key_A)
    QTest.keyClick(QApplication.focusWidget() or cover, Qt.Key.Key_1)
    assert kiosk.does.place.number == before
    i18n.use("zh_CN")
    kiosk.page.retranslate()
    assert cover.isVisible()
    assert "Leave the hall now" in cover.accessibleName()
    assert "请马上离开大厅" in cover.accessibleName()
    hall.do("end-emergency", who=MANAGER)
    kiosk.follow()

    assert not cover.isVisible()


@pytest.fixture
def board(kiosk: Kiosk) -> Kiosk:
    kiosk.page.activateWindow()
    kiosk.view.setFocus()
    return kiosk


def focused() -> str:
    focus = QApplication.focusWidget()
    return focus.accessibleName() if focus is not None else ""


def press(kiosk: Kiosk, key: Qt.Key) -> None:
    kiosk.ms[0] += 1000
    kiosk.key(key)
    kiosk.wait_quietly()
    kiosk.follow()


def test_arrows_go_as_the_eye_does_digits_press_keys_and_two_switches_move_and_take(board: Kiosk):
    press(board, Qt.Key.Key_Down)
    assert focused().startswith("Pay a bill")
    press(board, Qt.Key.Key_Down)
    assert focused().startswith("Account services")
    press(board, Qt.Key.Key_Up)
    assert focused().startswith("Pay a bill")
    press(board, Qt.Key.Key_Return)
    assert (board.stage, board.issued()[-1].service) == ("ticket", "A")
    press(board, Qt.Key.Key_1)
    assert board.stage == "greeting"

    board.next_customer()
    press(board, Qt.Key.Key_2)
    assert (board.stage, board.issued()[-1].service) == ("ticket", "B")
    press(board, Qt.Key.Key_1)
    board.side("where")
    press(board, Qt.Key.Key_A)
    press(board, Qt.Key.Key_2)
    assert board.does.place.number == "A2", "here they write"
    press(board, Qt.Key.Key_Escape)
    board.side("priority")
    press(board, Qt.Key.Key_1)
    assert (board.sheet, board.does.klass) == ("", "elderly")

    # Two switches move and take, and none do nothing.
    board.next_customer()
    keyboard = board.page.keyboard
    keyboard.set_switches("two", USUAL_STEP_MS)
    heard: list[str] = []
    keyboard.offered.connect(heard.append)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Return):
        press(board, key)
    assert heard[2].startswith("New connection")
    assert board.issued()[-1].service == "C"

    board.next_customer()
    keyboard.scan.stop()
    keyboard.set_switches("off", USUAL_STEP_MS)
    press(board, Qt.Key.Key_Space)
    assert not keyboard.scan.is_on

    # Staff choose the switches in the menu.
    keyboard.set_switches("one", USUAL_STEP_MS)
    kept: list[tuple[str, float]] = []
    lend(board.page.context, own_choices=stub(OwnChoices, keep_switches=lambda *choice: kept.append(choice)))

    def entries() -> list[str]:
        return [entry.text for entry in board.page.menu_entries()]

    assert entries() == ["Switches: one", "Each button is offered for 2 s"]
    board.page.menu_entries()[1].act()
    assert (entries()[1], kept[-1]) == ("Each button is offered for 3 s", ("one", 3.0))
    board.page.menu_entries()[0].act()
    assert (entries(), board.page.keyboard.switches) == (["Switches: two"], "two")


def test_one_switch_takes_a_ticket_and_goes_into_rows_and_out_again(board: Kiosk):
    keyboard = board.page.keyboard
    scan, heard = keyboard.scan, list[str]()
    keyboard.offered.connect(heard.append)
    press(board, Qt.Key.Key_Space)
    assert scan.is_on
    QTest.mouseClick(board.view, Qt.MouseButton.LeftButton)
    assert not scan.is_on, "a finger touches the screen"
    press(board, Qt.Key.Key_Space)
    assert heard[-1].startswith("Pay a bill")
    while "Account services" not in heard[-1]:
        scan.step()
    press(board, Qt.Key.Key_Space)
    assert (board.stage, board.issued()[-1].service) == ("ticket", "B")

    scan.stop()
    board.does.home()
    board.side("where")
    press(board, Qt.Key.Key_Space)
    while heard[-1] != "B, 4, 5, 6":
        scan.step()
    press(board, Qt.Key.Key_Space)
    assert heard[-1] == "B"
    press(board, Qt.Key.Key_Space)
    assert (board.does.place.number, heard[-1]) == ("B", "B")
    scan.step()
    while heard[-1] != "A, 1, 2, 3":
        scan.step()
    press(board, Qt.Key.Key_Space)
    for _step in range(8):
        scan.step()
    assert heard[-1] == "A, 1, 2, 3", "two rounds in the row and nothing taken"

    scan.stop()
    board.pass_seconds(60)
    assert board.sheet == "still-there"
    press(board, Qt.Key.Key_Space)
    assert scan.is_on
    press(board, Qt.Key.Key_Space)
    assert (board.sheet, board.does.place.number) == ("", "B"), "one switch answers that somebody is there"


def test_a_scan_moves_by_itself_and_ends_when_nobody_takes_anything(board: Kiosk, qtbot):
    keyboard = board.page.keyboard
    assert keyboard.scan.step_ms == USUAL_STEP_MS
    keyboard.set_switches("one", 20)
    heard: list[str] = []
    keyboard.offered.connect(heard.append)
    press(board, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not keyboard.scan.is_on)

    assert len(heard) == PASSES_ALONE * len(rows_of(keyboard.host()))
    press(board, Qt.Key.Key_Space)
    assert keyboard.scan.is_on

    keyboard.scan.stop()
    keyboard.set_switches("one", 8000)
    board.side("where")
    press(board, Qt.Key.Key_Space)
    board.page.refresh()
    limit = board.does.limit_s()
    assert limit > 60
    assert limit >= 2 * len(rows_of(keyboard.host())) * 8, "a slow scan is given the time that it needs"


def test_the_key_has_the_new_name_on_its_dates_alone(kiosk: Kiosk) -> None:
    kiosk.hall.do("wording", "A", "交电费", "Pay here", who=MANAGER)
    kiosk.follow()
    trial = next(iter(kiosk.does.context.feed.state.wordings.values()))
    feed = kiosk.does.context.feed

    assert kiosk.does.setup is feed.setup  # it begins tomorrow
    own = worded(feed.setup, [trial], trial.first)
    other = worded(feed.setup, [trial], trial.first.replace(day=trial.first.day + 1))
    assert own is feed.setup
    assert (other.services["A"].name, other.services["A"].name_en) == ("交电费", "Pay here")

    kiosk.hall.clock.move(days=2)
    kiosk.hall.issue("B")
    kiosk.follow()
    assert kiosk.does.setup.services["A"].name_en == "Pay here"
    assert feed.setup.services["A"].name_en == "Pay a bill"
