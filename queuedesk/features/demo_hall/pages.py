"""A trial of the whole hall on one screen, in a process of its own and a hall that is thrown away: customers are let
in, and stations are pictures that can be pressed.

The trial has a clock and a voice of its own, and tells the last things that happened."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

from msgspec import Struct
from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsProxyWidget,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.features import feature_stations_by_name
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE, Actor, actor_of_station
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling
from queuedesk.features.demo_hall.verbs import story
from queuedesk.i18n import _, error_sentence, name_in_language, rating_level_words, time_hm, time_hms
from queuedesk.i18n.names import service_name
from queuedesk.stations.counter import station as counter_station
from queuedesk.stations.display import station as display_station
from queuedesk.stations.guide import station as guide_station
from queuedesk.stations.widgets import paint, panels, topbar
from queuedesk.stations.widgets.buttons import Pill, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.window import context as window_context
from queuedesk.stations.window.frame import OnePageWindow, Preferences, WindowPage
from queuedesk.stations.window.shell import VOICE_AFTER_MS, MultiStationWindowServices, StationWindow
from queuedesk.stations.window.style import HALL, Look

SPEEDS = (0, 1, 5, 20)
"""How many seconds of the trial pass in one; 0 stands still."""
PLAY_MS = 500
KEPT_LINES = 12


class TrialClock:
    """The time of a trial: it begins now, and runs as fast as it is told."""

    def __init__(self, begins: datetime, passed_s: Callable[[], float]) -> None:
        """`passed_s` are seconds since anywhere, by a clock that nobody sets."""
        self._at, self._passed_s, self._since_s = begins, passed_s, passed_s()
        self.speed = 1

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=(self._passed_s() - self._since_s) * self.speed)

    def set_clock_speed(self, speed: int) -> None:
        """Run at another speed from now on."""
        self._at, self._since_s = self(), self._passed_s()
        self.speed = speed


class TrialVoice(QObject):
    """The voice that says a trial's calls, and can be muted. `changed` when it is, or when calls begin or cease to be
    heard."""

    changed = Signal()
    _told = Signal(object)

    def __init__(self, begin: Callable[[Callable[[str | None], None]], Callable[[], None]], *, is_on: bool) -> None:
        """`begin` starts to speak and returns what ends it. It is given a function to tell of each call, on any thread,
        why it was not heard; None for one that was."""
        super().__init__()
        self.begin = begin
        self._end: Callable[[], None] | None = None
        self.is_on = is_on
        self.trouble: str | None = None
        self._told.connect(self._note_voice_trouble)

    def start(self) -> None:
        """Speak from now on, unless it is muted."""
        if self.is_on and self._end is None:
            self._end = self.begin(self._told.emit)

    def set_muted(self, muted: bool) -> None:
        """Be silent at once, in the middle of a word if necessary, or speak again."""
        self.stop()
        self.is_on, self.trouble = not muted, None
        self.start()
        self.changed.emit()

    def stop(self) -> None:
        """Say nothing any more."""
        end, self._end = self._end, None
        if end is not None:
            end()

    def _note_voice_trouble(self, trouble: str | None) -> None:
        if self.is_on and trouble != self.trouble:
            self.trouble = trouble
            self.changed.emit()


class TrialRun(QObject):
    """What the bar of a trial does. `refused` carries the trouble, `told` that there are new `lines`."""

    refused = Signal(object)
    told = Signal()

    def __init__(
        self, crowd: story.TrialCrowd, feed: window_context.HallFeed, tasks: window_context.WorkLanes, clock: TrialClock
    ) -> None:
        super().__init__()
        self.clock, self.feed = clock, feed
        self._crowd = crowd
        self._tasks = tasks
        self._is_playing = False
        self.lines: list[tuple[str, str]] = []
        """When and what, the newest first."""
        self._timer = QTimer(self)
        self._timer.setInterval(PLAY_MS)
        self._timer.timeout.connect(self._play_crowd_until_now)
        feed.changed.connect(self.tell)

    @property
    def setup(self) -> Setup:
        return self.feed.setup

    def start(self) -> None:
        """Let the customers do what they do."""
        self._timer.start()

    def stop(self) -> None:
        """Nobody does anything any more."""
        self._timer.stop()

    def let_customer_in(self, service: str = "") -> None:
        """Let one person take a ticket of a service, "" for any."""
        now = self.clock()
        self._tasks.run(lambda: self._crowd.let_customer_in(now, service), lambda _label: None, self.refused.emit)

    def let_in_busy_minute_crowd(self, service: str = "") -> None:
        """Let a busy minute's customers come."""
        now = self.clock()
        self._tasks.run(
            lambda: self._crowd.let_in_busy_minute_crowd(now, service), lambda _none: None, self.refused.emit
        )

    def set_clock_speed(self, speed: int) -> None:
        """Let time pass at another speed."""
        self.clock.set_clock_speed(speed)

    def _play_crowd_until_now(self) -> None:
        if self._is_playing or not self.clock.speed:
            return
        self._is_playing = True
        now = self.clock()
        self._tasks.run(
            lambda: self._crowd.play(now), self._mark_crowd_playing_ended, self._emit_refused_after_failed_play
        )

    def _mark_crowd_playing_ended(self, _none: object) -> None:
        self._is_playing = False

    def _emit_refused_after_failed_play(self, trouble: QueueDeskError) -> None:
        self._is_playing = False
        self.refused.emit(trouble)

    def tell(self, events: Sequence[Event]) -> None:
        """Put what happened into `lines`."""
        for event in events:
            line = event_sentence(event, self.setup)
            if line:
                self.lines.insert(0, (time_hms(self.setup.to_hall_time(event.time)), line))
        del self.lines[KEPT_LINES:]
        self.told.emit()


