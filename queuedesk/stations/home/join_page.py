"""The page that joins a hall of another PC: address, code, and whether it worked."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.sharing import CODE_LENGTH, CODE_LETTERS, PcKind, shown_code, typed_code
from queuedesk.i18n import _, n_, time_hm
from queuedesk.stations.home.controller import HomeController, JoinController
from queuedesk.stations.home.page import HomePage, this_pc_item
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, FixedSize, GroundArea, NumberedSteps, Panel, spread
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.main_pc import main_pc
from queuedesk.stations.window.style import Look

# -- words ---------------------------------------------------------------------------------------------------------


def main_pc_text(place: object) -> str:
    """Return which main PC this PC works with, "" if it works alone."""
    address = main_pc(place)
    if address is None:
        return ""
    if not address:
        return _("This PC is the hall's main PC: leave it switched on while the hall is open.")
    return _("This PC works with the hall's main PC, {address}.", address=address)


def let_in_text(kind: PcKind | None) -> str:
    """Return why a PC that joined as `kind` can't open every station, "" if it can."""
    if kind is PcKind.PUBLIC:
        return _("It joined as a public screen: staff stations open on a staff PC.")
    if kind is PcKind.STAFF:
        return _("It joined as a staff PC: the duty manager's station opens on a manager's PC.")
    return ""


def place_text(place: object) -> str:
    """Return briefly where the hall's data is."""
    address = main_pc(place)
    if address is None:
        return _("on this PC alone")
    return _("main PC: {address}", address=address) if address else _("this PC is the main PC")


def code_problem(text: str) -> str:
    """Return what is wrong with the code typed so far, "" for nothing."""
    code = typed_code(text)
    strange = next((letter for letter in code if letter not in CODE_LETTERS), "")
    if strange:
        return _("Codes never contain {letter}; please check again.", letter=strange)
    return _("A code has {n} letters and digits.", n=CODE_LENGTH) if len(code) > CODE_LENGTH else ""


def missing_text(address: str, code: str, *, has_joined: bool) -> str:
    """Return what is still to be typed, "" if nothing: a PC that has joined finds the same main PC at a new address
    without a code."""
    if not address.strip():
        return _("Still to fill in: the address")
    if has_joined and not typed_code(code):
        return ""
    left = CODE_LENGTH - len(typed_code(code))
    return n_("{n} more letter of the code", "{n} more letters of the code", left) if left > 0 else ""


def steps_text() -> list[str]:
    """Return how to get the address and a code."""
    return [
        _("Open “{station}” on one of the hall's manager PCs.", station=_("Duty manager")),
        _("Choose “{page}”, then “{part}”.", page=_("Set-up"), part=_("Several PCs", context="set-up")),
        _("Press “{button}”.", button=_("Make a join code")),
        _("Type the address and the code here within ten minutes."),
    ]


SIDE_PX, FIELD_PX, NARROW_PX, LOW_PX, FLAT_PX = 420, 26, 1000, 620, 480
MARGIN, LOW_MARGIN = 28, 12
OF_THE_CODE = ("bad_code", "code_spent", "not_a_code")


class LargeField(FormField):
    """A field for text that is read from paper or another screen."""

    def relook(self) -> None:
        super().relook()
        self.edit.setFont(self.look.font(FIELD_PX, bold=True))


