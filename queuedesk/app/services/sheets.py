"""Sheets that somebody kept, held against the hall: what they say, and whether its log is still the one they were
printed from."""

from __future__ import annotations

import os
from pathlib import Path

from queuedesk.app.services.kept_reports import own_files, reports_folder
from queuedesk.core.errors import OutsideError
from queuedesk.core.upkeep.check_code import Claim, Held, claim_of, formers_of, is_code, read_code
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import anchoring
from queuedesk.i18n import say
from queuedesk.i18n.upkeep.sheet_words import kept_text
from queuedesk.store.engine.database import Database


def claims_of(sheet: str) -> list[Claim]:
    """Return what a sheet says of logs: a PDF by its path, or a check code as it was typed.

    Raises RuleError "code_mistyped", "no_code", OutsideError "wrong_kind", "no_such_file", "cannot_read", "too_large".
    """
    from queuedesk.reports.kept import reading

    if is_code(sheet) and not os.path.lexists(sheet):
        return [read_code(sheet)]
    return reading.claims_of(Path(sheet))


def check_sheet(desk: Desk, sheet: str) -> list[Held]:
    """Return what became of a sheet, which may be of every hall of the database. Raises as claims_of, and what the
    database raises."""
    return anchoring.hold(desk.db, claims_of(sheet))


def kept_standing(db: Database) -> list[dict[str, str]]:
    """Return of each hall whether the reports that this PC keeps still hold: {"hall", "status", "message"}.

    It takes the log at its word: whether that follows from itself is another check's. Raises what the database raises.
    """
    rows = []
    for code, desk in _desks(db):
        try:
            status, message = _kept_text(desk)
        except OutsideError as error:
            if error.code.startswith("database_"):
                raise
            status, message = "warning", say(error)
        rows.append({"hall": code, "status": status, "message": message})
    return rows


def _desks(db: Database) -> list[tuple[str, Desk]]:
    return [(code, Desk(db, id)) for id, code in looking.listed(db)]


def _kept_text(desk: Desk) -> tuple[str, str]:
    files, others = own_files(desk, reports_folder(desk))
    stamps = [file.stamp for file in files]
    standings = anchoring.stand(desk, [claim_of(stamp) for stamp in stamps])
    return kept_text(formers_of(stamps, standings, others), looking.setup_of(desk))
