"""Several PCs: what sharing means, the join code, the list of PCs and their withdrawal; and its controller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import import_reference, references_of_command_additions
from queuedesk.core.network import sharing as hall_sharing
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, error_sentence
from queuedesk.i18n.network import pc_kind_word, pc_state_word, program_version_words
from queuedesk.stations.manager.network import words
from queuedesk.stations.manager.network.words import STATES, code_time_left_text, pc_kind_hint, pc_state_since_text
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.setup_frame.draft import PCS, part_word
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton, StatePill
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.paint import FollowsLook, Painter, largest_fitting_px
from queuedesk.stations.widgets.questions.dialogs import ErrorLine, ask_and_do_if_confirmed
from queuedesk.stations.window.context import Answer, HallSharing, StationContext
from queuedesk.stations.window.style import PAGE, Look

ASK_MS = 250
OVER, USED = "over", "used"
"""Why a code is no longer shown: its time has passed, or a PC has used it up."""


class _SharingData(Struct, frozen=True):
    """What was read at once: how the hall stands, its PCs, and whether the code that was shown then is still good."""

    status: hall_sharing.SharingStatus
    pcs: tuple[hall_sharing.SharedPc, ...] | None  # None where the server does not answer: which there were stays
    code: hall_sharing.JoinCode | None
    is_open: bool


class SharingController(PageController[_SharingData]):
    """`changed`: what is known is different; `shared`: the hall is shared now; `refused`: trouble and its subject;
    `ended`: why the last code is no longer shown."""

    shared = Signal()

    def __init__(self, context: StationContext, *, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.status: hall_sharing.SharingStatus | None = None
        self.pcs: Sequence[hall_sharing.SharedPc] = ()
        self.code: hall_sharing.JoinCode | None = None
        self.ended = ""
        self.newest: hall_sharing.SharedPc | None = None
        self.has_moved = False
        self._answer: Answer | None = None
        self._asks = panels.repeating_timer(self, ASK_MS, self._check_for_answer)

    @staticmethod
    def is_offered(context: StationContext) -> bool:
        return context.services.sharing is not None

    @property
    def _sharing(self) -> HallSharing:
        sharing = self.context.services.sharing
        assert sharing is not None  # else the page is not offered
        return sharing

    @property
    def may_share(self) -> bool:
        return self.may_use_verb("share")

    @property
    def is_sharing_in_progress(self) -> bool:
        return self._answer is not None

    def _read_function(self) -> Callable[[], _SharingData]:
        sharing, code = self._sharing, self.code

        def read_sharing_data() -> _SharingData:
            status = sharing.sharing_status()
            if not status.is_shared:
                return _SharingData(status, (), code, is_open=True)
            try:
                return _SharingData(
                    status, tuple(sharing.pcs_of_hall()), code, code is None or sharing.is_join_code_open()
                )
            except QueueDeskError:
                # The page's banner says when the hall's data is away; how it is shared is known all the same.
                return _SharingData(status, None, code, is_open=True)

        return read_sharing_data

    def _store_found(self, read: _SharingData) -> None:
        known = {pc.role for pc in self.pcs}
        before = (self.status, self.pcs)
        self.status = read.status
        if read.pcs is not None:
            self.pcs = read.pcs
        if self.newest is not None and any(pc.withdrawn for pc in self.pcs if pc.role == self.newest.role):
            self.newest, self.ended = None, ""
        if not read.is_open and read.code is self.code:
            self.newest = next((pc for pc in self.pcs if pc.role not in known), None)
            self._clear_code_with_reason(USED)
        elif before != (self.status, self.pcs):
            self.changed.emit()

    # -- sharing -----------------------------------------------------------------------------------------------------

    def share_hall(self, server: str | None = None) -> None:
        """Let other PCs into this hall from now on, on the server of an owner's address or this PC's own; `shared` or
        `refused` follows."""
        if self.busy or self.is_sharing_in_progress:
            return
        share, ask = self._sharing.start_sharing, self.context.new_ask()
        # Not a command of the hall: where sharing has stopped its server answers none, and this is what starts it
        # again.
        self.start_unless_busy("share", lambda: share(ask, server), self._keep_answer_and_poll, is_long=True)

    def stop_sharing(self) -> None:
        """Keep all PCs out of this hall until it is shared again; `changed` or `refused` follows."""
        stop, ask = self._sharing.stop, self.context.new_ask()
        # Not a command of the hall, which is away once it is done.
        self.start_unless_busy("stop", lambda: stop(ask), lambda _done: self.refresh(anew=True), is_long=True)

    def _keep_answer_and_poll(self, answer: Answer) -> None:
        self._answer = answer
        self._asks.start()
        self.changed.emit()

    def _check_for_answer(self) -> None:
        if self._answer is None:
            return
        try:
            done = self._answer()
        except QueueDeskError as trouble:
            self._stop_polling_and_refresh()
            self.refused.emit("share", trouble)
            return
        if done is not None:
            # A hall that was a file goes on elsewhere: this station follows it there, and opens anew.
            self.has_moved = self.status is None or not self.status.is_shared
            self._stop_polling_and_refresh()
            self.shared.emit()

    def _stop_polling_and_refresh(self) -> None:
        self._asks.stop()
        self._answer = None
        self.changed.emit()
        self.refresh(anew=True)

    # -- PCs ---------------------------------------------------------------------------------------------------------

    def make_join_code(self, kind: hall_sharing.PcKind) -> None:
        """Make a code with which one PC of a kind joins; it replaces an earlier one."""
        make, ask = self._sharing.code, self.context.new_ask()
        self.start_unless_busy("code", lambda: make(ask, kind), self._set_join_code)

    def _set_join_code(self, code: hall_sharing.JoinCode) -> None:
        self.code, self.ended, self.newest = code, "", None
        self.changed.emit()

    def expire_join_code(self) -> None:
        self._clear_code_with_reason(OVER)

    def _clear_code_with_reason(self, why: str) -> None:
        self.code, self.ended = None, why
        self.changed.emit()

    def withdraw_pc(self, pc: hall_sharing.SharedPc) -> None:
        """Keep a PC out of the hall from now on; what it did stays."""
        withdraw, ask = self._sharing.withdraw_pc, self.context.new_ask()
        self.start_unless_busy("withdraw", lambda: withdraw(ask, pc.role), lambda _done: self.refresh(anew=True))


CODE_PX, EMPTY_PX, BOX_PX = 44, 17, 84
SECOND_MS = 1000
FOOT_BESIDE_FROM = 400


class JoinCodeLabel(FollowsLook, QLabel):
    """A code for reading out, or the reason why there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._has_code = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_code(self, code: str) -> None:
        self._has_code = True
        self.setText(hall_sharing.join_code_in_two_groups(code))
        # Read letter by letter: as a word nobody could write it down.
        self.setAccessibleName(" ".join(code))
        self.update()

    def show_reason(self, words: str) -> None:
        self._has_code = False
        self.setText(words)
        self.setAccessibleName(words)
        self.update()

    @property
    def has_code(self) -> bool:
        return self._has_code

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.large_px(BOX_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.look.large_px(BOX_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        if not self._has_code:
            painter.draw_box(rect, 12, "sunken", edge="edge", dashed=True)
            inside = rect.adjusted(look.px(12), 0, -look.px(12), 0)
            painter.draw_words_and_give_end_x(
                self.text(), look.font(EMPTY_PX), "ink2", inside, Qt.AlignmentFlag.AlignHCenter
            )
            return
        painter.draw_box(rect, 12, "soft", edge="primary" if look.theme.outlined else "")
        room = rect.width() - look.px(24)
        px = largest_fitting_px(self.text(), room, look.large_px(CODE_PX), bold=True, least=look.px(20)) / look.scale.k
        painter.draw_words_and_give_end_x(
            self.text(), look.font(px, bold=True), "on_soft", rect, Qt.AlignmentFlag.AlignHCenter
        )


class JoinCodeCard(panels.Card):
    """`wanted` gives the kind of PC for a new code, `over` says that the code shown has expired."""

    wanted = Signal(hall_sharing.PcKind)
    over = Signal()

    def __init__(self, look: Look, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._clock = clock
        self._code: hall_sharing.JoinCode | None = None
        self._ended = ""
        self._title = panels.Label(look, _("Let a PC join"), px=20, bold=True)
        self.kinds = {kind: ToggleChoice(look, pc_kind_word(kind), height=44, px=16) for kind in hall_sharing.PcKind}
        self._kinds = panels.EqualCellGrid(look, height=44, gap=8)
        self._kinds.setAccessibleName(_("Kind of PC"))
        self.show_pc_kinds(has_web=False)
        for toggle in self.kinds.values():
            toggle.setAutoExclusive(True)
            toggle.clicked.connect(self._show_code_or_hint)
        self.kinds[hall_sharing.PcKind.STAFF].setChecked(True)
        self._hint = panels.Label(look, px=15, token="ink2", wrap=True)
        self.box = JoinCodeLabel(look)
        self.left = panels.Label(look, px=17, tabular=True, wrap=True)
        self.first_button = PrimaryButton(look, _("Make a join code"), icon="plus", height=48, px=16)
        self.new_button = SecondaryButton(look, _("New code"), icon="plus", height=48)
        self.buttons = (self.first_button, self.new_button)
        for button in self.buttons:
            button.clicked.connect(self._request_join_code_for_pc_kind)
        self._second = panels.repeating_timer(self, SECOND_MS, self.count)
        self._lay_out_card()
        self._show_code_or_hint()

    def _lay_out_card(self) -> None:
        column = QVBoxLayout(self)
        panels.set_scaled_margins(self.look, column, (20, 16, 20, 16), 10)
        for part in (self._title, self._kinds, self._hint, self.box):
            column.addWidget(part)
        foot = self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(self.look, foot, spacing=12)
        foot.addWidget(self.left, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.first_button)
        foot.addWidget(self.new_button)
        column.addLayout(foot)
        column.addStretch(1)

    def show_pc_kinds(self, *, has_web: bool) -> None:
        """Offer the kinds of PC that the hall can have."""
        self._kinds.set_widgets(
            [one for kind, one in self.kinds.items() if has_web or kind is not hall_sharing.PcKind.WEB]
        )

    def show_code(self, code: hall_sharing.JoinCode | None, *, ended: str, busy: bool) -> None:
        """Show a code with the time left, or what became of the last one in `ended`, "" if there was none."""
        if code is not None and code != self._code:
            self.kinds[code.kind].setChecked(True)
        self._code, self._ended = code, ended
        self.first_button.set_busy(busy)
        self.new_button.set_busy(busy)
        self._run_countdown_if_visible()
        self._show_code_or_hint()

    def chosen_kind(self) -> hall_sharing.PcKind:
        return next(kind for kind, toggle in self.kinds.items() if toggle.isChecked())

    def _request_join_code_for_pc_kind(self) -> None:
        self.wanted.emit(self.chosen_kind())

    def _show_code_or_hint(self) -> None:
        code, kind = self._code, self.chosen_kind()
        self._hint.setText(pc_kind_hint(kind))
        # A code lets in the kind of PC it was made for, whatever is chosen afterwards.
        shown = code if code is not None and code.kind is kind else None
        if shown is not None:
            self.box.show_code(shown.code)
            self.left.setText(code_time_left_text(shown, self._clock()))
        else:
            self.box.show_reason(self._ended or _("No code for this kind of PC yet."))
            self.left.setText("")
        self.first_button.setVisible(shown is None)
        self.new_button.setVisible(shown is not None)

    def count(self) -> None:
        """Update the time left, and report when it has run out."""
        if self._code is not None and self._clock() >= self._code.expires:
            self.over.emit()
        else:
            self._show_code_or_hint()

    def _run_countdown_if_visible(self) -> None:
        """Count only while there is something to count and somebody sees it."""
        if self._code is not None and self.isVisible():
            self._second.start()
        else:
            self._second.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        panels.set_side_by_side_or_stacked(self.width() >= self.look.px(FOOT_BESIDE_FROM), self._foot)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_countdown_if_visible()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()


# -- before a hall is shared -------------------------------------------------------------------------------------------

ICONS = ("plug", "lock", "check")


class SharingStart(QWidget):
    """`wanted` when the hall is to be shared."""

    wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._what = panels.Label(
            look,
            _(
                "This hall runs on this PC alone. Share it, and a PC at the door, one at each window and one behind the big screen work in it together."
            ),
            px=20,
            wrap=True,
        )
        self._facts = [panels.Label(look, text, px=17, token="ink2", wrap=True) for text in _sharing_effect_sentences()]
        self.share_button = PrimaryButton(look, "", icon="plug", height=64, px=20)
        self.share_button.clicked.connect(self.wanted)
        self.line = ErrorLine(look)
        column = self._column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (PAGE, 4, PAGE, 20), 14)
        column.addWidget(self._what)
        for name, fact in zip(ICONS, self._facts, strict=True):
            row = QHBoxLayout()
            panels.set_scaled_margins(look, row, spacing=12)
            row.addWidget(panels.IconBadge(look, name, bare=True), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(fact, 1, Qt.AlignmentFlag.AlignVCenter)
            column.addLayout(row)
        acts = QHBoxLayout()
        panels.set_scaled_margins(look, acts, (0, 14, 0, 0))
        acts.addWidget(self.share_button)
        acts.addStretch(1)
        column.addLayout(acts)
        column.addWidget(self.line)
        column.addStretch(1)

    def set_right_margin(self, px: int) -> None:
        """Leave this much room on the right, in device-independent pixels."""
        margins = self._column.contentsMargins()
        margins.setRight(px)
        self._column.setContentsMargins(margins)

    def show_sharing_progress(
        self, *, may_share: bool, is_sharing_in_progress: bool, has_moved: bool, hindrance: str, refusal: str
    ) -> None:
        """Show what prevents sharing, or the progress: `hindrance` prevents it altogether, `refusal` is that of the
        last try; both are whole sentences."""
        self.share_button.setVisible(may_share and not has_moved)
        self.share_button.set_busy(is_sharing_in_progress)
        self.share_button.setEnabled(not hindrance)
        self.share_button.setText(_("Sharing the hall …") if is_sharing_in_progress else _("Share this hall"))
        if is_sharing_in_progress:
            self.line.show_message(
                _("The data moves over and is checked. Please leave this PC switched on."), refused=False
            )
        elif has_moved:
            self.line.show_message(_("The hall is shared now. This window opens again there."), refused=False)
        elif not may_share:
            self.line.show_message(_("Only a manager or an admin can share the hall."), refused=False)
        else:
            self.line.show_message(hindrance or refusal, refused=bool(hindrance or refusal))


def _sharing_effect_sentences() -> list[str]:
    """Return what sharing means for this PC, for the others, and for the data."""
    return [
        _("This PC becomes the hall's main PC: it keeps the data and has to be switched on while the hall is open."),
        _(
            "Other PCs join with a code that works once, their traffic is encrypted, and each can be withdrawn at any time."
        ),
        _(
            "All data moves over and is checked event by event. The present data file stays as it is and can still be read."
        ),
    ]


# -- what is done on the other PC --------------------------------------------------------------------------------------

ADDRESS_STEP = 2
MOST_ADDRESSES = 3


class JoinStepsCard(panels.Card):
    """The first address is large under the step that asks for it, the others smaller."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._title = panels.Label(look, _("On the other PC"), px=20, bold=True)
        self.addresses = [
            panels.ShrinkingLabel(
                look, px=28 if at == 0 else 17, bold=at == 0, token="ink" if at == 0 else "ink2", least=12
            )
            for at in range(MOST_ADDRESSES)
        ]
        self.steps = panels.NumberedSteps(look, (ADDRESS_STEP, self.addresses))
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (20, 16, 20, 16), 10)
        column.addWidget(self._title)
        column.addWidget(self.steps)
        column.addStretch(1)

    def show_steps(self, steps: Sequence[str], addresses: Sequence[str]) -> None:
        self.steps.set_steps(steps)
        for at, label in enumerate(self.addresses):
            shown = addresses[at] if at < len(addresses) else ""
            label.setText(shown)
            label.setVisible(bool(shown))


# -- the PCs of the hall -----------------------------------------------------------------------------------------------

WIDE_FROM, BUTTON_BESIDE_FROM = 480, 300
Place = tuple[int, int, int]
WIDE: tuple[Place, ...] = ((0, 0, 1), (0, 1, 1), (0, 2, 1), (0, 3, 1))
NARROW: tuple[Place, ...] = ((1, 0, 1), (0, 0, 1), (2, 0, 1), (0, 1, 3))
STACKED: tuple[Place, ...] = ((1, 0, 1), (0, 0, 1), (2, 0, 1), (3, 0, 1))
"""Where a PC's state, names, last sign and button stand: line and column among its own, and over how many lines."""
LINES = 5


class PcRowWidgets(Struct):
    pill: StatePill
    name: panels.Label
    kind: panels.Label
    seen: panels.Label
    button: DangerButton
    names: QWidget

    def widgets(self) -> tuple[QWidget, ...]:
        return (self.pill, self.names, self.seen, self.button)

    def show_pc(self, setup: Setup, pc: hall_sharing.SharedPc, now: datetime, *, may_withdraw: bool) -> None:
        state = hall_sharing.pc_state(pc, now)
        self.pill.set_state(STATES[state], pc_state_word(state))
        self.name.setText(pc.name)
        self.name.set_color_token("ink2" if state is hall_sharing.PcState.WITHDRAWN else "ink")
        self.kind.setText(" · ".join((pc_kind_word(pc.kind), *program_version_words(pc.version))))
        self.seen.setText(pc_state_since_text(setup, pc, now))
        self.button.setAccessibleName(_("Withdraw {name}", name=pc.name))
        self.button.setVisible(may_withdraw and state is not hall_sharing.PcState.WITHDRAWN)


class SharedPcsCard(panels.Card):
    """`withdraw_wanted` gives the SharedPc whose button was pressed. Rows are kept while the PCs are the same."""

    withdraw_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.rows: dict[str, PcRowWidgets] = {}
        self._pcs: dict[str, hall_sharing.SharedPc] = {}
        self._grid = QGridLayout(self)
        self._places = WIDE
        panels.set_scaled_margins(look, self._grid, (18, 8, 12, 8), 5)
        # After the layout has taken its own spacing anew.
        look.changed.connect(self._set_grid_spacing)
        self._set_grid_spacing()
        self._widgets: list[QWidget] = []
        self._rules: list[panels.DividerLine] = []

    def show_pcs(
        self, setup: Setup, pcs: Sequence[hall_sharing.SharedPc], now: datetime, *, own: str, may_withdraw: bool
    ) -> None:
        """Show these PCs; the one with the role `own` is this PC, which withdraws others."""
        if [pc.role for pc in pcs] != list(self.rows):
            self._rebuild_pc_rows([pc.role for pc in pcs])
        self._pcs = {pc.role: pc for pc in pcs}
        for role, pc in self._pcs.items():
            row = self.rows[role]
            row.show_pc(setup, pc, now, may_withdraw=may_withdraw and role != own)
            if role == own:
                row.seen.setText(_("this PC"))

    def _rebuild_pc_rows(self, roles: Sequence[str]) -> None:
        panels.remove_and_delete_widgets(self._widgets, self._grid)
        self.rows = {role: self._new_row(role) for role in roles}
        self._rules = [panels.DividerLine(self.look) for _role in roles[1:]]
        self._widgets = [*self._rules, *(widget for row in self.rows.values() for widget in row.widgets())]
        self._place_rows_in_grid()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px, width = self.look.px, self.width()
        places = WIDE if width >= px(WIDE_FROM) else NARROW if width >= px(BUTTON_BESIDE_FROM) else STACKED
        if places != self._places:
            self._places = places
            self._place_rows_in_grid()

    def _set_grid_spacing(self) -> None:
        self._grid.setHorizontalSpacing(self.look.px(16))

    def _place_rows_in_grid(self) -> None:
        is_wide, middle = self._places == WIDE, Qt.AlignmentFlag.AlignVCenter
        for column in range(2):
            self._grid.setColumnStretch(column, int(column == is_wide))
        for at, row in enumerate(self.rows.values()):
            for widget, (line, column, lines) in zip(row.widgets(), self._places, strict=True):
                side = Qt.AlignmentFlag.AlignLeft if widget is row.pill else Qt.AlignmentFlag(0)
                self._grid.addWidget(widget, LINES * at + line, column, lines, 1, middle | side)
            self._grid.setRowMinimumHeight(LINES * at, self.look.px(52) if is_wide else 0)
        columns = 1 + max(column for _line, column, _lines in self._places)
        for at, rule in enumerate(self._rules):
            self._grid.addWidget(rule, LINES * (at + 1) - 1, 0, 1, columns)

    def _new_row(self, role: str) -> PcRowWidgets:
        look, names = self.look, QWidget()
        row = PcRowWidgets(
            StatePill(look, "idle", "", px=15, height=30),
            panels.Label(look, px=17, bold=True),
            panels.Label(look, px=15, token="ink2"),
            panels.Label(look, px=15, token="ink2", tabular=True),
            DangerButton(look, _("Withdraw"), height=44, px=16),
            names,
        )
        row.button.clicked.connect(partial(self._request_withdrawal, role))
        column = QVBoxLayout(names)
        panels.set_scaled_margins(look, column)
        column.addWidget(row.name)
        column.addWidget(row.kind)
        return row

    def _request_withdrawal(self, role: str) -> None:
        self.withdraw_wanted.emit(self._pcs[role])


BESIDE_FROM, ROOMY_FROM = 760, 520
NARROW_MARGIN = 16


class SharingPage(ManagerPage):
    """Before a hall is shared, what sharing means; then its server, the code for the next PC, and the PCs."""

    def __init__(self, look: Look, controller: SharingController, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: part_word(PCS),
            acts=(
                PageAct(
                    text=lambda: _("Stop sharing"), do=self.confirm_stop_sharing, offered=lambda: self._may_stop_sharing
                ),
                PageAct(
                    text=lambda: _("Share again"),
                    do=partial(self._clear_refusal_and_run, controller.share_hall),
                    icon="plug",
                    is_main=True,
                    offered=self._may_share_again,
                ),
                *(
                    act
                    for adding in references_of_command_additions("host")
                    for act in import_reference(adding)(self, controller)
                ),
            ),
            foot=0,
        )
        self._controller = controller
        super().__init__(look, spec, parent)
        self.stop_button, self.again_button = self.buttons[:2]
        self._refusal: QueueDeskError | None = None
        self.start = SharingStart(look)
        self.pill = StatePill(look, "open", "", px=15, height=30)
        self._server = panels.Label(look, px=17, token="ink2", wrap=True)
        self.code = JoinCodeCard(look, controller.context.clock)
        self.steps = JoinStepsCard(look)
        self._title = panels.ShrinkingLabel(look, _("PCs of this hall"), px=20, bold=True, least=17)
        self._count = panels.Label(look, px=15, token="ink2")
        self.error = ErrorLine(look)
        self.list = SharedPcsCard(look)
        self._stage = QStackedWidget(self)
        self._stage.addWidget(QWidget())
        self._stage.addWidget(panels.VerticalScrollArea(self.start))
        self._stage.addWidget(self._make_hall_sharing_area())
        self.add_part(self._stage, 1, inset=False)
        self.start.wanted.connect(partial(self._clear_refusal_and_run, controller.share_hall))
        self.code.wanted.connect(partial(self._clear_refusal_and_run, controller.make_join_code))
        self.code.over.connect(controller.expire_join_code)
        self.list.withdraw_wanted.connect(self.confirm_pc_withdrawal)
        # After the layouts have taken their own margins anew.
        look.changed.connect(self._put_beside_or_below)
        controller.changed.connect(self._show_sharing_state)
        controller.busy_changed.connect(self._show_sharing_state)
        controller.shared.connect(self._announce_hall_shared)
        controller.refused.connect(self._show_refusal)
        for changes in (controller.context.feed.away, controller.context.feed.back):
            changes.connect(self._hold_buttons_while_away)
        self._show_sharing_state()

    def _make_hall_sharing_area(self) -> panels.VerticalScrollArea:
        look, inner = self._look, QWidget()
        middle = Qt.AlignmentFlag.AlignVCenter
        server = self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, server, spacing=12)
        server.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignLeft | middle)
        server.addWidget(self._server, 1, middle)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._cards, spacing=16)
        self._cards.addWidget(self.code, 1)
        self._cards.addWidget(self.steps, 1)
        head = self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, head, (0, 8, 0, 0), 12)
        head.addWidget(self._title)
        head.addWidget(self._count, 1)
        column = self._rows = QVBoxLayout(inner)
        panels.set_scaled_margins(look, column, (PAGE, 0, PAGE, 20), 12)
        column.addLayout(server)
        column.addLayout(self._cards)
        column.addLayout(head)
        column.addWidget(self.error)
        column.addWidget(self.list)
        column.addStretch(1)
        return panels.VerticalScrollArea(inner)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        """Refresh the page; what the person may do depends on the role, not on who may change the set-up."""
        self.code.show_pc_kinds(has_web=setup.has_feature("web"))
        self._controller.refresh()
        self._show_sharing_state()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        self._refusal = trouble
        self._show_sharing_state()

    @property
    def _may_stop_sharing(self) -> bool:
        status, controller = self._controller.status, self._controller
        runs = status is not None and status.is_shared and status.is_host and status.runs
        return runs and not controller.is_sharing_in_progress and controller.may_share

    def _may_share_again(self) -> bool:
        """Whether the hall was shared before, and its server runs no longer."""
        status, controller = self._controller.status, self._controller
        if status is None or not status.is_shared or not controller.may_share:
            return False
        has_stopped = status.is_host and not status.runs and not status.begins
        return has_stopped or controller.is_sharing_in_progress

    def _show_sharing_state(self) -> None:
        controller = self._controller
        status, now = controller.status, controller.context.clock()
        self.refresh_act_buttons()
        if status is None:
            self._stage.setCurrentIndex(0)
            return
        refusal = (
            error_sentence(self._refusal)
            if self._refusal
            else words.sharing_interrupted_text(status, controller.context.feed.setup, now)
        )
        if not status.is_shared:
            self._stage.setCurrentIndex(1)
            hindrance = error_sentence(QueueDeskError(status.hindrance)) if status.hindrance else ""
            self.start.show_sharing_progress(
                may_share=controller.may_share,
                is_sharing_in_progress=controller.is_sharing_in_progress,
                has_moved=self.is_waiting_to_follow_hall,
                hindrance=hindrance,
                refusal=refusal,
            )
            return
        self._stage.setCurrentIndex(2)
        state, word, sentence = words.main_pc_state_texts(status)
        self.pill.set_state(state, word)
        self._server.setText(sentence)
        self.again_button.set_busy(controller.is_sharing_in_progress)
        self.stop_button.setEnabled(controller.busy != "stop")
        for card in (self.code, self.steps):
            card.setVisible(controller.may_share and status.runs)
        ended = words.last_code_outcome_text(controller.ended, controller.newest)
        self.code.show_code(controller.code, ended=ended, busy=controller.busy == "code")
        self.steps.show_steps(words.join_steps_text(status), list(status.addresses))
        self._count.setText(words.pc_count_text(controller.pcs, now))
        setup = controller.context.feed.setup
        self.list.show_pcs(
            setup,
            words.pcs_in_list_order(controller.pcs, status.own_role),
            now,
            own=status.own_role,
            may_withdraw=controller.may_share,
        )
        self.list.setVisible(bool(controller.pcs))
        self._hold_buttons_while_away()
        self.error.show_refusal(refusal)

    def _hold_buttons_while_away(self, _since: datetime | None = None) -> None:
        """While the hall is away nobody is let in or withdrawn; sharing it again goes on."""
        away = self._controller.context.feed.away_since is not None
        for button in (*self.code.buttons, *(row.button for row in self.list.rows.values())):
            button.set_disabled_while_away(away)

    @property
    def is_waiting_to_follow_hall(self) -> bool:
        """Whether the hall was shared from here, and this window has not followed it yet."""
        status = self._controller.status
        return self._controller.has_moved and status is not None and not status.is_shared

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._put_beside_or_below()

    def _put_beside_or_below(self) -> None:
        """Put below each other what has no room beside each other."""
        is_roomy = self.width() >= self._look.px(ROOMY_FROM)
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(BESIDE_FROM), self._cards)
        panels.set_side_by_side_or_stacked(is_roomy, self._top, self._head)
        right = self._look.gap(PAGE if is_roomy else NARROW_MARGIN)
        self._rows.setContentsMargins(self._look.gap(PAGE), 0, right, self._look.gap(20))
        self.start.set_right_margin(right)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._refusal = None

    # -- acts --------------------------------------------------------------------------------------------------------

    def _clear_refusal_and_run(self, act: Callable[..., object], *given: object) -> None:
        self._refusal = None
        act(*given)

    def confirm_stop_sharing(self) -> None:
        ask_and_do_if_confirmed(
            self.host_widget,
            self._look,
            partial(self._clear_refusal_and_run, self._controller.stop_sharing),
            title=_("Stop sharing?"),
            effect=_(
                "Nobody can work in the hall then, not even on this PC, until “Share again” is pressed here or this PC restarts. Nothing is lost."
            ),
            safe=_("Go on sharing"),
            act=_("Stop sharing"),
        )

    def confirm_pc_withdrawal(self, pc: hall_sharing.SharedPc) -> None:
        ask_and_do_if_confirmed(
            self.host_widget,
            self._look,
            partial(self._clear_refusal_and_run, self._controller.withdraw_pc, pc),
            title=_("Withdraw {name}?", name=pc.name),
            effect=_(
                "Its stations stop within seconds, and it can rejoin only with a new code. What was done there stays in the log."
            ),
            safe=_("Keep it"),
            act=_("Withdraw"),
        )

    def _announce_hall_shared(self) -> None:
        self.said.emit(_("The hall is shared now"), "check")

    def _show_refusal(self, _what: str, trouble: QueueDeskError) -> None:
        self.show_trouble(trouble)
