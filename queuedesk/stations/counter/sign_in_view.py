"""Signing in at the counter: the window, the name, the PIN if one is set."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import load, used
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import WindowState
from queuedesk.i18n import _, named, names, role, say, window_state
from queuedesk.stations.counter.signing_in import SigningIn
from queuedesk.stations.signing_in.view import GAP, PersonTile, PinPad, arrange, columns_for
from queuedesk.stations.widgets.buttons import PaintedButton, TextButton
from queuedesk.stations.widgets.cards import WindowCard, WindowText
from queuedesk.stations.widgets.panels import GroundArea, Label, Panel, spread
from queuedesk.stations.widgets.questions.dialogs import REPEATS, ErrorLine
from queuedesk.stations.window.context import SHORTEST_PIN, StationContext
from queuedesk.stations.window.style import XXL, Look, Scale

WINDOWS_IN_ROW, SIDE_PX = 4, 44
PAD_TOP_PX, PAD_PX = 175, 450  # what stands over the pad, and the pad, as drawn
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SignInStage(Panel):
    """Asks for window, name and PIN, one after the other; everything works with digits, Enter, Esc and Tab."""

    def __init__(self, context: StationContext, controller: SigningIn, parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, parent=parent)
        self._context, self._controller = context, controller
        self._trouble: QueueDeskError | None = None
        self._note = ""
        self.title = Label(look, px=XXL, bold=True)
        self.line = ErrorLine(look)
        self.back = TextButton(look, icon="arrow-left", height=44)
        self.back.clicked.connect(self._back)
        self.windows: dict[str, WindowCard] = {}
        self.names: dict[str, PersonTile] = {}
        # The pad is as large as the window allows: with large text its last row would be cut off.
        self._pad_look = Look(look.theme, look.scale, self)
        self.pad = PinPad(self._pad_look)
        self.pad.enter.clicked.connect(self._prove)
        self.pad.back.clicked.connect(self._back)
        self._choices = QWidget()
        # A PIN may have the same digit twice, on the number pad too.
        self.setProperty(REPEATS, True)
        self._grid = QGridLayout(self._choices)
        spread(look, self._grid, (4, 4, 4, 4), GAP)
        self._scroll = GroundArea(self._choices)
        narrow = QWidget()
        beside = QHBoxLayout(narrow)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.pad, 2)
        beside.addStretch(3)
        self._stack = QStackedLayout()
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.back)
        column = QVBoxLayout(self)
        spread(look, column, (SIDE_PX, 40, SIDE_PX, 32), 12)
        column.addLayout(head)
        column.addWidget(self.line)
        column.addLayout(self._stack, 1)
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(narrow)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look.changed.connect(self._fit_pad)
        controller.changed.connect(self.show_step)
        controller.refused.connect(self._refuse)
        controller.checks_wanted.connect(self._ask_checks)
        controller.busy_changed.connect(self._choices.setDisabled)
        controller.busy_changed.connect(self.pad.enter.set_busy)
        context.feed.changed.connect(self._follow)
        self._list()
        self._say()

    def note(self, sentence: str) -> None:
        """Show why the question is asked again."""
        self._note = sentence
        self._say()

    def show_step(self) -> None:
        """Show the controller's current question."""
        self._trouble = None
        self.pad.clear()
        self._list()
        self._stack.setCurrentIndex(1 if self._controller.step == "pin" else 0)
        if self.isVisible():
            self.setFocus()
        self._say()

    def trouble(self) -> str:
        """Return the refusal shown, "" if none."""
        return say(self._trouble) if self._trouble else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means at this step, wherever the focus is; return whether it meant anything."""
        step, text = self._controller.step, event.text()
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        elif step == "pin" and len(text) == 1 and text in "0123456789":
            self.pad.give(text)
        elif step == "pin" and event.key() == Qt.Key.Key_Backspace:
            self.pad.take_back()
        elif step == "pin" and event.key() in _ENTER and not event.isAutoRepeat():
            self.pad.enter.click()
        elif step == "window" and text in self.windows:
            self.windows[text].click()
        elif step == "name" and text.isdecimal() and 0 < int(text) <= len(self.names):
            list(self.names.values())[int(text) - 1].click()
        elif event.key() in _ENTER and not event.isAutoRepeat() and len(self._tiles()) == 1:
            self._tiles()[0].click()
        else:
            return False
        return True

    def _tiles(self) -> list[PaintedButton]:
        return [*self.windows.values(), *self.names.values()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_pad()
        self._arrange()

    def _fit_pad(self) -> None:
        room = self.height() - self.look.px(PAD_TOP_PX)
        self._pad_look.set_theme(self.look.theme)
        self._pad_look.set_scale(Scale(max(0.7, min(self.look.scale.k, room / PAD_PX))))

    # -- what is shown --
    def _list(self) -> None:
        for tile in self._tiles():
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.windows, self.names = {}, {}
        step = self._controller.step
        if step == "window":
            self._list_windows()
        elif step == "name":
            self._list_names()
        self._arrange()

    def _arrange(self) -> None:
        width = self.width() - 2 * self.look.gap(SIDE_PX)
        names = [tile.text() for tile in self.names.values()]
        arrange(self._grid, self._tiles(), columns_for(self.look, names, width) if names else WINDOWS_IN_ROW)

    def _list_windows(self) -> None:
        setup = set_up(self._context.feed.state)
        for window in self._controller.windows():
            is_open = window.state is not WindowState.CLOSED
            spec = setup.windows[window.code]
            card = WindowCard(
                self.look,
                WindowText(
                    number=names.window_name(window.code),
                    staff=names.staff_name(setup, window.staff) if is_open else "",
                    ticket=" ".join(setup.services[s].prefix for s in spec.services if s in setup.services),
                    state=str(window.state),
                    word=window_state(str(window.state)),
                    time=named(spec.zone, spec.zone_en),
                ),
            )
            card.setObjectName(window.code)
            card.clicked.connect(self._window_chosen)
            self.windows[window.code] = card

    def _list_names(self) -> None:
        for place, name in enumerate(self._controller.names(), start=1):
            tile = PersonTile(self.look)
            told = role(str(name.person.role))
            if name.window is not None:
                told = _("at window {window}", window=name.window)
            full = named(name.person.name, name.person.name_en)
            tile.set_person(full, told)
            tile.setEnabled(name.window in (None, self._controller.window))
            tile.setObjectName(name.person.code)
            tile.clicked.connect(self._name_chosen)
            tile.set_key(str(place) if place <= 9 else "")
            tile.setToolTip(_("Key {key}", key=place) if place <= 9 else "")
            self.names[name.person.code] = tile

    def _say(self) -> None:
        step, setup = self._controller.step, set_up(self._context.feed.state)
        window = self._controller.window
        self.back.setText(_("Another window"))
        self.back.setVisible(step == "name")
        if step == "window":
            self.title.setText(_("Which window is this?"))
            hint = _("Touch it, or type its number.")
        elif step == "name":
            going_on = self._controller.sitting() is not None
            self.title.setText(_("Who is at window {window}?", window=window))
            hint = (
                _("This window is already open. Touch the name or press Enter to carry on.")
                if going_on
                else _("Touch your name, or type its number in the list, to open the window.")
            )
        else:
            self.title.setText(_("{name}, your PIN", name=names.staff_name(setup, self._controller.staff)))
            hint = _("4 to 12 digits")
        trouble = self.trouble()
        self.line.say(trouble or self._note or hint, refused=bool(trouble))

    # -- what is pressed --
    def _window_chosen(self) -> None:
        self._note = ""
        self._controller.choose_window(self.sender().objectName())

    def _name_chosen(self) -> None:
        self._note, self._trouble = "", None
        self._controller.choose_name(self.sender().objectName())

    def _prove(self) -> None:
        if len(self.pad.pin) >= SHORTEST_PIN:
            self._controller.give_pin(self.pad.pin)

    def _back(self) -> None:
        if self._controller.step != "window":
            self._controller.back()

    def _ask_checks(self, who: Actor) -> None:
        """Let the person check the equipment first, or say why not."""

        def go(reason: str) -> None:
            self._controller.open_as(who, reason or None)

        for one in used(self._context.feed.setup.hall):
            if one.before_opening:
                ask = load(one.before_opening)
                ask(self, self._context, who, window=self._controller.window, go=go, stay=self._controller.changed.emit)

    def _refuse(self, trouble: QueueDeskError) -> None:
        self._trouble = trouble
        self.pad.clear()
        self._say()

    def _follow(self, events: list[object]) -> None:
        kinds = {getattr(event, "kind", "") for event in events}
        if (
            self._controller.active
            and kinds & {"open", "close", "pause", "resume", "set-up"}
            and not self._controller.busy
        ):
            self._list()
            self._say()
