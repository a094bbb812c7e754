"""The functions and triggers of a shared hall's database: the log is only appended to, and each PC keeps to its hall.

Functions that need more than a PC may do run as the owner. They name their schema and trust no search path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from queuedesk.core.log.event import EARLIEST, FIRST_PREV, LATEST, SHAPES, EventFieldType, EventShape
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.quality.case import NO_END
from queuedesk.store.engine.types import EPOCH, MICROSECOND
from queuedesk.store.rights import withheld_ratings
from queuedesk.store.rights.pin_tries import WRONG_PINS, WRONG_WITHIN_S
from queuedesk.store.rights.tables import EVENTS

# The table of kinds and fields as a function of a server's database, by which it takes no event that the program could
# not read.
#
# It is a little narrower than `core/log/event.py`: dates and times are written in the program's own form, texts
# are as short as the desk keeps them, numbers have no more digits than it ever writes.

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

# What a hall writes all day: the server compares one kind after the other.
_OFTEN = ("call", "finish", "issue", "rate", "recall", "start")

# What is true of a VALUE, a field as jsonb. What comes first keeps from what follows the values that it could not take.
_IS: Mapping[EventFieldType, str] = {
    EventFieldType.TEXT: f"jsonb_typeof(VALUE) = 'string' AND length(VALUE #>> '{{}}') <= {LONGEST_TEXT}",
    EventFieldType.DAY: f"CASE WHEN VALUE #>> '{{}}' ~ '^{_DAY}$' THEN to_date(VALUE #>> '{{}}', 'YYYY-MM-DD') IS NOT NULL ELSE false END",
    EventFieldType.TIME: f"CASE WHEN VALUE #>> '{{}}' ~ '^{_DAY}T{_CLOCK}$' THEN (VALUE #>> '{{}}')::timestamptz >= '{EARLIEST.isoformat()}'"
    f" AND (VALUE #>> '{{}}')::timestamptz < '{LATEST.isoformat()}' ELSE false END",
    EventFieldType.NUMBER: f"jsonb_typeof(VALUE) = 'number' AND VALUE::text ~ '^{_WHOLE}$'",
    EventFieldType.LEVEL: "VALUE::text IN ('1', '2', '3', '4', '5')",
    EventFieldType.FLAG: "jsonb_typeof(VALUE) = 'boolean'",
    EventFieldType.TEXTS: """jsonb_typeof(VALUE) = 'array' AND NOT jsonb_path_exists(VALUE, 'strict $[*] ? (@.type() != "string")')""",
    EventFieldType.NUMBERS: f"jsonb_typeof(VALUE) = 'array' AND VALUE::text ~ '{_WHOLES}'",
    EventFieldType.OBJECT: "jsonb_typeof(VALUE) = 'object'",
    EventFieldType.OBJECTS: """jsonb_typeof(VALUE) = 'array' AND NOT jsonb_path_exists(VALUE, 'strict $[*] ? (@.type() != "object")')""",
    EventFieldType.NUMBERS_BY_NAME: "jsonb_typeof(VALUE) = 'object'"
    f" AND coalesce(jsonb_path_query_array(VALUE, 'strict $.*')::text, '[]') ~ '{_WHOLES}'",
}


def event_fits_shape_function_sql() -> str:
    """Return the SQL of `qd_fits`: whether an event of this kind, with this data and these columns, is as the desk
    writes them. Its callers set the search path, as setting it here would take longer than the rest."""
    often_first = sorted(SHAPES, key=lambda kind: (kind not in _OFTEN, kind))
    kinds = "\n".join(line for kind in often_first for line in _sql_shape_check_of_kind(kind, SHAPES[kind]))
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


def _sql_shape_check_of_kind(kind: str, forms: tuple[EventShape, ...]) -> Iterator[str]:
    yield f"  WHEN '{kind}' THEN"
    for form in forms:
        fits = " AND ".join(_sql_conditions_of_shape(form)) or "true"
        yield f"    RETURN {fits};" if form.when is None else f"    IF data ? '{form.when}' THEN RETURN {fits}; END IF;"


def _sql_conditions_of_shape(form: EventShape) -> Iterator[str]:
    for column in form.columns:
        yield f"{'win' if column == 'window' else column} IS NOT NULL"
    for name, kind in form.needs.items():
        yield f"data ? '{name}' AND {_sql_type_condition(kind, name)}"
    for name, kind in form.may.items():
        yield f"(NOT data ? '{name}' OR data -> '{name}' = 'null' OR {_sql_type_condition(kind, name)})"


def _sql_type_condition(kind: EventFieldType, name: str) -> str:
    value = f"(data -> '{name}')"
    return f"({_IS[kind].replace('VALUE', value)})"


CLOCKS_APART_S = 300
"""A PC's event may be so far from the server's clock: it was sent before it waited for the hall's lock, and nobody
else's clock goes."""
LIMIT = 40
"""Connections that one PC may have at once: its stations, a few each."""
_APART_US = CLOCKS_APART_S * 1_000_000
_KINDS = ", ".join(f"'{kind}'" for kind in PcKind)
_OTHER_TIME, _TO_COME = "is not of this time", "is of a date to come"
_FIRST_US, _LAST_US = (EARLIEST - EPOCH) // MICROSECOND, (LATEST - EPOCH) // MICROSECOND - 1
_OWNER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

