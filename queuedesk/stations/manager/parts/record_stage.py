"""A page of records as another station shows it: the front desk."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.parts.page import ToolRow
from queuedesk.stations.manager.parts.record_page import RecordPage
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import Label, spread


class RecordStage(QWidget):
    """The page below a head with the way back; its buttons stand in as many rows as they take."""

    def __init__(self, page: RecordPage[Any]) -> None:
        super().__init__()
        look, self.page = page.context.look, page
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", height=52, px=16)
        self._title = Label(look, page.spec.name(), px=28, bold=True)
        _head, tools = page.lend_head()
        acts = ToolRow(look)
        acts.put(*page.buttons)
        if page.search is not None:
            self.setFocusProxy(page.search.edit)
        head, top, column = QHBoxLayout(), QVBoxLayout(), QVBoxLayout(self)
        spread(look, column, (0, 18, 0, 0), 0)
        spread(look, top, (28, 0, 28, 0), 14)
        spread(look, head, spacing=16)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        top.addLayout(head)
        top.addWidget(acts)
        top.addWidget(tools)
        column.addLayout(top)
        column.addWidget(page, 1)
