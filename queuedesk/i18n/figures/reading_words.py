"""How an audited table was read, in words: which sign parts decimals or thousands, what a share is, which levels were
added up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from queuedesk.core.imports.audit_reading import HUNDRED, ONE, Told
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.imports.number_signs import COMMA, POINT
from queuedesk.core.imports.table_audit import Audit, LevelsAdded
from queuedesk.i18n.catalogue import current, mark, tr
from queuedesk.i18n.moments import listing

DECIMALS, LONGEST_CELL = 4, 12
_SIGNS = {
    POINT: mark("point", context="sign in a number"),
    COMMA: mark("comma", context="sign in a number"),
    " ": mark("space", context="sign in a number"),
    "'": mark("apostrophe", context="sign in a number"),
}


def reading_texts(found: Audit, lang: str | None = None) -> list[str]:
    """Return how the table was read where that had to be decided, a sentence for columns that are alike."""
    return [*(told_text(one, lang) for one in found.told), *(added_text(one, lang) for one in found.added)]


def told_text(told: Told, lang: str | None = None) -> str:
    """Return how columns were read, by one of their cells."""
    lang = lang or current()
    value = value_text(told.value, is_count=told.is_count)
    details = {"columns": listing(told.columns, lang), "text": cell_text(told.text), "value": value}
    if told.is_share and told.decimal == COMMA:
        return tr(lang, "{columns}: read {text} as {value}, a share of 1; the comma is the decimal sign.", **details)
    if told.is_share:
        return tr(lang, "{columns}: read {text} as {value}, a share of 1.", **details)
    if told.thousands:
        sign = sign_word(told.thousands, lang)
        return tr(lang, "{columns}: read {text} as {value}; the {sign} separates thousands.", sign=sign, **details)
    sign = sign_word(told.decimal, lang)
    return tr(lang, "{columns}: read {text} as {value}; the {sign} is the decimal sign.", sign=sign, **details)


def added_text(added: LevelsAdded, lang: str | None = None) -> str:
    """Return which columns were added up."""
    lang = lang or current()
    columns = listing(added.columns, lang)
    if added.is_satisfied:
        return tr(lang, "Counted as satisfied: {columns}.", columns=columns)
    return tr(lang, "Counted as dissatisfied: {columns}.", columns=columns)


def two_readings(details: Mapping[str, object], lang: str) -> str:
    """Return the question what a cell means, with what may be said on the command line."""
    one, two = choices(details)
    told = {"column": str(details["column"]), "text": cell_text(str(details["text"])), "one": one[1], "two": two[1]}
    if details["asks"] == "decimal":
        return tr(
            lang,
            "In the column {column}, {text} can be {one} or {two}; please say what the decimal sign is (--decimal point or --decimal comma).",
            **told,
        )
    return tr(
        lang,
        "In the column {column}, {text} can be {one} or {two}; please say what 100 % is written as (--whole 1 or --whole 100).",
        **told,
    )


def choices(details: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what may be said of a cell that can be read in two ways, each with the cell's value by it."""
    values = details["values"]
    assert isinstance(values, Mapping)
    return [(said, value_text(value, is_count=bool(details["is_count"]))) for said, value in values.items()]


def choice_text(said: str, text: str, lang: str | None = None) -> str:
    """Return what is meant by a choice about the cell `text`."""
    lang = lang or current()
    if said == str(ONE):
        return tr(lang, "a share of 1")
    if said == str(HUNDRED):
        return tr(lang, "already in percent")
    sign = COMMA if COMMA in half_width(text) else POINT  # A cell with both has one reading only.
    word = sign_word(sign, lang)
    if said == sign:
        return tr(lang, "the {sign} is the decimal sign", sign=word)
    return tr(lang, "the {sign} separates thousands", sign=word)


def value_text(value: Decimal, *, is_count: bool) -> str:
    """Return "53,000", or "95.7 %" with four decimals at most."""
    return f"{int(value):,}" if is_count else f"{round(value, min(DECIMALS, _decimals(value))):f} %"


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def cell_text(text: str) -> str:
    """Return a cell as it was typed, cut where a spreadsheet's arithmetic left more digits than anybody reads."""
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def sign_word(sign: str, lang: str) -> str:
    """Return the word for a sign between digits."""
    return tr(lang, _SIGNS[sign], context="sign in a number")
