"""Whole days through a fresh hall: recorded ones replayed, and invented ones for a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.hall import zone_of
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, Document, derived_tokens, no_salt
from queuedesk.desk.setup import setting_up
from queuedesk.features.replay.verbs.own_table import (
    NEEDED_OWN_COLUMNS,
    OWN_COLUMNS,
    completed,
    from_file,
    read_visits,
    unknown_codes,
)
from queuedesk.features.replay.verbs.tickets import NEEDED_TICKET_COLUMNS, TICKET_COLUMNS, lives, read_tickets, together
from queuedesk.files.table import BadLine, Table, check_columns, read_table, refused
from queuedesk.sim.demand import BILL_DAYS, TIME_ZONE, bill_dates, is_open_on, last_open_day, planned
from queuedesk.sim.player import (
    ACTION_COLUMNS,
    NEEDED_ACTION_COLUMNS,
    Player,
    Prediction,
    RecordedAct,
    first_offset,
    in_order,
    read_acts,
)
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.upkeep.exchange import drafted

# -- what whole days came to, and the answer kept for whoever asks for them again ------------------------------------


class Played(Struct, frozen=True, kw_only=True):
    """The result of played days. `events` are all of the log; `skipped` the rows that were left out."""

    days: int
    tickets: int
    events: int
    skipped: int

    def document(self) -> dict[str, int]:
        """Return what the commands print."""
        return {"days": self.days, "tickets": self.tickets, "events": self.events, "skipped": self.skipped}


Progress = Callable[[int, int], None]
"""Told at every step how much is done, and of how much."""
Ready = Callable[[Desk, Played, Sequence[Prediction]], None]
"""Given the hall before it stands anywhere, what its days came to, and the waits that were told in the order of
issue."""


def log_length(desk: Desk) -> int:
    """Return the number of events in the hall's log."""
    with desk.db.read() as tx:
        return halls.load(tx, desk.hall).now.seq


def keep_answer(desk: Desk, command: str, words: str, played: Played) -> None:
    """Store in a new hall which command made it."""
    with desk.db.write(desk.hall) as tx:
        events.keep_answer(tx, desk.hall, command, words=words, seq=played.events, document=played.document())


def kept_answer(target: Path | None, command: str | None, words: str) -> Document | None:
    """Return the first answer of a command that made the hall at `target`; None if nothing is there.

    Raises RuleError "exists" if something else is, "id_used" when the command had other words.
    """
    if target is None or not target.exists():
        return None
    kept = None
    if command is not None:
        try:
            db = Database.open(target)
        except OutsideError:
            raise RuleError("exists", path=str(target)) from None
        try:
            with db.read() as tx:
                kept = next((a for id, _code in halls.listed(tx) if (a := events.answer(tx, id, command))), None)
        finally:
            db.dispose()
    if kept is None:
        raise RuleError("exists", path=str(target))
    if kept[0] != words:
        raise RuleError("id_used", command=command)
    return kept[1]


# -- replays recorded days through a fresh hall at the recorded times ------------------------------------------------


def replay(
    file: Path,
    *,
    target: Path | None = None,
    setup: Mapping[str, Any] | None = None,
    code: str | None = None,
    skip_bad: bool = False,
    ready: Ready = lambda desk, played, told: None,
    progress: Progress = lambda done, whole: None,
) -> Played:
    """Play a file of recorded tickets or actions into a new hall at `target`, or leave nothing.

    `setup` is a set-up that `check_setup` accepts; without it the hall is made of what the file names. `code` is the
    hall's code. `told` gets the quoted waits, in the order of issue, before the hall is put in place. A refusal or an
    interruption leaves nothing behind.

    Raises:
        RuleError: "bad_rows" (path, lines) unless `skip_bad`, "no_rows", "exists".
        OutsideError: "no_such_file", "cannot_read", "not_a_table", "cannot_write", "database_full".
    """
    table = read_table(file)
    acts, bad, zone = _read(table, setup)
    if setup is not None:
        bad += unknown_codes(check_setup(setup), acts)
    while True:
        left_out = {one.line for one in bad}
        good = [act for act in acts if act.line not in left_out]
        if not good:
            raise refused(file, bad) if bad else RuleError("no_rows", path=str(file))
        whole = check_setup(completed(setup or from_file(good, zone), good, code))
        if bad and not skip_bad:  # Played only to find what else could not have happened.
            _nothing, found = _play(good, whole, table.digest, progress=progress)
            raise refused(file, bad + found)
        played, found = _play(
            good, whole, table.digest, target=target, skipped=len(left_out), ready=ready, progress=progress
        )
        bad += found
        if played is not None:
            return played
        if not skip_bad:
            raise refused(file, bad)


