"""Reading and checking the ready sentences of a set-up file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.setup import field_checks as fields
from queuedesk.core.setup.sentences import USUAL, Sentence, Sentences

LISTS = ("messages", "announcements", "help", "emergency")
LONGEST_SENTENCE = 100
MOST_SENTENCES = 20


def sentences_of(row: Mapping[str, Any]) -> Sentences:
    """Return the sentences of a document that `check_sentences` accepts; a list that is missing or empty is the usual
    one."""

    def read(key: str, usual: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        rows: Sequence[Mapping[str, Any]] = row.get(key) or ()
        return tuple(Sentence(one["text"], one.get("text_en") or "") for one in rows) or usual

    return Sentences(
        messages=read("messages", USUAL.messages),
        announcements=read("announcements", USUAL.announcements),
        help=read("help", USUAL.help),
        emergency=read("emergency", USUAL.emergency),
    )


def sentence_rows(sentences: Sequence[Sentence]) -> list[dict[str, str]]:
    """Return sentences as rows of a set-up file, both texts in each."""
    return [{"text": one.text, "text_en": one.text_en} for one in sentences]


def usual_rows(kind: str) -> list[dict[str, str]]:
    """Return the rows that a list has where the hall has none of its own."""
    usual: tuple[Sentence, ...] = getattr(USUAL, kind)
    return sentence_rows(usual)


def own_rows(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows that a hall keeps as its own: none where they are the usual ones."""
    return [] if list(rows) == usual_rows(kind) else list(rows)


def check_sentences(row: Mapping[str, Any]) -> None:
    """Refuse sentences that can't be shown. Raises RuleError "bad_value"."""
    for key in row:
        fields.choice(f"sentences.{key}", key, LISTS)
        rows = fields.listed(f"sentences.{key}", row[key] or [])
        if len(rows) > MOST_SENTENCES:
            raise fields.bad(f"sentences.{key}", len(rows), "too_long")
        for at, one in enumerate(rows, start=1):
            name = f"sentences.{key}.{at}"
            sentence = fields.mapping(name, one)
            if not str(sentence.get("text") or "").strip():
                raise fields.bad(f"{name}.text", sentence.get("text"), "empty")
            fields.optional_texts(name, sentence, ("text", "text_en"), longest=LONGEST_SENTENCE)
