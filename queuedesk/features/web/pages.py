"""The windows of the web: whether this PC serves web pages, at which address, and what customers may do there; how far
a case is, at the front desk and in the manager; the visits that an answer saved.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct
from PySide6.QtCore import QObject, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import Wording
from queuedesk.core.log.event import Event
from queuedesk.core.network.sharing import format_address
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import WEB as DEVICE
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.desk import setting_up
from queuedesk.desk.change import Document
from queuedesk.desk.setting_up import SetupRowEdit
from queuedesk.features.web import verbs
from queuedesk.features.web.rules import FRONT_DESK, IMPORTED, KIOSK, PHONE
from queuedesk.features.web.words import time_or_short_moment_text
from queuedesk.i18n import _, current_language, date_short, error_sentence, n_, wording_in_current_language
from queuedesk.printing.qr import QUIET_MODULES, qr_modules
from queuedesk.stations.guide.screen_keys import FieldKeyboard
from queuedesk.stations.manager.parts import page_controller, records
from queuedesk.stations.manager.parts import table as row_tables
from queuedesk.stations.manager.parts.page import TABLES, ManagerPage, PageSpec
from queuedesk.stations.manager.setup_frame.draft import HALL, RULES, WEB, SetUpController, part_word
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import ToggleSwitch
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine, FormField
from queuedesk.stations.widgets.questions.files import ask_file
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import PAGE, Look

if TYPE_CHECKING:
    from queuedesk.stations.guide.station import GuideView


PORT, USUAL_PORT = 8080, 80
EVERYWHERE = "0.0.0.0"
MOST_SUGGESTED = 3
ENDED_WITHIN = timedelta(minutes=1)
ASK_MS, LOOK_MS = 250, 5_000
"""How often an answer that is awaited is asked for, and how often is looked who serves pages while nothing is."""

# -- serving -----------------------------------------------------------------------------------------------------------


class WebServingState(Struct, frozen=True):
    """The processes that serve the hall's pages, and this PC's addresses."""

    rows: tuple[Document, ...]
    addresses: tuple[str, ...]


class WebServingController(page_controller.PageController[WebServingState]):
    """Starts and ends what serves web pages at this PC. `under_way` says what is being done: "start", "stop" or "";
    `starts` whether it starts with the PC, None before that is known; `failure` why it was not done, a sentence."""

    def __init__(self, context: StationContext, parent: QObject) -> None:
        super().__init__(context, parent)
        self.starts: bool | None = None
        self.under_way = self.failure = ""
        self._answer: Callable[[], str | None] | None = None
        self._server: Callable[[], str | None] | None = None
        self._then: Callable[[Document], None] = self._note_autostart
        self._awaited: Callable[[], None] | None = None
        self._end_by = context.clock()
        self.refused.connect(self._finish_refused)
        self._asks = QTimer(self)
        self._asks.setInterval(ASK_MS)
        self._asks.timeout.connect(self._poll_command_output)

    @property
    def can_serve_pages(self) -> bool:
        return self.context.services.start_command is not None

    @property
    def own_row(self) -> Document | None:
        """What this PC's process says of itself, None if none serves pages."""
        station = station_name_at_pc(DEVICE, self.context.pc)
        return next((row for row in self._serving_rows if row["station"] == station), None)

    @property
    def other_addresses(self) -> list[str]:
        """Where other PCs serve the hall's pages."""
        return [row["address"] for row in self._serving_rows if row is not self.own_row]

    @property
    def own_addresses(self) -> tuple[str, ...]:
        return self.found.addresses if self.found is not None else ()

    @property
    def _serving_rows(self) -> tuple[Document, ...]:
        return self.found.rows if self.found is not None else ()

    def _read_function(self) -> Callable[[], WebServingState]:
        context = self.context
        addresses = context.services.own_addresses

        def read_serving_state() -> WebServingState:
            rows = verbs.serving_process_documents(context.desk, context.clock())
            return WebServingState(tuple(rows), tuple(addresses(4)) if addresses is not None else ())

        return read_serving_state

    def _store_found(self, read: WebServingState) -> None:
        super()._store_found(read)
        if (
            self._server is not None and self._server() is not None
        ):  # asked once more after its end, nothing stays of it
            self._server = None
        if self._awaited is not None:
            self._awaited()

    # -- commands ----------------------------------------------------------------------------------------------------

    def find_out_if_autostart_is_on(self) -> None:
        """Find out whether pages are served whenever the PC runs."""
        if self.can_serve_pages and self.starts is None and self._answer is None:
            self._run_command(["web", "status"], self._note_autostart)

    def start_serving(self, listen: str) -> None:
        """Serve pages at `listen` from now on and whenever the PC starts."""
        words = ["web", "--kept", "--listen", listen]
        self._mark_under_way("start")
        if self.own_row is None:
            self._run_command(words, self._note_early_end)
        self._call_now_and_when_serving_known(partial(self._run_once_it_serves, [*words, "autostart", "on"]))

    def stop_serving_and_autostart(self) -> None:
        """Serve no pages any more, and don't start with the PC."""
        self._mark_under_way("stop")
        self._run_command(["web", "autostart", "off"], self._end_process)

    def _mark_under_way(self, what: str) -> None:
        self.under_way, self.failure, self._awaited = what, "", None
        self.changed.emit()

    def _call_now_and_when_serving_known(self, look: Callable[[], None]) -> None:
        """Call `look` whenever it is known anew who serves pages."""
        self._awaited = look
        self._asks.start()
        look()

    def _run_command(self, words: Sequence[str], then: Callable[[Document], None]) -> None:
        start = self.context.services.start_command
        if start is None:
            return
        try:
            self._answer, self._then = start(["--lang", current_language(), *words]), then
        except QueueDeskError as trouble:
            self._note_end(error_sentence(trouble))
            return
        self._asks.start()

    def _poll_command_output(self) -> None:
        if self._awaited is not None:
            self.refresh(anew=True)
        output = self._answer() if self._answer is not None else None
        if output is not None:
            self._answer = None
            said = _last_document(output)
            if "error" in said:
                self._note_end(str(said["error"]["message"]))
            else:
                self._then(said)
        if self._answer is None and self._awaited is None:
            self._asks.stop()

    def _run_once_it_serves(self, words: Sequence[str]) -> None:
        if self.own_row is not None:
            self._awaited, self._server = None, self._answer
            self._run_command(words, self._finish_autostart)

    def _note_early_end(self, _said: Document) -> None:
        self._note_end(_("What serves the pages has ended. Please try again."))

    def _end_process(self, said: Document) -> None:
        self._note_autostart(said)
        desk, station = self.context.desk, station_name_at_pc(DEVICE, self.context.pc)
        self.start_unless_busy("stop", lambda: verbs.request_end_if_web_serving(desk, station), self._await_end)

    def _await_end(self, _is_ending: bool) -> None:
        self._end_by = self.context.clock() + ENDED_WITHIN
        self._call_now_and_when_serving_known(self._finish_once_ended)

    def _finish_once_ended(self) -> None:
        if self.own_row is None and self._server is None:
            self._note_end("")
        elif self.context.clock() > self._end_by:
            self._note_end(
                _("What serves the pages does not end. Please restart this PC; it will not start again with it.")
            )

    def _finish_autostart(self, said: Document) -> None:
        self.starts = said.get("autostart") is not None
        self._note_end("")

    def _finish_refused(self, _verb: str, trouble: QueueDeskError) -> None:
        self._note_end(error_sentence(trouble))

    def _note_autostart(self, said: Document) -> None:
        self.starts = said.get("autostart") is not None
        self.changed.emit()

    def _note_end(self, failure: str) -> None:
        self.under_way, self.failure, self._awaited, self._answer = "", failure, None, None
        self.changed.emit()


