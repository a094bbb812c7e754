"""Widgets alone, without a page round them."""

from contextlib import nullcontext

import pytest


@pytest.fixture
def show(qtbot):
    """Return what shows a widget, in a size if one is given, and gives it back; with `active` it has the keyboard."""

    def show(widget, *size, active=False):
        qtbot.addWidget(widget)
        if size:
            widget.resize(*size)
        with qtbot.waitActive(widget) if active else nullcontext():
            widget.show()
        return widget

    return show
