"""The parts of the board that can be pressed, and their colours: a service's bar, a window's cell, an alarm with what
to do about it, the result of a move, further alarms; each with its key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import current_line_join_time, set_up, tickets_callable_by_window
from queuedesk.core.queue.ticket import Ticket, WindowState, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import AnsweredMove, StaffingMove
from queuedesk.core.talk.messages import place_of_window
from queuedesk.features.lobby.rules.move_search import QUIET, TOLD_AFTER, carried_out_at, measured_move_effect
from queuedesk.features.lobby.rules.outlook import Risk
from queuedesk.features.lobby.words import measured_effect_words, move_title, risk_words
from queuedesk.i18n import _, list_text, minutes_text, time_hm
from queuedesk.i18n.catalogue import tr
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.manager.today.alert_words import AlertText, ButtonTarget
from queuedesk.stations.widgets import buttons
from queuedesk.stations.widgets.lists.tiles import TileButton
from queuedesk.stations.widgets.paint import (
    ELLIPSIS,
    Painter,
    centred_baseline_y,
    squeezed_font,
    width_of_text,
    wrapped_lines,
)
from queuedesk.stations.widgets.panels import TextRun, paint_text_runs
from queuedesk.stations.window.style import MARKS, Look

BAR_HEIGHT, LEAST = 88, 52
BADGE, NAME_SHARE, LEAST_BAR, NUMBER, UNIT = 56, 0.3, 72, 48, 17
NAME_PX = (22, 19, 17, 15)
LATER_PX, SHORT_PX = (16, 15, 14, 13), (16, 15, 14, 13, 12)
ROOM_FOR_UNIT, ROOM_FOR_THICK = 440, 66
TOKENS = {"": "primary", "amber": "amber", "red": "red"}

One = TypeVar("One", bound=QWidget)


def _visible_siblings_of_kind(part: One) -> list[One]:
    """Return all of its kind in its place: their words are fitted as one, not each by itself."""
    place = part.parentWidget()
    return [part] if place is None else [one for one in place.findChildren(type(part)) if not one.isHidden()]


class ServiceText(Struct, frozen=True, kw_only=True):
    """`minutes` is shown where `longest` has no room. `share` is the longest wait as a share of the bar, whose middle
    is the target; `level` ("", "amber", "red") colours it. `later` says how many will be in line in 20 minutes,
    `later_short` where that has no room, `soon` as a number. `units` are all that may stand after a number: numbers
    end in one column."""

    code: str
    letter: str
    name: str
    waiting: str
    unit: str
    longest: str
    minutes: str
    share: float
    level: str
    later: str = ""
    later_short: str = ""
    soon: int | None = None
    units: tuple[str, ...] = ()

    @property
    def spoken_text(self) -> str:
        """Return the row as a screen reader says it."""
        parts = self.name, f"{self.waiting} {self.unit}", self.longest, self.later
        return list_text([part for part in parts if part])


class ServiceBar(buttons.PaintedButton):
    """One row; pressing leads to the line's tickets."""

    def __init__(self, look: Look, text: ServiceText, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_service(text)

    def set_service(self, text: ServiceText) -> None:
        """Say something else; the row's place stays."""
        self.text_shown = text
        self.setText(text.name)
        self.setAccessibleName(text.spoken_text)
        self.setToolTip(text.spoken_text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.large_px(480), self.look.large_px(BAR_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(280), self.look.px(LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self.text_shown
        width, height = self.width(), self.height()
        painter.draw_divider(QPointF(0, 0), QPointF(width, 0))
        if self.underMouse():
            painter.draw_box(QRectF(0, 2, width, height - 3), 6, "sunken")
        side = self._badge_side()
        painter.draw_badge(QRectF(0, (height - side) / 2, side, side), said.letter)
        left = side + look.gap(20)
        room, px = self._name_room_and_px()
        self._draw_service_name(painter, QRectF(left, 0, room, height), px)
        right = self._draw_waiting_count_and_give_left(painter)
        start = left + room + look.gap(16)
        self._draw_bar_with_texts(painter, QRectF(start, 0, right - look.gap(14) - start, height))

    def _name_room_and_px(self) -> tuple[float, float]:
        """Return the room of the names of all services and the largest letters in which they stand whole there. Before
        a name is cut the bars become shorter, and large letters give up what they have gained."""
        look, bars = self.look, _visible_siblings_of_kind(self)
        usual = self.width() * NAME_SHARE - look.gap(20)
        around = self._badge_side() + self._number_room() + look.gap(20 + 16 + 14 + LEAST_BAR)
        more = max(0.0, self.width() - around - usual)
        least = NAME_PX[-1]
        smaller = [px for px in range(least - 1, 0, -1) if px * look.scale.text >= least]
        for room, px in (
            *((usual, px) for px in NAME_PX),
            *((usual + more * part / 4, least) for part in (1, 2, 3)),
            *((usual + more, px) for px in (least, *smaller)),
        ):
            if all(bar.has_room_for_name(room, px) for bar in bars):
                break
        return room, px

    def has_room_for_name(self, room: float, px: float) -> bool:
        """Return whether the name is whole in letters of `px`: in two lines, the largest in one."""
        lines = wrapped_lines(self.look.font(px, bold=True), self.text_shown.name, room, 2)
        return (px < NAME_PX[0] or len(lines) == 1) and not any(line.endswith(ELLIPSIS) for line in lines)

    def _draw_service_name(self, painter: Painter, room: QRectF, px: float) -> None:
        look = self.look
        font = look.font(px, bold=True)
        lines = wrapped_lines(font, self.text_shown.name, room.width(), 2)
        high = look.px(px * 1.25)
        top = room.center().y() - high * len(lines) / 2
        for number, line in enumerate(lines):
            painter.draw_words_and_give_end_x(
                line, font, "ink", QRectF(room.left(), top + number * high, room.width(), high)
            )

    def _draw_waiting_count_and_give_left(self, painter: Painter) -> float:
        """Draw how many wait at the right; return where that begins at the widest."""
        look, said = self.look, self.text_shown
        big, small = self._number_font(), look.font(UNIT)
        if not self._has_room_for_unit():
            painter.draw_words_and_give_end_x(
                said.waiting, big, "ink", QRectF(self.rect()), Qt.AlignmentFlag.AlignRight
            )
            return self.width() - self._number_room()
        unit = max(width_of_text(small, one) for one in (said.unit, *said.units))
        number = QRectF(0, 0, self.width() - unit - look.px(8), self.height())
        painter.draw_words_and_give_end_x(said.waiting, big, "ink", number, Qt.AlignmentFlag.AlignRight)
        foot = QRectF(self.width() - unit, look.px(8), unit, self.height())
        painter.draw_words_and_give_end_x(said.unit, small, "ink2", foot)
        return self.width() - self._number_room()

    def _has_room_for_unit(self) -> bool:
        return self.width() >= self.look.px(ROOM_FOR_UNIT)

    def _number_room(self) -> float:
        if self._has_room_for_unit():
            return self.look.large_px(118)
        numbers = "88", *(bar.text_shown.waiting for bar in _visible_siblings_of_kind(self))
        return max(width_of_text(self._number_font(), number) for number in numbers)

    def _number_font(self) -> QFont:
        return self.look.font(min(NUMBER, self.height() / self.look.scale.k * 0.62), bold=True)

    def _badge_side(self) -> int:
        return min(self.look.large_px(BADGE), self.height() - self.look.px(16))

    def has_room_for_forecast(self, width: float, px: int, *, below: bool, short: bool) -> bool:
        """Return whether who will be in line is told whole, in letters of `px`, in a bar of this width, on a line of
        its own or not."""
        later = self.text_shown.later_short if short else self.text_shown.later
        return self._fits_beside_longest_wait(later, px, width) or (
            below and width_of_text(self.look.font(px), later) <= width
        )

    def _fits_beside_longest_wait(self, later: str, px: int, width: float) -> bool:
        look, said = self.look, self.text_shown
        longest = width_of_text(look.font(16, bold=bool(said.level)), said.longest)
        return longest + look.px(10) + width_of_text(look.font(px), later) <= width

    def _forecast_words_and_font_px(self, width: float, *, below: bool) -> tuple[str, int]:
        """Return who will be in line and the size of its letters, of one kind for all services: smaller letters before
        fewer words."""
        kinds = [*((False, px) for px in LATER_PX), *((True, px) for px in SHORT_PX)]
        for short, px in kinds:
            if all(
                one.has_room_for_forecast(width, px, below=below, short=short)
                for one in _visible_siblings_of_kind(self)
            ):
                break
        return self.text_shown.later_short if short else self.text_shown.later, px

    def _draw_bar_with_texts(self, painter: Painter, room: QRectF) -> None:
        look, said = self.look, self.text_shown
        thick, line = look.px(20 if room.height() >= look.px(ROOM_FOR_THICK) else 12), look.px(24)
        small = look.font(16, bold=bool(said.level))
        is_tall = room.height() >= thick + 2 * line + look.px(14)
        later, later_px = self._forecast_words_and_font_px(room.width(), below=is_tall)
        is_below = is_tall and bool(later) and not self._fits_beside_longest_wait(later, later_px, room.width())
        gap = look.px(5 if is_below or thick < look.px(20) else 8)
        top = (room.height() - thick - line * (2 if is_below else 1) - gap) / 2 + look.px(1)
        bar = QRectF(room.left(), top, room.width(), thick)
        outlined = look.theme.outlined
        painter.draw_box(bar, 3, "sunken", edge="edge" if outlined else "")
        if said.share > 0:
            filled = QRectF(bar.left(), top, max(look.px(6), bar.width() * said.share), thick)
            painter.draw_box(filled, 3, TOKENS[said.level])
        middle = round(bar.center().x())
        over = min(look.px(6), int(top) - 2)
        painter.fillRect(QRectF(middle - 1, top - over, look.px(3), thick + 2 * over), look.color("ink"))
        below = QRectF(room.left(), top + thick + gap, room.width(), line)
        token = TOKENS[said.level] if said.level else "ink2"
        longest = said.longest
        if width_of_text(small, longest) > room.width():
            longest, small = said.minutes, squeezed_font(look, said.minutes, 16, room.width(), bold=bool(said.level))
        end = painter.draw_words_and_give_end_x(longest, small, token, below)
        if is_below:
            painter.draw_words_and_give_end_x(
                later, look.font(later_px), "ink2", below.translated(0, line - look.px(2))
            )
            return
        rest = QRectF(end + look.px(10), below.top(), below.right() - end - look.px(10), line)
        if width_of_text(look.font(later_px), later) <= rest.width():
            painter.draw_words_and_give_end_x(later, look.font(later_px), "ink2", rest, Qt.AlignmentFlag.AlignRight)


CELL_HEIGHT, LEAST_WIDTH, PAD = 62, 118, 12
FLAT_HEIGHT, FLAT_LEAST_WIDTH = 36, 150


class WindowCellText(Struct, frozen=True, kw_only=True):
    """`mark` is a key of theme.MARKS, `what` a ticket or a state's word; a `late` cell says `why` in its tooltip and is
    red. `short` stands where `what` has no room. `is_amber`: it asks to be looked at; `is_tried`: `what` is what a
    suggestion would change."""

    code: str
    number: str
    mark: str
    what: str
    short: str = ""
    staff: str = ""
    time: str = ""
    away: bool = False
    late: bool = False
    why: str = ""
    is_amber: bool = False
    is_tried: bool = False

    @property
    def spoken_text(self) -> str:
        """Return the cell as a screen reader says it."""
        return list_text([part for part in (self.number, self.state_text()) if part])

    def state_text(self) -> str:
        return list_text([part for part in (self.staff, self.what, self.time, self.why) if part])


class WindowCell(TileButton):
    """One window; pressing leads to its current work."""

    def __init__(self, look: Look, text: WindowCellText, parent: QWidget | None = None) -> None:
        super().__init__(look, width=190, height=CELL_HEIGHT, parent=parent)
        self._flat = False
        self.set_window(text)

    def set_window(self, text: WindowCellText) -> None:
        """Say something else; the cell's place stays."""
        self.text_shown = text
        self.setText(text.number)
        self.setAccessibleName(text.spoken_text)
        self.setToolTip(text.spoken_text)
        self.update()

    def set_single_line(self, flat: bool) -> None:
        """Show it in one line, without the name: for many windows."""
        if flat != self._flat:
            self._flat = flat
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.large_px(190), self.look.px(FLAT_HEIGHT if self._flat else CELL_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        least = FLAT_LEAST_WIDTH if self._flat else LEAST_WIDTH
        return QSize(self.look.large_px(least), self.look.px(FLAT_HEIGHT if self._flat else CELL_HEIGHT))

    def _paint_single_line(self, painter: Painter) -> None:
        look, said = self.look, self.text_shown
        pad, rect = look.gap(10), QRectF(self.rect())
        mark = MARKS[said.mark]
        painter.draw_icon(mark.icon, _mark_colour_token(said), pad, (self.height() - look.px(16)) / 2, 16)
        left = float(pad + look.px(21))
        bold = look.font(15, bold=True)
        left = painter.draw_words_and_give_end_x(
            said.code, bold, "ink", QRectF(left, 0, rect.width() - left, rect.height())
        )
        time_font = look.font(15, bold=said.late or said.is_amber, tabular=True)
        inside = QRectF(0, 0, rect.width() - pad, rect.height())
        left += look.px(8)
        font, token = look.font(15, bold=said.is_tried, tabular=True), _state_text_token(said)
        room, time = inside.right() - left, width_of_text(time_font, said.time) + look.px(6)
        has_time = said.late or width_of_text(font, said.what) + time <= room
        if has_time:
            painter.draw_words_and_give_end_x(
                said.time, time_font, _time_colour_token(said), inside, Qt.AlignmentFlag.AlignRight
            )
        what = QRectF(left, 0, room - (time if has_time else 0), rect.height())
        painter.draw_words_and_give_end_x(said.what, font, token, what)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self.text_shown
        if said.away:
            painter.draw_box(QRectF(self.rect()), 12, "sunken", edge="edge", width=2, dashed=True)
        else:
            self.paint_background(painter)
        if said.is_tried:
            painter.draw_box(QRectF(self.rect()), 12, "", edge="primary", width=3)
        if self._flat:
            self._paint_single_line(painter)
            return
        pad, high = look.gap(PAD), look.px(24)
        mark = MARKS[said.mark]
        token = _mark_colour_token(said)
        side = look.px(18)
        right = self.width() - pad - side
        painter.draw_icon(mark.icon, token, right, look.px(10), 18)
        head = [TextRun(said.number, 17, True)]
        if said.staff and all(one._has_room_for_name() for one in _visible_siblings_of_kind(self)):
            head.append(TextRun(said.staff, 15, token="ink2", gap=8))
        bold = look.font(17, bold=True)
        paint_text_runs(painter, head, pad, centred_baseline_y(bold, look.px(6), high), limit=right - look.px(4))
        foot = QRectF(pad, self.height() - look.px(31), self.width() - 2 * pad, high)
        px, words = self._px_and_words_that_fit(foot.width())
        time_font = look.font(px, bold=said.late or said.is_amber, tabular=True)
        time_width = width_of_text(time_font, said.time)
        what = QRectF(foot.left(), foot.top(), foot.width() - time_width - look.px(8), high)
        painter.draw_words_and_give_end_x(
            said.time, time_font, _time_colour_token(said), foot, Qt.AlignmentFlag.AlignRight
        )
        painter.draw_words_and_give_end_x(
            words, look.font(px, bold=said.is_tried, tabular=True), _state_text_token(said), what
        )

    def _has_room_for_name(self) -> bool:
        """Whether who is there has room beside the window's number."""
        look, said = self.look, self.text_shown
        name = (
            width_of_text(look.font(17, bold=True), said.number) + look.px(8) + width_of_text(look.font(15), said.staff)
        )
        return not said.staff or look.gap(PAD) + name < self.width() - look.gap(PAD) - look.px(18 + 6)

    def _px_and_words_that_fit(self, room: float) -> tuple[int, str]:
        """Return the words that stand whole beside the time, and their size; "" where even the short ones do not: the
        mark says it too."""
        look, said = self.look, self.text_shown
        for words in (said.what, said.short):
            for px in (16, 15, 14, 13):
                time = width_of_text(look.font(px, bold=said.late or said.is_amber, tabular=True), said.time)
                if width_of_text(look.font(px, bold=said.is_tried, tabular=True), words) + look.px(8) + time <= room:
                    return px, words
        return 13, ""


def _state_text_token(said: WindowCellText) -> str:
    if said.is_tried:
        return "primary"
    return "amber" if said.is_amber else "ink2" if said.away else "ink"


def _time_colour_token(said: WindowCellText) -> str:
    return "red" if said.late else "amber" if said.is_amber else "ink2"


def _mark_colour_token(said: WindowCellText) -> str:
    """Return the colour of the mark; on a white ground that of an open window is the plain green."""
    if said.is_amber:
        return "amber"
    token = MARKS[said.mark].token
    return "primary" if token == "on_soft" else token


FREE_FOR = timedelta(seconds=40)
"""A window that is free for so long, while somebody waits whom it may call, is worth a word."""
PUT_OFF_FOR = timedelta(minutes=20)
"""What is put off comes back after so long."""
TOLD_FOR = timedelta(minutes=45)
"""What became of a move is told for so long after it was made."""
LINE_ALARMS = frozenset({"long_wait", "no_window", "crowd"})
NOTED_ONLY = frozenset({"device_down", "series_ending"})
TELL, TAKE, SEE, SHOW, CARD, NOTED = "tell", "take", "see", "show", "card", "noted"


class BoardAction(Struct, frozen=True, kw_only=True):
    """Something to press, in finished words; a row where it is no card. `figures` is what is said of `second` where it
    has no room.

    `verb` says what its key does: TELL sends `message` (Chinese and English) to the window `to`; TAKE makes the move
    `key`; SEE notes the alarm as seen; SHOW leads to `place`; CARD opens a contingency card; NOTED takes it from the
    board. `put_off` says that it may be put off for a while."""

    id: str
    icon: str
    token: str
    title: str
    second: str
    press: str
    verb: str
    figures: str = ""
    key: str = ""
    to: str = ""
    message: tuple[str, str] = ("", "")
    place: ButtonTarget | None = None
    alert: AlertText | None = None
    is_card: bool = False
    put_off: bool = False


def idle_window_cards(state: HallState, now: datetime) -> Iterator[BoardAction]:
    """Yield a card for each window that is free although somebody waits whom it may call, each for another person;
    nothing for one that was told."""
    setup, meant = set_up(state), set[str]()
    for code in setup.windows:
        window = state.window(code)
        is_free = window.state is WindowState.OPEN and window.ticket is None and window.since is not None
        if (
            not is_free
            or window.since is None
            or now - window.since < FREE_FOR
            or _was_window_messaged(state, code, window.since)
        ):
            continue
        first = next((one for one in tickets_callable_by_window(state, code, now) if one.label not in meant), None)
        if first is not None:
            meant.add(first.label)
            yield _call_next_action(setup, code, window.staff, first, now)


def _call_next_action(setup: Setup, code: str, staff: str | None, ticket: Ticket, now: datetime) -> BoardAction:
    number, waited = ticket.label, minutes_text(whole_seconds_between(current_line_join_time(ticket), now) // 60)
    message = [tr(lang, "Please call {ticket} next.", ticket=number) for lang in ("zh_CN", "en")]
    return BoardAction(
        id=f"free:{code}",
        icon="waiting",
        token="amber",
        title=_("Window {window} is free: call {ticket}", window=code, ticket=number),
        second=_("{ticket} has waited {minutes}", ticket=number, minutes=waited),
        press=_("Tell {staff}", staff=staff_name(setup, staff)),
        verb=TELL,
        to=code,
        message=(message[0], message[1]),
        is_card=True,
        put_off=True,
    )


def _was_window_messaged(state: HallState, window: str, since: datetime) -> bool:
    place = place_of_window(window)
    return any(one.to == place and one.time >= since for one in state.messages.values())


def overdue_pause_cards(state: HallState, now: datetime, moves: Iterable[StaffingMove]) -> Iterator[BoardAction]:
    """Yield a card for each clerk whose pause is over, unless that is suggested already or was asked or put off
    lately."""
    setup = set_up(state)
    suggested = {move.key for move in moves}
    lately = {one.move.key for one in state.moves.values() if now - one.time < QUIET}
    for code in setup.windows:
        window = state.window(code)
        key = StaffingMove(kind="call_back", window=code).key
        is_late = window.state is WindowState.PAUSED and window.back is not None and now > window.back
        if not is_late or window.back is None or window.staff is None or key in suggested | lately:
            continue
        over = minutes_text(max(1, whole_seconds_between(window.back, now) // 60))
        why = reason_words(window.reason or "") or _("Paused", context="window")
        yield BoardAction(
            id=key,
            icon="pause",
            token="violet",
            title=_("Ask window {window} to come back", window=code),
            second=_("{pause}, over by {minutes}", pause=why, minutes=over),
            press=_("Call {staff} back", context="move", staff=staff_name(setup, window.staff)),
            verb=TAKE,
            key=key,
            is_card=True,
            put_off=True,
        )


def outcomes_of_lately_taken_moves(state: HallState, now: datetime) -> Iterator[BoardAction]:
    """Yield what became of each move that was made lately, the newest first."""
    setup, day = set_up(state), state.now.date
    waiting = {one.label for one in state.waiting_tickets() if one.date == day}
    for made in sorted(state.moves.values(), key=lambda one: -one.seq):
        if not made.taken or made.date != day or now - made.time > TOLD_FOR:
            continue
        yield BoardAction(
            id=f"made:{made.seq}",
            icon="check",
            token="primary",
            title=move_title(setup, made.move),
            second=_move_outcome_text(state, made, waiting, now),
            press=_("Got it"),
            verb=NOTED,
            is_card=True,
        )


def _move_outcome_text(state: HallState, made: AnsweredMove, waiting: set[str], now: datetime) -> str:
    setup = set_up(state)
    done = carried_out_at(made, state.shifts.values())
    asked = time_hm(setup.to_hall_time(made.time))
    is_early = now - made.time < TOLD_AFTER
    if done is None:
        return (
            _("asked at {time}, not done yet", time=asked) if is_early else _("asked at {time}, not done", time=asked)
        )
    if is_early:
        tells = time_hm(setup.to_hall_time(made.time + TOLD_AFTER))
        return _(
            "done at {time}; the effect is shown from {later}", time=time_hm(setup.to_hall_time(done)), later=tells
        )
    real = measured_move_effect(made, state.calls, waiting, now)
    words = measured_effect_words(real.saved_min, real.n)
    if real.saved_min is None:
        return _("done at {time}; {words}", time=time_hm(setup.to_hall_time(done)), words=words)
    if real.is_final:
        return _("{words} than expected without it", context="outcome", words=words)
    return _("so far {words} than expected without it", context="outcome", words=words)


def alarm_rows(
    texts: Iterable[AlertText], carded: Sequence[BoardAction], cards: Mapping[str, object]
) -> Iterator[BoardAction]:
    """Yield a row for each alarm without a card of its own. The first about a line that is over the target opens a
    contingency card, if there are `cards`; the others lead to what they are about."""
    free = {one.to for one in carded if one.verb == TELL}
    back = {one.id for one in carded if one.verb == TAKE}
    opens = bool(cards)
    for text in texts:
        has_card = (text.kind == "no_call" and text.window in free) or (
            text.kind == "late_back" and StaffingMove(kind="call_back", window=text.window).key in back
        )
        if not has_card:
            row = _alarm_row(text, opens=opens)
            opens = opens and row.verb != CARD
            yield row


def _alarm_row(text: AlertText, *, opens: bool) -> BoardAction:
    press, verb = _("Show"), SHOW
    if text.kind in NOTED_ONLY and not text.is_seen:
        press, verb = _("Got it"), SEE
    elif text.kind in LINE_ALARMS and text.level == "red" and opens and not text.is_seen:
        press, verb = _("Contingency card"), CARD
    return BoardAction(
        id=f"alarm:{text.kind}:{text.service}:{text.window}:{text.device}:{text.station}",
        icon="person" if text.is_seen else _ICONS.get(text.kind, "clock"),
        token="ink2" if text.is_seen else text.level,
        title=text.title,
        second=text.second,
        press=press,
        verb=verb,
        figures=text.figures,
        place=text.place,
        alert=text,
    )


_ICONS = {
    "device_down": "plug",
    "series_ending": "ticket",
    "crowd": "people",
    "no_window": "window",
    "late_back": "pause",
}


def risk_rows(setup: Setup, risks: Iterable[Risk]) -> Iterator[BoardAction]:
    """Yield a row for each danger that no alarm names: a customer held up by another system, a clerk without a
    break."""
    for one in risks:
        if one.kind in ("stalled", "no_break"):
            yield BoardAction(
                id=f"risk:{one.kind}:{one.window}",
                icon="hourglass" if one.kind == "stalled" else "person",
                token="amber",
                title=risk_words(setup, one).rstrip(".。"),
                second="",
                press=_("Show"),
                verb=SHOW,
                place=ButtonTarget("tickets", window=one.window or ""),
            )
