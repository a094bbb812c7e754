"""What features call their events, refusals and acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from queuedesk.core.features import features, load

Sentence = Callable[[str, Mapping[str, object]], str]


class AddedWords(Struct, frozen=True, kw_only=True):
    """Texts of the catalogue: of kinds of events, of refusals by their code, and of verbs as the access journal names
    them. A refusal that is said in several ways has a function of the language and the details in place of a text."""

    events: Mapping[str, str] = {}
    refusals: Mapping[str, str | Sentence] = {}
    verbs: Mapping[str, str] = {}


def added_words() -> list[AddedWords]:
    """Return the words of every feature that brings some."""
    return [load(one.words) for one in features() if one.words]


def event_text(kind: str) -> str | None:
    """Return what a feature calls a kind of its events."""
    return next((one.events[kind] for one in added_words() if kind in one.events), None)


def refusal_text(code: str) -> str | Sentence | None:
    """Return a feature's sentence for a refusal."""
    return next((one.refusals[code] for one in added_words() if code in one.refusals), None)


def verb_text(verb: str) -> str | None:
    """Return what a feature calls something that people do."""
    return next((one.verbs[verb] for one in added_words() if verb in one.verbs), None)
