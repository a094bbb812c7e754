"""The page before a hall is shared: what sharing means, the button, and the progress."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import PrimaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

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
        self._what = Label(look, px=20, wrap=True)
        self._facts = [Label(look, px=17, token="ink2", wrap=True) for _name in ICONS]
        self.share_button = PrimaryButton(look, "", icon="plug", height=64, px=20)
        self.share_button.clicked.connect(self.wanted)
        self.line = ErrorLine(look)
        column = self._column = QVBoxLayout(self)
        spread(look, column, (32, 4, 32, 20), 14)
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
        """Leave so much room at the right, in device-independent pixels."""
        margins = self._column.contentsMargins()
        margins.setRight(px)
        self._column.setContentsMargins(margins)

    def retranslate(self) -> None:
        self._what.setText(
            _(
                "This hall runs on this PC alone. Share it, and a PC at the door, one at each window and one behind the big screen work in it together."
            )
        )
        for label, text in zip(self._facts, _facts(), strict=True):
            label.setText(text)

    def show_state(self, *, may_share: bool, is_sharing: bool, has_moved: bool, hindrance: str, refusal: str) -> None:
        """Show what stands in the way, or how far it is: `hindrance` of sharing at all, `refusal` of the last try,
        whole sentences both."""
        self.share_button.setVisible(may_share and not has_moved)
        self.share_button.set_busy(is_sharing)
        self.share_button.setEnabled(not hindrance)
        self.share_button.setText(_("Sharing the hall …") if is_sharing else _("Share this hall"))
        if is_sharing:
            self.line.say(_("The data moves over and is checked. Please leave this PC switched on."), refused=False)
        elif has_moved:
            self.line.say(_("The hall is shared now. This window opens again there."), refused=False)
        elif not may_share:
            self.line.say(_("Only a manager or an admin shares the hall."), refused=False)
        else:
            self.line.say(hindrance or refusal, refused=bool(hindrance or refusal))


def _facts() -> list[str]:
    """Return what sharing means for this PC, for the others, and for the data."""
    return [
        _("This PC becomes the hall's main PC: it keeps the data and has to be switched on while the hall is open."),
        _(
            "Another PC comes in by a code that works once, talks to this one encrypted, and can be withdrawn at any time."
        ),
        _(
            "All data moves over and is checked event by event. Today's data file stays as it is, and can still be read."
        ),
    ]
