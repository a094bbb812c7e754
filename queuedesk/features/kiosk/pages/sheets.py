"""What lies over a page of the kiosk, in words and as layers, and what its answers do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.quality.case import LONGEST_TYPED
from queuedesk.core.queue.hallday import next_ticket_opening
from queuedesk.core.queue.ticket import NEEDS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes
from queuedesk.core.talk.messages import HelpCall
from queuedesk.features.kiosk.pages import taking
from queuedesk.features.kiosk.pages.controller import RING_S, KioskController, KioskSheetName, KioskStageName
from queuedesk.features.kiosk.pages.keys import LEAST_PX, PlainKey, PlainKeyText
from queuedesk.features.kiosk.pages.stage import GAP, FreeTextPageText, KioskStage, equal_grid_cells
from queuedesk.features.kiosk.pages.taking import ServiceFacts
from queuedesk.i18n import _, current_language, date_short, error_sentence, n_, name_in_language, time_hm
from queuedesk.i18n.names import priority_class_name, service_name
from queuedesk.i18n.queue.line_words import wait_text
from queuedesk.i18n.talk import offered_channel_word
from queuedesk.stations.service_search import closed_reason_or_opening_text
from queuedesk.stations.widgets.paint import FocusMemory, Painter, wrapped_lines
from queuedesk.stations.widgets.questions.dialogs import SCRIM
from queuedesk.stations.window.context import SHORTEST_PIN
from queuedesk.stations.window.style import Look

WIDTH, PAD = 920, 64
KEY_TALL = 132
RING = 252
MOST_LINES, FEW_LINES = 26, 7
DOTS = 84
LEAST_PAD, TALLEST_PAD, WIDE_PAD, PAD_GAP = 72.0, 118.0, 96.0, 16.0
BROAD_GAP = 60.0
"""Between the words of a broad card and the pad beside them."""
TITLE_PX, TEXT_PX = 64.0, 42.0
PIN_DELETE = "delete"


class SheetAnswerKey(Struct, frozen=True, kw_only=True):
    """A key of a sheet; `filled` is the one that leads on."""

    code: str
    words: str
    filled: bool = False
    dashed: bool = False


class KioskSheetText(Struct, frozen=True, kw_only=True):
    """A sheet in words: title, sentence, answers one below the other; Esc gives the last one. `ring` is (seconds left,
    of how many); `dots` how many digits were typed so far, with the pad to type them; -1 for none. They are hidden,
    unless `typed` has them to be read."""

    title: str
    sentence: str = ""
    answers: tuple[SheetAnswerKey, ...] = ()
    icon: str = ""
    ring: tuple[int, int] | None = None
    dots: int = -1
    typed: str | None = None


class _SheetLayout(Struct, frozen=True):
    """A way to lay a sheet out: without its picture if `is_tight`, its answers so many `across`; `is_broad` takes the
    width of the screen, with the pad beside the words."""

    is_tight: bool = False
    across: int = 1
    is_broad: bool = False


class KioskSheetLayer(KioskStage):
    """Dims the page and holds the focus until an answer is given: `answered` its code, `digit` a key of the pad."""

    answered = Signal(str)
    digit = Signal(str)
    spoken_role = QAccessible.Role.Dialog

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.keys: dict[str, PlainKey] = {}
        self.pad: dict[str, PlainKey] = {}
        self.said = KioskSheetText(title="")
        self._card = QRectF()
        self._way = _SheetLayout()
        self._before = FocusMemory(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def show_sheet(self, said: KioskSheetText | None) -> None:
        """Show this sheet; None removes it and gives the focus back."""
        if said is None:
            self._hide_and_restore_focus()
            return
        opened = self.isHidden()
        fresh = (
            opened
            or said.title != self.said.title
            or _identity_of_answer_keys(said) != _identity_of_answer_keys(self.said)
        )
        changed = said != self.said
        self.said = said
        if fresh:
            if opened:
                self._before.remember_focus()
            self._make_keys(said)
            self.setAccessibleName(f"{said.title} {said.sentence}".strip())
        for answer in said.answers:
            self.keys[answer.code].set_key(PlainKeyText(words=answer.words, dashed=answer.dashed))
        if fresh or changed:
            self.place_keys()
            self.update()
        if opened:
            self.show()
            self.raise_()
        if fresh:
            self.setFocus()

    def _hide_and_restore_focus(self) -> None:
        if self.isHidden():
            return
        self._drop_keys()
        self.said = KioskSheetText(title="")  # a screen that is turned now has none of its keys to place
        self.hide()
        self._before.restore_focus()

    def _drop_keys(self) -> None:
        """Let go of all keys; of none that goes may the keyboard jump to the next one."""
        gone = [*self.keys.values(), *self.pad.values()]
        self.keys, self.pad = {}, {}
        self.setFocus()
        for key in gone:
            self.place_or_hide_key(key, None)
            key.deleteLater()

    def _make_keys(self, said: KioskSheetText) -> None:
        self._drop_keys()
        if said.dots >= 0:
            for name in (*"1234567890", PIN_DELETE):
                key = PlainKey(self.look, px=64, parent=self).allow_fast_presses()
                key.set_key(PlainKeyText(words="" if name == PIN_DELETE else name, icon=_pin_key_icon(name), name=name))
                key.clicked.connect(partial(self.digit.emit, "" if name == PIN_DELETE else name))
                self.pad[name] = key
        for answer in said.answers:
            key = PlainKey(self.look, px=48 if answer.filled else 43, filled=answer.filled, parent=self)
            key.clicked.connect(partial(self.answered.emit, answer.code))
            self.keys[answer.code] = key

    # -- places --
    def sentence_lines(self) -> list[str]:
        """Return the sentence as broken on the card."""
        font = self.unit.font(self._text_px())
        return (
            wrapped_lines(font, self.said.sentence, self._text_column_width(), MOST_LINES) if self.said.sentence else []
        )

    def _is_long_message(self) -> bool:
        """Whether the sentence is a hall's own long message."""
        return (
            len(wrapped_lines(self.unit.font(TEXT_PX), self.said.sentence, WIDTH - 2 * PAD, FEW_LINES + 1)) > FEW_LINES
        )

    def _text_px(self) -> float:
        return LEAST_PX if self._is_long_message() else TEXT_PX

    def _card_width(self) -> float:
        """Return the card's width: a long message gets all that a wide screen has."""
        wide = self.canvas_size()[0]
        if self._way.is_broad:
            return wide - 64
        return wide - 160 if self._is_long_message() and self.is_wide else min(WIDTH, wide - 64)

    def _text_column_width(self) -> float:
        """Return how wide words and answers are."""
        room = self._card_width() - 2 * PAD
        return (room - BROAD_GAP) / 2 if self._is_pad_beside_words() else room

    def _is_pad_beside_words(self) -> bool:
        """Whether the pad stands beside the words."""
        return self._way.is_broad and self.said.dots >= 0

    def _title_lines(self) -> list[str]:
        return wrapped_lines(self.unit.font(TITLE_PX, bold=True), self.said.title, self._text_column_width(), 2)

    def place_keys(self) -> None:
        said, (width, height) = self.said, self.canvas_size()
        for way in self._possible_layouts():
            self._way = way
            titles, lines = (
                TITLE_PX * 1.25 * len(self._title_lines()),
                self._text_px() * 1.4 * len(self.sentence_lines()),
            )
            words: float = PAD + self._height_above_title() + titles + (16 + lines if lines else 0) + 44 + PAD
            key = 0.0
            if said.dots >= 0:
                words += DOTS if said.typed is not None or not lines else 0
                if self._is_pad_beside_words():
                    key = min(TALLEST_PAD, (height - 16 - 2 * PAD - 3 * PAD_GAP) / 4)
                else:
                    words += 3 * PAD_GAP + 28
                    most = WIDE_PAD if self.is_wide else TALLEST_PAD
                    key = max(LEAST_PAD, min(most, (height - 16 - words - 112) / 4))
                    words += 4 * key
            rows = -(-len(said.answers) // way.across)
            tall = KEY_TALL if rows < 5 and said.dots < 0 else 112
            keys = rows * tall + max(0, rows - 1) * GAP
            high = words + keys
            if high <= height - 16:
                break
        wide, pad = self._card_width(), 4 * key + 3 * PAD_GAP
        if self._is_pad_beside_words():
            high = max(high, pad + 2 * PAD)
        self._card = QRectF((width - wide) / 2, max(8.0, (height - high) / 2), wide, high)
        y = self._card.bottom() - PAD - keys
        room = QRectF(self._card.left() + PAD, y, self._text_column_width(), keys)
        for answer, cell in zip(said.answers, equal_grid_cells(room, way.across, rows), strict=False):
            self.place_or_hide_key(self.keys[answer.code], cell)
        if said.dots < 0:
            return
        beside = QRectF(room.right() + BROAD_GAP, self._card.center().y() - pad / 2, room.width(), pad)
        below = QRectF(room.left() + 90, y - 28 - pad, room.width() - 180, pad)
        names = [*"123456789", "", "0", PIN_DELETE]
        for name, cell in zip(
            names, equal_grid_cells(beside if self._is_pad_beside_words() else below, 3, 4, PAD_GAP), strict=True
        ):
            if name:
                self.place_or_hide_key(self.pad[name], cell)

    def _possible_layouts(self) -> list[_SheetLayout]:
        """Return the ways to lay a sheet out, roomiest first."""
        in_a_row = (1, 2) if len(self.said.answers) < 5 else (2,)
        ways = [_SheetLayout(is_tight, across) for is_tight in (False, True) for across in in_a_row]
        if not self.is_wide:
            return ways
        return ways + [_SheetLayout(True, across, True) for across in ((2,) if self.said.dots >= 0 else (2, 3, 4))]

    def _height_above_title(self) -> float:
        said = self.said
        return RING + 40.0 if said.ring else 150.0 if self._may_show_icon() else 0.0

    def _may_show_icon(self) -> bool:
        return bool(self.said.icon) and not self._way.is_tight and not (self.is_wide and self._is_long_message())

    # -- keyboard --
    def focusNextPrevChild(self, next_: bool) -> bool:
        stops: Sequence[QWidget] = [*self.pad.values(), *self.keys.values()]
        if not stops:
            return True
        now = QApplication.focusWidget()
        step = 1 if next_ else -1
        at = list(stops).index(now) + step if now is not None and now in stops else (0 if next_ else -1)
        stops[at % len(stops)].setFocus(Qt.FocusReason.TabFocusReason if next_ else Qt.FocusReason.BacktabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.isAutoRepeat():
            return
        is_shown = self.said.typed is not None
        if event.key() == Qt.Key.Key_Escape and self.said.answers:
            self.answered.emit(self.said.answers[-1].code)
        elif self.said.dots >= 0 and (event.text().isdecimal() or (is_shown and event.text().isalnum())):
            self.digit.emit(event.text())  # a card's reader also types letters
        elif self.said.dots >= 0 and event.key() == Qt.Key.Key_Backspace:
            self.digit.emit("")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            filled = [one.code for one in self.said.answers if one.filled and not one.dashed]
            if filled:
                self.answered.emit(filled[0])

    # -- painting --
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.unit)
        color = self.unit.color("scrim")
        color.setAlphaF(SCRIM)
        painter.fillRect(event.rect(), color)
        painter.translate(self.canvas_origin())
        painter.scale(self.canvas_scale(), self.canvas_scale())
        self.paint_canvas(painter)

    def paint_canvas(self, painter: Painter) -> None:
        said, card = self.said, self._card
        painter.draw_box(card, 24, "surface", edge="ink" if self.unit.theme.outlined else "", width=3)
        y, x = card.top() + PAD, card.center().x()
        if said.ring is not None:
            self._paint_ring(painter, QRectF(x - RING / 2, y, RING, RING), *said.ring)
        elif self._may_show_icon():
            box = QRectF(x - 58, y, 116, 116)
            painter.draw_box(box, 58, "soft", edge="primary" if self.unit.theme.outlined else "")
            painter.draw_icon(said.icon, "on_soft", x - 33, y + 25, 66)
        y += self._height_above_title()
        left, room = card.left() + PAD, self._text_column_width()
        for line in self._title_lines():
            font = self.unit.font(TITLE_PX, bold=True)
            self.draw_centred(painter, line, font, "ink", QRectF(left, y, room, TITLE_PX * 1.25))
            y += TITLE_PX * 1.25
        y += 16
        for line in self.sentence_lines():
            rect = QRectF(left, y, room, self._text_px() * 1.4)
            if self._is_long_message():
                painter.draw_words_and_give_end_x(line, self.unit.font(self._text_px()), "ink2", rect)
            else:
                self.draw_centred(painter, line, self.unit.font(self._text_px()), "ink2", rect)
            y += self._text_px() * 1.4
        if said.typed is not None:
            box = QRectF(left + 90, y + 14, room - 180, DOTS - 14)
            painter.draw_box(box, 12, "surface", edge="edge", width=2)
            self.draw_centred(painter, said.typed, self.unit.font(TEXT_PX, bold=True), "ink", box)
        elif said.dots >= 0 and not self.sentence_lines():
            self._paint_typed_digit_dots(painter, QRectF(left, y + 16, room, 44))

    def _paint_typed_digit_dots(self, painter: Painter, rect: QRectF) -> None:
        shown = max(4, self.said.dots)
        x = rect.center().x() - shown * 22
        for place in range(shown):
            box = QRectF(x + place * 44 + 8, rect.center().y() - 14, 28, 28)
            painter.draw_box(box, 14, "ink" if place < self.said.dots else "surface", edge="edge", width=2)

    def _paint_ring(self, painter: Painter, rect: QRectF, left: int, of: int) -> None:
        inset = rect.adjusted(11, 11, -11, -11)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.unit.color("line"), 20))
        painter.drawEllipse(inset)
        pen = QPen(self.unit.color("primary"), 20)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(inset, 90 * 16, -round(360 * 16 * left / of))
        font = self.unit.font(88, bold=True)
        painter.draw_words_and_give_end_x(
            str(left), font, "ink", rect.translated(QPointF(0, 0)), Qt.AlignmentFlag.AlignHCenter
        )


