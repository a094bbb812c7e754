"""Names for the codes in a row of a document's list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from queuedesk.core.figures.measures.figure import ITEM, SERVICE, STAFF
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.figures.targets import Verdict
from queuedesk.i18n.figures.figure_titles import outcome_word
from queuedesk.i18n.figures.import_words import verdict_word
from queuedesk.i18n.figures.target_words import measure_word
from queuedesk.i18n.queue.reasons import reason_words, wait_cause
from queuedesk.i18n.talk.device_words import cause_words, device_name
from queuedesk.i18n.talk.talk_words import channel
from queuedesk.reports.figures.period import Coded
from queuedesk.reports.figures.rules import rules_words
from queuedesk.reports.pages.measures_tables import kind_of_counter, overtake_reason

Row = Mapping[str, Any]


def row_words(path: str, row: Row, names: Coded, lang: str) -> str:
    """Return the names in a row of the list `path`; nothing where its codes need none."""
    tell = _TOLD.get(path)
    return tell(row, names, lang) if tell else ""


def _service(row: Row, names: Coded, lang: str) -> str:
    return names.service(row["code"], lang)


def _target(row: Row, names: Coded, lang: str) -> str:
    said = verdict_word(Verdict(row["verdict"]), lang) if row["verdict"] else ""
    return " · ".join(part for part in (measure_word(row["measure"], lang), said) if part)


def _device(row: Row, names: Coded, lang: str) -> str:
    return device_name(row["device"], row["station"], lang)


def _pause(row: Row, names: Coded, lang: str) -> str:
    return f"{names.staff(row['staff'], lang)} · {reason_words(row['reason'] or '', lang)}"


_NAMED: dict[str, Callable[[Row, Coded, str], str]] = {
    SERVICE: _service,
    STAFF: lambda row, names, lang: names.staff(row["code"], lang),
    ITEM: lambda row, names, lang: names.item(row["service"], row["item"], lang),
}
_TOLD: dict[str, Callable[[Row, Coded, str], str]] = {
    **{f"measures.{figure.key}.{split.key}": _NAMED[split.names] for figure in SHARES for split in figure.splits},
    "measures.outcomes": lambda row, names, lang: outcome_word(row["code"], lang),
    "measures.system_wait.by_reason": lambda row, names, lang: reason_words(row["reason"] or "", lang),
    "measures.classes": lambda row, names, lang: names.klass(row["code"], lang),
    "measures.overtakes": lambda row, names, lang: overtake_reason(row["reason"], names, lang),
    "measures.counters": lambda row, names, lang: kind_of_counter(row["kind"], lang),
    "measures.pauses": _pause,
    "measures.longest_waits": lambda row, names, lang: names.service(row["service"], lang),
    "measures.longest_waits.causes": lambda row, names, lang: wait_cause(row, lang),
    "measures.diversion.by_channel": lambda row, names, lang: channel(row["code"], lang),
    "measures.diversion.ledger": lambda row, names, lang: (
        f"{channel(row['channel'], lang)} · {names.service(row['service'], lang)}"
    ),
    "measures.diversion.hall_share": lambda row, names, lang: names.service(row["service"], lang),
    "measures.devices": _device,
    "measures.devices.outages": lambda row, names, lang: (
        f"{_device(row, names, lang)} · {cause_words(row['cause'], lang)}"
    ),
    "targets": _target,
    "rules": rules_words,
}
