"""The head of the counter: window, state, clerk, the clerk's day, pause and small bar."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, named, names, window_state
from queuedesk.stations.counter import words
from queuedesk.stations.counter.acts import Act, possible
from queuedesk.stations.counter.scene import ClerksDay, Kind, Scene
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import RunsLabel, runs_width
from queuedesk.stations.widgets.panels import Rule
from queuedesk.stations.widgets.topbar import TopBar, TopItem
from queuedesk.stations.window.style import Look

HERE = Qt.FindChildOption.FindDirectChildrenOnly
RULE_PX = 1


def room_for_items(bar: TopBar) -> int:
    """Return the width in px that all else in the top bar leaves for its items."""
    layout = bar.layout()
    if layout is None:
        return 0
    parts = [part for part in bar.findChildren(QWidget, options=HERE) if not isinstance(part, (RunsLabel, Rule))]
    shown = [part.sizeHint().width() for part in parts if not part.isHidden()]
    margins = layout.contentsMargins()
    # One gap more than between the parts: the items themselves stand among them.
    return bar.width() - margins.left() - margins.right() - sum(shown) - layout.spacing() * len(shown)


def items_width(bar: TopBar, items: Sequence[TopItem]) -> int:
    """Return the width in px that `items`, given as runs, take where nothing is elided, gaps and rules included."""
    layout = bar.layout()
    gap = layout.spacing() if layout is not None else 0
    widths = []
    for item in items:
        widths += [RULE_PX] if item.rule else []
        widths.append(ceil(runs_width(bar.look, item.runs)))
    return sum(widths) + gap * max(0, len(widths) - 1)


class Head(TopBar):
    """The counter's top bar. Without a scene it names the station and the hall."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, height=60, parent=parent)
        self._scene: Scene | None = None
        self._day = ClerksDay()
        self._items: list[TopItem] = []
        self.pause_button = SecondaryButton(look, key="F10", height=40, px=16)
        self.small_button = SecondaryButton(look, key="F12", height=40, px=16)
        for button in (self.pause_button, self.small_button):
            self.add_button(button)
        look.changed.connect(self._fill)

    def show_place(self, scene: Scene | None, setup: Setup) -> None:
        """Show whose window this is, or only which station."""
        self._scene = scene
        for button in (self.pause_button, self.small_button):
            button.setVisible(scene is not None)
        if scene is not None:
            self.set_sign(scene.window.code)
            self.set_place(names.window_name(scene.window.code), words.lent_words(scene))
            return
        self.set_sign("")
        self.set_place(_("Counter", context="station"), named(setup.hall.name, setup.hall.name_en))
        self.set_pill("", "")
        self._set_items([])

    def show_scene(self, scene: Scene, day: ClerksDay, *, away: bool) -> None:
        """Show the window's state and the clerk's day."""
        if self._scene is None or self._scene.window.extra != scene.window.extra:
            self.set_place(names.window_name(scene.window.code), words.lent_words(scene))
        self._scene, self._day = scene, day
        state = str(scene.window.state)
        self.set_pill(state, window_state(state))
        act = Act.RESUME if scene.kind is Kind.PAUSED else Act.PAUSE
        self.pause_button.set_icon(words.ICONS[act])
        self.pause_button.setText(_("Resume") if act is Act.RESUME else words.act_word(act, scene))
        self.pause_button.setEnabled(not away and act in possible(scene))
        self.small_button.setText(_("Small bar"))
        self._fill()

    def _fill(self) -> None:
        """Show the clerk's name whole, and as much of the clerk's day as finds room beside it; the bar's button goes
        before the name."""
        scene = self._scene
        if scene is None:
            return
        who = TopItem(runs=words.who_runs(scene), rule=True)
        room = room_for_items(self)
        if not self.small_button.isHidden():
            room += self._small_width()
        has_small = items_width(self, [who]) + self._small_width() <= room
        # Asked only where it changes: showing a button lays the whole bar out anew.
        if has_small == self.small_button.isHidden():
            self.small_button.setVisible(has_small)
        room -= self._small_width() if has_small else 0
        forms = [[TopItem(runs=runs), who] if runs else [who] for runs in words.day_forms(self._day)]
        self._set_items(next((items for items in forms if items_width(self, items) <= room), forms[-1]))

    def _small_width(self) -> int:
        layout = self.layout()
        return self.small_button.sizeHint().width() + (layout.spacing() if layout is not None else 0)

    def _set_items(self, items: list[TopItem]) -> None:
        if items != self._items:
            self._items = items
            self.set_items(items)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()