def _identity_of_answer_keys(said: KioskSheetText) -> tuple[object, ...]:
    return (*((one.code, one.filled) for one in said.answers), said.dots >= 0)


def _pin_key_icon(name: str) -> str:
    return "backspace" if name == PIN_DELETE else ""


_HOURS = frozenset({"service_closed", "last_ticket"})
_USED_UP = frozenset({"quota_full", "series_full"})
_PRINTER = frozenset({"no_printer", "printer_refused"})


def short_reason_ticket_is_refused(setup: Setup, trouble: QueueDeskError, now: datetime) -> str:
    """Return briefly why a key gives no ticket now."""
    if isinstance(trouble, RuleError) and trouble.code in _HOURS:
        return closed_reason_or_opening_text(setup, trouble, now)
    if trouble.code in _USED_UP:
        return _("no tickets left today")
    if trouble.code == "line_full":
        return _("many people are waiting; please try again later")
    if trouble.code == "no_time_left":
        return _("too late to be called before closing")
    if trouble.code == "message_only":
        return _("no ticket needed: touch to see")
    return _("no tickets at the moment")


def refusal_title_and_advice(setup: Setup, trouble: QueueDeskError, now: datetime) -> tuple[str, str]:
    """Return the situation and what to do instead."""
    code, details = trouble.code, trouble.details
    service = str(details.get("service") or "")
    name = service_name(setup, service)
    again = _next_ticket_opening_sentence(setup, service, now)
    desk = _("The front desk is happy to help.")
    if details.get("other"):
        other = service_name(setup, str(details["other"]))
        desk = _("Tickets are still available for {service}.", service=other) + _gap_between_sentences() + desk
    if code == "message_only":
        spec = setup.services.get(service)
        return name, name_in_language(spec.message, spec.message_en) if spec else desk
    if code == "service_closed":
        return _("{service}: no tickets now", service=name), f"{again}{desk}"
    if code == "last_ticket":
        title = _("{service}: the last ticket was at {time}", service=name, time=details["time"])
        return title, _(
            "Everyone with a ticket will still be served today."
        ) + _gap_between_sentences() + f"{again}{desk}"
    if code in _USED_UP:
        return _("{service}: no tickets left today", service=name), f"{again}{desk}"
    if code == "line_full":
        title = _("{service}: many people are waiting", service=name)
        return title, _("Please take a ticket a little later.") + _gap_between_sentences() + desk
    if code == "no_time_left":
        title = _("{service}: the line is too long for today", service=name)
        why = _("A ticket taken now would not be called before we close at {time}.", time=details["closes"])
        return title, _gap_between_sentences().join(
            part for part in (why, _reopening_sentence(setup, details, now), desk) if part
        )
    if code == "unknown_ticket":
        title = _("There is no ticket {ticket} today", ticket=details["ticket"])
        return title, _("Please check your number, or ask at the front desk.")
    if code == "has_number":
        # Anybody may type anybody's number: which ticket, and how far it is, the front desk alone says.
        title = _("This phone or card has a ticket for today")
        return title, _("If you have lost it or missed your call, the front desk is happy to help.")
    if code == "web_unknown_reference":
        title = _("Nothing found for {reference}", reference=details["reference"])
        return title, _("Please check the reference, or ask at the front desk.")
    if code == "web_try_later":
        return _("One moment, please"), error_sentence(trouble)
    if code in _PRINTER:
        return _print_failure_texts(trouble)
    if isinstance(trouble, OutsideError):
        return _("No tickets here at the moment"), _("Please ask a member of staff for a number on paper.")
    title = _("Sorry, this is not possible here right now")
    return title, _("Please ask a member of staff.") if code == "clock_ahead" else error_sentence(trouble)


