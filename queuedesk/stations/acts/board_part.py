"""What a feature adds to the lobby board."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.stations.window.context import StationContext


class BoardPart(QObject):
    """What a feature adds to the board (`board` of its register): `panel` stands in the place of what is to be done
    while it is not hidden. `said` gives what was done or refused, with an icon."""

    said = Signal(str, str)

    def __init__(self, page: QWidget, context: StationContext, panel: QWidget) -> None:
        super().__init__(page)
        self.context, self.panel = context, panel

    @property
    @abstractmethod
    def may_ask(self) -> bool:
        """Whether its key can be pressed."""

    @abstractmethod
    def ask(self) -> None:
        """Do what its key says."""

    @abstractmethod
    def help_line(self) -> None:
        """Do what helps where a line is too long."""

    @abstractmethod
    def refresh(self) -> None:
        """Show the hall as it is now, nothing where it does not use the feature."""
