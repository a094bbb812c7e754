"""The set-up's page of health: the twelve alarms, each with how it stands and what to press, and a switch for a
monitor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.features.health import verbs
from queuedesk.features.health.rules import ALARMS, OK, HealthAlarm, HealthReport
from queuedesk.features.health.words import alarm_advice, alarm_status_word, alarm_text, alarm_title
from queuedesk.files.reading import parse_json_safely
from queuedesk.i18n import _, current_language, error_sentence, n_, time_hm
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.setup_frame.draft import HEALTH, SetUpController, part_word
from queuedesk.stations.widgets.buttons import Pill
from queuedesk.stations.widgets.lists.tiles import ToggleSwitch
from queuedesk.stations.widgets.panels import Card, Label, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import PAGE, Look

LOOK_MS, ASK_MS = 30_000, 250
LOOKS = (("soft", "on_soft", "check"), ("amberbg", "amber", "warning"), ("redbg", "red", "warning"))
"""The tint, ink and icon of good, of what needs attention and of what is not good."""
LEAST_TITLE = 150


class HealthController(PageController[HealthReport]):
    """Looks from time to time while the page is open."""

    KEEPS = timedelta(seconds=15)

    def _read_function(self) -> Callable[[], HealthReport]:
        context = self.context
        desk, services, clock = context.desk, context.services, context.clock

        def read_health_or_failure() -> HealthReport:
            is_sharing = (
                services.sharing.sharing_status().runs if services.sharing is not None and desk.db.is_shared else None
            )
            pc = verbs.facts_of_pc(desk.db.path or desk.db.place, services.printers, is_sharing=is_sharing)
            try:
                return verbs.read_health(desk.db, [desk.hall], pc, clock)
            except OutsideError as trouble:
                return verbs.health_when_hall_unreadable(trouble, pc, clock())

        return read_health_or_failure


class MonitorServerController(QObject):
    """Lets this PC answer a monitor from now on and whenever it starts, or no longer. `is_on` is None before that is
    known; `address` is where it answers now, "" for nowhere; `failure` says in a sentence why it could not be done."""

    changed = Signal()

    def __init__(self, context: StationContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.is_on: bool | None = None
        self.address = self.failure = ""
        self._answer: Callable[[], str | None] | None = None
        self._server: Callable[[], str | None] | None = None
        self._then: Callable[[dict[str, object]], None] = self._store_state
        self._asks = QTimer(self)
        self._asks.setInterval(ASK_MS)
        self._asks.timeout.connect(self._take_command_output)

    @property
    def can_switch(self) -> bool:
        return self._context.services.start_command is not None

    @property
    def is_busy(self) -> bool:
        return self._answer is not None

    def query_monitor_status(self) -> None:
        """Find out whether it is on."""
        if not self.is_busy:
            self._run_command("status", then=self._store_state)

    def switch_monitoring(self, on: bool) -> None:
        self.failure = ""
        self._run_command("autostart", "on" if on else "off", then=self._start_serving_now if on else self._store_state)

    def _run_command(self, *words: str, then: Callable[[dict[str, object]], None]) -> None:
        self._answer, self._then = self._start_command("health", *words), then
        if self._answer is not None:
            self._asks.start()
        self.changed.emit()

    def _start_command(self, *words: str) -> Callable[[], str | None] | None:
        start = self._context.services.start_command
        try:
            return start(["--lang", current_language(), *words]) if start is not None else None
        except QueueDeskError as trouble:
            self.failure = error_sentence(trouble)
            return None

    def _take_command_output(self) -> None:
        output = self._answer() if self._answer is not None else None
        if output is None:
            return
        self._answer = None
        self._asks.stop()
        said = _document_from_command_output(output)
        if isinstance(error := said.get("error"), dict):
            self.failure = str(error["message"])
            self.changed.emit()
        else:
            self._then(said)

    def _store_state(self, said: dict[str, object]) -> None:
        self.is_on, self.address = said.get("autostart") is not None, str(said.get("listening") or "")
        self.changed.emit()

    def _start_serving_now(self, said: dict[str, object]) -> None:
        """Answer from now on too: the system begins with that only at its next start."""
        self._store_state(said)
        if not self.address:
            self._server = self._start_command("health", "--serve", str(verbs.PORT))
            self._run_command("status", then=self._ask_again_or_switch_off)

    def _ask_again_or_switch_off(self, said: dict[str, object]) -> None:
        ended = self._server() if self._server is not None else ""
        if said.get("listening") or ended is None:
            self._store_state(said)
            if not self.address:
                self._run_command("status", then=self._ask_again_or_switch_off)
            return
        error = _document_from_command_output(ended).get("error")
        self.failure = str(error["message"]) if error else self.failure
        self._run_command("autostart", "off", then=self._store_state)


def _document_from_command_output(output: str) -> dict[str, Any]:
    """Return the document that a command printed; {} if it printed none."""
    try:
        return dict(parse_json_safely(output))
    except (ValueError, TypeError):
        return {}


class AlarmLine:
    """An alarm in three cells: its name and state, how it stands, and what to press where something is wrong."""

    def __init__(self, look: Look, name: str, grid: QGridLayout, row: int) -> None:
        self.name = name
        self.title = Label(look, alarm_title(name), px=17, bold=True, wrap=True)
        tint, token, icon = LOOKS[OK]
        self.pill = Pill(look, alarm_status_word(OK), tint=tint, token=token, icon=icon, px=15, height=28)
        self.state, self.advice = Label(look, px=16, wrap=True), Label(look, px=16, bold=True, wrap=True)
        texts = QVBoxLayout()
        set_scaled_margins(look, texts, (0, 4, 0, 8), 2)
        texts.addWidget(self.state)
        texts.addWidget(self.advice)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.title, row, 0, top)
        grid.addWidget(self.pill, row, 1, top | Qt.AlignmentFlag.AlignLeft)
        grid.addLayout(texts, row, 2)

    def show_alarm(self, alarm: HealthAlarm | None) -> None:
        """Show how it stands; None: it can't be told while the hall can't be read."""
        for widget in (self.title, self.pill, self.state):
            widget.setVisible(alarm is not None)
        self.advice.setVisible(alarm is not None and alarm.status != OK)
        if alarm is not None:
            tint, token, icon = LOOKS[alarm.status]
            self.pill.set_text_and_colors(alarm_status_word(alarm.status), tint=tint, token=token, icon=icon)
            self.state.setText(alarm_text(alarm))
            self.advice.setText(alarm_advice(self.name))


class HealthPage(ManagerPage):
    """What is wrong at this hall and its PCs, and what to do about it."""

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        again = PageAct(text=lambda: _("Look again", context="health"), do=self._reread_health, icon="search")
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
        column.addWidget(self._monitor_card(look, controller))
        column.addStretch(1)
        self.add_part(VerticalScrollArea(inner, keys=True), 1, inset=False)
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_MS)
        self._looks.timeout.connect(self._reread_health)
        self.health.changed.connect(self._show_health)
        self._show_health()

    def _monitor_card(self, look: Look, controller: SetUpController) -> Card:
        self.monitor, self._may_change = MonitorServerController(controller.context, self), False
        self.switch, self.monitor_state = ToggleSwitch(look), Label(look, px=16, wrap=True)
        title, card, row = Label(look, _("Answer a monitor"), px=17, bold=True, wrap=True), Card(look), QHBoxLayout()
        self.switch.setAccessibleName(title.text())
        self.switch.clicked.connect(self.monitor.switch_monitoring)
        self.monitor.changed.connect(self._show_metrics_monitor_switch)
        row.addWidget(title, 1)
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(card)
        set_scaled_margins(look, column, (18, 12, 18, 12), 4)
        column.addLayout(row)
        column.addWidget(self.monitor_state)
        return card

    def _show_metrics_monitor_switch(self) -> None:
        monitor, address = self.monitor, f"http://{verbs.LOOPBACK}:{verbs.PORT}/metrics"
        self.switch.setChecked(bool(monitor.is_on))
        self.switch.setEnabled(self._may_change and monitor.can_switch and not monitor.is_busy)
        told = _("Prometheus can ask at {address}.", address=monitor.address or address)
        if monitor.is_on and not monitor.address and not monitor.is_busy:
            told = _("It starts with this PC, but does not run now.")
        elif not monitor.is_on:
            told = _(
                "Switched on, Prometheus on this PC can ask at {address}. No figure names a person.", address=address
            )
        self.monitor_state.setText(monitor.failure or told)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._looks.start()
        self.health.refresh()
        self.monitor.query_monitor_status()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looks.stop()

    def state_to_restore(self) -> tuple[()]:
        return ()

    def restore_state(self, left: tuple[()]) -> None:
        """Nothing is chosen here."""

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        """Follow the hall, for whoever looks."""
        self._setup, self._may_change = setup, may_change
        self._show_metrics_monitor_switch()
        self.health.refresh()
        self._show_health()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Nothing is saved here."""

    def _reread_health(self) -> None:
        self.health.refresh(anew=True)

    def _show_health(self) -> None:
        found = self.health.found
        known = {alarm.name: alarm for alarm in found.alarms} if found is not None else {}
        for name, line in self.lines.items():
            line.show_alarm(known.get(name))
        if found is not None and self._setup is not None:
            self.head.set_subtitle(_health_subtitle(found, self._setup.to_hall_time(found.at)))


def _health_subtitle(found: HealthReport, moment: datetime) -> str:
    wrong = sum(alarm.status != OK for alarm in found.alarms)
    told = n_("{n} thing needs attention", "{n} things need attention", wrong) if wrong else _("All is well")
    return _("{what}, as of {time}", what=told, time=time_hm(moment))
