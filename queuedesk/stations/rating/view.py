"""The pages on which a customer answers, at a window and at the exit, painted on one canvas: five faces, two more
questions, reasons after a low answer, thanks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QFont, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.talk.display import current_emergency_on_screen
from queuedesk.i18n import _, error_sentence, n_, name_in_language, rating_level_words
from queuedesk.i18n.figures.figure_titles import offered_rating_reasons, rating_reason_words
from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.i18n.names import service_name, staff_name
from queuedesk.i18n.queue.display_words import emergency_text
from queuedesk.stations import access
from queuedesk.stations.rating.controller import MORE_STAGES, QUESTIONS, CustomerRatingFlow, RatingStage
from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import PaintedButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.questions.dialogs import WindowPressWatcher
from queuedesk.stations.window import emergency_cover, frame, style
from queuedesk.stations.window.context import StationContext

LARGEST_WORD_PX, LEAST_WORD_PX = 30.0, 22.0


class RatingFaceButton(PaintedButton):
    """One of five answers, face and word. The owner gives all five the same `word_px` (drawn px) and `word_lines`,
    those of the longest: a smaller word or higher face would suggest an answer."""

    radius = 18.0
    word_px = LARGEST_WORD_PX
    word_lines = 1

    def __init__(self, look: style.Look, level: int, word: str, *, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.level = level
        self._is_chosen = False
        self.setText(word)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_chosen(self, chosen: bool) -> None:
        if chosen != self._is_chosen:
            self._is_chosen = chosen
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(221), self.look.px(315))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(150), self.look.px(220))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, k = paint.Painter(self, self.look), self.look, self.look.scale.k
        rect = QRectF(self.rect())
        if self._is_chosen:
            painter.draw_box(rect, self.radius, "soft", edge="primary", width=5)
        else:
            painter.draw_box(rect, self.radius, "soft" if self.isDown() else "surface", edge="edge", width=2)
        side = look.px(122)
        room = rect.width() - look.px(24)
        size = paint.largest_fitting_px(self.text(), room, self.word_px * k, bold=True, least=LEAST_WORD_PX * k)
        font = look.font(size / k, bold=True)
        lines = paint.wrapped_lines(font, self.text(), room, 2)
        high = look.px(42)
        top = (rect.height() - side - look.px(20) - high * self.word_lines) / 2
        paint.draw_face(painter, QRectF((rect.width() - side) / 2, top, side, side), self.level, look.color("ink"))
        y = top + side + look.px(20)
        for words in lines:
            line = QRectF(look.px(12), y, room, high)
            painter.draw_words_and_give_end_x(words, font, "ink", line, Qt.AlignmentFlag.AlignHCenter)
            y += high


WIDTH, HEIGHT = 1280, 800
HEAD = QRectF(0, 0, WIDTH, 84)
SIDE = 48
LEVELS = (5, 4, 3, 2, 1)
FACE_WIDTH, FACE_STEP = 221, 240.75
REASON_COLUMNS, REASON_WIDTH, REASON_HEIGHT, REASON_GAP = 4, 284, 120, 16
REASON_TOP = 284
REASON_PX, LEAST_REASON_PX = 26, 20
MARK_TOP, MARK_STEP, MARK_HEIGHT = 292, 204, 104
# A finger wants 15 mm: 89 px of a tablet of 10.1 inches, the smallest that should stand in a hall.
KEY_HIGH, FOOT_TOP = 92.0, 684.0
FOOT = QRectF(SIDE, FOOT_TOP, 700, KEY_HIGH)

_CENTRE, _RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight


class HeadTextParts(Struct, frozen=True):
    """The line at the top: the place, and on the right the number between the texts before and after it."""

    place: str = ""
    before: str = ""
    number: str = ""
    after: str = ""


class IdleText(Struct, frozen=True):
    window: str
    hall: str
    hint: str


class FaceQuestionTexts(Struct, frozen=True):
    """The question, its five answers from the best to the worst, and the way out."""

    title: str
    second: str
    levels: tuple[str, ...]
    skip: str
    foot: str
    chosen: int = 0
    more: str = ""
    listen: str = ""


class ReasonsText(Struct, frozen=True):
    """The question after a low answer; `words` are paired with their codes."""

    title: str
    second: str
    reasons: tuple[tuple[str, str], ...]
    chosen: frozenset[str]
    foot: str
    more: str
    done: str


class ThanksText(Struct, frozen=True):
    title: str
    second: str
    last: str


class FurtherQuestionsTexts(Struct, frozen=True):
    """Two further questions with the same five answers; `chosen` are those given so far, by question."""

    title: str
    second: str
    questions: tuple[tuple[str, str], ...]
    levels: tuple[str, ...]
    chosen: Mapping[str, int]
    foot: str
    more: str
    done: str


Page = IdleText | FaceQuestionTexts | FurtherQuestionsTexts | ReasonsText | ThanksText


class RatingView(paint.CanvasWidget):
    """Shows one page at a time; reports what was touched."""

    rated = Signal(int)
    skipped = Signal()
    toggled = Signal(str)
    more_wanted = Signal()
    finished = Signal()
    marked = Signal(str, int)
    listen_wanted = Signal()
    menu_asked = Signal(object)

    def __init__(self, look: style.Look, parent: QWidget | None = None) -> None:
        super().__init__(look, WIDTH, HEIGHT, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.head = HeadTextParts()
        self._page: Page = IdleText("", "", "")
        self._trouble = ""
        self.faces = [RatingFaceButton(self.look, level, "") for level in LEVELS]
        for place, face in enumerate(self.faces):
            self.place_child(face, QRectF(SIDE + place * FACE_STEP, 317, FACE_WIDTH, 316))
            face.clicked.connect(lambda _checked=False, level=face.level: self.rated.emit(level))
        self.skip_button = SecondaryButton(self.look, "", height=KEY_HIGH, px=24)
        self.skip_button.clicked.connect(self.skipped)
        self.listen_button = SecondaryButton(self.look, "", icon="ear", height=KEY_HIGH, px=24)
        self.listen_button.setProperty(access.AT_ONCE, True)
        self.listen_button.clicked.connect(self.listen_wanted)
        self.more_button = SecondaryButton(self.look, "", height=KEY_HIGH, px=24)
        self.more_button.clicked.connect(self.more_wanted)
        self.done_button = PrimaryButton(self.look, "", height=KEY_HIGH, px=30)
        self.done_button.clicked.connect(self.finished)
        self.reasons: dict[str, ToggleChoice] = {}
        self._reason_words: tuple[tuple[str, str], ...] = ()
        self.marks: dict[tuple[str, int], ToggleChoice] = {}
        self._arrange_page()

    def show_page(self, head: HeadTextParts, page: Page) -> None:
        if type(page) is not type(self._page):
            self._trouble = ""
            self.setFocus()  # a button that goes would hand it to its neighbour, which then looks chosen
        self.head, self._page = head, page
        self._arrange_page()
        self._set_screen_reader_lines()
        self.update()

    def show_trouble(self, words: str) -> None:
        """Show at the bottom why an answer could not be stored, until another page comes; "" removes it."""
        if words != self._trouble:
            paint.announce_to_screen_reader(self, words)
        self._trouble = words
        self._set_screen_reader_lines()
        self.update()

    def trouble_text(self) -> str:
        return self._trouble

    def _set_screen_reader_lines(self) -> None:
        head, page = self.head, self._page
        number = f"{head.before}{head.number}{head.after}"
        if isinstance(page, IdleText):
            self.set_spoken_lines([head.place, page.window, self._trouble or page.hint])
        elif isinstance(page, ThanksText):
            self.set_spoken_lines([text for text in (page.title, page.second, page.last) if text])
        else:
            questions = [words for _code, words in page.questions] if isinstance(page, FurtherQuestionsTexts) else []
            self.set_spoken_lines([head.place, number, page.title, page.second, *questions, self._trouble or page.foot])

    # -- widgets --
    def _arrange_page(self) -> None:
        page = self._page
        question = page if isinstance(page, FaceQuestionTexts) else None
        reasons = page if isinstance(page, ReasonsText) else None
        if question is not None:
            fits = (
                paint.largest_fitting_px(w, FACE_WIDTH - 26, LARGEST_WORD_PX, bold=True, least=LEAST_WORD_PX)
                for w in question.levels
            )
            word_px = min(fits)
            font = style.font_of_size(word_px, bold=True)
            word_lines = max(len(paint.wrapped_lines(font, word, FACE_WIDTH - 26, 2)) for word in question.levels)
            for face, word in zip(self.faces, question.levels, strict=True):
                face.word_px, face.word_lines = word_px, word_lines
                face.setText(word)
                face.set_chosen(face.level == question.chosen)
                face.setAccessibleName(word)
            asked = ((self.listen_button, question.listen), (self.more_button, question.more))
            self._place_buttons_at_right((*(one for one in asked if one[1]), (self.skip_button, question.skip)))
        if reasons is not None:
            self._place_reason_buttons(reasons)
        if isinstance(page, FurtherQuestionsTexts):
            self._place_mark_buttons(page)
        self._set_buttons_shown(list(self.marks.values()), isinstance(page, FurtherQuestionsTexts))
        more = page if isinstance(page, (ReasonsText, FurtherQuestionsTexts)) else None
        if more is not None:
            self._place_buttons_at_right(((self.more_button, more.more), (self.done_button, more.done)))
        self._set_buttons_shown(self.faces, question is not None)
        self._set_buttons_shown([self.skip_button], question is not None)
        self._set_buttons_shown(list(self.reasons.values()), reasons is not None)
        self._set_buttons_shown([self.listen_button], bool(question is not None and question.listen))
        self._set_buttons_shown([self.more_button], more is not None or bool(question is not None and question.more))
        self._set_buttons_shown([self.done_button], more is not None)

    @staticmethod
    def _set_buttons_shown(buttons: Sequence[QAbstractButton], shown: bool) -> None:
        for button in buttons:
            button.setVisible(shown)
            if not shown:
                button.setDown(False)
                button.clearFocus()

    def _place_buttons_at_right(self, buttons: Sequence[tuple[SecondaryButton | PrimaryButton, str]]) -> None:
        """Put buttons side by side at the right edge, as wide as their words need."""
        right = float(WIDTH - SIDE)
        for button, words in reversed(buttons):
            button.setText(words)
            is_done = button is self.done_button
            icon = 60 if button is self.listen_button else 0
            needed = icon + paint.width_of_text(self.unit.font(30 if is_done else 24, bold=True), words) + 80
            width = max(206.0 if is_done else 146.0, needed)
            self.place_child(button, QRectF(right - width, FOOT_TOP, width, KEY_HIGH))
            right -= width + 16

    def _place_reason_buttons(self, page: ReasonsText) -> None:
        if self._reason_words != page.reasons:
            self._reason_words = page.reasons
            for button in self.reasons.values():
                self._drop_and_delete_button(button)
            self.reasons = {}
            px = _largest_common_font_px([words for _code, words in page.reasons], REASON_WIDTH)
            for number, (code, words) in enumerate(page.reasons):
                button = ToggleChoice(self.look, words, height=REASON_HEIGHT, px=px)
                button.clicked.connect(lambda _checked=False, code=code: self.toggled.emit(code))
                row, column = divmod(number, REASON_COLUMNS)
                x = SIDE + column * (REASON_WIDTH + REASON_GAP)
                y = REASON_TOP + row * (REASON_HEIGHT + REASON_GAP)
                self.place_child(button, QRectF(x, y, REASON_WIDTH, REASON_HEIGHT))
                self.reasons[code] = button
        for code, _words in page.reasons:
            self.reasons[code].setChecked(code in page.chosen)

    def _place_mark_buttons(self, page: FurtherQuestionsTexts) -> None:
        px = _largest_common_font_px(page.levels, FACE_WIDTH)
        for row, (question, _words) in enumerate(page.questions):
            for place, (level, word) in enumerate(zip(LEVELS, page.levels, strict=True)):
                button = self.marks.get((question, level))
                if button is None:
                    button = ToggleChoice(self.look, word, height=MARK_HEIGHT, px=px)
                    button.clicked.connect(lambda _on=False, q=question, n=level: self.marked.emit(q, n))
                    self.marks[(question, level)] = button
                top = MARK_TOP + row * MARK_STEP
                self.place_child(button, QRectF(SIDE + place * FACE_STEP, top, FACE_WIDTH, MARK_HEIGHT))
                button.setText(word)
                button.setAccessibleName(f"{_words} {word}")
                button.setChecked(page.chosen.get(question) == level)

    def _drop_and_delete_button(self, button: QWidget) -> None:
        self.forget_child(button)
        button.hide()
        button.deleteLater()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    # -- painting --
    def paint_canvas(self, painter: paint.Painter) -> None:
        page = self._page
        if isinstance(page, ThanksText):
            self._paint_thanks(painter, page)
            return
        self._paint_head(painter)
        if isinstance(page, FaceQuestionTexts):
            self._paint_title(painter, page.title, 172)
            self._paint_centred_line(painter, page.second, self.unit.font(26), "ink2", 237)
            self._paint_foot(painter, page.foot, self._first_button_left_edge() - 24)
        elif isinstance(page, ReasonsText):
            self._paint_reasons_page_title(painter, page)
        elif isinstance(page, FurtherQuestionsTexts):
            self._paint_questions(painter, page)
        else:
            self._paint_idle_page(painter, page)

    def _paint_head(self, painter: paint.Painter) -> None:
        look, head = self.unit, self.head
        # The bar reaches over the whole screen, also where that is wider than the canvas.
        beyond = self.canvas_origin().x() / self.canvas_scale() + 1
        above = self.canvas_origin().y() / self.canvas_scale() + 1
        painter.fillRect(HEAD.adjusted(-beyond, -above, beyond, 0), look.color("surface"))
        painter.draw_divider(QPointF(-beyond, HEAD.bottom()), QPointF(WIDTH + beyond, HEAD.bottom()))
        plain, bold = look.font(22), look.font(22, bold=True)
        y = paint.centred_baseline_y(bold, 0, HEAD.height())
        room = WIDTH - 2 * SIDE
        widths = (
            paint.width_of_text(plain, head.before),
            paint.width_of_text(bold, head.number),
            paint.width_of_text(plain, head.after),
        )
        x = WIDTH - SIDE - sum(widths)
        painter.draw_words_and_give_end_x(
            head.place, bold, "ink", QRectF(SIDE, 0, min(room, x - SIDE - 24), HEAD.height())
        )
        for words, font, token in (
            (head.before, plain, "ink2"),
            (head.number, bold, "ink"),
            (head.after, plain, "ink2"),
        ):
            x = painter.draw_words(words, font, token, x, y)

    def _paint_idle_page(self, painter: paint.Painter, page: IdleText) -> None:
        px = paint.largest_fitting_px(page.window, WIDTH - 2 * SIDE, 150, bold=True, least=60)
        self._paint_centred_line(painter, page.window, self.unit.font(px, bold=True), "ink", 330)
        self._paint_centred_line(painter, page.hall, self.unit.font(36), "ink2", 468)
        if self._trouble:
            self._paint_foot(painter, "", FOOT.right())
        else:
            self._paint_centred_line(painter, page.hint, self.unit.font(26), "ink2", 690)

    def _paint_questions(self, painter: paint.Painter, page: FurtherQuestionsTexts) -> None:
        look, room = self.unit, WIDTH - 2 * SIDE
        px = paint.largest_fitting_px(page.title, room, 44, bold=True, least=32)
        painter.draw_words_and_give_end_x(page.title, look.font(px, bold=True), "ink", QRectF(SIDE, 108, room, 56))
        painter.draw_words_and_give_end_x(page.second, look.font(24), "ink2", QRectF(SIDE, 166, room, 36))
        for row, (_code, words) in enumerate(page.questions):
            top = MARK_TOP + row * MARK_STEP - 62
            font = look.font(paint.largest_fitting_px(words, room, 30, bold=True, least=22), bold=True)
            painter.draw_words_and_give_end_x(words, font, "ink", QRectF(SIDE, top, room, 46))
        self._paint_foot(painter, page.foot, self.more_button_left_edge() - 24)

    def _paint_reasons_page_title(self, painter: paint.Painter, page: ReasonsText) -> None:
        look = self.unit
        room = WIDTH - 2 * SIDE
        px = paint.largest_fitting_px(page.title, room, 48, bold=True, least=34)
        painter.draw_words_and_give_end_x(page.title, look.font(px, bold=True), "ink", QRectF(SIDE, 128, room, 60))
        painter.draw_words_and_give_end_x(page.second, look.font(24), "ink2", QRectF(SIDE, 190, room, 40))
        self._paint_foot(painter, page.foot, self.more_button_left_edge() - 24)

    def _first_button_left_edge(self) -> float:
        """Return where the first of the question's buttons begins, in canvas px."""
        shown = [one for one in (self.listen_button, self.more_button, self.skip_button) if one.isVisible()]
        return min((self.point_to_canvas(QPointF(one.pos())).x() for one in shown), default=FOOT.right())

    def more_button_left_edge(self) -> float:
        """Return where the buttons at the bottom begin, in canvas px."""
        return self.point_to_canvas(QPointF(self.more_button.pos())).x()

    def _paint_foot(self, painter: paint.Painter, words: str, right: float) -> None:
        room = QRectF(FOOT.left(), FOOT.top(), right - FOOT.left(), FOOT.height())
        if not self._trouble:
            painter.draw_words_and_give_end_x(words, self.unit.font(22), "ink2", room)
            return
        font = self.unit.font(22, bold=True)
        painter.draw_icon("away", "amber", room.left(), room.center().y() - 14, 28)
        lines = paint.wrapped_lines(font, self._trouble, room.width() - 44, 2)
        y = room.center().y() - 15 * len(lines)
        for line in lines:
            painter.draw_words_and_give_end_x(line, font, "amber", QRectF(room.left() + 44, y, room.width() - 44, 30))
            y += 30

    def _paint_thanks(self, painter: paint.Painter, page: ThanksText) -> None:
        look = self.unit
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("primary"))
        painter.drawEllipse(QPointF(640, 242), 84, 84)
        pen = QPen(
            look.color("on_primary"), 13, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        )
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([QPointF(606.5, 244), QPointF(628, 265), QPointF(673, 221)])
        px = paint.largest_fitting_px(page.title, WIDTH - 2 * SIDE, 88, bold=True, least=56)
        self._paint_centred_line(painter, page.title, look.font(px, bold=True), "ink", 428)
        self._paint_centred_line(painter, page.second, look.font(34), "ink", 512)
        px = paint.largest_fitting_px(page.last, WIDTH - 2 * SIDE, 34, least=24)
        self._paint_centred_line(painter, page.last, look.font(px), "ink2", 618)

    def _paint_title(self, painter: paint.Painter, words: str, middle: float) -> None:
        px = paint.largest_fitting_px(words, WIDTH - 2 * SIDE, 60, bold=True, least=36)
        self._paint_centred_line(painter, words, self.unit.font(px, bold=True), "ink", middle)

    def _paint_centred_line(self, painter: paint.Painter, words: str, font: QFont, token: str, middle: float) -> None:
        """Centre a line about y = `middle`, without the empty half of a full-width mark at its end."""
        half_empty = bool(words) and words[-1] in NEVER_FIRST and words[-1] > "\u2e7f"
        shift = font.pixelSize() / 4 if half_empty else 0
        rect = QRectF(SIDE + shift, middle - 60, WIDTH - 2 * SIDE, 120)
        painter.draw_words_and_give_end_x(words, font, token, rect, _CENTRE)


