"""A day kept on paper: its rows are played by the hall's own rules in a hall of their own, before this one takes them
in.

What the rules leave open is settled so:

- One file is one business date. Rows are taken by time; those of one time keep the file's order. None may be still to
  come.
- Every ticket of the file is given out in it, with its paper number. Rows are checked against these tickets alone.
- A row that names window and staff opens the window, also for rows before it that name the window alone; another name
  signs that one in. A window closes after its last row.
- A date that is over ends with the file's last row, as a day-end does. On today's date those who still wait go on
  waiting in the hall, somebody still called waits again at the own place, and somebody still served is put aside for a
  clerk to take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import FLAG, TICKETS
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue import hallday
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import TURN_STEP, TicketState
from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import SETTING
from queuedesk.desk import looking
from queuedesk.desk.change import RECORDED, Ask, Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.queue import calling
from queuedesk.desk.setting_up import create_first_hall
from queuedesk.desk.upkeep import clocks
from queuedesk.files.table import BadLine, FileTable, TableRow, bad_rows_refusal, check_columns, read_table
from queuedesk.sim import player as players
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls, tickets
from queuedesk.store.upkeep.exchange import opening_new_database_draft

GIVES_OUT = ("issue", "serve")


class CheckedPaperDay(Struct, frozen=True, kw_only=True):
    """A paper day whose rows are good: `events` is what a separate hall made of it, `lines` where each ticket was
    issued. `is_over`: whether its date was over when it was checked, so that nobody waits any more."""

    path: Path
    digest: str
    day: date
    rows: int
    lines: dict[str, int]
    events: tuple[Event, ...]
    is_over: bool = True
    by_word: Mapping[str, str] = {}


def read_paper_file(file: Path, by_word: Mapping[str, str]) -> FileTable:
    """Return a file's rows, with actions as their codes, also where a row has one of the words of `by_word`. Raises
    OutsideError as read_table()."""
    table = read_table(file, players.ACTION_NAMES)

    def with_action_code(row: TableRow) -> TableRow:
        action = row.code("action") or ""
        return replace(row, cells={**row.cells, "action": by_word.get(action.lower(), action)})

    return replace(table, rows=tuple(with_action_code(row) for row in table.rows))


def check_paper_file(desk: Desk, file: Path, now: datetime, by_word: Mapping[str, str]) -> CheckedPaperDay:
    """Read a file as read_paper_file() and try its rows without changing anything.

    Raises RuleError "bad_rows" with every bad line, "no_rows", "already_entered", OutsideError "no_such_file",
    "cannot_read", "not_a_table"."""
    table = read_paper_file(file, by_word)
    check_columns(table, players.ACTION_NAMES, players.NEEDED_ACTION_COLUMNS)
    setup = looking.setup_of_hall(desk)
    acts, bad = players.parse_recorded_acts(table, setup.time_zone)
    acts = players.acts_in_order(_with_full_ticket_number(act) for act in acts)
    bad = [*table.bad, *bad]
    if not acts:
        raise bad_rows_refusal(file, bad) if bad else RuleError("no_rows", path=str(file))
    day = business_date(setup, min(acts, key=lambda act: act.line).time)
    digest = table.digest.hex()
    _require_file_not_entered(desk, day, path=str(file), digest=digest)
    today = looking.business_date_of_change(desk, now)
    bad += _date_and_number_problems(setup, acts, day, today, now)
    left_out = {one.line for one in bad}
    good = [act for act in acts if act.line not in left_out]
    lines: dict[str, int] = {}
    for act in good:
        if act.action in GIVES_OUT and act.ticket is not None:
            lines.setdefault(act.ticket, act.line)
    bad += [BadLine(line, error) for line, error in _lines_and_used_number_errors(desk, day, lines)]
    is_over = day < today
    played, found = _events_and_refused_paper_rows(setup, good, is_over=is_over)
    bad += found
    if bad:
        raise bad_rows_refusal(file, {one.line: one for one in reversed(bad)}.values())
    return CheckedPaperDay(
        path=file,
        digest=digest,
        day=day,
        rows=len(acts),
        lines=lines,
        events=tuple(played),
        is_over=is_over,
        by_word=by_word,
    )


def enter_paper_day(desk: Desk, ask: Ask, paper: CheckedPaperDay) -> Document:
    """Enter a checked paper day into the hall; one that was not over when it was checked, but is now, is tried again.
    Raises as check_paper_file() and append_paper_day()."""
    if paper.day < looking.business_date_of_change(desk, ask.now) and not paper.is_over:
        paper = check_paper_file(desk, paper.path, ask.now, paper.by_word)
    return append_paper_day(
        desk,
        ask,
        paper.day,
        paper.events,
        path=str(paper.path),
        digest=paper.digest,
        rows=paper.rows,
        lines=paper.lines,
    )


def enter_paper_file(desk: Desk, ask: Ask, file: Path, by_word: Mapping[str, str]) -> Document:
    """Check a file and enter it. Raises as check_paper_file() and append_paper_day()."""
    before = _answer_to_repeated_command(desk, ask)
    return before if before is not None else enter_paper_day(desk, ask, check_paper_file(desk, file, ask.now, by_word))


def _with_full_ticket_number(act: players.RecordedAct) -> players.RecordedAct:
    """Return the row with its number as tickets are numbered: "a7" is A007."""
    if act.ticket is None:
        return act
    found = hallday.split_ticket_label(act.ticket.upper())
    return replace(act, ticket=hallday.ticket_label_text(*found) if found else act.ticket.upper())


def _date_and_number_problems(
    setup: Setup, acts: Sequence[players.RecordedAct], day: date, today: date, now: datetime
) -> list[BadLine]:
    """Return rows of another date, rows of a time that has not come, and those that give out a ticket without its
    number."""
    bad = []
    for act in acts:
        its_day = business_date(setup, act.time)
        if act.time > now or its_day > today:
            bad.append(BadLine(act.line, RuleError("not_yet", time=f"{setup.to_hall_time(act.time):%Y-%m-%d %H:%M}")))
        elif its_day != day:
            bad.append(BadLine(act.line, RuleError("other_date", date=its_day, first=day)))
        elif act.action in GIVES_OUT and act.ticket is None:
            bad.append(BadLine(act.line, RuleError("cell_empty", column="ticket")))
    return bad


def _events_and_refused_paper_rows(
    setup: Setup, acts: Sequence[players.RecordedAct], *, is_over: bool
) -> tuple[list[Event], list[BadLine]]:
    """Return the events of a hall in which the rows happened, and the rows that its rules refuse."""
    if not acts:
        return [], []
    setup = _setup_without_device_checks(setup)
    with opening_new_database_draft(None) as db:
        made = create_first_hall(db, setup, Ask(CONSOLE, acts[0].time))
        player = _PaperPlayer(made, setup)
        player.play_paper_rows(acts, is_over=is_over)
        founding = 1
        return looking.events_after(made, founding), player.bad


def _setup_without_device_checks(setup: Setup) -> Setup:
    """Return the set-up for a hall in which nobody has to look at the equipment before a window opens: on paper there
    was none."""
    rules = {**setup.document.get("settings", {}), SETTING: "off"}
    return setup_from_document({**setup.document, "settings": rules})


class _PaperPlayer(players.RecordedDayPlayer):
    """Plays by the rules: what the hall would have refused on that day is refused."""

    def __init__(self, desk: Desk, setup: Setup) -> None:
        super().__init__(desk, setup, lambda _rows: None)
        self._first_clerk: dict[str, str] = {}

    def play_paper_rows(self, acts: Sequence[players.RecordedAct], *, is_over: bool) -> None:
        """Play one date's rows and end it, or leave what still goes on in a state in which the hall can go on with
        it."""
        for act in acts:
            if act.window is not None and act.staff is not None and act.action in players.AT_WINDOW:
                self._first_clerk.setdefault(act.window, act.staff)
        self._replay_day(acts, business_date(self.setup, acts[0].time))
        last = acts[-1].time
        if is_over:
            clocks.end_today(self.desk, self._ask_for_row(last))
            return
        day = business_date(self.setup, last)
        for window, label in list(self._at.items()):
            if looking.find_ticket(self.desk, day, label).state is TicketState.CALLED:
                calling.undo_mistaken_call(self.desk, self._ask_for_row(last), window, reason=RECORDED)
            else:
                calling.park_ticket(self.desk, self._ask_for_row(last), window, reason=RECORDED)
            del self._at[window]
        for window in list(self._staff):
            self._close_window_without_customer(window, last)

    def _open_window_for(self, window: str, staff: str | None, now: datetime, *, is_open_row: bool = False) -> None:
        if staff is None:
            if window in self._staff:
                return
            # A window that no row opened yet is opened with whom a later row names there.
            staff = self._first_clerk.pop(window, None)
            if staff is None:
                self.setup.window_by_code(window)
                raise RuleError("window_closed", window=window)
        self._first_clerk.pop(window, None)
        super()._open_window_for(window, staff, now, is_open_row=is_open_row)

    def _ask_for_row(self, now: datetime) -> Ask:
        return Ask(CONSOLE, now)


# -- the hall takes it in as one change --------------------------------------------------------------------------------


@runs_in_transaction("enter")
def append_paper_day(
    change: HallChange,
    day: date,
    played: Sequence[Event],
    *,
    path: str,
    digest: str,
    rows: int,
    lines: Mapping[str, int],
) -> Document:
    """Append the events of a paper day, all or none, after one event `enter` that says what file they come from.

    `played` are the events of that day alone, in order and without gaps; `digest` is SHA-256 of the file at `path`,
    `rows` how many it has, `lines` the line on which each of its tickets was given out. They change that day's tickets,
    shifts and ratings; live windows, people at stations, the series of numbers and the hall's date stay as they are.
    Raises RuleError "already_entered", "not_yet", "bad_rows" for numbers that were given on that date."""
    if day > change.date:
        raise RuleError("not_yet", time=day.isoformat())
    if (before := _earlier_entry_of_file(change.tx, change.book.id, day, digest)) is not None:
        raise _already_entered_error(change.setup, before, path)
    if bad := _used_number_errors(change.tx, change.book.id, day, lines):
        raise RuleError("bad_rows", path=path, lines=bad)
    seq = change.book.hall_counters().seq + 1
    change.book.record_event(
        Event(
            seq=seq,
            at=change.now,
            time=change.now,
            kind="enter",
            actor=change.who.name,
            command=change.command,
            data={"date": day.isoformat(), "file": digest, "rows": rows, "tickets": len(lines), "paper": True},
        )
    )
    for event in _renumbered_paper_events(played, at=change.now, actor=change.who.name, first_seq=seq + 1):
        change.book.record_event(event)
    now = [change.book.get_record(TICKETS, (day, label)) for label in lines]
    return {
        "date": day.isoformat(),
        "rows": rows,
        "tickets": len(lines),
        "events": len(played),
        "waiting": [t.label for t in now if t.state is TicketState.WAITING],
        "parked": [t.label for t in now if t.state is TicketState.PARKED],
        "missed": [t.label for t in now if t.state is TicketState.MISSED],
    }


def _answer_to_repeated_command(desk: Desk, ask: Ask) -> Document | None:
    """Return the first answer to a command with that id, None where it is new. Raises RuleError "id_used"."""
    if ask.command is None:
        return None
    with desk.db.read() as tx:
        kept = events.answer_of_command(tx, desk.hall, ask.command)
    if kept is not None and kept[0] != ask.words:
        raise RuleError("id_used", command=ask.command)
    return kept[1] if kept else None


def _require_file_not_entered(desk: Desk, day: date, *, path: str, digest: str) -> None:
    """Raise RuleError "already_entered" if the file with that SHA-256 was entered before."""
    with desk.db.read() as tx:
        before = _earlier_entry_of_file(tx, desk.hall, day, digest)
        if before is not None:
            raise _already_entered_error(halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)), before, path)


def _lines_and_used_number_errors(desk: Desk, day: date, lines: Mapping[str, int]) -> list[tuple[int, RuleError]]:
    """Return the lines whose ticket has a number already used on that date, with what is said about each."""
    with desk.db.read() as tx:
        return _used_number_errors(tx, desk.hall, day, lines)


def _earlier_entry_of_file(tx: Transaction, hall: int, day: date, digest: str) -> Event | None:
    return next((e for e in events.events_of_kind_on_date(tx, hall, day, "enter") if e.data["file"] == digest), None)


def _already_entered_error(setup: Setup, before: Event, path: str) -> RuleError:
    local = setup.to_hall_time(before.at)
    return RuleError("already_entered", path=path, date=local.date(), time=f"{local:%H:%M}")


def _used_number_errors(tx: Transaction, hall: int, day: date, lines: Mapping[str, int]) -> list[tuple[int, RuleError]]:
    there = [label for label in lines if tickets.find_ticket(tx, hall, (day, label)) is not None]
    return sorted(
        ((lines[label], RuleError("already_given", ticket=label, date=day)) for label in there), key=lambda one: one[0]
    )


# What an event says of the wait that was told, of a slip or of the order of calls: on paper nobody told, printed or
# ordered it.
_NOT_ON_PAPER = ("promise", "normal", "rule", "by_skill", "skew_s")


def _renumbered_paper_events(played: Sequence[Event], *, at: datetime, actor: str, first_seq: int) -> list[Event]:
    """Return the events of a day that was played in a separate hall as events of the hall that imports them, from
    `first_seq` on. They carry the time when it happened, and their windows' shifts as this log numbers them. `played`
    has no gaps."""
    moved = first_seq - played[0].seq if played else 0
    shifts: dict[str, int] = {}
    taken = []
    for event in played:
        data = {key: value for key, value in event.data.items() if key not in _NOT_ON_PAPER and value is not None}
        data[FLAG] = True
        seq = event.seq + moved
        if "turn" in data:
            data["turn"] += moved * TURN_STEP
        if event.window is not None:
            if event.kind == "open":
                shifts[event.window] = seq
            elif event.kind in ("pause", "resume", "close"):
                data["shift"] = shifts[event.window]
        if event.kind == "day-end":
            data["shifts"] = {code: shifts[code] for code in data["windows"]}
            data["stations"] = []
        taken.append(replace(event, seq=seq, at=at, actor=actor, command=None, data=data, prev="", hash=""))
    return taken