# Whose the rows are that the session sees: of a withdrawn PC nobody's, and it is told so. Each statement asks it, and
# sets no search path for it: all that it names has its schema, the operator too.
_HALL = """
CREATE OR REPLACE FUNCTION public.qd_hall() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER AS $$
DECLARE
  own_hall bigint;
  gone bigint;
BEGIN
  SELECT p.hall, p.withdrawn INTO own_hall, gone FROM public.pcs p
    WHERE p.role OPERATOR(pg_catalog.=) session_user::pg_catalog.text;
  IF gone IS NOT NULL THEN
    RAISE EXCEPTION 'this PC was withdrawn' USING ERRCODE = 'invalid_authorization_specification';
  END IF;
  RETURN own_hall;
END $$"""

_KIND = f"""
CREATE OR REPLACE FUNCTION public.qd_kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE {_OWNER} AS $$
  SELECT p.kind FROM public.pcs p WHERE p.role = session_user::text AND p.withdrawn IS NULL
$$"""

# The own hall, and for a manager's PC the halls whose set-up lets one of this hall's people look on.
_SIGHT = f"""
CREATE OR REPLACE FUNCTION public.qd_sight() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE {_OWNER} AS $$
DECLARE
  own record;
BEGIN
  SELECT p.hall, p.kind, p.withdrawn INTO own FROM public.pcs p WHERE p.role = session_user::text;
  IF own.withdrawn IS NOT NULL THEN
    RETURN ARRAY[public.qd_hall()];
  ELSIF own.kind IS DISTINCT FROM 'manager' THEN
    RETURN ARRAY[own.hall];
  END IF;
  RETURN own.hall || ARRAY(
    SELECT h.id FROM public.halls h
    WHERE jsonb_typeof(h.seen_by) = 'array' AND h.id <> own.hall
      AND EXISTS (
        SELECT FROM public.halls mine, jsonb_array_elements_text(h.seen_by) s
        WHERE mine.id = own.hall AND starts_with(s, mine.code || '/')));
END $$"""

