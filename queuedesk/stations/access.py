"""Using a customers' screen by arrow keys, digits and Enter, by one or two switches, or by ear. Keys are reached row by
row. A listener hears a key at the first touch and presses it with the second."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from math import ceil
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QInputEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from queuedesk.i18n import _, current_language
from queuedesk.stations.window.context import SpeakerToCustomers, StationContext
from queuedesk.stations.window.style import Look

LAST = "comes-last"  # dynamic property of what holds keys that come after all others
# Keys whose middles are closer than this share of the lower one stand in one row.
SAME_ROW = 0.5
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}

Keys = list[QAbstractButton]
Places = dict[QAbstractButton, QRect]


def visible_keys_in_reading_order(host: QWidget) -> Keys:
    """Return the keys in `host` that can be seen and pressed, in rows from the top, each from the left."""
    return [key for row in visual_key_rows(host) for key in row]


def button_places_in_reading_order(host: QWidget) -> Places:
    at = _usable_button_places(host)
    return {key: at[key] for row in _buttons_by_visual_row(at) for key in row}


def visual_key_rows(host: QWidget) -> list[Keys]:
    return _buttons_by_visual_row(_usable_button_places(host))


def _usable_button_places(host: QWidget) -> Places:
    keys = host.findChildren(QAbstractButton)
    return {one: rect_of_key_in_host(one, host) for one in keys if one.isVisible() and one.isEnabled()}


def _buttons_by_visual_row(at: Places) -> list[Keys]:
    last = {key: is_button_in_part_beside_page(key) for key in at}
    rows: list[Keys] = []
    for key in sorted(at, key=lambda key: (last[key], at[key].center().y(), at[key].left())):
        if rows:
            before, first, now = rows[-1][0], at[rows[-1][0]], at[key]
            near = SAME_ROW * min(first.height(), now.height())
            if last[before] == last[key] and abs(now.center().y() - first.center().y()) < near:
                rows[-1].append(key)
                continue
        rows.append([key])
    for row in rows:
        row.sort(key=lambda key: at[key].left())
    return rows


def rect_of_key_in_host(key: QWidget, host: QWidget) -> QRect:
    return QRect(key.mapTo(host, QPoint(0, 0)), key.size())


def next_key_by_arrow(places: Places, key: QAbstractButton, arrow: Qt.Key) -> QAbstractButton | None:
    across, down = ARROWS[arrow]
    here = places[key].center()
    best: tuple[float, QAbstractButton] | None = None
    for other, at in places.items():
        there = at.center()
        ahead = (there.x() - here.x()) * across + (there.y() - here.y()) * down
        aside = abs((there.x() - here.x()) * down) + abs((there.y() - here.y()) * across)
        if other is key or ahead <= 0 or (across and aside > max(places[key].height(), at.height()) * SAME_ROW):
            continue
        far = ahead + 2.0 * aside
        if best is None or far < best[0]:
            best = (far, other)
    return best[1] if best else None


def is_button_in_part_beside_page(key: QWidget) -> bool:
    """Whether a key belongs to a part beside the page, which comes last."""
    holder = key.parentWidget()
    return holder is not None and bool(holder.property(LAST))


# -- switch access: keys are offered one after another, and a press takes the one offered --------------------------

STEPS_MS = (1000, 1500, 2000, 3000, 5000, 8000)
USUAL_STEP_MS = 2000
# Up to so many keys are offered one by one; more of them row by row first.
FEW = 6
# A row that nobody takes anything from is left again.
ROUNDS_IN_ROW = 2
# Whoever pressed the switch has gone.
PASSES_ALONE = 3
FRAME_PX, FRAME_GAP = 9, 8


class AccessSwitchesInUse(StrEnum):
    """The switches in use: none, one (the offer moves by itself), or two (one moves, one takes)."""

    NONE = "off"
    ONE = "one"
    TWO = "two"


class OfferedKeyFrame(QWidget):
    """A thick frame round the offered key, on top of everything, letting touches through."""

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(host)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def place_around(self, rect: QRect) -> None:
        self.setGeometry(rect.adjusted(-FRAME_GAP, -FRAME_GAP, FRAME_GAP, FRAME_GAP))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = FRAME_PX / 2
        for token, width in (("paper", FRAME_PX), ("ink", FRAME_PX - 4)):
            painter.setPen(QPen(self._look.color(token), width))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), 16, 16)
        painter.end()


class SwitchScanner(QObject):
    """Offers the keys of `host()` one after another; `offered` gives the current offer in words, for listeners."""

    offered = Signal(str)

    def __init__(self, view: QWidget, host: Callable[[], QWidget], look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._host = view, host
        self._frame = OfferedKeyFrame(look, view)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.offer_next)
        self._by_itself = True
        self._row: int | None = None
        self._at = -1
        self._round = self._passes = 0
        self._shape: tuple[int, ...] = ()
        self.is_on = False

    @property
    def step_ms(self) -> int:
        return self._timer.interval()

    def set_step(self, step_ms: int) -> None:
        self._timer.setInterval(step_ms)

    def start(self, *, by_itself: bool) -> None:
        """Begin with the first key; `by_itself` moves on with time, otherwise a switch calls `step`."""
        self.is_on, self._by_itself = True, by_itself
        self._reset_to_first_row()
        self.offer_next()

    def stop(self) -> None:
        self.is_on = False
        self._timer.stop()
        self._frame.hide()

    def offer_next(self) -> None:
        if not self.is_on:
            return
        groups = self._scanned_key_groups()
        shape = tuple(len(group) for group in groups)
        if shape != self._shape:
            self._reset_to_first_row()
            self._shape = shape
        if not groups:
            self._frame.hide()
            return
        if self._row is None:
            self._at += 1
            if self._at >= len(groups):
                self._at, self._passes = 0, self._passes + 1
            if self._passes >= PASSES_ALONE and self._by_itself:
                self.stop()
                return
            self._frame_and_announce_keys(groups[self._at])
        else:
            row = groups[self._row]
            self._at += 1
            if self._at >= len(row):
                self._at, self._round = 0, self._round + 1
            if self._round >= ROUNDS_IN_ROW:
                self._at, self._row, self._round = self._row, None, 0
                self._frame_and_announce_keys(groups[self._at])
            else:
                self._frame_and_announce_keys([row[self._at]])
        if self._by_itself:
            self._timer.start()

    def take_offer(self) -> None:
        """Take the offer: enter a row, or press the key."""
        self._passes = 0
        groups = self._scanned_key_groups()
        if not self.is_on or tuple(len(group) for group in groups) != self._shape or self._at < 0:
            self.offer_next()
            return
        if self._row is None and len(groups[self._at]) > 1:
            self._row, self._at, self._round = self._at, -1, 0
            self.offer_next()
            return
        key = groups[self._at][0] if self._row is None else groups[self._row][self._at]
        if self._by_itself:
            self._timer.start()
        if self._row is not None:
            self._at, self._row, self._round = self._row, None, 0
        key.click()

    def full_scan_seconds(self) -> int:
        """Return how many seconds a page must stay for a full round: all its rows twice, and the longest of them."""
        groups = self._scanned_key_groups()
        return ceil((2 * len(groups) + max((len(group) for group in groups), default=0)) * self.step_ms / 1000)

    def _reset_to_first_row(self) -> None:
        self._row, self._at, self._round, self._passes = None, -1, 0, 0

    def _scanned_key_groups(self) -> list[Keys]:
        rows = visual_key_rows(self._host())
        keys = [key for row in rows for key in row]
        return [[key] for key in keys] if len(keys) <= FEW else rows

    def _frame_and_announce_keys(self, keys: Keys) -> None:
        around = QRect()
        for key in keys:
            around = around.united(rect_of_key_in_host(key, self._view))
        self._frame.place_around(around)
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.clearFocus()
        self.offered.emit(", ".join(key.accessibleName() for key in keys))


_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})
_DIGITS, _SOUND = frozenset("123456789"), frozenset("0+-")


class KeyboardControl(QObject):
    """Watches the keys of a page. `offered` gives the words of a key offered to switches, `sound_wanted` a key for the
    sound: 0 + -. Space and Enter press the key with the focus; without focus they are switches: a single one starts the
    offer and takes it; with two, Space moves on and Enter takes."""

    offered = Signal(str)
    sound_wanted = Signal(str)
    # What Python has let go of may live on in Qt for a while and see every key of the program.
    _view: QWidget | None = None

    def __init__(
        self,
        view: QWidget,
        look: Look,
        parent: QObject,
        *,
        host: Callable[[], QWidget],
        digits_press: Callable[[], bool],
        enter_is_taken: Callable[[], bool] = lambda: False,
    ) -> None:
        """`host` returns what holds the keys that can be pressed now; `digits_press` whether digits write nothing
        there; `enter_is_taken` whether Enter means something of its own."""
        super().__init__(parent)
        self._host, self._do_digits_press_keys, self._enter_is_taken = host, digits_press, enter_is_taken
        self.scan = SwitchScanner(view, host, look, self)
        self.scan.offered.connect(self.offered)
        self.switches = AccessSwitchesInUse.ONE
        self.scan.set_step(USUAL_STEP_MS)
        self._view = view
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def set_switches_and_scan_step(self, switches: str, step_ms: int) -> None:
        self.switches = (
            AccessSwitchesInUse(switches) if switches in list(AccessSwitchesInUse) else AccessSwitchesInUse.ONE
        )
        self.scan.set_step(step_ms)
        self.scan.stop()

    def host_widget(self) -> QWidget:
        return self._host()

    def stop(self) -> None:
        self._view = None
        self.scan.stop()
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Its kind is asked of few events: every one of the program comes here.
        view = self._view
        if not isinstance(event, QInputEvent) or view is None or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.MouseButtonPress and watched.window() is view.window():
            self.scan.stop()
        if event.type() != QEvent.Type.KeyPress or not (watched is view or view.isAncestorOf(watched)):
            return False
        if watched is not QApplication.focusWidget():
            return False
        return self._handle_key(cast(QKeyEvent, event))

    def _handle_key(self, event: QKeyEvent) -> bool:
        """Return whether the key was one of ours; who writes in a field is left alone."""
        if isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit):
            return False
        key = Qt.Key(event.key())
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        chosen = self._focused_button()
        if key == Qt.Key.Key_Escape and self.scan.is_on:
            self.scan.stop()
            return True
        if key in ARROWS or key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.scan.stop()
            return key in ARROWS and self._move_focus_by_arrow_key(chosen, key)
        if key in _ENTER or key == Qt.Key.Key_Space:
            return chosen is None and not event.isAutoRepeat() and self._handle_switch_key(key)
        return self._press_key_for_digit(event.text())

    def _focused_button(self) -> QAbstractButton | None:
        focus = QApplication.focusWidget()
        return focus if isinstance(focus, QAbstractButton) and self.host_widget().isAncestorOf(focus) else None

    def _move_focus_by_arrow_key(self, chosen: QAbstractButton | None, arrow: Qt.Key) -> bool:
        places = button_places_in_reading_order(self.host_widget())
        found = next_key_by_arrow(places, chosen, arrow) if chosen in places else next(iter(places), None)
        if found is not None:
            found.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _handle_switch_key(self, key: Qt.Key) -> bool:
        """Do what a switch does that was pressed while nothing is chosen."""
        if self.switches is AccessSwitchesInUse.NONE:
            return False
        if self.scan.is_on:
            if self.switches is AccessSwitchesInUse.TWO and key == Qt.Key.Key_Space:
                self.scan.offer_next()
            else:
                self.scan.take_offer()
            return True
        if key in _ENTER and self._enter_is_taken() and self.switches is AccessSwitchesInUse.ONE:
            return False
        self.scan.start(by_itself=self.switches is AccessSwitchesInUse.ONE)
        return True

    def _press_key_for_digit(self, text: str) -> bool:
        """Press the first key for 1, the second for 2: where digits write nothing."""
        if text not in _DIGITS | _SOUND or not text or not self._do_digits_press_keys():
            return False
        if text in _SOUND:
            self.sound_wanted.emit(text)
            return True
        keys = visible_keys_in_reading_order(self.host_widget())
        if int(text) <= len(keys):
            keys[int(text) - 1].click()
        return True


STEPS = 5
AT_ONCE = "acts-at-once"  # dynamic property of a key that is never only heard
_RANGE = re.compile(r"(\d+)[\u2060]*\u2013[\u2060]*(\d+)")


class PageReadAloud(QObject):
    """Reads aloud while `is_on`. `changed`: it began, ended, or changed volume; `page` returns what to read. `touched`:
    a key was touched only to hear it, which is not a press."""

    changed = Signal()
    touched = Signal()
    # What Python has let go of may live on in Qt for a while and see every touch of the program.
    _view: QWidget | None = None

    def __init__(self, context: StationContext, view: QWidget, page: Callable[[], list[str]], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._page = context, page
        self._holds: QObject | None = None
        self.is_on = False
        self.volume = 0
        self._view = view
        app = QCoreApplication.instance()
        if isinstance(app, QApplication):
            app.installEventFilter(self)
            app.focusChanged.connect(self._read_focused_button)

    def stop(self) -> None:
        self._view = None
        app = QCoreApplication.instance()
        if isinstance(app, QApplication):
            app.removeEventFilter(self)
            app.focusChanged.disconnect(self._read_focused_button)
        if self._customer_speech_service is not None:
            self._customer_speech_service.stop_speaking()

    @property
    def can_be_used(self) -> bool:
        return self._customer_speech_service is not None and self._customer_speech_service.can_speak()

    def begin_reading(self) -> None:
        """Read from now on, at normal volume."""
        if self.is_on or not self.can_be_used:
            return
        self.is_on = True
        self._set_volume(0)
        self.changed.emit()

    def end_reading(self) -> None:
        """Stop reading; the next customer gets normal volume."""
        if self.is_on:
            self.is_on = False
            if self._customer_speech_service is not None:
                self._customer_speech_service.stop_speaking()
                self._customer_speech_service.set_volume_step(0)
            self.changed.emit()

    def read_page_aloud(self) -> None:
        if self.is_on:
            self.speak_parts_even_if_off(self._page())

    def read_key_aloud(self, words: str) -> None:
        if self.is_on and words:
            self.speak_parts_even_if_off([text_for_speech(words)])

    def speak_parts_even_if_off(self, parts: Sequence[str]) -> None:
        """Say this, even to people who are not listening: only for what must not be missed."""
        if self._customer_speech_service is not None:
            self._customer_speech_service.speak(list(parts), current_language())

    def change_volume(self, step: int) -> None:
        self._set_volume(self.volume + step)
        self.changed.emit()
        self.speak_parts_even_if_off([self.volume_step_text()])

    def volume_step_text(self) -> str:
        return _("Volume {step} of {steps}", step=self.volume, steps=STEPS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Use the first touch of a key only to read it."""
        if self._view is None or not self.is_on or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonRelease and watched is self._holds:
            self._holds = None
            return True
        if kind not in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            return False
        if not isinstance(watched, QAbstractButton) or not self._view.isAncestorOf(watched) or watched.hasFocus():
            return False
        if is_button_in_part_beside_page(watched) or watched.property(AT_ONCE) or not watched.isEnabled():
            return False
        self._holds = watched
        watched.setFocus(Qt.FocusReason.TabFocusReason)
        self.touched.emit()
        return True

    def _read_focused_button(self, _old: QWidget | None, new: QWidget | None) -> None:
        view = self._view
        if view is not None and isinstance(new, QAbstractButton) and view.isAncestorOf(new):
            self.read_key_aloud(new.accessibleName() or new.text())

    @property
    def _customer_speech_service(self) -> SpeakerToCustomers | None:
        return self._context.services.speech

    def _set_volume(self, step: int) -> None:
        self.volume = (
            self._customer_speech_service.set_volume_step(step) if self._customer_speech_service is not None else 0
        )


def text_for_speech(words: str) -> str:
    """Return words in the form that a voice reads, without signs that are only for the eye."""
    joined = _RANGE.sub(lambda found: _("{low} to {high}", low=found[1], high=found[2]), words)
    return " ".join(joined.replace("\u2060", "").replace("·", ",").split())
