"""What is said in place of a station that can't be opened."""

import pytest
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.window.away import UnavailablePage
from queuedesk.stations.window.style import Look

SERVER = "postgresql://qd@192.168.1.5:7432/queuedesk"


def test_waiting_is_promised_to_help_only_where_it_can(qtbot):
    i18n.use("en")
    page = UnavailablePage(Look(), OutsideError("database_away", path="hall.sqlite"), retries=True)
    qtbot.addWidget(page)

    def said() -> str:
        return " ".join(label.text() for label in page.findChildren(Label))

    assert "it opens by itself" in said()
    page.show_trouble(OutsideError("not_this_pc"))
    assert "The hall's server does not let this PC do that" in said()
    assert "by itself" not in said()


def test_what_is_read_from_afar_is_short_and_the_rest_stands_below(qtbot):
    i18n.use("en")
    page = UnavailablePage(Look(), OutsideError("database_newer", path="/halls/hall.sqlite", version=99), retries=True)
    qtbot.addWidget(page)
    first, second = (label.text() for label in (page.sentence, page.second))

    assert first == "This hall needs a newer QueueDesk."
    assert second == "The hall's file /halls/hall.sqlite is from a newer QueueDesk (99); please update this computer."
    page.show_trouble(OutsideError("database_older", path="postgresql://qd@192.168.1.5:7432/queuedesk", version=13))
    assert page.sentence.text() == "The hall's main PC has an older QueueDesk than this PC."
    assert "please update the hall's main PC first" in page.second.text()
    assert page.second.text().endswith("it opens by itself.")


@pytest.mark.parametrize("code", ["database_away", "database_busy", "database_older", "wrong_certificate", "bad_url"])
@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "This screen can't be used at the moment.", "Please ask a member of staff."),
        ("zh_CN", "这个屏幕暂时不能用。", "请问工作人员。"),
    ],
)
def test_a_screen_for_customers_names_no_server(
    qtbot: QtBot, code: str, language: str, first: str, second: str
) -> None:
    i18n.use(language)
    page = UnavailablePage(Look(), OutsideError(code, path=SERVER, version=13), retries=True, leads_home=False)
    qtbot.addWidget(page)
    said = [label.text() for label in page.findChildren(Label)]

    assert page.sentence.text() == first
    assert page.second.text().startswith(second)
    assert not any("192.168" in text or "7432" in text or "server" in text for text in said)
    assert page.second.text().count("\n") == 1, "a line for staff says why"


def test_staff_read_where_sharing_starts_again(qtbot: QtBot) -> None:
    i18n.use("en")
    page = UnavailablePage(Look(), OutsideError("database_away", path=SERVER), retries=True)
    qtbot.addWidget(page)

    assert "switch on the main PC (192.168.1.5) and press “Share again” there" in page.second.text()
    page.show_trouble(OutsideError("database_away", path="hall.sqlite"))
    assert "main PC" not in page.second.text()