def closed_title(setup: Setup, services: Iterable[ServiceFacts], now: datetime) -> str:
    """Return until when there were tickets today and when there will be again, "" while any service is open."""
    troubles = [one.trouble for one in services]
    if not troubles or any(trouble is None or trouble.code not in _HOURS for trouble in troubles):
        return ""
    openings = [next_ticket_opening(setup, spec, now) for spec in setup.services.values()]
    known = sorted(
        (day, parse_clock_minutes(opens)) for opens, day in openings if day is not None and opens is not None
    )
    ends = sorted(
        parse_clock_minutes(str(one.details["time"])) for one in troubles if one and one.code == "last_ticket"
    )
    if not known:
        return _("No tickets at the moment")
    day, opens = known[0][0], clock_text(known[0][1])
    ahead = (day - setup.to_hall_time(now).date()).days
    if ends and ahead == 1:
        return _("Tickets until {end}; tomorrow from {time}", end=clock_text(ends[-1]), time=opens)
    if ahead == 0:
        return _("Tickets from {time} today", time=opens)
    if ahead == 1:
        return _("Tickets from {time} tomorrow", time=opens)
    return _("Tickets on {date} from {time}", date=date_short(day), time=opens)


def _print_failure_texts(trouble: QueueDeskError) -> tuple[str, str]:
    ticket = trouble.details.get("ticket")
    title = _("Nothing was printed")
    if ticket:
        return title, _("Please write down {ticket}; it is valid without a slip.", ticket=ticket)
    return title, _("Please read it on the screen, or ask at the front desk.")


