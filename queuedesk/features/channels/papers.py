"""Other channels' totals as a table that can be taken over again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from queuedesk.core.imports import ChannelTotal
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import mark, tr
from queuedesk.i18n.names import service_name
from queuedesk.i18n.talk import offered_channel_word
from queuedesk.reports.papers.ledger_table import TitledTable, write_table

# The words of both languages are among those by which the columns are known that are read.
_TOTAL_HEADS = (
    mark("Channel", context="column"),
    mark("Site", context="column"),
    mark("Month or date", context="column"),
    mark("Service", context="column"),
    mark("Count", context="column"),
    mark("Amount", context="column"),
)


def write_channel_totals(
    totals: Sequence[ChannelTotal], setup: Setup, path: Path, lang: str, local_now: datetime
) -> Path:
    """Write other channels' totals in the format of the file's ending, .csv or .xlsx; without any it is a form to fill
    in. Raises as write_table()."""
    return write_table(channel_totals_table(totals, setup, lang), path, local_now)


def channel_totals_table(totals: Sequence[ChannelTotal], setup: Setup, lang: str) -> TitledTable:
    """Return a row for each total, with the words by which the file can be read back."""
    cells = [
        [
            offered_channel_word(one.channel, lang),
            one.site,
            one.period_text,
            service_name(setup, one.service, lang),
            one.n,
            None if one.amount_cents is None else Decimal(one.amount_cents) / 100,
        ]
        for one in totals
    ]
    return TitledTable(tr(lang, "Other channels"), [tr(lang, name, context="column") for name in _TOTAL_HEADS], cells)
