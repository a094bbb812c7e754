"""What asks to be looked at: two strips side by side, the rest behind one word; a calm line when there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from queuedesk.i18n import _, n_
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.widgets.buttons import Button, TextButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.style import Look

# -- one alert ---------------------------------------------------------------------------------------------------------


class _SeenButton(Button):
    """A word in the alert's own colour, without an edge: it leads nowhere."""

    fill, fill_hover, fill_down = "", "surface", "surface"
    edge = ""

    def _padding(self) -> int:
        return self.look.px(10)

    def take(self, token: str) -> None:
        self.ink = self.ink_down = token
        self.update()


class AlertStrip(Banner):
    """One alert; `seen` says that the quiet button was pressed, `acted` the other one."""

    seen = Signal()
    _seen: _SeenButton | None = None

    def __init__(self, look: Look, *, height: float = 52, parent: QWidget | None = None) -> None:
        super().__init__(look, stacked=True, height=height, parent=parent)
        self._seen = _SeenButton(look, "", height=40, px=16, parent=self)
        self._seen.clicked.connect(self.seen)
        # Read and reached from left to right.
        QWidget.setTabOrder(self._seen, self.button())

    def set_alert(self, text: AlertText) -> None:
        """Show an alert; the person who has seen it is in its second line, without the quiet button."""
        seen = self._seen
        if seen is not None:
            seen.setText(_("Seen", context="alert"))
            seen.setAccessibleName(_("Seen: {alert}", alert=text.title))
            seen.take("blue" if text.is_seen else text.level)
            seen.setVisible(bool(text.kind) and not text.is_seen)
        level = "blue" if text.is_seen else text.level
        self.set_banner(level, text.title, text.second, button=text.button, icon="check" if text.is_seen else "")
        self.setToolTip(f"{text.title}\n{text.second}")

    def set_away(self, away: bool) -> None:
        """While the hall is away nobody can be noted as having seen it; its target can be opened."""
        self.seen_button().set_held(away)

    def seen_button(self) -> Button:
        if self._seen is None:
            raise ValueError("a strip that is not built yet")
        return self._seen

    def seen_width(self) -> int:
        """Return the width of the quiet button with the gap before the other one."""
        return self.seen_button().sizeHint().width() + self.look.px(6)

    def _text_right(self) -> int:
        if self._seen is None or self._seen.isHidden():
            return super()._text_right()
        return self._seen.x() - self.look.px(8)

    def _place(self) -> None:
        super()._place()
        if self._seen is not None:
            size = self._seen.sizeHint()
            self._seen.resize(size)
            button = self.button()
            right = self.width() - self.look.px(10) if button.isHidden() else button.x() - self.look.px(6)
            self._seen.move(right - size.width(), (self.height() - size.height()) // 2)


SHOWN = 2
HEIGHT = 52


class _Calm(Follows, QWidget):
    """Says that nothing asks for the manager now; it keeps the room of the strips."""

    spoken_role = TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        painter.box(rect, 12, "", edge="edge" if look.theme.outlined else "line")
        painter.icon("check", "primary", look.px(18), (self.height() - look.px(22)) / 2, 22)
        left = look.px(56)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.words_in(self._text, look.font(16), "ink2", room, Qt.AlignmentFlag.AlignLeft)


class AlertsDialog(Dialog):
    """Every alert, each with its buttons; alerts that somebody has seen come last and say who."""

    place_wanted = Signal(object)
    seen = Signal(object)

    def __init__(self, host: QWidget, look: Look, texts: Sequence[AlertText], *, is_away: bool = False) -> None:
        super().__init__(host, look, title=_("To look at now"), width=720)
        self.strips: list[AlertStrip] = []
        for text in texts:
            strip = AlertStrip(self.look)
            strip.set_alert(text)
            strip.set_away(is_away)
            strip.acted.connect(partial(self._go, text))
            strip.seen.connect(partial(self._note, text))
            self.body.addWidget(strip)
            self.strips.append(strip)
        self.put_answers(_("Back"))

    def _go(self, text: AlertText) -> None:
        self.close_dialog()
        self.place_wanted.emit(text.place)

    def _note(self, text: AlertText) -> None:
        self.close_dialog()
        self.seen.emit(text)


class AlertsRow(QWidget):
    """`place_wanted` gives the target Place of a strip's button, `seen` the AlertText that somebody has seen."""

    place_wanted = Signal(object)
    seen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.texts: list[AlertText] = []
        self._elsewhere = self._is_away = False
        self._row = row = QHBoxLayout(self)
        spread(look, row, spacing=12)
        self.strips = [AlertStrip(look, height=HEIGHT) for _number in range(SHOWN)]
        self.calm = _Calm(look)
        self.more = TextButton(look, "", height=HEIGHT)
        for number, strip in enumerate(self.strips):
            strip.acted.connect(partial(self._go, number))
            strip.seen.connect(partial(self._note, number))
            row.addWidget(strip, 1)
        row.addWidget(self.calm, 1)
        row.addWidget(self.more)
        self.more.clicked.connect(self.show_all)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for widget in (*self.strips, self.more):
            widget.hide()

    def set_alerts(self, texts: Sequence[AlertText]) -> None:
        """Show the first two; the others are counted."""
        self.texts = list(texts)
        self._show()

    def set_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act; an open list of all of them follows."""
        self._is_away = away
        opened = self.window().findChildren(AlertsDialog)
        for strip in (*self.strips, *(strip for dialog in opened for strip in dialog.strips)):
            strip.set_away(away)

    @property
    def is_calm(self) -> bool:
        """Whether the page says that there are no alerts."""
        return not self.texts and not self._elsewhere

    def set_elsewhere(self, asks: bool) -> None:
        """Set whether something else on the page needs attention: then it does not say that nothing does."""
        self._elsewhere = asks
        self._show()

    def _show(self) -> None:
        shown, fresh = self._room_for(), self._fresh
        for number, strip in enumerate(self.strips):
            text = fresh[number] if number < min(shown, len(fresh)) else None
            if text is not None:
                strip.set_alert(text)
            strip.setVisible(text is not None)
        self.calm.set_text(_("Nothing new needs you") if self.texts else _("Nothing needs you now"))
        self.calm.setVisible(not fresh)
        self.setVisible(bool(self.texts) or not self._elsewhere)
        words = self._more_words(shown)
        self.more.setText(words)
        self.more.setVisible(bool(words))

    @property
    def _fresh(self) -> list[AlertText]:
        """Return the alerts that nobody has seen."""
        return [text for text in self.texts if not text.is_seen]

    def _room_for(self) -> int:
        """Return how many strips can say all they have to: two, or one where the text is large. Each gets the width it
        needs."""
        look, seen = self._look, self.strips[0].seen_width()
        needs = []
        for number, text in enumerate(self._fresh[:SHOWN]):
            words = max(width_of(look.font(17, bold=True), text.title), width_of(look.font(15), text.second))
            need = words + width_of(look.font(16, bold=True), text.button) + look.px(56 + 8 + 36 + 18) + seen
            needs.append(need)
            self._row.setStretch(number, round(need))
        if len(needs) < SHOWN:
            return SHOWN
        has_more = len(self.texts) > SHOWN
        more = (
            width_of(look.font(17, bold=True), self._more_words(SHOWN)) + look.px(20) + look.gap(12) if has_more else 0
        )
        return SHOWN if sum(needs) + look.gap(12) + more <= self.width() else 1

    def _more_words(self, shown: int) -> str:
        """Return what is said of the alerts that are not among the first `shown`."""
        fresh = self._fresh
        rest, seen = len(fresh) - min(shown, len(fresh)), len(self.texts) - len(fresh)
        words = [
            n_("{n} more", "{n} more", rest, context="alerts") if rest else "",
            n_("{n} seen", "{n} seen", seen, context="alerts") if seen else "",
        ]
        return " · ".join(word for word in words if word)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def show_all(self) -> None:
        """Open the list of all alerts."""
        dialog = AlertsDialog(self.window(), self._look, self.texts, is_away=self._is_away)
        dialog.place_wanted.connect(self.place_wanted)
        dialog.seen.connect(self.seen)
        dialog.open_dialog()

    def _go(self, number: int) -> None:
        if number < len(self._fresh):
            self.place_wanted.emit(self._fresh[number].place)

    def _note(self, number: int) -> None:
        if number < len(self._fresh):
            self.seen.emit(self._fresh[number])
