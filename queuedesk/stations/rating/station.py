"""The rating screen: at a window; or free-standing at the exit where no window is named, on which a ticket's number is
typed first, then come the same pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from math import ceil

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.quality.case import LONGEST_TYPED
from queuedesk.core.setup.rows import WindowSpec
from queuedesk.i18n import _, n_, name_in_language, time_hm
from queuedesk.stations.acts.written_talk import CustomerEndOfWrittenTalk, WrittenTalkView, written_talk_socket_name
from queuedesk.stations.guide.screen_keys import OnScreenKeyboard
from queuedesk.stations.rating import view as rating_view
from queuedesk.stations.rating.controller import ExitRatingController, RatingStage, WindowRatingController
from queuedesk.stations.service_search import characters_in_number_boxes, missing_digit_count, ticket_prefixes
from queuedesk.stations.widgets import buttons, number_block, paint, panels
from queuedesk.stations.widgets.questions.dialogs import REPEATS
from queuedesk.stations.widgets.questions.scanner import CodeScannerListener
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import LANGUAGE_NAMES, other_offered_language
from queuedesk.stations.window.style import Look

ROWS = 4
GAP_PX = 14
DELETE, CLEAR = "delete", "clear"
_DIGITS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (DELETE, "0", CLEAR))


class LetterKey(buttons.SecondaryButton):
    fill, fill_hover = "soft", "soft"
    ink = "on_soft"


class TicketNumberPad(paint.FollowsLook, QWidget):
    """Four rows of keys that fill the widget. `typed`: a letter or digit; `deleted`, `cleared`: the delete keys."""

    typed = Signal(str)
    deleted = Signal()
    cleared = Signal()

    def __init__(self, look: Look, *, px: float = 44, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._px = px
        self.follow_look(look)
        self.keys: dict[str, buttons.Button] = {}
        self._columns: list[list[str]] = []
        self._words = {DELETE: "", CLEAR: ""}

    def set_words(self, delete: str, clear: str) -> None:
        self._words = {DELETE: delete, CLEAR: clear}
        for name, words in self._words.items():
            if name in self.keys:
                self.keys[name].setText(words)

    def set_letters(self, letters: Sequence[str]) -> None:
        """Show these letters, in as many columns as they need."""
        count = ceil(len(letters) / ROWS)
        columns = [list(letters[n * ROWS : (n + 1) * ROWS]) for n in range(count)]
        columns += [[row[n] for row in _DIGITS] for n in range(3)]
        if columns == self._columns:
            return
        for key in self.keys.values():
            key.hide()
            key.deleteLater()
        self._columns, self.keys = columns, {}
        for name in [name for row in range(ROWS) for column in columns for name in column[row : row + 1]]:
            self.keys[name] = self._new_key_button(name, is_letter=name in letters)
        self._place_keys()

    def _new_key_button(self, name: str, *, is_letter: bool) -> buttons.Button:
        words = self._words.get(name, name)
        px = self._px * 0.6 if name in self._words else self._px
        key = (LetterKey if is_letter else buttons.SecondaryButton)(self.look, words, px=px, parent=self)
        key.setProperty(REPEATS, True)
        key.setObjectName(f"key-{name}")
        if name == DELETE:
            key.clicked.connect(self.deleted)
        elif name == CLEAR:
            key.clicked.connect(self.cleared)
        else:
            key.clicked.connect(partial(self.typed.emit, name))
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key.show()
        return key

    def measure_again(self) -> None:
        super().measure_again()
        self._place_keys()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_keys()

    def _place_keys(self) -> None:
        if not self._columns:
            return
        gap = self.look.px(GAP_PX)
        wide = (self.width() - gap * (len(self._columns) - 1)) / len(self._columns)
        high = (self.height() - gap * (ROWS - 1)) / ROWS
        for x, column in enumerate(self._columns):
            for y, name in enumerate(column):
                rect = QRectF(x * (wide + gap), y * (high + gap), wide, high)
                self.keys[name].setGeometry(rect.toRect())


# -- the page for the number -------------------------------------------------------------------------------------------

HEAD_HEIGHT = 96
CLOCK_PX, LANGUAGE_HIGH = 28, rating_view.KEY_HIGH
LEFT = 56
TITLE = QRectF(LEFT, 122, 560, 140)
BOXES = QRectF(LEFT, 294, 464, 132)
SCAN = QRectF(LEFT, 470, 560, 90)
TROUBLE = QRectF(LEFT, 566, 560, 110)
FOOT = QRectF(LEFT, rating_view.FOOT_TOP, 560, rating_view.KEY_HIGH)
PAD = QRectF(680, 128, 544, 490)
GO = QRectF(680, 652, 544, 104)


class NumberEntryTexts(Struct, frozen=True):
    """The page's texts. `boxes` are the characters typed so far; `scan_first` is "" where tickets have no code."""

    place: str
    clock: str
    title: str
    boxes: tuple[str, ...]
    scan_first: str
    scan_second: str
    lost: str
    no_number: str
    go: str
    may_go: bool
    delete: str
    clear: str
    letters: tuple[str, ...]
    language: str = ""
    trouble: str = ""


