"""The plate over a window: who is called there, what it serves, or when somebody is back and where else to go."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from PySide6.QtCore import QObject, QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QContextMenuEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.log.event import Event
from queuedesk.core.queue.dispatch import windows_for_service
from queuedesk.core.queue.ticket import TicketState, Window, WindowState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk import number_block
from queuedesk.core.talk.display import current_emergency_on_screen
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.i18n import _, list_text, n_, name_in_language, time_hm
from queuedesk.i18n.names import widest_ticket_label, window_label_for_customers
from queuedesk.i18n.queue.display_words import EmergencyText, emergency_text
from queuedesk.stations.display.emergency_painting import paint_emergency_page
from queuedesk.stations.display.panels import EdgeFlash
from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.number_block import (
    NumberBlockColors,
    font_size_filling_width,
    paint_marks,
    paint_number_and_window_on_dark,
    plan_row_columns,
    text_width_px,
    window_background_span,
)
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import StationPage
from queuedesk.stations.window.style import HALL, Look, font_of_size


class WindowStateOnPlate(StrEnum):
    """What a passer-by has to know of the window."""

    CALLED = "called"
    SERVING = "serving"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


_LATE = timedelta(minutes=1)


class PlateContent(Struct, frozen=True, kw_only=True):
    """The window now. `back` is when a pause is to end, None from a minute after that on; `elsewhere` names, for each
    of its services, the open windows that serve it instead."""

    stands: WindowStateOnPlate
    ticket: str = ""
    back: datetime | None = None
    services: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, tuple[str, ...]], ...] = ()


class PlateController(QObject):
    """Follows one window of the hall. `changed` says that something has changed, `called` that a customer is called
    here, or again."""

    changed = Signal()
    called = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.window = str(context.options.get("window") or "")
        context.feed.changed.connect(self._emit_changed_and_called)
        context.feed.replaced.connect(self.changed)

    @property
    def hall_setup(self) -> Setup:
        return self._context.feed.setup

    def current_emergency(self) -> PushedNotice | None:
        """Return the emergency for the plate now."""
        spec = self.hall_setup.windows.get(self.window)
        names = (self._context.name, self._context.options.get("display"))
        return current_emergency_on_screen(
            self._context.feed.state,
            self.hall_setup,
            self._context.clock(),
            zone=spec.zone if spec is not None else "",
            names=names,
        )

    def scene_of_window_now(self) -> PlateContent:
        """Return the window as it is now."""
        state, setup = self._context.feed.state, self.hall_setup
        window = state.window(self.window)
        at_work = window.state is not WindowState.CLOSED
        serves = setup.services_served_by_window(window if at_work else Window(code=self.window))
        services = tuple(code for code in setup.services if code in serves)
        ticket = state.tickets.get(window.ticket) if window.ticket else None
        if ticket is not None:
            stands = WindowStateOnPlate.CALLED if ticket.state is TicketState.CALLED else WindowStateOnPlate.SERVING
            return PlateContent(stands=stands, ticket=ticket.label, services=services)
        if window.state is WindowState.OPEN:
            return PlateContent(stands=WindowStateOnPlate.OPEN, services=services)
        elsewhere = tuple((code, self._open_windows_serving(code)) for code in services)
        stands = WindowStateOnPlate.PAUSED if window.state is WindowState.PAUSED else WindowStateOnPlate.CLOSED
        back = window.back
        if back is not None and self._context.clock() - back >= _LATE:
            # A time that is over tells nobody how long they wait; the clerk's own window says how late it is.
            back = None
        return PlateContent(stands=stands, back=back, services=services, elsewhere=elsewhere)

    def _open_windows_serving(self, service: str) -> tuple[str, ...]:
        line = windows_for_service(self.hall_setup, self._context.feed.state.windows.values(), service)
        open_now = {window.code for window in line.windows if window.state is WindowState.OPEN}
        return tuple(code for code in self.hall_setup.windows if code in open_now)

    @Slot(list)
    def _emit_changed_and_called(self, events: list[Event]) -> None:
        self.changed.emit()
        if any(event.kind in ("call", "recall") and event.window == self.window for event in events):
            self.called.emit()


WIDTH, HEIGHT = 1920, 480
MIDDLE = 258
"""Where the middle of the number and of the window's number lies."""
LARGEST_PX, LEAST_NUMBER_PX = 300, 200
SIDE_WIDTH, GAP, LEAST_BODY = 400, 44, 600
HEAD_PX, HEAD_MIDDLE, ICON_PX = 60, 84, 56
SENTENCE_PX, SENTENCE_MIDDLE, TWO_LINES_PX, LEAST_SENTENCE_PX = 140, 206, 104, 80
SECOND_PX, LEAST_SECOND_PX, SECOND_TOP, SECOND_EM = 74, 52, 290, 1.16
TROUBLE_PX, TROUBLE_MIDDLE = 50, 436
SIDE_TITLE_PX, SIDE_PX, SIDE_LINE = 44, 52, 80
MOST_SERVICES = 4
ALARM_CALL_PX = 116

