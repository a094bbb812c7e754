"""What the columns of files are called where a sentence names them: each word is one that the column may have in its
header."""

from __future__ import annotations

from queuedesk.i18n.catalogue import mark, tr

_COLUMNS = {
    "month": mark("month", context="column name"),
    "satisfied": mark("satisfied", context="column name"),
    "dissatisfied": mark("dissatisfied", context="column name"),
    "channel": mark("channel", context="column name"),
    "period": mark("month", context="column name"),
    "service": mark("service", context="column name"),
    "count": mark("count", context="column name"),
    "indicator": mark("indicator", context="column name"),
    "score_2013": mark("score_2013", context="column name"),
}


def column_word(name: str, lang: str) -> str:
    """Return the word of a column that a file has to have; of others the name."""
    return tr(lang, _COLUMNS[name], context="column name") if name in _COLUMNS else name