class NumberEntryView(paint.CanvasWidget):
    """Shows one NumberEntryTexts; reports what was typed, by the pad, a keyboard or a scanner that types."""

    typed = Signal(str)
    deleted = Signal()
    cleared = Signal()
    entered = Signal()
    no_number_wanted = Signal()
    language_wanted = Signal()
    menu_asked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, rating_view.WIDTH, rating_view.HEIGHT, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.shown: NumberEntryTexts | None = None
        self.pad = TicketNumberPad(self.look, parent=self)
        self.pad.typed.connect(self.typed)
        self.pad.deleted.connect(self.deleted)
        self.pad.cleared.connect(self.cleared)
        self.place_child(self.pad, PAD)
        self.go_button = buttons.PrimaryButton(self.look, "", height=GO.height(), px=34)
        self.go_button.clicked.connect(self.entered)
        self.place_child(self.go_button, GO)
        self.no_number_button = buttons.TextButton(self.look, "", height=FOOT.height(), px=24)
        self.no_number_button.clicked.connect(self.no_number_wanted)
        self.language_button = buttons.TextButton(self.look, "", height=LANGUAGE_HIGH, px=24)
        self.language_button.clicked.connect(self.language_wanted)

    def show_text(self, text: NumberEntryTexts) -> None:
        if text == self.shown:
            return
        self.pad.set_words(text.delete, text.clear)
        self.pad.set_letters(text.letters)
        if text.may_go:
            self.go_button.enable_with_label(text.go)
        else:
            self.go_button.disable_with_reason(text.go)
        self.no_number_button.setText(text.no_number)
        self.no_number_button.setVisible(bool(text.no_number))
        if text.no_number:
            left = FOOT.left() + paint.width_of_text(self.unit.font(24), text.lost) + 8
            wide = paint.width_of_text(self.unit.font(24, bold=True), text.no_number) + 24
            self.place_child(self.no_number_button, QRectF(left, FOOT.top(), wide, FOOT.height()))
        self.language_button.setText(text.language)
        self.language_button.setVisible(bool(text.language))
        wide = max(rating_view.KEY_HIGH, paint.width_of_text(self.unit.font(24, bold=True), text.language) + 24)
        left = self._clock_left_edge(text) - 24 - wide
        self.place_child(self.language_button, QRectF(left, (HEAD_HEIGHT - LANGUAGE_HIGH) / 2, wide, LANGUAGE_HIGH))
        self.set_spoken_lines(
            [text.place, text.title, "".join(text.boxes), text.scan_first, text.scan_second, text.trouble]
        )
        if not (self.shown and self.shown.trouble):  # its seconds count down
            paint.announce_to_screen_reader(self, text.trouble)
        self.shown = text
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, sign = event.key(), event.text().upper()
        if key == Qt.Key.Key_Backspace:
            self.deleted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Escape):
            self.cleared.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif len(sign) == 1 and sign.isascii() and sign.isalnum():
            self.typed.emit(sign)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    # -- painting --
    def paint_canvas(self, painter: paint.Painter) -> None:
        text = self.shown
        if text is None:
            return
        self._paint_head(painter, text)
        look = self.unit
        font = look.font(54, bold=True)
        for i, line in enumerate(paint.wrapped_lines(font, text.title, TITLE.width(), 2)):
            painter.draw_words(
                line, font, "ink", TITLE.left(), paint.centred_baseline_y(font, TITLE.top() + i * 66, 66)
            )
        number_block.paint_character_boxes(painter, BOXES, text.boxes)
        if text.scan_first:
            painter.draw_icon("scan", "ink", SCAN.left() + 6, SCAN.top() + 6, 78)
            first, second = look.font(26), look.font(26, bold=True)
            x, room = SCAN.left() + 120, SCAN.width() - 120
            painter.draw_words_and_give_end_x(text.scan_first, first, "ink2", QRectF(x, SCAN.top() + 4, room, 38))
            painter.draw_words_and_give_end_x(text.scan_second, second, "ink", QRectF(x, SCAN.top() + 42, room, 38))
        if text.trouble:
            self._paint_trouble(painter, text.trouble)
        if text.no_number:
            painter.draw_words_and_give_end_x(text.lost, look.font(24), "ink2", FOOT)

    def _paint_head(self, painter: paint.Painter, text: NumberEntryTexts) -> None:
        look = self.unit
        beyond = self.canvas_origin().x() / self.canvas_scale() + 1
        above = self.canvas_origin().y() / self.canvas_scale() + 1
        bar = QRectF(-beyond, -above, rating_view.WIDTH + 2 * beyond, HEAD_HEIGHT + above)
        painter.fillRect(bar, look.color("surface"))
        painter.draw_divider(QPointF(-beyond, HEAD_HEIGHT), QPointF(rating_view.WIDTH + beyond, HEAD_HEIGHT))
        clock, left = look.font(CLOCK_PX, bold=True, tabular=True), self._clock_left_edge(text)
        painter.draw_words_and_give_end_x(text.clock, clock, "ink", QRectF(left, 0, 200, HEAD_HEIGHT))
        room = left - 48 - paint.width_of_text(look.font(24, bold=True), text.language) - rating_view.SIDE - 24
        painter.draw_words_and_give_end_x(
            text.place, look.font(22, bold=True), "ink", QRectF(rating_view.SIDE, 0, room, HEAD_HEIGHT)
        )

    def _clock_left_edge(self, text: NumberEntryTexts) -> float:
        return (
            rating_view.WIDTH
            - rating_view.SIDE
            - paint.width_of_text(self.unit.font(CLOCK_PX, bold=True, tabular=True), text.clock)
        )

    def _paint_trouble(self, painter: paint.Painter, words: str) -> None:
        font = self.unit.font(26, bold=True)
        painter.draw_icon("info", "amber", TROUBLE.left(), TROUBLE.top() + 2, 32)
        for i, line in enumerate(paint.wrapped_lines(font, words, TROUBLE.width() - 48, 3)):
            painter.draw_words_and_give_end_x(
                line, font, "amber", QRectF(TROUBLE.left() + 48, TROUBLE.top() + i * 36, 512, 36)
            )


