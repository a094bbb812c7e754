"""The table of kinds and fields as a function of a server's database, by which it takes no event that the program could
not read.

It is a little narrower than `core/log/shapes.py`: dates and times are written in the program's own form, texts are as
short as the desk keeps them, numbers have no more digits than it ever writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from queuedesk.core.log.shapes import EARLIEST, LATEST, SHAPES, Shape, Type

LONGEST_TEXT = 1000
"""As `desk/change.py` refuses what is longer."""
LARGEST_DATA = 4_000_000
"""Bytes; the whole set-up of a large hall has a tenth of it."""
_DIGITS = 18
_WHOLE = f"-?[0-9]{{1,{_DIGITS}}}"
_WHOLES = rf"^\[({_WHOLE}(, {_WHOLE})*)?\]$"
_DAY = "(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?[+-](0[0-9]|1[0-5]):[0-5][0-9]"
# Too large for a table's column, or so long that no program reads it again.
_TOO_LARGE = f'strict $.** ? (@.type() == "number" && (@ >= {10**_DIGITS} || @ <= -{10**_DIGITS}))'

# What is true of a VALUE, a field as jsonb. What comes first keeps from what follows the values that it could not take.
_IS: Mapping[Type, str] = {
    Type.TEXT: f"jsonb_typeof(VALUE) = 'string' AND length(VALUE #>> '{{}}') <= {LONGEST_TEXT}",
    Type.DAY: f"CASE WHEN VALUE #>> '{{}}' ~ '^{_DAY}$' THEN to_date(VALUE #>> '{{}}', 'YYYY-MM-DD') IS NOT NULL ELSE false END",
    Type.TIME: f"CASE WHEN VALUE #>> '{{}}' ~ '^{_DAY}T{_CLOCK}$' THEN (VALUE #>> '{{}}')::timestamptz >= '{EARLIEST.isoformat()}'"
    f" AND (VALUE #>> '{{}}')::timestamptz < '{LATEST.isoformat()}' ELSE false END",
    Type.NUMBER: f"jsonb_typeof(VALUE) = 'number' AND VALUE::text ~ '^{_WHOLE}$'",
    Type.LEVEL: "VALUE::text IN ('1', '2', '3', '4', '5')",
    Type.FLAG: "jsonb_typeof(VALUE) = 'boolean'",
    Type.TEXTS: """jsonb_typeof(VALUE) = 'array' AND NOT jsonb_path_exists(VALUE, 'strict $[*] ? (@.type() != "string")')""",
    Type.NUMBERS: f"jsonb_typeof(VALUE) = 'array' AND VALUE::text ~ '{_WHOLES}'",
    Type.OBJECT: "jsonb_typeof(VALUE) = 'object'",
    Type.OBJECTS: """jsonb_typeof(VALUE) = 'array' AND NOT jsonb_path_exists(VALUE, 'strict $[*] ? (@.type() != "object")')""",
    Type.NUMBERS_BY_NAME: "jsonb_typeof(VALUE) = 'object'"
    f" AND coalesce(jsonb_path_query_array(VALUE, 'strict $.*')::text, '[]') ~ '{_WHOLES}'",
}


def function() -> str:
    """Return what makes `qd_fits`: whether an event of this kind, with this data and these columns, is as the desk
    writes them.

    It is called by what has set the search path, which would take longer than all that it does.
    """
    kinds = "\n".join(line for kind, forms in sorted(SHAPES.items()) for line in _kind(kind, forms))
    return f"""
CREATE OR REPLACE FUNCTION public.qd_fits(kind text, data jsonb, ticket text, service text, win text, staff text)
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF greatest(length(ticket), length(service), length(win), length(staff)) > {LONGEST_TEXT}
    OR jsonb_path_exists(data, '{_TOO_LARGE}')
  THEN
    RETURN false;
  END IF;
  CASE kind
{kinds}
  ELSE
    RETURN false;
  END CASE;
END $$"""


def _kind(kind: str, forms: tuple[Shape, ...]) -> Iterator[str]:
    yield f"  WHEN '{kind}' THEN"
    for form in forms:
        fits = " AND ".join(_conditions(form)) or "true"
        yield f"    RETURN {fits};" if form.when is None else f"    IF data ? '{form.when}' THEN RETURN {fits}; END IF;"


def _conditions(form: Shape) -> Iterator[str]:
    for column in form.columns:
        yield f"{'win' if column == 'window' else column} IS NOT NULL"
    for name, kind in form.needs.items():
        yield f"data ? '{name}' AND {_is(kind, name)}"
    for name, kind in form.may.items():
        yield f"(NOT data ? '{name}' OR data -> '{name}' = 'null' OR {_is(kind, name)})"


def _is(kind: Type, name: str) -> str:
    value = f"(data -> '{name}')"
    return f"({_IS[kind].replace('VALUE', value)})"
