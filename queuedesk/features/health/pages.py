"""The set-up's page of health: the twelve alarms, each with how it stands and what to press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.features.health import verbs
from queuedesk.features.health.rules import ALARMS, OK, Alarm, Health
from queuedesk.features.health.words import alarm_advice, alarm_text, alarm_title, status_word
from queuedesk.i18n import _, n_, time_hm
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.setup_frame.draft import HEALTH, part_word
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.widgets.buttons import Pill
from queuedesk.stations.widgets.panels import Card, Label, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.window.style import PAGE, Look

LOOK_MS = 30_000
LOOKS = (("soft", "on_soft", "check"), ("amberbg", "amber", "warning"), ("redbg", "red", "warning"))
"""The tint, ink and icon of good, of what needs attention and of what is not good."""
LEAST_TITLE = 150


class HealthController(PageController[Health]):
    """Looks from time to time while the page is open."""

    KEEPS = timedelta(seconds=15)

    def _reader(self) -> Callable[[], Health]:
        context = self.context
        desk, services, clock = context.desk, context.services, context.clock

        def work() -> Health:
            is_sharing = services.sharing.status().runs if services.sharing is not None and desk.db.is_shared else None
            pc = verbs.facts_of_pc(desk.db.path or desk.db.place, services.printers, is_sharing=is_sharing)
            try:
                return verbs.look_at_health(desk.db, [desk.hall], pc, clock)
            except OutsideError as trouble:
                return verbs.health_without_hall(trouble, pc, clock())

        return work


class AlarmLine:
    """An alarm in three cells: its name and state, how it stands, and what to press where something is wrong."""

    def __init__(self, look: Look, name: str, grid: QGridLayout, row: int) -> None:
        self.name = name
        self.title = Label(look, alarm_title(name), px=17, bold=True, wrap=True)
        tint, token, icon = LOOKS[OK]
        self.pill = Pill(look, status_word(OK), tint=tint, token=token, icon=icon, px=15, height=28)
        self.state, self.advice = Label(look, px=16, wrap=True), Label(look, px=16, bold=True, wrap=True)
        texts = QVBoxLayout()
        set_scaled_margins(look, texts, (0, 4, 0, 8), 2)
        texts.addWidget(self.state)
        texts.addWidget(self.advice)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.title, row, 0, top)
        grid.addWidget(self.pill, row, 1, top | Qt.AlignmentFlag.AlignLeft)
        grid.addLayout(texts, row, 2)

    def show_alarm(self, alarm: Alarm | None) -> None:
        """Show how it stands; None: it can't be told while the hall can't be read."""
        for widget in (self.title, self.pill, self.state):
            widget.setVisible(alarm is not None)
        self.advice.setVisible(alarm is not None and alarm.status != OK)
        if alarm is not None:
            tint, token, icon = LOOKS[alarm.status]
            self.pill.set_all(status_word(alarm.status), tint=tint, token=token, icon=icon)
            self.state.setText(alarm_text(alarm))
            self.advice.setText(alarm_advice(self.name))


class HealthPage(ManagerPage):
    """What is wrong at this hall and its PCs, and what to do about it."""

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        again = PageAct(text=lambda: _("Look again", context="health"), do=self._look_again, icon="search")
        super().__init__(look, PageSpec(title=lambda: part_word(HEALTH), acts=(again,), foot=0), parent)
        self.health = HealthController(controller.context, self)
        (self.again_button,) = self.buttons
        self._setup: Setup | None = None
        inner, card = QWidget(), Card(look)
        grid = QGridLayout(card)
        set_scaled_margins(look, grid, (18, 12, 18, 12), 10)
        grid.setColumnMinimumWidth(0, look.px(LEAST_TITLE))
        grid.setColumnStretch(2, 1)
        self.lines = {name: AlarmLine(look, name, grid, row) for row, name in enumerate(ALARMS)}
        column = QVBoxLayout(inner)
        set_scaled_margins(look, column, (PAGE, 0, PAGE, 20), 8)
        column.addWidget(card)
        column.addStretch(1)
        self.put(VerticalScrollArea(inner, keys=True), 1, inset=False)
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_MS)
        self._looks.timeout.connect(self._look_again)
        self.health.changed.connect(self._show_health)
        self._show_health()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._looks.start()
        self.health.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looks.stop()

    def kept_state(self) -> tuple[()]:
        return ()

    def restore_state(self, left: tuple[()]) -> None:
        """Nothing is chosen here."""

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        """Follow the hall, for whoever looks."""
        self._setup = setup
        self.health.refresh()
        self._show_health()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Nothing is saved here."""

    def _look_again(self) -> None:
        self.health.refresh(anew=True)

    def _show_health(self) -> None:
        found = self.health.found
        known = {alarm.name: alarm for alarm in found.alarms} if found is not None else {}
        for name, line in self.lines.items():
            line.show_alarm(known.get(name))
        if found is not None and self._setup is not None:
            self.head.set_subtitle(_subtitle(found, self._setup.local(found.at)))


def _subtitle(found: Health, moment: datetime) -> str:
    wrong = sum(alarm.status != OK for alarm in found.alarms)
    told = n_("{n} thing needs attention", "{n} things need attention", wrong) if wrong else _("All is well")
    return _("{what}, as of {time}", what=told, time=time_hm(moment))