def event_sentence(event: Event, setup: Setup) -> str:
    """Return what happened in one short sentence, "" for what nobody follows a trial for."""
    ticket, window = event.ticket or "", event.window or ""
    if event.kind == "issue":
        return _("{ticket} taken: {service}", ticket=ticket, service=service_name(setup, event.service))
    if event.kind == "call":
        return _("{ticket} called to window {window}", ticket=ticket, window=window)
    if event.kind == "recall":
        return _("{ticket} called again to window {window}", ticket=ticket, window=window)
    if event.kind == "finish":
        return _("{ticket} finished at window {window}", ticket=ticket, window=window)
    if event.kind == "rate":
        return _("{ticket} rated: {level}", ticket=ticket, level=rating_level_words(int(event.data["level"])))
    if event.kind == "leave":
        return _("{ticket} has left", ticket=ticket)
    return ""


GAP_PX, TITLE_PX, BAR_PX, TWO_PX = 12, 34, 64, 112
WIDE_PX, HIGH_PX = 1600, 860
SQUARE = 1.8
"""Up to so many times as wide as high, the display stands below the station of staff, not beside it."""
LINE_PX, WIDE_LINES = 28, 3
LETTER_PX, SPEED_PX, TICK_PX = 42, 52, 15
DISPLAY_PANE, KIOSK_PANE = "display", "kiosk"


class TrialStationInPane(Struct, frozen=True, kw_only=True):
    """One station of a trial: its window, the size that it is drawn for, its icon, and what its title bar says."""

    name: str
    frame: OnePageWindow
    size: tuple[int, int]
    icon: str
    title: Callable[[], str]


class _ScaledStationView(QGraphicsView):
    """A station's window, drawn whole however small it is."""

    def __init__(self, shown: TrialStationInPane) -> None:
        super().__init__()
        self._scene = QGraphicsScene(self)
        self.proxy: QGraphicsProxyWidget = self._scene.addWidget(shown.frame)
        width, height = shown.size
        # Exactly that: a page that asks for more is drawn as in a window of this size.
        self.proxy.setMinimumSize(width, height)
        self.proxy.setMaximumSize(width, height)
        self._whole = QRectF(0, 0, width, height)
        self._scene.setSceneRect(self._whole)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(Qt.BrushStyle.NoBrush)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setAccessibleName(shown.title())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fitInView(self._whole, Qt.AspectRatioMode.KeepAspectRatio)


