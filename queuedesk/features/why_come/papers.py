"""The directory of other places as a table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import format_hours
from queuedesk.i18n import mark, tr
from queuedesk.i18n.talk import offered_channel_word
from queuedesk.reports.papers.ledger_table import TitledTable, write_table

_PARTNER_HEADS = (
    mark("Code", context="column"),
    mark("Name", context="column"),
    mark("English name", context="column"),
    mark("Kind", context="column"),
    mark("Takes", context="column"),
    mark("Open", context="column"),
    mark("Distance in metres", context="column"),
    mark("Address", context="column"),
    mark("Region", context="column"),
)


def write_partners_table_file(setup: Setup, path: Path, lang: str, local_now: datetime) -> Path:
    """Write the directory of other places in the format of the file's ending, .csv or .xlsx, in words by which it can
    be read back; without any place it is a form to fill in. Raises as write_table()."""
    cells = [
        [
            partner.code,
            partner.name,
            partner.name_en,
            offered_channel_word(partner.kind, lang),
            ", ".join(partner.takes),
            format_hours(partner.hours),
            partner.distance_m,
            partner.address,
            partner.region,
        ]
        for partner in setup.partners.values()
    ]
    head = [tr(lang, name, context="column") for name in _PARTNER_HEADS]
    return write_table(TitledTable(tr(lang, "Other places"), head, cells), path, local_now)
