"""A score sheet on a touch screen: one item at a time, all keys at the thumb's side, each touch kept at once."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from math import ceil
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.features.inspections.pages.parts import InspectionsController
from queuedesk.features.inspections.words import inspector_name_or_number
from queuedesk.i18n import _, date_short, error_sentence, list_text, moment_short, n_, name_in_language
from queuedesk.i18n.quality import inspection_channel_word, sheet_name_with_version
from queuedesk.stations.manager.parts.records import RecordDialog, RecordFormSpec, prefilled_input_spec
from queuedesk.stations.widgets import buttons
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.paint import TEXT, FollowsLook, Painter, width_of_text
from queuedesk.stations.widgets.panels import Card, EqualCellGrid, Label, Panel, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.window.context import ServiceDocument
from queuedesk.stations.window.style import FINGER_MM, Look, Scale, measured_screen_width_mm


def deductions_to_offer(weight: int) -> tuple[int, ...]:
    """Return the deductions that keys offer for an item: at most four, the last takes all of it."""
    return tuple(sorted({1, min(2, weight), min(max(3, weight // 2), weight), weight}))


CANVAS, UPRIGHT = (1024, 768), (768, 1024)
LEAST_KEY, MOST_KEY = 56, 96
"""How high a key is at least, in px of the screen, and at most where the screen's mm ask for more."""
READING_HIGH = 300
"""What the item's words want above the keys of an upright screen."""
PLAIN, WIDER, CLOSE, CLOSER = range(4)
"""How close the keys stand: as drawn; in a wider half; as high as a finger needs, three in the last row but one; with
their letters at 100 % too."""
KEYS_WIDE = {PLAIN: 400, WIDER: 480, CLOSE: 480, CLOSER: 480}
WORDS_PX = {PLAIN: 34, WIDER: 34, CLOSE: 26, CLOSER: 24}
UNBOUND, SUMS_GAP = 16777215, 20
LONGEST_OWN = 14
"""So much of a reason of one's own stands on its key."""
SECONDS_AN_ITEM = 8
"""What an item takes whoever knows the sheet, for the time that is still needed."""
Item = ServiceDocument


# -- the screen --------------------------------------------------------------------------------------------------------


class SheetProgressBar(FollowsLook, QWidget):
    """The way through the sheet: done, done with a deduction, now, to come."""

    spoken_role = TEXT

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow_look(look)
        self._states: list[str] = []

    def show_item_states(self, states: list[str], said: str) -> None:
        self._states = states
        self.setAccessibleName(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.look.px(14))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        gap, high = look.px(5), look.px(12)
        wide = (self.width() - gap * (len(self._states) - 1)) / max(1, len(self._states))
        fills = {"done": "primary", "taken": "amber", "now": "surface", "open": "surface"}
        for at, state in enumerate(self._states):
            rect = QRectF(at * (wide + gap), 1, wide, high)
            edge = "primary" if state == "now" else "edge"
            whole = state in ("done", "taken")
            width = 3 if state == "now" else 1
            painter.draw_box(rect, 6, fills[state], edge=fills[state] if whole else edge, width=width)
        painter.end()