def _last_document(output: str) -> Document:
    """Return the last document that a command printed; {} if it printed none."""
    for line in reversed(output.splitlines()):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict):
            return said
    return {}


def listening_address_or_reason(address: str, own: Sequence[str]) -> tuple[str, str]:
    """Return where to listen for a hall's web address, or else why that can't be done here, as a sentence. A name may
    lead to any of this PC's addresses (`own`)."""
    if not address:
        return "", _("Save the web address first.")
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or USUAL_PORT
    if parts.scheme == "https":
        return "", _("For https, start it with its certificate: queuedesk web --cert F --key F autostart on")
    try:
        is_own = ipaddress.ip_address(host).is_loopback or host in own
    except ValueError:
        return format_address(EVERYWHERE, port), ""
    if is_own:
        return format_address(host, port), ""
    return "", _("This PC does not have the address {address}; it has {own}.", address=host, own=", ".join(own) or "–")


def save_web_address(controller: SetUpController, address: str, done: Callable[[object], None]) -> None:
    _save_edited_setup_row(
        controller, SetupRowEdit(part=HALL, code=controller.setup.hall.code, row={"web_address": address}), done
    )


def switch_rule(controller: SetUpController, key: str, is_on: bool, done: Callable[[object], None]) -> None:
    _save_edited_setup_row(controller, SetupRowEdit(part=RULES, code="", row={key: "on" if is_on else "off"}), done)


