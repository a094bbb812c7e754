"""The counter's small bar: a frameless window over other programs that shows the number and has the primary."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainterPath, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from queuedesk.core.queue.ticket import Ticket, current_leg_handling_s
from queuedesk.core.talk.number_block import ROW_EM, NumberAndWindow, RowColumnsPlan, WindowLabel
from queuedesk.i18n import _, minutes_seconds, n_, names, time_hm
from queuedesk.stations.counter import scene as scenes
from queuedesk.stations.counter import words
from queuedesk.stations.widgets import number_block, paint, panels
from queuedesk.stations.widgets.buttons import PaintedButton, PrimaryButton, paint_pill_with_text, pill_width
from queuedesk.stations.window.style import MARKS, Look, M, S

NEXT_PX, TIMER_PX, SMALL_PX = 28, 24, 16
NO_STATE = panels.TextRun("")


class BarContent(Struct, frozen=True, kw_only=True):
    """The ticket at the window or, while there is none, the window's `state`; runs that must be read and others `after`
    them, a class, the acts beside the primary, and the primary's word ("" for none).

    `tint` ("amber", "red", "blue") colours the whole bar when it says a `sentence` or that the data is away; `share` is
    the handling against its target, None without one. `briefly` stands in place of `after` where that has no room."""

    label: str = ""
    state: panels.TextRun = NO_STATE
    runs: tuple[panels.TextRun, ...] = ()
    after: tuple[panels.TextRun, ...] = ()
    briefly: tuple[panels.TextRun, ...] = ()
    class_text: str = ""
    acts: tuple[scenes.ClerkAct, ...] = ()
    primary: str = ""
    can: bool = True
    tint: str = ""
    share: float | None = None
    sentence: str = ""
    icon: str = ""


def bar_state_content(
    scene: scenes.WindowScene, heard: scenes.AnnouncementState, nudge: scenes.IdleWindowNudge | None
) -> BarContent:
    """Return what the bar shows of the window's current state."""
    match scene.kind:
        case scenes.CounterState.CALLED if scene.ticket is not None:
            return _called_content(scene, scene.ticket, heard)
        case scenes.CounterState.SERVING if scene.ticket is not None:
            return _serving_content(scene, scene.ticket)
        case scenes.CounterState.PAUSED:
            return _paused_content(scene)
    return _idle_content(scene, nudge)


def sentence_content(sentence: str, *, kind: str, icon: str) -> BarContent:
    """Return a face with one sentence; acts and primary are those of the face before."""
    return BarContent(sentence=sentence, tint=kind, icon=icon)


def offline_bar_content(scene: scenes.WindowScene, fact: str) -> BarContent:
    """Return what the bar shows while the hall's file can't be opened: no acts are possible."""
    after = [panels.TextRun(_("retrying"), SMALL_PX, token="amber", gap=16)]
    if scene.ticket is not None:
        state = (
            _("Serving", context="state") if scene.kind is scenes.CounterState.SERVING else _("Called", context="state")
        )
        after.append(panels.TextRun(state, SMALL_PX, token="amber", gap=12))
    return BarContent(
        label=scene.ticket.label if scene.ticket is not None else "",
        state=paused_state_text_run() if scene.kind is scenes.CounterState.PAUSED else free_state_text(),
        runs=(panels.TextRun(fact, M, True, "amber", icon="away"),),
        after=tuple(after),
        tint="amber",
    )


def emergency_bar_content(face: BarContent, line: str) -> BarContent:
    """Return `face` with an emergency in place of everything but the number; the primary stays, the other acts are
    under ⋯."""
    return replace(face, sentence=line, tint="red", icon="warning")


def short_act_word(act: scenes.ClerkAct, scene: scenes.WindowScene) -> str:
    """Return the short word of an act under its icon."""
    short = {
        scenes.ClerkAct.RECALL: _("Recall"),
        scenes.ClerkAct.MISS: _("Not here", context="bar"),
        scenes.ClerkAct.EXTEND: _("10 min more", context="bar"),
        scenes.ClerkAct.CLOSE: _("Close", context="bar"),
    }
    return short.get(act) or words.act_word(act, scene)


