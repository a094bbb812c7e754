"""The number at the counter: with its window where there is room, alone where it would get much smaller."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication

from queuedesk.core.talk.number_block import Block, WindowWords
from queuedesk.stations.widgets.number_block import NumberBlock
from queuedesk.stations.window.style import Look

WINDOW = WindowWords("3", before="Window", zone="left, area A", arrow="left")


def picture(label: NumberBlock, block: Block, width: int) -> QImage:
    label.set_block(block)
    label.resize(width, 154)
    return label.grab().toImage()


@pytest.mark.parametrize(("width", "with_window"), [(900, True), (560, True), (380, False)])
def test_the_window_stands_beside_the_number_where_it_takes_little_of_it(
    qapp: QApplication, width: int, with_window: bool
):
    label = NumberBlock(Look(), px=154)
    alone = picture(label, Block("B031"), width)
    block = picture(label, Block("B031", WINDOW), width)

    assert (block != alone) is with_window
    assert label.text() == "B031"
    accessible = QAccessible.queryAccessibleInterface(label)
    assert accessible.text(QAccessible.Text.Name) == "B031", "the clerk knows the window"


def test_it_wants_the_width_of_the_whole_block(qapp: QApplication):
    label = NumberBlock(Look(), px=154)
    label.set_block(Block("B031"))
    alone = label.sizeHint().width()
    label.set_block(Block("B031", WINDOW))

    assert label.sizeHint().width() > 1.8 * alone
