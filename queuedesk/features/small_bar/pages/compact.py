"""Switches between the full window and the small bar, also from any program, and places the bar."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QElapsedTimer,
    QEvent,
    QObject,
    QPoint,
    QRect,
    QSize,
    QSocketNotifier,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from queuedesk.features.small_bar.pages import small_bar
from queuedesk.i18n import _, names
from queuedesk.stations.counter import words
from queuedesk.stations.counter.controller import CounterController, WindowShrinker
from queuedesk.stations.counter.scene import ClerkAct, SentOnCustomer
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import screen_under_widget
from queuedesk.stations.widgets.questions.dialogs import MARGIN, Dialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

ANYWHERE = "Ctrl F9"
SAID_MS = 8000
QUESTION_WIDTH, GAP, EDGE, RADIUS = 680, 12, 2, 18
PLACE = re.compile(r"(-?\d{1,6}),(-?\d{1,6})")


class BarQuestionWindow(QWidget):
    """A window beside the bar for an act's question; it has the keyboard while it is open.

    Only the sheet of its question is visible, wherever that is within the window."""

    def __init__(self, look: Look, bar: small_bar.SmallBar) -> None:
        super().__init__()
        self._look, self._bar = look, bar
        self._sheet: QWidget | None = None
        self.setWindowFlags(Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)

    def show_sheet(self, dialog: Dialog) -> None:
        """Show the question's sheet beside the bar, and follow it as it grows."""
        self._sheet = dialog.sheet
        dialog.sheet.installEventFilter(self)
        self._follow_sheet_geometry()
        self.show()
        self.raise_()
        self.activateWindow()
        dialog.first_focus_widget().setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._sheet and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._follow_sheet_geometry()
        return False

    def _follow_sheet_geometry(self) -> None:
        if self._sheet is None:
            return
        sheet = self._sheet.geometry().adjusted(-EDGE, -EDGE, EDGE, EDGE)
        self.setMask(small_bar.rounded_region(sheet, self._look.px(RADIUS)))
        area = screen_under_widget(self._bar).availableGeometry()
        self.move(position_beside_bar(self._bar.geometry(), sheet.size(), area, self._look.px(GAP)) - sheet.topLeft())

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self._look).fillRect(self.rect(), self._look.color("paper"))