def _idle_content(scene: scenes.WindowScene, nudge: scenes.IdleWindowNudge | None) -> BarContent:
    acts = (scenes.ClerkAct.PAUSE,)
    if scene.next_ticket is None:
        runs = (panels.TextRun(_("Nobody is waiting"), M, True),)
        return BarContent(state=free_state_text(), runs=runs, acts=acts, primary=_("Nobody to call now"), can=False)
    following = panels.TextRun(_("Next", context="customer"), M, token="ink2")
    number = panels.TextRun(scene.next_ticket.label, NEXT_PX, True, gap=14)
    waiting = n_("{n} waiting", "{n} waiting", len(scene.order))
    after = [panels.TextRun(waiting, SMALL_PX, token="ink2", gap=16)]
    if note := words.note_line(scene.next_ticket):
        after = [panels.TextRun(note, SMALL_PX, True, "primary", gap=16)]
    if nudge is not None:
        waits = _("free meanwhile {time}", time=minutes_seconds(nudge.waits_s))
        after = [panels.TextRun(waits, SMALL_PX, True, "amber", gap=16, icon="hourglass")]
    return BarContent(
        state=free_state_text(),
        runs=(following, number),
        after=tuple(after),
        class_text=names.ticket_marks_text(scene.setup, scene.next_ticket),
        acts=acts,
        primary=_("Call next"),
    )


def _called_content(scene: scenes.WindowScene, ticket: Ticket, heard: scenes.AnnouncementState) -> BarContent:
    way = _("{seconds} s", seconds=words.seconds_since_ticket_last_called(scene, ticket))
    what = _item_or_service(scene, ticket)
    note = words.note_line(ticket)
    plain = panels.TextRun(f"{way} · {what}", SMALL_PX, token="ink2", gap=16)
    after = panels.TextRun(note, SMALL_PX, True, "primary", gap=16) if note else plain
    if heard in (scenes.AnnouncementState.NOWHERE, scenes.AnnouncementState.NOBODY, scenes.AnnouncementState.SHOWN):
        beside = words.stage_status(scene, heard)
        after = panels.TextRun(beside.beside, SMALL_PX, True, "amber", gap=16)
    return BarContent(
        label=ticket.label,
        runs=(_state_mark_run("called", _("Called", context="state")),),
        after=(after,),
        briefly=(replace(plain, text=what),) if after is plain else (),
        acts=(scenes.ClerkAct.RECALL, scenes.ClerkAct.MISS),
        primary=_("Start", context="bar"),
    )


def _serving_content(scene: scenes.WindowScene, ticket: Ticket) -> BarContent:
    took, target = current_leg_handling_s(ticket, scene.now), scenes.handling_target_of_ticket(scene, ticket)
    share = took / (target * 60) if target else None
    late = share is not None and share > 1
    stalled = ticket.stalled_since is not None
    word = _("Waiting for a system") if stalled else _("Serving", context="state")
    timer = panels.TextRun(minutes_seconds(took), TIMER_PX, True, "red" if late else "ink", tabular=True, gap=16)
    after = []
    if scene.next_ticket is not None:
        after.append(panels.TextRun(_("next {ticket}", ticket=scene.next_ticket.label), SMALL_PX, token="ink2", gap=16))
    return BarContent(
        label=ticket.label,
        runs=(_state_mark_run("parked" if stalled else "serving", word), timer),
        after=tuple(after),
        acts=(scenes.ClerkAct.UNSTALL if stalled else scenes.ClerkAct.TRANSFER, scenes.ClerkAct.PARK),
        primary=_("Finish"),
        share=share,
    )


def _paused_content(scene: scenes.WindowScene) -> BarContent:
    back = scene.window.back
    since = scene.window.since
    gone = minutes_seconds((scene.now - since).total_seconds() if since else 0)
    after = []
    if back is not None:
        late = scene.now > back
        time = time_hm(scene.setup.to_hall_time(back))
        said_back = _("back at about {time}", time=time)
        after.append(panels.TextRun(said_back, SMALL_PX, late, "red" if late else "ink2", gap=16))
    return BarContent(
        state=paused_state_text_run(),
        runs=(panels.TextRun(gone, TIMER_PX, True, tabular=True),),
        after=tuple(after),
        acts=(scenes.ClerkAct.EXTEND, scenes.ClerkAct.CLOSE),
        primary=_("I am back"),
        can=scenes.primary_act(scene) is not None,
    )


def free_state_text() -> panels.TextRun:
    return panels.TextRun(_("Free", context="bar"), M, token="ink2", icon="waiting")