NO_WINDOW = number_block.WindowLabel("")


class PlateText(Struct, frozen=True):
    """The plate's final text: a ticket's number or a sentence (`big`), and the window. `called` makes the plate amber;
    `widest` is the widest number that may be called, so that the window never moves."""

    window: number_block.WindowLabel = NO_WINDOW
    icon: str = ""
    head: str = ""
    big: str = ""
    is_ticket: bool = False
    called: bool = False
    second: str = ""
    side_title: str = ""
    side: tuple[str, ...] = ()
    trouble: str = ""
    widest: str = "A000"


def plate_number_px(window: number_block.WindowLabel, widest: str) -> float:
    """Return the size of the numbers on the plate of a window, where `widest` is the widest number of a ticket."""
    return max(LEAST_NUMBER_PX, min(LARGEST_PX, font_size_filling_width(WIDTH - SIDE_WIDTH - GAP, [window], widest)))


def number_height_and_canvas(code: str, setup: Setup | None) -> tuple[float, tuple[int, int]]:
    """Return how high the numbers on the plate of a window are, the highest without a set-up, and its canvas."""
    if setup is None:
        return LARGEST_PX, (WIDTH, HEIGHT)
    return plate_number_px(window_label_for_customers(setup, code, with_way=False), widest_ticket_label(setup)), (
        WIDTH,
        HEIGHT,
    )


def window_number_rect(plan: number_block.RowColumnsPlan) -> QRectF:
    """Return the ground of the window's number."""
    left, width = window_background_span(plan)
    return QRectF(left, 0, width, HEIGHT)