def _next_ticket_opening_sentence(setup: Setup, service: str, now: datetime) -> str:
    """Return the sentence that says when tickets are given again, with the gap behind it; "" when that is not known."""
    spec = setup.services.get(service)
    opens, day = next_ticket_opening(setup, spec, now) if spec else (None, None)
    if opens is None or day is None:
        return ""
    return _tickets_available_from_sentence(setup.to_hall_time(now).date(), day, opens) + _gap_between_sentences()


def _reopening_sentence(setup: Setup, details: Mapping[str, object], now: datetime) -> str:
    """Return the sentence that says when tickets are given after this closing, "" when that is not known."""
    opens, day = details.get("opens"), details.get("date")
    if not opens or not isinstance(day, date):
        return ""
    return _tickets_available_from_sentence(setup.to_hall_time(now).date(), day, str(opens))


def _tickets_available_from_sentence(today: date, day: date, opens: str) -> str:
    if day == today:
        return _("Tickets are available from {time} today.", time=opens)
    if day == today + timedelta(days=1):
        return _("Tickets are available tomorrow from {time}.", time=opens)
    return _("Tickets are available on {date} from {time}.", date=date_short(day), time=opens)


def _gap_between_sentences() -> str:
    """Return what stands between two sentences: a space, or nothing in Chinese."""
    return " " if current_language() == "en" else ""


