"""The commands that play whole days through a hall of their own: recorded ones, and ones that never happened."""

from __future__ import annotations

import csv
import io
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from queuedesk.cli.command_table import (
    CommandList,
    UsageError,
    parse_date,
    parse_nonempty_text,
    parse_path,
    parse_whole_number,
)
from queuedesk.cli.job import CommandJob, read_and_check_setup_file
from queuedesk.i18n import _, n_

if TYPE_CHECKING:
    from queuedesk.desk.change import Desk
    from queuedesk.features.replay.verbs import ReplayResultCounts
    from queuedesk.sim.player import PredictedWait

PREDICTION_COLUMNS = ("date", "ticket", "low", "high", "point")
MOST_DAYS = 3660


def register_commands(commands: CommandList) -> None:
    """Add them."""
    replay = commands.add_command("replay", _replay_file)
    replay.add_argument("file", type=parse_path, metavar="F.csv|F.xlsx|F.ods")
    replay.add_argument(
        "--setup", type=parse_path, metavar="F.json", help=_("the hall's set-up; else what the file names")
    )
    replay.add_argument(
        "--predictions", type=parse_path, metavar="OUT.csv", help=_("write the waits as they were estimated")
    )
    replay.add_argument("--skip-bad", action="store_true", help=_("leave out rows that can't have happened"))
    simulate = commands.add_command("simulate", _simulate_preset_hall_days)
    simulate.add_argument("--preset", type=parse_nonempty_text, required=True, metavar="P", help=_("what kind of hall"))
    simulate.add_argument(
        "--seed", type=parse_whole_number, required=True, metavar="N", help=_("another number, other days")
    )
    simulate.add_argument(
        "--days", type=parse_whole_number, default=1, metavar="D", help=_("how many dates, 1 if not given")
    )
    simulate.add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("the first date"))


def _replay_file(job: CommandJob) -> int:
    from queuedesk.features.replay.verbs import replay_file_into_hall
    from queuedesk.files.writing import write_file

    args, target = job.args, _kept_hall_file(job)
    if (kept := _repeated_command_answer(job, target)) is not None:
        return _print_answer_with_counts(job, kept)
    setup = read_and_check_setup_file(args.setup) if args.setup else None

    def store_answer_and_predictions(desk: Desk, played: ReplayResultCounts, told: Sequence[PredictedWait]) -> None:
        _store_answer_for_repeat(job, desk, played)
        if args.predictions:
            write_file(args.predictions, _predictions_csv_bytes(told))

    with _defer_interrupts_to_checkpoints() as step:
        played = replay_file_into_hall(
            args.file,
            target=target,
            setup=setup,
            code=job.hall_code,
            skip_bad=args.skip_bad,
            ready=store_answer_and_predictions,
            progress=step,
        )
    return _print_answer_with_counts(job, played.to_document())


def _simulate_preset_hall_days(job: CommandJob) -> int:
    from zoneinfo import ZoneInfo

    from queuedesk.features.replay.verbs import simulate_days_of_preset_hall
    from queuedesk.sim.demand import TIME_ZONE

    args, target = job.args, _kept_hall_file(job)
    if not 1 <= args.days <= MOST_DAYS:
        raise UsageError(_("--days is a number from 1 to {n}.", n=MOST_DAYS))
    if (kept := _repeated_command_answer(job, target)) is not None:
        return _print_answer_with_counts(job, kept)
    with _defer_interrupts_to_checkpoints() as step:
        played = simulate_days_of_preset_hall(
            args.preset,
            args.seed,
            today=job.now().astimezone(ZoneInfo(TIME_ZONE)).date(),
            days=args.days,
            first=args.day,
            target=target,
            code=job.hall_code,
            ready=lambda desk, played, _told: _store_answer_for_repeat(job, desk, played),
            progress=step,
        )
    return _print_answer_with_counts(job, played.to_document())


def _kept_hall_file(job: CommandJob) -> Path | None:
    """Return where the hall is to stay: only where --db says so, for these days are not this PC's own."""
    return job.require_simulated_hall_file() if getattr(job.args, "db", None) else None


def _repeated_command_answer(job: CommandJob, target: Path | None) -> Mapping[str, Any] | None:
    """Return the first answer where this very command made the hall at `target` before. Raises RuleError "exists",
    "id_used"."""
    from queuedesk.features.replay.verbs import stored_command_answer

    return stored_command_answer(target, getattr(job.args, "id", None), job.canonical_command())


def _store_answer_for_repeat(job: CommandJob, desk: Desk, played: ReplayResultCounts) -> None:
    """Remember the answer for who repeats the command."""
    from queuedesk.features.replay.verbs import store_command_answer

    if (command := getattr(job.args, "id", None)) is not None:
        store_command_answer(desk, command, job.canonical_command(), played)


def _predictions_csv_bytes(told: Sequence[PredictedWait]) -> bytes:
    """Return the table of what was told, in the order of issue; the point in minutes with one decimal, nothing where
    none was told."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(PREDICTION_COLUMNS)
    for one in told:
        table.writerow([one.date.isoformat(), one.ticket, one.low, one.high, one.point])
    return text.getvalue().encode()


def _print_answer_with_counts(job: CommandJob, told: Mapping[str, Any]) -> int:
    parts = [
        n_("{n} day", "{n} days", told["days"]),
        n_("{n} ticket", "{n} tickets", told["tickets"]),
        n_("{n} event", "{n} events", told["events"]),
        n_("{n} row left out", "{n} rows left out", told["skipped"]),
    ]
    return job.print_answer(told, "  ".join(parts))


@contextmanager
def _defer_interrupts_to_checkpoints() -> Iterator[Callable[[int, int], None]]:
    """Give what is to be called at every step: it ends the work where somebody interrupted or terminated it.

    Between two steps everything can be put away in order; an exception out of nowhere might be lost. Who insists gets
    it all the same."""
    told: list[int] = []

    def note_signal(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        if len(told) > 1:
            raise KeyboardInterrupt

    def raise_if_interrupted(_done: int, _whole: int) -> None:
        if told:
            raise KeyboardInterrupt

    try:
        before = {number: signal.signal(number, note_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # Only the main thread hears signals.
        yield raise_if_interrupted
        return
    try:
        yield raise_if_interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
