"""The frame of a manager's page: head with buttons, a row of choices, a banner for refusals, a table or other parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic

from msgspec import Struct
from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLayout, QMenu, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.i18n.moments import month_long
from queuedesk.stations.manager.parts.page_controller import MonthTurning, PaperController
from queuedesk.stations.manager.parts.page_head import PageHead, ToolRow
from queuedesk.stations.manager.parts.table import ListCard, R, TableSpec
from queuedesk.stations.widgets.buttons import Button, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.strips import Banner, Toast
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.page import page_of
from queuedesk.stations.window.style import PAGE, Look

if TYPE_CHECKING:
    from queuedesk.stations.widgets.questions.dialogs import Dialog

TABLES = "CSV, Excel (*.csv *.txt *.xlsx *.xlsm)"
TOP, MENU_GAP = 16, 4
Words = Callable[[], str]


def open_folder(folder: Path) -> None:
    """Show a folder in the system's own window of files."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _always() -> bool:
    return True


class Act(Struct, frozen=True, kw_only=True):
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
    offered: Callable[[], bool] = _always
    can: Callable[[], bool] | None = None


def month_acts(shown: MonthTurning) -> tuple[Act, Act]:
    """Return the keys that turn to the month before and the month after, with their names."""
    return (
        Act(
            text=lambda: month_long(shown.month - timedelta(days=1)),
            do=lambda: shown.turn(-1),
            icon="arrow-left",
            can=lambda: shown.has_earlier,
        ),
        Act(
            text=lambda: month_long(shown.month + timedelta(days=31)),
            do=lambda: shown.turn(1),
            icon="arrow-right",
            offered=lambda: shown.has_later,
        ),
    )


class PageSpec(Struct, frozen=True, kw_only=True):
    """A page: title and line of its head, and its acts in order. `foot` is the room below its content, in drawn px;
    with `names` the title is what people typed."""

    title: Words = str
    line: Words = str
    acts: Sequence[Act] = ()
    foot: int = 20
    names: bool = False


class OpensMenus(QWidget):
    """A page with menus under its buttons."""

    _menu: QMenu | None = None

    def pop(
        self,
        under: QWidget,
        entries: Sequence[tuple[str, Callable[[], object]]],
        *,
        ticked: int | None = None,
        at: QPoint | None = None,
    ) -> None:
        """Open a menu under a button, or `at` a place on it: each entry's text and act, and which of them is
        current."""
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


