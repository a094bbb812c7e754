"""Makes the views with their descriptions, the page that describes them from what the database says, and the file of a
published day."""

from __future__ import annotations

import runpy
from datetime import MAXYEAR, MINYEAR, date
from html import escape
from pathlib import Path

from queuedesk.core.errors import RuleError
from queuedesk.core.features import is_feature_used_by_hall
from queuedesk.core.setup.rows import hall_languages
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.open_figures import rules, verbs, words
from queuedesk.files.reading import parse_json_safely, read_input_file, read_program_file
from queuedesk.files.writing import write_file
from queuedesk.i18n import LANGUAGES, date_long, mark, tr
from queuedesk.paths import resource_path
from queuedesk.store.parts import halls

_TITLE = mark("Views for other programs", context="view")
_MADE = mark("What the database itself says of them, read on", context="view")
_COLUMN, _TYPE = mark("Column", context="view"), mark("Type", context="view")
_MEANING, _ASKED = mark("Meaning", context="view"), mark("Examples", context="view")


def remake_views_if_due(desk: Desk, ask: Ask) -> Document:
    """Make the views again if what they rest on has changed; every minute and before they are read. Raises RuleError
    "reporting_taken", OutsideError."""
    with desk.db.read() as tx:
        setups = [halls.setup_of_hall_row(tx, row) for row in halls.all_hall_rows(tx) if row.setup_hash]
    using = [setup for setup in setups if is_feature_used_by_hall(setup.hall, rules.NAME)]
    spoken = {lang for setup in using for lang in hall_languages(setup)}
    texts = words.view_descriptions([lang for lang in LANGUAGES if lang in spoken], using[0]) if using else []
    return {"made": verbs.remake_views_and_tell_change(desk, ask.now, texts)}


def save_views_description(desk: Desk, ask: Ask, file: Path, lang: str) -> Document:
    """Save the page that describes the views, as HTML, from what the database itself says of them. Raises RuleError
    "not_for_you", "no_views", "own_file", OutsideError "cannot_write"."""
    remake_views_if_due(desk, ask)
    views = verbs.described_views(desk, ask, lang)
    write_file(file, _views_description_page(views, lang, date_long(ask.now.date(), lang)).encode())
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


def _views_description_page(views: list[Document], lang: str, day: str) -> str:
    def translated_html(text: str) -> str:
        return escape(tr(lang, text, context="view"))

    heads = "".join(f"<th>{translated_html(head)}</th>" for head in (_COLUMN, _TYPE, _MEANING))
    parts = [
        f'<!DOCTYPE html>\n<html lang="{lang.replace("_", "-")}"><meta charset="utf-8"><title>{translated_html(_TITLE)}</title>'
        f"<style>{_STYLE}</style>\n<h1>{translated_html(_TITLE)}</h1>\n<p>{translated_html(_MADE)} {escape(day)}</p>"
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
    parts.append(f"<h2>{translated_html(_ASKED)}</h2>")
    parts += [f"<pre><code>{escape(text.format(**names))}</code></pre>" for text in _EXAMPLES]
    return "\n".join(parts) + "\n</html>\n"


# -- a published day ---------------------------------------------------------------------------------------------------

PROGRAM = "check_day.py"
DAY_ENDING = ".jsonl"
LARGEST_FILE = 100_000_000
"""Bytes; a day of a thousand customers has a hundredth of it."""


def publish_day(desk: Desk, ask: Ask, day: date, file: Path, lang: str) -> Document:
    """Save a business date for everybody, and beside it the program by which anybody recomputes its figures, which has
    done so before. Raises RuleError "not_for_you", "day_not_over", "day_too_small", "day_not_recomputed" where the
    figures don't follow from the events alone, as after a clock was set right; "own_file", OutsideError
    "cannot_write"."""
    lines = _publication_lines_if_checked(verbs.read_day_to_publish(desk, ask, day, lang))
    program = file.with_name(PROGRAM)
    write_file(program, read_program_file(_checker_path()))
    write_file(file, ("\n".join(lines) + "\n").encode())
    return {"file": str(file), "program": str(program), "digest": parse_json_safely(lines[-1])["digest"]}


def check_published_day(desk: Desk, ask: Ask, file: Path) -> Document:
    """Compare a published file with this hall's log, event by event. Raises RuleError as publish_day(),
    "published_differs" (line), "wrong_published_file", OutsideError "no_such_file", "cannot_read", "too_large"."""
    told = read_input_file(file, LARGEST_FILE).decode("utf-8", errors="replace").splitlines()
    try:
        head = parse_json_safely(told[0])
        day, lang = date.fromisoformat(head["date"]), str(head["language"])
        if not MINYEAR < day.year < MAXYEAR:  # their first and last day have no neighbour
            raise ValueError(day)
    except (ValueError, LookupError, TypeError):
        raise RuleError("wrong_published_file") from None
    own = verbs.read_day_to_publish(desk, ask, day, lang if lang in LANGUAGES else LANGUAGES[0]).file_lines()
    for n in range(max(len(told), len(own))):
        if told[n : n + 1] != own[n : n + 1]:
            raise RuleError("published_differs", line=n + 1)
    return {"file": str(file), "events": len(own) - 2}


def _publication_lines_if_checked(publication: rules.DayPublication) -> list[str]:
    lines = publication.file_lines()
    program = runpy.run_path(str(_checker_path()))
    read = [parse_json_safely(line) for line in lines]
    try:
        holds = not program["first_broken_line"](read)
        holds = holds and program["figures"](read[1:-1], publication.levels) == publication.figures
    except (LookupError, TypeError, ValueError):
        holds = False
    if not holds:
        raise RuleError("day_not_recomputed", date=date.fromisoformat(publication.date))
    return lines


def _checker_path() -> Path:
    return resource_path("published", PROGRAM)
