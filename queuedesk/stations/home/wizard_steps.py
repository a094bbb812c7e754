"""Four steps of the first start and their base: the kind of hall, its name and hours, its services, its windows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import WORDS
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.i18n import _, figure_range, listing, n_, named, said
from queuedesk.stations.home.controller import HomeController
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.home.page import StationCard
from queuedesk.stations.manager.setup.fields_form import Choice, Toggles, still, worded
from queuedesk.stations.manager.setup.hours_text import clock, hours_text
from queuedesk.stations.widgets.buttons import IconButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.panels import EvenGrid, FixedSize, GroundArea, spread
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.window.style import Look

# -- the base of the steps -----------------------------------------------------------------------------------------


class Step(GroundArea):
    """A step for a HallDraft. `changed` gives the draft after each change."""

    changed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        inner = QWidget()
        super().__init__(inner, parent=parent)
        self.look = look
        self.draft: HallDraft | None = None
        self.column = QVBoxLayout(inner)
        spread(look, self.column, (0, 0, 12, 0), 6)

    @abstractmethod
    def words(self) -> tuple[str, str, str]:
        """Return the step's name in the side list, its question, and the line below."""

    @abstractmethod
    def retranslate(self) -> None:
        """Set all texts in the current language."""

    @abstractmethod
    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        """Show the draft and its problems on this step."""

    def first_field(self) -> QWidget | None:
        """Return the widget that gets the focus when the step opens; None leaves it to the page."""
        return None

    def _give(self, draft: HallDraft) -> None:
        self.changed.emit(draft)


