"""Every refusal can be said as it is raised: with its code and with the details that stand where it is raised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.field_kinds import fields_of
from queuedesk.core.setup.file import WHOLE
from queuedesk.core.setup.rows import ROWS
from queuedesk.i18n import LANGUAGES, say
from queuedesk.i18n.refusals import PLAIN, SPECIAL, WITHOUT_PATH
from queuedesk.i18n.value_refusals import FIELDS, WHYS
from tests.features.added import added_refusals
from tests.i18n.raised_refusals import Raised, every_raise
from tests.i18n.test_refusals import CASES


def _inner_rows(kind: type) -> Iterator[str]:
    """Yield the names of the lists inside a row whose rows have codes: two with one code are refused by that name."""
    for field in fields_of(kind).values():
        if field.kind.row is not None:
            if "code" in fields_of(field.kind.row):
                yield field.key
            yield from _inner_rows(field.kind.row)


PARTS = [*(part for part in ROWS if part not in WHOLE and part != "hall"), "pay_days"]
PLACES = re.compile(r"\{(ticket|window|zone|hall)\}")  # What a hall may write into the words of its calls.
EVENING = "2026-11-19T18:00:00+08:00"
ANY: Mapping[str, list[object]] = {
    "kind": [*PARTS, *dict.fromkeys(key for kind in ROWS.values() for key in _inner_rows(kind))],
    "why": list(WHYS),
    "value": ["A", 7, ""],
    "date": ["2026-11-19"],
    "halls": [["CD", "BJ"]],
    "leap": [
        dict.fromkeys(("before", "since", "now"), EVENING)
        | {"first": 9, "tickets": 2, "waiting": 1, "open": 0, "windows": 1, "series": {"A": 7}}
    ],
}
"""What a detail may be whose value only the running program knows; "B1" where nothing is named here."""


def _refusals(raised: Raised) -> Iterator[RuleError]:
    """Yield what may be raised at a place: what is not written there is taken from the cases of a sentence that
    depends on its details."""
    for code in raised.codes:
        for case in CASES.get(code, [{}]) if code != "bad_value" else [{}]:
            values = {
                name: list(given) or ([case[name]] if name in case else ANY.get(name, ["B1"]))
                for name, given in raised.details.items()
            }
            handed_on = {name: value for name, value in case.items() if raised.is_open and name not in values}
            for chosen in product(*values.values()):
                yield RuleError(code, **dict(zip(values, chosen, strict=True)), **handed_on)


def test_every_refusal_can_be_said_as_it_is_raised() -> None:
    places = every_raise()
    wordless = []
    for raised in places:
        for error in _refusals(raised):
            for lang in LANGUAGES:
                try:
                    sentence = say(error, lang)
                except Exception as bug:  # noqa: BLE001 - whatever a sentence lacks is named with its place
                    sentence = f"{{{bug!r}}}"
                if re.search(r"[{}]|None", PLACES.sub("", sentence)):
                    wordless.append((raised.place, str(error), sentence))

    assert wordless == []
    said = {code for raised in places for code in raised.codes}
    assert len(places) > 700
    assert said <= {*PLAIN, *SPECIAL, *WITHOUT_PATH, *added_refusals()}


def test_every_field_that_is_refused_has_a_word() -> None:
    fields = {str(field) for raised in every_raise() for field in raised.details.get("field", ())}
    assert {field for field in fields if field.rpartition(".")[2] not in FIELDS} == set()