class _Refused(Exception):  # noqa: N818 - leaves the block that throws the hall away
    """Rows were refused."""


def _play(
    acts: Sequence[RecordedAct],
    setup: Setup,
    digest: bytes,
    *,
    target: Path | None = None,
    skipped: int = 0,
    ready: Ready = lambda desk, played, told: None,
    progress: Progress,
) -> tuple[Played | None, list[BadLine]]:
    """Play rows into a new hall; with bad rows among them no hall is left, and they are returned."""
    bad: list[BadLine] = []
    try:
        with drafted(target) as db:
            made = setting_up.found_hall(db, setup, Ask(CONSOLE, acts[0].time))
            player = Player(
                Desk(db, made.hall, derived_tokens(digest), no_salt), setup, lambda done: progress(done, len(acts))
            )
            player.play(acts)
            bad = player.bad
            if bad:
                raise _Refused
            played = Played(
                days=player.days,
                tickets=len(player.predictions),
                events=log_length(player.desk),
                skipped=skipped,
            )
            ready(player.desk, played, player.predictions)
    except _Refused:
        return None, bad
    return played, []


def _read(table: Table, setup: Mapping[str, Any] | None) -> tuple[list[RecordedAct], list[BadLine], timezone]:
    """Return the rows in order, the lines that make none, and the first row's offset."""
    is_own, is_tickets = "leg" in table.columns, "arrived" in table.columns
    if is_own:
        check_columns(table, OWN_COLUMNS, NEEDED_OWN_COLUMNS)
    elif is_tickets:
        check_columns(table, TICKET_COLUMNS, NEEDED_TICKET_COLUMNS)
    else:
        check_columns(table, ACTION_COLUMNS, NEEDED_ACTION_COLUMNS)
    offset = first_offset(table, "arrived" if is_tickets else "time")
    zone = zone_of(setup["hall"].get("timezone", "Asia/Shanghai")) if setup is not None else offset
    if is_own:
        visits, bad = read_visits(table, zone)
        return together(visits), [*table.bad, *bad], offset
    if is_tickets:
        tickets, bad = read_tickets(table, zone)
        return lives(tickets), [*table.bad, *bad], offset
    acts, bad = read_acts(table, zone)
    return in_order(acts), [*table.bad, *bad], offset


# -- simulates whole days of a preset hall: the same again for the same seed -----------------------------------------


def simulate(
    preset: str,
    seed: int,
    *,
    today: date,
    days: int = 1,
    first: date | None = None,
    target: Path | None = None,
    code: str | None = None,
    ready: Ready = lambda desk, played, told: None,
    progress: Progress = lambda done, whole: None,
) -> Played:
    """Play `days` dates from `first` on through a new hall at `target`, or leave nothing.

    Without `first` they end with the last date up to `today` on which the hall is open. Busy bill days of that kind of
    hall stand in its set-up and bring more people, for other matters. `progress` is called at every
    act with the number of days done, and of all days. A refusal or an interruption leaves nothing behind. Raises
    RuleError "unknown_preset", "exists", OutsideError "cannot_write".
    """
    if preset not in PRESETS:
        raise RuleError("unknown_preset", preset=preset)
    prepared = setting_up.prepared(setting_up.preset(preset), code=code, timezone=TIME_ZONE)
    prepared["hall"]["simulated"] = True
    begin = first or last_open_day(check_setup(prepared), today) - timedelta(days=days - 1)
    bills = bill_dates(preset, begin, begin + timedelta(days=days - 1))
    setup = check_setup({**prepared, "pay_days": [day.isoformat() for day in bills]})
    with drafted(target) as db:
        made = setting_up.found_hall(db, setup, Ask(CONSOLE, hall_moment(setup, begin, 0)))
        desk = Desk(db, made.hall, derived_tokens(f"simulate {preset} {seed}".encode()), no_salt)
        tickets = 0
        for n in range(days):
            day = begin + timedelta(days=n)
            if is_open_on(setup, day):
                for _now in planned(desk, setup, day, seed, BILL_DAYS.get(preset)).steps():
                    progress(n, days)
                tickets += len(looking.hall_on(desk, day).tickets)
            progress(n + 1, days)
        played = Played(days=days, tickets=tickets, events=log_length(desk), skipped=0)
        ready(desk, played, ())
    return played
