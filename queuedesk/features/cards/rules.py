"""Which contingency cards are open, and how long a note on one may be."""

from collections.abc import Iterable

from queuedesk.core.setup.cards import CardRun

LONGEST_NOTE = 400


def open_runs(runs: Iterable[CardRun]) -> list[CardRun]:
    """Return the cards that are open, the newest first."""
    return sorted((run for run in runs if run.is_open), key=lambda run: -run.seq)