def _save_edited_setup_row(controller: SetUpController, edit: SetupRowEdit, done: Callable[[object], None]) -> None:
    controller.run_undoable_change(lambda desk, ask: setting_up.save_setup_rows(desk, ask, [edit], {}), done)


# -- the page ----------------------------------------------------------------------------------------------------------

BESIDE_FROM = 720
CODE_PX = 132


class AddressQrCode(paint.FollowsLook, QWidget):
    """An address as a code for phones."""

    spoken_role = QAccessible.Role.Graphic

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self.text = ""
        self._modules: tuple[tuple[bool, ...], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self._modules = qr_modules(text) if text else ()
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(CODE_PX), self.look.px(CODE_PX))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        painter.fillRect(self.rect(), QColor("white"))
        painter.code(QRectF(self.rect()), self._modules, QUIET_MODULES)


class _TitledCard(panels.Card):
    """A card with a title and what is put below it."""

    def __init__(self, look: Look, title: str, switch: ToggleSwitch | None = None) -> None:
        super().__init__(look)
        self.column = QVBoxLayout(self)
        panels.set_scaled_margins(look, self.column, (18, 14, 18, 16), 8)
        self.column.addLayout(_switch_row(look, title, switch, px=19))


def _switch_row(look: Look, title: str, switch: ToggleSwitch | None, *, px: int) -> QHBoxLayout:
    row = QHBoxLayout()
    panels.set_scaled_margins(look, row, spacing=12)
    row.addWidget(panels.Label(look, title, px=px, bold=True, wrap=True), 1)
    if switch is not None:
        switch.setAccessibleName(title)
        row.addWidget(switch, 0, Qt.AlignmentFlag.AlignTop)
    return row


class _AddressRow(QWidget):
    """What an address shows, the address itself, and a button that copies it."""

    def __init__(self, look: Look, what: str) -> None:
        super().__init__()
        self.address = panels.Label(look, px=16, wrap=True)
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = buttons.SecondaryButton(look, _("Copy", context="address"), height=40, px=15)
        self.button.setAccessibleDescription(what)
        texts = QVBoxLayout()
        panels.set_scaled_margins(look, texts, spacing=0)
        texts.addWidget(panels.Label(look, what, px=15, token="ink2", wrap=True))
        texts.addWidget(self.address)
        row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, spacing=10)
        row.addLayout(texts, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)


