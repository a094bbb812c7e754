"""How far the back office is with a case: states that it drops as a file, found again by their reference, and how many
people were told so without taking a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import require_storable
from queuedesk.desk.change import Ask, Desk, Document, HallChange, runs_in_transaction
from queuedesk.features.web import tables
from queuedesk.features.web.rules import (
    ENQUIRY,
    IMPORTED,
    PLACES,
    CaseProgress,
    EnglishCaseProgress,
    WrongTokenThrottle,
)
from queuedesk.store.log import events

if TYPE_CHECKING:
    from queuedesk.files.table import TableRow

COLUMNS = {
    "reference": ("ref", "case", "编号", "受理编号", "业务编号", "工单编号"),
    "state": ("status", "状态", "进度"),
    "since": ("date", "日期", "更新日期"),
    "note": ("remark", "备注", "说明"),
    "state_en": ("state in english", "英文状态", "英文进度"),
    "note_en": ("note in english", "英文备注", "英文说明"),
}
NEEDED = ("reference", "state")
FIELDS = {"reference": "ref"}
"""Columns that the catalogue knows by another name."""
LONGEST = {"reference": 60, "state": 60, "since": 30, "note": 300, "state_en": 60, "note_en": 300}
ENGLISH = "en"


class CaseState(Struct, frozen=True):
    """A line of the file: a case's state, and the same in English ("" for none)."""

    progress: CaseProgress
    state_en: str = ""
    note_en: str = ""


def read_case_progress_file(path: Path) -> list[CaseState]:
    """Return the states of a file. Raises OutsideError as read_table(), RuleError "bad_rows" with every line that can't
    be read, also one whose reference an earlier line has."""
    from queuedesk.files.table import BadLine, bad_rows_refusal, check_columns, read_table  # with XML

    table = read_table(path, COLUMNS)
    check_columns(table, COLUMNS, NEEDED)
    bad, rows = list(table.bad), {}
    for row in table.rows:
        try:
            case = _case_from_row(row)
            if case.progress.reference in rows:
                raise RuleError("web_case_twice", reference=case.progress.reference)
            rows[case.progress.reference] = case
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    if bad:
        raise bad_rows_refusal(path, bad)
    return list(rows.values())


def _case_from_row(row: TableRow) -> CaseState:
    texts = {name: (row.cell_text(name) or "").strip() for name in COLUMNS}
    for name, text in texts.items():
        field = FIELDS.get(name, name.removesuffix("_en"))
        if not text and name in NEEDED:
            raise RuleError("bad_value", field=field, value="", why="empty")
        if len(text) > LONGEST[name]:
            raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
        require_storable(field, text)
    progress = CaseProgress(plain_reference(texts["reference"]), texts["state"], texts["since"], texts["note"])
    return CaseState(progress, texts["state_en"], texts["note_en"])


def plain_reference(text: str) -> str:
    """Return a reference as it is compared: without spaces, in capitals."""
    return "".join(text.split()).upper()


@runs_in_transaction("web-progress")
def replace_case_progress(change: HallChange, cases: Sequence[CaseState]) -> Document:
    """Store these states in place of all that were there."""
    in_english = [
        EnglishCaseProgress(case.progress.reference, case.state_en, case.note_en)
        for case in cases
        if case.state_en or case.note_en
    ]
    tables.replace_case_progress(change.tx, change.book.id, [case.progress for case in cases], in_english)
    change.record(IMPORTED, rows=len(cases))
    return {"rows": len(cases)}


def import_case_progress(desk: Desk, ask: Ask, path: str) -> Document:
    """Store the states of a file in place of all that were there. Raises as read_case_progress_file()."""
    return replace_case_progress(desk, ask, read_case_progress_file(Path(path)))


def case_progress_document(desk: Desk, reference: str, lang: str = "") -> Document:
    """Return the state of a case, in a language if the file has it. Raises RuleError "web_unknown_reference"."""
    in_english = None
    with desk.db.read() as tx:
        found = tables.case_progress_by_reference(tx, desk.hall, plain_reference(reference))
        if found is not None and lang == ENGLISH:
            in_english = tables.case_progress_in_english(tx, desk.hall, found.reference)
    if found is None:
        raise RuleError("web_unknown_reference", reference=reference[:60])
    document = asdict(found)
    if in_english is not None:
        document |= {name: text for name in ("state", "note") if (text := getattr(in_english, name))}
    return document


def has_progress(desk: Desk) -> bool:
    with desk.db.read() as tx:
        return tables.has_progress(tx, desk.hall)


class StationCaseEnquiries:
    """Answers references at one station. Wrong ones are answered ever more slowly, as by the web; until then none is
    looked up."""

    def __init__(self) -> None:
        self._wrong = WrongTokenThrottle()

    def answer_case_reference(self, desk: Desk, reference: str, lang: str, now_s: float) -> Document:
        """Return the state of a case; `now_s` is a steady clock. Raises RuleError "web_unknown_reference",
        "web_try_later" (n: seconds)."""
        if (wait_s := self._wrong.blocked_s("", now_s)) > 0:
            raise RuleError("web_try_later", n=ceil(wait_s))
        try:
            return case_progress_document(desk, reference, lang)
        except RuleError:
            self._wrong.count_try_and_wait_s("", now_s)
            raise


# -- visits saved ------------------------------------------------------------------------------------------------------


@runs_in_transaction(ENQUIRY)
def record_case_enquiry(change: HallChange, place: str) -> Document:
    """Record that somebody was told at one of PLACES how far a case is, and took no number; not which case."""
    return {"seq": change.record(ENQUIRY, place=place).seq, "place": place}


def enquiry_count_rows_by_date(desk: Desk, first: date, last: date) -> list[Document]:
    """Return the visits saved by date, those with none left out, the latest first: how many at each of PLACES, and
    "all"."""
    days: dict[date, Document] = {}
    with desk.db.read() as tx:
        for event in events.events_of_dates(tx, desk.hall, first, last, [ENQUIRY]):
            if event.date is not None:
                day = days.setdefault(event.date, {"date": event.date, **dict.fromkeys((*PLACES, "all"), 0)})
                for name in {event.data["place"], "all"} & day.keys():
                    day[name] += 1
    return [days[day] for day in sorted(days, reverse=True)]


DAYS_SHOWN = 62


def recent_enquiry_counts(desk: Desk, ask: Ask) -> list[Document]:
    """Return the visits saved in the last two months."""
    today = ask.now.date()
    return enquiry_count_rows_by_date(desk, today - timedelta(days=DAYS_SHOWN), today + timedelta(days=1))