class SmallBarShrinker(WindowShrinker):
    """The small bar of one counter.

    Option "bar_place" ("x,y") and tool "store_bar_position" (x, y) remember where the bar stands on this PC."""

    is_possible = True
    bar: small_bar.SmallBar | None

    def __init__(self, context: StationContext, controller: CounterController, page: QWidget) -> None:
        super().__init__(context, controller, page)
        self._acts: tuple[ClerkAct, ...] = ()
        self._away = self._emergency = ""
        self._cases = 0
        self._told_key = False
        self.questions: BarQuestionWindow | None = None
        self.anywhere = GlobalHotKey(self)
        self.anywhere.pressed.connect(self.primary_pressed)
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(SAID_MS)
        self._said.timeout.connect(self.show_current_state)
        controller.went_on.connect(self._report_where_customer_goes)

    @property
    def more_button(self) -> QWidget | None:
        return self.bar.more_cell if self.on and self.bar is not None else None

    # -- which of the two ----------------------------------------------------------------------------------------

    def shrink(self, *, room: int | None = None) -> None:
        """Replace the window by the bar, as wide as its screen allows or as `room` does."""
        if self.on or self._controller.scene is None:
            return
        self.on = True
        bar = self.bar or self._create_bar()
        bar.set_available_width(room)
        state = self.anywhere.grab_key()
        self.show_current_state()
        bar.move(self._bar_position(bar))
        bar.show()
        self._page.window().hide()
        self._explain_key_unavailable(state)

    def restore(self) -> None:
        """Replace the bar by the window."""
        if not self.on:
            return
        self.on = False
        self.anywhere.release()
        self._said.stop()
        window = self._page.window()
        window.show()
        window.raise_()
        window.activateWindow()
        self.hide_questions()
        if self.bar is not None:
            self.bar.hide()
        self.restored.emit()

    def stop(self) -> None:
        """Release the key and close both windows."""
        self.on = False
        self.anywhere.release()
        self._said.stop()
        for window in (self.bar, self.questions):
            if window is not None:
                window.hide()
                window.deleteLater()
        self.bar = self.questions = None

    # -- what it shows -------------------------------------------------------------------------------------------

    def show_current_state(self) -> None:
        """Show the window's current state, unless a message is shown."""
        scene, bar = self._controller.scene, self.bar
        if scene is None or bar is None or not self.on or self._said.isActive():
            return
        if self._away:
            face = small_bar.offline_bar_content(scene, self._away)
        else:
            face = small_bar.bar_state_content(
                scene, self._controller.announcement_state, self._controller.current_nudge
            )
        if self._emergency:
            face = small_bar.emergency_bar_content(face, self._emergency)
        self._acts = face.acts
        acts = [(words.ICONS[act], small_bar.short_act_word(act, scene)) for act in face.acts]
        key = ANYWHERE if self.anywhere.state is GlobalKeyState.OURS else ""
        bar.setWindowTitle(_("Small bar"))
        window = names.window_label_for_customers(scene.setup, scene.window.code, with_way=False)
        widest = names.widest_ticket_label(scene.setup)
        bar.show_bar_content(face, window, widest, acts, key=key, more=_("More", context="bar"))

    def show_message(self, kind: str, sentence: str) -> None:
        """Show a refusal or warning in the bar for a while."""
        if self.on and self.bar is not None:
            self.bar.show_message(
                small_bar.sentence_content(sentence, kind=kind, icon="info" if kind == "blue" else "warning")
            )
            self._said.start()

    def _report_where_customer_goes(self, gone: SentOnCustomer) -> None:
        """Say in the bar where who was just finished goes now."""
        scene = self._controller.scene
        if scene is not None:
            self.show_message("blue", words.goes_on_to_service_line(scene.setup, gone))

    def clear_message(self) -> None:
        """Remove the message."""
        self._said.stop()
        self.show_current_state()

    def show_hall_away(self, fact: str) -> None:
        """Show that the hall's file can't be opened; "" when it can."""
        self._away = fact
        self.clear_message()

    def show_emergency(self, line: str) -> None:
        """Show an emergency in the bar until it is over, "" then; calls go on beside it."""
        self._emergency = line
        self.clear_message()

    def show_case_count(self, n: int) -> None:
        """Show under ⋯ how much there is to do in own cases."""
        self._cases = n
        if self.bar is not None:
            self.bar.more_cell.set_count(n)

    def set_busy(self, busy: bool) -> None:
        if self.bar is not None:
            self.bar.set_busy(busy)

    def _explain_key_unavailable(self, state: GlobalKeyState) -> None:
        """Say once why no key of another program reaches the bar."""
        if state is GlobalKeyState.OURS or self._told_key:
            return
        self._told_key = True
        if state is GlobalKeyState.TAKEN:
            self.show_message("blue", _("Another program uses Ctrl+F9. Touch this bar, then Space works."))
        elif QGuiApplication.platformName().startswith("wayland"):
            command = f"queuedesk call {self._controller.code}"
            self.show_message(
                "blue", _("For a shortcut in any program, bind {command} in the desktop's settings.", command=command)
            )

    # -- its questions -------------------------------------------------------------------------------------------

    def host_widget(self) -> QWidget:
        """Return the widget that a question covers: the page, or a small window beside the bar."""
        if not self.on or self.bar is None:
            return self._page
        look, area = self._context.look, screen_under_widget(self.bar).availableGeometry()
        self.questions = self.questions or BarQuestionWindow(look, self.bar)
        width = min(look.px(QUESTION_WIDTH) + 2 * MARGIN, area.width())
        self.questions.resize(width, area.height() - self.bar.height() - 2 * look.px(GAP))
        return self.questions

    def show_question(self, dialog: Dialog) -> None:
        """Show the question beside the bar, where there is room."""
        if self.questions is not None and self.on:
            self.questions.show_sheet(dialog)

    def hide_questions(self) -> None:
        """Close the small window: no question is open any more."""
        if self.questions is not None:
            self.questions.hide()

    # -- the bar itself ------------------------------------------------------------------------------------------

    def _create_bar(self) -> small_bar.SmallBar:
        bar = small_bar.SmallBar(self._context.look)
        bar.pressed.connect(self.primary_pressed)
        bar.acted.connect(self._emit_act_pressed)
        bar.more.connect(self.more_wanted)
        bar.key.connect(self._forward_key)
        bar.moved.connect(self._save_bar_position)
        bar.more_cell.set_count(self._cases)
        self.bar = bar
        return bar

    def _emit_act_pressed(self, place: int) -> None:
        if place < len(self._acts):
            self.pressed.emit(str(self._acts[place]))

    def _forward_key(self, event: QKeyEvent) -> None:
        self.key.emit(event)

    def _save_bar_position(self, place: QPoint) -> None:
        own = self._context.services.own_choices
        if own is not None:
            self._context.tasks.run_in_long_work_lane(
                lambda: own.store_bar_position(place.x(), place.y()), _ignore_result, _ignore_result
            )

    def _bar_position(self, bar: small_bar.SmallBar) -> QPoint:
        """Return where the bar was left on this PC if a screen is there, else the middle of the lower edge."""
        kept = position_from_text(str(self._context.options.get("bar_place") or ""))
        areas = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        if not bar.pos().isNull():
            return bar.pos()
        if kept is not None:
            wanted = QRect(kept, bar.size())
            area = next((area for area in areas if area.intersects(wanted)), None)
            if area is not None:
                return position_within_area(wanted, area)
        area = screen_under_widget(self._page.window()).availableGeometry()
        x = area.left() + (area.width() - bar.width()) // 2
        return QPoint(x, area.bottom() - bar.height() - self._context.look.px(GAP))