class WebPage(ManagerPage):
    """Web pages for the hall's customers: served from this PC or not, their address, and what phones may do."""

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(look, PageSpec(title=lambda: part_word(WEB), foot=0), parent)
        self._controller = controller
        self.serving = WebServingController(controller.context, self)
        self._setup: Setup | None = None
        self._may_change = self._is_away = False
        self.switch = ToggleSwitch(look)
        self.state, self.faults = (
            panels.Label(look, px=17, wrap=True),
            panels.Label(look, px=15, token="ink2", wrap=True),
        )
        self.error = ErrorLine(look)
        self.start_button = buttons.PrimaryButton(look, _("Start it now"), height=44, px=16)
        self.address = FormField(look, _("Web address", context="field"))
        self.save_button = buttons.PrimaryButton(look, _("Save the address"), height=44, px=16)
        self.suggested = [buttons.SecondaryButton(look, "", height=40, px=15) for _at in range(MOST_SUGGESTED)]
        self.rules = {key: ToggleSwitch(look) for key in ("web_postpone", "web_fetch")}
        self.pages = {
            "/": _AddressRow(look, _("For customers: waits, the best time, what to bring")),
            "/screen": _AddressRow(look, _("The same in large letters, for a screen")),
            "/display": _AddressRow(look, _("The hall's display in a browser; /display/ZONE for a zone")),
        }
        self.code = AddressQrCode(look)
        self.hall_acts = (self.save_button,)
        self._build_layout()
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_MS)
        self._looks.timeout.connect(self.serving.refresh)
        self.switch.clicked.connect(self._switch_serving)
        self.start_button.clicked.connect(self._start_serving)
        self.save_button.clicked.connect(self._save_address)
        self.address.edited.connect(self._show_web_state)
        for button in self.suggested:
            button.clicked.connect(partial(self._use_suggested_address, button))
        for key, switch in self.rules.items():
            switch.clicked.connect(partial(self._switch_rule, key))
        for path, row in self.pages.items():
            row.button.clicked.connect(partial(self._copy_page_address, path))
        self.serving.changed.connect(self._show_web_state)
        controller.busy_changed.connect(self.save_button.set_busy)

    def _build_layout(self) -> None:
        look = self._look
        served = _TitledCard(look, _("Serve web pages from this PC"), self.switch)
        for part in (self.state, self.faults, self.error):
            served.column.addWidget(part)
        served.column.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignLeft)
        where = _TitledCard(look, _("Address in the code on tickets"))
        fixed = _("It must stay the same: where it changes, the links on slips open nothing any more.")
        self.suggestion_line = panels.Label(look, _("Addresses of this PC:"), px=15, token="ink2", wrap=True)
        where.column.addWidget(panels.Label(look, fixed, px=15, token="ink2", wrap=True))
        where.column.addWidget(self.address)
        where.column.addWidget(self.suggestion_line)
        for button in self.suggested:
            where.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        where.column.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignLeft)
        may = _TitledCard(look, _("On the customer's phone"))
        for key, switch in self.rules.items():
            rule = HALL_RULES[key]
            may.column.addLayout(_switch_row(look, wording_in_current_language(rule.title), switch, px=16))
            may.column.addWidget(
                panels.Label(look, wording_in_current_language(Wording(rule.hint)), px=15, token="ink2", wrap=True)
            )
        self.pages_card = _TitledCard(look, _("Open in a browser"))
        for row in self.pages.values():
            self.pages_card.column.addWidget(row)
        trying = panels.Label(
            look, _("To try it, scan this with a phone in the hall's Wi-Fi:"), px=15, token="ink2", wrap=True
        )
        self.pages_card.column.addWidget(trying)
        self.pages_card.column.addWidget(self.code, 0, Qt.AlignmentFlag.AlignHCenter)
        limits = _(
            "Without internet the pages go through the hall's Wi-Fi, unencrypted. A locked phone can't be told; the display and the voice call as before."
        )
        inner = QWidget()
        column = QVBoxLayout(inner)
        panels.set_scaled_margins(look, column, (PAGE, 0, PAGE, 20), 14)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._sides, spacing=14)
        for cards in ((served, where), (may, self.pages_card)):
            side = QVBoxLayout()
            panels.set_scaled_margins(look, side, spacing=14)
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
            self._sides.addLayout(side, 1)
        column.addLayout(self._sides)
        column.addWidget(panels.Label(look, limits, px=15, token="ink2", wrap=True))
        column.addStretch(1)
        self.add_part(panels.VerticalScrollArea(inner, keys=True), 1, inset=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(BESIDE_FROM), self._sides)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._looks.start()
        self.serving.refresh()
        self.serving.find_out_if_autostart_is_on()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looks.stop()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def state_to_restore(self) -> str | None:
        """Return the address as it is typed, None while pages are being started or ended."""
        return None if self.serving.under_way else self.address.value()

    def restore_state(self, left: str) -> None:
        self.address.set_value(left)
        self._show_web_state()

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        """Follow the hall; an address that is being typed stays."""
        if self._setup is None or self.address.value() == self._setup.hall.web_address:
            self.address.set_value(setup.hall.web_address)
        self._setup, self._may_change = setup, may_change
        self.serving.refresh()
        self._show_web_state()

    def set_hall_away(self, away: bool) -> None:
        """Let the rules only be looked at while the hall is away."""
        self._is_away = away
        self._show_web_state()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Show at the address why nothing was saved; None removes it."""
        self.address.set_error(error_sentence(trouble) if trouble is not None else "")
        self._show_web_state()

    def _show_web_state(self, _typed: str = "") -> None:
        setup = self._setup
        if setup is None:
            return
        saved, does, may = setup.hall.web_address, self.serving, self._may_change
        row, hindrance = does.own_row, listening_address_or_reason(saved, does.own_addresses)[1]
        is_on = row is not None or bool(does.starts)
        self.switch.setChecked(does.under_way == "start" or (is_on and does.under_way != "stop"))
        self.switch.setEnabled(may and does.can_serve_pages and not does.under_way and (is_on or not hindrance))
        self.start_button.setVisible(may and does.can_serve_pages and bool(does.starts) and row is None)
        self.start_button.set_busy(bool(does.under_way))
        self.start_button.setEnabled(not hindrance)
        self.state.setText(self._serving_text())
        faults = int(row["faults"]) if row is not None else 0
        last = {"fault": row["fault"]} if row is not None and faults else {"fault": ""}
        self.faults.setText(n_("{n} fault so far: {fault}", "{n} faults so far; the last: {fault}", faults, **last))
        self.faults.setVisible(faults > 0)
        self._show_problem(saved, hindrance)
        self._show_address(saved)
        for key, switch in self.rules.items():
            switch.setChecked(setup.is_rule_on(key))
            switch.setEnabled(may and not self._is_away)
        self.pages_card.setVisible(bool(saved))
        for path, one in self.pages.items():
            one.address.setText(_page_address(saved, path))
        self.code.set_text(_page_address(saved, "/").upper() if saved else "")

    def _show_problem(self, saved: str, hindrance: str) -> None:
        """Show why nothing can be served, was not served, or phones do not find it; without an address it is a hint."""
        does, text = self.serving, self.serving.failure
        row = does.own_row
        if not text and row is not None and saved:
            text = _address_mismatch_text(saved, row["address"])
        elif not text and self._may_change and does.can_serve_pages and does.found is not None and row is None:
            text = hindrance
        self.error.show_message(text, refused=bool(text and saved))
        self.error.setVisible(bool(text))

    def _show_address(self, saved: str) -> None:
        may, edit = self._may_change, self.address.edit
        if isinstance(edit, QLineEdit):
            edit.setReadOnly(not may)
        self.save_button.setVisible(may)
        self.save_button.setEnabled(self.address.value().strip() != saved)
        own = self.serving.own_addresses if may else ()
        for at, button in enumerate(self.suggested):
            text = f"http://{format_address(own[at], PORT)}" if at < len(own) else ""
            button.setText(text)
            button.setVisible(text not in ("", saved))
        self.suggestion_line.setVisible(any(not button.isHidden() for button in self.suggested))

    def _serving_text(self) -> str:
        does = self.serving
        row = does.own_row
        if does.under_way == "start":
            return _("Starting …", context="web")
        if does.under_way == "stop":
            return _("Ending …", context="web")
        if row is not None:
            since = time_or_short_moment_text(row["since"], does.context.clock())
            served = _("Served at {address} since {time}.", address=row["address"], time=since)
            looking = n_("{n} page is open now.", "{n} pages are open now.", int(row["looking"]))
            return f"{served}\n{looking}"
        if does.other_addresses:
            return _("Another PC serves them: {addresses}", addresses=", ".join(does.other_addresses))
        if does.starts:
            return _("It starts with this PC, but does not run now.")
        if not does.can_serve_pages:
            return _("It can't be started from here; please use the command queuedesk web.")
        return _("Nothing is served now. Switched on, it starts with this PC.")

    # -- acts --------------------------------------------------------------------------------------------------------

    def _switch_serving(self) -> None:
        if self.switch.isChecked():
            self._start_serving()
        else:
            self.serving.stop_serving_and_autostart()

    def _start_serving(self) -> None:
        listen, _why = listening_address_or_reason(self._controller.setup.hall.web_address, self.serving.own_addresses)
        if listen:
            self.serving.start_serving(listen)

    def _use_suggested_address(self, button: buttons.SecondaryButton) -> None:
        self.address.set_value(button.text())
        self.show_trouble(None)

    def _save_address(self) -> None:
        self.show_trouble(None)
        save_web_address(self._controller, self.address.value().strip(), self._say_address_saved)

    def _switch_rule(self, key: str) -> None:
        switch_rule(self._controller, key, self.rules[key].isChecked(), lambda _done: self._show_web_state())

    def _say_address_saved(self, _done: object) -> None:
        self.said.emit(_("Saved; it is in the code from the next ticket"), "check")

    def _copy_page_address(self, path: str) -> None:
        address = self.pages[path].address.text()
        QGuiApplication.clipboard().setText(address)
        self.said.emit(_("Copied: {address}", address=address), "check")


def _address_mismatch_text(saved: str, served: str) -> str:
    """Return what is wrong where pages are served at one of this PC's addresses and the code has another; "" where
    they fit, or a name or proxy may lead there."""
    (host, port), (own_host, own_port) = (
        (parts.hostname or "", parts.port or USUAL_PORT) for parts in map(urlsplit, (saved, served))
    )
    try:
        is_other = not ipaddress.ip_address(own_host).is_unspecified and ipaddress.ip_address(own_host) != (
            ipaddress.ip_address(host)
        )
    except ValueError:
        return ""
    if is_other or port != own_port:
        return _("The code has another address than is served: switch it off and on again.")
    return ""


def _page_address(address: str, path: str) -> str:
    return f"{address.rstrip('/')}{path}"


# -- visits saved -----------------------------------------------------------------------------------------------------


def _ask_and_import_progress_file(page: records.RecordPage[Document], _row: object) -> None:
    ask_file(page.window(), _("Which file?"), TABLES, partial(page.controller.do_record_act, IMPORT, None))


IMPORT = records.RecordAct[Document](
    text=lambda: _("Import states …"),
    tip=lambda: _("A table from the back office, with the columns reference, state, since, note, state_en, note_en."),
    verb="web-progress",
    icon="document",
    call=verbs.import_case_progress,
    asks=_ask_and_import_progress_file,
    stands_alone=True,
    is_main=True,
    said=lambda told, _row: n_("{n} case imported.", "{n} cases imported.", told["rows"]),
)


def _count_column(title: str, key: str) -> row_tables.TableColumn[Document]:
    return row_tables.TableColumn(title=title, text=lambda row: str(row[key]), is_right=True, bold=key == "all")


CASES = records.RecordPageSpec[Document](
    title=lambda: _("Reports", context="page"),
    line=lambda: _("Visits saved: who asked how far a case is, was answered, and took no ticket"),
    name=lambda: _("Visits saved"),
    icon="search",
    read=verbs.recent_enquiry_counts,
    key=lambda row: row["date"],
    empty=lambda: (
        _("Nobody has asked about a case so far"),
        _("Import the states of cases; then phones, kiosk and front desk answer by reference."),
    ),
    columns=lambda _context: [
        row_tables.TableColumn(title=_("Date", context="column"), text=lambda row: date_short(row["date"]), grows=True),
        _count_column(_("Phone", context="enquiry"), PHONE),
        _count_column(_("Kiosk", context="enquiry"), KIOSK),
        _count_column(_("Front desk", context="enquiry"), FRONT_DESK),
        _count_column(_("In all", context="enquiry"), "all"),
    ],
    acts=[IMPORT],
)


# -- the front desk ----------------------------------------------------------------------------------------------------


class CaseEnquiryController(QObject):
    """Reads how far cases are, and counts visits saved. `told` carries a case's state, `refused` why there is none,
    `counted` follows a count."""

    told = Signal(dict)
    refused = Signal(object)
    counted = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.has_cases = self._is_busy = False
        context.feed.changed.connect(self._follow_events)
        self._check_for_case_progress()

    def _follow_events(self, events: list[Event]) -> None:
        if any(event.kind == IMPORTED for event in events):
            self._check_for_case_progress()

    def _check_for_case_progress(self) -> None:
        """See in the background whether the back office has said anything."""
        read = partial(verbs.has_progress, self.context.desk)
        self.context.tasks.run_in_side_lane(read, self._store_has_cases, _ignore_answer, may_drop=True)

    def _store_has_cases(self, has: bool) -> None:
        self.has_cases = has

    def start_reading_case_progress(self, reference: str) -> None:
        if not self._is_busy:
            self._is_busy = True
            read = partial(verbs.case_progress_document, self.context.desk, reference, current_language())
            self.context.tasks.run_in_side_lane(read, self._emit_told_answer, self._on_refused)

    def _emit_told_answer(self, found: Document) -> None:
        self._is_busy = False
        self.told.emit(found)

    def _on_refused(self, trouble: QueueDeskError) -> None:
        self._is_busy = False
        self.refused.emit(trouble)

    def count_avoided_visit(self) -> None:
        record = partial(verbs.record_case_enquiry, self.context.desk, self.context.new_ask(), FRONT_DESK)
        self.context.tasks.run(record, lambda _told: self.counted.emit(), _ignore_answer)


def _ignore_answer(_answer: object) -> None:
    """Whether there are cases is seen with the next import; a count that failed is not worth a message."""


class FrontDeskCaseEnquiryPart(QObject):
    """What the front desk's view has of cases: a question in the menu, where the back office has said anything."""

    card = None

    def __init__(self, view: GuideView) -> None:
        super().__init__(view)
        self._view, self.controller = view, CaseEnquiryController(view.context, self)
        self.controller.counted.connect(self._announce_visit_counted)

    @property
    def is_offered(self) -> bool:
        return self.controller.has_cases

    def _announce_visit_counted(self) -> None:
        self._view.acts.say_in_toast(_("Counted: answered without a ticket"))

    def open_stage(self) -> None:
        FrontDeskCaseEnquiryDialog(self._view, self._view.context.look, self.controller).open_dialog()

    def refresh(self) -> None: ...

    def is_own_stage(self, stage: QWidget | None) -> bool:
        return False

    def set_hall_away(self, away: bool) -> None: ...


