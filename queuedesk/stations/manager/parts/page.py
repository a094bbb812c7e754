"""The frame of a manager's page: head, choices, banner for refusals, table or other parts; keys of a date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.periods import PERIODS
from queuedesk.i18n import _, date_for_staff, error_sentence
from queuedesk.i18n.moments import month_long
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.widgets.buttons import Button, IconButton, MoreButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.strips import AlertBanner, Toast
from queuedesk.stations.widgets.paint import FollowsLook, Painter, width_of_text, wrapped_lines
from queuedesk.stations.widgets.panels import FixedSizeKeeper, Label, LetterBadge, ShrinkingLabel, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window import day_dialog, frame, style

if TYPE_CHECKING:
    from queuedesk.stations.widgets.questions.dialogs import Dialog


HEIGHT = 48
LINE_PX, TWO_LINES_PX, LEAST_LINE_PX = 17, 15, 13


class _LineBesideTitle(Label):
    """The line beside a title: smaller letters, then two lines, and nothing where it would still be cut."""

    def __init__(self, look: style.Look) -> None:
        super().__init__(look, px=LINE_PX, token="ink2")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def fitted_px_and_lines(self) -> tuple[float, list[str]]:
        """Return the size of the letters in drawn px, and the lines in which the whole is said here."""
        look, text = self.look, self.text()
        for px in range(LINE_PX, LEAST_LINE_PX - 1, -1):
            if width_of_text(look.font(px), text) <= self.width():
                return px, [text]
        for px in range(TWO_LINES_PX, LEAST_LINE_PX - 1, -1):
            lines = wrapped_lines(look.font(px), text, self.width(), 3)
            if len(lines) <= 2 and not any(width_of_text(look.font(px), line) > self.width() for line in lines):
                return px, lines
        return LINE_PX, []

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, (px, lines) = Painter(self, self.look), self.fitted_px_and_lines()
        high = self.look.px(px * 1.35)
        top = (self.height() - high * len(lines)) / 2
        for line in lines:
            painter.draw_words_and_give_end_x(line, self.look.font(px), "ink2", QRectF(0, top, self.width() + 1, high))
            top += high


class PageHead(QWidget):
    """A page's head; `more.wanted` gives the place of the ⋯ menu. With `names` the title is what people typed: it
    shrinks before it is cut, and a badge may stand before it."""

    def __init__(self, look: style.Look, *, names: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        row = QHBoxLayout(self)
        set_scaled_margins(look, row, spacing=16)
        self.badge = LetterBadge(look, "", side=44)
        self.badge.hide()
        self.title = (
            ShrinkingLabel(look, px=style.XL, bold=True, least=17)
            if names
            else Label(look, px=style.XL, bold=True, elide=False)
        )
        self.title.hide()
        self.line = _LineBesideTitle(look)
        self._buttons = QHBoxLayout()
        set_scaled_margins(look, self._buttons, spacing=16)
        self.more = MoreButton(look, _("More"))
        row.addWidget(self.badge)
        row.addWidget(self.title)
        row.addWidget(self.line, 1)
        row.addLayout(self._buttons)
        row.addWidget(self.more)
        FixedSizeKeeper(look, self, height=HEIGHT)

    def add_button(self, button: QWidget) -> None:
        self._buttons.addWidget(button)

    def set_title(self, text: str) -> None:
        self.title.setText(text)
        self.title.setVisible(bool(text))

    def set_subtitle(self, text: str) -> None:
        self.line.setText(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        frame.attach_messages_over_head(self, self.title_area)

    def title_area(self) -> QRect:
        """Return the room of title and line: up to the first button."""
        items = [self._buttons.itemAt(place) for place in range(self._buttons.count())]
        keys = [self.more, *(widget for item in items if item is not None and (widget := item.widget()) is not None)]
        right = min((key.x() for key in keys if not key.isHidden()), default=self.width())
        return QRect(0, 0, max(0, right - self._look.px(12)), self.height())


# -- tools -------------------------------------------------------------------------------------------------------------

ROW_GAP, TOOL_HEIGHT = 10, 44


class ToolRow(FollowsLook, QWidget):
    """What is chosen below a head, in one row: some at the left, some at the right. Where there is no room for one row
    they stand in as many as it takes, and nothing is cut. `grow` takes what room is left beside the others. Beside tabs
    all of it stands at the right."""

    def __init__(self, look: style.Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._left: list[QWidget] = []
        self._right: list[QWidget] = []
        self._grow: QWidget | None = None
        self.is_beside = False
        # A layout asks for these again and again.
        self._sizes: dict[QWidget, QSize] = {}
        self._heights: dict[tuple[int, tuple[QWidget, ...]], int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add_tools(self, *left: QWidget, right: Sequence[QWidget] = (), grow: QWidget | None = None) -> None:
        """Put tools at the end of the left ones, and before the right ones."""
        self._left += left
        self._right = [*right, *self._right]
        self._grow = grow or self._grow
        for widget in (*left, *right):
            widget.setParent(self)
        self.measure_again()

    def has_visible_tools(self) -> bool:
        return bool(self._visible_tools())

    def measure_again(self) -> None:
        self.clear_size_cache()
        super().measure_again()
        self._place_tools()

    def clear_size_cache(self) -> None:
        """Ask the tools anew how much room they take."""
        self._sizes.clear()
        self._heights.clear()

    def _visible_tools(self) -> tuple[QWidget, ...]:
        return tuple([widget for widget in (*self._left, *self._right) if not widget.isHidden()])

    def _wrapped_tool_rows(self, width: int) -> list[list[QWidget]]:
        gap, rows = self.look.gap(ROW_GAP), []
        row: list[QWidget] = []
        for widget in self._visible_tools():
            if row and sum(self._tool_width(one) + gap for one in (*row, widget)) - gap > width:
                # A label goes with its field.
                begun = [row.pop()] if isinstance(row[-1], QLabel) and row[-1].buddy() is widget else []
                rows += [row] if row else []
                row = begun
            row.append(widget)
        return [*rows, row] if row else rows

    def _tool_size(self, widget: QWidget) -> QSize:
        if widget not in self._sizes:
            hint, least = widget.sizeHint(), max(widget.minimumSizeHint().width(), widget.minimumWidth())
            wished = least if widget is self._grow else max(least, hint.width())
            self._sizes[widget] = QSize(min(wished, widget.maximumWidth()), hint.height())
        return self._sizes[widget]

    def _tool_width(self, widget: QWidget) -> int:
        return self._tool_size(widget).width()

    def _row_height(self) -> int:
        return max([self.look.px(TOOL_HEIGHT), *(self._tool_size(widget).height() for widget in self._visible_tools())])

    def heightForWidth(self, width: int) -> int:
        return self._cached_height_for_width(width, self._visible_tools())

    def _cached_height_for_width(self, width: int, shown: tuple[QWidget, ...]) -> int:
        if (width, shown) not in self._heights:
            rows, gap = len(self._wrapped_tool_rows(width)), self.look.gap(ROW_GAP)
            self._heights[width, shown] = max(0, rows * (self._row_height() + gap) - gap)
        return self._heights[width, shown]

    def _height_at_own_width(self, shown: tuple[QWidget, ...]) -> int:
        """Return how high it is as wide as it stands, or in one row while it has no width."""
        return self._cached_height_for_width(
            self.width() if self.width() > 0 else max(1, self._width_in_one_row(shown)), shown
        )

    def _width_in_one_row(self, shown: tuple[QWidget, ...]) -> int:
        return sum([self._tool_width(widget) for widget in shown]) + self.look.gap(ROW_GAP) * len(shown)

    def sizeHint(self) -> QSize:
        shown = self._visible_tools()
        return QSize(max(0, self._width_in_one_row(shown) - self.look.gap(ROW_GAP)), self._height_at_own_width(shown))

    def minimumSizeHint(self) -> QSize:
        shown = self._visible_tools()
        return QSize(max([self._tool_width(widget) for widget in shown], default=0), self._height_at_own_width(shown))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            # While it was hidden, no tool could ask for more room.
            self.clear_size_cache()
            self.updateGeometry()
            self._place_tools()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_tools()
        self.updateGeometry()

    def _place_tools(self) -> None:
        gap, high, top = self.look.gap(ROW_GAP), self._row_height(), 0
        rows = self._wrapped_tool_rows(self.width())
        for row in rows:
            spare = self.width() - sum(self._tool_width(widget) + gap for widget in row) + gap
            x = spare if self.is_beside and len(rows) == 1 and self._grow not in row else 0
            for widget in row:
                wide = self._tool_width(widget)
                if widget is self._grow:
                    wide += max(0, spare)
                elif len(rows) == 1 and widget in self._right and not self.is_beside and self._grow not in row:
                    # The first of the right ones takes the room between.
                    x += max(0, spare)
                    spare = 0
                tall = min(high, self._tool_size(widget).height())
                widget.setGeometry(QRect(x, top + (high - tall) // 2, wide, tall))
                x += wide + gap
            top += high + gap


# -- dates and periods -------------------------------------------------------------------------------------------------

Span = tuple[date, date]
"""The first date and the last."""


class DateButtons(QObject):
    """Buttons to choose a date; `picked` gives the wanted date. The page places `widgets` where it has room."""

    picked = Signal(object)

    def __init__(self, look: style.Look, page: QWidget) -> None:
        super().__init__(page)
        self._look, self._page = look, page
        self._chosen, self._span, self._reach = date.min, (date.min, date.min), (date.min, date.min)
        self.earlier = IconButton(look, "arrow-left", _("Day before"), side=44, framed=True)
        self.day_button = SecondaryButton(look, "", icon="calendar", height=44)
        self.later = IconButton(look, "arrow-right", _("Day after"), side=44, framed=True)
        self.earlier.clicked.connect(self._emit_day_before_span)
        self.later.clicked.connect(self._pick_first_day_following_span)
        self.day_button.clicked.connect(self.ask_other_date)

    @property
    def widgets(self) -> list[QWidget]:
        return [self.earlier, self.day_button, self.later]

    def show_day(self, day: date, reach: Span) -> None:
        self._show_dates(date_for_staff(day), day, (day, day), reach)

    def ask_other_date(self) -> None:
        first, last = self._reach
        day_dialog.open_day_picker_dialog(
            self._page.window(), self._look, self.picked, chosen=self._chosen, first=first, last=max(first, last)
        )

    def _show_dates(self, text: str, chosen: date, span: Span, reach: Span) -> None:
        self._chosen, self._span, self._reach = chosen, span, reach
        self.day_button.setText(text)
        self.earlier.setEnabled(span[0] > reach[0])
        self.later.setEnabled(span[1] < reach[1])

    def _emit_day_before_span(self) -> None:
        self.picked.emit(self._span[0] - timedelta(days=1))

    def _pick_first_day_following_span(self) -> None:
        self.picked.emit(self._span[1] + timedelta(days=1))


class PeriodAndDateButtons(DateButtons):
    """Date buttons after a choice of the kind of period: `chosen` says that another kind was chosen."""

    chosen = Signal()

    def __init__(self, look: style.Look, page: QWidget, kinds: Sequence[str] = PERIODS) -> None:
        super().__init__(look, page)
        self.periods, self._kinds = DropDown(look), kinds
        self.periods.setAccessibleName(_("Period"))
        for period in kinds:
            self.periods.addItem(page_controller.period_kind_name(period), period)
        self.earlier.set_name(_("Earlier"))
        self.later.set_name(_("Later"))
        self.periods.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.periods.activated.connect(self.chosen)
        look.changed.connect(self._set_period_font)
        self._set_period_font()

    @property
    def widgets(self) -> list[QWidget]:
        return [self.periods, *super().widgets]

    @property
    def period(self) -> str:
        return str(self.periods.currentData())

    def show_date_span(self, period: str, day: date, span: Span, first: date, today: date) -> None:
        """Show the current period and its date; dates from `first` to `today` can be chosen."""
        self.periods.setCurrentIndex(self._kinds.index(period))
        self._show_dates(page_controller.period_button_text(period, *span, today), day, span, (first, today))

    def _set_period_font(self) -> None:
        self.periods.setFont(self._look.font(17))


TABLES = "CSV, Excel, OpenDocument (*.csv *.txt *.xlsx *.xlsm *.ods)"
"""The kinds of files in which tables come."""
TOP, MENU_GAP = 16, 4
Words = Callable[[], str]


def open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _always_true() -> bool:
    return True


class PageAct(Struct, frozen=True, kw_only=True):
    """A button of a page's head: its label, what it does, whether the person here has it and, where it `can` be off,
    whether it can be pressed now. The main one stands out; one that `changes_hall` is disabled while the hall is
    away."""

    text: Words
    do: Callable[[], object]
    icon: str = ""
    key: str | None = None
    tip: Words | None = None
    is_main: bool = False
    changes_hall: bool = False
    offered: Callable[[], bool] = _always_true
    can: Callable[[], bool] | None = None


def month_turning_acts(shown: page_controller.MonthChoice) -> tuple[PageAct, PageAct]:
    """Return the keys that turn to the month before and the month after, with their names."""
    return (
        PageAct(
            text=lambda: month_long(shown.first_date - timedelta(days=1)),
            do=lambda: shown.turn_month(-1),
            icon="arrow-left",
            can=lambda: shown.has_earlier_month,
        ),
        PageAct(
            text=lambda: month_long(shown.first_date + timedelta(days=31)),
            do=lambda: shown.turn_month(1),
            icon="arrow-right",
            offered=lambda: shown.has_later_month,
        ),
    )


class PageSpec(Struct, frozen=True, kw_only=True):
    """A page: title and line of its head, and its acts in order. `foot` is the room below its content, in drawn px;
    with `names` the title is what people typed."""

    title: Words = str
    line: Words = str
    acts: Sequence[PageAct] = ()
    foot: int = 20
    names: bool = False


class MenuOpeningPage(QWidget):
    _menu: QMenu | None = None

    def open_menu(
        self,
        under: QWidget,
        entries: Sequence[tuple[str, Callable[[], object]]],
        *,
        ticked: int | None = None,
        at: QPoint | None = None,
    ) -> None:
        """Open a menu under a button, or `at` a place on it; entries are (text, act), one of them current."""
        menu = QMenu(self)
        for n, (text, do) in enumerate(entries):
            action = menu.addAction(text)
            action.triggered.connect(do)
            action.setCheckable(n == ticked)
            action.setChecked(n == ticked)
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = menu
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + MENU_GAP) if at is None else at))


class ManagerPage(MenuOpeningPage):
    """`said`: a notice with its icon; `buttons`: the head's in order; `dialog`: the question over the page or None."""

    said = Signal(str, str)
    dialog: Any = None

    def __init__(self, look: style.Look, spec: PageSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._spec = look, spec
        self._take_file: Callable[[Path], object] | None = None
        self.head = PageHead(look, names=spec.names)
        self.banner = AlertBanner(look)
        self.banner.hide()
        self._warned_of = ""
        self.buttons = [self._make_head_button(act) for act in spec.acts]
        self.hall_acts: tuple[Button, ...] = tuple(
            button for act, button in zip(spec.acts, self.buttons, strict=True) if act.changes_hall
        )
        self.tools = ToolRow(look)
        self._column, self._head_ground = QVBoxLayout(self), QWidget()
        set_scaled_margins(look, self._column, (0, 0, 0, spec.foot))
        top = QVBoxLayout(self._head_ground)
        set_scaled_margins(look, top, (style.PAGE, TOP, style.PAGE, 0), 10)
        top.addWidget(self.head)
        top.addWidget(self.tools)
        self.tools.hide()
        self._column.addWidget(self._head_ground)
        said = QVBoxLayout()
        set_scaled_margins(look, said, (style.PAGE, 0, style.PAGE, 0), 12)
        said.addWidget(QWidget())  # so that there is a gap over the banner, and none without it
        said.addWidget(self.banner)
        self._column.addLayout(said)
        self.show_head()

    def _make_head_button(self, act: PageAct) -> Button:
        button: Button
        if act.is_main:
            button = PrimaryButton(self._look, "", icon=act.icon, height=48, px=17)
        else:
            button = SecondaryButton(self._look, "", icon=act.icon or None, key=act.key or "")
        button.clicked.connect(act.do)
        self.head.add_button(button)
        return button

    # -- what it is put together of ----------------------------------------------------------------------------------

    def add_part(self, part: QWidget | QLayout, stretch: int = 0, *, inset: bool = True, gap: int = 12) -> None:
        """Put a part below the others, with a `gap` in drawn px; one that is not `inset` is as wide as the page."""
        around = QVBoxLayout()
        set_scaled_margins(self._look, around, (style.PAGE, gap, style.PAGE, 0) if inset else (0, gap, 0, 0))
        if isinstance(part, QWidget):
            around.addWidget(part)
        else:
            around.addLayout(part)
        self._column.addLayout(around, stretch)

    def add_tools(self, *left: QWidget, right: Sequence[QWidget] = (), grow: QWidget | None = None) -> None:
        """Put what is chosen on the page into the row below the head; `grow` takes what room is left there."""
        self.tools.add_tools(*left, right=right, grow=grow)
        self.tools.show()

    def lend_head_and_tools(self) -> tuple[PageHead, ToolRow]:
        """Give head and tools away to a section, which shows them over all its pages at the same place."""
        self._head_ground.hide()
        return self.head, self.tools

    def connect_paper_signals(self, papers: page_controller.PaperSaverAndPrinter, *buttons: Button) -> None:
        """Report on what is saved and printed; `buttons` are busy meanwhile."""
        papers.saved.connect(self.show_saved_file)
        papers.printed.connect(self.say_printed)
        papers.refused.connect(self.show_act_warning)
        for button in buttons:
            papers.busy_changed.connect(button.set_busy)

    # -- what is said ------------------------------------------------------------------------------------------------

    def show_head(self) -> None:
        self.head.set_title(self._spec.title())
        self.head.set_subtitle(self._spec.line())
        self.refresh_act_buttons()

    def state_to_restore(self) -> Any:
        """Return what is chosen on the page, for `restore_state` of one made anew; None while it must stay."""
        return ()

    def restore_state(self, left: Any) -> None:
        """Show what was chosen before."""

    def refresh_act_buttons(self) -> None:
        for act, button in zip(self._spec.acts, self.buttons, strict=True):
            button.setText(act.text())
            button.setVisible(act.offered())
            if act.can is not None:
                button.setEnabled(act.can())
            if act.tip is not None:
                button.setToolTip(act.tip())

    def show_warning(self, trouble: QueueDeskError) -> None:
        self.banner.warn(error_sentence(trouble))
        self._warned_of = trouble.code

    @property
    def tells_of_hall_away(self) -> bool:
        return self._warned_of.startswith("database_") and not self.banner.isHidden()

    def show_act_warning(self, _what: object, trouble: QueueDeskError) -> None:
        self.show_warning(trouble)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def open_question(self, dialog: Dialog) -> None:
        """Ask over the page, until it is left or answered."""
        self.dialog = dialog
        dialog.refused.connect(self._forget_question)
        dialog.open_dialog()

    def close_question(self) -> None:
        """Close the question, if one is open: what it asked for is done."""
        if self.dialog is not None:
            self.dialog.close_dialog()
            self.dialog = None

    def _forget_question(self) -> None:
        self.dialog = None

    def show_refusal(self, trouble: QueueDeskError) -> None:
        """Say why something was not done: in the question that asked for it, else below the head."""
        if self.dialog is None:
            self.show_warning(trouble)
        else:
            self.dialog.show_trouble(trouble)

    def show_act_refusal(self, _what: object, trouble: QueueDeskError) -> None:
        """Say why one of a controller's acts was not done. A method, as a signal would hold what a function holds."""
        self.show_refusal(trouble)

    # -- files and paper ---------------------------------------------------------------------------------------------

    def show_saved_file(self, path: Path) -> None:
        """Say where a file was saved; the notice of the station offers to open its folder."""
        self.said.emit(_("Saved as {file}", file=str(path)), "save")
        self.offer_act_in_toast(_("Open the folder"), partial(open_folder, path.parent))

    def offer_act_in_toast(self, word: str, do: Callable[[], object]) -> None:
        """Put a word that does something beside what was just said."""
        for toast in self.host_widget.findChildren(Toast):
            if toast.isVisible():
                toast.offer_action(word, do)

    def say_printed(self) -> None:
        self.said.emit(_("Sent to the printer"), "print")

    @property
    def host_widget(self) -> QWidget:
        """The whole station's page, which a question dims."""
        return frame.station_page_of_widget(self) or self.window()

    def open_file_kind_menu(
        self,
        under: QWidget,
        endings: Sequence[str],
        save: Callable[[str], object],
        *more: tuple[str, Callable[[], object]],
    ) -> None:
        """Ask for the kind of file to save, or for `more` that is saved from here."""
        words = {
            "xlsx": _("As a workbook (.xlsx)"),
            "csv": _("As a table (.csv)"),
            "pdf": _("As a page to print (.pdf)"),
        }
        self.open_menu(under, [*((words[ending], partial(save, ending)) for ending in endings), *more])

    # -- files that are dropped or chosen ----------------------------------------------------------------------------

    def accept_files(self, take: Callable[[Path], object]) -> None:
        """Accept a file dropped here, or chosen by ask_file()."""
        self._take_file = take
        self.setAcceptDrops(True)

    def ask_file(self) -> None:
        """Ask which file to read."""
        from PySide6.QtWidgets import QFileDialog  # Of no use to the pages that open first.

        name, _kind = QFileDialog.getOpenFileName(self.window(), _("Which file?"), "", TABLES)
        if name and self._take_file is not None:
            self._take_file(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _single_dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _single_dropped_file(event)
        if path is not None and self._take_file is not None:
            # The file stays where it is, also where moving it was proposed.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._take_file(path)


def _single_dropped_file(event: QDropEvent) -> Path | None:
    """Return the one file that is dragged, None for anything else."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
