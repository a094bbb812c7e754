"""What stations say while the hall can't be had, by what is in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.stations.widgets.message_place import MessagePlace
from queuedesk.stations.window.away import away_line, away_texts
from queuedesk.stations.window.away import tell_away as tell_away_to
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.style import Look
from tests.hall import Hall, at

SERVER = "postgresql://qd@192.168.1.5:7432/queuedesk"
OWN = "postgresql://qd@127.0.0.1:5433/queuedesk"


@pytest.fixture
def feed(hall: Hall) -> Iterator[HallFeed]:
    found = HallFeed(hall.desk, hall.clock)
    hall.desk.db.is_shared = True  # what it shows was read before; nothing is asked of it any more
    yield found
    found.stop()


def tell_away(feed: HallFeed, qtbot: QtBot, trouble: OutsideError) -> None:
    feed.findChild(QTimer).setInterval(1)
    with qtbot.waitSignal(feed.away):
        feed.note_away(trouble)


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        (
            "database_away",
            (
                "The hall's server has not answered since 10:42",
                "If this lasts, press “Share again” on this PC: Set-up, Several PCs.",
            ),
            ("服务器从 10:42 起连不上", "一直连不上时，请在这台电脑的「设置」「多台电脑」里按「重新开始共用」。"),
        ),
        (
            "cannot_follow",
            (
                "This screen had a fault at 10:42 and is reading the hall again",
                "If this continues, close the window and open it again. This shows 10:42.",
            ),
            ("10:42 这个画面出了差错，正在重新读取", "如果一直这样，请关掉再打开。画面停在 10:42。"),
        ),
        (
            "pc_withdrawn",
            (
                "This PC has not been allowed to use the hall since 10:42",
                "A manager can let it join again. This shows 10:42.",
            ),
            ("这台电脑从 10:42 起不能再使用本厅数据", "值班经理可以让它重新加入。画面停在 10:42。"),
        ),
        (
            "hall_moved",
            ("The hall moved to a server at 10:42", "This PC has to join it there. This shows 10:42."),
            ("本厅从 10:42 起改在服务器上运行", "这台电脑要重新加入。画面停在 10:42。"),
        ),
        (
            "database_newer",
            (
                "This hall has had a newer QueueDesk since 10:42",
                "Please update QueueDesk on this computer and open it again. This shows 10:42.",
            ),
            ("本厅从 10:42 起改用了更新版本的 QueueDesk", "请升级这台电脑的程序，再重新打开。画面停在 10:42。"),
        ),
    ],
)
def test_of_a_hall_on_a_server(
    feed: HallFeed, qtbot: QtBot, code: str, english: tuple[str, str], chinese: tuple[str, str]
) -> None:
    tell_away(feed, qtbot, OutsideError(code, path=SERVER, version=99))
    i18n.use("en")
    assert away_texts(feed, at("10:42")) == english
    i18n.use("zh_CN")
    assert away_texts(feed, at("10:42")) == chinese


CODES = ("database_away", "database_busy", "pc_withdrawn", "hall_moved", "cannot_follow", "database_newer")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "No updates since 10:42: please ask a member of staff."),
        ("zh_CN", "10:42 起没有新消息，请问工作人员。"),
    ],
)
def test_a_screen_for_customers_says_whom_to_ask_and_names_no_server(
    feed: HallFeed, qtbot: QtBot, code: str, language: str, line: str
) -> None:
    tell_away(feed, qtbot, OutsideError(code, path=SERVER, version=99, to=SERVER))
    i18n.use(language)

    assert away_line(feed, at("10:42")) == line


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (SERVER, ("en", "If this lasts, switch on the main PC (192.168.1.5) and press “Share again” there.")),
        (SERVER, ("zh_CN", "一直连不上时，请打开主电脑（192.168.1.5），在上面按「重新开始共用」。")),
        (OWN, ("en", "If this lasts, press “Share again” on this PC: Set-up, Several PCs.")),
        (OWN, ("zh_CN", "一直连不上时，请在这台电脑的「设置」「多台电脑」里按「重新开始共用」。")),
    ],
)
def test_staff_read_where_sharing_starts_again_and_to_work_on_paper_until_then(
    feed: HallFeed, hall: Hall, qtbot: QtBot, place: str, said: tuple[str, str]
) -> None:
    language, to_mend = said
    hall.desk.db.place = place
    tell_away(feed, qtbot, OutsideError("database_away", path=place))
    i18n.use(language)
    page = QWidget()
    qtbot.addWidget(page)
    messages = MessagePlace(Look(), page)

    assert to_mend in away_texts(feed, at("10:42"))[1]
    tell_away_to(messages, feed, at("10:42"))
    assert to_mend in messages.said()
    assert i18n._("Until then, work on paper.") in messages.said()


def test_while_the_hall_moves_nobody_is_sent_to_paper_or_to_the_front_desk(feed: HallFeed, qtbot: QtBot) -> None:
    feed.knows_where = lambda: True
    tell_away(feed, qtbot, OutsideError("hall_moved", to=SERVER))
    i18n.use("en")

    assert away_texts(feed, at("10:42")) == (
        "The hall is moving to the server …",
        "It continues here in a moment. Nothing is lost.",
    )
    assert away_line(feed, at("10:42")) == "One moment, please"
    feed.note_back()
    assert not feed.moves_on


def test_the_time_is_that_of_the_first_trouble_and_the_reason_the_last(feed: HallFeed, hall: Hall) -> None:
    told = []
    feed.away.connect(told.append)
    feed.note_away(OutsideError("database_away", path=SERVER))
    hall.clock.move(minutes=5)
    feed.note_away(OutsideError("pc_withdrawn", path=SERVER))

    assert told == [at("9:00"), at("9:00")]
    assert feed.trouble is not None and feed.trouble.code == "pc_withdrawn"
    feed.note_back()
    assert (feed.away_since, feed.trouble) == (None, None)
