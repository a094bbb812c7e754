"""A page for figures from somebody's table: choose a file, preview it, import it, correct rows, save it; and what reads
them and does that beside the window."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.i18n import _
from queuedesk.stations.manager.parts import page, page_controller
from queuedesk.stations.manager.parts import table as row_tables
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

R = TypeVar("R")
C = TypeVar("C")


class FigureImportSpec(Struct, Generic[R, C], frozen=True, kw_only=True):
    """Figures that come from files, and stand as `nothing` before they are read. `kind` is the kind of event after
    which they are read again by `read`; `read_file` reads a file for its preview. Both run beside the window.
    `take_over` imports what was previewed by an act "import" of the controller, and `save` writes everything into the
    folder of reports, as a file of that ending."""

    kind: str
    nothing: R
    read: Callable[[StationContext], R]
    read_file: Callable[[StationContext, Path], C]
    take_over: Callable[[FigureImportController[R, C], C], None]
    save: Callable[[FigureImportController[R, C], str], None]


class FigureImportController(page_controller.PageController[R], Generic[R, C]):
    """`found` are the log's figures, `coming` those of the previewed `file` or None. `failed`: trouble with a file;
    `saved`: the file written."""

    failed = Signal(object)
    saved = Signal(object)

    def __init__(self, context: StationContext, spec: FigureImportSpec[R, C], parent: QObject | None = None) -> None:
        super().__init__(context, parent, is_long=True)
        self._spec = spec
        self.found: R = spec.nothing
        self.coming: C | None = None
        self.file = Path()
        self.unread.connect(self.failed)
        self.done.connect(self._refresh_after_act)

    def import_previewed(self) -> None:
        if self.coming is not None:
            self._spec.take_over(self, self.coming)

    def save_figures_as_file(self, ending: str) -> None:
        """Write everything into the folder of reports, as a file of that kind."""
        self._spec.save(self, ending)

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    # -- reading -----------------------------------------------------------------------------------------------------

    def _read_function(self) -> Callable[[], R]:
        return partial(self._spec.read, self.context)

    def refresh_if_never_read(self) -> None:
        if self._looked is None:
            self.refresh()

    def _store_found(self, found: R) -> None:
        self.found = found
        self.changed.emit()

    def open_file(self, path: Path) -> None:
        """Read a file for a preview; nothing is imported."""

        def show_preview(coming: C) -> None:
            self.coming, self.file = coming, path
            self.changed.emit()

        self.refresh_if_never_read()
        reading = partial(self._spec.read_file, self.context, path)
        self.context.tasks.run_in_long_work_lane(reading, show_preview, self.failed.emit, may_drop=True)

    def discard_import_preview(self) -> None:
        self.coming = None
        self.changed.emit()

    def write(self, name: str, write: Callable[[Path], object]) -> None:
        """Have `write` make a file in the folder of reports, replacing an earlier one of that name."""
        page_controller.start_writing_to_reports_folder(self.context, name, write, self.saved.emit, self.failed.emit)

    def follow_events(self, events: list[Event]) -> None:
        """Read again what events of the hall have changed."""
        if any(event.kind in (self._spec.kind, "set-up") for event in events):
            self.refresh_if_loaded()

    def refresh_if_loaded(self) -> None:
        if self._looked is not None:
            self.refresh(anew=True)

    def _refresh_after_act(self, verb: str, _document: object) -> None:
        if verb == "import":
            self.coming = None
        self.refresh(anew=True)


class ImportPreviewStrip(paint.FollowsLook, QWidget):
    """Says what a file would add, and asks whether to import it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self.text = panels.Label(look, px=17, bold=True, wrap=True)
        self.second = panels.Label(look, px=15, token="ink2", wrap=True)
        self.no_button = buttons.SecondaryButton(look, _("Leave it out"), height=48, px=17)
        self.yes_button = buttons.PrimaryButton(look, _("Import", context="table"), height=48, px=17)
        words = QVBoxLayout()
        panels.set_scaled_margins(look, words, spacing=2)
        words.addWidget(self.text)
        words.addWidget(self.second)
        row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, (20, 12, 12, 12), 12)
        row.addLayout(words, 1)
        row.addWidget(self.no_button)
        row.addWidget(self.yes_button)
        self.hide()

    def set_texts(self, text: str, second: str) -> None:
        self.text.setText(text)
        self.second.setText(second)
        self.second.setVisible(bool(second))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).draw_box(self.rect().toRectF(), 12, "bluebg", edge="blue")