class _ResizeReportingArea(VerticalScrollArea):
    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class InspectionTouchWindow(QWidget):
    """A window of its own for one inspection; `left` when somebody closes it. Nothing is lost by that: each touch is an
    event of the hall."""

    left = Signal()

    def __init__(self, controller: InspectionsController, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._controller = controller
        outer = controller.context.look
        self.look = Look(outer.theme, Scale(), self)
        self.look.still = outer.still
        outer.changed.connect(self._follow_station_look)
        self.document: ServiceDocument = {}
        self.at = 1
        self._left_handed = controller.is_left_handed
        self._close = PLAIN
        self._lay_out_widgets()
        self.dialog: RecordDialog | None = None
        controller.sheet.connect(self._take_updated_document)
        controller.refused.connect(self._say_refusal_if_visible)
        self.resize(*CANVAS)
        self._fit_canvas_to_screen()

    def _show_inspection(self) -> None:
        one = self.document
        setup = self._controller.context.feed.setup
        sheet = name_in_language(one["name"], one["name_en"])
        self.setWindowTitle(sheet)
        self.title.setText(sheet)
        begun = setup.to_hall_time(datetime.fromisoformat(one["started"]))
        parts = [sheet_name_with_version("", one["version"]).strip(" ,，"), inspection_channel_word(one["channel"])]
        parts += [moment_short(begun), inspector_name_or_number(setup, one)]
        self.about.setText(" · ".join(part for part in parts if part))
        self._show_item()

    def _lay_out_widgets(self) -> None:
        look = self.look
        self.setAutoFillBackground(True)
        self.title = Label(look, px=17, bold=True)
        self.about = Label(look, px=15, token="ink2")
        self.hand_button = buttons.SecondaryButton(look, "", icon="transfer", height=LEAST_KEY, px=15)
        self._label_handedness_button()
        self.hand_button.clicked.connect(self._switch_handedness)
        self._bar = Panel(look, "surface", edge="bottom")
        row = QHBoxLayout(self._bar)
        set_scaled_margins(look, row, (28, 0, 28, 0), 14)
        row.addWidget(self.title)
        row.addWidget(self.about, 1)
        row.addWidget(self.hand_button)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        set_scaled_margins(look, self._halves)
        self._halves.addWidget(self._make_item_text_panel(), 1)
        self._halves.addWidget(self._new_keys_panel())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # A screen is as large as it is: what stands on it follows, not the other way round.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self._bar)
        column.addLayout(self._halves, 1)

    def _make_item_text_panel(self) -> QWidget:
        look = self.look
        self.steps = SheetProgressBar(look)
        self.progress, self.time = Label(look, px=15, token="ink2"), Label(look, px=15, token="ink2")
        self.section = Label(look, px=20, token="ink2", wrap=True)
        self.words = Label(look, px=34, bold=True, wrap=True)
        self.full = Label(look, px=17, token="ink2", wrap=True)
        self.photos, self.paths = Label(look, px=16, bold=True), Label(look, px=15, token="ink2", wrap=True)
        self.before, self.next_item = (Label(look, px=15, token="ink2", wrap=True) for _n in range(2))
        self.kept = Label(look, _("Every touch is saved; you can continue later."), px=15, token="ink2", wrap=True)
        half = Panel(look, "paper")
        column = QVBoxLayout(half)
        set_scaled_margins(look, column, (28, 14, 24, 12), 10)
        column.addWidget(self.steps)
        line = QHBoxLayout()
        line.addWidget(self.progress, 1)
        line.addWidget(self.time)
        column.addLayout(line)
        self._told = QWidget()
        inside = self._told_column = QVBoxLayout(self._told)
        set_scaled_margins(look, inside, spacing=10)
        for part in (self.section, self.words, self.full):
            inside.addWidget(part)
        self.photo_card = Card(look)
        card = QVBoxLayout(self.photo_card)
        set_scaled_margins(look, card, (15, 12, 15, 12), 4)
        card.addWidget(self.photos)
        card.addWidget(self.paths)
        inside.addStretch(1)
        inside.addWidget(self.photo_card)
        for last in (self.before, self.next_item, self.kept):
            inside.addWidget(last)
        self.area = _ResizeReportingArea(self._told)
        self.area.resized.connect(self._fit_height_of_words)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.verticalScrollBar().rangeChanged.connect(self._update_scroll_buttons)
        self.area.verticalScrollBar().valueChanged.connect(self._update_scroll_buttons)
        self.up_button = buttons.IconButton(look, "arrow-up", _("Page up"), side=LEAST_KEY, framed=True)
        self.down_button = buttons.IconButton(look, "arrow-down", _("Page down"), side=LEAST_KEY, framed=True)
        self.up_button.clicked.connect(partial(self._scroll_words_by_page, -1))
        self.down_button.clicked.connect(partial(self._scroll_words_by_page, 1))
        below = QHBoxLayout()
        set_scaled_margins(look, below, spacing=10)
        below.addWidget(self.area, 1)
        pages = QVBoxLayout()
        set_scaled_margins(look, pages, spacing=8)
        pages.addStretch(1)
        for key in (self.up_button, self.down_button):
            key.hide()
            pages.addWidget(key)
        below.addLayout(pages)
        column.addLayout(below, 1)
        return half

    def _new_keys_panel(self) -> QWidget:
        look = self.look
        self.sum_word, self.sum = (
            Label(look, _("So far"), px=17, token="ink2"),
            Label(look, px=28, bold=True, tabular=True),
        )
        self.item_word, self.points = (
            Label(look, _("This item"), px=16, bold=True),
            Label(look, px=48, bold=True, tabular=True),
        )
        self.taken = EqualCellGrid(look, gap=8, share_last=False)
        self.why_word = Label(look, px=15, bold=True, wrap=True)
        self.why = EqualCellGrid(look, gap=8)
        self.photo_button = buttons.SecondaryButton(look, _("Add a photo"), icon="save", height=56, px=17)
        self.back_button = buttons.SecondaryButton(
            look, _("Back", context="sheet"), icon="arrow-left", height=56, px=17
        )
        self.later_button = buttons.SecondaryButton(look, _("Continue later"), height=56, px=17)
        self.next_button = buttons.PrimaryButton(look, "", height=104, px=32)
        self.photo_button.clicked.connect(self._choose_photo_file)
        self.back_button.clicked.connect(lambda: self._go_to_item(self.at - 1))
        self.later_button.clicked.connect(self.close)
        self.next_button.clicked.connect(self._go_to_next_item_or_sign)
        half = self.keys_half = Panel(look, "surface", edge="left")
        column = self._keys_column = QVBoxLayout(half)
        set_scaled_margins(look, column, (24, 10, 24, 12), 8)
        self._sums = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        set_scaled_margins(look, self._sums, spacing=SUMS_GAP)
        for word, value in ((self.sum_word, self.sum), (self.item_word, self.points)):
            line = QHBoxLayout()
            set_scaled_margins(look, line, spacing=8)
            line.addWidget(word, 1)
            line.addWidget(value)
            self._sums.addLayout(line, 1)
        column.addLayout(self._sums)
        column.addWidget(self.taken)
        column.addWidget(self.why_word)
        column.addWidget(self.why)
        column.addStretch(1)
        self._others = QGridLayout()
        set_scaled_margins(look, self._others, spacing=8)
        column.addLayout(self._others)
        column.addWidget(self.next_button)
        return half

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_sheet(self, document: ServiceDocument) -> None:
        """Show an inspection from its first item that is still to do."""
        self.document = document
        self.at = (document["left"] or [len(document["items"])])[0]
        self._fit_canvas_to_screen()
        self._show_inspection()

    @property
    def current_item(self) -> Item:
        found: Item = self.document["items"][self.at - 1]
        return found

    def _show_item(self) -> None:
        one, item, items = self.document, self.current_item, self.document["items"]
        done = [row for row in items if row["n"] not in one["left"]]
        taken = sum(bool(row["taken"]) for row in done)
        said = _("{n} of {of} done, {taken} with a deduction", n=len(done), of=len(items), taken=taken)
        states = ["now" if row["n"] == self.at else _item_progress_state(row, one["left"]) for row in items]
        self.steps.show_item_states(states, said)
        self.progress.setText(said)
        minutes = max(1, round(len(one["left"]) * SECONDS_AN_ITEM / 60))
        self.time.setText(_("about {n} min more", n=minutes) if one["left"] else "")
        section = name_in_language(item["section"], item["section_en"])
        place = _("Item {n} of {of}", n=self.at, of=len(items))
        weight = n_("{n} point", "{n} points", item["weight"])
        self.section.setText(" · ".join(part for part in (place, section, weight) if part))
        self.words.setText(name_in_language(item["text"], item["text_en"]))
        full = name_in_language(item["full"], item["full_en"])
        self.full.setText(_("Full marks: {text}", text=full) if full else "")
        self.photo_card.setVisible(bool(item["photos"]))
        self.photos.setText(n_("{n} photo", "{n} photos", len(item["photos"])))
        self.paths.setText(list_text(item["photos"]))
        self.before.setText(self._item_points_last_time_text(item))
        follows = items[self.at] if self.at < len(items) else None
        self.next_item.setText(
            _("Next: {text}", text=name_in_language(follows["text"], follows["text_en"])) if follows else ""
        )
        self.sum.setText(f"{one['points']} / {one['of']}")
        points = "—" if item["state"] != "marked" else str(item["weight"] - item["taken"])
        self.points.setText(f"{points} / {item['weight']}")
        self._show_deduction_and_reason_keys(item)
        self._update_navigation_keys()
        self._fit_height_of_words()

    def _item_points_last_time_text(self, item: Item) -> str:
        before = self.document.get("before")
        if not before:
            return ""
        taken = before["taken"][item["n"] - 1]
        points = _("did not apply") if taken is None else f"{item['weight'] - taken} / {item['weight']}"
        day = date_short(datetime.fromisoformat(before["date"]).date())
        return _("Last time ({date}): {points}", date=day, points=points)

    def _key_letter_px(self, px: float) -> float:
        """Return the size of letters on keys in drawn px."""
        return px / self.look.scale.text if self._close == CLOSER else px

    def _show_deduction_and_reason_keys(self, item: Item) -> None:
        look, keys = self.look, []
        self.setUpdatesEnabled(False)
        for value in _deductions_on_keys(item):
            key = ToggleChoice(look, _deduction_label(value), px=self._key_letter_px(20))
            key.setChecked(item["state"] != "open" and item["taken"] == value)
            if value is None:
                key.setAccessibleName(_("Not applicable"))
            key.clicked.connect(partial(self._save_deduction, value))
            keys.append(key)
        _replace_grid_keys(self.taken, keys)
        self.taken.setAccessibleName(_("Deduction"))
        reasons: list[QWidget] = []
        needs = bool(item["taken"])
        for place, words in enumerate(_reason_words(item) if needs else (), start=1):
            choice = ToggleChoice(look, words, px=self._key_letter_px(16))
            own = place > len(item["reasons"])
            choice.setChecked(bool(item["words"]) if own else place in item["why"])
            if own and item["words"]:
                choice.setAccessibleName(item["words"])
                choice.setToolTip(item["words"])
            choice.clicked.connect(self._ask_own_reason if own else partial(self._toggle_and_save_reason, place))
            reasons.append(choice)
        _replace_grid_keys(self.why, reasons)
        self._show_reason_prompt_or_trouble()
        self.setUpdatesEnabled(True)

    def _show_reason_prompt_or_trouble(self, trouble: str = "") -> None:
        """Say in the line between the keys that a reason is needed, or why something was not kept."""
        self.why_word.set_color_token("red" if trouble else "ink")
        self.why_word.setText(trouble or (_("Why? At least one reason") if self.current_item["taken"] else ""))

    def _update_navigation_keys(self) -> None:
        item, left = self.current_item, self.document["left"]
        self.back_button.setEnabled(self.at > 1)
        key = self.next_button
        if item["state"] == "open":
            key.disable_with_reason(_("Choose a deduction first"))
        elif self.at in left:
            key.disable_with_reason(_("Choose a reason first"))
        elif self.at < len(self.document["items"]):
            key.enable_with_label(_("Next item"))
        elif left:
            key.enable_with_label(_("To item {n}", n=left[0]))
        else:
            key.enable_with_label(_("Sign and hand in"))

    # -- what is touched ---------------------------------------------------------------------------------------------

    def _save_deduction(self, taken: int | None) -> None:
        reasons = self.current_item["why"] if taken else []
        self._score_current_item(taken, reasons=reasons)

    def _toggle_and_save_reason(self, place: int) -> None:
        reasons = sorted({*self.current_item["why"]} ^ {place})
        self._score_current_item(self.current_item["taken"], reasons=reasons)

    def _ask_own_reason(self) -> None:
        form = RecordFormSpec(
            title=lambda: _("Why the deduction?"),
            rows=(
                (
                    prefilled_input_spec(
                        "words", _("In a few words, without names"), self.current_item["words"] or "", needed=False
                    ),
                ),
            ),
            yes=lambda: _("Keep it", context="reason"),
        )
        self.dialog = RecordDialog(self, self._controller.context, form, self.look)
        self.dialog.wanted.connect(self._save_own_reason)
        self.dialog.refused.connect(self._show_item)
        self.dialog.open_dialog()

    def _save_own_reason(self, said: dict[str, Any]) -> None:
        if self.dialog is not None:
            self.dialog.close_dialog()
        self._score_current_item(self.current_item["taken"], reasons=self.current_item["why"], words=said["words"])

    def _choose_photo_file(self) -> None:
        asked = QFileDialog(self, _("Which photo?"), "", "JPEG, PNG (*.jpg *.jpeg *.png)")
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.fileSelected.connect(self.save_item_photo_path)
        asked.open()

    def save_item_photo_path(self, path: str) -> None:
        """Note the path of a photo of this item; an item that nobody judged yet has no deduction then."""
        item = self.current_item
        self._score_current_item(item["taken"] if item["state"] != "open" else 0, reasons=item["why"], photo=path)

    def _score_current_item(self, taken: int | None, **words: Any) -> None:
        seq = self.document["inspection"]
        self._controller.start_score_or_sign_sheet("score", seq, self.at, taken, **words)

    def _go_to_next_item_or_sign(self) -> None:
        left = self.document["left"]
        if self.at < len(self.document["items"]):
            self._go_to_item(self.at + 1)
        elif left:
            self._go_to_item(left[0])
        else:
            self._controller.start_score_or_sign_sheet("sign", self.document["inspection"])

    def _go_to_item(self, at: int) -> None:
        self.at = min(max(1, at), len(self.document["items"]))
        self.area.verticalScrollBar().setValue(0)
        self._show_item()

    def _take_updated_document(self, document: ServiceDocument) -> None:
        if not self.document or document["inspection"] != self.document["inspection"]:
            return
        self.document = document
        if document["state"] == "done":
            self.close()
        else:
            self._show_item()

    def _say_refusal_if_visible(self, _act: str, trouble: QueueDeskError) -> None:
        if self.isVisible():
            self._show_reason_prompt_or_trouble(error_sentence(trouble))

    # -- the window --------------------------------------------------------------------------------------------------

    def _label_handedness_button(self) -> None:
        self.hand_button.setText(_("Right-handed") if self._left_handed else _("Left-handed"))

    def _switch_handedness(self) -> None:
        self._left_handed = not self._left_handed
        self._controller.store_writing_hand(left=self._left_handed)
        self._fit_canvas_to_screen()
        self._label_handedness_button()

    def _follow_station_look(self) -> None:
        """Take the theme and the size of letters of the station."""
        self.look.set_theme(self._controller.context.look.theme)
        self._fit_canvas_to_screen()

    def _least_key_height(self, k: float) -> int:
        """Return how high a key is at least: 15 mm where somebody knows how large the screen is."""
        mm = measured_screen_width_mm(self._controller.context.options.get("screen_mm"))
        wanted = FINGER_MM * self.width() / mm if mm else 0
        return ceil(max(LEAST_KEY * k, min(MOST_KEY * k, wanted)))

    def _fit_canvas_to_screen(self) -> None:
        """Draw the canvas as large as the screen takes it, never smaller: where that is too small the keys stand
        closer and the words are turned by page. Upright, the reading stands over the keys."""
        upright = self.height() > self.width()
        wide, high = UPRIGHT if upright else CANVAS
        k, text = max(1.0, min(self.width() / wide, self.height() / high)), self._controller.context.look.scale.text
        self.look.set_scale(Scale(k * text, text))
        finger = self._least_key_height(k)
        way = QBoxLayout.Direction
        sideways = way.RightToLeft if self._left_handed else way.LeftToRight
        self._halves.setDirection(way.TopToBottom if upright else sideways)
        for key in (self.hand_button, self.up_button, self.down_button):
            key.setFixedHeight(finger)
        for key in (self.up_button, self.down_button):
            key.setFixedWidth(finger)
        self._bar.setFixedHeight(finger + self.look.gap(8))
        room = self.height() - self._bar.height() - (self.look.large_px(READING_HIGH) if upright else 0)
        for close in (PLAIN, WIDER, CLOSE, CLOSER):
            spare = room - self._place_keys_and_measure(close, finger, upright=upright)
            if spare >= 0:
                break
        if not upright:
            lowest = self.next_button.height()
            self.next_button.setFixedHeight(max(lowest, min(self.look.large_px(104), lowest + spare)))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, self.look.color("paper"))
        self.setPalette(palette)
        if self.document:
            self._show_item()

    def _place_keys_and_measure(self, close: int, finger: int, *, upright: bool) -> int:
        """Place the keys this close and return how high they are then with the most reasons that an item has, for which
        room is kept: no key moves from item to item."""
        look, k, way = self.look, self.look.scale.k, QBoxLayout.Direction
        self._close = close
        tight = close >= CLOSE
        row = upright or tight
        self._sums.setDirection(way.LeftToRight if row else way.TopToBottom)
        beside = 28 if look.scale.text <= 1 else 24
        self.sum.set_font_px(beside if row else 28)
        self.points.set_font_px(beside if row else 48)
        self.words.set_font_px(WORDS_PX[close])
        self.taken.set_maximum_columns(6 if upright else 3)
        self.why.set_maximum_columns(4 if upright else 2)
        tall = finger if tight else max(finger, look.px(68))
        self.taken.set_cell_height(tall / k)
        small = finger if tight else max(finger, look.px(LEAST_KEY))
        self.why.set_cell_height(small / k)
        half = self.width() if upright else min(look.large_px(KEYS_WIDE[close]), self.width() // 2)
        self.keys_half.setMinimumWidth(0 if upright else half)
        self.keys_half.setMaximumWidth(UNBOUND if upright else half)
        for at, key in enumerate((self.photo_button, self.back_button, self.later_button)):
            self._others.removeWidget(key)
            self._others.addWidget(key, *((0, at) if row else (min(at, 1), max(0, at - 1), 1, 1 if at else 2)))
            self._others.setColumnStretch(at, 1 if row or at < 2 else 0)
            key.setMinimumWidth(look.px(40))
            key.setFixedHeight(small)
        self.next_button.setFixedHeight(max(finger, look.gap(72) if tight else look.large_px(104)))
        margins, gap = self._keys_column.contentsMargins(), look.gap(8)
        room, items = half - margins.left() - margins.right(), self.document.get("items", ())
        most = 6 if upright else 3, 4 if upright else 2
        for grid, high, px, widest, words in (
            (self.taken, tall, 20, most[0], _deduction_key_labels),
            (self.why, small, 16, most[1], _reason_words),
        ):
            rows = max((self._key_row_count(words(one), px, room, widest) for one in items), default=0)
            grid.setFixedHeight(max(0, rows * (high + gap) - gap))
        parts = (self.taken, self.why, self.next_button)
        sums = self.points.sizeHint().height() + (0 if row else look.gap(SUMS_GAP) + self.sum.sizeHint().height())
        others = small if row else 2 * small + gap
        line = self.why_word.heightForWidth(room)
        high = sum(part.minimumHeight() for part in parts) + sums + line + others + 5 * gap
        return high + margins.top() + margins.bottom()

    def _key_row_count(self, words: list[str], px: float, room: int, most: int) -> int:
        """Return in how many rows keys with these words stand."""
        look, gap = self.look, self.look.gap(8)
        font = look.font(self._key_letter_px(px), bold=True)
        widest = ceil(max(width_of_text(font, one) for one in words)) + 2 * look.px(10)
        return ceil(len(words) / max(1, min(most, (room + gap) // (widest + gap))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_canvas_to_screen()

    # -- what is to be read, by page ----------------------------------------------------------------------------------

    def _fit_height_of_words(self) -> None:
        """Let the words be as high as they are: a scrolled area takes wrapped lines for one."""
        inside = self._told_column
        inside.activate()
        self._told.setMinimumHeight(inside.totalHeightForWidth(self.area.viewport().width()))

    def _scroll_words_by_page(self, way: int) -> None:
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + way * max(1, bar.pageStep() - self.look.px(30)))

    def _update_scroll_buttons(self, *_range: int) -> None:
        bar = self.area.verticalScrollBar()
        for key, end in ((self.up_button, bar.minimum()), (self.down_button, bar.maximum())):
            key.setVisible(bar.maximum() > 0)
            key.setEnabled(bar.value() != end)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.left.emit()


def _item_progress_state(row: Item, left: list[int]) -> str:
    if row["n"] in left:
        return "open"
    return "taken" if row["taken"] else "done"


def _deductions_on_keys(item: Item) -> tuple[int | None, ...]:
    return (0, *deductions_to_offer(item["weight"]), None)


def _deduction_key_labels(item: Item) -> list[str]:
    return [_deduction_label(value) for value in _deductions_on_keys(item)]


def _reason_words(item: Item) -> list[str]:
    """Return what stands on the keys of an item's reasons, the last for one of one's own."""
    own = item["words"] or ""
    short = own if len(own) <= LONGEST_OWN else own[: LONGEST_OWN - 1] + "…"
    return [*(name_in_language(one["text"], one["text_en"]) for one in item["reasons"]), short or _("Other, write")]


def _deduction_label(value: int | None) -> str:
    if value is None:
        return _("N/A", context="deduction")
    return _("{n} off", n=value, context="deduction") if value else _("None off", context="deduction")


def _replace_grid_keys(grid: EqualCellGrid, keys: list[Any]) -> None:
    """Show these keys in place of those before, which nobody needs any more."""
    old = [key for key in grid.findChildren(ToggleChoice) if key.isVisibleTo(grid)]
    focused = next((at for at, key in enumerate(old) if key.hasFocus()), None)
    grid.set_widgets(keys)
    if focused is not None and focused < len(keys):
        keys[focused].setFocus()
    for key in old:
        key.deleteLater()
