"""The hall and the person below the side list."""

from __future__ import annotations

from PySide6.QtCore import QObject

from queuedesk.core.network.people import Actor
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, named, role
from queuedesk.i18n.names import staff_name
from queuedesk.stations.widgets.text import wrap
from queuedesk.stations.widgets.topbar import SideNav

NAV_WIDTH = 208


class NavFoot(QObject):
    """Writes them, a long name in two lines, again when the look changes."""

    def __init__(self, nav: SideNav) -> None:
        super().__init__(nav)
        self._nav = nav
        self._texts: tuple[str, ...] = ()
        nav.look.changed.connect(self._show)

    def tell(self, setup: Setup, who: Actor | None) -> None:
        """Name the hall and who is signed in, in the language of the moment."""
        person = ""
        if who is not None:
            person = _("{role} · {name}", role=role(str(who.role)), name=staff_name(setup, who.name))
        self._texts = (named(setup.hall.name, setup.hall.name_en), person)
        self._show()

    def _show(self) -> None:
        look = self._nav.look
        room = look.wide(NAV_WIDTH) - look.gap(40)
        self._nav.set_foot([line for text in self._texts if text for line in wrap(look.font(15), text, room)])
