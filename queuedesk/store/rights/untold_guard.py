"""Splits events about ratings on a server: what everybody may read, and the whole.

The log's hashes are of the whole. A salt in it, which goes with the level, keeps anybody from trying the five levels on
the hash.
"""

from __future__ import annotations

from queuedesk.core.log.shapes import EVERY_MAY
from queuedesk.store.rights.untold import WHOLE

KINDS = ("rate", "reasons", "opinion", "correct")
_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)
_FIELDS = ", ".join(f"'{name}'" for name in sorted((*EVERY_MAY, "of")))

# Of a rating that reasons came with, what its table says too: that they came. Of a correction all but the level.
_TOLD = f"""
CREATE OR REPLACE FUNCTION public.qd_told(kind text, data jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  told jsonb;
  part text;
BEGIN
  IF kind = 'correct' THEN
    told := data - 'salt';
    FOREACH part IN ARRAY ARRAY['old', 'new'] LOOP
      IF jsonb_typeof(data #> ARRAY[part, 'rating']) = 'number' THEN
        told := jsonb_set(told, ARRAY[part, 'rating'], '0') || '{{"untold":true}}';
      END IF;
    END LOOP;
    RETURN told;
  END IF;
  SELECT coalesce(jsonb_object_agg(e.key, e.value), '{{}}') || '{{"untold":true}}' INTO told FROM jsonb_each(data) e WHERE e.key IN ({_FIELDS});
  IF kind <> 'reasons' AND NOT data ? 'of' AND (coalesce(data -> 'tags', '[]') NOT IN ('[]', 'null') OR coalesce(data -> 'comment', '""') NOT IN ('""', 'null')) THEN
    told := told || '{{"explained":true}}';
  END IF;
  RETURN told;
END $$"""

# What can't be read is nobody's to read who is not told.
_SPLIT = """
CREATE OR REPLACE FUNCTION public.qd_split(kind text, data text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN public.qd_canonical(public.qd_told(kind, data::jsonb));
EXCEPTION WHEN others THEN
  RETURN '{"untold":true}';
END $$"""

FUNCTIONS = (_TOLD, _SPLIT)

IN_TRIGGER = f"""
  NEW.{WHOLE} := NULL;
  IF NEW.kind IN ({_KINDS}) THEN
    NEW.{WHOLE} := NEW.data;
    NEW.data := public.qd_split(NEW.kind, NEW.data);
  END IF;"""
"""What a trigger does to a row that goes into the log."""

COLUMN = f"ALTER TABLE public.events ADD COLUMN IF NOT EXISTS {WHOLE} text"
# Of an older program: its events, and the answers that it kept. Who gives such an id again is told that it was used.
BRING_UP_TO_DATE = (
    "SET LOCAL queuedesk.rewriting = 'on'",
    f"UPDATE public.events SET {WHOLE} = data, data = public.qd_split(kind, data) WHERE kind IN ({_KINDS}) AND {WHOLE} IS NULL",
    "SET LOCAL queuedesk.rewriting = 'off'",
    "UPDATE public.commands SET words = '', answer = public.qd_canonical(answer::jsonb - 'rating' - 'level')"
    " WHERE answer::jsonb ? 'rating' OR answer::jsonb ?& ARRAY['opinion', 'level']",
)