class PlateView(paint.CanvasWidget):
    """Shows one PlateText."""

    menu_asked = Signal(object)
    spoken_role = QAccessible.Role.StaticText

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self._hall_look = Look(HALL, look.scale)
        super().__init__(self._hall_look, WIDTH, HEIGHT, ground="paper", parent=parent)
        self._hall_look.setParent(self)
        self._text = PlateText()
        self._alarm: EmergencyText | None = None
        self.flash = EdgeFlash(still=look.still, parent=self)
        self.flash.changed.connect(self.update)
        self.setCursor(Qt.CursorShape.BlankCursor)

    def shown_text(self) -> PlateText:
        """Return what is shown."""
        return self._text

    def show_text(self, text: PlateText) -> None:
        """Show another text at once."""
        if text != self._text:
            fresh = text.called and (text.big, text.head) != (self._text.big, self._text.head)
            self._text = text
            self._update_accessible_name()
            if fresh:
                paint.announce_to_screen_reader(self, self.accessibleName())
            self.update()

    def shown_alarm(self) -> EmergencyText | None:
        """Return the emergency that is shown."""
        return self._alarm

    def show_alarm(self, alarm: EmergencyText | None) -> None:
        """Show an emergency, keeping the window's number; the customer called is shown below it."""
        if alarm != self._alarm:
            self._alarm = alarm
            self._update_accessible_name()
            self.update()

    def _update_accessible_name(self) -> None:
        text, alarm = self._text, self._alarm
        said = (alarm.head, alarm.text, alarm.second) if alarm is not None else ()
        parts = (text.window.number_with_word, *said, text.head, text.big, text.second)
        self.setAccessibleName(" · ".join(part for part in parts if part))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    # -- painting --
    def number_and_window_columns_plan(self) -> number_block.RowColumnsPlan:
        """Return the columns of number and window; the services stand in the room that is free between them."""
        window, label = self._text.window, self._text.widest
        return plan_row_columns(WIDTH, plate_number_px(window, label), [window], label)

    def paint_canvas(self, painter: paint.Painter) -> None:
        text, plan = self._text, self.number_and_window_columns_plan()
        ground, ink = ("fresh", "fresh_ink") if self._is_amber() else ("surface", "ink")
        box = window_number_rect(plan)
        painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), painter.look.color(ground))
        block = number_block.NumberAndWindow(text.big if text.is_ticket and self._alarm is None else "", text.window)
        paint_number_and_window_on_dark(painter, block, plan, QRectF(0, 0, WIDTH, HEIGHT), middle=MIDDLE, ink=ink)
        if self._alarm is not None:
            self._paint_alarm(painter, self._alarm, box.left())
            return
        body = QRectF(plan.label_x, 0, box.left() - GAP - plan.label_x, HEIGHT)
        end = plan.label_x + plan.label_width if text.is_ticket else body.left() + LEAST_BODY
        if text.side and end + GAP < body.right() - SIDE_WIDTH:
            self._paint_service_list(painter, ink, body.right() - SIDE_WIDTH)
            body.setRight(body.right() - SIDE_WIDTH - GAP)
        self._paint_head(painter, body, ink)
        if not text.is_ticket:
            self._paint_sentence(painter, body, ink)
        if text.second or text.trouble:
            self._paint_second_line(painter, body, ink)

    def _is_amber(self) -> bool:
        """Return whether the ground is amber now: for a call, but for the dark halves of its flash."""
        return self._text.called and (self.flash.is_edge_lit or not self.flash.is_running)

    def _paint_alarm(self, painter: paint.Painter, alarm: EmergencyText, width: float) -> None:
        text, below = self._text, ALARM_CALL_PX if self._text.is_ticket else 0
        paint_emergency_page(painter, QRectF(0, 0, width, HEIGHT - below), alarm)
        if not below:
            return
        strip = QRectF(0, HEIGHT - below, width, below)
        ground, ink = ("fresh", "fresh_ink") if self._is_amber() else ("surface", "ink")
        painter.fillRect(strip, painter.look.color(ground))
        number, words, x = number_block.NumberAndWindow(text.big), font_of_size(below * 0.4), strip.left() + 64
        px = below * 0.66
        paint_marks(
            painter,
            number_block.block_marks_on_one_line(number, px, text_width_px, x, strip.center().y()),
            NumberBlockColors(ink, ink, ink),
        )
        x += number_block.block_width_on_one_line(number, px, text_width_px) + 40
        painter.draw_words(text.head, words, ink, x, paint.centred_baseline_y(words, strip.top(), below))

    def _paint_head(self, painter: paint.Painter, body: QRectF, ink: str) -> None:
        text, x = self._text, body.left()
        if text.icon:
            painter.draw_icon(text.icon, ink, x, HEAD_MIDDLE - ICON_PX / 2, ICON_PX)
            x += ICON_PX + 28
        head = font_of_size(
            paint.largest_fitting_px(text.head, body.right() - x, HEAD_PX, bold=True, least=36), bold=True
        )
        painter.draw_words(text.head, head, ink, x, paint.centred_baseline_y(head, HEAD_MIDDLE, 0))

    def _paint_sentence(self, painter: paint.Painter, body: QRectF, ink: str) -> None:
        text = self._text
        least = LEAST_SENTENCE_PX if text.second else TWO_LINES_PX
        px = paint.largest_fitting_px(text.big, body.width(), SENTENCE_PX, bold=True, least=least)
        font = font_of_size(px, bold=True)
        for i, line in enumerate(paint.wrapped_lines(font, text.big, body.width(), 1 if text.second else 2)):
            painter.draw_words(
                line, font, ink, body.left(), paint.centred_baseline_y(font, SENTENCE_MIDDLE + 1.15 * px * i, 0)
            )

    def _paint_second_line(self, painter: paint.Painter, body: QRectF, ink: str) -> None:
        text = self._text
        token = ink if self._is_amber() else ("fresh" if text.trouble else "ink2")
        if text.trouble:
            font = font_of_size(paint.largest_fitting_px(text.trouble, body.width(), TROUBLE_PX, least=36))
            painter.draw_words(
                text.trouble, font, token, body.left(), paint.centred_baseline_y(font, TROUBLE_MIDDLE, 0)
            )
            return
        px = SECOND_PX
        while px > LEAST_SECOND_PX and any("…" in line for line in _split_in_two_lines(text.second, px, body.width())):
            px -= 2
        font, high = font_of_size(px), SECOND_EM * px
        for i, line in enumerate(_split_in_two_lines(text.second, px, body.width())):
            painter.draw_words(
                line, font, token, body.left(), paint.centred_baseline_y(font, SECOND_TOP + i * high, high)
            )

    def _paint_service_list(self, painter: paint.Painter, ink: str, left: float) -> None:
        text = self._text
        token = ink if self._is_amber() else "ink2"
        lines = list(text.side)
        if len(lines) > MOST_SERVICES:
            lines = [*lines[: MOST_SERVICES - 1], "…"]
        top = max(24.0, (HEIGHT - SIDE_LINE * (len(lines) + 1)) / 2)
        title = font_of_size(paint.largest_fitting_px(text.side_title, SIDE_WIDTH, SIDE_TITLE_PX, least=30))
        painter.draw_words(text.side_title, title, token, left, paint.centred_baseline_y(title, top, SIDE_LINE))
        # One size for all: services are equals.
        font = font_of_size(
            min(paint.largest_fitting_px(line, SIDE_WIDTH, SIDE_PX, bold=True, least=34) for line in lines), bold=True
        )
        for i, line in enumerate(lines, 1):
            parts = paint.wrapped_lines(font, line, SIDE_WIDTH, 2)
            high = SIDE_LINE / len(parts)
            for n, part in enumerate(parts):
                painter.draw_words(
                    part, font, ink, left, paint.centred_baseline_y(font, top + SIDE_LINE * i + n * high, high)
                )