class RowGrid(QWidget):
    """Rows of controls under headings, each with a line for its problem."""

    def __init__(self, look: Look, stretches: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._grid = QGridLayout(self)
        spread(look, self._grid, spacing=10)
        self._heads = [Label(look, px=15, token="ink2") for _stretch in stretches]
        for at, stretch in enumerate(stretches):
            self._grid.setColumnStretch(at, stretch)
            self._grid.addWidget(self._heads[at], 0, at)
        self._lines: dict[str, ErrorLine] = {}
        self._widgets: list[QWidget] = []

    def set_heads(self, words: Sequence[str]) -> None:
        for head, word in zip(self._heads, words, strict=True):
            head.setText(word)
            head.setVisible(any(words))

    def clear(self) -> None:
        """Remove all rows."""
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
        line = ErrorLine(self.look)
        line.hide()
        self._grid.addWidget(line, at + 1, 0, 1, len(self._heads))
        self._lines[key] = line

    def show_error(self, key: str, text: str) -> None:
        """Show under a row what has to be fixed; "" removes it."""
        self._lines[key].say(text, refused=bool(text))
        self._lines[key].setVisible(bool(text))

    def error(self, key: str) -> str:
        return self._lines[key].text()


def mark_refused(edit: QWidget, text: str) -> None:
    """Give a field its red edge, or remove it; screen readers get the reason."""
    edit.setAccessibleDescription(text)
    if bool(edit.property("refused")) != bool(text):
        edit.setProperty("refused", bool(text))
        edit.style().unpolish(edit)
        edit.style().polish(edit)


# -- step 1: what kind of hall is this? ----------------------------------------------------------------------------

LARGE_TEXT, NARROW_PX = 1.4, 520
ICONS = {"power": "bolt", "bank": "bank", "clinic": "clinic"}
OTHER_ICON = "building"


class PresetStep(Step):
    """Four kinds of hall; `picked` when another is chosen, `file_wanted` when a set-up file is to be used instead,
    `join_wanted` when there is a hall already."""

    picked = Signal(str)
    file_wanted = Signal()
    join_wanted = Signal()

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._controller = controller
        self._grid = QGridLayout()
        spread(look, self._grid, (0, 0, 0, 18), 20)
        self.cards = {name: StationCard(look, ICONS.get(name, OTHER_ICON), layout="preset") for name in PRESETS}
        for name, card in self.cards.items():
            card.setObjectName(name)
            card.clicked.connect(self._tell)
        next(iter(self.cards.values())).setChecked(True)
        self.file_button = TextButton(look, icon="document", height=44, px=17)
        self.file_button.clicked.connect(self.file_wanted)
        self._hint = Label(look, px=16, token="ink2")
        self.join_button = TextButton(look, icon="plug", height=44, px=17)
        self.join_button.clicked.connect(self.join_wanted)
        self._join_hint = Label(look, px=16, token="ink2")
        self.column.addLayout(self._grid)
        for button, hint in ((self.join_button, self._join_hint), (self.file_button, self._hint)):
            other = QHBoxLayout()
            spread(look, other, (-10, 0, 0, 0), 8)
            other.addWidget(button)
            other.addWidget(hint, 1)
            other.addStretch()
            self.column.addLayout(other)
        self.column.addStretch(1)
        self._columns = 0
        look.changed.connect(self._make_room)
        self._make_room()

    def set_slim(self, slim: bool) -> None:
        """Hide the texts beside the other ways if the window is narrow."""
        for hint in (self._hint, self._join_hint):
            hint.setVisible(not slim)

    def _make_room(self) -> None:
        """Put the cards below each other where large text or a narrow window would cut their names."""
        is_narrow = self.width() < self.look.px(NARROW_PX)
        columns = 1 if is_narrow or self.look.scale.text >= LARGE_TEXT else 2
        if columns != self._columns:
            self._columns = columns
            for place, card in enumerate(self.cards.values()):
                self._grid.addWidget(card, place // columns, place % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def words(self) -> tuple[str, str, str]:
        return (
            _("Kind of hall"),
            _("What kind of hall is this?"),
            _("Pick the closest: services, windows and hours come with it, and you can change them later."),
        )

    def chosen(self) -> str:
        """Return the name of the chosen preset."""
        return next(name for name, card in self.cards.items() if card.isChecked())

    def retranslate(self) -> None:
        for name, card in self.cards.items():
            card.set_texts(said(PRESETS[name]), self._lines(name))
        self.file_button.setText(_("Use a set-up file of another hall"))
        self._hint.setText(_("The quickest way where there are many halls"))
        self.join_button.setText(_("Join a hall"))
        self._join_hint.setText(_("It runs on another PC already"))

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft

    def _lines(self, name: str) -> list[str]:
        setup = self._controller.preset(name)
        services = [named(service.name, service.name_en) for service in setup.services.values()]
        parts = [
            n_("{n} window", "{n} windows", len(setup.windows)),
            n_("{n} service", "{n} services", len(services)),
            figure_range(clock_text(setup.hall.opens), clock_text(setup.hall.closes)),
        ]
        return [listing(services), " · ".join(parts)]

    def _tell(self) -> None:
        self.picked.emit(self.chosen())


# -- step 2: its name, its hours, its words for windows and tickets ------------------------------------------------

ROWS = (("name", "name_en"), ("phone", "timezone"), ("opens", "closes"))


class HallStep(Step):
    """Fields of the hall itself."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.zone = DropDown(look)
        self.zone.setMaxVisibleItems(12)
        self.zone.share_width(8)
        self.fields = {key: FormField(look, "") for row in ROWS for key in row if key != "timezone"}
        self.fields["timezone"] = FormField(look, "", edit=self.zone)
        for keys in ROWS:
            row = QHBoxLayout()
            spread(look, row, spacing=16)
            for key in keys:
                row.addWidget(self.fields[key], 1)
                self.fields[key].edited.connect(partial(self._edit, key))
            self.column.addLayout(row)
        words = QHBoxLayout()
        spread(look, words, spacing=32)
        self.names: dict[str, Toggles] = {}
        for what, stretch in (("window", 2), ("ticket", 1)):
            place = QVBoxLayout()
            spread(look, place, spacing=6)
            words.addLayout(place, stretch)
            self.names[what] = Toggles(look, place, one=True)
            self.names[what].pressed.connect(partial(self._call, what))
        self.column.addLayout(words)
        self.column.addStretch(1)

    def words(self) -> tuple[str, str, str]:
        return (
            _("Name and hours"),
            _("What is the hall called?"),
            _("Shown on displays, tickets and reports. Everything here can be changed later."),
        )

    def retranslate(self) -> None:
        labels = {
            "name": (_("Name", context="field"), ""),
            "name_en": (_("English name", context="field"), ""),
            "phone": (_("Phone", context="field"), _("printed on the ticket")),
            "timezone": (_("Time zone", context="field"), _("that of this computer")),
            "opens": (_("Opening time", context="field"), _("such as 8:30")),
            "closes": (_("Closing time", context="field"), _("hours of the services follow")),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)
        for what, field in WORDS.items():
            self.names[what].say(said(field.title))
        if self.draft is not None:
            self._show_words(self.draft)

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        hall = draft.hall
        for key, field in self.fields.items():
            field.set_error(problems.get(f"hall.{key}", ""))
            edit = field.edit
            if isinstance(edit, QLineEdit) and not (edit.hasFocus() and edit.isModified()):
                text = str(hall.get(key) or "")
                field.set_value(clock(text) if key in ("opens", "closes") else text)
                if not edit.hasFocus():
                    edit.setCursorPosition(0)
        zones = {zone: zone for zone in sorted(available_timezones())}
        self.zone.show_choice(str(hall.get("timezone") or "Asia/Shanghai"), zones)
        self._show_words(draft)

    def first_field(self) -> QWidget:
        return self.fields["name"].edit

    def _show_words(self, draft: HallDraft) -> None:
        chosen = draft.hall.get("words") or {}
        for what, field in WORDS.items():
            self.names[what].set_choices(worded(field), [chosen.get(what) or field.usual], may_change=True)

    def _edit(self, key: str, text: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_hall(**{key: text.replace("：", ":").strip()}))

    def _call(self, what: str, word: str, _on: bool) -> None:
        if self.draft is not None:
            self._give(self.draft.with_hall(words={**(self.draft.hall.get("words") or {}), what: word}))


# -- step 3: its services, their letters, names and hours ----------------------------------------------------------

KEYS = ("prefix", "name", "name_en", "hours")


class ServicesStep(Step):
    """A row for each service of the preset, ticked; more can be added."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.grid = RowGrid(look, (0, 0, 3, 4, 5))
        self.ticks: dict[str, TickBox] = {}
        self.edits: dict[str, dict[str, QLineEdit]] = {}
        self.error = ErrorLine(look)
        self.add_button = TextButton(look, "", icon="plus", height=44, px=17)
        self.column.addWidget(self.grid)
        row = QHBoxLayout()
        spread(look, row, (-10, 0, 0, 0))
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.error)
        self.column.addStretch(1)
        self.add_button.clicked.connect(self._add)
        self.any_hour = False

    def words(self) -> tuple[str, str, str]:
        line = _(
            "Tick what the hall does. The letter starts the ticket's number; items and papers come with each service."
        )
        return _("Services"), _("What do people come for?"), line

    def retranslate(self) -> None:
        heads = ("", _("Letter", context="field"), _("Name", context="field"), _("English name", context="field"))
        self.grid.set_heads((*heads, _("Ticket hours", context="field")))
        self.add_button.setText(_("Add another service"))
        for code in self.ticks:
            self._name(code)

    def _name(self, code: str) -> None:
        edits = self.edits[code]
        name = named(edits["name"].text(), edits["name_en"].text()) or code
        self.ticks[code].setAccessibleName(_("{service} is done here", service=name))
        labels = (_("Letter", context="field"), _("Name", context="field"), _("English name", context="field"))
        for key, label in zip(KEYS, (*labels, _("Ticket hours", context="field")), strict=True):
            edits[key].setAccessibleName(f"{label} · {name}")

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        rows = draft.rows("services")
        if [str(row["code"]) for row in rows] != list(self.ticks):
            self._build(draft)
        for row in rows:
            code = str(row["code"])
            on = code not in draft.off
            self.ticks[code].setChecked(on)
            hours = draft.unread.get(code, hours_text(row.get("hours")))
            texts = {**{key: str(row.get(key) or "") for key in KEYS}, "hours": hours}
            if self.any_hour:
                texts["hours"] = _("any hour (try-out)")
            wrong = {key: problems.get(f"services.{code}.{key}", "") for key in KEYS}
            for key, edit in self.edits[code].items():
                if not (edit.hasFocus() and edit.isModified()) and edit.text() != texts[key]:
                    edit.setText(texts[key])
                    edit.setCursorPosition(0)
                edit.setEnabled(on and not (key == "hours" and self.any_hour))
                mark_refused(edit, wrong[key])
            self.grid.show_error(code, next((text for text in wrong.values() if text), ""))
            self._name(code)
        self.error.say(problems.get("services", ""), refused="services" in problems)
        self.error.setVisible("services" in problems)

    def first_field(self) -> QWidget | None:
        return next((edits["name"] for edits in self.edits.values()), None)

    def _build(self, draft: HallDraft) -> None:
        self.grid.clear()
        self.ticks, self.edits = {}, {}
        for row in draft.rows("services"):
            code = str(row["code"])
            tick = TickBox(self.look, "")
            FixedSize(self.look, tick, width=34)
            tick.clicked.connect(partial(self._tick, code))
            edits = {key: QLineEdit() for key in KEYS}
            FixedSize(self.look, edits["prefix"], width=72)
            edits["prefix"].setMaxLength(3)
            for key, edit in edits.items():
                edit.textEdited.connect(partial(self._edit, code, key))
            self.ticks[code], self.edits[code] = tick, edits
            self.grid.add_row(code, (tick, *edits.values()))

    def _tick(self, code: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_service(code, self.ticks[code].isChecked()))

    def _edit(self, code: str, key: str, text: str) -> None:
        if self.draft is None:
            return
        if key == "hours":
            self._give(self.draft.with_hours(code, text))
        elif key == "prefix":
            self._give(self.draft.with_prefix(code, text.strip().upper()))
        else:
            self._give(self.draft.with_row("services", code, **{key: text.strip()}))

    def _add(self) -> None:
        if self.draft is not None:
            self._give(self.draft.added("services"))
            self.edits[list(self.edits)[-1]]["name"].setFocus()


# -- step 4: its windows, and the services of each -----------------------------------------------------------------


class WindowsStep(Step):
    """A row for each window with a choice for each service."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.grid = RowGrid(look, (0, 1, 0))
        self.choices: dict[str, dict[str, Choice]] = {}
        self.removes: dict[str, IconButton] = {}
        self.names: dict[str, Label] = {}
        self._shown: tuple[object, ...] = ()
        self.add_button = TextButton(look, "", icon="plus", height=44, px=17)
        self.column.addWidget(self.grid)
        row = QHBoxLayout()
        spread(look, row, (-10, 0, 0, 0))
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self.add_button.clicked.connect(self._add)

    def words(self) -> tuple[str, str, str]:
        return (
            _("Windows", context="set-up"),
            _("Which window does what?"),
            _(
                "A ticket is called by any window that does its service. Two windows for each service keep the line moving."
            ),
        )

    def retranslate(self) -> None:
        self.add_button.setText(_("Add a window"))
        self.grid.set_heads(("", "", ""))
        self._shown = ()

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        kept = [row for row in draft.rows("services") if row["code"] not in draft.off]
        services = {str(row["code"]): f"{row['prefix']} {_name(row)}" for row in kept}
        windows = [str(row["code"]) for row in draft.rows("windows")]
        shown = (tuple(windows), tuple(services.items()))
        if shown != self._shown:
            self._build(windows, services)
            self._shown = shown
        for row in draft.rows("windows"):
            code = str(row["code"])
            serves = {one for one in row.get("services") or () if one in services}
            for service, choice in self.choices[code].items():
                choice.setChecked(service in serves)
            note = "" if serves else _("No service yet: this window calls nobody.")
            self.grid.show_error(code, problems.get(f"windows.{code}.services", note))
            self.removes[code].setVisible(len(windows) > 1)

    def first_field(self) -> QWidget | None:
        return next((one for choices in self.choices.values() for one in choices.values()), None)

    def _build(self, windows: list[str], services: Mapping[str, str]) -> None:
        self.grid.clear()
        self.choices, self.removes, self.names = {}, {}, {}
        for code in windows:
            name = Label(self.look, _("Window {window}", window=code), px=17, bold=True, elide=False)
            row = EvenGrid(self.look, gap=8, share_last=False)
            self.choices[code] = {}
            for service, word in services.items():
                choice = Choice(self.look, word, height=44, px=16)
                choice.setAccessibleName(_("Window {window} does {service}", window=code, service=word))
                choice.clicked.connect(partial(self._press, code, service))
                still(choice, True)
                self.choices[code][service] = choice
            row.set_widgets(list(self.choices[code].values()))
            remove = IconButton(self.look, "remove", _("Remove window {window}", window=code))
            remove.clicked.connect(partial(self._remove, code))
            self.removes[code], self.names[code] = remove, name
            self.grid.add_row(code, (name, row, remove))

    def _press(self, window: str, service: str) -> None:
        if self.draft is not None:
            self._give(self.draft.serving(window, service, self.choices[window][service].isChecked()))

    def _add(self) -> None:
        if self.draft is not None:
            self._give(self.draft.added("windows"))

    def _remove(self, code: str) -> None:
        if self.draft is not None:
            self._give(self.draft.without("windows", code))


def _name(row: Mapping[str, object]) -> str:
    return named(str(row.get("name") or ""), str(row.get("name_en") or ""))
