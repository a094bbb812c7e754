"""Features at staff stations: lines over a page while there is something to say, a part of the lobby board."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.features import import_reference, installed_features
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import StationPage


class FeatureMessageLine(QObject):
    """Shows a feature's message (`line` of its register) on `page`. `said`: what was done or refused, with an icon."""

    said = Signal(str, str)

    def __init__(self, page: StationPage) -> None:
        super().__init__(page)
        self.page, self.context = page, page.context

    @abstractmethod
    def refresh(self) -> None:
        """Tell what is so now, nothing where the hall does not use the feature."""


class FeatureMessageLines(QObject):
    """The lines over a page, each made once the hall uses its feature. `said` gives what was done or refused."""

    said = Signal(str, str)

    def __init__(self, page: StationPage) -> None:
        super().__init__(page)
        self._page = page
        self._made: dict[str, FeatureMessageLine] = {}
        feed = page.context.feed
        for changes in (feed.changed, feed.replaced, feed.away, feed.back):
            changes.connect(self.refresh)
        self.refresh()

    def refresh(self, *_what: object) -> None:
        setup = self._page.context.feed.setup
        for one in installed_features():
            if one.line and one.name not in self._made and setup.has_feature(one.name):
                made = self._made[one.name] = import_reference(one.line)(self._page)
                made.said.connect(self.said)
        for line in self._made.values():
            line.refresh()


class FeatureBoardPanel(QObject):
    """What a feature adds to the board (`board` of its register): `panel` stands in the place of what is to be done
    while it is not hidden. `said` gives what was done or refused, with an icon."""

    said = Signal(str, str)

    def __init__(self, page: QWidget, context: StationContext, panel: QWidget) -> None:
        super().__init__(page)
        self.context, self.panel = context, panel

    @property
    @abstractmethod
    def is_feature_key_enabled(self) -> bool:
        """Whether its key can be pressed."""

    @abstractmethod
    def act_on_feature_key(self) -> None:
        """Do what its key says."""

    @abstractmethod
    def help_with_long_line(self) -> None:
        """Do what helps where a line is too long."""

    @abstractmethod
    def refresh(self) -> None:
        """Show the hall as it is now, nothing where it does not use the feature."""