def _split_in_two_lines(text: str, px: float, width: float) -> list[str]:
    """Return a text in at most two lines, broken between its parts where these fit."""
    font = font_of_size(px)
    parts = paint.wrapped_lines(font, text.replace("；", "；\n").replace("; ", ";\n"), width, 3)
    return parts if len(parts) <= 2 else paint.wrapped_lines(font, text, width, 2)


ROLES: tuple[str, ...] = ()


class PlatePage(StationPage):
    """Turns the window's scene into texts. Options: window."""

    canvas = (WIDTH, HEIGHT)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.controller = PlateController(context, self)
        self.view = PlateView(context.look, self)
        self.view.flash.is_on = bool(context.options.get("flash", True))
        self._away_since: datetime | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.controller.changed.connect(self.retranslate)
        self.controller.called.connect(self.view.flash.start)
        self.view.menu_asked.connect(self._emit_menu_wanted)
        self.retranslate()

    def remake_contents(self) -> bool:
        self.retranslate()
        return True

    @Slot()
    def retranslate(self) -> None:
        self.view.show_alarm(emergency_text(self.controller.current_emergency()))
        is_used = self.controller.hall_setup.has_feature("signs")
        self.view.show_text(self._plate_text(self.controller.scene_of_window_now()) if is_used else PlateText())

    def tick(self, now: datetime) -> None:
        """Show what begins and ends with time alone."""
        self.retranslate()

    def show_hall_away(self, since: datetime | None) -> None:
        self._away_since = since
        self.retranslate()

    def stop(self) -> None:
        self.view.flash.stop()

    def _plate_text(self, scene: PlateContent) -> PlateText:
        setup = self.controller.hall_setup
        icon, head, big = self._icon_head_and_text(scene)
        at_window = scene.stands in (WindowStateOnPlate.CALLED, WindowStateOnPlate.SERVING, WindowStateOnPlate.OPEN)
        services = tuple(f"{setup.services[c].prefix} {self._name_of_service(c)}" for c in scene.services)
        trouble = ""
        if self._away_since is not None:
            trouble = _(
                "No updates since {time}", context="plate", time=self.context.feed.away_since_text(self._away_since)
            )
        return PlateText(
            window=window_label_for_customers(setup, self.controller.window, with_way=False),
            icon=icon,
            head=head,
            big=big,
            is_ticket=bool(scene.ticket),
            called=scene.stands is WindowStateOnPlate.CALLED,
            second="" if at_window else self._services_served_elsewhere_text(scene),
            side_title=_("This window serves") if at_window else "",
            side=services if at_window else (),
            trouble=trouble,
            widest=widest_ticket_label(setup),
        )

    def _icon_head_and_text(self, scene: PlateContent) -> tuple[str, str, str]:
        """Return icon, head and the big words."""
        if scene.stands is WindowStateOnPlate.CALLED:
            sign = "speaker" if self.controller.hall_setup.voice.spoken else "bell"
            return sign, _("Please come to this window"), scene.ticket
        if scene.stands is WindowStateOnPlate.SERVING:
            return "serving", _("Serving", context="plate"), scene.ticket
        if scene.stands is WindowStateOnPlate.OPEN:
            return "dot", _("Open", context="plate"), _("Please wait for your number")
        if scene.stands is WindowStateOnPlate.CLOSED:
            return "minus", _("Closed", context="plate"), _("This window is closed")
        if scene.back is None:
            return "pause", _("Paused", context="plate"), _("Not serving now")
        return (
            "pause",
            _("Paused", context="plate"),
            _("Back at about {time}", time=time_hm(self._moment_in_hall_time(scene.back))),
        )

    def _moment_in_hall_time(self, moment: datetime) -> datetime:
        return self.controller.hall_setup.to_hall_time(moment)

    def _services_served_elsewhere_text(self, scene: PlateContent) -> str:
        """Say where the window's services are served meanwhile; services with the same windows share a part."""
        shared: dict[tuple[str, ...], list[str]] = {}
        for service, windows in scene.elsewhere:
            shared.setdefault(windows, []).append(self._name_of_service(service))
        parts = []
        for windows, services in shared.items():
            names = [window_label_for_customers(self.controller.hall_setup, code).number for code in windows]
            said, places = list_text(services), list_text(names)
            if names and all(number_block.is_window_named_by_number(name) for name in names):
                parts.append(
                    n_(
                        "{services}: window {windows}",
                        "{services}: windows {windows}",
                        len(names),
                        context="plate",
                        services=said,
                        windows=places,
                    )
                )
            elif names:
                parts.append(_("{services}: {windows}", context="plate", services=said, windows=places))
        return _("; ", context="list").join(parts)

    def _name_of_service(self, code: str) -> str:
        service = self.controller.hall_setup.services[code]
        return name_in_language(service.name, service.name_en)

    @Slot(object)
    def _emit_menu_wanted(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)


def build_station_page(context: StationContext) -> PlatePage:
    return PlatePage(context)