class StationPane(QWidget):
    """A station with its title bar; the one that has the keyboard has a thick edge."""

    full_wanted = Signal()

    def __init__(self, look: Look, shown: TrialStationInPane) -> None:
        super().__init__()
        self.look, self.shown = look, shown
        self.has_keys = False
        self.view = _ScaledStationView(shown)
        self.title = panels.ShrinkingLabel(look, px=15, least=10, bold=True)
        self.full_button = TextButton(look, icon="screen", height=TITLE_PX, px=13)
        self.full_button.clicked.connect(self.full_wanted)
        self._icon_room = QWidget()
        panels.FixedSizeKeeper(look, self._icon_room, width=26)
        self.head = QHBoxLayout()
        panels.set_scaled_margins(look, self.head, (10, 0, 4, 0), 4)
        self.head.addWidget(self._icon_room)
        self.head.addWidget(self.title, 1)
        self.head.addWidget(self.full_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 3, 3, 3)
        column.setSpacing(0)
        column.addLayout(self.head)
        column.addWidget(self.view, 1)
        look.changed.connect(self.update)

    def refresh(self) -> None:
        self.title.setText(self.shown.title())
        self.view.setAccessibleName(self.shown.title())
        full = _("full size")
        self.full_button.setText(full)
        self.full_button.setAccessibleName(f"{full} {self.shown.title()}")
        self.full_button.setToolTip(full)
        self.fit_title_bar_buttons()

    def show_keyboard_focus(self, has_keys: bool) -> None:
        """Show whether the keyboard is here."""
        if has_keys != self.has_keys:
            self.has_keys = has_keys
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_title_bar_buttons()

    def fit_title_bar_buttons(self) -> None:
        """Show the buttons' icons alone where the title needs the room."""
        buttons = [button for button in self.findChildren(TextButton) if button.parent() is self]
        for button in buttons:
            button.set_icon_only(False)
        needed = self._icon_room.width() + self.title.sizeHint().width() + 4 * self.look.px(10)
        for button in buttons:
            others = sum(each.sizeHint().width() for each in buttons)
            button.set_icon_only(needed + others > self.width())

    def pane_width_for_height(self, height: int) -> int:
        """Return how wide the pane is at a height."""
        width, high = self.shown.size
        return round((height - self._title_bar_height_px()) * width / high) + 6

    def pane_height_for_width(self, width: int) -> int:
        """Return how high the pane is at a width."""
        wide, height = self.shown.size
        return round((width - 6) * height / wide) + self._title_bar_height_px()

    def _title_bar_height_px(self) -> int:
        return self.full_button.sizeHint().height() + 6

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        edge, width = ("primary", 3) if self.has_keys else ("edge", 1)
        painter.draw_box(QRectF(self.rect()), 10, "sunken", edge=edge, width=width)
        painter.draw_icon(self.shown.icon, "ink", look.px(12), (self._title_bar_height_px() - look.px(18)) / 2, 18)


