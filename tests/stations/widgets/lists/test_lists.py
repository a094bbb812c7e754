"""Live lists change by single rows, keep what was chosen, and their buttons can be pressed."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.stations.widgets.lists.lists import FADE_STEP_MS, ROW, TicketList, TicketModel, TicketRow
from queuedesk.stations.window.style import CONTRAST, Look, Scale
from tests.stations.seen import timer_of

LEFT = Qt.MouseButton.LeftButton


def rows(text):
    return [TicketRow(id=char, number=f"A00{char}") for char in text]


def shown(qtbot, look=None, **wishes):
    view = TicketList(look or Look(), **wishes)
    qtbot.addWidget(view)
    view.resize(368, 400)
    view.show()
    return view


@given(st.lists(st.permutations("123456").map(lambda order: order[: len(order) // 2 + 1]), max_size=6))
def test_whatever_is_wanted_is_shown_without_a_reset(orders):
    model = TicketModel()
    resets = []
    model.modelReset.connect(lambda: resets.append(True))

    for order in orders:
        model.set_rows(rows("".join(order)))
        assert [model.index(at).data(ROW).id for at in range(model.rowCount())] == list(order)

    assert resets == []


def test_the_model_keeps_qts_rules(qtmodeltester):
    model = TicketModel()
    model.set_rows(rows("123"))

    qtmodeltester.check(model)
    model.set_rows(rows("3214"))
    qtmodeltester.check(model)


def test_only_the_changed_row_is_told(qtbot):
    model = TicketModel()
    model.set_rows(rows("123"))
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))

    model.set_rows([*rows("12"), TicketRow(id="3", number="A003", wait="9 分钟")])

    assert told == [(2, 2)]


def test_what_is_chosen_stays_chosen_when_others_come_and_go(qtbot):
    view = shown(qtbot, selectable=True)
    view.set_rows(rows("123456"))
    view.select("3")

    view.set_rows(rows("7235"))

    assert view.currentIndex().data(ROW).id == "3"
    assert view.currentIndex().row() == 2


def test_a_row_pressed_is_chosen(qtbot):
    view = shown(qtbot, selectable=True)
    view.set_rows(rows("123"))
    chosen = []
    view.chosen.connect(chosen.append)

    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.tickets.index(1)).center())
    view.setCurrentIndex(view.tickets.index(2))
    QTest.keyClick(view, Qt.Key.Key_Return)

    assert chosen == ["2", "3"]


def test_the_button_of_a_row_acts_and_does_not_choose(qtbot):
    view = shown(qtbot)
    view.set_rows([TicketRow(id=7, number="A052", service="过号 4 分钟", button="恢复排队")])
    chosen, acted = [], []
    view.chosen.connect(chosen.append)
    view.acted.connect(acted.append)
    place = view.button_rect(view.tickets.index(0))

    QTest.mouseClick(view.viewport(), LEFT, pos=place.center().toPoint())

    assert (acted, chosen) == ([7], [])
    assert place.height() >= 38


def test_a_row_is_read_out_whole(qtbot):
    view = shown(qtbot)
    view.set_rows([TicketRow(id=1, number="B032", service="业务办理", class_text="老年人", wait="18 分钟")])

    spoken = view.tickets.index(0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken == "B032 业务办理 老年人 18 分钟"


def test_rows_grow_and_change_colour_with_the_look(qtbot):
    look = Look()
    view = shown(qtbot, look)
    view.set_rows(rows("12"))
    assert view.visualRect(view.tickets.index(0)).height() == 46

    look.set_theme(CONTRAST)
    look.set_scale(Scale(1.5, 1.5))

    qtbot.waitUntil(lambda: view.visualRect(view.tickets.index(0)).height() == 69)


def test_new_rows_fade_in_unless_the_look_is_still(qtbot):
    view = shown(qtbot)
    view.set_rows(rows("1"))
    fading = view.grab().toImage()
    qtbot.waitUntil(lambda: not timer_of(view, FADE_STEP_MS).isActive())
    assert view.grab().toImage() != fading

    calm = Look()
    calm.still = True
    view = shown(qtbot, calm)
    view.set_rows(rows("1"))
    assert not timer_of(view, FADE_STEP_MS).isActive()