class FrontDeskCaseEnquiryDialog(Dialog):
    """Asks for a reference and says how far the case is. Who was answered and needs no ticket is counted as a visit
    saved when the question closes."""

    def __init__(self, host: QWidget, look: Look, controller: CaseEnquiryController) -> None:
        super().__init__(host, look, title=_("How far is the case?"), width=880)
        self._controller, self._is_answered = controller, False
        self.reference = FormField(
            self.look, _("Reference", context="case"), hint=_("as on the receipt: typed, or its code at the scanner")
        )
        self.body.addWidget(self.reference)
        self.state = Label(self.look, px=26, bold=True, wrap=True)
        self.more = Label(self.look, px=17, token="ink2", wrap=True)
        self.trouble = ErrorLine(self.look)
        for line in (self.state, self.more, self.trouble):
            line.hide()
            self.body.addWidget(line)
        self.keys = FieldKeyboard(self.look, self.reference)
        self.body.addWidget(self.keys)
        edit = self.reference.edit
        assert isinstance(edit, QLineEdit)
        edit.textChanged.connect(self._update_button)
        self.ticket_button = SecondaryButton(self.look, _("A ticket is needed"), icon="ticket", height=56, px=18)
        self.ticket_button.clicked.connect(self.close_dialog)
        self.ticket_button.hide()
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button = PrimaryButton(self.look, "", height=56, px=18)
        self.yes_button.clicked.connect(self._ask_about_typed_case)
        for button in (self.ticket_button, self.no_button, self.yes_button):
            self.buttons.addWidget(button)
        controller.told.connect(self._show_case_state)
        controller.refused.connect(self._show_trouble)
        self.refused.connect(self._count_avoided_visit)
        self._update_button()

    def first_focus_widget(self) -> QWidget:
        return self.reference.edit

    def _update_button(self) -> None:
        for told in (self.state, self.more, self.trouble):
            told.hide()  # it is about another reference
        if self.reference.value().strip():
            self.yes_button.enable_with_label(_("Show", context="web"))
        else:
            self.yes_button.disable_with_reason(_("Enter the reference"))

    def _ask_about_typed_case(self) -> None:
        if reference := self.reference.value().strip():
            self._controller.start_reading_case_progress(reference)

    @Slot(dict)
    def _show_case_state(self, found: dict[str, str]) -> None:
        self._is_answered = True
        since = _("since {date}", date=found["since"], context="web") if found["since"] else ""
        self.state.setText(found["state"])
        self.more.setText(" · ".join(part for part in (found["reference"], since, found["note"]) if part))
        self.trouble.hide()
        for shown in (self.state, self.more, self.ticket_button):
            shown.show()
        self._fit_to_host()

    @Slot(object)
    def _show_trouble(self, trouble: QueueDeskError) -> None:
        self.state.hide()
        self.more.hide()
        self.trouble.show_refusal(error_sentence(trouble))
        self._fit_to_host()

    @Slot()
    def _count_avoided_visit(self) -> None:
        if self._is_answered:
            self._controller.count_avoided_visit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._ask_about_typed_case()
        else:
            super().keyPressEvent(event)
