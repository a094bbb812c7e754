"""Several PCs: share this hall, let PCs in by a code, see which there are and withdraw them."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.sharing import PcKind, SharedPc
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, say
from queuedesk.stations.manager.network import sharing_words as words
from queuedesk.stations.manager.network.sharing_code import CodeCard
from queuedesk.stations.manager.network.sharing_controller import SharingController
from queuedesk.stations.manager.network.sharing_rows import PcList
from queuedesk.stations.manager.network.sharing_start import SharingStart
from queuedesk.stations.manager.network.sharing_steps import StepsCard
from queuedesk.stations.widgets.buttons import AccentButton, TextButton
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.labels import FittedLabel, Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.pills import StatePill
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

BESIDE_FROM, ROOMY_FROM = 760, 520
MARGIN, NARROW_MARGIN = 32, 16


class SharingPage(QWidget):
    """`said` is a notice with its icon."""

    said = Signal(str, str)

    def __init__(self, look: Look, controller: SharingController, host: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller, self._host = look, controller, host
        self._refusal: QueueDeskError | None = None
        self.start = SharingStart(look)
        self.pill = StatePill(look, "open", "", px=15, height=30)
        self._server = Label(look, px=17, token="ink2", wrap=True)
        self.again_button = AccentButton(look, "", icon="plug", height=44, px=16)
        self.stop_button = TextButton(look, "", height=44, px=16)
        self.code = CodeCard(look, controller.context.clock)
        self.steps = StepsCard(look)
        self._title, self._count = FittedLabel(look, px=20, bold=True, least=17), Label(look, px=15, token="ink2")
        self.error = ErrorLine(look)
        self.list = PcList(look)
        self._stage = QStackedWidget(self)
        self._stage.addWidget(QWidget())
        self._stage.addWidget(GroundArea(self.start))
        self._stage.addWidget(self._shared())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stage)
        self.start.wanted.connect(self._share)
        self.again_button.clicked.connect(self._share)
        self.stop_button.clicked.connect(self.ask_stop)
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

    def _shared(self) -> GroundArea:
        look, inner = self._look, QWidget()
        middle = Qt.AlignmentFlag.AlignVCenter
        server = self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, server, spacing=12)
        server.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignLeft | middle)
        server.addWidget(self._server, 1, middle)
        for button in (self.stop_button, self.again_button):
            server.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft | middle)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._cards, spacing=16)
        self._cards.addWidget(self.code, 1)
        self._cards.addWidget(self.steps, 1)
        head = self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, head, (0, 8, 0, 0), 12)
        head.addWidget(self._title)
        head.addWidget(self._count, 1)
        column = self._column = QVBoxLayout(inner)
        spread(look, column, (MARGIN, 0, MARGIN, 20), 12)
        column.addLayout(server)
        column.addLayout(self._cards)
        column.addLayout(head)
        column.addWidget(self.error)
        column.addWidget(self.list)
        column.addStretch(1)
        return GroundArea(inner)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_setup(self, _setup: Setup, *, may_change: bool) -> None:
        """Bring what is seen up to now; what the person here may do depends on the role, not on who changes the set-up."""
        self._controller.look_again()
        self._show()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Say what stands in the way; None takes it away."""
        self._refusal = trouble
        self._show()

    def _show(self) -> None:
        controller = self._controller
        status, now = controller.status, controller.context.clock()
        if status is None:
            self._stage.setCurrentIndex(0)
            return
        refusal = say(self._refusal) if self._refusal else ""
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
        has_stopped = status.is_host and not status.runs and not status.begins
        self.again_button.setVisible((has_stopped or controller.is_sharing) and controller.may_share)
        self.stop_button.setVisible(
            status.is_host and status.runs and not controller.is_sharing and controller.may_share
        )
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
        self.error.say(refusal, refused=bool(refusal))
        self.error.setVisible(bool(refusal))

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
        ways = QBoxLayout.Direction
        is_wide, is_roomy = (self.width() >= self._look.px(least) for least in (BESIDE_FROM, ROOMY_FROM))
        self._cards.setDirection(ways.LeftToRight if is_wide else ways.TopToBottom)
        for row in (self._top, self._head):
            row.setDirection(ways.LeftToRight if is_roomy else ways.TopToBottom)
        right = self._look.gap(MARGIN if is_roomy else NARROW_MARGIN)
        self._column.setContentsMargins(self._look.gap(MARGIN), 0, right, self._look.gap(20))
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
        """Ask whether nobody may work in the hall for now."""
        question = ConfirmDialog(
            self._host,
            self._look,
            title=_("Stop sharing?"),
            effect=_(
                "Nobody can work in the hall then, not even on this PC, until somebody presses “Share again” here or this PC starts anew. Nothing is lost."
            ),
            safe=_("Go on sharing"),
            act=_("Stop sharing"),
        )
        question.done.connect(self._stop)
        question.open_dialog()

    def _stop(self) -> None:
        self._refusal = None
        self._controller.stop_sharing()

    def ask_withdrawal(self, pc: SharedPc) -> None:
        """Ask whether a PC may come in no more."""
        question = ConfirmDialog(
            self._host,
            self._look,
            title=_("Withdraw {name}?", name=pc.name),
            effect=_(
                "Its stations stop within seconds, and it comes in again only by a new code. What was done there stays in the log."
            ),
            safe=_("Keep it"),
            act=_("Withdraw"),
        )
        question.done.connect(partial(self._withdraw, pc))
        question.open_dialog()

    def _withdraw(self, pc: SharedPc) -> None:
        self._refusal = None
        self._controller.withdraw(pc)

    def _was_shared(self) -> None:
        self.said.emit(_("The hall is shared now"), "check")

    def _refused(self, _what: str, trouble: QueueDeskError) -> None:
        self.show_trouble(trouble)

    # -- words -------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self._title.setText(_("PCs of this hall"))
        self.again_button.setText(_("Share again"))
        self.stop_button.setText(_("Stop sharing"))
        self.start.retranslate()
        self.code.retranslate()
        self.steps.retranslate()
        self._show()
