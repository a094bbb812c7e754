"""Whatever is wrong with a window is found, and nothing else."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Label, Panel
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.style import Look, apply
from tests.stations.whole_words import drawn, moved, places, settled, troubles

LONG = "Everything that has to be read"
Put = Callable[[QWidget, tuple[int, int, int, int]], QWidget]


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Panel:
    look = Look()
    apply(qapp, look)
    page = Panel(look, "surface")
    page.resize(600, 400)
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.fixture
def put(window: Panel) -> Put:
    def put(part: QWidget, place: tuple[int, int, int, int]) -> QWidget:
        part.setParent(window)
        part.setGeometry(*place)
        part.show()
        settled()
        return part

    return put


class Painted(QWidget):
    """Writes a line of its own, wherever its edge is."""

    def __init__(self, words: str, x: float, baseline: float, token: str = "ink") -> None:
        super().__init__()
        self._words, self._x, self._baseline, self._token = words, x, baseline, token

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = Look()
        Painter(self, look).words(self._words, look.font(16), self._token, self._x, self._baseline)


def test_a_window_with_room_for_all_has_no_trouble(window: Panel, put: Put) -> None:
    put(Label(Look(), LONG), (20, 20, 500, 30))
    put(SecondaryButton(Look(), "Press"), (20, 100, 200, 48))

    assert troubles(window, colors=True) == []


def test_a_cut_word_is_named_with_the_whole_of_it(window: Panel, put: Put) -> None:
    cut = put(Label(Look(), LONG), (20, 20, 120, 30))
    (found,) = troubles(window)
    assert found.startswith(f"cut: “{LONG}” as “Everything")
    cut.hide()
    wrapped = put(Label(Look(), " ".join([LONG] * 20), wrap=True), (20, 20, 120, 380))
    assert any(found.startswith("cut: ") for found in troubles(window)), "a sentence that wraps out of its lines"
    wrapped.hide()
    put(Label(Look(), "Making a backup …"), (20, 20, 300, 30))
    assert troubles(window) == [], "words that say something goes on"


@pytest.mark.parametrize(
    ("words", "typed", "is_fine"),
    [
        (LONG, LONG, True),
        (f"Window 3: {LONG}", LONG, True),
        (f"{LONG}: 12 min", LONG, False),
        (LONG, "Everything else that somebody typed in", False),
    ],
)
def test_only_the_end_of_what_people_typed_may_be_cut(
    window: Panel, put: Put, words: str, typed: str, is_fine: bool
) -> None:
    put(Label(Look(), words), (20, 20, 160, 30))

    assert (troubles(window, [typed]) == []) is is_fine


def test_words_beyond_an_edge_are_found_though_they_have_no_ellipsis(window: Panel, put: Put) -> None:
    put(Painted(LONG, 0, 20), (20, 20, 100, 30))
    put(Painted("High", 0, 4), (20, 100, 100, 30))

    assert [found.split(":")[0] for found in troubles(window)] == ["beyond its widget's edge"] * 2


def test_words_over_each_other_are_found(window: Panel, put: Put) -> None:
    put(Painted(LONG, 0, 20), (20, 20, 400, 30))
    put(Painted("Another", 0, 20), (60, 24, 100, 30))

    (found,) = troubles(window)
    assert found == f"over each other: “{LONG}” and “Another”"


@pytest.mark.parametrize(("token", "ground", "is_fine"), [("ink2", "soft", True), ("chart", "surface", False)])
def test_words_that_stand_out_too_little_are_found(qtbot: QtBot, token: str, ground: str, is_fine: bool) -> None:
    page = Panel(Look(), ground)
    page.resize(400, 100)
    qtbot.addWidget(page)
    label = Label(Look(), LONG, token=token, parent=page)
    label.setGeometry(10, 10, 380, 30)
    page.show()

    assert (troubles(page, colors=True) == []) is is_fine


def test_an_example_or_a_choice_that_is_wider_than_its_field_is_found(window: Panel, put: Put) -> None:
    # One that follows its words would take their width a moment later, as nothing lays it out here.
    field, typed_in, choice = QLineEdit(), QLineEdit(LONG), DropDown(Look()).share_width()
    field.setPlaceholderText(LONG)
    choice.addItem(LONG)
    put(Label(Look(), "Search"), (20, 80, 200, 30))
    for at, part in enumerate((field, choice, typed_in)):
        put(part, (20, 120 + 60 * at, 140, 48))

    assert [found.split(" as ")[0] for found in troubles(window)] == [f"cut: “{LONG}”"] * 2
    for part in (field, choice):
        part.resize(360, 48)
    assert troubles(window, colors=True) == []


def test_words_over_a_choice_are_found(window: Panel, put: Put) -> None:
    choice = DropDown(Look())
    choice.addItem(LONG)
    choice.setFont(Look().font(17))
    put(choice, (20, 20, 400, 44))
    put(Painted("Another", 0, 20), (60, 30, 100, 30))

    assert [found.split(":")[0] for found in troubles(window)] == ["over each other"]


def test_a_widget_that_stands_out_of_its_card_and_a_small_button_are_found(window: Panel, put: Put) -> None:
    card = put(Panel(Look(), "paper"), (20, 20, 200, 100))
    inner = SecondaryButton(Look(), "Press")
    inner.setParent(card)
    inner.setGeometry(100, 20, 120, 48)
    inner.show()

    put(SecondaryButton(Look(), "Go"), (20, 200, 100, 39))

    assert [found.split(":")[0] for found in troubles(window)] == ["outside", "small"]


def test_words_under_a_cover_are_left_out(window: Panel, put: Put) -> None:
    put(Label(Look(), LONG, token="chart"), (20, 20, 60, 30))
    put(Panel(Look(), "paper"), (0, 0, 600, 200))
    put(Label(Look(), "On top"), (20, 20, 200, 30))

    assert [word.text for word in drawn(window).words] == ["On top"]
    assert troubles(window, colors=True) == []


def test_a_key_that_moves_with_a_message_is_found(window: Panel, put: Put) -> None:
    key = put(SecondaryButton(Look(), "Press"), (20, 100, 200, 48))
    before = places(window)
    put(QLabel("A message"), (20, 20, 400, 40))
    assert moved(before, places(window)) == []

    key.move(20, 148)

    assert [found.split(":")[0] for found in moved(before, places(window))] == ["moved"]