class _TrialBar(panels.Panel):
    """What lets customers in, the clock, and the end."""

    def __init__(self, look: Look, services: Sequence[tuple[str, str]]) -> None:
        super().__init__(look, "surface", edge="bottom")
        self.mark = Pill(look, "", px=14, height=28)
        self.title = panels.Label(look, px=17, bold=True, elide=False)
        self.comes_for = panels.Label(look, px=15, token="ink2", elide=False)
        self.speed_word = panels.Label(look, px=15, token="ink2", elide=False)
        self.wishes = {code: ToggleChoice(look, letter, height=44, px=15) for code, letter in (("", ""), *services)}
        self.speeds = {speed: ToggleChoice(look, "", height=44, px=15) for speed in SPEEDS}
        self.let_in = PrimaryButton(look, icon="plus", key="F9", height=48, px=15)
        self.crowd = SecondaryButton(look, height=48, px=14)
        self.clock = panels.Label(look, px=21, bold=True, tabular=True, elide=False)
        self.end = SecondaryButton(look, height=48, px=14)
        self.brand = topbar.BrandMark(look)
        self._names: list[QWidget] = [self.brand, self.title, self.mark]
        self._who: list[QWidget] = [self.comes_for, *self.wishes.values()]
        self._pace: list[QWidget] = [self.speed_word, *self.speeds.values()]
        rows = QVBoxLayout(self)
        panels.set_scaled_margins(look, rows, (16, 0, 12, 1), 0)
        self._rows = QHBoxLayout(), QHBoxLayout()
        for row in self._rows:
            panels.set_scaled_margins(look, row, (0, 0, 0, 0), 6)
            rows.addLayout(row)
        self._is_two: bool | None = None
        self._set_one_or_two_rows(two=False)
        for choice in (*self.wishes.values(), *self.speeds.values()):
            choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for button in (self.let_in, self.crowd, self.end):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.wishes[""].setChecked(True)
        self.speeds[1].setChecked(True)

    def _set_one_or_two_rows(self, *, two: bool) -> None:
        """Put everything into one row, or who comes and how fast into a second one."""
        if two == self._is_two:
            return
        self._is_two = two
        acts: list[QWidget] = [self.let_in, self.crowd]
        ends: list[QWidget] = [self.clock, self.end]
        first = [self._names, None, acts, ends] if two else [self._names, None, self._who, acts, self._pace, ends]
        second = [self._who, None, self._pace] if two else []
        for row, groups in zip(self._rows, (first, second), strict=True):
            while row.takeAt(0) is not None:
                pass
            for group in groups:
                if group is None:
                    row.addStretch(1)
                for widget in group or ():
                    row.addWidget(widget)

    def _needs_more_width(self) -> bool:
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return layout.sizeHint().width() > self.width()

    def bar_height_px(self) -> int:
        """Return how high it is, with its one row or its two."""
        return self.look.px(TWO_PX if self._is_two else BAR_PX)

    def refresh(self) -> None:
        self.title.setText(_("Try it"))
        self.comes_for.setText(_("comes for"))
        self.wishes[""].setText(_("anything"))
        self.let_in.setText(_("Send in a customer"))
        self.crowd.setText(_("A minute's rush"))
        self.speed_word.setText(_("speed"))
        for speed, choice in self.speeds.items():
            choice.setText(_("Pause", context="speed") if speed == 0 else f"{speed} ×")

    def _show_trial_notice_pill(self, words: str) -> None:
        self.mark.set_text_and_colors(words, tint="violetbg", token="violet", icon="hourglass")

    def fit_to_narrow_width(self) -> None:
        """Leave out what can be done without where the window is narrow for its text size, or the hall has many
        services."""
        letters = [choice for code, choice in self.wishes.items() if code]
        for choice in letters:
            choice.setFixedWidth(self.look.px(LETTER_PX))
        for choice in self.speeds.values():
            choice.setFixedWidth(max(self.look.px(SPEED_PX), choice.minimumSizeHint().width() + self.look.px(TICK_PX)))
        self._set_one_or_two_rows(two=False)
        self._shorten_until_it_fits()
        if self._needs_more_width():
            self._set_one_or_two_rows(two=True)
            self._shorten_until_it_fits()
        # A hall with so many services that two rows are not enough: anybody comes for anything.
        for part in (*letters, self.wishes[""]) if self._needs_more_width() else ():
            part.hide()

    def _shorten_until_it_fits(self) -> None:
        """Show everything in full words, then drop and shorten words until it fits; no part goes."""
        self.end.setText(_("End the trial"))
        self._show_trial_notice_pill(_("Trial: nothing is kept"))
        self.let_in.setText(_("Send in a customer"))
        self.crowd.setText(_("A minute's rush"))
        self.speeds[0].setText(_("Pause", context="speed"))
        spare: list[QWidget] = [self.speed_word, self.comes_for, self.brand, self.title]
        for part in (*spare, *self.wishes.values()):
            part.show()
        while spare and self._needs_more_width():
            spare.pop(0).hide()
        shorter: list[tuple[Callable[[str], None], str]] = [
            (self.end.setText, _("End", context="trial")),
            (self._show_trial_notice_pill, _("Trial")),
            (self.crowd.setText, _("A rush")),
            (self.let_in.setText, _("Send in")),
            (self.speeds[0].setText, "0 ×"),
        ]
        for show, short in shorter:
            if self._needs_more_width():
                show(short)


