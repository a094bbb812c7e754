"""The rating screen: at a window, or free-standing at the exit where no window is named."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.rows import WindowSpec
from queuedesk.i18n import _, named
from queuedesk.stations.rating.controller import RatingController
from queuedesk.stations.rating.exit_page import ExitPage
from queuedesk.stations.rating.pages import AnsweringPage
from queuedesk.stations.rating.view import IdleText, Page
from queuedesk.stations.window.context import StationContext

ROLES: tuple[str, ...] = ()


class RatingPage(AnsweringPage):
    """The screen at a window. Options: window."""

    controller: RatingController

    def __init__(
        self, context: StationContext, controller: RatingController | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, controller or RatingController(context), parent)
        self.controller.setParent(self)
        self.retranslate()

    def place_words(self) -> str:
        code = self.controller.window
        spec = self.controller.setup.windows.get(code) or WindowSpec(code=code, services=())
        name = named(spec.name or code, spec.name_en)
        if name.isascii() and name.isalnum():
            return _("Window {window}", context="display", window=name)
        return name

    def rest_page(self) -> Page:
        hint = _("When your visit ends, you can rate it here")
        return IdleText(self.place_words(), self.hall_words(), hint)


def build(context: StationContext) -> AnsweringPage:
    """Return the page of the named window, or that of the exit."""
    return RatingPage(context) if context.options.get("window") else ExitPage(context)
