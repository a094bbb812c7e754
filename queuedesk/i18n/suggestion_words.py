"""Words for suggestions: what a preset knows of a service and nobody of the hall has confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from queuedesk.core.setup.sentences import MAY_BE_NONE
from queuedesk.i18n import current_language, list_text, mark, name_in_language, tr
from queuedesk.i18n.figures.figure_titles import rating_reason_words
from queuedesk.i18n.talk import offered_channel_word

TITLES = {
    "about": mark("About", context="suggestion"),
    "papers": mark("What people bring", context="suggestion"),
    "fees": mark("Fees", context="suggestion"),
    "steps": mark("Steps", context="suggestion"),
    "message": mark("Message instead of a ticket", context="suggestion"),
    "items": mark("Items to choose from", context="suggestion"),
    "group": mark("Group", context="suggestion"),
    "elsewhere": mark("Also possible at peaks", context="suggestion"),
    "classes": mark("Who can be called earlier", context="suggestion"),
    "rating_reasons": mark("Reasons to choose", context="suggestion"),
    "announcements": mark("What staff can send", context="suggestion"),
    "emergency": mark("What staff can send", context="suggestion"),
}


def suggested_fact_title(fact: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), TITLES[fact], context="suggestion")


def suggested_fact_titles_text(facts: Iterable[str], lang: str | None = None) -> str:
    """Return the names of facts in one text: "What people bring, Fees"."""
    return list_text([suggested_fact_title(fact, lang) for fact in facts], lang or current_language())


def suggested_fact_content(fact: str, fields: Mapping[str, Any], lang: str | None = None) -> str:
    """Return a suggested fact whole, as customers would read it: an item or a step in each line."""
    lang = lang or current_language()
    if fact == "papers":
        return _papers_with_notes_text(fields.get("papers") or (), lang)
    if fact == "items":
        return "\n".join(_item_words(item, lang) for item in fields["items"])
    if fact == "classes":
        return list_text(
            [name_in_language(str(one.get("name") or ""), one.get("name_en"), lang) for one in fields[fact]], lang
        )
    if fact == "rating_reasons":
        return list_text([rating_reason_words(tag, lang) for tag in fields[fact]], lang)
    if fact in MAY_BE_NONE:
        return "\n".join(name_in_language(one["text"], one["text_en"], lang) for one in fields[fact])
    if fact == "elsewhere":
        return list_text([offered_channel_word(way, lang) for way in fields[fact]], lang)
    text = name_in_language(str(fields.get(fact) or ""), fields.get(f"{fact}_en"), lang)
    if fact != "steps":
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _item_words(item: Mapping[str, Any], lang: str) -> str:
    name = name_in_language(str(item.get("name") or ""), item.get("name_en"), lang)
    if item.get("minutes"):
        name = tr(lang, "{item}, about {minutes} min", item=name, minutes=item["minutes"])
    papers = _papers_with_notes_text(item.get("papers") or (), lang)
    return tr(lang, "{item}: {papers}", context="suggestion", item=name, papers=papers) if papers else name


def _papers_with_notes_text(papers: Iterable[Mapping[str, Any]], lang: str) -> str:
    words = []
    for paper in papers:
        name = name_in_language(str(paper.get("name") or ""), paper.get("name_en"), lang)
        note = name_in_language(str(paper.get("note") or ""), paper.get("note_en"), lang)
        words.append(tr(lang, "{paper} ({note})", context="suggestion", paper=name, note=note) if note else name)
    return list_text(words, lang)