OK, MORE, GO, NO = "ok", "more", "go", "no"
CALL, HERE, MISTAKEN, WRITE = "call", "here", "mistaken", "write"
_CLASS, _NEED, _TO = "class ", "need ", "to "
# A question that playing hands must not answer: nobody has read it sooner.
READ_S = 3


def current_sheet_text(does: KioskController) -> KioskSheetText | None:
    """Return the current question or message, None if there is none. A hall that does without the kiosk says so once
    nobody is at it."""
    makes: dict[KioskSheetName, Callable[[KioskController], KioskSheetText]] = {
        KioskSheetName.STILL_THERE: _still_there_sheet,
        KioskSheetName.ANOTHER: _another_ticket_sheet,
        KioskSheetName.CLASSES: _priority_sheet,
        KioskSheetName.PERSON: _person_number_sheet,
        KioskSheetName.FETCH: _sheet_offering_to_fetch_customer,
        KioskSheetName.SORRY: _refusal_sheet,
        KioskSheetName.HELP: _help_sheet,
        KioskSheetName.PIN: _pin_sheet_text,
        KioskSheetName.CALM: _one_moment_sheet,
        KioskSheetName.MANY: _question_if_ticket_needed_sheet,
        KioskSheetName.ELSEWHERE: _other_channels_sheet_text,
        KioskSheetName.GOES: _no_ticket_needed_sheet,
        KioskSheetName.THANKED: _thank_you_sheet,
        KioskSheetName.CASE: _case_sheet,
    }
    make = makes.get(does.sheet)
    if make is None and does.stage is KioskStageName.GREETING and not does.kiosk_setup.has_feature("kiosk"):
        title, sentence = _("Please ask a member of staff for a number."), _("This hall does not use the kiosk.")
        return KioskSheetText(title=title, sentence=sentence, icon="people")
    return make(does) if make else None


