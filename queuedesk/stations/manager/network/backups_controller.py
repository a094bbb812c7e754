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
from queuedesk.stations.window.context import Answer, Care, ServiceDocument, StationContext

ASK_MS = 250
RESTORE, MERGE, CHECK = "restore", "merge", "check"


class RestorePreview(Struct, frozen=True, kw_only=True):
    """A file to restore (RESTORE) or merge (MERGE): what it would change, then what it did. For a CHECK it is the hall
    itself, and `path` the backup to repair it from, if any."""

    kind: str
    path: Path
    seen: ServiceDocument
    done: ServiceDocument | None = None

    @property
    def names_other_hall(self) -> bool:
        """Whether a hall that the file lacks would be lost."""
        return any(row["state"] in ("gone", "other") for row in self.seen["halls"])


class BackupsController(PageController[ServiceDocument]):
    """`changed`: the known state is different; `told`: what was done to what; `refused`: trouble and its subject."""

    KEEPS = timedelta(seconds=20)
    told = Signal(str, dict)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.looked: RestorePreview | None = None
        self._answer: Answer | None = None
        self._asks = QTimer(self)
        self._asks.setInterval(ASK_MS)
        self._asks.timeout.connect(self._look_for_answer)
        # What was put back is another database: what is read at that moment finds none.
        context.feed.replaced.connect(self._look_if_known)
        context.feed.back.connect(self._look_if_known)

    @staticmethod
    def is_offered(context: StationContext) -> bool:
        return context.services.care is not None

    @property
    def _care(self) -> Care:
        care = self.context.services.care
        assert care is not None  # else the page is not offered
        return care

    # -- what is known -----------------------------------------------------------------------------------------------

    def _reader(self) -> Callable[[], ServiceDocument]:
        return self._care.look

    def _look_if_known(self) -> None:
        if self.found is not None:
            self.refresh(anew=True)

    def _not_read(self, trouble: QueueDeskError) -> None:
        if self.found is None:
            self.refused.emit("look", trouble)

    # -- backups -----------------------------------------------------------------------------------------------------

    def back_up_now(self) -> None:
        """Make a backup now and prove it, in a process of its own."""
        make, ask = self._care.back_up_now, self._ask()
        self.start("now", lambda: make(ask), self._wait_for, is_long=True)

    def choose(self, folder: str) -> None:
        """Keep backups there from now on, "" for beside the hall, and make one there."""
        choose, ask = self._care.choose, self._ask()
        self.start("choose", lambda: choose(ask, folder), self._wait_for, is_long=True)

    def _wait_for(self, answer: Answer) -> None:
        self._answer = answer
        self._set_busy("now")
        self._asks.start()

    def _look_for_answer(self) -> None:
        document = self._answer() if self._answer is not None else None
        if document is None:
            return
        self._asks.stop()
        self._answer = None
        self._set_busy("")
        self.told.emit("now", dict(document))
        self.refresh(anew=True)

    def save_backup(self, path: Path) -> None:
        save, ask = self._care.save_backup, self._ask()
        self.start("save", lambda: save(ask, path), partial(self._saved, "save"), is_long=True)

    def export_log(self, path: Path) -> None:
        """Write the hall's log for another database."""
        export, ask = self._care.export_log, self._ask()
        self.start("export", lambda: export(ask, path), partial(self._saved, "export"), is_long=True)

    def _saved(self, what: str, path: Path) -> None:
        self.told.emit(what, {"file": str(path)})

    # -- looking first -----------------------------------------------------------------------------------------------

    def look_into(self, kind: str, path: Path) -> None:
        """Find out what a file would change; nothing is done."""
        preview, ask = self._care.preview_restore if kind == RESTORE else self._care.preview_merge, self._ask()

        def seen(found: ServiceDocument) -> None:
            self.looked = RestorePreview(kind=kind, path=path, seen=found)
            self.changed.emit()

        self.start(kind, lambda: preview(ask, path), seen, is_long=True)

    def check(self) -> None:
        """Check everything that the hall holds, as `doctor` does, and find out what could be repaired."""
        check, ask = self._care.check_hall, self._ask()

        def seen(found: ServiceDocument) -> None:
            self.looked = RestorePreview(kind=CHECK, path=Path(found["backup"] or ""), seen=found)
            self.changed.emit()

        self.start(CHECK, lambda: check(ask), seen, is_long=True)

    def leave(self) -> None:
        self.looked = None
        self.changed.emit()

    def go_on(self) -> None:
        looked = self.looked
        if looked is None or looked.done is not None:
            return
        care, ask = self._care, self._ask()

        def act() -> ServiceDocument:
            if looked.kind == RESTORE:
                return care.restore(ask, looked.path, other_hall=looked.names_other_hall)
            return (care.merge_log if looked.kind == MERGE else care.mend_hall)(ask, looked.path)

        def done(document: ServiceDocument) -> None:
            self.looked = RestorePreview(kind=looked.kind, path=looked.path, seen=looked.seen, done=document)
            self.changed.emit()
            self.refresh(anew=True)

        self.start(f"do-{looked.kind}", act, done, is_long=True)

    # -- the day, the hall beside ------------------------------------------------------------------------------------

    def end_day(self) -> None:
        """End today's tickets and close every window."""
        context, ask = self.context, self._ask(is_command=True)
        self.start("day-end", lambda: clocks.end_today(context.desk, ask), partial(self.told.emit, "day-end"))

    def add_hall(self, preset: str, code: str, name: str) -> None:
        add, ask = self._care.add_hall, self._ask()
        self.start("hall", lambda: add(ask, preset, code, name), partial(self.told.emit, "hall"), is_long=True)

    # -- running -----------------------------------------------------------------------------------------------------

    def _ask(self, *, is_command: bool = False) -> Ask:
        ask = self.context.ask()
        # What is no command of the hall has no id of its own: its answer is kept nowhere.
        return ask if is_command else Ask(ask.who, ask.now, reading=ask.reading)
