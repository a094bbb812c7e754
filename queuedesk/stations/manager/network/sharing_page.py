"""Several PCs: share this hall, let PCs in by a code, see which there are and withdraw them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.sharing import PcKind, PcState, SharedPc, pc_state
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, say
from queuedesk.stations.manager.network import words
from queuedesk.stations.manager.network.sharing_code import CodeCard, SharingStart
from queuedesk.stations.manager.network.sharing_controller import SharingController
from queuedesk.stations.manager.network.words import STATES, kind_word, seen_text, state_word
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.setup_frame.words import PCS, part_word
from queuedesk.stations.widgets.buttons import DangerButton
from queuedesk.stations.widgets.labels import FittedLabel, Label
from queuedesk.stations.widgets.panels import Card, GroundArea, NumberedSteps, Rule, discard, put_beside, spread
from queuedesk.stations.widgets.pills import StatePill
from queuedesk.stations.widgets.questions.dialogs import confirm
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import PAGE, Look

# -- what is done on the other PC --------------------------------------------------------------------------------------

ADDRESS_STEP = 2
MOST_ADDRESSES = 3


class StepsCard(Card):
    """The first address is large under the step that asks for it, the others smaller."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._title = Label(look, _("On the other PC"), px=20, bold=True)
        self.addresses = [
            FittedLabel(look, px=28 if at == 0 else 17, bold=at == 0, token="ink" if at == 0 else "ink2", least=12)
            for at in range(MOST_ADDRESSES)
        ]
        self.steps = NumberedSteps(look, (ADDRESS_STEP, self.addresses))
        column = QVBoxLayout(self)
        spread(look, column, (20, 16, 20, 16), 10)
        column.addWidget(self._title)
        column.addWidget(self.steps)
        column.addStretch(1)

    def show_steps(self, steps: Sequence[str], addresses: Sequence[str]) -> None:
        """Show the steps, and the addresses of this hall's main PC."""
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


class PcRow(Struct):
    """The widgets of one PC."""

    pill: StatePill
    name: Label
    kind: Label
    seen: Label
    button: DangerButton
    names: QWidget

    def widgets(self) -> tuple[QWidget, ...]:
        """Return its widgets, in the order of the layout's places."""
        return (self.pill, self.names, self.seen, self.button)

    def show(self, setup: Setup, pc: SharedPc, now: datetime, *, may_withdraw: bool) -> None:
        """Show the PC's state."""
        state = pc_state(pc, now)
        self.pill.set_state(STATES[state], state_word(state))
        self.name.setText(pc.name)
        self.name.set_token("ink2" if state is PcState.WITHDRAWN else "ink")
        self.kind.setText(kind_word(pc.kind))
        self.seen.setText(seen_text(setup, pc, now))
        self.button.setText(_("Withdraw"))
        self.button.setAccessibleName(_("Withdraw {name}", name=pc.name))
        self.button.setVisible(may_withdraw and state is not PcState.WITHDRAWN)


class PcList(Card):
    """`withdraw_wanted` gives the SharedPc whose button was pressed. Rows are kept while the PCs and their order are
    the same."""

    withdraw_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.rows: dict[str, PcRow] = {}
        self._pcs: dict[str, SharedPc] = {}
        self._grid = QGridLayout(self)
        self._places = WIDE
        spread(look, self._grid, (18, 8, 12, 8), 5)
        # After the layout has taken its own spacing anew.
        look.changed.connect(self._space)
        self._space()
        self._widgets: list[QWidget] = []
        self._rules: list[Rule] = []

    def show_pcs(self, setup: Setup, pcs: Sequence[SharedPc], now: datetime, *, own: str, may_withdraw: bool) -> None:
        """Show these PCs; the one with the role `own` is this PC, which withdraws others."""
        if [pc.role for pc in pcs] != list(self.rows):
            self._lay_out([pc.role for pc in pcs])
        self._pcs = {pc.role: pc for pc in pcs}
        for role, pc in self._pcs.items():
            row = self.rows[role]
            row.show(setup, pc, now, may_withdraw=may_withdraw and role != own)
            if role == own:
                row.seen.setText(_("this PC"))

    def _lay_out(self, roles: Sequence[str]) -> None:
        discard(self._widgets, self._grid)
        self.rows = {role: self._new_row(role) for role in roles}
        self._rules = [Rule(self.look) for _role in roles[1:]]
        self._widgets = [*self._rules, *(widget for row in self.rows.values() for widget in row.widgets())]
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px, width = self.look.px, self.width()
        places = WIDE if width >= px(WIDE_FROM) else NARROW if width >= px(BUTTON_BESIDE_FROM) else STACKED
        if places != self._places:
            self._places = places
            self._place()

    def _space(self) -> None:
        self._grid.setHorizontalSpacing(self.look.px(16))

    def _place(self) -> None:
        """Lay the rows out for the room there is."""
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

    def _new_row(self, role: str) -> PcRow:
        look, names = self.look, QWidget()
        row = PcRow(
            StatePill(look, "idle", "", px=15, height=30),
            Label(look, px=17, bold=True),
            Label(look, px=15, token="ink2"),
            Label(look, px=15, token="ink2", tabular=True),
            DangerButton(look, "", height=44, px=16),
            names,
        )
        row.button.clicked.connect(partial(self._want, role))
        column = QVBoxLayout(names)
        spread(look, column)
        column.addWidget(row.name)
        column.addWidget(row.kind)
        return row

    def _want(self, role: str) -> None:
        self.withdraw_wanted.emit(self._pcs[role])