def carry_out_sheet_answer(does: KioskController, code: str) -> None:
    if does.sheet is KioskSheetName.STILL_THERE:
        if code == MORE:
            does.extend_page_time()
        else:
            does.go_home()
    elif (
        not does.patience.is_shown_long_enough
        or does.holding.is_tapping_rapidly
        or (does.sheet is KioskSheetName.MANY and does.patience.seconds_page_shown() < READ_S)
    ):
        return
    elif does.sheet in (KioskSheetName.ANOTHER, KioskSheetName.MANY) and code == GO:
        does.confirm_asked_order()
    elif does.sheet in (KioskSheetName.ANOTHER, KioskSheetName.MANY, KioskSheetName.GOES, KioskSheetName.THANKED) or (
        does.sheet is KioskSheetName.CASE and code == GO
    ):
        does.go_home()
    elif does.sheet is KioskSheetName.CASE:
        does.ask_another_case()
    elif does.sheet is KioskSheetName.ELSEWHERE and code == GO:
        does.decline_channels_and_take_ticket()
    elif does.sheet is KioskSheetName.ELSEWHERE and code.startswith(_TO):
        does.record_other_channel_taken(code.removeprefix(_TO))
    elif does.sheet is KioskSheetName.CLASSES and code.startswith(_CLASS):
        does.choose_priority_class(code.removeprefix(_CLASS))
    elif does.sheet is KioskSheetName.PERSON and code == GO:
        does.take_ticket_for_person()
    elif does.sheet is KioskSheetName.FETCH and code.startswith(_NEED):
        does.set_fetch_reason(code.removeprefix(_NEED))
    elif does.sheet is KioskSheetName.HELP and code == CALL:
        does.help.call_for_help()
    elif does.sheet is KioskSheetName.HELP and code == WRITE:
        does.open_message_form()
    elif does.sheet is KioskSheetName.HELP and code in (HERE, MISTAKEN):
        end = does.help.record_helper_arrival if code == HERE else does.help.cancel_help_call
        end()
        does.close_sheet()
    elif does.sheet is KioskSheetName.PIN and code == GO:
        does.lock.check_typed_pin()
    else:
        does.close_sheet()


def _still_there_sheet(does: KioskController) -> KioskSheetText:
    left = does.patience.countdown_seconds_left()
    return KioskSheetText(
        title=_("Are you still there?"),
        sentence=n_(
            "Back to the start in {n} second; you won't lose a ticket",
            "Back to the start in {n} seconds; you won't lose a ticket",
            left,
        ),
        answers=(
            SheetAnswerKey(code=MORE, words=_("Yes, more time"), filled=True),
            SheetAnswerKey(code=NO, words=_("No, thank you")),
        ),
        ring=(left, RING_S),
    )


def _another_ticket_sheet(does: KioskController) -> KioskSheetText:
    given = does.taking.last
    title = _("One more ticket?")
    sentence = _("{ticket} has just been taken. Is the next one for someone else?", ticket=given)
    return KioskSheetText(
        title=title,
        sentence=sentence,
        answers=(
            SheetAnswerKey(code=GO, words=_("Yes, one more ticket"), filled=True),
            SheetAnswerKey(code=NO, words=_("No, thank you")),
        ),
        icon="ticket",
    )


def _question_if_ticket_needed_sheet(does: KioskController) -> KioskSheetText:
    return KioskSheetText(
        title=_("Do you need this ticket?"),
        sentence=_("Many tickets have just been taken here. Please take one only for someone who is waiting."),
        answers=(
            SheetAnswerKey(code=GO, words=_("Yes, one more ticket")),
            SheetAnswerKey(code=NO, words=_("No, thank you")),
        ),
        icon="ticket",
    )


