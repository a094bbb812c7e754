"""Steps of the first start and their base: the kind of hall, its name and place, its windows, what it uses."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.features import Wording, features_used_by_hall
from queuedesk.core.setup import field_kinds, presets
from queuedesk.core.setup import rows as setup_rows
from queuedesk.core.setup.hall import WORDS, HallSpec, time_zone_names
from queuedesk.i18n import _, list_text, n_, name_in_language, using_hall_words, wording_in_current_language
from queuedesk.stations.home.controller import HomeController
from queuedesk.stations.home.hall_draft import NAMELESS, HallDraft
from queuedesk.stations.manager.setup import fields_form
from queuedesk.stations.manager.setup.features_page import FeatureCards
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import IconButton, TextButton
from queuedesk.stations.widgets.lists.tiles import TileButton
from queuedesk.stations.widgets.paint import Painter, wrapped_lines
from queuedesk.stations.widgets.questions.dialogs import DropDown, ErrorLine, FormField
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import Look

# -- the base of the steps -----------------------------------------------------------------------------------------

LINE_PX = 20


class WizardStep(panels.VerticalScrollArea):
    """A step over a HallDraft. `changed` gives the draft after what was just typed or pressed, `removed` the part and
    the code of a row that was taken away, with its name."""

    changed = Signal(object)
    removed = Signal(str, str, str)

    def __init__(self, look: Look, part: str = "", parent: QWidget | None = None) -> None:
        """`part` is the part of the set-up whose rows the step has."""
        inner = QWidget()
        super().__init__(inner, parent=parent)
        self.look, self.part = look, part
        self.draft: HallDraft | None = None
        self.column = QVBoxLayout(inner)
        panels.set_scaled_margins(look, self.column, (0, 0, 12, 0), 0)

    @abstractmethod
    def step_texts(self) -> tuple[str, str, str, str]:
        """Return the step's name in the side, its question, the line under it, and what leads to it."""

    @abstractmethod
    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        """Show the draft and its problems on this step."""

    def first_field(self) -> QWidget | None:
        """Return the widget that gets the focus when the step opens; None leaves it to the page."""
        return None

    def button_hint(self) -> str:
        """Return what is said beside the buttons."""
        return ""

    def handle_enter(self) -> bool:
        """Take Enter, unless it is to lead to the next step."""
        return False

    def make_grid_and_add_button(self, stretches: Sequence[int], word: str) -> tuple[RowGrid, TextButton, QHBoxLayout]:
        """Return the rows of the step's part, the button with `word` that adds one, and its line below the rows."""
        grid = RowGrid(self.look, stretches)
        add = TextButton(self.look, word, icon="plus", height=40, px=17)
        add.clicked.connect(self.add_row)
        line = QHBoxLayout()
        panels.set_scaled_margins(self.look, line, (-10, 0, 0, 0), 8)
        line.addWidget(add)
        return grid, add, line

    def add_row(self) -> None:
        if self.draft is not None:
            self._emit_changed_draft(self.draft.with_row_added(self.part))

    def remove_row(self, code: str) -> None:
        if self.draft is not None:
            name = self.draft.row_name(self.draft.part_row(self.part, code)) or code
            self._emit_changed_draft(self.draft.without_row(self.part, code))
            self.removed.emit(self.part, code, name)

    def _emit_changed_draft(self, draft: HallDraft) -> None:
        self.changed.emit(draft)


