"""Pages as tests stand them up: some that stand in for stations, made anew in another language, or left undrawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.core.network.roles import Actor, Role
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import MenuEntry, StationPage, page_view_state, restore_page_view_state
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.every_day import SEES_ALL

GUIDES = ("guide", "manager", "admin")
ZHOU = Actor("G1", Role.GUIDE)


class Page(StationPage):
    def __init__(self, context: StationContext) -> None:
        super().__init__(context)
        self.ticks: list[object] = []
        self.languages: list[str] = []
        self.stopped = False
        self.closes = self.lets_go = True
        self.about = ""

    def help_key(self) -> str:
        return self.about

    def remake_contents(self) -> bool:
        self.languages.append(i18n.current_language())
        return True

    def tick(self, now: object) -> None:
        self.ticks.append(now)

    def menu_entries(self) -> list[MenuEntry]:
        return [MenuEntry("Own act", lambda: None, "F8"), MenuEntry("Not now", lambda: None, enabled=False)]

    def may_close(self) -> bool:
        return self.closes

    def may_sign_out(self) -> bool:
        return self.lets_go

    def closing_effect_text(self) -> str:
        return "The page loses something."

    def stop(self) -> None:
        self.stopped = True


class OwnAwayPage(Page):
    """A page with its own words while the data is away."""

    def show_hall_away(self, since: object) -> None:
        self.away = since


class HallPage(Page):
    canvas = (1920, 1080)


P = TypeVar("P", bound=StationPage)


def still_look(app: QApplication) -> Look:
    """Return a look in which nothing moves by itself, as all widgets of this process have it from now on."""
    look = Look()
    look.still = True
    apply_look_to_app(app, look)
    return look


def close(page: StationPage) -> None:
    """Let a page go that no window has; who made it did not give it to qtbot, since another may stand in its place."""
    page.close()
    page.deleteLater()


def made_anew(page: P) -> P:
    """Return the page that stands in this one's place in the language of the moment."""
    if page.remake_contents():
        return page
    left, spot, is_seen = page.state_to_restore(), page_view_state(page), page.isVisible()
    anew = page.remade_page() or type(page)(page.context)
    assert isinstance(anew, type(page))
    page.is_replaced = True
    page.stop()
    page.hide()
    anew.restore_state(left)
    anew.setMinimumSize(page.minimumSize())
    anew.resize(page.size())
    anew.setUpdatesEnabled(page.updatesEnabled())
    anew.setVisible(is_seen)
    restore_page_view_state(anew, spot)
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return anew


class _Undrawn(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close:  # What the test has come to can be drawn, too.
            cast(QWidget, watched).grab()
        return event.type() == QEvent.Type.UpdateRequest


def leave_undrawn(window: QWidget) -> None:
    """Let a window be drawn when somebody looks at it (grab) and when it is closed; where all is looked at, always."""
    if not SEES_ALL:
        window.installEventFilter(_Undrawn(window))


@contextmanager
def undrawn(window: QWidget) -> Iterator[None]:
    """Leave a window undrawn that is shown meanwhile, when it comes too."""
    leave_undrawn(window)
    window.setUpdatesEnabled(SEES_ALL)
    yield
    window.setUpdatesEnabled(True)