def _other_channels_sheet_text(does: KioskController) -> KioskSheetText:
    service = does.asked.services[0] if does.asked is not None else ""
    facts = does.facts_by_service_code()[service] if service else None
    ways = [SheetAnswerKey(code=f"{_TO}{one}", words=offered_channel_word(one)) for one in does.channels]
    stay = SheetAnswerKey(code=GO, words=_("Take a ticket"), filled=True)
    told = wait_text(facts.wait, ahead=facts.ahead) if facts is not None else ""
    return KioskSheetText(
        title=_("You can also do this elsewhere"),
        sentence=_(
            "{service}: {wait} now. Would you like to do it another way?",
            service=service_name(does.kiosk_setup, service),
            wait=told,
        ),
        answers=(stay, *ways, SheetAnswerKey(code=NO, words=_("Back"))),
        icon="arrow-right",
    )


def _case_sheet(does: KioskController) -> KioskSheetText:
    found = does.case.found or {"reference": "", "state": "", "since": "", "note": ""}
    since = _("since {date}", date=found["since"], context="web") if found["since"] else ""
    return KioskSheetText(
        title=found["state"],
        sentence="\n".join(part for part in (found["reference"], since, found["note"]) if part),
        answers=(
            SheetAnswerKey(code=GO, words=_("Done", context="kiosk"), filled=True),
            SheetAnswerKey(code=MORE, words=_("Another case")),
        ),
        icon="document",
    )


def case_reference_page_text(does: KioskController) -> FreeTextPageText:
    """Return the page on which a reference is typed or scanned."""
    typed = does.case.typed
    return FreeTextPageText(
        title=_("How far is my case?", context="web"),
        back=_("Back"),
        second=_("Type the reference on your receipt, or hold its code up to the scanner."),
        name=_("Reference on your receipt", context="web"),
        written=typed,
        count="",
        give=PlainKeyText(words=_("Show", context="web"), icon="search")
        if typed.strip()
        else PlainKeyText(words=_("Enter the reference"), dashed=True),
        none=_("Cancel", context="case"),
        delete=_("Delete", context="key"),
        clear=_("Clear", context="key"),
        space=_("Space"),
    )


def _no_ticket_needed_sheet(does: KioskController) -> KioskSheetText:
    way = offered_channel_word(does.channels[0]) if does.channels else ""
    return KioskSheetText(
        title=_("Thank you", context="another way"),
        sentence=_(
            "{channel}: you don't need a ticket. If you have questions, please ask at the front desk.", channel=way
        ),
        answers=(_ok_answer(),),
        icon="check",
    )


def _one_moment_sheet(_does: KioskController) -> KioskSheetText:
    return KioskSheetText(
        title=_("One moment, please"),
        sentence=_("One touch is enough. Please wait a few seconds, then touch once."),
        icon="hourglass",
    )


def _priority_sheet(does: KioskController) -> KioskSheetText:
    classes = taking.self_chosen_classes(does.kiosk_setup)
    rows = [
        SheetAnswerKey(code=f"{_CLASS}{one.code}", words=priority_class_name(does.kiosk_setup, one.code))
        for one in classes
    ]
    return KioskSheetText(
        title=_("Who is the ticket for?"),
        sentence=_("Choose what applies; a priority number may be called earlier."),
        answers=(*rows, SheetAnswerKey(code=NO, words=_("None of these"))),
    )


def _person_number_sheet(does: KioskController) -> KioskSheetText:
    is_known = does.has_enough_person_digits
    return KioskSheetText(
        title=_("Phone or card number"),
        sentence=_("One ticket a person. Your phone or card number is not stored."),
        answers=(
            SheetAnswerKey(
                code=GO,
                words=_("Get a ticket") if is_known else _("Enter the number"),
                filled=is_known,
                dashed=not is_known,
            ),
            SheetAnswerKey(code=NO, words=_("Back")),
        ),
        dots=len(does.person),
        typed=does.person,
    )


def fetch_reason_in_first_person(need: str) -> str:
    """Return why somebody is fetched as they say it themselves."""
    return {
        "blind": _("I can't see well"),
        "wheelchair": _("I use a wheelchair"),
        "deaf": _("I can't hear well"),
        "other": _("For another reason"),
    }[need]