class SpaceKeepingErrorLine(ErrorLine):
    """One line for a hint or a refusal, whose room is kept while it says nothing: nothing moves when it does. Its
    letters stand in the middle of it, whole from top to bottom."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, wrap=False)
        panels.FixedSizeKeeper(look, self, height=LINE_PX)

    def show_message(self, text: str, *, refused: bool) -> None:
        super().show_message(text, refused=refused)
        self.setToolTip(text)


class RowGrid(QWidget):
    """Rows of controls under heads, each with room for a line that says what is wrong with it."""

    def __init__(self, look: Look, stretches: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._grid = QGridLayout(self)
        self._grid.setVerticalSpacing(0)
        panels.set_scaled_margins(look, self._grid, spacing=0)
        self._heads = [panels.ShrinkingLabel(look, px=15, bold=True, least=11) for _stretch in stretches]
        for at, stretch in enumerate(stretches):
            self._grid.setColumnStretch(at, stretch)
            self._grid.addWidget(self._heads[at], 0, at)
        self._lines: dict[str, SpaceKeepingErrorLine] = {}
        self._widgets: list[QWidget] = []
        look.changed.connect(self._set_grid_spacing)
        self._set_grid_spacing()

    def _set_grid_spacing(self) -> None:
        self._grid.setHorizontalSpacing(self.look.gap(12))
        self._grid.setRowMinimumHeight(0, self.look.px(25) if any(head.text() for head in self._heads) else 0)

    def set_column_heads(self, words: Sequence[str]) -> None:
        for head, word in zip(self._heads, words, strict=True):
            head.setText(word)
            head.setVisible(bool(word))
        self._set_grid_spacing()

    def set_column_stretch(self, column: int, stretch: int) -> None:
        self._grid.setColumnStretch(column, stretch)

    def clear(self) -> None:
        for widget in (*self._widgets, *self._lines.values()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets, self._lines = [], {}

    def add_row(self, key: str, widgets: Sequence[QWidget | None]) -> None:
        """Add a row at the bottom; None leaves a place free."""
        at = 1 + 2 * len(self._lines)
        for column, widget in enumerate(widgets):
            if widget is not None:
                self._grid.addWidget(widget, at, column, Qt.AlignmentFlag.AlignVCenter)
                widget.show()
                self._widgets.append(widget)
        line = SpaceKeepingErrorLine(self.look)
        self._grid.addWidget(line, at + 1, 0, 1, len(self._heads))
        self._lines[key] = line

    def show_error(self, key: str, text: str, *, refused: bool = True) -> None:
        """Say under a row what has to be put right; "" takes it away. Its room is always kept."""
        self._lines[key].show_message(text, refused=refused and bool(text))

    def error_text(self, key: str) -> str:
        return self._lines[key].text()


def mark_field_error(edit: QWidget, text: str) -> None:
    """Give a field its red edge, or remove it; screen readers get the reason."""
    edit.setAccessibleDescription(text)
    if bool(edit.property("refused")) != bool(text):
        edit.setProperty("refused", bool(text))
        edit.style().unpolish(edit)
        edit.style().polish(edit)


def show_value_unless_typing(edit: QLineEdit, text: str) -> None:
    """Show a value in a field, unless somebody is typing in it."""
    if not (edit.hasFocus() and edit.isModified()) and edit.text() != text:
        edit.setText(text)
        edit.setCursorPosition(0)


def show_beginning_when_left(edit: QLineEdit) -> None:
    """Show the beginning of what was typed once the keyboard is elsewhere: a name is known by it."""
    edit.editingFinished.connect(lambda: None if edit.hasFocus() else edit.setCursorPosition(0))


# -- step 1: what kind of hall is this? ----------------------------------------------------------------------------

CARD_WIDE, CARD_HIGH, CARD_LEAST = 306, 148, 230
ICONS = {
    "power": "bolt", "bank": "bank", "clinic": "clinic", "library": "book", "pharmacy": "pill", "post": "mail",
    "telecom": "mobile", "other": "plus",
}  # fmt: skip
USUAL_ICON, EMPTY_ICON = "building", "plus"


class PresetCard(TileButton):
    """A kind of hall: its icon beside its name, what people come for there, and how large it is to begin with."""

    resting_edge = "edge"

    def __init__(self, look: Look, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(look, width=CARD_WIDE, height=CARD_HIGH, parent=parent)
        self._icon = icon
        self._lines: tuple[str, str] = ("", "")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_texts(self, title: str, services: str, size: str) -> None:
        self._lines = services, size
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{services} {size}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.large_px(CARD_WIDE), self.look.px(CARD_HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(180), self.look.px(CARD_HIGH))

    def chosen_fill_token(self) -> str:
        return "surface"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses the card and leads on, as it does on the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.isChecked():
            self.click()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wrapped_title_lines(self) -> list[str]:
        look = self.look
        return wrapped_lines(look.font(18, bold=True), self.text(), self.width() - look.px(80 + 40), max_lines=2)

    def service_lines(self) -> list[str]:
        """Return as many whole names of services as two lines hold."""
        font, room = self.look.font(16), self.width() - self.look.px(36)
        names = self._lines[0].split("\n")
        while len(names) > 1 and any(
            line.endswith("…") for line in wrapped_lines(font, list_text(names), room, max_lines=2)
        ):
            names.pop()
        return wrapped_lines(font, list_text(names), room, max_lines=2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        self.paint_background(painter)
        pad, side = look.px(18), look.px(48)
        is_other = self._icon == EMPTY_ICON
        ground = QRectF(pad, pad, side, side)
        painter.draw_box(ground, 10, "sunken" if is_other else "soft", edge="ink" if look.theme.outlined else "")
        offset = (side - look.px(24)) / 2
        painter.draw_icon(self._icon, "ink2" if is_other else "primary", pad + offset, pad + offset, 24)
        bold, high = look.font(18, bold=True), look.px(22)
        title = self.wrapped_title_lines()
        y = pad + (side - high * len(title)) / 2
        left = look.px(80)
        for words in title:
            painter.draw_words_and_give_end_x(
                words, bold, "ink", QRectF(left, y, self.width() - left - look.px(12), high)
            )
            y += high
        lines, room = self.service_lines(), self.width() - 2 * pad
        y = look.px(78) if len(lines) == 1 else look.px(70)
        for words in lines:
            painter.draw_words_and_give_end_x(words, look.font(16), "ink", QRectF(pad, y, room, look.px(24)))
            y += look.px(22)
        y = look.px(106) if len(lines) == 1 else look.px(115)
        painter.draw_words_and_give_end_x(self._lines[1], look.font(15), "ink2", QRectF(pad, y, room, look.px(22)))
        if self.isChecked():
            tick = look.px(26)
            place = QRectF(self.width() - look.px(16) - tick, look.px(14), tick, tick)
            painter.draw_box(place, 13, "primary")
            painter.draw_icon("check", "on_primary", place.left() + look.px(5), place.top() + look.px(5), 16)


class PresetWizardStep(WizardStep):
    """The kinds of hall, none of them chosen at first; `picked` when another is chosen, `file_wanted` when a set-up
    file is to be used instead, `join_wanted` when there is a hall already."""

    picked = Signal(str)
    file_wanted = Signal()
    join_wanted = Signal()

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._kinds = {
            name: _service_names_and_hall_words(controller.setup_of_named_preset(name)) for name in presets.PRESETS
        }
        self._grid = QGridLayout()
        panels.set_scaled_margins(look, self._grid, (0, 0, 0, 6), 16)
        self.cards = {name: PresetCard(look, ICONS.get(name, USUAL_ICON)) for name in presets.PRESETS}
        for name, card in self.cards.items():
            card.setObjectName(name)
            card.toggled.connect(partial(self._emit_picked_preset, name))
        self.file_button = TextButton(look, _("Set up from a file …"), icon="document", height=44, px=17)
        self.file_button.clicked.connect(self.file_wanted)
        self.join_button = TextButton(look, _("Join a hall that runs on another PC"), icon="plug", height=44, px=17)
        self.join_button.clicked.connect(self.join_wanted)
        self.column.addLayout(self._grid)
        self._others = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._others, (-10, 0, 0, 0), 16)
        self._others.addWidget(self.file_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._others.addWidget(self.join_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._others.addStretch(1)
        self.column.addLayout(self._others)
        self.column.addStretch(1)
        self._columns = 0
        look.changed.connect(self._arrange_preset_cards)
        for name, card in self.cards.items():
            card.set_texts(wording_in_current_language(presets.PRESETS[name]), *self._services_and_counts_lines(name))
        self._arrange_preset_cards()

    def _arrange_preset_cards(self) -> None:
        """Put fewer cards in a row where large text or a narrow window would cut their names."""
        room = self.viewport().width() - self.look.gap(12)
        columns = max(1, min(3, room // self.look.px(CARD_LEAST)))
        links = self.file_button.sizeHint().width() + self.join_button.sizeHint().width()
        panels.set_side_by_side_or_stacked(links + self.look.gap(16) < room, self._others)
        if columns != self._columns:
            self._columns = columns
            for place, card in enumerate(self.cards.values()):
                self._grid.addWidget(card, place // columns, place % columns)
            for column in range(3):
                self._grid.setColumnStretch(column, int(column < columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_preset_cards()

    def step_texts(self) -> tuple[str, str, str, str]:
        return (
            _("Kind of hall"),
            _("What kind of hall is this?"),
            _("Pick the closest. What it fills in is only a start: you can change or clear it later."),
            "",
        )

    def chosen_preset(self) -> str:
        return next((name for name, card in self.cards.items() if card.isChecked()), "")

    def mark_chosen_preset(self, name: str) -> None:
        card = self.cards[name]
        card.blockSignals(True)
        card.setChecked(True)
        card.blockSignals(False)

    def first_field(self) -> QWidget:
        return self.cards[self.chosen_preset() or next(iter(self.cards))]

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft

    def _services_and_counts_lines(self, name: str) -> tuple[str, str]:
        services, windows, words = self._kinds[name]
        if name == NAMELESS:
            return _("Starts empty: you type the names"), _("nothing is filled in")
        with using_hall_words(*words):
            told = n_("{n} window", "{n} windows", windows), n_("{n} service", "{n} services", len(services))
        return "\n".join(name_in_language(*names) for names in services), " · ".join(told)

    def _emit_picked_preset(self, name: str, on: bool) -> None:
        if on:
            self.picked.emit(name)


def _service_names_and_hall_words(setup: setup_rows.Setup) -> tuple[list[tuple[str, str]], int, tuple[str, str]]:
    names = [(service.name, service.name_en) for service in setup.services.values()]
    return names, len(setup.windows), (setup.hall.words.window, setup.hall.words.ticket)


# -- step 2: its name, its place, its words for windows and tickets ------------------------------------------------

ROWS = (("name", "second"), ("code", "phone", "timezone"))
SPOKEN, SHOWN = "spoken", "shown"


class HallDetailsWizardStep(WizardStep):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "hall", parent)
        self.zone = DropDown(look)
        self.zone.setMaxVisibleItems(12)
        self.zone.set_minimum_letters(8)
        self.fields = {key: FormField(look, "") for row in ROWS for key in row if key != "timezone"}
        self.fields["timezone"] = FormField(look, "", edit=self.zone)
        for keys in ROWS:
            row = QHBoxLayout()
            panels.set_scaled_margins(look, row, (0, 0, 0, 10), 16)
            for key in keys:
                row.addWidget(self.fields[key], 4 if key == "timezone" else 3)
                self.fields[key].edited.connect(partial(self._put_typed_hall_field, key))
            self.column.addLayout(row)
        spoken = self._add_row_layout_below(0)
        self.languages = fields_form.ToggleChoices(look, self._add_column_in_line(spoken, 1), one=True)
        self.languages.pressed.connect(self._set_use_of_second_language)
        self.calls = fields_form.ToggleChoices(look, self._add_column_in_line(spoken, 1), one=True)
        """Whether calls are spoken, or only shown."""
        self.calls.pressed.connect(self._set_voice_calls)
        words = self._add_row_layout_below(8)
        self.names: dict[str, fields_form.ToggleChoices] = {}
        for what, stretch in (("window", 2), ("ticket", 1)):
            place = self._add_column_in_line(words, stretch)
            self.names[what] = fields_form.ToggleChoices(look, place, one=True)
            place.addStretch(1)  # beside a choice with more rows it stays at the top
            self.names[what].pressed.connect(partial(self._set_hall_word, what))
        self.column.addStretch(1)
        labels = {
            "name": (_("Name", context="field"), _("as customers call it")),
            "second": ("", _("optional: the first name is used")),
            "code": (_("Code", context="field"), _("short, used in the names of reports")),
            "phone": (_("Phone", context="field"), _("printed on the ticket")),
            "timezone": (_("Time zone", context="field"), _("where the hall is")),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)
        self.calls.set_title_and_hint(_("Calls"), _("Only shown: for a hall without a loudspeaker"))
        for what, field in WORDS.items():
            self.names[what].set_title_and_hint(wording_in_current_language(field.title))

    def _add_row_layout_below(self, top: int) -> QHBoxLayout:
        line = QHBoxLayout()
        panels.set_scaled_margins(self.look, line, (0, top, 0, 0), 32)
        self.column.addLayout(line)
        return line

    def _add_column_in_line(self, line: QHBoxLayout, stretch: int) -> QVBoxLayout:
        place = QVBoxLayout()
        panels.set_scaled_margins(self.look, place, spacing=6)
        line.addLayout(place, stretch)
        return place

    def step_texts(self) -> tuple[str, str, str, str]:
        return (
            _("Name and place"),
            _("What is the hall called?"),
            _("Shown on displays, tickets and reports. Everything here can be changed later."),
            _("Next: name"),
        )

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        own, other = draft.name_field_keys
        second = self.fields["second"]
        second.set_label(_("Name in {language}", language=language_own_name("en" if other == "name_en" else "zh_CN")))
        second.setVisible(draft.is_double)
        both = {
            ",".join(one.languages): one for one in (replace(draft, is_double=False), replace(draft, is_double=True))
        }
        offered = {codes: list_text([language_own_name(lang) for lang in one.languages]) for codes, one in both.items()}
        self.languages.set_choices(offered, [",".join(draft.languages)], may_change=True)
        ways = {SPOKEN: _("Shown and spoken"), SHOWN: _("Only shown")}
        self.calls.set_choices(ways, [SPOKEN if draft.are_calls_spoken else SHOWN], may_change=True)
        hall = draft.hall_fields
        texts = {**hall, "name": hall[own] if draft.is_double else draft.row_name(hall), "second": hall[other]}
        for key, field in self.fields.items():
            field.set_error(problems.get(f"hall.{key}", ""))
            if isinstance(field.edit, QLineEdit):
                show_value_unless_typing(field.edit, str(texts.get(key) or ""))
        made = draft.finished_document()["hall"]["code"] if texts["name"] else ""
        code = self.fields["code"].edit
        if isinstance(code, QLineEdit):
            code.setPlaceholderText(made)  # what it is if nobody types one
        self.zone.show_choice(str(hall.get("timezone") or "Asia/Shanghai"), time_zone_names())
        self._show_languages_and_words(draft)

    def first_field(self) -> QWidget:
        return self.fields["name"].edit

    def _show_languages_and_words(self, draft: HallDraft) -> None:
        languages = field_kinds.fields_of_row_class(HallSpec)["languages"]
        shown = _("on screens for customers and on paper, in this order")
        self.languages.set_title_and_hint(
            wording_in_current_language(languages.title),
            wording_in_current_language(Wording(languages.hint)) if draft.are_calls_spoken else shown,
        )
        chosen = draft.hall_fields.get("words") or {}
        for what, field in WORDS.items():
            self.names[what].set_choices(
                fields_form.words_by_field_choice(field), [chosen.get(what) or field.usual], may_change=True
            )

    def _put_typed_hall_field(self, key: str, text: str) -> None:
        if self.draft is not None:
            own, other = self.draft.name_field_keys
            fields = {{"name": own, "second": other}.get(key, key): text.strip()}
            if key == "name" and not self.draft.is_double:
                fields[other] = ""
            self._emit_changed_draft(self.draft.with_hall_fields(**fields))

    def _set_use_of_second_language(self, codes: str, _on: bool) -> None:
        if self.draft is not None:
            self._emit_changed_draft(replace(self.draft, is_double="," in codes))

    def _set_voice_calls(self, way: str, _on: bool) -> None:
        if self.draft is not None:
            self._emit_changed_draft(self.draft.with_spoken_calls(way == SPOKEN))

    def _set_hall_word(self, what: str, word: str, _on: bool) -> None:
        if self.draft is not None:
            self._emit_changed_draft(
                self.draft.with_hall_fields(words={**(self.draft.hall_fields.get("words") or {}), what: word})
            )


# -- step 4: its windows, and the services of each -----------------------------------------------------------------


class WindowsWizardStep(WizardStep):
    """A row for each window with a choice for each service; beside the buttons which service none of them has."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "windows", parent)
        self.choices: dict[str, dict[str, fields_form.ToggleWithTickRoom]] = {}
        self.removes: dict[str, IconButton] = {}
        self.names: dict[str, panels.Label] = {}
        self._shown: tuple[object, ...] = ()
        self.grid, self.add_button, line = self.make_grid_and_add_button((0, 1, 0), _("Add a window"))
        self._unserved = ""
        self.column.addWidget(self.grid)
        line.addStretch(1)
        self.column.addLayout(line)
        self.column.addStretch(1)
        self.grid.set_column_heads(("", "", ""))

    def step_texts(self) -> tuple[str, str, str, str]:
        return (
            _("Windows", context="set-up"),
            _("Which window does what?"),
            _(
                "A ticket can be called by any window that offers its service. Two windows per service keep the line moving."
            ),
            _("Next: windows"),
        )

    def button_hint(self) -> str:
        return self._unserved or _("Directions to a window are not announced until you enter them in Set-up.")

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        services = {str(row["code"]): f"{row['prefix']} {draft.row_name(row)}" for row in draft.named_services()}
        windows = [str(row["code"]) for row in draft.part_rows("windows")]
        shown = (tuple(windows), tuple(services.items()))
        if shown != self._shown:
            self._rebuild_window_rows(windows, services)
            self._shown = shown
        for row in draft.part_rows("windows"):
            code = str(row["code"])
            serves = {one for one in row.get("services") or () if one in services}
            for service, choice in self.choices[code].items():
                choice.setChecked(service in serves)
            note = "" if serves else _("No service yet: this window can't call anyone.")
            refusal = problems.get(f"windows.{code}.services", "")
            self.grid.show_error(code, refusal or note, refused=bool(refusal))
            self.removes[code].setVisible(len(windows) > 1)
        served = {one for row in draft.part_rows("windows") for one in row.get("services") or ()}
        left = list_text([words for code, words in services.items() if code not in served])
        self._unserved = _("No window serves {services} yet: nobody can be called.", services=left) if left else ""

    def first_field(self) -> QWidget | None:
        return next((one for choices in self.choices.values() for one in choices.values()), None)

    def _rebuild_window_rows(self, windows: list[str], services: Mapping[str, str]) -> None:
        self.grid.clear()
        self.choices, self.removes, self.names = {}, {}, {}
        for code in windows:
            name = panels.Label(self.look, _("Window {window}", window=code), px=17, bold=True, elide=False)
            row = panels.EqualCellGrid(self.look, gap=8, share_last=False)
            self.choices[code] = {}
            for service, word in services.items():
                choice = fields_form.ToggleWithTickRoom(self.look, word, height=44, px=16)
                choice.setAccessibleName(_("Window {window} does {service}", window=code, service=word))
                choice.clicked.connect(partial(self._set_service_at_window, code, service))
                fields_form.set_control_changeable(choice, True)
                self.choices[code][service] = choice
            row.set_widgets(list(self.choices[code].values()))
            remove = IconButton(self.look, "close", _("Remove window {window}", window=code))
            remove.clicked.connect(partial(self.remove_row, code))
            self.removes[code], self.names[code] = remove, name
            self.grid.add_row(code, (name, row, remove))

    def _set_service_at_window(self, window: str, service: str) -> None:
        if self.draft is not None:
            self._emit_changed_draft(
                self.draft.with_window_service_switched(window, service, self.choices[window][service].isChecked())
            )


# -- step 7: what it uses ------------------------------------------------------------------------------------------


class FeaturesWizardStep(WizardStep):
    """A card for each feature; those of the kind of hall are on already."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "features", parent)
        self.cards = FeatureCards(look)
        self.cards.switched.connect(self._set_feature_on)
        self.column.addWidget(self.cards)
        self.column.addStretch(1)

    def step_texts(self) -> tuple[str, str, str, str]:
        return (
            _("What it uses"),
            _("What does this hall use?"),
            _("Chosen for your kind of hall. Anything can be switched on or off later in Set-up."),
            _("Next: what it uses"),
        )

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        self.cards.show_chosen_features(
            [one.name for one in features_used_by_hall(draft.spec_with_chosen_features)], {}
        )

    def _set_feature_on(self, name: str, on: bool) -> None:
        if self.draft is not None:
            self._emit_changed_draft(self.draft.with_feature_switched(name, on))