def position_from_text(text: str) -> QPoint | None:
    """Return the place written as "x,y", None if it is none."""
    found = PLACE.fullmatch(text)
    return QPoint(int(found[1]), int(found[2])) if found else None


def position_within_area(wanted: QRect, area: QRect) -> QPoint:
    """Return the place nearest to `wanted` at which everything lies within `area`."""
    x = max(area.left(), min(wanted.left(), area.right() + 1 - wanted.width()))
    y = max(area.top(), min(wanted.top(), area.bottom() + 1 - wanted.height()))
    return QPoint(x, y)


def position_beside_bar(bar: QRect, size: QSize, area: QRect, gap: int) -> QPoint:
    """Return the place of something of `size` above the bar, or below it if there is more room."""
    over, under = bar.top() - area.top(), area.bottom() - bar.bottom()
    y = bar.top() - gap - size.height() if over >= under else bar.bottom() + gap
    return position_within_area(QRect(QPoint(bar.left(), y), size), area)


def _ignore_result(_said: object) -> None:
    """A place that could not be kept costs nobody anything."""


# -- Ctrl+F9 from any program: X11 and Windows are asked for the key; elsewhere there is none --------------------------

# -- X11: XGrabKey on a connection of its own, so that Qt's events stay as they are ------------------------------------

F9 = 0xFFC6  # XK_F9
LOCK, CONTROL, NUM_LOCK = 1 << 1, 1 << 2, 1 << 4
KEY_PRESS, ASYNC, EVENT_BYTES = 2, 1, 192
_OnError = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


class _X11KeyGrab:
    """The key, until it is released."""

    def __init__(self, x11: Any, display: int, root: int, keycode: int, came: Callable[[], None]) -> None:
        self._x11, self._display, self._root, self._keycode, self._came = x11, display, root, keycode, came
        self._notifier = QSocketNotifier(x11.XConnectionNumber(display), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read_key_events)

    def _read_key_events(self) -> None:
        event = ctypes.create_string_buffer(EVENT_BYTES)
        while self._x11.XPending(self._display):
            self._x11.XNextEvent(self._display, event)
            if ctypes.c_int.from_buffer(event).value == KEY_PRESS:
                self._came()

    def release(self) -> None:
        """Give the key back and hang up."""
        self._notifier.setEnabled(False)
        for locks in _lock_key_masks():
            self._x11.XUngrabKey(self._display, self._keycode, CONTROL | locks, self._root)
        self._x11.XCloseDisplay(self._display)


def new_key_grab_on_x11(came: Callable[[], None]) -> _X11KeyGrab | None:
    """Return the grabbed key, None if another program has it or there is no X library."""
    x11 = _x11_library()
    display = x11.XOpenDisplay(None) if x11 is not None else None
    if x11 is None or not display:
        return None
    root, keycode = x11.XDefaultRootWindow(display), x11.XKeysymToKeycode(display, F9)
    refused: list[bool] = []

    def record_grab_refusal(_display: int, _event: int) -> int:
        refused.append(True)
        return 0

    # Without a handler of ours a key that is taken would end the process.
    handler = _OnError(record_grab_refusal)
    before = x11.XSetErrorHandler(handler)
    for locks in _lock_key_masks():
        x11.XGrabKey(display, keycode, CONTROL | locks, root, False, ASYNC, ASYNC)
    x11.XSync(display, False)
    x11.XSetErrorHandler(ctypes.cast(before, _OnError) if before else _OnError())
    if refused or not keycode:
        x11.XCloseDisplay(display)
        return None
    return _X11KeyGrab(x11, display, root, keycode, came)