# Whether a PC may delete a name or number that is kept beside the log: one whose date is over by the server's clock,
# where the hall is. Staff end notes by reference number and change what a case has, before that date; nobody takes away
# what a booked appointment needs, and who works here is managers' to know.
_FORGETS = f"""
CREATE OR REPLACE FUNCTION public.qd_may_forget(of bigint, its_id text, until text) RETURNS boolean LANGUAGE plpgsql STABLE {_OWNER} AS $$
DECLARE
  kind text := public.qd_kind();
  now_us bigint := public.qd_now();
  zone text;
  simulated boolean;
  today text;
BEGIN
  IF kind = '{PcKind.MANAGER}' THEN
    RETURN true;
  END IF;
  SELECT h.setup::jsonb #>> '{{hall,timezone}}', h.setup::jsonb #>> '{{hall,simulated}}' = 'true'
    INTO zone, simulated FROM public.halls h WHERE h.id = of;
  IF now_us IS NULL OR simulated THEN
    today := '{NO_END}';
  ELSE
    BEGIN
      today := to_char(CASE WHEN zone ~ '^UTC[+-]' THEN timezone(substring(zone from 4)::interval, to_timestamp(now_us / 1000000.0))
        ELSE timezone(zone, to_timestamp(now_us / 1000000.0)) END, 'YYYY-MM-DD');
    EXCEPTION WHEN others THEN
      today := to_char(timezone('UTC', to_timestamp(now_us / 1000000.0)), 'YYYY-MM-DD');
    END;
  END IF;
  RETURN until < today OR kind = '{PcKind.STAFF}' AND until < '{NO_END}'
    AND NOT EXISTS (SELECT FROM public.appointments a
      WHERE a.hall = of AND a.state = 'booked' AND starts_with(a.person, its_id || ':'));
END $$"""

# The owner's alone, while it puts a whole log in place: the setting by itself is anybody's.
_REWRITING = f"""
CREATE OR REPLACE FUNCTION public.qd_rewriting() RETURNS boolean LANGUAGE sql STABLE {_OWNER} AS $$
  SELECT current_setting('queuedesk.rewriting', true) IS NOT DISTINCT FROM 'on' AND session_user = current_user
$$"""

# Said to be no more than to_char() is, or it would be called and not written into the statement.
_STAMP = """
CREATE OR REPLACE FUNCTION public.qd_stamp(us bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char(timestamp 'epoch' + us * interval '1 microsecond', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$$"""

# The one text of a JSON value, as core/log/event.py writes it.
_CANONICAL = """
CREATE OR REPLACE FUNCTION public.qd_canonical(value jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE jsonb_typeof(value)
  WHEN 'object' THEN
    RETURN (SELECT '{' || coalesce(string_agg(
      to_json(e.key)::text || ':' ||
      CASE WHEN jsonb_typeof(e.value) IN ('object', 'array') THEN public.qd_canonical(e.value) ELSE e.value::text END,
      ',' ORDER BY e.key COLLATE "C"), '') || '}' FROM jsonb_each(value) e);
  WHEN 'array' THEN
    RETURN (SELECT '[' || coalesce(string_agg(
      CASE WHEN jsonb_typeof(e.value) IN ('object', 'array') THEN public.qd_canonical(e.value) ELSE e.value::text END,
      ',' ORDER BY e.n), '') || ']' FROM jsonb_array_elements(value) WITH ORDINALITY e(value, n));
  ELSE
    RETURN value::text;
  END CASE;
END $$"""

# The server's clock in microseconds, by which events of PCs are held. This and the next run inside qd_event, with its
# search path.
_NOW = """
CREATE OR REPLACE FUNCTION public.qd_now() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
$$"""

