"""What a window does with a page of staff in another language, for pages that are tested without one."""

from typing import TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from queuedesk.stations.window.frame import StationPage, page_view_state, restore_page_view_state

P = TypeVar("P", bound=StationPage)


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