def _sheet_offering_to_fetch_customer(does: KioskController) -> KioskSheetText:
    given = does.taking.given
    asked = [SheetAnswerKey(code=f"{_NEED}{need}", words=fetch_reason_in_first_person(need)) for need in NEEDS]
    no = SheetAnswerKey(code=_NEED, words=_("No longer needed")) if given and given.need else None
    return KioskSheetText(
        title=_("Shall we come and get you?"),
        sentence=_(
            "When it is nearly your turn, a member of staff will take you to the window. Only staff see the reason."
        ),
        answers=(*asked, no or SheetAnswerKey(code=NO, words=_("No, thank you"))),
    )


def _refusal_sheet(does: KioskController) -> KioskSheetText:
    title, sentence = "", ""
    if does.sorry is not None:
        title, sentence = refusal_title_and_advice(does.kiosk_setup, does.sorry, does.time_of_figures())
    return KioskSheetText(title=title, sentence=sentence, answers=(_ok_answer(),), icon="info")


def _help_sheet(does: KioskController) -> KioskSheetText:
    call = does.help.current_help_call
    if call is not None:
        return _help_called_sheet(does, call)
    sentence = _("A member of staff will come and help you take a ticket. Or go to the front desk.")
    phone = does.kiosk_setup.hall.phone
    if phone:
        sentence += "\n" + _("By phone: {phone}", phone=phone)
    write = (SheetAnswerKey(code=WRITE, words=_("Write to the manager")),) if does.writing.is_offered else ()
    answers = (
        SheetAnswerKey(code=CALL, words=_("Please come and help me"), filled=True),
        *write,
        SheetAnswerKey(code=OK, words=_("Back")),
    )
    return KioskSheetText(title=_("We are happy to help"), sentence=sentence, answers=answers, icon="person")


def _thank_you_sheet(_does: KioskController) -> KioskSheetText:
    sentence = _(
        "The manager will read it. If you would like an answer, please leave a phone number at the front desk."
    )
    return KioskSheetText(title=_("Thank you"), sentence=sentence, answers=(_ok_answer(),), icon="check")


def _help_called_sheet(does: KioskController, call: HelpCall) -> KioskSheetText:
    time = time_hm(does.kiosk_setup.to_hall_time(call.pressed))
    title, sentence = _("Help has been called"), _("Staff were called at {time}. Please wait here.", time=time)
    if not call.is_unanswered:
        title, sentence = _("Help is coming"), _("Please wait here; it won't be long.")
    answers = (
        SheetAnswerKey(code=HERE, words=_("Someone is here")),
        SheetAnswerKey(code=MISTAKEN, words=_("No longer needed")),
        SheetAnswerKey(code=OK, words=_("Continue by myself")),
    )
    return KioskSheetText(title=title, sentence=sentence, answers=answers, icon="person")


def _pin_sheet_text(does: KioskController) -> KioskSheetText:
    lock = does.lock
    ready = len(lock.pin) >= SHORTEST_PIN
    return KioskSheetText(
        title=_("Enter a manager's PIN"),
        sentence=error_sentence(lock.trouble) if lock.trouble else "",
        answers=(
            SheetAnswerKey(
                code=GO,
                words=_("Open the menu or leave") if ready else _("Enter the PIN"),
                filled=ready,
                dashed=not ready,
            ),
            SheetAnswerKey(code=NO, words=_("Back")),
        ),
        dots=len(lock.pin),
    )


def _ok_answer() -> SheetAnswerKey:
    return SheetAnswerKey(code=OK, words=_("OK"))


# -- a few words to the manager: a page of its own ---------------------------------------------------------------------


def message_page_text(does: KioskController) -> FreeTextPageText:
    """Return the page for a few words to the manager."""
    written = does.writing.words
    give = PlainKeyText(words=_("Send to the manager"), icon="check")
    return FreeTextPageText(
        title=_("A message for the manager"),
        back=_("Back"),
        second=_("Only the duty manager reads this. Please leave out names and numbers."),
        name=_("In your own words (optional)"),
        written=written,
        count=_("{n} of {most}", n=len(written), most=LONGEST_TYPED),
        give=give if written.strip() else PlainKeyText(words=_("Nothing written yet"), dashed=True),
        none=_("Cancel"),
        delete=_("Delete", context="key"),
        clear=_("Clear", context="key"),
        space=_("Space"),
    )