# Why a PC's event is refused for its times, NULL where it is not. Times of a day kept on paper, of a day that is ended
# late and of a device that was lost lie before; a simulated hall has its own.
_TIMES = f"""
CREATE OR REPLACE FUNCTION public.qd_bad_time(
  of bigint, kind text, at bigint, its_time bigint, date text, data jsonb, last_at bigint, may_enter boolean
) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  now_us bigint := public.qd_now();
  why text;
BEGIN
  why := CASE
    WHEN at < last_at OR at NOT BETWEEN {_FIRST_US} AND {_LAST_US} THEN 'goes back'
    WHEN its_time > at OR its_time < {_FIRST_US}
      OR its_time < at AND kind NOT IN ('day-end', 'device') AND NOT (may_enter AND coalesce(data -> 'paper' = 'true', false))
    THEN 'did not happen when it was written'
    WHEN at > now_us + {_APART_US} AND at > coalesce(last_at, 0) OR at < now_us - {_APART_US} THEN '{_OTHER_TIME}'
    WHEN date > to_char(to_timestamp(at / 1000000.0) + interval '2 days', 'YYYY-MM-DD') THEN '{_TO_COME}'
    END;
  IF why IN ('{_OTHER_TIME}', '{_TO_COME}') THEN
    IF (SELECT h.setup::jsonb #>> '{{hall,simulated}}' = 'true' FROM public.halls h WHERE h.id = of) THEN
      RETURN NULL;
    END IF;
  END IF;
  RETURN why;
END $$"""
_NO_LONGER = ("DROP FUNCTION IF EXISTS public.qd_bad_time(public.events, bigint, boolean)",)


def _sql_array(kinds: frozenset[str]) -> str:
    return "ARRAY[" + ",".join(f"'{kind}'" for kind in sorted(kinds)) + "]"


_KINDS_NOT_ALLOWED = "\n    OR ".join(
    f"kind = '{kind}' AND NEW.kind <> ALL ({_sql_array(EVENTS[kind])})" for kind in PcKind
)

# Few statements in it and few queries: each takes as long as what it does.
_EVENT = f"""
CREATE OR REPLACE FUNCTION public.qd_event() RETURNS trigger LANGUAGE plpgsql {_OWNER} AS $$
DECLARE
  kind text;
  own_hall bigint;
  gone bigint;
  last_seq bigint;
  last text;
  last_at bigint;
  data jsonb;
  body text;
  why text;
BEGIN
  IF session_user = current_user AND public.qd_rewriting() THEN
{withheld_ratings.SPLIT_IN_TRIGGER}
    RETURN NEW;
  END IF;
  -- Who is no PC was let in by the tables' owner, where nobody shares the hall: it may append, in order. The event
  -- before is looked up as the last: of a single seq a server without statistics reads the hall's whole index of dates.
  SELECT p.kind, p.hall, p.withdrawn, e.seq, e.hash, e.at INTO kind, own_hall, gone, last_seq, last, last_at
    FROM (SELECT) AS nothing LEFT JOIN public.pcs p ON p.role = session_user::text
    LEFT JOIN LATERAL (
      SELECT e.seq, e.hash, e.at FROM public.events e WHERE e.hall = NEW.hall AND e.seq < NEW.seq ORDER BY e.seq DESC LIMIT 1
    ) e ON true;
  IF gone IS NOT NULL OR own_hall <> NEW.hall
    OR kind IN ('{PcKind.PUBLIC}', '{PcKind.WEB}')
      AND NEW.actor NOT IN ('hall', 'customer') AND NOT starts_with(NEW.actor, 'station:')
    OR {_KINDS_NOT_ALLOWED}
  THEN
    RAISE EXCEPTION 'no event "%" of % from this PC', NEW.kind, NEW.actor USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF last_seq IS DISTINCT FROM NEW.seq - 1 THEN
    last := CASE NEW.seq WHEN 1 THEN '{FIRST_PREV}' END;
    last_at := NULL;
  END IF;
  IF last IS NULL OR NEW.prev <> last THEN
    RAISE EXCEPTION 'event % does not continue the log', NEW.seq USING ERRCODE = 'QD001';
  END IF;
  data := NEW.data::jsonb;
  -- The most frequent text, of a date alone, is known without working it out.
  IF jsonb_typeof(data) <> 'object' OR data ? 'untold' OR NEW.date IS DISTINCT FROM data ->> 'date'
    OR NEW.data IS DISTINCT FROM '{{"date":' || to_json(NEW.date)::text || '}}' AND NEW.data <> public.qd_canonical(data)
  THEN
    RAISE EXCEPTION 'event % is not written as events are', NEW.seq USING ERRCODE = 'QD001';
  END IF;
  IF session_user <> current_user AND (octet_length(NEW.data) > {LARGEST_DATA}
    OR NOT public.qd_fits(NEW.kind, data, NEW.ticket, NEW.service, NEW."window", NEW.staff))
  THEN
    RAISE EXCEPTION 'event % has not what "%" needs', NEW.seq, NEW.kind USING ERRCODE = 'QD001';
  END IF;
  IF own_hall IS NOT NULL THEN
    why := public.qd_bad_time(
      NEW.hall, NEW.kind, NEW.at, NEW.time, NEW.date, data, last_at, kind = '{PcKind.MANAGER}'
    );
    IF why IS NOT NULL THEN
      RAISE EXCEPTION 'event % %', NEW.seq, why USING ERRCODE = 'QD001';
    END IF;
  END IF;
  body := NEW.prev
    || '{{"actor":' || to_json(NEW.actor)::text
    || ',"at":"' || public.qd_stamp(NEW.at)
    || '","command":' || coalesce(to_json(NEW.command)::text, 'null')
    || ',"data":' || NEW.data
    || ',"kind":' || to_json(NEW.kind)::text
    || ',"seq":' || NEW.seq
    || ',"service":' || coalesce(to_json(NEW.service)::text, 'null')
    || ',"staff":' || coalesce(to_json(NEW.staff)::text, 'null')
    || ',"ticket":' || coalesce(to_json(NEW.ticket)::text, 'null')
    || ',"time":"' || public.qd_stamp(NEW.time)
    || '","window":' || coalesce(to_json(NEW."window")::text, 'null') || '}}';
  IF encode(sha256(convert_to(body, 'UTF8')), 'hex') <> NEW.hash THEN
    RAISE EXCEPTION 'the hash of event % is not its own', NEW.seq USING ERRCODE = 'QD001';
  END IF;
{withheld_ratings.SPLIT_IN_TRIGGER}
  RETURN NEW;
END $$"""

