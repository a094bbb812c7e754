"""What sharing means before a hall is shared, and the card that lets a PC in: its kind, the code, how long it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.network.sharing import JoinCode, PcKind, shown_code
from queuedesk.i18n import _
from queuedesk.stations.manager.network.words import countdown_text, kind_hint, kind_word
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.paint import Painter, fit_px
from queuedesk.stations.widgets.panels import Card, EvenGrid, put_beside, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import PAGE, Look

CODE_PX, EMPTY_PX, BOX_PX = 44, 17, 84
SECOND_MS = 1000
FOOT_BESIDE_FROM = 400


class CodeBox(Follows, QLabel):
    """A code for reading out, or the reason why there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._has_code = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_code(self, code: str) -> None:
        """Show a code."""
        self._has_code = True
        self.setText(shown_code(code))
        # Read letter by letter: as a word nobody could write it down.
        self.setAccessibleName(" ".join(code))
        self.update()

    def say(self, words: str) -> None:
        """Show why there is no code."""
        self._has_code = False
        self.setText(words)
        self.setAccessibleName(words)
        self.update()

    @property
    def has_code(self) -> bool:
        return self._has_code

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.wide(BOX_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.look.wide(BOX_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        if not self._has_code:
            painter.box(rect, 12, "sunken", edge="edge", dashed=True)
            inside = rect.adjusted(look.px(12), 0, -look.px(12), 0)
            painter.words_in(self.text(), look.font(EMPTY_PX), "ink2", inside, Qt.AlignmentFlag.AlignHCenter)
            return
        painter.box(rect, 12, "soft", edge="primary" if look.theme.outlined else "")
        room = rect.width() - look.px(24)
        px = fit_px(self.text(), room, look.wide(CODE_PX), bold=True, least=look.px(20)) / look.scale.k
        painter.words_in(self.text(), look.font(px, bold=True), "on_soft", rect, Qt.AlignmentFlag.AlignHCenter)


class CodeCard(Card):
    """`wanted` gives the kind of PC for a new code, `over` says that the code shown has expired."""

    wanted = Signal(PcKind)
    over = Signal()

    def __init__(self, look: Look, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._clock = clock
        self._code: JoinCode | None = None
        self._ended = ""
        self._title = Label(look, _("Let a PC join"), px=20, bold=True)
        self.kinds = {kind: ToggleChoice(look, kind_word(kind), height=44, px=16) for kind in PcKind}
        self._kinds = EvenGrid(look, height=44, gap=8)
        self._kinds.setAccessibleName(_("Kind of PC"))
        self._kinds.set_widgets(list(self.kinds.values()))
        for toggle in self.kinds.values():
            toggle.setAutoExclusive(True)
            toggle.clicked.connect(self._show)
        self.kinds[PcKind.STAFF].setChecked(True)
        self._hint = Label(look, px=15, token="ink2", wrap=True)
        self.box = CodeBox(look)
        self.left = Label(look, px=17, tabular=True, wrap=True)
        self.first_button = PrimaryButton(look, _("Make a join code"), icon="plus", height=48, px=16)
        self.new_button = SecondaryButton(look, _("New code"), icon="plus", height=48)
        self.buttons = (self.first_button, self.new_button)
        for button in self.buttons:
            button.clicked.connect(self._want)
        self._second = QTimer(self)
        self._second.setInterval(SECOND_MS)
        self._second.timeout.connect(self.count)
        self._build()
        self._show()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        spread(self.look, column, (20, 16, 20, 16), 10)
        for part in (self._title, self._kinds, self._hint, self.box):
            column.addWidget(part)
        foot = self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(self.look, foot, spacing=12)
        foot.addWidget(self.left, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.first_button)
        foot.addWidget(self.new_button)
        column.addLayout(foot)
        column.addStretch(1)

    def show_code(self, code: JoinCode | None, *, ended: str, busy: bool) -> None:
        """Show a code with the time left, or what became of the last one in `ended`, "" if there was none."""
        if code is not None and code != self._code:
            self.kinds[code.kind].setChecked(True)
        self._code, self._ended = code, ended
        self.first_button.set_busy(busy)
        self.new_button.set_busy(busy)
        self._run()
        self._show()

    def kind(self) -> PcKind:
        """Return the kind of PC that is chosen."""
        return next(kind for kind, toggle in self.kinds.items() if toggle.isChecked())

    def _want(self) -> None:
        self.wanted.emit(self.kind())

    def _show(self) -> None:
        code, kind = self._code, self.kind()
        self._hint.setText(kind_hint(kind))
        # A code lets in the kind of PC it was made for, whatever is chosen afterwards.
        shown = code if code is not None and code.kind is kind else None
        if shown is not None:
            self.box.show_code(shown.code)
            self.left.setText(countdown_text(shown, self._clock()))
        else:
            self.box.say(self._ended or _("No code for this kind of PC yet."))
            self.left.setText("")
        self.first_button.setVisible(shown is None)
        self.new_button.setVisible(shown is not None)

    def count(self) -> None:
        """Update the time left, and report when it has run out."""
        if self._code is not None and self._clock() >= self._code.expires:
            self.over.emit()
        else:
            self._show()

    def _run(self) -> None:
        """Count only while there is something to count and somebody sees it."""
        if self._code is not None and self.isVisible():
            self._second.start()
        else:
            self._second.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        put_beside(self.width() >= self.look.px(FOOT_BESIDE_FROM), self._foot)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()


# -- before a hall is shared -------------------------------------------------------------------------------------------

ICONS = ("plug", "lock", "check")


class _Icon(Follows, QWidget):
    """An icon in front of a sentence."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self.follow(look)
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(24), self.look.px(27))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: object) -> None:
        Painter(self, self.look).icon(self._name, "primary", 0, self.look.px(2), 22)


class SharingStart(QWidget):
    """`wanted` when the hall is to be shared."""

    wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._what = Label(
            look,
            _(
                "This hall runs on this PC alone. Share it, and a PC at the door, one at each window and one behind the big screen work in it together."
            ),
            px=20,
            wrap=True,
        )
        self._facts = [Label(look, text, px=17, token="ink2", wrap=True) for text in _facts()]
        self.share_button = PrimaryButton(look, "", icon="plug", height=64, px=20)
        self.share_button.clicked.connect(self.wanted)
        self.line = ErrorLine(look)
        column = self._column = QVBoxLayout(self)
        spread(look, column, (PAGE, 4, PAGE, 20), 14)
        column.addWidget(self._what)
        for name, fact in zip(ICONS, self._facts, strict=True):
            row = QHBoxLayout()
            spread(look, row, spacing=12)
            row.addWidget(_Icon(look, name), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(fact, 1)
            column.addLayout(row)
        acts = QHBoxLayout()
        spread(look, acts, (0, 14, 0, 0))
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

    def show_state(self, *, may_share: bool, is_sharing: bool, has_moved: bool, hindrance: str, refusal: str) -> None:
        """Show what prevents sharing, or the progress: `hindrance` prevents it altogether, `refusal` is that of the
        last try; both are whole sentences."""
        self.share_button.setVisible(may_share and not has_moved)
        self.share_button.set_busy(is_sharing)
        self.share_button.setEnabled(not hindrance)
        self.share_button.setText(_("Sharing the hall …") if is_sharing else _("Share this hall"))
        if is_sharing:
            self.line.say(_("The data moves over and is checked. Please leave this PC switched on."), refused=False)
        elif has_moved:
            self.line.say(_("The hall is shared now. This window opens again there."), refused=False)
        elif not may_share:
            self.line.say(_("Only a manager or an admin can share the hall."), refused=False)
        else:
            self.line.say(hindrance or refusal, refused=bool(hindrance or refusal))


def _facts() -> list[str]:
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