class TryItPage(WindowPage):
    """Guide, two counters, display, and the kiosk where there is one, of one hall at once. `left` when the trial is
    ended."""

    left = Signal()

    def __init__(
        self,
        look: Look,
        trial: TrialRun,
        voice: TrialVoice,
        shown: Sequence[TrialStationInPane],
        preferences: Preferences,
    ) -> None:
        super().__init__()
        self.look, self.trial, self.voice, self._preferences = look, trial, voice, preferences
        self._spoken = i18n.current_language()
        services = [(one.code, one.prefix) for one in trial.setup.services.values()]
        self.bar = _TrialBar(look, services)
        self.bar.setParent(self)
        self.panes = {one.name: StationPane(look, one) for one in shown}
        self.staff = [name for name in self.panes if name not in (DISPLAY_PANE, KIOSK_PANE)]
        self.tabs = {name: ToggleChoice(look, "", height=40, px=15, parent=self) for name in self.staff}
        self.lines = [panels.Label(look, px=15, token="ink2", parent=self) for _line in range(12)]
        self.toast = Toast(look, self)
        self.voice_button = TextButton(look, icon="speaker-on", height=TITLE_PX, px=13)
        self.panes[DISPLAY_PANE].head.insertWidget(2, self.voice_button)
        self._in_front = next((name for name in self.staff if name.startswith("counter")), self.staff[0])
        self._full = ""
        self._service = ""
        for name, pane in self.panes.items():
            pane.setParent(self)
            pane.full_wanted.connect(partial(self.show_station_alone, name))
        for name, tab in self.tabs.items():
            tab.setAutoExclusive(True)
            tab.clicked.connect(partial(self.bring_forward, name))
        self._connect_signals()
        trial.told.connect(self._show_lines)
        trial.refused.connect(self._show_refusal_toast)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._mark_station_with_focus)
        look.changed.connect(self._place_bar_and_panes)
        self.refresh()

    def _connect_signals(self) -> None:
        bar = self.bar
        for code, choice in bar.wishes.items():
            choice.setAutoExclusive(False)
            choice.clicked.connect(partial(self._choose_service, code))
        for speed, choice in bar.speeds.items():
            choice.setAutoExclusive(False)
            choice.clicked.connect(partial(self._choose_speed, speed))
        bar.let_in.clicked.connect(self.let_customer_in)
        bar.crowd.clicked.connect(lambda: self.trial.let_in_busy_minute_crowd(self._service))
        bar.end.clicked.connect(self.left)
        self.voice_button.clicked.connect(self.toggle_mute)
        self.voice.changed.connect(self._show_voice_state)
        for key, act in (("F9", self.let_customer_in), ("F6", self.focus_next_station), ("Ctrl+M", self.toggle_mute)):
            QShortcut(QKeySequence(key), self).activated.connect(act)
        self._escape = QShortcut(QKeySequence("Escape"), self)
        self._escape.setEnabled(False)
        self._escape.activated.connect(partial(self.show_station_alone, ""))

    # -- texts --
    def remake_contents(self) -> bool:
        self.refresh()
        return True

    def refresh(self) -> None:
        """Name everything in the language of the moment: the stations in it are made anew by themselves."""
        self._spoken = i18n.current_language()
        self.bar.refresh()
        for pane in self.panes.values():
            pane.refresh()
        for name, tab in self.tabs.items():
            self._set_tab_title(name, tab)
        self._show_lines()
        self._show_voice_state()
        self._place_bar_and_panes()

    def tick(self, now: datetime) -> None:
        self.bar.clock.setText(time_hm(self.trial.setup.to_hall_time(self.trial.clock())))
        for name, pane in self.panes.items():
            if pane.title.text() != pane.shown.title():
                pane.refresh()
            if name in self.tabs:
                self._set_tab_title(name, self.tabs[name])
        if i18n.current_language() != self._spoken:  # A customer chose another language at the kiosk.
            self._preferences.language_changed.emit()

    def _set_tab_title(self, name: str, tab: ToggleChoice) -> None:
        """Name a station's tab; who is there stands in the head of its window."""
        title = self.panes[name].shown.title()
        tab.setText(title.partition(" · ")[0])
        tab.setAccessibleName(title)

    def _show_voice_state(self) -> None:
        """Show whether calls are heard, and say so where this PC can't."""
        voice, button = self.voice, self.voice_button
        button.setVisible(self.trial.feed.setup.voice.spoken)
        heard = voice.is_on and voice.trouble is None
        button.set_icon("speaker-on" if heard else "speaker-off")
        button.setText(_("voice on") if heard else _("not heard") if voice.is_on else _("voice off"))
        act = _("Mute the voice") if voice.is_on else _("Let the voice speak")
        why = error_sentence(OutsideError(voice.trouble)) if voice.trouble is not None else ""
        button.setToolTip("\n".join(filter(None, (why, f"{act} (Ctrl+M)"))))
        button.setAccessibleName(f"{button.text()}. {why or act}")
        self.panes[DISPLAY_PANE].fit_title_bar_buttons()
        if why:
            self.toast.show_toast(why, icon="speaker-off")

    def _show_lines(self) -> None:
        told = self.trial.lines or [("", _("What happens is shown here."))]
        for n, label in enumerate(self.lines):
            time, line = told[n] if n < len(told) else ("", "")
            label.setText(f"{time}   {line}" if time else line)
            if label.sizeHint().width() > label.width():
                label.setText(f"{time.rpartition(':')[0]}  {line}")

    def _show_refusal_toast(self, trouble: QueueDeskError) -> None:
        self.toast.show_toast(error_sentence(trouble), icon="warning")

    # -- acts --
    def let_customer_in(self) -> None:
        """Let one customer in, for what was chosen."""
        self.trial.let_customer_in(self._service)

    def toggle_mute(self) -> None:
        """Mute the voice, or let it speak again."""
        self.voice.set_muted(self.voice.is_on)

    def _choose_service(self, code: str) -> None:
        self._service = code
        for other, choice in self.bar.wishes.items():
            choice.setChecked(other == code)

    def _choose_speed(self, speed: int) -> None:
        self.trial.set_clock_speed(speed)
        for other, choice in self.bar.speeds.items():
            choice.setChecked(other == speed)

    def bring_forward(self, name: str) -> None:
        """Show a station of staff in a window that has room for one."""
        self._in_front = name
        self._place_bar_and_panes()
        self._focus_station(name)

    def show_station_alone(self, name: str) -> None:
        """Show one station alone, "" for all of them again."""
        self._full = "" if name == self._full else name
        self._escape.setEnabled(bool(self._full))
        self._place_bar_and_panes()
        if name:
            self._focus_station(name)

    def focus_next_station(self) -> None:
        """Give the keyboard to the next station."""
        there = [name for name, pane in self.panes.items() if pane.isVisible()]
        now = next((n for n, name in enumerate(there) if self.panes[name].has_keys), -1)
        self._focus_station(there[(now + 1) % len(there)])

    def _focus_station(self, name: str) -> None:
        pane = self.panes[name]
        pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
        pane.view.proxy.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_focused_station(name)

    def _mark_station_with_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        for name, pane in self.panes.items():
            if now is not None and (now is pane.view or pane.shown.frame.isAncestorOf(now)):
                self._show_focused_station(name)

    def _show_focused_station(self, name: str) -> None:
        for other, pane in self.panes.items():
            pane.show_keyboard_focus(other == name)

    # -- places --
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_bar_and_panes()

    def _place_bar_and_panes(self) -> None:
        self.bar.resize(self.width(), self.bar.bar_height_px())
        self.bar.fit_to_narrow_width()
        bar = self.bar.bar_height_px()
        self.bar.setGeometry(0, 0, self.width(), bar)
        gap = GAP_PX
        room = QRect(gap, bar + gap, self.width() - 2 * gap, self.height() - bar - 2 * gap)
        is_wide = self.width() >= self.look.px(WIDE_PX) and self.height() >= self.look.px(HIGH_PX)
        if self._full:
            self._place_single_pane(room)
        elif is_wide:
            self._place_all_panes(room)
        else:
            self._place_panes_with_tabs(room)

    def _show_only_named_panes(self, names: Sequence[str], *, tabs: bool, lines: int) -> None:
        for name, pane in self.panes.items():
            pane.setVisible(name in names)
        for name, tab in self.tabs.items():
            tab.setVisible(tabs)
            tab.setChecked(name == self._in_front)
        for n, label in enumerate(self.lines):
            label.setVisible(n < lines)

    def _place_single_pane(self, room: QRect) -> None:
        self._show_only_named_panes([self._full], tabs=False, lines=0)
        self._place_pane_and_give_its_rect(self._full, room)

    def _place_all_panes(self, room: QRect) -> None:
        """Two rows of two beside the kiosk: front desk and display, then the counters."""
        gap = GAP_PX
        beside = self._place_kiosk_and_get_rest(room, room.width() // 3).width()
        high = (room.height() - gap) // 2
        first, *others = self.staff
        wide = min((beside - gap) // 2, self.panes[first].pane_width_for_height(high))
        apart = (beside + gap - 2 * wide) // 2
        left, middle = room.left(), room.left() + wide + apart
        self._place_pane_and_give_its_rect(first, QRect(left, room.top(), wide, high))
        below = self._place_pane_and_give_its_rect(DISPLAY_PANE, QRect(middle, room.top(), wide, high))
        line = self.look.px(LINE_PX)
        lines = min(WIDE_LINES, max(0, (room.top() + high - below.bottom()) // line))
        self._place_event_lines(QRect(below.left(), below.bottom() + 4, below.width(), line * lines), lines)
        for n, name in enumerate(others[:2]):
            self._place_pane_and_give_its_rect(name, QRect((left, middle)[n], room.top() + high + gap, wide, high))
        self._show_only_named_panes([KIOSK_PANE, DISPLAY_PANE, first, *others[:2]], tabs=False, lines=lines)

    def _place_kiosk_and_get_rest(self, room: QRect, most: int) -> QRect:
        """Place the kiosk at the right of a room, so wide at most, and return the room beside it; all of it without."""
        if KIOSK_PANE not in self.panes:
            return room
        wide = min(self.panes[KIOSK_PANE].pane_width_for_height(room.height()), most)
        kiosk = self._place_pane_and_give_its_rect(
            KIOSK_PANE, QRect(room.right() - wide, room.top(), wide, room.height())
        )
        return QRect(room.left(), room.top(), kiosk.left() - GAP_PX - room.left(), room.height())

    def _place_panes_with_tabs(self, room: QRect) -> None:
        """One station of staff with tabs above it, the display with what happened, and the kiosk."""
        square = room.width() <= SQUARE * room.height()
        left = self._place_kiosk_and_get_rest(room, room.width() * (30 if square else 27) // 100)
        lines = self._place_display_below_staff(left) if square else self._place_display_and_give_line_count(left)
        self._show_only_named_panes([KIOSK_PANE, DISPLAY_PANE, self._in_front], tabs=True, lines=lines)

    def _place_display_and_give_line_count(self, room: QRect) -> int:
        """Place the display at the right of the station of staff, what happened below; return the lines of it."""
        gap, tab_high = GAP_PX, self.look.px(40)
        high = room.height() - tab_high - gap
        wide = min(room.width() * 64 // 100, self.panes[self._in_front].pane_width_for_height(high))
        staff = self._place_pane_and_give_its_rect(
            self._in_front, QRect(room.left(), room.top() + tab_high + gap, wide, high)
        )
        self._place_tabs(QRect(room.left(), room.top(), wide, tab_high))
        rest = QRect(staff.right() + gap, room.top(), room.right() - staff.right() - gap, room.height())
        display = self._place_pane_and_give_its_rect(DISPLAY_PANE, rest)
        return self._place_and_count_fitting_lines(
            QRect(rest.left(), display.bottom(), rest.width(), room.bottom() - display.bottom())
        )

    def _place_display_below_staff(self, room: QRect) -> int:
        """Place the display below the station of staff, both as wide, what happened beside them; return the lines of
        it."""
        gap, tab_high = GAP_PX, self.look.px(40)
        high = room.height() - tab_high - 2 * gap
        display, staff = self.panes[DISPLAY_PANE], self.panes[self._in_front]
        wide = room.width()
        while staff.pane_height_for_width(wide) + display.pane_height_for_width(wide) > high:
            wide -= gap
        self._place_tabs(QRect(room.left(), room.top(), room.width(), tab_high))
        above = self._place_pane_and_give_its_rect(
            self._in_front, QRect(room.left(), room.top() + tab_high + gap, wide, staff.pane_height_for_width(wide))
        )
        self._place_pane_and_give_its_rect(
            DISPLAY_PANE, QRect(room.left(), above.bottom() + gap, wide, display.pane_height_for_width(wide))
        )
        return self._place_and_count_fitting_lines(
            QRect(above.right(), above.top(), room.right() - above.right(), high)
        )

    def _place_tabs(self, room: QRect) -> None:
        x = room.left()
        most = (room.width() - GAP_PX * (len(self.tabs) - 1)) // len(self.tabs)
        for tab in self.tabs.values():
            width = min(tab.sizeHint().width(), most)
            tab.setGeometry(x, room.top(), width, room.height())
            x += width + GAP_PX

    def _place_and_count_fitting_lines(self, room: QRect) -> int:
        """Place as many lines as fit into a room, a gap inside it; return how many."""
        lines = max(0, min(len(self.lines), (room.height() - GAP_PX) // self.look.px(LINE_PX)))
        self._place_event_lines(room.adjusted(GAP_PX, GAP_PX, 0, 0), lines)
        return lines

    def _place_pane_and_give_its_rect(self, name: str, room: QRect) -> QRect:
        """Place a pane at the top left of a room, as large as it goes there."""
        pane = self.panes[name]
        wide = min(room.width(), pane.pane_width_for_height(room.height()))
        pane.setGeometry(room.left(), room.top(), wide, min(room.height(), pane.pane_height_for_width(wide)))
        return pane.geometry()

    def _place_event_lines(self, room: QRect, lines: int) -> None:
        high = self.look.px(LINE_PX)
        for n, label in enumerate(self.lines[:lines]):
            label.setGeometry(room.left() + 4, room.top() + n * high, room.width() - 4, high)
        self._show_lines()

    def stop(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._mark_station_with_focus)
        self.trial.stop()
        self.voice.stop()
        for pane in self.panes.values():
            pane.shown.frame.stop_and_emit_gone()


SEED = 17
STAFF, DISPLAY, KIOSK = (1024, 768), (1920, 1080), (1080, 1920)
SHOWN_CUSTOMERS = 5
"""So many have come where the trial is only drawn."""


class TrialSession:
    """The window with the trial in it."""

    def __init__(self, given: MultiStationWindowServices, folder: Path) -> None:
        self._given = given
        clock = self.clock = TrialClock(given.clock(), given.passed_s)
        self.desk = story.make_trial_hall(
            folder, story.trial_setup_document(given.hall_asked), clock(), waive=_("Trial")
        )
        self._tasks = None if given.is_picture else window_context.StationTaskLanes(given.on_bug)
        self.tasks = self._tasks or window_context.InlineTasks()
        if given.is_picture:
            crowd = story.TrialCrowd(self.desk, SEED)
            for _customer in range(SHOWN_CUSTOMERS):
                crowd.let_customer_in(clock())
            calling.call_ticket(
                self.desk, Ask(CONSOLE, clock()), story.trial_counter_windows(looking.setup_of_hall(self.desk))[-1]
            )
        self.feed = window_context.HallFeed(self.desk, clock, on_bug=given.on_bug)
        self.trial = TrialRun(story.TrialCrowd(self.desk, SEED), self.feed, self.tasks, clock)
        self.frame = OnePageWindow(given.look, given.preferences, given.clock, help_page="home", leads_home=False)
        if given.is_picture:
            self.trial.tell(looking.events_after(self.desk, 0))
        shown = self._new_trial_stations()
        self.voice = TrialVoice(partial(given.speak, self._display), is_on=given.is_heard)
        self.page = TryItPage(given.look, self.trial, self.voice, shown, given.preferences)
        self.page.left.connect(self.frame.close)
        self.page.look.changed.connect(self.frame.update)
        self.frame.show_page(self.page)

    def start(self) -> None:
        """Let the hall live."""
        self.feed.start()
        self.trial.start()
        QTimer.singleShot(VOICE_AFTER_MS, self.page, self.voice.start)

    def stop(self) -> None:
        """End everything that reads the hall."""
        self.trial.stop()
        self.voice.stop()
        self.feed.stop()
        if self._tasks is not None:
            self._tasks.stop()
        self.desk.db.dispose()

    def _new_trial_stations(self) -> list[TrialStationInPane]:
        setup = self.feed.setup
        guide = self._new_station_window(guide_station, "guide")
        display = self._new_station_window(display_station, "display", who=actor_of_station("display"))
        self._display = display.context
        self._display.services = window_context.StationServices(note_shown=self._given.note_shown_by(self._display))
        counters = []
        for code in story.trial_counter_windows(setup):
            window = self._new_station_window(counter_station, f"counter-{code}", window=code)
            counters.append(
                TrialStationInPane(
                    name=f"counter-{code}",
                    frame=window,
                    size=STAFF,
                    icon="window",
                    title=partial(_counter_title, window, code),
                )
            )
        shown = [
            TrialStationInPane(name="guide", frame=guide, size=STAFF, icon="person", title=partial(_, "Front desk")),
            *counters,
            TrialStationInPane(
                name="display", frame=display, size=DISPLAY, icon="screen", title=partial(_, "Hall display")
            ),
        ]
        at = feature_stations_by_name().get("kiosk")
        if at is not None and setup.has_feature("kiosk"):
            kiosk = self._new_station_window(
                import_module(f"queuedesk.{at.module}"), "kiosk", who=actor_of_station("K1")
            )
            shown.append(
                TrialStationInPane(name="kiosk", frame=kiosk, size=KIOSK, icon="kiosk", title=partial(_, "Kiosk"))
            )
        return shown

    def _new_station_window(
        self, shown: ModuleType, name: str, *, who: Actor | None = None, window: str | None = None
    ) -> StationWindow:
        """Return a station's own window; nothing of it prints, keeps or reports anything."""
        look = Look(self._given.look.theme)
        look.still = self._given.look.still
        context = window_context.StationContext(
            desk=self.desk,
            feed=self.feed,
            tasks=self.tasks,
            look=look,
            clock=self.clock,
            name=name,
            who=who,
            options={
                "window": window,
                "layout": "standard",
                "screen_mm": 0,
                "display": "display",
                "media_folder": "",
                "media_chosen": False,
                "flash": False,
                "switches": "off",
                "switch_step_ms": 2000,
                "picture": self._given.is_picture,
                "printer": "",
                "bar_place": "",
                "left_handed": False,
            },
        )
        theme = HALL if shown is display_station else None
        return StationWindow(
            context, shown.build_station_page, shown.ROLES, self._given.preferences, theme=theme, chores=False
        )


def _counter_title(window: StationWindow, code: str) -> str:
    who = window.context.who
    staff = window.context.feed.setup.staff.get(who.name) if who is not None else None
    counter = _("Counter", context="station")
    return (
        f"{counter} {code} · {name_in_language(staff.name, staff.name_en)}"
        if staff is not None
        else f"{counter} {code}"
    )


def run_trial_until_closed(given: MultiStationWindowServices) -> int:
    """Open the trial; return the exit status when it has ended and its files are gone. Raises OutsideError
    "cannot_write"."""
    with ExitStack() as ends:
        folder, lock = story.make_locked_trial_folder(given.folder("trial"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        ends.callback(lock.release)
        trial = TrialSession(given, folder)
        ends.callback(trial.stop)
        return given.show(trial.frame, trial.start)
