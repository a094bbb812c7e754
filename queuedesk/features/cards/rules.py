"""Which contingency cards are open, and how long a note on one may be."""

from collections.abc import Iterable

from queuedesk.core.setup.cards import CardRun

LONGEST_NOTE = 400


def open_cards_newest_first(runs: Iterable[CardRun]) -> list[CardRun]:
    return sorted((run for run in runs if run.is_open), key=lambda run: -run.seq)
