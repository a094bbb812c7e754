"""Replays recorded days through a fresh hall at the recorded times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timezone
from pathlib import Path
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.network.people import CONSOLE
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.values import Setup, zone_of
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue.tokens import derived_tokens, no_salt
from queuedesk.desk.setup import founding
from queuedesk.sim.file_setup import completed, from_file, unknown_codes
from queuedesk.sim.ordering import in_order, lives, together
from queuedesk.sim.own_table import NEEDED_OWN_COLUMNS, OWN_COLUMNS, read_visits
from queuedesk.sim.played import Played, Progress, Ready, log_length
from queuedesk.sim.player import Player
from queuedesk.sim.records import (
    ACTION_COLUMNS,
    NEEDED_ACTION_COLUMNS,
    NEEDED_TICKET_COLUMNS,
    TICKET_COLUMNS,
    RecordedAct,
    first_offset,
    read_acts,
    read_tickets,
)
from queuedesk.sim.table import BadLine, Table, check_columns, read_table, refused
from queuedesk.store.upkeep.draft import drafted


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
    """Play a file of recorded tickets or actions; the hall then stands at `target`, or nowhere.

    `setup` is a set-up that `check_setup` accepts; without it the hall is made of what the file names. `code` is the
    hall's code. `told` is given the waits that were told, in the order of issue, before the hall stands anywhere.
    Whatever is refused or interrupted leaves nothing behind.

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
            made = founding.found_hall(db, setup, Ask(CONSOLE, acts[0].time))
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
