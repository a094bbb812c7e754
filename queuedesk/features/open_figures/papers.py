"""Makes the views with their descriptions, and the page that describes them from what the database says."""

from __future__ import annotations

from html import escape
from pathlib import Path

from queuedesk.core.features import does_hall_use_feature
from queuedesk.core.setup.rows import hall_languages
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.open_figures.rules import NAME
from queuedesk.features.open_figures.verbs import described_views, remake_views
from queuedesk.features.open_figures.words import view_descriptions
from queuedesk.files.writing import write_file
from queuedesk.i18n import LANGUAGES, date_long, mark, tr
from queuedesk.store.parts import halls

_TITLE = mark("Views for other programs", context="view")
_MADE = mark("What the database itself says of them, read on", context="view")
_COLUMN, _TYPE = mark("Column", context="view"), mark("Type", context="view")
_MEANING, _ASKED = mark("Meaning", context="view"), mark("Examples", context="view")


def remake_views_if_due(desk: Desk, ask: Ask) -> Document:
    """Make the views again if what they rest on has changed; every minute and before they are read. Raises RuleError
    "reporting_taken", OutsideError."""
    with desk.db.read() as tx:
        setups = [halls.setup_of_hall_row(tx, row) for row in halls.every(tx) if row.setup_hash]
    using = [setup for setup in setups if does_hall_use_feature(setup.hall, NAME)]
    spoken = {lang for setup in using for lang in hall_languages(setup)}
    texts = view_descriptions([lang for lang in LANGUAGES if lang in spoken], using[0]) if using else []
    return {"made": remake_views(desk, ask.now, texts)}


def save_description(desk: Desk, ask: Ask, file: Path, lang: str) -> Document:
    """Save the page that describes the views, as HTML, from what the database itself says of them. Raises RuleError
    "not_for_you", "no_views", "own_file", OutsideError "cannot_write"."""
    remake_views_if_due(desk, ask)
    views = described_views(desk, ask, lang)
    write_file(file, _description_page(views, lang, date_long(ask.now.date(), lang)).encode())
    return {"file": str(file), "views": len(views)}


_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1b1f24}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0 2em}td,th{border-bottom:1px solid #d5dade;text-align:left;"
    "padding:.35em .8em .35em 0;vertical-align:top}code{font-size:.95em}"
)
_EXAMPLES = (
    "SELECT service_name, avg(wait_minutes), count(*) FROM {waits} WHERE date BETWEEN '2026-05-01' AND '2026-05-31'"
    " GROUP BY service_name",
    "SELECT staff_name, sum(worked_minutes) / 60 FROM {shifts} GROUP BY staff_name",
    "SELECT avg(satisfied), count(*) FROM {ratings}",
)


def _description_page(views: list[Document], lang: str, day: str) -> str:
    def say(text: str) -> str:
        return escape(tr(lang, text, context="view"))

    heads = "".join(f"<th>{say(head)}</th>" for head in (_COLUMN, _TYPE, _MEANING))
    parts = [
        f'<!DOCTYPE html>\n<html lang="{lang.replace("_", "-")}"><meta charset="utf-8"><title>{say(_TITLE)}</title>'
        f"<style>{_STYLE}</style>\n<h1>{say(_TITLE)}</h1>\n<p>{say(_MADE)} {escape(day)}</p>"
    ]
    for view in views:
        rows = "".join(
            f"<tr><td><code>{escape(one['column'])}</code></td><td>{escape(one['type'])}</td>"
            f"<td>{escape(one['about'])}</td></tr>\n"
            for one in view["columns"]
        )
        parts.append(f"<h2><code>{escape(view['view'])}</code></h2>\n<p>{escape(view['about'])}</p>")
        parts.append(f"<table><tr>{heads}</tr>\n{rows}</table>")
    names = {name.rpartition("reporting")[2][1:]: name for name in (view["view"] for view in views)}
    parts.append(f"<h2>{say(_ASKED)}</h2>")
    parts += [f"<pre><code>{escape(text.format(**names))}</code></pre>" for text in _EXAMPLES]
    return "\n".join(parts) + "\n</html>\n"
