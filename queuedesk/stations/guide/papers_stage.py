"""The page between choice and ticket: papers to look at, who the customer is, what else the visit is for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.guide.texts import ChosenServiceOrItem
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import Button, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import PaperTickRow, TickBox, ToggleChoice
from queuedesk.stations.widgets.paint import FollowsLook, width_of_text, wrapped_lines
from queuedesk.stations.widgets.questions.dialogs import ErrorLine
from queuedesk.stations.window.style import Look

ROW_HEIGHT, LOWEST_ROW, ROW_GAP = 96, 48, 12
LOW_STAGE_ROW = 40
CHIP_HEIGHT, LOW_CHIP_HEIGHT, FOOT_HEIGHT, LOW_FOOT_HEIGHT = 44, 34, 56, 44
CLASS_HEIGHT, LOW_CLASS_HEIGHT = 60, 48
TICK_AND_MARGINS = 96
HINT_LINES = 2
LOW_STAGE = 600  # drawn px; under it headings go so that papers stay


class PapersPageText(Struct, frozen=True, kw_only=True):
    """The page's final text. `papers` are (name, note), `none` the two lines if there are none, `then` further services
    as (choice, name), `back_for` what the customer comes back for, `repeat` whether they were here before and had to go
    for papers, `need` why they are fetched, `speaks` their language,
    `several` whether there is one to choose, `offers` whether other ways are noted."""

    letter: str
    title: str
    minutes: str
    head: str
    hint: str
    papers: tuple[tuple[str, str], ...]
    none: tuple[str, str]
    classes: tuple[tuple[str, str], ...]
    klass: str
    then: tuple[tuple[ChosenServiceOrItem, str], ...]
    add_hint: str
    back_for: str = ""
    can_repeat: bool = False
    repeat: bool = False
    need: str = ""
    speaks: str = ""
    several: bool = False
    offers: bool = True


class PapersStageLabels(Struct, frozen=True, kw_only=True):
    """The words that are the same for every choice; `untie` names the button that removes a link."""

    back: str
    klass: str
    add: str
    comes_back: str
    offer: str
    fetch: str
    language: str
    repeat: str
    untie: str


class PaperRows(FollowsLook, QWidget):
    """Rows to tick in one column, or in two if one does not fit; beyond that they scroll."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self.rows: list[PaperTickRow] = []

    def set_papers(self, papers: Sequence[tuple[str, str]]) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [PaperTickRow(self.look, name, note, parent=self) for name, note in papers]
        for row in self.rows:
            row.show()

    def fit_rows(self, width: int, height: int, lowest: int = LOWEST_ROW) -> None:
        """Choose the best form for `width` by `height` px: tall rows, lower ones, two columns, or scrolling."""
        count, k = len(self.rows), self.look.scale.k
        gap = self.look.px(ROW_GAP)

        def row_height_in(columns: int) -> float:
            lines = max(1, ceil(count / columns))
            return ((height + gap) / lines - gap) / k

        fits_half = all(self._width_of_whole_name(row) <= (width - gap) / 2 for row in self.rows)
        columns = 2 if row_height_in(1) < lowest and fits_half else 1
        row_height = self.look.px(max(lowest, min(ROW_HEIGHT, int(row_height_in(columns)))))
        lines = ceil(count / columns)
        self.resize(width, max(height, lines * (row_height + gap) - gap))
        cells = panels.cell_rects(QRect(0, 0, width, 0), count, columns, row_height, gap)
        for row, cell in zip(self.rows, cells, strict=True):
            row.setGeometry(cell)

    def _width_of_whole_name(self, row: PaperTickRow) -> float:
        return width_of_text(self.look.font(20, bold=True), row.text()) + self.look.px(TICK_AND_MARGINS)