_KEPT = f"""
CREATE OR REPLACE FUNCTION public.qd_kept() RETURNS trigger LANGUAGE plpgsql {_OWNER} AS $$
BEGIN
  IF public.qd_rewriting() THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the log is only appended to' USING ERRCODE = 'insufficient_privilege';
END $$"""


# Looked at when the transaction ends: whoever appends leaves the hall's row at the log's end, and nobody moves it
# otherwise.
def _log_end_trigger_function(name: str, column: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION public.{name}() RETURNS trigger LANGUAGE plpgsql {_OWNER} AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.halls h LEFT JOIN LATERAL (
      SELECT e.seq, e.hash, e.at FROM public.events e WHERE e.hall = h.id ORDER BY e.seq DESC LIMIT 1
    ) last ON true WHERE h.id = NEW.{column}
    AND h.seq = coalesce(last.seq, 0) AND h.hash = coalesce(last.hash, '{FIRST_PREV}') AND (h.at IS NOT DISTINCT FROM last.at
      OR last.at NOT BETWEEN {_FIRST_US} AND {_LAST_US}))
  THEN
    RAISE EXCEPTION 'hall % does not stand at the end of its log', NEW.{column} USING ERRCODE = 'QD001';
  END IF;
  RETURN NULL;
END $$"""


# A set-up that lacks what every reader begins with would stop the hall, whatever the log says.
_SET_UP = f"""
CREATE OR REPLACE FUNCTION public.qd_set_up() RETURNS trigger LANGUAGE plpgsql {_OWNER} AS $$
DECLARE
  whole jsonb;
