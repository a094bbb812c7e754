"""A line that has to be read whole: it shrinks before it is cut."""

import pytest

from queuedesk.stations.widgets.labels import FittedLabel
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.window.style import Look


@pytest.mark.parametrize("share", [1.2, 0.8])
def test_a_line_is_as_large_as_its_room_lets_it_be(qtbot, share):
    label = FittedLabel(Look(), "A past day replayed with something changed", px=17, least=13)
    qtbot.addWidget(label)
    label.resize(round(label.sizeHint().width() * share), label.sizeHint().height())

    font = label.fitted_font()

    assert width_of(font, label.text()) <= label.width()
    assert (font.pixelSize() == 17) is (share > 1)
    label.resize(20, 40)
    assert label.fitted_font().pixelSize() == 13
