"""What a window shows first: the frame of its station, while the hall is being opened."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.stations.widgets.panels import Label, spread
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.page import WindowPage
from queuedesk.stations.window.style import XL, Look


class OpeningPage(WindowPage):
    """Says which station opens here, and that its hall is not there yet: `sentence`. Without a `title` it is empty
    paper: nobody in the hall reads what goes at once."""

    def __init__(self, look: Look, title: str = "", sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if not title:
            return
        bar, second = TopBar(look), Label(look, px=XL, token="ink2", wrap=True)
        bar.more_button.hide()
        bar.set_place(title)
        second.setText(sentence)
        stage = QVBoxLayout()
        spread(look, stage, (48, 64, 48, 48), 32)
        stage.addWidget(second)
        stage.addStretch(1)
        column.addWidget(bar)
        column.addLayout(stage, 1)
