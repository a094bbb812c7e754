"""Written talk: clerk and customer of one window read and type, and nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtTest import QTest

from queuedesk.stations.acts.written_talk import CLERK, CUSTOMER, CounterEnd, TalkDialog, Written, talk_name
from queuedesk.stations.rating.station import RatingPage
from tests.stations.rating.conftest import Screen


def page_of(screen: Screen) -> RatingPage:
    assert isinstance(screen.page, RatingPage)
    return screen.page


def join(screen: Screen, clerk: CounterEnd) -> RatingPage:
    page = page_of(screen)
    clerk.begin()
    page.tick(screen.hall.clock())
    screen.until(lambda: clerk.is_joined and page.talk.is_open)
    return page


def test_both_read_what_the_other_writes(screen: Screen, clerk: CounterEnd):
    clerk.begin()
    clerk.write("Good morning.  Which form do you have?")
    page = join(screen, clerk)
    screen.until(lambda: bool(page.talk.lines))
    assert page.talk.lines == [Written(CLERK, "Good morning. Which form do you have?")]
    assert page.talk_cover.isVisible()

    QTest.keyClicks(page.talk_cover.view.edit, "form 3 b")
    QTest.keyClick(page.talk_cover.view.edit, Qt.Key.Key_Return)
    screen.until(lambda: len(clerk.lines) == 2)
    assert clerk.lines[-1] == Written(CUSTOMER, "form 3 b")
    screen.touch(page.talk_cover.answers[0])
    screen.until(lambda: clerk.lines[-1].text == "Yes")


def test_at_the_end_nothing_is_left_anywhere(screen: Screen, clerk: CounterEnd, hall, tmp_path: Path):
    seq = hall.length()
    page = join(screen, clerk)
    clerk.write("zebra-words")
    screen.until(lambda: bool(page.talk.lines))
    clerk.end()
    screen.until(lambda: not page.talk.is_open)

    assert (clerk.lines, page.talk.lines, page.talk_cover.view.labels) == ([], [], [])
    assert page.talk_cover.isHidden()
    assert hall.length() == seq
    assert [one for one in tmp_path.rglob("*") if one.is_file() and b"zebra-words" in one.read_bytes()] == []


def test_the_screen_joins_only_while_somebody_is_served(screen: Screen):
    page = page_of(screen)
    end = CounterEnd(talk_name(page.context, "3"))
    assert end.name != talk_name(page.context, "4"), "other windows and halls have other names"
    end.begin()
    page.tick(screen.hall.clock())
    QTest.qWait(50)
    assert not end.is_joined
    end.end()


def test_a_counter_that_goes_ends_the_talk(serving: Screen):
    page, counter = page_of(serving), QLocalServer()
    counter.listen(talk_name(page.context, "3"))
    page.tick(serving.hall.clock())
    serving.until(counter.hasPendingConnections)
    socket = counter.nextPendingConnection()
    socket.write(b'[["clerk", "hello"]]\n')
    serving.until(lambda: page.talk.lines == [Written(CLERK, "hello")])

    socket.abort()
    counter.close()
    serving.until(lambda: not page.talk.is_open)
    assert page.talk.lines == []


def test_what_is_no_line_is_left_out(serving: Screen, clerk: CounterEnd):
    clerk.begin()
    socket = QLocalSocket()
    socket.connectToServer(clerk.name)
    serving.until(lambda: clerk.is_joined)
    for line in (b"no json", b"{}", b'[["clerk"]]', b'[["hall", "x"]]', b'[["customer", 5]]', b'[["customer", "ok"]]'):
        socket.write(line + b"\n")
    serving.until(lambda: bool(clerk.lines))
    assert clerk.lines == [Written(CUSTOMER, "ok")]
    socket.abort()


def test_the_clerk_says_when_no_screen_answers_and_ends_it(serving: Screen):
    screen, page = serving, page_of(serving)
    clerk = CounterEnd(talk_name(page.context, "3"))
    dialog = TalkDialog(page, page.context.look, clerk, ticket="B001")
    dialog.open_dialog()
    assert dialog.waiting.text() == "The rating screen of this window has not answered on this PC yet."
    page.tick(screen.hall.clock())
    screen.until(lambda: clerk.is_joined)
    assert dialog.waiting.isHidden()
    dialog.refuse()
    screen.until(lambda: not page.talk.is_open)