def paused_state_text_run() -> panels.TextRun:
    return _state_mark_run("paused", _("Paused", context="state"))


def _state_mark_run(state: str, word: str) -> panels.TextRun:
    mark = MARKS[state]
    token = "primary" if mark.token == "on_soft" else mark.token
    return panels.TextRun(word, M, True, token, icon=mark.icon)


def _item_or_service(scene: scenes.WindowScene, ticket: Ticket) -> str:
    item = names.item_name(scene.setup, ticket.service, ticket.item)
    return item or names.service_name(scene.setup, ticket.service)


WIDTH, HEIGHT, EDGE, RADIUS = 920, 72, 2, 12
GRIP, AFTER_BLOCK = 28, 14
NUMBER_PX, GROUND_RADIUS = 38, 8
LEAST_REST = 72
CELL_WIDTH, CELL_PAD, WORD_PX, PRIMARY_WIDTH = 58, 10, 13, 232
DOT = 18
RING, SENTENCE_LINES, SENTENCE_LINE_PX, SENTENCE_LEFT = 3, 3, 21, 34
WRAPPED = 1.2
"""How much wider lines broken at words are than the same letters without breaks."""
_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class _InsetFocusRingButton(PaintedButton):
    """A part of the bar: its ring lies inside, for there is nothing outside."""

    _ring = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in _TAB
        QAbstractButton.focusInEvent(self, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        QAbstractButton.focusOutEvent(self, event)

    def paint_focus_ring(self, painter: paint.Painter, token: str = "ink") -> None:
        if self._ring and self.hasFocus():
            painter.draw_box(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, "", edge=token, width=RING)


class BarActButton(_InsetFocusRingButton):
    """An act of the bar: icon over word, with a line at its left."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._icon, self._count = "", 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_count(self, count: int) -> None:
        """Show a dot with a number at the icon, none for 0."""
        self._count = count
        self.setAccessibleDescription(n_("{n} case is yours", "{n} cases are yours", count) if count else "")
        self.update()

    def set_act(self, icon: str, word: str) -> None:
        """Show another act."""
        self._icon = icon
        self.setText(word)
        self.update()

    def sizeHint(self) -> QSize:
        words = paint.width_of_text(self.look.font(WORD_PX), self.text()) + 2 * self.look.px(CELL_PAD)
        return QSize(max(round(words), self.look.px(CELL_WIDTH)), self.look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        if self.isDown() or self.underMouse():
            painter.fillRect(self.rect(), look.color("soft" if self.isDown() else "paper"))
        painter.draw_divider(QPointF(0, 0), QPointF(0, self.height()))
        token = "ink" if self.isEnabled() else "ink2"
        painter.draw_icon(self._icon, token, (self.width() - look.px(22)) / 2, self.height() / 2 - look.px(22), 22)
        below = QRectF(0, self.height() / 2 + look.px(2), self.width(), look.px(20))
        painter.draw_words_and_give_end_x(self.text(), look.font(WORD_PX), token, below, Qt.AlignmentFlag.AlignHCenter)
        if self._count:
            dot = QRectF(self.width() / 2 + look.px(8), look.px(6), look.px(DOT), look.px(DOT))
            painter.draw_box(dot, DOT / 2, "primary")
            middle = Qt.AlignmentFlag.AlignHCenter
            painter.draw_words_and_give_end_x(
                str(self._count), look.font(WORD_PX, bold=True), "on_primary", dot, middle
            )
        self.paint_focus_ring(painter)


class BarPrimaryButton(_InsetFocusRingButton):
    """The filled part at the right end."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._key, self._spare = "", 0
        self._cap = PrimaryButton(look, height=48, px=M, parent=self)
        self._cap.hide()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_word_and_key(self, word: str, key: str, *, can: bool) -> None:
        """Set the word and the key that does it in any program, "" for none. It is then as narrow as these allow."""
        self._key, self._spare = key if can else "", 0
        self.setText(word)
        self.setEnabled(can)
        self.updateGeometry()
        self.update()

    def set_spare_width(self, spare: int) -> None:
        """Take of the spare width what makes it a large target."""
        self._spare = max(0, spare)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = paint.width_of_text(self.look.font(20, bold=True), self.text()) + 2 * self.look.px(18)
        if self._key:
            width += paint.width_of_text(self.look.font(WORD_PX), self._key) + self.look.px(24)
        wanted = min(self.look.large_px(PRIMARY_WIDTH), ceil(width) + self._spare)
        return QSize(max(ceil(width), wanted), self.look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, can = paint.Painter(self, self.look), self.look, self.isEnabled()
        fill = "sunken" if not can else "press" if self.isDown() else "primary"
        painter.setClipRect(self.rect())
        # Only the corners at the bar's end are round.
        painter.draw_box(QRectF(self.rect()).adjusted(-look.px(RADIUS) * 2, 0, 0, 0), RADIUS - EDGE, fill)
        ink, font = ("on_primary" if can else "ink2"), look.font(20, bold=True)
        gap, style = look.px(12), self._cap._keycap_style_on_button()
        word = paint.width_of_text(font, self.text())
        cap = paint.width_of_text(look.font(style.px), self._key) + 2 * look.px(style.padding) if self._key else 0
        x = (self.width() - word - (cap + gap if cap else 0)) / 2
        painter.draw_words(self.text(), font, ink, x, paint.centred_baseline_y(font, 0, self.height()))
        if cap:
            high = look.px(style.height)
            painter.draw_key_cap(QRectF(x + word + gap, (self.height() - high) / 2, cap, high), self._key, style)
        self.paint_focus_ring(painter, ink)


class BarNumberBlock(paint.FollowsLook, QWidget):
    """The ticket's number and the window, as the window's plate shows them; without a ticket its state stands in the
    number's place. Nothing here moves, whatever the state is."""

    spoken_role = paint.TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._block, self._widest, self._state = NumberAndWindow(""), "", NO_STATE
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_block(self, block: NumberAndWindow, widest: str, state: panels.TextRun) -> None:
        """Show another number at its window; `widest` is the widest number of all, `state` is shown without one."""
        if (block, widest, state) == (self._block, self._widest, self._state):
            return
        self._block, self._widest, self._state = block, widest, state
        said = block.number_and_window_text if block.label else f"{state.text} {block.number_and_window_text.strip()}"
        self.setAccessibleName(said.strip())
        self.measure_again()

    def spoken_text(self) -> str:
        return self.accessibleName()

    def _widest_row_plan(self) -> RowColumnsPlan:
        size, least = self.look.px(NUMBER_PX), self.look.px(WORD_PX)
        windows = [self._block.window] if self._block.window is not None else []
        width = number_block.widest_row_width(size, windows, self._widest, least=least)
        states = max(
            panels.text_runs_width(self.look, [state]) for state in (free_state_text(), paused_state_text_run())
        )
        plan = number_block.plan_row_columns(width, size, windows, self._widest, least=least)
        return number_block.plan_row_columns(
            width + max(0, states - plan.label_width), size, windows, self._widest, least=least
        )

    def sizeHint(self) -> QSize:
        left, width = number_block.window_background_span(self._widest_row_plan())
        return QSize(ceil(left + width), self.look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, plan, high = paint.Painter(self, self.look), self._widest_row_plan(), ROW_EM * self.look.px(NUMBER_PX)
        rect = QRectF(0, (self.height() - high) / 2, self.width(), high)
        number_block.paint_number_and_window_on_dark(
            painter, self._block, plan, rect, middle=rect.center().y(), ink="ink", radius=GROUND_RADIUS
        )
        if not self._block.label:
            font = self.look.font(self._state.px, bold=self._state.bold)
            baseline = paint.centred_baseline_y(font, 0, self.height())
            panels.paint_text_runs(painter, [self._state], plan.label_x, baseline)


class BarStatusLine(paint.FollowsLook, QWidget):
    """State, class and details in one line, with the target's progress below."""

    spoken_role = paint.TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._face, self._brief = BarContent(), False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_bar_content(self, face: BarContent) -> None:
        """Show another face."""
        self._face = face
        parts = [face.sentence, *(run.text for run in face.runs), face.class_text, *(run.text for run in face.after)]
        self.setAccessibleName(" ".join(part for part in parts if part))
        self.update()

    def set_icons_only(self, brief: bool) -> None:
        """Draw only the icon of what has one."""
        self._brief = brief
        self.update()

    def width_needed(self) -> float:
        """Return the width that what must be read takes."""
        if self._face.sentence:
            wide = paint.width_of_text(self.look.font(S, bold=True), self._face.sentence)
            return self.look.px(SENTENCE_LEFT + 8) + wide * WRAPPED / SENTENCE_LINES
        return panels.text_runs_width(self.look, self._state_runs()) + self.look.px(12)

    def _state_runs(self) -> tuple[panels.TextRun, ...]:
        return tuple(replace(run, text="") if self._brief and run.icon else run for run in self._face.runs)

    def spoken_text(self) -> str:
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        return QSize(0, self.look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, face = paint.Painter(self, self.look), self.look, self._face
        room = float(self.width() - look.px(8))
        if face.sentence:
            self._paint_sentence(painter, room)
            return
        runs = self._state_runs()
        whole = panels.text_runs_width(look, runs) + panels.text_runs_width(look, face.after)
        pill = pill_width(look, face.class_text, "person", 14) if face.class_text else 0
        x = self._paint_runs_centred(painter, runs, 0, room)
        # Where there is no room the class goes first: its place in line says the same. The keys stay.
        if pill and whole + pill + look.px(16) <= room:
            high = look.px(26)
            place = QRectF(x + look.px(16), (self.height() - high) / 2, pill, high)
            paint_pill_with_text(painter, place, face.class_text, tint="bluebg", token="blue", icon="person", px=14)
            x = place.right()
        after = face.after
        if face.briefly and x + panels.text_runs_width(look, after) > room:
            after = face.briefly
        for run in after:
            if x + self.look.px(run.gap + LEAST_REST) < room:
                x = self._paint_runs_centred(painter, [run], x, room)
        if face.share is not None:
            track = QRectF(0, self.height() - look.px(8), room, look.px(4))
            painter.draw_box(track, 2, "sunken", edge="edge" if look.theme.outlined else "")
            done = QRectF(track)
            done.setWidth(track.width() * min(1.0, face.share))
            painter.draw_box(done, 2, "red" if face.share > 1 else "primary")

    def _paint_runs_centred(
        self, painter: paint.Painter, runs: Sequence[panels.TextRun], x: float, room: float
    ) -> float:
        """Draw runs of different size about one middle, as things that stand for themselves; return where they end."""
        for run in runs:
            font = self.look.font(run.px, bold=run.bold)
            x = panels.paint_text_runs(painter, [run], x, paint.centred_baseline_y(font, 0, self.height()), limit=room)
        return x

    def _paint_sentence(self, painter: paint.Painter, room: float) -> None:
        look, face = self.look, self._face
        left, font, high = look.px(SENTENCE_LEFT), look.font(S, bold=True), look.px(SENTENCE_LINE_PX)
        painter.draw_icon(face.icon, face.tint, 0, (self.height() - look.px(22)) / 2, 22)
        lines = paint.wrapped_lines(font, face.sentence, room - left, SENTENCE_LINES)
        top = (self.height() - high * len(lines)) / 2
        for place, line in enumerate(lines):
            painter.draw_words_and_give_end_x(
                line, font, face.tint, QRectF(left, top + high * place, room - left, high)
            )


class SmallBar(paint.FollowsLook, QWidget):
    """The bar's window. It never takes the focus by itself; once touched, it accepts the counter's keys.

    `pressed` asks for the primary, `acted` carries the place of an act among those shown, `more` asks for all acts;
    `key` carries a key press, `moved` the new place after a drag."""

    pressed = Signal()
    acted = Signal(int)
    more = Signal()
    key = Signal(object)
    moved = Signal(QPoint)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self.setWindowFlags(Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._face = BarContent()
        self._grip: QPoint | None = None
        self._shown, self._key = 0, ""
        self._room: int | None = None
        self.block = BarNumberBlock(look)
        self.line = BarStatusLine(look)
        self.cells = [BarActButton(look) for _n in range(3)]
        for place, cell in enumerate(self.cells):
            cell.setObjectName(str(place))
            cell.clicked.connect(self._emit_pressed_act)
        self.more_cell = BarActButton(look)
        self.more_cell.clicked.connect(self.more)
        self.primary = BarPrimaryButton(look)
        self.primary.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, (EDGE, EDGE, EDGE, EDGE), 0)
        row.addWidget(_fixed_width_gap_widget(look, GRIP))
        row.addWidget(self.block)
        row.addWidget(_fixed_width_gap_widget(look, AFTER_BLOCK))
        row.addWidget(self.line, 1)
        for part in (*self.cells, self.more_cell, self.primary):
            row.addWidget(part)
        self.measure_again()
        self.setFocus()

    def show_bar_content(
        self,
        face: BarContent,
        window: WindowLabel,
        widest: str,
        acts: Sequence[tuple[str, str]],
        *,
        key: str,
        more: str,
    ) -> None:
        """Show `face` for a window where `widest` is the widest number; `acts` are icon and word, `key` does the
        primary from any program."""
        self._face, self._shown, self._key = face, len(acts), key
        self.block.set_block(NumberAndWindow(face.label, window), widest, face.state)
        self.line.set_bar_content(face)
        for place, (icon, word) in enumerate(acts):
            self.cells[place].set_act(icon, word)
        self.more_cell.set_act("more", more)
        self._fit_parts_to_width()
        self.update()

    def show_message(self, face: BarContent) -> None:
        """Show a message in place of the line; the acts stay."""
        self._face = replace(self._face, tint=face.tint, sentence=face.sentence)
        self.line.set_bar_content(face)
        self._fit_parts_to_width()
        self.update()

    def set_available_width(self, room: int | None) -> None:
        """Set the width that there is for it, None for its screen's."""
        if room != self._room:
            self._room = room
            self.measure_again()

    def _fit_parts_to_width(self) -> None:
        """Give number and state their room: where there is little, the sign of the primary's key goes first, then the
        primary's spare width, then the state's word, whose icon stays. The acts stay; only a sentence takes their
        room, and they are under ⋯ too."""
        face, look = self._face, self.look
        shown = 0 if face.sentence else self._shown
        parts = [*self.cells[:shown], self.more_cell, *([self.primary] if face.primary else [])]
        others = self.block.sizeHint().width() + look.large_px(GRIP) + look.large_px(AFTER_BLOCK) + 2 * look.gap(EDGE)
        for key, brief in ((self._key, False), ("", False), ("", True)):
            self.primary.set_word_and_key(face.primary, key, can=face.can)
            self.line.set_icons_only(brief)
            needed = others + self.line.width_needed() + sum(part.sizeHint().width() for part in parts)
            spare = self.width() - ceil(needed)
            if spare >= 0:
                break
        self.primary.set_spare_width(spare)
        gone = [part for part in (*self.cells[shown:], *([] if face.primary else [self.primary])) if part.hasFocus()]
        if gone:
            # A part that goes away would give the keyboard to its neighbour.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        for place, cell in enumerate(self.cells):
            cell.setVisible(place < shown)
        self.primary.setVisible(bool(face.primary))

    def set_busy(self, busy: bool) -> None:
        """Accept no press while a command runs."""
        for part in (self.primary, *self.cells):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, busy)

    def measure_again(self) -> None:
        room = panels.screen_under_widget(self).availableGeometry().width() if self._room is None else self._room
        widest = room - 2 * self.look.px(16)
        self.setFixedSize(min(self.look.px(WIDTH), widest), self.look.px(HEIGHT))
        if QGuiApplication.platformName() == "xcb":
            # A desktop that composes nothing would show black corners.
            self.setMask(rounded_region(self.rect(), self.look.px(RADIUS)))
        self._fit_parts_to_width()
        super().measure_again()

    def _emit_pressed_act(self) -> None:
        self.acted.emit(int(self.sender().objectName()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.key.emit(event)

    # -- dragging ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            handle = self.windowHandle()
            # Only a compositor that moves windows itself knows where they are.
            if handle is not None and _is_on_wayland() and handle.startSystemMove():
                return
            self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._grip = None
            self.moved.emit(self.pos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, tint = paint.Painter(self, self.look), self.look, self._face.tint
        painter.draw_box(QRectF(self.rect()), RADIUS, f"{tint}bg" if tint else "surface", edge="ink", width=EDGE)
        side = look.px(18)
        painter.draw_icon("drag", "ink2", look.px(7), (self.height() - side) / 2, 18)


def rounded_region(rect: QRect, radius: float) -> QRegion:
    """Return a rectangle with round corners as a region of whole pixels."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(rect), radius, radius)
    return QRegion(path.toFillPolygon().toPolygon())


def _fixed_width_gap_widget(look: Look, width: float) -> QWidget:
    gap = QWidget()
    gap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    panels.FixedSizeKeeper(look, gap, width=width)
    return gap


def _is_on_wayland() -> bool:
    return QGuiApplication.platformName().startswith("wayland")
