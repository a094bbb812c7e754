"""Several halls side by side: now, in a period, and what one pushes to the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from queuedesk.features.halls.pages.push import HallsController
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers

if TYPE_CHECKING:
    from queuedesk.features.halls.pages.halls import HallsPage


def are_several(controller: ManagerController, own: Controllers, changed: Callable[[], None]) -> Callable[[], bool]:
    """Return what says whether a person is here who may look at several halls."""
    halls = own(HallsController, controller.context)
    halls.several.connect(changed)
    # Not before the station is built: who asks at once may be answered at once.
    QTimer.singleShot(0, halls, halls.start)
    return lambda: halls.are_several


def halls_page(controller: ManagerController, own: Controllers) -> HallsPage:
    """Return the page with the station's controller."""
    from queuedesk.features.halls.pages.halls import HallsPage  # late as the page is

    return HallsPage(own(HallsController, controller.context))
