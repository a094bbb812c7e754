"""A page of a month whose things lead to the rows behind them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, error_sentence
from queuedesk.stations.manager.parts.page import ManagerPage, PageSpec
from queuedesk.stations.manager.parts.table import TableColumn, TableOrEmptyCard, TableSpec
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import (
    CurrentPageSizedStack,
    EmptyState,
    EmptyStateCard,
    Label,
    set_scaled_margins,
)
from queuedesk.stations.window.style import NARROW_UNDER


class RowBehindMonth(Protocol):
    """A row behind a thing of the month."""

    @property
    def key(self) -> str: ...


B = TypeVar("B", bound=RowBehindMonth)
PANEL, LIST_WIDE = 440, 208
UNBOUND = (1 << 24) - 1  # Qt's own largest width


class MonthRowsPage(ManagerPage, Generic[B]):
    """`rows` with their title and line stand in a panel beside the month, or in its place where there is no room for
    both; until the month was read the page says so. `place_wanted` leads to what a row is about."""

    place_wanted = Signal(object)

    def __init__(
        self,
        controller: Any,
        spec: PageSpec,
        columns: Callable[[], list[TableColumn[B]]],
        icon: str,
        parent: QWidget | None,
    ) -> None:
        self.controller = controller
        look = controller.context.look
        super().__init__(look, spec, parent)
        self.rows_title, self.rows_line = Label(look, px=18, bold=True, wrap=True), Label(look, px=14, wrap=True)
        behind = TableSpec[B](
            name=self.rows_title.text, columns=columns, key=lambda row: row.key, tip=self._row_tip, by_one_press=True
        )
        self.rows = TableOrEmptyCard(look, behind, icon)
        self.close_button = SecondaryButton(look, "", icon="close")
        self.close_button.setToolTip(_("Close"))
        self.close_button.setAccessibleName(_("Close"))
        self.nothing, self.stack = EmptyState(look, "people"), CurrentPageSizedStack()
        self.stack.addWidget(EmptyStateCard(look, self.nothing))
        self.put(self.stack, 1)
        self.rows.table.opened.connect(self._open_row)
        self.close_button.clicked.connect(self.close_panel)
        controller.changed.connect(self._show_read_month)
        controller.unread.connect(self._show_load_failure)
        controller.refused.connect(self.show_act_refusal)

    def _lay_rows(self, within: QWidget, *above: QWidget) -> QVBoxLayout:
        """Lay the rows out with their head; `above` stands between the two."""
        column, head = QVBoxLayout(within), QHBoxLayout()
        set_scaled_margins(self._look, column, spacing=8)
        set_scaled_margins(self._look, head, spacing=8)
        head.addWidget(self.rows_title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for part in (self.rows_line, *above):
            column.addWidget(part)
        column.addWidget(self.rows, 1)
        return column

    def _row_tip(self, _row: B) -> str:
        return ""

    @abstractmethod
    def _open_row(self, row: B) -> None: ...

    @abstractmethod
    def close_panel(self) -> None: ...

    @abstractmethod
    def _show_read_month(self) -> None:
        """Show what was read of the month."""

    def refresh(self, _now: datetime) -> None:
        """Read again from time to time."""
        self.controller.refresh()

    def _show_month(self) -> None:
        """Show the month that was read, or ask for it; a page begins so."""
        if self._is_read:
            self._show_read_month()
        else:
            self._show_empty_texts(_("Reading the month …"))
            self.controller.refresh()

    def _show_empty_texts(self, *texts: str) -> None:
        self.nothing.set_texts(*texts)
        self.stack.setCurrentIndex(0)

    def _show_load_failure(self, trouble: QueueDeskError) -> None:
        if self.stack.currentIndex() == 0:
            self._show_empty_texts(error_sentence(trouble))
        else:
            self.warn(trouble)

    @property
    def _is_read(self) -> bool:
        return self.controller.found is not None

    @property
    def _is_narrow(self) -> bool:
        return self.width() < self._look.px(NARROW_UNDER - LIST_WIDE)

    def _fit_panel(self, panel: QWidget, *beside: QWidget, is_open: bool) -> None:
        """Let the panel stand beside the others, or in their place where there is no room for both."""
        narrow = self._is_narrow
        panel.setVisible(is_open)
        for part in beside:
            part.setVisible(not (is_open and narrow))
        panel.setMinimumWidth(0 if narrow else self._look.wide(PANEL))
        panel.setMaximumWidth(UNBOUND if narrow else self._look.wide(PANEL))
