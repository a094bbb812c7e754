"""Care for the hall's data, for the manager's station: backups, restoring, repair, logs, and halls beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.app.services import kept_reports
from queuedesk.app.services.repeated_work import BACKUPS_NOW
from queuedesk.app.station import own_hall
from queuedesk.app.station.processes import BackgroundCommand
from queuedesk.cli.job import read_json
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, network, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.setting_up import system_timezone
from queuedesk.desk.upkeep import examining, maintenance
from queuedesk.desk.upkeep.maintenance import PersonRestoringAtStation, restore_on_server
from queuedesk.i18n import current_language, error_sentence
from queuedesk.i18n.preview_words import doctor_finding_text, repair_plan_lines
from queuedesk.paths import resource_path
from queuedesk.store.engine.database import Database

Document = dict[str, Any]
Answer = Callable[[], Mapping[str, Any] | None]


class HallDataMaintenance:
    """Cares for the data of the hall at `place`, a file or a server's address; `station` is where people sign in here.
    What only the database's owner may do is done as the owner where this PC shares the hall, as the commands do it."""

    def __init__(
        self,
        desk: Desk,
        place: str,
        station: str,
        clock: Callable[[], datetime],
        start: Callable[[Sequence[str]], BackgroundCommand] = BackgroundCommand,
    ) -> None:
        self._desk, self._place, self._station = desk, place, station
        self._clock, self._start = clock, start

    def backups_overview(self) -> Document:
        """Return what `backups list` does, and "hall", this hall's code, "is_here", whether its backups are made and
        restored on this PC, and "takes_halls", whether more halls may be added to its database. On other PCs it holds
        only what is known of this hall's backups. Raises OutsideError."""
        code = looking.setup_of_hall(self._desk).hall.code
        with self.database_as_owner() as db:
            if not maintenance.is_owner_login(db):
                return kept_reports.backups_document_of_joined_pc(db) | {
                    "hall": code,
                    "is_here": False,
                    "takes_halls": False,
                }
            return kept_reports.backups_document(db) | {"hall": code, "is_here": True, "takes_halls": db.is_shared}

    # -- backups -----------------------------------------------------------------------------------------------------

    def start_backup_now(self, ask: Ask) -> Answer:
        """Start making and checking a backup in its own process; return a function that gives the document of `backups
        due` when done. Raises RuleError "not_your_role", OutsideError "cannot_write"."""
        ask.who.require_may("backups")
        named = [] if self._is_main_pc() else ["--db", self._place]
        running = self._start([*named, "--lang", current_language(), *BACKUPS_NOW])

        def backup_result_once_ended() -> Document | None:
            said = running.output_if_ended()
            return None if said is None else _parsed_command_result(said)

        return backup_result_once_ended

    def choose_folder_and_back_up(self, ask: Ask, folder: str) -> Answer:
        """Keep backups in `folder` from now on, "" for beside the hall, and start making one there. Raises as
        choose_folder_and_back_up() and start_backup_now()."""
        with self.database_as_owner() as db:
            maintenance.backup_notes_of_real_halls(db)
            kept_reports.choose_backup_folder(db, ask, folder)
        return self.start_backup_now(ask)

    def write_manual_backup(self, ask: Ask, path: Path) -> Path:
        """Write one backup by hand, as `backup` does. Raises as write_database_backup()."""
        with self.database_as_owner() as db:
            if not maintenance.is_owner_login(db):
                network.require_own_hall(self._desk)
            return maintenance.write_database_backup(db, ask.who, path, ask.now)

    # -- putting one back --------------------------------------------------------------------------------------------

    def preview_restore(self, ask: Ask, file: Path) -> Document:
        """Return what restoring a backup would change, as `restore --preview` does."""
        return maintenance.restore_preview(file, self._owners_file_or_address(), ask.who)

    def restore(self, ask: Ask, file: Path, *, other_hall: bool = False) -> Document:
        """Replace the hall by a backup; keep its user signed in. Raises as restore_database(), and RuleError
        "main_pc"."""
        target = self._owners_file_or_address()
        stated, stays = Ask(ask.who, ask.now), PersonRestoringAtStation(self._station, ask.who.name)
        if isinstance(target, str):
            return restore_on_server(file, target, stated, replace=True, other_hall=other_hall, stays=stays)
        if own_hall.is_sharing_moved_halls_of(target):
            raise RuleError("main_pc")
        return maintenance.restore_database(file, target, stated, replace=True, other_hall=other_hall, stays=stays)

    # -- looking at the hall's data, and mending them ----------------------------------------------------------------

    def check_hall_data(self, ask: Ask) -> Document:
        """Return what `doctor` finds in the hall's data and what `doctor --repair` would do. Raises RuleError
        "not_your_role", OutsideError."""
        ask.who.require_may("restore")
        target = self._owners_file_or_address()
        plan = maintenance.examine_and_plan_repair(target)
        backup = maintenance.newest_readable_backup(target) if plan.from_backup and isinstance(target, Path) else None
        with self.database_as_owner() as db:
            findings = [
                {
                    "name": one.name,
                    "status": one.status,
                    "text": doctor_finding_text(one.name, one.status, one.what, one.error),
                }
                for one in examining.examine_database(db)
            ]
        lines = repair_plan_lines(plan.rebuilt, backup, ())
        may = bool(lines)
        return {"halls": [], "findings": findings, "plan": lines, "may": may, "backup": str(backup) if backup else None}

    def repair_hall_data(self, ask: Ask, backup: Path) -> Document:
        """Do what check_hall_data() found. Raises RuleError "main_pc", and as repair_from_log() and
        repair_from_backup()."""
        target, stated = self._owners_file_or_address(), Ask(ask.who, ask.now)
        if isinstance(target, Path) and own_hall.is_sharing_moved_halls_of(target):
            raise RuleError("main_pc")
        if isinstance(target, Path) and backup != Path():
            return maintenance.repair_from_backup(
                backup, target, stated, stays=PersonRestoringAtStation(self._station, ask.who.name)
            )
        return maintenance.repair_from_log(target, stated)

    # -- logs --------------------------------------------------------------------------------------------------------

    def export_log(self, ask: Ask, path: Path) -> Path:
        return maintenance.export_hall_log(self._desk, ask.who, path, ask.now)

    def preview_merge(self, ask: Ask, file: Path) -> Document:
        """Return what merging a log would add, as `merge --preview` does. Raises as merge_log()."""
        self._require_merge_into_own_hall(file)
        return maintenance.merge_preview(file, self._owners_file_or_address(), ask.who, ask.now)

    def merge_log(self, ask: Ask, file: Path) -> Document:
        """Merge a log into this hall. Raises as merge_exported_log(), and RuleError "hall_beside" (hall) where the
        people of another hall decide."""
        self._require_merge_into_own_hall(file)
        return maintenance.merge_exported_log(file, self._owners_file_or_address(), Ask(ask.who, ask.now))

    def _require_merge_into_own_hall(self, file: Path) -> None:
        code = maintenance.code_of_hall_whose_staff_may_merge(file, self._owners_file_or_address())
        if code != looking.setup_of_hall(self._desk).hall.code:
            raise RuleError("hall_beside", hall=code)

    # -- a hall beside this one --------------------------------------------------------------------------------------

    def add_hall(self, ask: Ask, preset: str, code: str, name: str) -> Document:
        """Make another hall in the same database, as `init` on a server; return {"hall", "name"}. Raises RuleError
        "not_your_role", "not_shared" for a hall in a file, "exists", "bad_value", OutsideError "not_this_pc"."""
        ask.who.require_may("set-up")
        target = self._owners_file_or_address()
        if isinstance(target, Path):
            raise RuleError("not_shared")
        preset_file = resource_path("presets", f"{preset}.json")
        document = setting_up.setup_document_for_new_hall(
            read_json(preset_file), code=code, name=name, timezone=system_timezone(), lang=current_language()
        )
        # Nobody of this hall is anybody in the new one: its first event is the console's, as with the command.
        made = setting_up.create_hall(target, document, Ask(CONSOLE, ask.now))
        made.db.dispose()
        return {"hall": code, "name": name}

    # -- where -------------------------------------------------------------------------------------------------------

    def _is_main_pc(self) -> bool:
        return (
            self._desk.db.path is None
            and own_hall.joined_hall_url_and_code()[0] == self._place
            and own_hall.shared_database_owner_url() is not None
        )

    def _owners_file_or_address(self) -> Path | str:
        if self._desk.db.path is not None:
            return self._desk.db.path
        return (own_hall.shared_database_owner_url() if self._is_main_pc() else None) or self._place

    @contextmanager
    def database_as_owner(self) -> Iterator[Database]:
        """Open the database as its owner does where this PC shares the hall, elsewhere as this PC does."""
        with Database.open(self._owners_file_or_address()) as db:
            yield db


def _parsed_command_result(said: str) -> Document:
    """Return the document of `backups due`; of an error, or of a process that died, one in which that failed."""
    try:
        document = json.loads(said)
    except ValueError:
        document = {}
    if isinstance(document, dict) and "failed" in document:
        return document
    error: Mapping[str, Any] = document.get("error") or {}
    message = error.get("message") or error_sentence(OutsideError("backup_died"))
    failed = [{"folder": "", "code": error.get("code") or "backup_died", "message": message}]
    return {"made": None, "folder": None, "removed": [], "failed": failed, "busy": False}
