"""Whatever is wrong with a window is found, and nothing else."""

from collections.abc import Callable
from functools import partial
from itertools import zip_longest
from typing import Any

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Label, Panel
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.stations.whole_words import cut_beside_room, drawn, moved, places, settled, troubles

LONG = "Everything that has to be read"
Put = Callable[..., QWidget]


@pytest.fixture
def put(qapp, qtbot) -> Put:
    """Return what puts a part into a window, or into another part of it."""
    look = Look()
    apply_look_to_app(qapp, look)
    page = Panel(look, "surface")
    page.resize(600, 400)
    qtbot.addWidget(page)
    page.show()

    def put(part: QWidget, place: tuple[int, int, int, int], within: QWidget = page) -> QWidget:
        part.setParent(within)
        part.setGeometry(*place)
        part.show()
        settled()
        return part

    return put


class Painted(QWidget):
    """Writes a line of its own, wherever its edge is."""

    def __init__(self, words: str, baseline: float = 20) -> None:
        super().__init__()
        self._words, self._baseline = words, baseline

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = Look()
        Painter(self, look).draw_words(self._words, look.font(16), "ink", 0, self._baseline)


def label(words: str = LONG, **more: Any) -> Label:
    return Label(Look(), words, **more)


def ground(color: str) -> Panel:
    return Panel(Look(), color)


def key(words: str = "Press") -> SecondaryButton:
    return SecondaryButton(Look(), words)


def field(text: str = "", example: str = "") -> QLineEdit:
    made = QLineEdit(text)
    made.setPlaceholderText(example)
    return made


def choice() -> DropDown:
    """One that follows its words would take their width a moment later, as nothing lays it out here."""
    made = DropDown(Look()).set_minimum_letters()
    made.addItem(LONG)
    made.setFont(Look().font(17))
    return made


TOP, WIDE = (20, 20, 400, 44), (0, 0, 600, 200)
CASES: dict[str, tuple[dict[Callable[[], QWidget], tuple[int, int, int, int]], list[str]]] = {
    "room for all": ({label: (20, 20, 500, 30), key: (20, 100, 200, 48)}, []),
    "a cut word, named with the whole of it": ({label: (20, 20, 120, 30)}, [f"cut: “{LONG}” as “Everything"]),
    "a sentence that wraps out of its lines": (
        {lambda: label(" ".join([LONG] * 20), wrap=True): (20, 20, 120, 380)},
        ["cut: "],
    ),
    "words that say something goes on": ({lambda: label("Making a backup …"): TOP}, []),
    "words beyond an edge, without an ellipsis": (
        {partial(Painted, LONG): (20, 20, 100, 30), partial(Painted, "High", 4): (20, 100, 100, 30)},
        ["beyond its widget's edge: "] * 2,
    ),
    "words over each other": (
        {partial(Painted, LONG): TOP, partial(Painted, "Another"): (60, 24, 100, 30)},
        [f"over each other: “{LONG}” and “Another”"],
    ),
    "words over a choice": ({choice: TOP, partial(Painted, "Another"): (60, 30, 100, 30)}, ["over each other: "]),
    "words that stand out": ({lambda: ground("soft"): WIDE, lambda: label(token="ink2"): TOP}, []),
    "words that stand out too little": ({lambda: label(token="chart"): TOP}, ["contrast "]),
    "an example and a choice wider than their fields, not what is typed": (
        {
            partial(field, example=LONG): (20, 120, 140, 48),
            choice: (20, 180, 140, 48),
            partial(field, LONG): (20, 240, 140, 48),
        },
        [f"cut: “{LONG}” as "] * 2,
    ),
    "fields with room": ({partial(field, example=LONG): (20, 120, 360, 48), choice: (20, 180, 360, 48)}, []),
    "a small button": ({partial(key, "Go"): (20, 200, 100, 39)}, ["small: "]),
    "words under a cover": (
        {lambda: label(token="chart"): (20, 20, 60, 30), lambda: ground("paper"): WIDE, partial(label, "On top"): TOP},
        [],
    ),
}


@pytest.mark.parametrize(("parts", "found"), CASES.values(), ids=CASES)
def test_what_is_wrong_is_found_and_nothing_else(put: Put, parts: dict[Any, Any], found: list[str]) -> None:
    for make, place in parts.items():
        window = put(make(), place).window()
    wrong = troubles(window, colors=True)
    assert [one[: len(start)] for one, start in zip_longest(wrong, found, fillvalue="")] == found, wrong


def test_only_the_end_of_what_people_typed_may_be_cut(put: Put) -> None:
    for words, typed, is_fine in (
        (LONG, LONG, True),
        (f"Window 3: {LONG}", LONG, True),
        (f"{LONG}: 12 min", LONG, False),
        (LONG, "Everything else that somebody typed in", False),
    ):
        shown = put(label(words), (20, 20, 160, 30))
        assert (troubles(shown.window(), [typed]) == []) is is_fine
        shown.hide()


def test_what_is_cut_while_its_page_is_empty_below_or_beside_room_of_its_own_widget_is_found(put: Put) -> None:
    shown = put(label(), (20, 20, 120, 24))
    page = shown.window()
    (found,) = cut_beside_room(drawn(page), page)
    assert found.startswith("cut where there is room:"), "the page is empty below"
    put(label(" ".join([LONG] * 20), wrap=True), (0, 300, 600, 80))
    assert [*cut_beside_room(drawn(page), page)] == [], "a page that is full"
    put(shown, (20, 20, 400, 24))
    assert [*cut_beside_room(drawn(page), page)] == [], "words with room"
    shown.hide()

    class Short(Painted):
        def paintEvent(self, _event: QPaintEvent) -> None:
            look = Look()
            Painter(self, look).draw_words(paint.elide(look.font(16), LONG, 100), look.font(16), "ink", 0, 20)

    put(Short(""), (20, 20, 400, 30))
    assert len([*cut_beside_room(drawn(page), page)]) == 1


def test_a_widget_that_stands_out_of_its_card_and_a_key_that_moves_with_a_message_are_found(put: Put) -> None:
    card = put(ground("paper"), (20, 20, 200, 100))
    pressed = put(key(), (100, 20, 120, 48), card)
    window = card.window()
    assert [found.split(":")[0] for found in troubles(window)] == ["outside"]
    pressed.move(20, 20)
    before = places(window)
    put(QLabel("A message"), (20, 120, 400, 40))
    assert moved(before, places(window)) == []
    pressed.move(20, 48)
    assert [found.split(":")[0] for found in moved(before, places(window))] == ["moved"]
