"""Changes the hall's ready sentences one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import changed, check_setup
from queuedesk.core.setup.sentences import Sentence, own_rows, sentence_rows
from queuedesk.core.setup.values import Setup
from queuedesk.desk.change import Change, Document, changes

PART = "sentences"


def sentence_list(setup: Setup, kind: str) -> Document:
    """Return a list as the stations show it, and whether it is the usual one; `kind` is one of LISTS."""
    sentences: tuple[Sentence, ...] = getattr(setup.sentences, kind)
    rows = sentence_rows(sentences)
    return {"kind": kind, "usual": not own_rows(kind, rows), "sentences": rows}


@changes("set-up")
def add_sentence(change: Change, kind: str, text: str, text_en: str = "") -> Document:
    """Add one at the end. Raises RuleError "bad_value"."""
    return _save(change, kind, [*_rows(change, kind), _row(text, text_en)])


@changes("set-up")
def set_sentence(change: Change, kind: str, number: int, text: str, text_en: str | None = None) -> Document:
    """Say something else in the place of one, counted from 1; its English stays unless given. Raises RuleError
    "not_there", "bad_value"."""
    rows = _rows(change, kind)
    before = rows[_place(rows, number)]
    rows[number - 1] = _row(text, before["text_en"] if text_en is None else text_en)
    return _save(change, kind, rows)


@changes("set-up")
def remove_sentence(change: Change, kind: str, number: int) -> Document:
    """Take one away, counted from 1. Raises RuleError "not_there", "last_one"."""
    rows = _rows(change, kind)
    del rows[_place(rows, number)]
    if not rows:  # an empty list would be the usual one
        raise RuleError("last_one", kind="sentence")
    return _save(change, kind, rows)


@changes("set-up")
def usual_sentences(change: Change, kind: str) -> Document:
    """Go back to the usual ones."""
    return _save(change, kind, [])


def _rows(change: Change, kind: str) -> list[dict[str, str]]:
    return sentence_rows(getattr(change.setup.sentences, kind))


def _row(text: str, text_en: str) -> dict[str, str]:
    return {"text": text.strip(), "text_en": text_en.strip()}


def _place(rows: Sequence[object], number: int) -> int:
    if not 1 <= number <= len(rows):
        raise RuleError("not_there", kind="sentence", code=number)
    return number - 1


def _save(change: Change, kind: str, rows: Sequence[Mapping[str, Any]]) -> Document:
    edit: dict[str, Any] = {"part": PART, "op": "set", "code": PART, "row": {kind: own_rows(kind, rows)}}
    setup = check_setup(changed(change.setup.document, edit))
    change.record("set-up", **edit)
    return sentence_list(setup, kind)