class PapersStage(QWidget):
    back = Signal()
    class_chosen = Signal(str)
    add_wanted = Signal()
    dropped = Signal(object)
    back_wanted = Signal()
    back_dropped = Signal()
    repeat_changed = Signal(bool)
    offer_wanted = Signal()
    need_wanted = Signal()
    language_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._said: PapersPageText | None = None
        self._untie = self._fetch = self._language = ""
        self.back_button = SecondaryButton(look, "", icon="arrow-left", height=52, px=16)
        self.back_button.clicked.connect(self.back)
        self._badge = panels.LetterBadge(look, "", side=48)
        self._title = panels.Label(look, px=28, bold=True)
        self._minutes = panels.Label(look, px=17, token="ink2", elide=False)
        self._head = panels.Label(look, px=20, bold=True)
        self._hint = panels.Label(look, px=16, token="ink2")
        self.papers = PaperRows(look)
        self._scroll = panels.VerticalScrollArea(self.papers)
        self._scroll.setWidgetResizable(False)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._scroll.installEventFilter(self)
        self._none = panels.EmptyState(look, "document")
        self._class_head = panels.Label(look, px=20, bold=True)
        self.classes = panels.EqualCellGrid(look, height=CLASS_HEIGHT)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.class_buttons: dict[str, ToggleChoice] = {}
        self.add_button = SecondaryButton(look, "", icon="plus", height=56, px=17)
        self.add_button.clicked.connect(self.add_wanted)
        self.return_button = SecondaryButton(look, "", icon="undo", height=56, px=17)
        self.return_button.clicked.connect(self.back_wanted)
        self.offer_button = SecondaryButton(look, "", icon="arrow-right", height=56, px=17)
        self.offer_button.clicked.connect(self.offer_wanted)
        self.need_button = ToggleChoice(look, "", height=CLASS_HEIGHT)
        self.need_button.setCheckable(True)
        self.need_button.clicked.connect(self._ask_fetch_reason)
        self.language_button = ToggleChoice(look, "", height=CLASS_HEIGHT, parent=self)
        self.language_button.hide()
        self.language_button.clicked.connect(self._request_language_choice)
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self._add_service_hint = panels.Label(look, px=15, token="ink2", wrap=True, align=middle)
        self.repeat_box = TickBox(look, "", px=16)
        self.repeat_box.clicked.connect(self.repeat_changed)
        self.further_service_buttons: list[Button] = []  # Pressing one takes it off the ticket.
        self.back_chip = SecondaryButton(look, "", icon="close", height=CHIP_HEIGHT, px=16)
        self.back_chip.clicked.connect(self.back_dropped)
        self._lay_out_stage(look)
        look.changed.connect(self._fit_parts_to_height)

    def _lay_out_stage(self, look: Look) -> None:
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (28, 18, 28, 22), 0)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, (0, 0, 0, 20), 16)
        for widget in (self.back_button, self._badge):
            head.addWidget(widget)
        head.addWidget(self._title, 1)
        head.addWidget(self._minutes)
        column.addLayout(head)
        line = QHBoxLayout()
        panels.set_scaled_margins(look, line, (0, 0, 0, 8), 16)
        line.addWidget(self._head)
        line.addStretch(1)
        line.addWidget(self._hint)
        line.addWidget(self.repeat_box)
        column.addLayout(line)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._none, 1)
        below = QVBoxLayout()
        panels.set_scaled_margins(look, below, (0, 20, 0, 0), 8)
        below.addWidget(self._class_head)
        below.addWidget(self.classes)
        column.addLayout(below)
        self._chips = QHBoxLayout()
        panels.set_scaled_margins(look, self._chips, (0, 12, 0, 0), 10)
        self._chips.addWidget(self.back_chip)
        self._chips.addStretch(1)
        column.addLayout(self._chips)
        foot = QHBoxLayout()
        panels.set_scaled_margins(look, foot, (0, 16, 0, 0), 12)
        for button in (self.add_button, self.return_button, self.offer_button):
            foot.addWidget(button)
        foot.addWidget(self._add_service_hint, 1, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(foot)

    def set_words(self, words: PapersStageLabels) -> None:
        self.back_button.setText(words.back)
        self._class_head.setText(words.klass)
        self.add_button.setText(words.add)
        self.return_button.setText(words.comes_back)
        self.offer_button.setText(words.offer)
        self.repeat_box.setText(words.repeat)
        self._untie, self._fetch, self._language = words.untie, words.fetch, words.language

    def show_choice(self, said: PapersPageText) -> None:
        """Show a draft; ticks stay while the papers are the same."""
        before, self._said = self._said, said
        self._badge.set_letter(said.letter)
        self._title.setText(said.title)
        self._minutes.setText(said.minutes)
        self._head.setText(said.head)
        self._hint.setText(said.hint)
        self._none.set_texts(*said.none)
        self._none.setVisible(not said.papers)
        self._scroll.setVisible(bool(said.papers))
        if before is None or before.papers != said.papers:
            self.papers.set_papers(said.papers)
        if before is None or (before.classes, before.several) != (said.classes, said.several):
            self._rebuild_class_buttons(said.classes, several=said.several)
        for code, button in self.class_buttons.items():
            button.setChecked(code == said.klass)
        if before is None or before.then != said.then:
            self._show_further_chosen_services(said.then)
        self.back_chip.setText(said.back_for)
        self.back_chip.setAccessibleName(f"{said.back_for}, {self._untie}")
        self.back_chip.setVisible(bool(said.back_for))
        self.return_button.setVisible(not said.back_for)
        self.offer_button.setVisible(said.offers)
        self.need_button.setText(said.need or self._fetch)
        self.need_button.setAccessibleName(f"{self._fetch} {said.need}".strip())
        self.need_button.setChecked(bool(said.need))
        self.language_button.setText(said.speaks or self._language)
        self.language_button.setAccessibleName(f"{self._language} {said.speaks}".strip())
        self.language_button.setChecked(bool(said.speaks))
        self.repeat_box.setVisible(said.can_repeat)
        self.repeat_box.setChecked(said.repeat)
        self._add_service_hint.setText("" if said.then else said.add_hint)
        self._fit_parts_to_height()

    def set_hall_away(self, away: bool) -> None:
        for button in (self.return_button, self.offer_button):
            button.setEnabled(not away)

    def clear_ticks(self) -> None:
        for row in self.papers.rows:
            row.setChecked(False)

    def _rebuild_class_buttons(self, classes: tuple[tuple[str, str], ...], *, several: bool) -> None:
        for button in self.class_buttons.values():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        self.class_buttons = {}
        for code, name in classes:
            button = ToggleChoice(self._look, name, height=CLASS_HEIGHT)
            button.setObjectName(f"class-{code}")
            button.clicked.connect(partial(self.class_chosen.emit, code))
            self._group.addButton(button)
            self.class_buttons[code] = button
        chosen = list(self.class_buttons.values()) if len(self.class_buttons) > 1 else []
        self.classes.set_widgets([*chosen, self.need_button, *([self.language_button] if several else [])])

    def _show_further_chosen_services(self, then: tuple[tuple[ChosenServiceOrItem, str], ...]) -> None:
        for button in self.further_service_buttons:
            self._chips.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.further_service_buttons = []
        for choice, name in then:
            button = SecondaryButton(self._look, name, icon="close", height=CHIP_HEIGHT, px=16)
            button.setObjectName(f"then-{choice.service}")
            button.clicked.connect(partial(self.dropped.emit, choice))
            self._chips.insertWidget(len(self.further_service_buttons), button)
            button.show()
            self.further_service_buttons.append(button)

    def _ask_fetch_reason(self) -> None:
        """Ask; the key stays as the ticket says until that changes."""
        self.need_button.setChecked(self._said is not None and bool(self._said.need))
        self.need_wanted.emit()

    def _request_language_choice(self) -> None:
        self.language_button.setChecked(self._said is not None and bool(self._said.speaks))
        self.language_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_parts_to_height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Keys below may take a second row, and less room is left, after the stage has its size.
        if watched is self._scroll and event.type() == QEvent.Type.Resize:
            self._fit_papers()
        return False

    def _has_room_for_hint(self) -> bool:
        parts: list[QWidget] = [self._head, self._hint]
        if not self.repeat_box.isHidden():
            parts.append(self.repeat_box)
        gaps = self._look.gap(2 * 28) + self._look.gap(16) * len(parts)
        return sum(part.sizeHint().width() for part in parts) + gaps <= self.width()

    def _has_room_for_add_service_hint(self) -> bool:
        """Whether the hint has two lines beside the keys; more of them would take the papers' room."""
        keys = [one for one in (self.add_button, self.return_button, self.offer_button) if not one.isHidden()]
        beside = sum(one.sizeHint().width() + self._look.gap(12) for one in keys) + self._look.gap(2 * 28)
        return (
            len(
                wrapped_lines(self._look.font(15), self._add_service_hint.text(), self.width() - beside, HINT_LINES + 1)
            )
            <= HINT_LINES
        )

    def _fit_parts_to_height(self) -> None:
        low = self._has_little_height()
        self._minutes.setVisible(not low)
        self._add_service_hint.setVisible(not low and self._has_room_for_add_service_hint())
        self._hint.setVisible(not low and self._has_room_for_hint())
        self.classes.set_cell_height(LOW_CLASS_HEIGHT if low else CLASS_HEIGHT)
        for chip in (self.back_chip, *self.further_service_buttons):
            chip.setFixedHeight(self._look.px(LOW_CHIP_HEIGHT if low else CHIP_HEIGHT))
        for button in (self.add_button, self.return_button, self.offer_button):
            button.setFixedHeight(self._look.px(LOW_FOOT_HEIGHT if low else FOOT_HEIGHT))
        self.repeat_box.setFixedHeight(self._look.px(LOW_CHIP_HEIGHT if low else CHIP_HEIGHT))
        self._class_head.setVisible(not low)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self._fit_papers()

    def _has_little_height(self) -> bool:
        return self.height() / self._look.scale.k < LOW_STAGE

    def _fit_papers(self) -> None:
        room, lowest = self._scroll.contentsRect(), LOW_STAGE_ROW if self._has_little_height() else LOWEST_ROW
        self.papers.fit_rows(room.width(), room.height(), lowest)
        if self.papers.height() > room.height():
            # Rows too many for their room bring a scroll bar, which takes some of the width.
            bar = self._scroll.verticalScrollBar().sizeHint().width()
            self.papers.fit_rows(room.width() - bar - self._look.gap(4), room.height(), lowest)


# -- the ticket about to be printed, beside the papers -------------------------------------------------------------

LOW_RAIL = 600  # drawn px
WINDOWS_ROW = 2
FACT_SHARES = (1.0, 0.9, 0.8, 0.75)
"""How large the facts are: all as small as the longest needs, and no name under 15 px."""


class TicketPrintRailText(Struct, frozen=True, kw_only=True):
    """The final text beside the papers. `rows` are (name, figure, unit); `refusal` "" while none."""

    number: str
    title: str
    rows: tuple[tuple[str, str, str], ...]
    refusal: str = ""


class LabelledFigureRow(QWidget):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = panels.Label(look, px=20, token="ink2")
        self.figure = panels.TextRunsLabel(look, align=Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, (0, 0, 0, 0), 12)
        row.addWidget(self.name)
        row.addWidget(self.figure, 1)
        self.figure.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_fact(self, name: str, figure: str, unit: str, share: float = 1.0) -> None:
        """Show another fact, at a `share` of the usual size; a figure made only of words is smaller."""
        self.name.setText(name)
        self.name.set_font_px(20 * share)
        px = 28 if unit else 22
        runs = [panels.TextRun(figure, px * share, True, tabular=False)]
        if unit:
            runs.append(panels.TextRun(unit, 20 * share, gap=6))
        self.figure.set_runs(runs)

    def can_fit_width(self, width: int) -> bool:
        return self.name.sizeHint().width() + self.figure.sizeHint().width() + self.name.look.gap(12) <= width


class TicketPrintRail(QWidget):
    """The number, three facts, "not ready", and print."""

    print_wanted = Signal()
    not_ready_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._caption = panels.Label(look, _("Next ticket"), px=16, bold=True, token="ink2")
        self.number = panels.BigNumberLabel(look, px=110)
        self._title = panels.Label(look, px=18, token="ink2", wrap=True)
        self._rule = panels.DividerLine(look)
        self._facts = QVBoxLayout()
        self._rows: list[LabelledFigureRow] = []
        self.refusal = ErrorLine(look)
        self.not_ready_button = SecondaryButton(look, "", height=76, px=18)
        self.not_ready_button.clicked.connect(self.not_ready_wanted)
        self.print_button = PrimaryButton(look, "", icon="print", height=104, px=28)
        self.print_button.clicked.connect(self.print_wanted)
        self._hint = panels.Label(look, px=15, token="ink2", align=Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (24, 22, 24, 22), 0)
        column.addWidget(self._caption)
        top = QVBoxLayout()
        panels.set_scaled_margins(look, top, (0, 10, 0, 14), 10)
        top.addWidget(self.number)
        top.addWidget(self._title)
        column.addLayout(top)
        column.addWidget(self._rule)
        panels.set_scaled_margins(look, self._facts, (0, 22, 0, 0), 8)
        column.addLayout(self._facts)
        column.addStretch(1)
        foot = QVBoxLayout()
        panels.set_scaled_margins(look, foot, (0, 0, 0, 0), 14)
        for widget in (self.refusal, self.not_ready_button, self.print_button, self._hint):
            foot.addWidget(widget)
        column.addLayout(foot)
        self._prints = True
        self._said: Sequence[tuple[str, str, str]] = ()
        look.changed.connect(self._hide_extra_facts_if_low)
        self._update_print_hints()

    def _update_print_hints(self) -> None:
        self._hint.setText(_("Enter prints too") if self._prints else _("Enter gives it too"))
        listed = _("Papers missing: print the list") if self._prints else _("Papers missing: read out the list")
        self.not_ready_button.setText(listed)
        self.not_ready_button.set_second_line(_("no ticket is given"))

    def _print_button_text(self, *, all_the_same: bool) -> str:
        if self._prints:
            return _("Print anyway") if all_the_same else _("Print ticket")
        return _("Give it anyway") if all_the_same else _("Give ticket")

    def show_ticket(
        self,
        said: TicketPrintRailText,
        *,
        can_print: bool,
        has_papers: bool,
        busy: bool,
        all_the_same: bool = False,
        prints: bool = True,
    ) -> None:
        """Show the ticket to print, or only its number where nothing `prints`; `all_the_same` overrides the warning."""
        if prints != self._prints:
            self._prints = prints
            self.print_button.set_icon("print" if prints else "ticket")
            self._update_print_hints()
        self.number.setText(said.number)
        self._title.setText(said.title)
        self._said = said.rows
        self._hide_extra_facts_if_low()
        self.refusal.setVisible(bool(said.refusal))
        self.refusal.show_message(said.refusal, refused=True)
        self.not_ready_button.setVisible(has_papers)
        self.not_ready_button.setEnabled(can_print)
        self.print_button.setText(self._print_button_text(all_the_same=all_the_same))
        self.print_button.setEnabled(can_print)
        if busy != self.print_button.is_busy():
            self.print_button.set_busy(busy)
            self.not_ready_button.set_busy(busy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._hide_extra_facts_if_low()

    def _hide_extra_facts_if_low(self) -> None:
        """Give up, in a low rail, what the stage beside it says anyway."""
        low = self.height() / self._look.scale.k < LOW_RAIL
        self.number.set_font_px(56 if low else 110)
        for spare in (self._caption, self._title, self._hint):
            spare.setVisible(not low)
        kept = [row for place, row in enumerate(self._said) if not low or place != WINDOWS_ROW]
        self._show_facts(kept)

    def _show_facts(self, rows: Sequence[tuple[str, str, str]]) -> None:
        while len(self._rows) < len(rows):
            row = LabelledFigureRow(self._look)
            self._facts.addWidget(row)
            self._rows.append(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(rows))
        shown, room = list(zip(self._rows, rows, strict=False)), self.width() - 2 * self._look.gap(24)
        for share in FACT_SHARES:
            for row, fact in shown:
                row.set_fact(*fact, share)
            if all(row.can_fit_width(room) for row, _fact in shown):
                break
