"""What customers say in words (kinds of comments, where they came from, what ratings are counted by), and warnings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.core.figures.comparing import NOTHING
from queuedesk.core.quality.case import (
    COMMENT_COMPLAINT,
    COMMENT_RATING,
    COMMENT_SPOKEN,
    OPINION,
    OTHER,
    PRAISE,
    SUGGESTION,
    TYPED,
    Comment,
)
from queuedesk.core.quality.why import (
    ANSWERED,
    BANDS,
    CLASS,
    HOUR,
    ITEM,
    LOW,
    SERVICE,
    STRETCH,
    TAG,
    TICKET,
    WINDOW,
    Chosen,
)
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import names
from queuedesk.i18n.catalogue import current_language, mark, tr
from queuedesk.i18n.figures.figure_titles import rating_reason
from queuedesk.i18n.moments import duration_text, listing, time_hm
from queuedesk.i18n.names import percent_text, staff_name
from queuedesk.i18n.talk import device_down_cause_words, place_words

_CLASSES = {
    COMMENT_COMPLAINT: mark("Complaint", context="comment"),
    PRAISE: mark("Praise", context="comment"),
    SUGGESTION: mark("Suggestion", context="comment"),
    OTHER: mark("Something else", context="comment"),
}
_SOURCES = {
    COMMENT_RATING: mark("with the rating", context="comment"),
    OPINION: mark("without a number", context="comment"),
    TYPED: mark("at the kiosk", context="comment"),
}
_QUESTIONS = {
    "attitude": mark("Attitude", context="figure title"),
    "competence": mark("Competence", context="figure title"),
}
_BY = {
    SERVICE: mark("By service", context="counted by"),
    WINDOW: mark("By window", context="counted by"),
    HOUR: mark("By hour", context="counted by"),
    CLASS: mark("By class", context="counted by"),
    ITEM: mark("By matter", context="counted by"),
}
_BANDS = dict(
    zip(
        BANDS,
        (
            mark("under 1 h without a break", context="stretch"),
            mark("1 to 2 h", context="stretch"),
            mark("over 2 h", context="stretch"),
        ),
        strict=True,
    )
)


def comment_class(klass: str, lang: str | None = None) -> str:
    return tr(lang or current_language(), _CLASSES[klass], context="comment") if klass in _CLASSES else klass


def comment_source_text(setup: Setup, comment: Comment, lang: str | None = None) -> str:
    """Return where a comment came from, and of a spoken one what it is and who noted it."""
    lang = lang or current_language()
    if comment.source == COMMENT_SPOKEN:
        by = names.staff_name(setup, comment.by, lang) or comment.by
        return tr(lang, "{kind}, noted by {name}", kind=comment_class(comment.klass, lang), name=by)
    return tr(lang, _SOURCES[comment.source], context="comment")


def question_words(question: str, lang: str | None = None) -> str:
    """Return briefly what one of the two further questions asks for."""
    return tr(lang or current_language(), _QUESTIONS[question], context="figure title")


def rating_grouping_words(by: str, lang: str | None = None) -> str:
    """Return what ratings are counted by."""
    return tr(lang or current_language(), _BY[by], context="counted by")


def time_at_window_words(band: str, lang: str | None = None) -> str:
    """Return how long somebody had been at a window."""
    return tr(lang or current_language(), _BANDS[band], context="stretch")


def group_name(setup: Setup, by: str, name: str, lang: str | None = None) -> str:
    """Return the name of a group of ratings counted `by` one of DIMENSIONS."""
    lang = lang or current_language()
    if name == NOTHING:
        return tr(lang, "none named", context="counted by")
    if by == SERVICE:
        return names.service_name(setup, name, lang)
    if by == WINDOW:
        return names.window_name(name, lang)
    if by == CLASS:
        return names.priority_class_name(setup, name, lang)
    if by == ITEM:
        service, _slash, item = name.partition("/")
        return names.item_name(setup, service, item, lang)
    return name


def rating_conditions_text(setup: Setup, chosen: Chosen, lang: str | None = None) -> str:
    """Return which ratings meet all conditions of core.quality.why: "Waited long, A Pay a bill"."""
    lang = lang or current_language()
    return listing([_rating_condition_text(setup, what, value, lang) for what, value in chosen], lang)


def _rating_condition_text(setup: Setup, what: str, value: str, lang: str) -> str:
    if what == TAG:
        return rating_reason(value, lang)
    if what == STRETCH:
        return time_at_window_words(value, lang)
    if what == TICKET:
        return value
    if what not in (LOW, ANSWERED):
        return group_name(setup, what, value, lang)
    if value == NOTHING:
        return tr(lang, "Rated low", context="ratings")
    word = question_words(value, lang)
    return tr(lang, "{question}: answered low", question=word) if what == LOW else word


def asked_words(found: Mapping[str, Any], lang: str | None = None) -> str:
    """Return how many of the customers who were asked for a note by reference number have one."""
    share = percent_text(found["share"], 0)
    return tr(
        lang or current_language(),
        "{valid} of {asked} asked have a note ({share} %)",
        valid=found["valid"],
        asked=found["asked"],
        share=share,
    )


Row = Mapping[str, Any]
"""A warning as desk.talk.alarms.staff_warnings_between gives it."""


def warning_delivery_text(setup: Setup, row: Row, lang: str | None = None) -> str:
    """Return who was warned, and where; of whom is responsible and was not signed in that, and who was warned instead;
    and what became of a slip that the hall's rule had printed."""
    lang = lang or current_language()
    told, slip = _warned_staff_text(setup, row, lang), row["slip"]
    if slip is None:
        return told
    if slip["cause"]:
        why = device_down_cause_words(slip["cause"], lang)
        return tr(lang, "{told}; not printed: {why}", told=told, why=why)
    at = time_hm(datetime.fromisoformat(slip["at"]))
    return tr(lang, "{told}; printed {time}", told=told, time=at)


def _warned_staff_text(setup: Setup, row: Row, lang: str) -> str:
    people = listing([_name_or_code(setup, code, lang) for code in row["people"]], lang)
    if row["told"] is None:
        return people
    told = listing(
        [
            tr(
                lang,
                "{name} ({place})",
                context="warned",
                name=_name_or_code(setup, one["staff"], lang),
                place=place_words(one["place"], lang),
            )
            for one in row["told"]
        ],
        lang,
    )
    if not row["instead"]:
        return told
    if not told:
        return tr(lang, "nobody: neither {people} nor a manager is signed in", people=people)
    return tr(lang, "{told}; {people} not signed in", told=told, people=people)


def warning_seen_text(setup: Setup, row: Row, lang: str | None = None) -> str:
    """Return who has seen a warning, when, and how long that took."""
    lang = lang or current_language()
    if row["acknowledged"]:
        return tr(
            lang,
            "{time} {name}, after {span}",
            context="warning",
            time=time_hm(datetime.fromisoformat(row["acknowledged"])),
            name=_name_or_code(setup, row["by"], lang),
            span=duration_text(row["seconds"], lang),
        )
    return tr(lang, "over before it was marked as seen") if row["ended"] else tr(lang, "not seen yet")


def _name_or_code(setup: Setup, code: str, lang: str) -> str:
    return staff_name(setup, code, lang) or code
