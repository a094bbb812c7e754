"""The ⋯ among the secondaries: every act possible now, with its word and key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from queuedesk.core.queue.ticket import State
from queuedesk.i18n import _
from queuedesk.stations.counter import words
from queuedesk.stations.counter.acts import KEYS, possible, primary
from queuedesk.stations.counter.asking import Asking
from queuedesk.stations.counter.scene import Scene
from queuedesk.stations.window.style import Look

ICON_PX = 20


def acts_menu(
    host: QWidget,
    scene: Scene,
    press: Callable[[str], None],
    asking: Asking,
    *,
    full: Callable[[], None] | None = None,
    away: bool = False,
) -> QMenu:
    """Return the menu of `scene`, ready to pop up; `full` leads back from the small bar, while `away` nothing else does
    anything."""
    menu = _ActsMenu(asking.look, host)
    if not away:
        _add_acts(menu, scene, press, asking)
    if full is not None:
        menu.addSeparator()
        menu.add("full", _("Full window"), full, icon="window", key="F12")
    return menu


def _add_acts(menu: _ActsMenu, scene: Scene, press: Callable[[str], None], asking: Asking) -> None:
    first = primary(scene)
    for act in possible(scene):
        key = _("Space") if act is first else KEYS.get(act, "")
        menu.add(str(act), words.act_word(act, scene), partial(press, str(act)), icon=words.ICONS[act], key=key)
    if scene.aside:
        menu.addSeparator()
    for ticket in scene.aside:
        label = ticket.label
        if ticket.state is State.MISSED:
            text = _("{ticket} back in line", ticket=label)
            menu.add(f"reinstate {label}", text, partial(asking.reinstate, label), icon="missed")
            continue
        if scene.is_free:
            text = _("Take {ticket} back", ticket=label)
            menu.add(f"unpark {label}", text, partial(asking.unpark, label), icon="pause")
        text = _("{ticket} has left", ticket=label, context="act")
        menu.add(f"leave {label}", text, partial(asking.leave, label), icon="leave")


class _ActsMenu(QMenu):
    """A menu whose lines have an icon, a word and a key."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def add(self, name: str, text: str, act: Callable[[], None], *, icon: str, key: str = "") -> None:
        """Add a line; `name` is how tests find it."""
        picture = QIcon(self._look.icon(icon, "ink2", ICON_PX, self.devicePixelRatioF()))
        action = QAction(picture, f"{text}\t{key}" if key else text, self)
        action.setObjectName(name)
        action.triggered.connect(lambda _checked: act())
        self.addAction(action)
