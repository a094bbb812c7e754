"""What features tell over a page of staff while there is something to tell."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QObject, Signal

from queuedesk.core.features import features, load
from queuedesk.stations.window.page import StationPage


class FeatureLine(QObject):
    """Tells `page`'s messages what there is of a feature (`line` of its register). `said` gives what was done or
    refused, with an icon."""

    said = Signal(str, str)

    def __init__(self, page: StationPage) -> None:
        super().__init__(page)
        self.page, self.context = page, page.context

    @abstractmethod
    def refresh(self) -> None:
        """Tell what is so now, nothing where the hall does not use the feature."""


class FeatureLines(QObject):
    """The lines over a page, each made once the hall uses its feature. `said` gives what was done or refused."""

    said = Signal(str, str)

    def __init__(self, page: StationPage) -> None:
        super().__init__(page)
        self._page = page
        self._made: dict[str, FeatureLine] = {}
        feed = page.context.feed
        for changes in (feed.changed, feed.replaced, feed.away, feed.back):
            changes.connect(self.refresh)
        self.refresh()

    def refresh(self, *_what: object) -> None:
        """Tell what is so now, in the language of now."""
        setup = self._page.context.feed.setup
        for one in features():
            if one.line and one.name not in self._made and setup.uses(one.name):
                made = self._made[one.name] = load(one.line)(self._page)
                made.said.connect(self.said)
        for line in self._made.values():
            line.refresh()
