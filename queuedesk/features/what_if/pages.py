"""The page of a day that is played again."""

from __future__ import annotations

from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Own
from queuedesk.stations.manager.waits.whatif_controller import WhatIfController
from queuedesk.stations.manager.waits.whatif_page import WhatIfPage


def what_if_page(controller: ManagerController, own: Own) -> WhatIfPage:
    """Return the page with the section's controller."""
    return WhatIfPage(controller, own(WhatIfController, controller.context))