def _largest_common_font_px(words: Sequence[str], width: float) -> float:
    """Return the one size at which all words fit buttons of that width, ticked too."""
    px = float(REASON_PX)
    while px > LEAST_REASON_PX:
        font = style.font_of_size(px, bold=True)
        if max(paint.width_of_text(font, each) for each in words) <= width - 20 - (px + 8):
            break
        px -= 1
    return px


_SLOT = "\N{INFORMATION SEPARATOR ONE}"

PICTURED = (RatingStage.ASKING, RatingStage.THANKS)
"""The pages that need no answer."""


def refusal_text(trouble: QueueDeskError) -> str:
    """Return why a customer can't rate; what only staff can mend is not told here."""
    is_for_staff = isinstance(trouble, OutsideError) or trouble.code == "clock_ahead"
    return _cannot_save_rating_text() if is_for_staff else error_sentence(trouble)


def _cannot_save_rating_text() -> str:
    return _("Your rating can't be saved now. Please try again in a moment.")


class CustomerRatingPage(frame.StationPage):
    """Shows a controller's state as texts, and passes touches on to it."""

    canvas = (WIDTH, HEIGHT)
    controller: CustomerRatingFlow

    def __init__(self, context: StationContext, controller: CustomerRatingFlow, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.controller = controller
        self.view = RatingView(context.look, self)
        self._away = ""
        self._was_drumming = False
        self.cover = emergency_cover.EmergencyCover(self)
        self.keyboard = access.KeyboardControl(
            self,
            context.look,
            self,
            host=self.pressable_keys_widget,
            digits_press=lambda: self.controller.stage not in (RatingStage.ENTER, RatingStage.WORDS),
            enter_is_taken=lambda: self.controller.stage in (RatingStage.ENTER, RatingStage.WORDS),
        )
        self.listening = access.PageReadAloud(context, self, self._page_sentences, self)
        self._read: tuple[object, ...] = ()
        self.view.listen_wanted.connect(self._toggle_listening)
        self.listening.changed.connect(self.retranslate)
        self.keyboard.offered.connect(self.listening.read_key_aloud)
        self.keyboard.sound_wanted.connect(self._handle_sound_key)
        switches = str(context.options.get("switches") or access.AccessSwitchesInUse.ONE)
        self.keyboard.set_switches_and_scan_step(
            switches, int(context.options.get("switch_step_ms") or access.USUAL_STEP_MS)
        )
        self._presses = WindowPressWatcher(self, self.controller.count_press)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self.view)
        self.view.rated.connect(self._rate_pressed_level)
        self.view.skipped.connect(self.controller.skip_rating)
        self.view.toggled.connect(self.controller.toggle_reason)
        self.view.more_wanted.connect(self.controller.extend_page_time)
        self.view.finished.connect(self.controller.go_to_next_stage)
        self.view.marked.connect(self.controller.answer_question)
        self.view.menu_asked.connect(self._emit_menu_wanted)
        self.controller.changed.connect(self.retranslate)
        self.controller.refused.connect(self._show_refusal)
        context.feed.changed.connect(self._show_emergency)
        context.feed.replaced.connect(self._show_emergency)

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        return {str(stage): partial(self.controller.show_example, stage) for stage in PICTURED}

    def remake_contents(self) -> bool:
        self.retranslate()
        return True

    @Slot()
    def retranslate(self) -> None:
        self.view.show_page(self._head_text(), self._page_text())
        if self.controller.is_tapping_rapidly:
            self.view.show_trouble(_("One touch is enough. Please wait a few seconds, then touch once."))
        elif self._away or self._was_drumming:
            self.view.show_trouble(self._away)
        self._was_drumming = self.controller.is_tapping_rapidly
        self._read_changed_page_aloud()

    def tick(self, now: datetime) -> None:
        self.controller.check_timeouts(now)
        if self.controller.stage in MORE_STAGES or self.controller.stage is RatingStage.ASKING:
            self.retranslate()
        self._show_emergency()

    @Slot()
    def _show_emergency(self) -> None:
        feed = self.context.feed
        names = (self.context.name, str(self.context.options.get("display") or ""))
        notice = current_emergency_on_screen(feed.state, feed.setup, self.controller.now(), names=names)
        if self.cover.show_emergency(emergency_text(notice)):
            self.keyboard.scan.stop()

    def pressable_keys_widget(self) -> QWidget:
        """Return what holds the keys that can be pressed now."""
        return self.view

    def show_hall_away(self, since: datetime | None) -> None:
        self._away = ""
        if since is not None:
            self._away = _cannot_save_rating_text()
        self.view.show_trouble(self._away)

    def stop(self) -> None:
        self._presses.stop()
        self.keyboard.stop()
        self.listening.stop()
        self.controller.holding.stop()

    # -- read aloud --
    def _listen_button_text(self) -> str:
        """Return what the key with the ear says, "" where this PC can't speak."""
        if not self.listening.can_be_used:
            return ""
        return _("Stop reading") if self.listening.is_on else _("Read aloud")

    def _page_sentences(self) -> list[str]:
        """Return what is read of the page: its sentences, then its keys with their digits."""
        keys = [
            key
            for key in access.visible_keys_in_reading_order(self.pressable_keys_widget())
            if not key.property(access.AT_ONCE)
        ]
        named = [
            _("Button {n}: {words}", n=place, words=key.accessibleName() or key.text())
            for place, key in enumerate(keys, 1)
        ]
        return [*self._sentences_to_read_aloud(), *named]

    def _sentences_to_read_aloud(self) -> list[str]:
        page = self._page_text()
        return [page.title, page.second] if not isinstance(page, IdleText) else [page.window, page.hint]

    def _read_changed_page_aloud(self) -> None:
        """Read a page that has come to who listens; with the customer it ends."""
        stage = self.controller.stage
        if stage is self.controller.rest:
            self._read = ()
            self.listening.end_reading()
            return
        shown = (stage, self.controller.id, self.listening.is_on)
        if shown != self._read:
            self._read = shown
            paint.announce_to_screen_reader(self.view, *self._sentences_to_read_aloud())
            self.listening.read_page_aloud()

    @Slot()
    def _toggle_listening(self) -> None:
        if self.listening.is_on:
            self.listening.end_reading()
        else:
            self.listening.begin_reading()

    @Slot(str)
    def _handle_sound_key(self, name: str) -> None:
        """Do what 0 + - of a keypad say: 0 begins to read, then reads again."""
        if self.controller.stage is self.controller.rest:
            return
        if not self.listening.is_on:
            self.listening.begin_reading()
        elif name == "0":
            self.listening.read_page_aloud()
        else:
            self.listening.change_volume(1 if name == "+" else -1)

    # -- texts --
    def translated_hall_name(self) -> str:
        hall = self.controller.setup.hall
        return name_in_language(hall.name, hall.name_en)

    def page_title(self) -> str:
        return self.translated_hall_name()

    @abstractmethod
    def idle_page_texts(self) -> Page:
        """Return the page while nobody is asked."""

    def _head_text(self) -> HeadTextParts:
        stage, ticket = self.controller.stage, self.controller.ticket
        if self.controller.id is None or stage is self.controller.rest:
            return HeadTextParts(self.translated_hall_name())
        before, _slot, behind = _("Your number {ticket}", ticket=_SLOT).partition(_SLOT)
        place, label = self.page_title(), self.controller.id[1]
        if stage in MORE_STAGES:
            # Not which: whoever served them may stand before the screen, and they know what they touched.
            return HeadTextParts(place, before, label, behind + " · " + _("noted", context="rating screen"))
        if ticket is None:  # of an earlier day: only its number is known here
            return HeadTextParts(place, before, label, behind)
        setup = self.controller.setup
        if person := staff_name(setup, ticket.current_leg.staff):
            place = f"{place} · {person}"
        return HeadTextParts(place, before, label, f"{behind} · {service_name(setup, ticket.service)}")

    def _page_text(self) -> Page:
        stage = self.controller.stage
        if stage is RatingStage.ASKING:
            leaving = self.controller.is_page_closing_soon()
            return FaceQuestionTexts(
                more=_("More time") if leaving else "",
                listen=self._listen_button_text(),
                title=_("How was your visit?"),
                second=_("One touch is enough. The person who served you does not see your rating."),
                levels=tuple(rating_level_words(level) for level in LEVELS),
                skip=_("No rating"),
                foot=self._question_closes_in_text() if leaving else _("Rating is optional"),
                chosen=self.controller.chosen,
            )
        if stage is RatingStage.REASONS:
            return self._rating_reasons_page_texts()
        if stage is RatingStage.THANKS:
            last = _("Please take your papers with you") if self.controller.setup.has_services_with_papers else ""
            return ThanksText(_("Thank you!"), _("Your rating is saved"), last)
        if stage is RatingStage.QUESTIONS:
            return self._further_questions_texts()
        return self.idle_page_texts()  # Own words have a view of their own.

    def _further_questions_texts(self) -> FurtherQuestionsTexts:
        words = {"attitude": _("How were you treated?"), "competence": _("How well was your request handled?")}
        return FurtherQuestionsTexts(
            title=_("Thank you. Two more questions, if you like"),
            second=_("One touch each, or skip them."),
            questions=tuple((question, words[question]) for question in QUESTIONS),
            levels=tuple(rating_level_words(level) for level in LEVELS),
            chosen=dict(self.controller.marks),
            foot=self._page_closes_in_text(),
            more=_("More time"),
            done=_("Done", context="rating screen"),
        )

    def _page_closes_in_text(self) -> str:
        left = self.controller.page_seconds_left(self.controller.now())
        return n_("Closes in {n} second", "Closes in {n} seconds", left)

    def _question_closes_in_text(self) -> str:
        left = self.controller.page_seconds_left(self.controller.now())
        return n_("This question closes in {n} second", "This question closes in {n} seconds", left)

    def _rating_reasons_page_texts(self) -> ReasonsText:
        return ReasonsText(
            title=_("Thank you for telling us. What went wrong?"),
            second=_("Choose any that apply, or none."),
            reasons=tuple((code, rating_reason_words(code)) for code in offered_rating_reasons(self.controller.setup)),
            chosen=frozenset(self.controller.tags),
            foot=self._page_closes_in_text(),
            more=_("More time"),
            done=_("Done", context="rating screen"),
        )

    # -- what happens --
    @Slot(int)
    def _rate_pressed_level(self, level: int) -> None:
        if not self.controller.is_tapping_rapidly:
            self.view.show_trouble(self._away)
        self.controller.rate(level)

    @Slot(object)
    def _show_refusal(self, trouble: QueueDeskError) -> None:
        self.view.show_trouble(refusal_text(trouble))

    @Slot(object)
    def _emit_menu_wanted(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)