BEGIN
  IF session_user = current_user THEN
    RETURN NEW;
  END IF;
  whole := NEW.setup::jsonb;
  IF NEW.code IS DISTINCT FROM whole #>> '{{hall,code}}' OR jsonb_typeof(whole -> 'services') IS DISTINCT FROM 'array'
    OR jsonb_typeof(whole -> 'windows') IS DISTINCT FROM 'array'
    OR NOT EXISTS (SELECT FROM public.events e WHERE e.hall = NEW.id AND e.hash = NEW.setup_hash)
  THEN
    RAISE EXCEPTION 'hall % would have no set-up', NEW.id USING ERRCODE = 'QD001';
  END IF;
  RETURN NEW;
END $$"""

_MAKES = f"""
CREATE OR REPLACE FUNCTION public.qd_add_pc(
  new_role text, verifier text, of bigint, its_name text, its_kind text, by text, at bigint
) RETURNS void LANGUAGE plpgsql {_OWNER} AS $$
DECLARE
  patience text := CASE its_kind WHEN 'manager' THEN '5min' ELSE '60s' END;
BEGIN
  IF session_user <> current_user AND (public.qd_kind() IS DISTINCT FROM 'manager' OR public.qd_hall() IS DISTINCT FROM of) THEN
    RAISE EXCEPTION 'this PC gives no credentials' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF new_role !~ '^qd_[0-9a-f]{{12}}$' OR verifier !~ '^SCRAM-SHA-256[$]' OR its_kind NOT IN ({_KINDS})
    OR length(its_name) > 200
  THEN
    RAISE EXCEPTION 'no credential is like this' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L CONNECTION LIMIT {LIMIT} IN ROLE %I', new_role, verifier, 'qd_' || its_kind);
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), new_role);
  EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', new_role, '10s');
  EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', new_role, patience);
  EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', new_role, patience);
  IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
    EXECUTE format('ALTER ROLE %I SET temp_file_limit = %L', new_role, '1GB');  -- which only a superuser may raise
  ELSE
    EXECUTE format('GRANT %I TO %I', new_role, current_user);  -- or its connections could be neither seen nor ended
  END IF;
  EXECUTE format('CREATE SEQUENCE public.%I MINVALUE 0', new_role || '_pins');
  INSERT INTO public.pcs (role, hall, name, kind, made, made_by) VALUES (new_role, of, its_name, its_kind, at, by);
END $$"""

# Its name stays, for the log of who was there. What connects between this and the commit sees nobody's rows and is cut
# off.
_WITHDRAWS = f"""
CREATE OR REPLACE FUNCTION public.qd_withdraw_pc(gone text) RETURNS boolean LANGUAGE plpgsql {_OWNER} AS $$
DECLARE
  pc public.pcs;
BEGIN
  SELECT * INTO pc FROM public.pcs p WHERE p.role = gone;
  IF session_user <> current_user AND (public.qd_kind() IS DISTINCT FROM 'manager' OR public.qd_hall() IS DISTINCT FROM pc.hall) THEN
    RAISE EXCEPTION 'this PC withdraws no credentials' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF pc.role IS NULL OR pc.withdrawn IS NOT NULL THEN
    RETURN false;
  END IF;
  UPDATE public.pcs p SET withdrawn = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint WHERE p.role = gone;
  EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', gone);
  EXECUTE format('DROP SEQUENCE IF EXISTS public.%I', gone || '_pins');
  PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.usename = gone AND a.pid <> pg_backend_pid();
  RETURN true;
END $$"""

_SALTS = f"""
CREATE OR REPLACE FUNCTION public.qd_pin_salts(of bigint) RETURNS TABLE (person text, salt text) LANGUAGE plpgsql STABLE {_OWNER} AS $$
BEGIN
  IF session_user = current_user OR of = public.qd_hall() THEN
    RETURN QUERY SELECT p.staff, split_part(p.hash, ':', 1) FROM public.pins p WHERE p.hall = of;
  END IF;