BESIDE_FROM, ROOMY_FROM = 760, 520
NARROW_MARGIN = 16


class SharingPage(Page):
    """Before a hall is shared, what sharing means; then its server, the code for the next PC, and the PCs."""

    def __init__(self, look: Look, controller: SharingController, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: part_word(PCS),
            acts=(
                Act(text=lambda: _("Stop sharing"), do=self.ask_stop, offered=lambda: self._may_stop),
                Act(text=lambda: _("Share again"), do=self._share, icon="plug", is_main=True, offered=self._may_go_on),
            ),
            foot=0,
        )
        self._controller = controller
        super().__init__(look, spec, parent)
        self.stop_button, self.again_button = self.buttons
        self._refusal: QueueDeskError | None = None
        self.start = SharingStart(look)
        self.pill = StatePill(look, "open", "", px=15, height=30)
        self._server = Label(look, px=17, token="ink2", wrap=True)
        self.code = CodeCard(look, controller.context.clock)
        self.steps = StepsCard(look)
        self._title, self._count = FittedLabel(look, px=20, bold=True, least=17), Label(look, px=15, token="ink2")
        self._title.setText(_("PCs of this hall"))
        self.error = ErrorLine(look)
        self.list = PcList(look)
        self._stage = QStackedWidget(self)
        self._stage.addWidget(QWidget())
        self._stage.addWidget(GroundArea(self.start))
        self._stage.addWidget(self._shared())
        self.put(self._stage, 1, inset=False)
        self.start.wanted.connect(self._share)
        self.code.wanted.connect(self._make_code)
        self.code.over.connect(controller.forget_code)
        self.list.withdraw_wanted.connect(self.ask_withdrawal)
        # After the layouts have taken their own margins anew.
        look.changed.connect(self._fit)
        controller.changed.connect(self._show)
        controller.shared.connect(self._was_shared)
        controller.refused.connect(self._refused)
        for changes in (controller.context.feed.away, controller.context.feed.back):
            changes.connect(self._hold)
        self._show()

    def _shared(self) -> GroundArea:
        look, inner = self._look, QWidget()
        middle = Qt.AlignmentFlag.AlignVCenter
        server = self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, server, spacing=12)
        server.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignLeft | middle)
        server.addWidget(self._server, 1, middle)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._cards, spacing=16)
        self._cards.addWidget(self.code, 1)
        self._cards.addWidget(self.steps, 1)
        head = self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, head, (0, 8, 0, 0), 12)
        head.addWidget(self._title)
        head.addWidget(self._count, 1)
        column = self._rows = QVBoxLayout(inner)
        spread(look, column, (PAGE, 0, PAGE, 20), 12)
        column.addLayout(server)
        column.addLayout(self._cards)
        column.addLayout(head)
        column.addWidget(self.error)
        column.addWidget(self.list)
        column.addStretch(1)
        return GroundArea(inner)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_setup(self, _setup: Setup, *, may_change: bool) -> None:
        """Refresh the page; what the person may do depends on the role, not on who may change the set-up."""
        self._controller.look_again()
        self._show()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Show what is wrong; None removes it."""
        self._refusal = trouble
        self._show()

    @property
    def _may_stop(self) -> bool:
        status, controller = self._controller.status, self._controller
        runs = status is not None and status.is_shared and status.is_host and status.runs
        return runs and not controller.is_sharing and controller.may_share

    def _may_go_on(self) -> bool:
        """Whether the hall was shared before, and its server runs no longer."""
        status, controller = self._controller.status, self._controller
        if status is None or not status.is_shared or not controller.may_share:
            return False
        has_stopped = status.is_host and not status.runs and not status.begins
        return has_stopped or controller.is_sharing

    def _show(self) -> None:
        controller = self._controller
        status, now = controller.status, controller.context.clock()
        self.offer_acts()
        if status is None:
            self._stage.setCurrentIndex(0)
            return
        refusal = (
            say(self._refusal) if self._refusal else words.interrupted_text(status, controller.context.feed.setup, now)
        )
        if not status.is_shared:
            self._stage.setCurrentIndex(1)
            hindrance = say(QueueDeskError(status.hindrance)) if status.hindrance else ""
            self.start.show_state(
                may_share=controller.may_share,
                is_sharing=controller.is_sharing,
                has_moved=self.is_moving_on,
                hindrance=hindrance,
                refusal=refusal,
            )
            return
        self._stage.setCurrentIndex(2)
        state, word, sentence = words.server_text(status)
        self.pill.set_state(state, word)
        self._server.setText(sentence)
        self.again_button.set_busy(controller.is_sharing)
        self.stop_button.setEnabled(controller.busy != "stop")
        self._cards_visible(controller.may_share and status.runs)
        ended = words.ended_text(controller.ended, controller.newest)
        self.code.show_code(controller.code, ended=ended, busy=controller.busy == "code")
        self.steps.show_steps(words.steps_text(status), list(status.addresses))
        self._count.setText(words.count_text(controller.pcs, now))
        setup = controller.context.feed.setup
        self.list.show_pcs(
            setup,
            words.listed(controller.pcs, status.own_role),
            now,
            own=status.own_role,
            may_withdraw=controller.may_share,
        )
        self.list.setVisible(bool(controller.pcs))
        self._hold()
        self.error.refuse(refusal)

    def _hold(self, _since: datetime | None = None) -> None:
        """While the hall is away nobody is let in or withdrawn; sharing it again goes on."""
        away = self._controller.context.feed.away_since is not None
        for button in (*self.code.buttons, *(row.button for row in self.list.rows.values())):
            button.set_held(away)

    @property
    def is_moving_on(self) -> bool:
        """Whether the hall was shared from here, and this window has not followed it yet."""
        status = self._controller.status
        return self._controller.has_moved and status is not None and not status.is_shared

    def _cards_visible(self, are: bool) -> None:
        self.code.setVisible(are)
        self.steps.setVisible(are)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put below each other what has no room beside each other."""
        is_roomy = self.width() >= self._look.px(ROOMY_FROM)
        put_beside(self.width() >= self._look.px(BESIDE_FROM), self._cards)
        put_beside(is_roomy, self._top, self._head)
        right = self._look.gap(PAGE if is_roomy else NARROW_MARGIN)
        self._rows.setContentsMargins(self._look.gap(PAGE), 0, right, self._look.gap(20))
        self.start.set_right_margin(right)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._refusal = None

    # -- acts --------------------------------------------------------------------------------------------------------

    def _share(self) -> None:
        self._refusal = None
        self._controller.share()

    def _make_code(self, kind: PcKind) -> None:
        self._refusal = None
        self._controller.make_code(kind)

    def ask_stop(self) -> None:
        """Ask whether to stop sharing the hall."""
        confirm(
            self.host,
            self._look,
            self._stop,
            title=_("Stop sharing?"),
            effect=_(
                "Nobody can work in the hall then, not even on this PC, until “Share again” is pressed here or this PC restarts. Nothing is lost."
            ),
            safe=_("Go on sharing"),
            act=_("Stop sharing"),
        )

    def _stop(self) -> None:
        self._refusal = None
        self._controller.stop_sharing()

    def ask_withdrawal(self, pc: SharedPc) -> None:
        """Ask whether to withdraw a PC."""
        confirm(
            self.host,
            self._look,
            partial(self._withdraw, pc),
            title=_("Withdraw {name}?", name=pc.name),
            effect=_(
                "Its stations stop within seconds, and it can rejoin only with a new code. What was done there stays in the log."
            ),
            safe=_("Keep it"),
            act=_("Withdraw"),
        )

    def _withdraw(self, pc: SharedPc) -> None:
        self._refusal = None
        self._controller.withdraw(pc)

    def _was_shared(self) -> None:
        self.said.emit(_("The hall is shared now"), "check")

    def _refused(self, _what: str, trouble: QueueDeskError) -> None:
        self.show_trouble(trouble)