# -- the page for a few words: with keys on the screen; a keyboard does the same ---------------------------------------

EXIT_TITLE_PX, FIELD_PX, SMALL_PX = 40, 32, 22
FIELD_HIGH, LETTER_WIDE, LETTER_HIGH, ANSWER_WIDE, ANSWER_HIGH = 132, 108, 74, 310, 84


class FreeTextPageText(Struct, frozen=True):
    """The page's final texts. `count` is how many letters of those allowed are used; `give` is "" while there is
    nothing to give, and `missing` says so then."""

    title: str
    second: str
    name: str
    count: str
    foot: str
    none: str
    give: str
    missing: str
    delete: str
    clear: str
    space: str


class CommentView(panels.Panel):
    """`written` gives what stands in the field, `given` and `skipped` are the two answers."""

    written = Signal(str)
    given = Signal()
    skipped = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.shown: FreeTextPageText | None = None
        self.title = panels.Label(look, px=EXIT_TITLE_PX, bold=True, wrap=True)
        self.second = panels.Label(look, px=SMALL_PX, token="ink2", align=Qt.AlignmentFlag.AlignRight, wrap=True)
        self.field = number_block.LimitedTextField(LONGEST_TYPED)
        self.field.written.connect(self.written)
        self.field.entered.connect(self._emit_given_if_enabled)
        panels.FixedSizeKeeper(look, self.field, height=FIELD_HIGH)
        self.keys = OnScreenKeyboard(look, width=LETTER_WIDE, height=LETTER_HIGH)
        self.keys.show_sentence_keyboard()
        self.keys.typed.connect(self.field.insertPlainText)
        self.keys.deleted.connect(self.field.delete_previous_character)
        self.keys.cleared.connect(self.field.clear)
        self.foot = panels.Label(look, px=SMALL_PX, token="ink2", wrap=True)
        self.none_button = buttons.SecondaryButton(look, "", height=ANSWER_HIGH, px=26)
        self.give_button = buttons.PrimaryButton(look, "", height=ANSWER_HIGH, px=26)
        for button in (self.none_button, self.give_button):
            panels.FixedSizeKeeper(look, button, width=ANSWER_WIDE)
        panels.FixedSizeKeeper(look, self.foot, height=ANSWER_HIGH)  # a longer line moves no key
        self.none_button.clicked.connect(self.skipped)
        self.give_button.clicked.connect(self.given)
        answers = QHBoxLayout()
        panels.set_scaled_margins(look, answers, spacing=16)
        answers.addWidget(self.foot, 1)
        answers.addWidget(self.none_button)
        answers.addWidget(self.give_button)
        self._column = column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (56, 24, 56, 20), 6)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=24)
        head.addWidget(self.title, 3)
        head.addWidget(self.second, 2)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addStretch(1)
        column.addWidget(self.keys)
        column.addStretch(1)
        column.addLayout(answers)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.field)

    def measure_again(self) -> None:
        super().measure_again()
        if hasattr(self, "field"):
            self.field.setFont(self.look.font(FIELD_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_screen_keys_height()

    def _fit_screen_keys_height(self) -> None:
        """Give the keys what the words above and below them leave."""
        others = self._column.heightForWidth(self.width()) - self.keys.sizeHint().height()
        self.keys.fit_key_height((self.height() - others) / self.look.scale.k)

    def clear_typed_text(self) -> None:
        self.field.set_text_silently("")
        self.measure_again()

    def show_text(self, text: FreeTextPageText) -> None:
        if text == self.shown:
            return
        self.shown = text
        self.title.setText(text.title)
        self.second.setText(f"{text.second}\n{text.count}")
        self.field.setAccessibleName(text.name)
        self.foot.setText(text.foot)
        self.none_button.setText(text.none)
        if text.give:
            self.give_button.enable_with_label(text.give)
        else:
            self.give_button.disable_with_reason(text.missing)
        self.keys.set_words(text.delete, text.clear, text.space)
        self._fit_screen_keys_height()

    def _emit_given_if_enabled(self) -> None:
        if self.give_button.isEnabled():
            self.given.emit()


# -- the screen at the exit --------------------------------------------------------------------------------------------

# A language chosen and nothing done with it: its customer has gone. How long questions stay: controller.py.
CHOSEN_FOR = timedelta(seconds=30)


class ExitRatingPage(rating_view.CustomerRatingPage):
    """Free-standing: takes any ticket that may still be rated; back to the hall's language once a customer has left."""

    controller: ExitRatingController

    def __init__(
        self, context: StationContext, controller: ExitRatingController | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, controller or ExitRatingController(context), parent)
        self.controller.setParent(self)
        self.enter_view = NumberEntryView(context.look, self)
        self.column.addWidget(self.enter_view)
        self.enter_view.typed.connect(self.controller.type_key)
        self.enter_view.deleted.connect(self.controller.delete_last_character)
        self.enter_view.cleared.connect(self.controller.clear)
        self.enter_view.entered.connect(self.controller.ask_rating_for_typed_number)
        self.enter_view.no_number_wanted.connect(self.controller.ask_rating_without_number)
        self.enter_view.language_wanted.connect(self._switch_language)
        self.enter_view.menu_asked.connect(self._emit_menu_wanted)
        self._hall_language, self._language = i18n.current_language(), ""
        self._chosen_until: datetime | None = None
        self.words_view = CommentView(context.look, self)
        self.words_view.hide()
        self.column.addWidget(self.words_view)
        self.words_view.written.connect(self._on_comment_typed)
        self.words_view.given.connect(self.controller.go_to_next_stage)
        self.words_view.skipped.connect(self.controller.finish_without_comment)
        self.scanner = CodeScannerListener(self)
        self.scanner.scanned.connect(self.controller.handle_scanned_code)
        self._minute = ""
        self._front: QWidget | None = None
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        entering = self.controller.stage is RatingStage.ENTER
        front = self._current_stage_view()
        if i18n.current_language() != self._language:  # the hall's own, as the PC has it now
            self._hall_language, self._language = i18n.current_language(), ""
        if entering and self._front not in (None, self.enter_view):
            self._set_language_without_redraw("")  # whoever answered is done
        if front is self.words_view and self._front is not front:
            self.words_view.clear_typed_text()
        if entering:
            self.enter_view.show_text(self._number_entry_texts())
        elif front is self.words_view:
            self.words_view.show_text(self._comment_page_texts())
            self._read_changed_page_aloud()
        else:
            super().retranslate()
        if front is not self._front:
            self._front = front
            for view in (self.view, self.enter_view, self.words_view):
                view.setVisible(view is front)
            front.setFocus()

    def _current_stage_view(self) -> QWidget:
        own: dict[RatingStage, QWidget] = {RatingStage.ENTER: self.enter_view, RatingStage.WORDS: self.words_view}
        return own.get(self.controller.stage, self.view)

    @Slot(str)
    def _on_comment_typed(self, words: str) -> None:
        self.controller.write(words)
        self.words_view.show_text(self._comment_page_texts())

    @Slot(object)
    def _show_refusal(self, trouble: QueueDeskError) -> None:
        super()._show_refusal(trouble)
        if self.controller.stage is RatingStage.WORDS:
            self.words_view.foot.setText(rating_view.refusal_text(trouble))

    def tick(self, now: datetime) -> None:
        super().tick(now)
        if self.controller.number or self.controller.stage is not RatingStage.ENTER:
            self._chosen_until = now + CHOSEN_FOR
        elif self._language and self._chosen_until is not None and now >= self._chosen_until:
            self._set_language_without_redraw("")
            self.retranslate()
        minute = self._current_time_text()
        if minute != self._minute or self.controller.stage is RatingStage.ENTER:
            self._minute = minute
            self.retranslate()

    def show_hall_away(self, since: datetime | None) -> None:
        super().show_hall_away(since)
        self.retranslate()

    @Slot()
    def _switch_language(self) -> None:
        """Speak the next language until this customer has gone."""
        self._chosen_until = self.controller.now() + CHOSEN_FOR
        self._set_language_without_redraw(self._next_language())
        self.retranslate()

    def _set_language_without_redraw(self, language: str) -> None:
        """Speak `language`; "" is the hall's own."""
        self._language = "" if language == self._hall_language else language
        i18n.choose_language(self._language or self._hall_language)

    def _next_language(self) -> str:
        return other_offered_language(self.controller.setup, i18n.current_language())

    def stop(self) -> None:
        self._set_language_without_redraw("")
        self.scanner.stop()
        super().stop()

    def pressable_keys_widget(self) -> QWidget:
        return self._current_stage_view()

    def _sentences_to_read_aloud(self) -> list[str]:
        if self.controller.stage is RatingStage.WORDS:
            text = self._comment_page_texts()
            return [text.title, text.second]
        return super()._sentences_to_read_aloud()

    def page_title(self) -> str:
        return _("{hall} · exit", hall=self.translated_hall_name())

    def idle_page_texts(self) -> rating_view.Page:
        return rating_view.IdleText("", self.translated_hall_name(), "")

    def _comment_page_texts(self) -> FreeTextPageText:
        words = self.controller.words
        return FreeTextPageText(
            title=_("Anything to add in your own words?"),
            second=_("Only the duty manager reads this. Please leave out names and numbers."),
            name=_("In your own words (optional)"),
            count=_("{n} of {most}", n=len(words), most=LONGEST_TYPED),
            foot=self._away or self._comment_time_left_text(),
            none=_("Nothing to add"),
            give=_("Send to the manager") if words.strip() else "",
            missing=_("Nothing written yet"),
            delete=_("Delete", context="key"),
            clear=_("Clear", context="key"),
            space=_("Space"),
        )

    def _comment_time_left_text(self) -> str:
        left = self.controller.page_seconds_left(self.controller.now())
        return n_(
            "Without a touch, only the rating is sent in {n} second",
            "Without a touch, only the rating is sent in {n} seconds",
            left,
        )

    def _current_time_text(self) -> str:
        return time_hm(self.controller.setup.to_hall_time(self.controller.now()))

    def _number_entry_texts(self) -> NumberEntryTexts:
        number, trouble = self.controller.number, self.controller.trouble
        missing = missing_digit_count(number)
        refused = trouble if isinstance(trouble, RuleError) else None
        said = self._away or (rating_view.refusal_text(trouble) if trouble is not None else "")
        if not said and number and self.controller.is_page_closing_soon():
            left = self.controller.page_seconds_left(self.controller.now())
            said = n_(
                "This number disappears in {n} second; press any digit to keep it",
                "This number disappears in {n} seconds; press any digit to keep it",
                left,
            )
        may_customers_have_slips = self.controller.may_customers_have_slips()
        opinion = _("Give an opinion without it")
        if not may_customers_have_slips:
            opinion = _("Give an opinion without it", context="number")
        go = _("Rate this visit")
        if not number:
            go = _("Enter your number first")
        elif missing:
            go = n_("{n} more digit", "{n} more digits", missing)
        elif refused is not None:
            go = _("Enter another number")
        return NumberEntryTexts(
            place=self.page_title(),
            clock=self._current_time_text(),
            title=_("Enter your number and rate today's visit"),
            boxes=characters_in_number_boxes(number),
            scan_first=_("Or hold the code on your ticket") if may_customers_have_slips else "",
            scan_second=_("up to the scanner") if may_customers_have_slips else "",
            lost=_("Ticket lost?") if may_customers_have_slips else _("Number forgotten?"),
            no_number=opinion if self.controller.may_rate_without_number() else "",
            go=go,
            may_go=not missing and refused is None,
            delete=_("Delete", context="pad"),
            clear=_("Clear", context="pad"),
            letters=ticket_prefixes(self.controller.setup),
            language=LANGUAGE_NAMES.get(self._next_language(), ""),
            trouble=said,
        )


ROLES: tuple[str, ...] = ()

TITLE_PX, LINE_PX = 40, 32
SPACE = " "


class WrittenTalkOverlay(QWidget):
    """The customer's side of a written talk, over the whole page while there is one."""

    spoken_role = paint.GROUP

    def __init__(self, page: rating_view.CustomerRatingPage, end: CustomerEndOfWrittenTalk) -> None:
        super().__init__(page)
        look = page.context.look
        self._page, self._end = page, end
        self.title = panels.Label(look, px=TITLE_PX, bold=True)
        self.hint = panels.Label(look, px=24, token="ink2", wrap=True)
        self.view = WrittenTalkView(look, end, px=LINE_PX)
        self.answers = [
            buttons.SecondaryButton(look, "", height=76, px=24) for _one in range(len(written_talk_one_touch_answers()))
        ]
        self.keys = OnScreenKeyboard(look)
        self.keys.show_letter_keyboard()
        self.space = buttons.SecondaryButton(look, "", height=76, px=24)
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=12)
        for button in (*self.answers, self.space):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        for button in self.answers:
            button.clicked.connect(self._send_pressed_answer)
        self.space.setProperty(REPEATS, True)
        self.space.clicked.connect(partial(self.view.edit.insert, SPACE))
        self.keys.typed.connect(self.view.edit.insert)
        self.keys.deleted.connect(self.view.edit.backspace)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (48, 28, 48, 28), 12)
        for part in (self.title, self.hint):
            column.addWidget(part)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        column.addWidget(self.keys, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setAutoFillBackground(True)
        self.setFocusProxy(self.view.edit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        end.changed.connect(self.update_texts_and_visibility)
        page.installEventFilter(self)
        self.hide()
        self.update_texts_and_visibility()

    def update_texts_and_visibility(self) -> None:
        self.title.setText(_("Please read and write here"))
        self.hint.setText(_("The person at the window reads what you write. None of it is kept."))
        self.setAccessibleName(f"{self.title.text()} {self.hint.text()}")
        for button, words in zip(self.answers, written_talk_one_touch_answers(), strict=True):
            button.setText(words)
        self.keys.set_words(_("Delete", context="key"), _("Clear", context="key"))
        self.space.setText(_("Space"))
        if self._end.is_open and self.isHidden():
            self.setGeometry(self._page.rect())
            self.show()
            self.raise_()
            self.view.edit.setFocus()
            if self._page.cover.isVisible():
                self._page.cover.raise_()
        elif not self._end.is_open and self.isVisible():
            self.hide()
            self._page.view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._page:
            self.setGeometry(self._page.rect())
        return False

    def _send_pressed_answer(self) -> None:
        button = self.sender()
        if isinstance(button, buttons.SecondaryButton):
            self._end.write(button.text())


def written_talk_one_touch_answers() -> list[str]:
    return [_("Yes", context="written talk"), _("No", context="written talk"), _("I don't understand"), _("Thank you")]


class WindowRatingPage(rating_view.CustomerRatingPage):
    """The screen at a window. Options: window."""

    controller: WindowRatingController

    def __init__(
        self, context: StationContext, controller: WindowRatingController | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, controller or WindowRatingController(context), parent)
        self.controller.setParent(self)
        self.talk = CustomerEndOfWrittenTalk(written_talk_socket_name(context, self.controller.window), self)
        self.talk_cover: WrittenTalkOverlay | None = None
        """Made with the first talk; most days have none."""
        self.talk.changed.connect(self._update_written_talk)
        self.retranslate()

    def tick(self, now: datetime) -> None:
        super().tick(now)
        if self.controller.is_serving:
            self.talk.join_open_talk_of_window()

    def _update_written_talk(self) -> None:
        self.controller.is_writing = self.talk.is_open
        if self.talk.is_open and self.talk_cover is None:
            self.talk_cover = WrittenTalkOverlay(self, self.talk)

    def page_title(self) -> str:
        code = self.controller.window
        spec = self.controller.setup.windows.get(code) or WindowSpec(code=code, services=())
        name = name_in_language(spec.name or code, spec.name_en)
        if name.isascii() and name.isalnum():
            return _("Window {window}", context="display", window=name)
        return name

    def idle_page_texts(self) -> rating_view.Page:
        hint = _("After your visit, you can rate it here")
        return rating_view.IdleText(self.page_title(), self.translated_hall_name(), hint)


def build_station_page(context: StationContext) -> rating_view.CustomerRatingPage:
    """Return the page of the named window, or that of the exit."""
    return WindowRatingPage(context) if context.options.get("window") else ExitRatingPage(context)