class JoinPage(HomePage):
    """`left` when the person goes back without joining; when this PC has joined, the controller says so."""

    left = Signal()

    def __init__(
        self, look: Look, controller: HomeController, joining: JoinController, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, controller, parent)
        self.joining = joining
        self.bar = TopBar(look, height=64, margin=48)
        self.bar.set_more_name(_("More"))
        self.bar.menu_wanted.connect(self.menu_wanted)
        self._title, self._second = Label(look, px=36, bold=True), Label(look, px=18, token="ink2", wrap=True)
        self._title.setText(_("Join a hall"))
        self._second.setText(_("This PC then works in a hall that runs on another PC, and keeps no data of its own."))
        self.address, self.code = LargeField(look, ""), LargeField(look, "")
        self.address.set_label(_("Address of the main PC"))
        self.address.set_hint(_("As shown there, such as 192.168.1.5"))
        self.code.set_label(_("Join code"))
        self.name = FormField(look, _("Name of this PC"))
        self.name.set_hint(_("The manager's list shows this name"))
        self.name.set_value(joining.name)
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc", height=52, px=17)
        self.leave_button = TextButton(look, _("Leave the shared hall"), height=52, px=17)
        self.join_button = PrimaryButton(look, trailing="arrow-right", height=60, px=21)
        self._build()
        self.address.edited.connect(self._typed)
        self.code.edited.connect(self._typed_code)
        self.name.edited.connect(self._typed)
        self.back_button.clicked.connect(self.left)
        self.leave_button.clicked.connect(self.ask_leaving)
        self.join_button.clicked.connect(self.join)
        joining.refused.connect(self._refused)
        joining.busy_changed.connect(self.join_button.set_busy)
        # After the layouts have taken their own margins anew.
        look.changed.connect(self._fit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.address.edit)
        self.bar.set_place(_("QueueDesk"))
        hint = _("Leave it empty if only the address of this hall's main PC has changed.")
        self.code.set_hint(hint if self._has_joined else _("Small letters and spaces are fine."))
        self._where_title.setText(_("Where do I find the address and the code?"))
        self.steps.set_steps(steps_text())
        self.leave_button.setVisible(self._has_joined)
        self._show_missing()

    def _build(self) -> None:
        look, stage = self.look, Panel(self.look)
        inner = QWidget()
        fields = QVBoxLayout(inner)
        spread(look, fields, (0, 0, 12, 0), 10)
        for field in (self.address, self.code, self.name):
            fields.addWidget(field)
        fields.addStretch(1)
        middle = self._middle = QHBoxLayout()
        spread(look, middle, (0, 18, 0, 0), 48)
        middle.addWidget(GroundArea(inner), 1)
        middle.addWidget(self._side())
        acts = QHBoxLayout()
        spread(look, acts, (0, 8, 0, 0), 12)
        acts.addWidget(self.back_button)
        acts.addWidget(self.leave_button)
        acts.addStretch(1)
        acts.addWidget(self.join_button)
        inside = self._inside = QVBoxLayout(stage)
        spread(look, inside, (48, MARGIN, 48, MARGIN), 6)
        inside.addWidget(self._title)
        inside.addWidget(self._second)
        inside.addLayout(middle, 1)
        inside.addWidget(self.refusal)
        inside.addLayout(acts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(stage, 1)

    def _side(self) -> QWidget:
        """Return the card that says how address and code are had."""
        look = self.look
        side = self._where = QWidget()
        FixedSize(look, side, width=SIDE_PX)
        around = QVBoxLayout(side)
        spread(look, around)
        card = Card(look)
        self._where_title = Label(look, px=20, bold=True, wrap=True)
        self.steps = NumberedSteps(look)
        column = QVBoxLayout(card)
        spread(look, column, (20, 16, 20, 16), 12)
        column.addWidget(self._where_title)
        column.addWidget(self.steps)
        around.addWidget(card)
        around.addStretch(1)
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out what can be done without where address and code need the room."""
        look, high = self.look, self.height()
        self._where.setVisible(self.width() >= look.px(NARROW_PX))
        self._second.setVisible(high >= look.px(LOW_PX))
        self._title.setVisible(high >= look.px(FLAT_PX))
        margin, side = look.gap(MARGIN if high >= look.px(LOW_PX) else LOW_MARGIN), look.gap(48)
        self._inside.setContentsMargins(side, margin, side, margin)
        self._middle.setContentsMargins(0, 0 if self._title.isHidden() else look.gap(18), 0, 0)

    # -- texts -------------------------------------------------------------------------------------------------------

    def place_words(self) -> str:
        return _("Join a hall")

    def tick(self, now: datetime) -> None:
        self.bar.set_items([this_pc_item(None)])
        self.bar.set_clock(time_hm(now.astimezone()))

    @property
    def _has_joined(self) -> bool:
        return bool(main_pc(self.controller.place))

    def _show_missing(self) -> None:
        problem = code_problem(self.code.value())
        self.code.set_error(problem)
        missing = missing_text(self.address.value(), self.code.value(), has_joined=self._has_joined)
        if problem:
            self.join_button.block(_("Fix the code first"))
        elif missing:
            self.join_button.block(missing)
        else:
            self.join_button.allow(_("Join this hall") if self.code.value() else _("Connect to this address"))

    # -- typing ------------------------------------------------------------------------------------------------------

    def _typed(self, _text: str) -> None:
        self.show_trouble(None)
        self._show_missing()

    def _typed_code(self, text: str) -> None:
        """Show the code in its groups while it is typed on; who goes back into it is not disturbed."""
        edit, code = self.code.edit, typed_code(text)
        assert isinstance(edit, QLineEdit)
        if edit.cursorPosition() == len(text) and CODE_LENGTH // 2 < len(code) <= CODE_LENGTH:
            edit.setText(shown_code(code.ljust(CODE_LENGTH)).rstrip())
        elif edit.cursorPosition() == len(text):
            edit.setText(code)
        self._typed(text)

    def join(self) -> None:
        """Ask the main PC to let this PC in."""
        if self.join_button.isEnabled() and not self.join_button.is_busy():
            self.show_trouble(None)
            self.joining.join(self.address.value(), self.code.value(), self.name.value())

    def _refused(self, trouble: QueueDeskError) -> None:
        """Say why, and let a code that was not taken be typed anew at once."""
        self.show_trouble(trouble)
        if trouble.code in OF_THE_CODE:
            edit = self.code.edit
            assert isinstance(edit, QLineEdit)
            edit.setFocus()
            edit.selectAll()

    def ask_leaving(self) -> None:
        """Ask whether this PC is to leave the hall that it has joined."""
        question = ConfirmDialog(
            self,
            self.look,
            title=_("Leave the shared hall?"),
            effect=_("This PC will work alone again. To come back, it needs a new join code."),
            safe=_("Stay in the hall"),
            act=_("Leave it", context="hall"),
        )
        question.done.connect(self.joining.leave)
        question.open_dialog()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.join()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        super().stop()
        self.joining.refused.disconnect(self._refused)
        self.joining.busy_changed.disconnect(self.join_button.set_busy)