class FigureImportPage(page.ManagerPage):
    """A page that imports figures. A subclass fills `body`, words the preview, and asks for one figure at a time."""

    def __init__(
        self,
        look: Look,
        controller: FigureImportController[Any, Any],
        *,
        title: page.Words,
        line: page.Words,
        endings: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        spec = page.PageSpec(
            title=title,
            line=line,
            acts=(
                page.PageAct(text=lambda: _("Save", context="table"), do=self._ask_file_format, icon="save"),
                page.PageAct(text=lambda: _("Choose a file …"), do=self.ask_file, icon="folder", changes_hall=True),
                page.PageAct(
                    text=lambda: _("Add", context="table"),
                    do=self.ask_new_entry,
                    icon="plus",
                    is_main=True,
                    changes_hall=True,
                ),
            ),
        )
        super().__init__(look, spec, parent)
        self._intake, self._endings = controller, endings
        self.save_button, self.file_button, self.add_button = self.buttons
        self.preview = ImportPreviewStrip(look)
        self.empty = panels.EmptyState(look, "document")
        self.hall_acts = (*self.hall_acts, self.preview.yes_button, self.empty.button)
        self.body = QWidget()
        self.area = panels.VerticalScrollArea(self.body, keys=True)
        self._stack = QStackedWidget()
        self._stack.addWidget(panels.EmptyStateCard(look, self.empty))
        self._stack.addWidget(self.area)
        parts = QVBoxLayout()
        panels.set_scaled_margins(look, parts, spacing=12)
        parts.addWidget(self.preview)
        parts.addWidget(self._stack, 1)
        self.add_part(parts, 1)
        self.accept_files(self.open_file)
        self.empty.acted.connect(self.ask_file)
        self.preview.yes_button.clicked.connect(controller.import_previewed)
        self.preview.no_button.clicked.connect(controller.discard_import_preview)
        controller.failed.connect(self.show_trouble_text)
        controller.refused.connect(self._show_refusal)
        controller.done.connect(self._on_act_done)
        controller.saved.connect(self.show_saved_file)
        for button in (self.preview.yes_button, self.add_button):
            controller.busy_changed.connect(button.set_busy)
        # By the page, which may be let go: nothing is read for one that is not there.
        feed = controller.context.feed
        feed.changed.connect(self._pass_events_to_intake)
        for came in (feed.replaced, feed.back):
            came.connect(self._read_again)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    @abstractmethod
    def ask_new_entry(self) -> None:
        """Ask for another figure."""

    @abstractmethod
    def save_typed(self, typed: Any) -> None:
        """Enter what was typed into the dialog."""

    @abstractmethod
    def removal_message(self, document: dict[str, Any]) -> str:
        """Return the message after a figure was removed."""

    def open_fields_dialog(self, dialog: FieldsDialog) -> None:
        self.banner.hide()
        dialog.wanted.connect(self.save_typed)
        dialog.removal_wanted.connect(self.close_question)
        self.open_question(dialog)

    def show_figures_or_empty(self, there: bool) -> None:
        self._stack.setCurrentIndex(int(there))

    def _pass_events_to_intake(self, events: list[Event]) -> None:
        self._intake.follow_events(events)

    def _read_again(self) -> None:
        self._intake.refresh_if_loaded()

    # -- what happens ------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        self.banner.hide()
        self._intake.open_file(path)

    def _on_act_done(self, verb: str, document: dict[str, Any]) -> None:
        if verb == "set":
            self.close_question()
        elif verb == "import":
            self.said.emit(_("Imported"), "check")
        elif verb == "remove":
            self.said.emit(self.removal_message(document), "check")

    def _show_refusal(self, verb: str, trouble: QueueDeskError) -> None:
        if verb == "set" and self.dialog is not None:
            self.dialog.show_trouble(trouble)
        else:
            self.show_trouble_text(trouble)

    def show_trouble_text(self, trouble: QueueDeskError) -> None:
        """Show why nothing was done: each bad line of a file, else beside the act."""
        if trouble.code == "bad_rows":
            row_tables.RefusedFileDialog(self.host_widget, self._look, trouble).open_dialog()
            return
        self.show_warning(trouble)

    def _ask_file_format(self) -> None:
        self.open_file_kind_menu(self.save_button, self._endings, self._intake.save_figures_as_file)
