"""A suggested move: what to do, what it will bring, and two keys: do it, not now."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import AccentButton, Button, PrimaryButton, TextButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.window.style import Look

LARGE_TEXT = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionText:
    """One move in words; `key` names it to the desk, `do` is the word of its key."""

    key: str
    title: str
    effect: str
    do: str


class _Rank(Follows, QWidget):
    """The number of a suggestion in its round."""

    def __init__(self, look: Look, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.follow(look)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(34), self.look.px(34))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        painter.box(rect, 17, "primary" if self._number == 1 else "ink2")
        font = look.font(18, bold=True)
        painter.words_in(
            str(self._number),
            font,
            "on_primary" if self._number == 1 else "surface",
            rect,
            Qt.AlignmentFlag.AlignHCenter,
        )


class SuggestionCard(Card):
    """The first one has the filled key; a `small` one has its keys beside its words."""

    taken = Signal(str)
    declined = Signal(str)

    def __init__(
        self, look: Look, text: SuggestionText, number: int, *, small: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, chosen=number == 1, parent=parent)
        self.text_shown = text
        self._title = Label(look, text.title, px=20 if small else 26, bold=True, wrap=small)
        self._effect = Label(look, text.effect, px=16 if small else 19, token="ink2" if small else "ink", wrap=True)
        self.do_button: Button = (
            PrimaryButton(look, text.do, height=48 if small else 56, px=18)
            if number == 1
            else AccentButton(look, text.do, height=44 if small else 52, px=17)
        )
        not_now = _("Not now", context="move")
        self.no_button = TextButton(look, not_now, height=44, px=17)
        self.do_button.setAccessibleName(f"{text.do}: {text.title}")
        self.no_button.setAccessibleName(f"{not_now}: {text.title}")
        self._build(look, number, small)
        self.do_button.clicked.connect(self._take)
        self.no_button.clicked.connect(self._decline)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _build(self, look: Look, number: int, small: bool) -> None:
        # Large letters need the whole width.
        beside = small and look.scale.text < LARGE_TEXT
        box: QBoxLayout = QHBoxLayout(self) if beside else QVBoxLayout(self)
        spread(look, box, (22, 10, 14, 10) if small else (26, 20, 26, 20), 10 if small else 8)
        head = QHBoxLayout()
        spread(look, head, spacing=12)
        head.addWidget(_Rank(look, number), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        spread(look, words, spacing=2)
        words.addWidget(self._title)
        if small:
            words.addWidget(self._effect)
        head.addLayout(words, 1)
        box.addLayout(head, 1 if beside else 0)
        keys = QHBoxLayout()
        spread(look, keys, spacing=12)
        keys.addWidget(self.do_button)
        keys.addWidget(self.no_button)
        if not small:
            box.addWidget(self._effect)
        if not beside:
            keys.addStretch(1)
        box.addLayout(keys)

    def set_busy(self, busy: bool) -> None:
        self.do_button.set_busy(busy)
        self.no_button.setEnabled(not busy)

    def _take(self) -> None:
        self.taken.emit(self.text_shown.key)

    def _decline(self) -> None:
        self.declined.emit(self.text_shown.key)