END $$"""

# As pin_tries counts, but a sequence forgets nothing when a transaction is undone: it holds the time until which the
# wrong PINs of this PC count. Each try counts before anything is compared, so that whatever ends the function early (a
# time limit, a transaction that may not write) tells nothing and is paid for; the right PIN takes its own back. A
# server's clock that was put back lets nobody wait for longer than the pause.
_PIN = f"""
CREATE OR REPLACE FUNCTION public.qd_pin_of(of bigint, people text[], keys text[]) RETURNS text LANGUAGE plpgsql {_OWNER} AS $$
DECLARE
  now_us bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
  each_us bigint := {WRONG_WITHIN_S} * 1000000 / {WRONG_PINS};
  tries regclass := to_regclass('public.' || quote_ident(session_user || '_pins'));
  counted bigint;
  found_one text;
BEGIN
  IF session_user <> current_user THEN
    IF of IS DISTINCT FROM public.qd_hall() OR tries IS NULL
      OR cardinality(people) <> (SELECT count(DISTINCT one) FROM unnest(people) one)
    THEN
      RAISE EXCEPTION 'no PIN of this hall' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF current_setting('transaction_read_only') <> 'off' THEN
      RAISE EXCEPTION 'a try could not be counted' USING ERRCODE = 'read_only_sql_transaction';
    END IF;
    PERFORM pg_advisory_xact_lock(tries::oid::bigint);
    EXECUTE format('SELECT last_value FROM %s', tries) INTO counted;
    counted := greatest(least(counted, now_us + each_us * {WRONG_PINS}), now_us);
    IF counted - now_us > each_us * ({WRONG_PINS} - 1) THEN
      RAISE EXCEPTION '%', (counted - now_us - each_us * ({WRONG_PINS} - 1)) / 1000000 + 1 USING ERRCODE = 'QD002';
    END IF;
    PERFORM setval(tries, counted + each_us);
  END IF;
  SELECT p.staff INTO found_one FROM public.pins p JOIN unnest(people, keys) AS given(staff, key) ON given.staff = p.staff
    WHERE p.hall = of AND split_part(p.hash, ':', 2) = given.key LIMIT 1;
  IF found_one IS NOT NULL AND session_user <> current_user THEN
    PERFORM setval(tries, counted);
  END IF;
  RETURN found_one;
END $$"""

# Its own time limits are a PC's own to change: the connection of one that keeps others waiting ends.
_CUTS = f"""
CREATE OR REPLACE FUNCTION public.qd_cut_off(longest_s integer) RETURNS SETOF text LANGUAGE sql {_OWNER} AS $$
  SELECT a.usename::text FROM pg_stat_activity a LEFT JOIN public.pcs p ON p.role = a.usename
  WHERE a.datname = current_database() AND CASE
    WHEN p.withdrawn IS NOT NULL THEN pg_terminate_backend(a.pid)
    WHEN (p.role IS NOT NULL OR starts_with(a.usename::text, 'qd_reports_'))
      AND a.xact_start < clock_timestamp() - make_interval(secs => longest_s)
      AND EXISTS (SELECT FROM pg_locks l WHERE NOT l.granted AND a.pid = ANY (pg_blocking_pids(l.pid)))
    THEN pg_terminate_backend(a.pid)
    ELSE false END
