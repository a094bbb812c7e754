"""Makes, checks and restores backups, saves and merges logs, and ends the day, all beside the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import clocks
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.window.context import Answer, HallDataCare, ServiceDocument, StationContext

ASK_MS = 250
RESTORE, MERGE, CHECK = "restore", "merge", "check"


class RestoreMergeOrCheckPreview(Struct, frozen=True, kw_only=True):
    """A file to restore (RESTORE) or merge (MERGE): what it would change, then what it did. For a CHECK it is the hall
    itself, and `path` the backup to repair it from, if any."""

    kind: str
    path: Path
    seen: ServiceDocument
    done: ServiceDocument | None = None

    @property
    def has_halls_to_be_lost(self) -> bool:
        """Whether a hall that the file lacks would be lost."""
        return any(row["state"] in ("gone", "other") for row in self.seen["halls"])


class BackupsController(PageController[ServiceDocument]):
    """`changed`: the known state is different; `told`: what was done to what; `refused`: trouble and its subject."""

    KEEPS = timedelta(seconds=20)
    told = Signal(str, dict)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.looked: RestoreMergeOrCheckPreview | None = None
        self._answer: Answer | None = None
        self._asks = QTimer(self)
        self._asks.setInterval(ASK_MS)
        self._asks.timeout.connect(self._check_for_answer)
        # What was put back is another database: what is read at that moment finds none.
        context.feed.replaced.connect(self._refresh_if_loaded)
        context.feed.back.connect(self._refresh_if_loaded)

    @staticmethod
    def is_offered(context: StationContext) -> bool:
        return context.services.care is not None

    @property
    def _backup_service(self) -> HallDataCare:
        care = self.context.services.care
        assert care is not None  # else the page is not offered
        return care

    # -- what is known -----------------------------------------------------------------------------------------------

    def _read_function(self) -> Callable[[], ServiceDocument]:
        return self._backup_service.backups_overview

    def _refresh_if_loaded(self) -> None:
        if self.found is not None:
            self.refresh(anew=True)

    def _on_read_failed(self, trouble: QueueDeskError) -> None:
        if self.found is None:
            self.refused.emit("look", trouble)

    # -- backups -----------------------------------------------------------------------------------------------------

    def start_backup_now(self) -> None:
        """Make a backup now and prove it, in a process of its own."""
        make, ask = self._backup_service.start_backup_now, self._new_ask_with_id_if_command()
        self.start_unless_busy("now", lambda: make(ask), self._poll_for_answer, is_long=True)

    def choose_backup_folder(self, folder: str) -> None:
        """Keep backups there from now on, "" for beside the hall, and make one there."""
        choose, ask = self._backup_service.choose_folder_and_back_up, self._new_ask_with_id_if_command()
        self.start_unless_busy("choose", lambda: choose(ask, folder), self._poll_for_answer, is_long=True)

    def _poll_for_answer(self, answer: Answer) -> None:
        self._answer = answer
        self._set_busy_and_emit("now")
        self._asks.start()

    def _check_for_answer(self) -> None:
        document = self._answer() if self._answer is not None else None
        if document is None:
            return
        self._asks.stop()
        self._answer = None
        self._set_busy_and_emit("")
        self.told.emit("now", dict(document))
        self.refresh(anew=True)

    def write_manual_backup(self, path: Path) -> None:
        save, ask = self._backup_service.write_manual_backup, self._new_ask_with_id_if_command()
        self.start_unless_busy("save", lambda: save(ask, path), partial(self._tell_saved_file, "save"), is_long=True)

    def export_log(self, path: Path) -> None:
        """Write the hall's log for another database."""
        export, ask = self._backup_service.export_log, self._new_ask_with_id_if_command()
        self.start_unless_busy(
            "export", lambda: export(ask, path), partial(self._tell_saved_file, "export"), is_long=True
        )

    def _tell_saved_file(self, what: str, path: Path) -> None:
        self.told.emit(what, {"file": str(path)})

    # -- looking first -----------------------------------------------------------------------------------------------

    def examine_file(self, kind: str, path: Path) -> None:
        """Find out what a file would change; nothing is done."""
        preview, ask = (
            self._backup_service.preview_restore if kind == RESTORE else self._backup_service.preview_merge,
            self._new_ask_with_id_if_command(),
        )

        def on_examined(found: ServiceDocument) -> None:
            self.looked = RestoreMergeOrCheckPreview(kind=kind, path=path, seen=found)
            self.changed.emit()

        self.start_unless_busy(kind, lambda: preview(ask, path), on_examined, is_long=True)

    def check_hall_data(self) -> None:
        """Check everything that the hall holds, as `doctor` does, and find out what could be repaired."""
        check, ask = self._backup_service.check_hall_data, self._new_ask_with_id_if_command()

        def on_checked(found: ServiceDocument) -> None:
            self.looked = RestoreMergeOrCheckPreview(kind=CHECK, path=Path(found["backup"] or ""), seen=found)
            self.changed.emit()

        self.start_unless_busy(CHECK, lambda: check(ask), on_checked, is_long=True)

    def leave_preview(self) -> None:
        self.looked = None
        self.changed.emit()

    def carry_out_previewed(self) -> None:
        looked = self.looked
        if looked is None or looked.done is not None:
            return
        care, ask = self._backup_service, self._new_ask_with_id_if_command()

        def run_previewed_restore_merge_repair() -> ServiceDocument:
            if looked.kind == RESTORE:
                return care.restore(ask, looked.path, other_hall=looked.has_halls_to_be_lost)
            return (care.merge_log if looked.kind == MERGE else care.repair_hall_data)(ask, looked.path)

        def done(document: ServiceDocument) -> None:
            self.looked = RestoreMergeOrCheckPreview(
                kind=looked.kind, path=looked.path, seen=looked.seen, done=document
            )
            self.changed.emit()
            self.refresh(anew=True)

        self.start_unless_busy(f"do-{looked.kind}", run_previewed_restore_merge_repair, done, is_long=True)

    # -- the day, the hall beside ------------------------------------------------------------------------------------

    def end_day(self) -> None:
        """End today's tickets and close every window."""
        context, ask = self.context, self._new_ask_with_id_if_command(is_command=True)
        self.start_unless_busy(
            "day-end", lambda: clocks.end_today(context.desk, ask), partial(self.told.emit, "day-end")
        )

    def add_hall(self, preset: str, code: str, name: str) -> None:
        add, ask = self._backup_service.add_hall, self._new_ask_with_id_if_command()
        self.start_unless_busy(
            "hall", lambda: add(ask, preset, code, name), partial(self.told.emit, "hall"), is_long=True
        )

    # -- running -----------------------------------------------------------------------------------------------------

    def _new_ask_with_id_if_command(self, *, is_command: bool = False) -> Ask:
        ask = self.context.new_ask()
        # What is no command of the hall has no id of its own: its answer is kept nowhere.
        return ask if is_command else Ask(ask.who, ask.now, reading=ask.reading)