class Page(OpensMenus):
    """`said` is a notice with its icon. `buttons` are the head's in their order, `dialog` is the question over the
    page, None while there is none."""

    said = Signal(str, str)
    dialog: Any = None

    def __init__(self, look: Look, spec: PageSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._spec = look, spec
        self._take_file: Callable[[Path], object] | None = None
        self._kinds = TABLES
        self.head = PageHead(look, names=spec.names)
        self.banner = Banner(look)
        self.banner.hide()
        self.buttons = [self._button(act) for act in spec.acts]
        self.hall_acts: tuple[Button, ...] = tuple(
            button for act, button in zip(spec.acts, self.buttons, strict=True) if act.changes_hall
        )
        self.tools = ToolRow(look)
        self._column, self._head_ground = QVBoxLayout(self), QWidget()
        spread(look, self._column, (0, 0, 0, spec.foot))
        top = QVBoxLayout(self._head_ground)
        spread(look, top, (PAGE, TOP, PAGE, 0), 10)
        top.addWidget(self.head)
        top.addWidget(self.tools)
        self.tools.hide()
        self._column.addWidget(self._head_ground)
        said = QVBoxLayout()
        spread(look, said, (PAGE, 0, PAGE, 0), 12)
        said.addWidget(QWidget())  # so that there is a gap over the banner, and none without it
        said.addWidget(self.banner)
        self._column.addLayout(said)
        self.show_head()

    def _button(self, act: Act) -> Button:
        button: Button
        if act.is_main:
            button = PrimaryButton(self._look, "", icon=act.icon, height=48, px=17)
        else:
            button = SecondaryButton(self._look, "", icon=act.icon or None, key=act.key or "")
        button.clicked.connect(act.do)
        self.head.add_button(button)
        return button

    # -- what it is put together of ----------------------------------------------------------------------------------

    def put(self, part: QWidget | QLayout, stretch: int = 0, *, inset: bool = True, gap: int = 12) -> None:
        """Put a part below the others, with a `gap` in drawn px; one that is not `inset` is as wide as the page."""
        around = QVBoxLayout()
        spread(self._look, around, (PAGE, gap, PAGE, 0) if inset else (0, gap, 0, 0))
        if isinstance(part, QWidget):
            around.addWidget(part)
        else:
            around.addLayout(part)
        self._column.addLayout(around, stretch)

    def put_tools(self, *left: QWidget, right: Sequence[QWidget] = (), grow: QWidget | None = None) -> None:
        """Put what is chosen on the page into the row below the head; `grow` takes what room is left there."""
        self.tools.put(*left, right=right, grow=grow)
        self.tools.show()

    def lend_head(self) -> tuple[PageHead, ToolRow]:
        """Give head and tools away to a section, which shows them over all its pages at the same place."""
        self._head_ground.hide()
        return self.head, self.tools

    def follow_papers(self, controller: PaperController, *buttons: Button) -> None:
        """Report on papers that the controller saves and prints; `buttons` are busy meanwhile."""
        controller.saved.connect(self.say_saved)
        controller.printed.connect(self.say_printed)
        controller.refused.connect(self.warn)
        for button in buttons:
            controller.busy_changed.connect(button.set_busy)

    # -- what is said ------------------------------------------------------------------------------------------------

    def show_head(self) -> None:
        """Show title, line and acts as the specification has them now."""
        self.head.set_title(self._spec.title())
        self.head.set_line(self._spec.line())
        self.offer_acts()

    def left_as(self) -> Any:
        """Return what is chosen on the page, for `take_up` of one made anew; None while it must stay."""
        return ()

    def take_up(self, left: Any) -> None:
        """Show what was chosen before."""

    def offer_acts(self) -> None:
        """Show the acts that are there for who is here now, with their words."""
        for act, button in zip(self._spec.acts, self.buttons, strict=True):
            button.setText(act.text())
            button.setVisible(act.offered())
            if act.can is not None:
                button.setEnabled(act.can())
            if act.tip is not None:
                button.setToolTip(act.tip())

    def warn(self, trouble: QueueDeskError) -> None:
        """Show below the head why something was not done."""
        self.banner.warn(say(trouble))

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

    def refuse(self, trouble: QueueDeskError) -> None:
        """Say why something was not done: in the question that asked for it, else below the head."""
        if self.dialog is None:
            self.warn(trouble)
        else:
            self.dialog.show_trouble(trouble)

    def refuse_act(self, _what: object, trouble: QueueDeskError) -> None:
        """Say why one of a controller's acts was not done. A method, as a signal would hold what a function holds."""
        self.refuse(trouble)

    # -- files and paper ---------------------------------------------------------------------------------------------

    def say_saved(self, path: Path) -> None:
        """Say where a file was saved; the notice of the station offers to open its folder."""
        self.said.emit(_("Saved as {file}", file=str(path)), "save")
        self.offer(_("Open the folder"), partial(open_folder, path.parent))

    def offer(self, word: str, do: Callable[[], object]) -> None:
        """Put a word that does something beside what was just said."""
        for toast in self.host.findChildren(Toast):
            if toast.isVisible():
                toast.offer(word, do)

    def say_printed(self) -> None:
        self.said.emit(_("Sent to the printer"), "print")

    @property
    def host(self) -> QWidget:
        """The whole station's page, which a question dims."""
        return page_of(self) or self.window()

    def ask_ending(
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
        self.pop(under, [*((words[ending], partial(save, ending)) for ending in endings), *more])

    # -- files that are dropped or chosen ----------------------------------------------------------------------------

    def take_files(self, take: Callable[[Path], object], kinds: str = TABLES) -> None:
        """Accept a file dropped here, or chosen by ask_file()."""
        self._take_file, self._kinds = take, kinds
        self.setAcceptDrops(True)

    def ask_file(self) -> None:
        """Ask which file to read."""
        from PySide6.QtWidgets import QFileDialog  # Of no use to the pages that open first.

        name, _kind = QFileDialog.getOpenFileName(self.window(), _("Which file?"), "", self._kinds)
        if name and self._take_file is not None:
            self._take_file(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None and self._take_file is not None:
            # The file stays where it is, also where moving it was proposed.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._take_file(path)


def _dropped(event: QDropEvent) -> Path | None:
    """Return the one file that is dragged, None for anything else."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


class ListSpec(TableSpec[R], frozen=True, kw_only=True):
    """The table of a page: its rows at a moment, and an icon and two sentences for when there are none, with the word
    of a button that leads on."""

    rows: Callable[[datetime], Sequence[R]]
    icon: str
    empty: Callable[[], tuple[str, ...]]


class TablePage(Page, Generic[R]):
    """A page with one table, filled by its specification; a table that says how many rows are seen leaves the rest of
    the height to what is put below it."""

    def __init__(self, look: Look, spec: PageSpec, table: ListSpec[R], parent: QWidget | None = None) -> None:
        super().__init__(look, spec, parent)
        self._list = table
        self.list: ListCard[R] = ListCard(look, table, table.icon)
        self.table, self.empty = self.list.table, self.list.empty
        self.list.say_empty(*table.empty())
        self.put(self.list, 0 if table.rows_seen else 1)

    def refresh(self, now: datetime) -> None:
        """Show the rows of this moment."""
        self.list.show_rows(self._list.rows(now))