$$"""

FUNCTIONS = (
    *_NO_LONGER,
    _HALL,
    _SALTS,
    _PIN,
    _KIND,
    _SIGHT,
    _FORGETS,
    _REWRITING,
    _STAMP,
    _CANONICAL,
    event_fits_shape_function_sql(),
    _NOW,
    _TIMES,
    *withheld_ratings.SPLIT_FUNCTIONS,
    _EVENT,
    _KEPT,
    _log_end_trigger_function("qd_log_at_end", "hall"),
    _log_end_trigger_function("qd_hall_at_end", "id"),
    _SET_UP,
    _MAKES,
    _WITHDRAWS,
    _CUTS,
)
_EVERYBODY = ", ".join(f"qd_{kind}" for kind in PcKind)
CALLED = {
    "qd_hall()": _EVERYBODY,
    "qd_kind()": _EVERYBODY,
    "qd_sight()": _EVERYBODY,
    "qd_may_forget(bigint, text, text)": _EVERYBODY,
    "qd_rewriting()": _EVERYBODY,
    "qd_pin_salts(bigint)": _EVERYBODY,
    "qd_pin_of(bigint, text[], text[])": _EVERYBODY,
    "qd_add_pc(text, text, bigint, text, text, text, bigint)": "qd_manager",
    "qd_withdraw_pc(text)": "qd_manager",
}
"""Who may call a function by its name; triggers need no leave."""
NOT_FOR_ALL = ("qd_add_pc(text, text, bigint, text, text, text, bigint)", "qd_withdraw_pc(text)", "qd_cut_off(integer)")
"""What nobody may call who was not given leave, in a database that nobody shares too."""
# Only where somebody claims to rewrite it is asked whether he may: that takes as long as the rest.
_DEFERRED = (
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_setting('queuedesk.rewriting', true) IS DISTINCT FROM 'on'"
    " OR NOT public.qd_rewriting()) EXECUTE FUNCTION"
)
TRIGGERS = (
    "CREATE OR REPLACE TRIGGER qd_event BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.qd_event()",
    "CREATE OR REPLACE TRIGGER qd_kept BEFORE UPDATE OR DELETE ON public.events EXECUTE FUNCTION public.qd_kept()",
    "CREATE OR REPLACE TRIGGER qd_kept_whole BEFORE TRUNCATE ON public.events EXECUTE FUNCTION public.qd_kept()",
    "DROP TRIGGER IF EXISTS qd_log_at_end ON public.events",
    f"CREATE CONSTRAINT TRIGGER qd_log_at_end AFTER INSERT ON public.events {_DEFERRED} public.qd_log_at_end()",
    "CREATE OR REPLACE TRIGGER qd_set_up BEFORE UPDATE OF setup, setup_hash, code ON public.halls"
    " FOR EACH ROW EXECUTE FUNCTION public.qd_set_up()",
    "DROP TRIGGER IF EXISTS qd_hall_at_end ON public.halls",
    "CREATE CONSTRAINT TRIGGER qd_hall_at_end AFTER INSERT OR UPDATE OF seq, hash, at ON public.halls"
    f" {_DEFERRED} public.qd_hall_at_end()",
)

NAMES = ("qd_event", "qd_kept", "qd_kept_whole", "qd_log_at_end", "qd_hall_at_end")
_ON = text(
    "SELECT count(*) FROM pg_trigger WHERE tgrelid IN (to_regclass('public.events'), to_regclass('public.halls'))"
    " AND tgname = ANY (:names) AND tgenabled IN ('O', 'A')"
)

# As commands take them; the other way round each would wait for the other.
_IN_ORDER = "LOCK TABLE public.halls, public.events IN ACCESS EXCLUSIVE MODE"


def install_triggers_and_functions(tx: Connection) -> None:
    """Create or renew the triggers and what they call; for the tables' owner, at any time. Raises DBAPIError for
    anybody else."""
    for statement in trigger_and_function_statements():
        tx.exec_driver_sql(statement, execution_options={"no_parameters": True})


def trigger_and_function_statements() -> Iterator[str]:
    yield _IN_ORDER
    yield withheld_ratings.WHOLE_COLUMN
    yield from FUNCTIONS
    yield from TRIGGERS
    yield from withheld_ratings.SPLIT_OLDER_EVENTS
    for function in NOT_FOR_ALL:
        yield f"REVOKE EXECUTE ON FUNCTION public.{function} FROM PUBLIC"


def are_log_triggers_enabled(tx: Connection) -> bool:
    """Whether all of them exist and none is disabled."""
    return bool(tx.execute(_ON, {"names": list(NAMES)}).scalar_one() == len(NAMES))