def _lock_key_masks() -> tuple[int, ...]:
    """Return the lock keys' states in which the key has to be asked for apart."""
    return (0, LOCK, NUM_LOCK, LOCK | NUM_LOCK)


def _x11_library() -> Any:
    name = ctypes.util.find_library("X11") or "libX11.so.6"
    try:
        x11 = ctypes.CDLL(name)
    except OSError:
        return None
    pointer, number = ctypes.c_void_p, ctypes.c_int
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = pointer, [ctypes.c_char_p]
    x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = ctypes.c_ulong, [pointer]
    x11.XKeysymToKeycode.restype, x11.XKeysymToKeycode.argtypes = ctypes.c_ubyte, [pointer, ctypes.c_ulong]
    x11.XGrabKey.argtypes = [pointer, number, ctypes.c_uint, ctypes.c_ulong, number, number, number]
    x11.XUngrabKey.argtypes = [pointer, number, ctypes.c_uint, ctypes.c_ulong]
    x11.XConnectionNumber.argtypes = x11.XPending.argtypes = x11.XCloseDisplay.argtypes = [pointer]
    x11.XNextEvent.argtypes = [pointer, pointer]
    x11.XSync.argtypes = [pointer, number]
    x11.XSetErrorHandler.restype, x11.XSetErrorHandler.argtypes = pointer, [_OnError]
    return x11


# -- Windows: RegisterHotKey, written by its documentation and not tried on a Windows PC -------------------------------

MOD_CONTROL, MOD_NOREPEAT, VK_F9, WM_HOTKEY, OUR_ID = 0x0002, 0x4000, 0x78, 0x0312, 0x5144


class _WindowsMessage(ctypes.Structure):
    """The beginning of Windows' MSG."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("w_param", ctypes.c_size_t),
        ("l_param", ctypes.c_ssize_t),
    )


class _WindowsHotKey(QAbstractNativeEventFilter):
    """The key, until it is released."""

    def __init__(self, user32: Any, came: Callable[[], None]) -> None:
        super().__init__()
        self._user32, self._came = user32, came

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, address: int) -> object:
        message = _WindowsMessage.from_address(int(address))
        if message.message == WM_HOTKEY and message.w_param == OUR_ID:
            self._came()
        return False, 0

    def release(self) -> None:
        """Give the key back."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self)
        self._user32.UnregisterHotKey(None, OUR_ID)


def grab_key_on_windows(came: Callable[[], None]) -> _WindowsHotKey | None:
    """Return the registered key, None if another program has it."""
    user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined]
    app = QCoreApplication.instance()
    if app is None or not user32.RegisterHotKey(None, OUR_ID, MOD_CONTROL | MOD_NOREPEAT, VK_F9):
        return None
    found = _WindowsHotKey(user32, came)
    app.installNativeEventFilter(found)
    return found


# -- either ------------------------------------------------------------------------------------------------------------

AGAIN_MS = 600  # a held key repeats faster


class GlobalKeyState(StrEnum):
    """Whether the key works in any program."""

    OURS = "ours"
    TAKEN = "taken"
    NOT_HERE = "not_here"


class KeyGrab(Protocol):
    """A key that the system delivers from any program until `release`."""

    def release(self) -> None: ...


class GlobalHotKey(QObject):
    """`pressed` is emitted for Ctrl+F9 in any program between `take` and `release`; `state` says whether the system
    granted the key."""

    pressed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = GlobalKeyState.NOT_HERE
        self._grab: KeyGrab | None = None
        self._since = QElapsedTimer()

    def grab_key(self) -> GlobalKeyState:
        """Ask for the key; a second time changes nothing."""
        if self._grab is not None:
            return self.state
        make = _key_grabber_of_system()
        self._grab = make(self._emit_unless_repeated) if make is not None else None
        self.state = (
            GlobalKeyState.OURS if self._grab else GlobalKeyState.TAKEN if make is not None else GlobalKeyState.NOT_HERE
        )
        return self.state

    def release(self) -> None:
        """Give the key back."""
        if self._grab is not None:
            self._grab.release()
            self._grab = None

    def _emit_unless_repeated(self) -> None:
        held = self._since.isValid() and self._since.elapsed() < AGAIN_MS
        self._since.start()
        if not held:
            self.pressed.emit()


def _key_grabber_of_system() -> Callable[[Callable[[], None]], KeyGrab | None] | None:
    """Return what asks this system for the key, None where no program can."""
    platform = QGuiApplication.platformName()
    if platform == "xcb":
        return new_key_grab_on_x11
    if platform == "windows" and sys.platform == "win32":
        return grab_key_on_windows
    return None
