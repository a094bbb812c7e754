"""A hall's set-up pushed to other halls: which rows it would change there, and what stays a hall's own; and what is
known of halls beside each other now, and of all in a period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.appraisal import PART as SCHEME
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.halls import HallComparison
from queuedesk.core.figures.targets import WITHIN_TARGET_AT_LEAST, in_time_goal_and_if_all_dates
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.queue import overview
from queuedesk.core.queue.hallday import opening_spans_on
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup import field_kinds
from queuedesk.core.setup import file as setup_files
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup import rows as setup_rows

WORDS, SERVICES, RULES, SHEETS, TARGETS, DAYS = "words", "services", "rules", "sheets", "targets", "calendar"
SECTIONS = (WORDS, SERVICES, RULES, SCHEME, SHEETS, TARGETS, DAYS)
"""What can be pushed. Windows, people and the hall's own name, code and phone never are."""
_PARTS: Mapping[str, tuple[str, ...]] = {
    WORDS: ("services", "notices", "sentences"),
    SERVICES: ("services",),
    RULES: ("settings",),
    SCHEME: (SCHEME,),
    SHEETS: ("sheets",),
    TARGETS: ("targets",),
    DAYS: (hall_setup.CALENDAR,),
}
SERVICE_WORDS = ("name", "name_en", "about", "about_en", "group", "group_en", "message", "message_en")
"""What customers read of a service when they choose it: of the section WORDS, for services that both halls have."""
ALL_DAY = (0, 24 * 60)
_BY_KEY = ("settings", hall_setup.CALENDAR)
_LISTS = ("services", "notices", "sheets", "targets")


class SetupFieldDifference(Struct, frozen=True, kw_only=True):
    """One field that a push changes in a hall: `now` there, `then` after it; None where a row lacks it. Of a row that
    is not there, and of a part whose rows are plain values, `field` is "" and the values are whole.

    `by` and `at` are who changed it there last and when, None for what is as it was founded or last pushed."""

    part: str
    code: str
    field: str
    now: Any
    then: Any
    by: str | None = None
    at: datetime | None = None

    @property
    def is_changed_by_hall_itself(self) -> bool:
        """Whether the hall's own people have changed it since it was founded or last pushed."""
        return self.at is not None


def may_push_setup_to_hall(who: Actor, own: str, setup: setup_rows.Setup) -> bool:
    """Whether `who`, of the hall with the code `own`, may push to the hall of `setup`: the console, and admins whom it
    names."""
    if setup.hall.code == own:
        return False
    named = who.role is Role.ADMIN and not who.unproven and f"{own}/{who.name}" in setup.hall.led_by
    return who.role is Role.CONSOLE or named


def push_differences(
    source: Mapping[str, Any], there: Mapping[str, Any], sections: Sequence[str]
) -> list[SetupFieldDifference]:
    """Return what pushing these sections of one set-up document would change in another. Rows that only the other has
    stay as they are: nothing is removed."""
    found: list[SetupFieldDifference] = []
    for part in dict.fromkeys(part for section in sections for part in _PARTS[section]):
        is_words = part == "services" and SERVICES not in sections
        if part in _LISTS:
            found += _row_differences(part, source, there, is_words=is_words)
        else:
            found += _differences_of_plain_values(part, source, there)
    return found


def _row_differences(
    part: str, source: Mapping[str, Any], there: Mapping[str, Any], *, is_words: bool
) -> Iterable[SetupFieldDifference]:
    had = _rows_by_key(there, part)
    for code, row in _rows_by_key(source, part).items():
        before = had.get(code)
        if before is None:
            if not is_words:
                yield SetupFieldDifference(part=part, code=code, field="", now=None, then=row)
            continue
        for key, one in field_kinds.fields_of_row_class(setup_rows.ROWS[part]).items():
            if key == "code" or (is_words and key not in SERVICE_WORDS):
                continue
            now, then = before.get(key), row.get(key)
            if now != then and _converted_value_or_default(
                one.kind.read, one.usual, now
            ) != _converted_value_or_default(one.kind.read, one.usual, then):
                yield SetupFieldDifference(part=part, code=code, field=key, now=now, then=then)


def _converted_value_or_default(read: Any, usual: Any, value: Any) -> Any:
    return usual if value is None else read(value)


def _differences_of_plain_values(
    part: str, source: Mapping[str, Any], there: Mapping[str, Any]
) -> Iterable[SetupFieldDifference]:
    ours, theirs = dict(source.get(part, {})), dict(there.get(part, {}))
    if part == "settings":
        ours, theirs = {**setup_files.SETTINGS, **ours}, {**setup_files.SETTINGS, **theirs}
    # A day that only the other hall has is its own; what a part of one row lacks is the usual there.
    keys = ours if part in _BY_KEY else {**theirs, **ours}
    for key in keys:
        now, then = theirs.get(key), ours.get(key)
        if now != then:
            yield SetupFieldDifference(part=part, code=key, field="", now=now, then=then)


def _rows_by_key(document: Mapping[str, Any], part: str) -> dict[str, Mapping[str, Any]]:
    """Return the rows of a list by what makes them the same in two halls: a code, a notice's text, a target's measure
    and day."""
    return {_row_key(part, row, i): row for i, row in enumerate(setup_files.rows_of_part(document, part))}


def _row_key(part: str, row: Mapping[str, Any], index: int) -> str:
    if part == "notices":
        return str(row.get("text") or row.get("text_en") or "")
    if part == "targets":
        return f"{row['measure']} {row.get('from') or ''}".strip()
    return setup_files.row_code_or_position(part, row, index)


def setup_value_at_difference(document: Mapping[str, Any], one: SetupFieldDifference) -> Any:
    """Return what stands in a set-up document where a difference is, None where nothing does."""
    if one.part not in _LISTS:
        value = document.get(one.part, {}).get(one.code)
        return setup_files.SETTINGS.get(one.code) if value is None and one.part == "settings" else value
    row = _rows_by_key(document, one.part).get(one.code)
    return row.get(one.field) if row is not None and one.field else row


def document_with_differences(document: Mapping[str, Any], found: Iterable[SetupFieldDifference]) -> dict[str, Any]:
    """Return the document with each difference as it is `then`; a whole row that is None goes."""
    after = dict(document)
    for one in found:
        if one.part in _LISTS:
            after[one.part] = _rows_with_difference_applied(after, one)
        else:
            kept = {key: value for key, value in after.get(one.part, {}).items() if key != one.code}
            after[one.part] = kept if one.then is None else {**kept, one.code: one.then}
    return after


def _rows_with_difference_applied(document: Mapping[str, Any], one: SetupFieldDifference) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    is_there = False
    for index, row in enumerate(setup_files.rows_of_part(document, one.part)):
        if _row_key(one.part, row, index) != one.code:
            found.append(row)
            continue
        is_there = True
        if one.field:
            kept = {key: value for key, value in row.items() if key != one.field}
            found.append(kept if one.then is None else {**kept, one.field: one.then})
        elif one.then is not None:
            found.append(one.then)
    if not is_there and not one.field and one.then is not None:
        found.append(one.then)
    return found


def differences_not_changed_since(
    document: Mapping[str, Any], found: Iterable[SetupFieldDifference]
) -> list[SetupFieldDifference]:
    """Return the differences whose `now` still stands in a document; what was changed since is left out."""
    return [one for one in found if setup_value_at_difference(document, one) == one.now]


def reversed_differences(found: Iterable[SetupFieldDifference]) -> list[SetupFieldDifference]:
    """Return the way back of differences, last first."""
    return [replace(one, now=one.then, then=one.now, by=None, at=None) for one in reversed(list(found))]


def differences_with_last_author(
    found: Sequence[SetupFieldDifference], events: Iterable[Event]
) -> list[SetupFieldDifference]:
    """Return the differences with who changed each there last, from the hall's set-up events in order. What the hall
    was founded with or a push left is nobody's own."""
    last: dict[int, Event | None] = {}
    parts = {one.part for one in found}
    document: Mapping[str, Any] | None = None
    values: list[Any] = []
    for event in events:
        data = event.data
        if document is None:
            document = data.get("setup", {})
            values = [setup_value_at_difference(document or {}, one) for one in found]
            continue
        document = data["setup"] if "setup" in data else setup_files.document_after_change(document, data)
        if "setup" not in data and data.get("part") not in parts:
            continue
        is_push = "push" in data
        for i, one in enumerate(found):
            value = setup_value_at_difference(document, one)
            if value != values[i]:
                values[i] = value
                last[i] = None if is_push else event
    return [
        replace(one, by=own.actor, at=own.time) if (own := last.get(i)) is not None else one
        for i, one in enumerate(found)
    ]


def packed_differences(found: Iterable[SetupFieldDifference]) -> list[list[Any]]:
    """Return differences as an event holds them."""
    return [[one.part, one.code, one.field, one.now, one.then] for one in found]


def unpacked_differences(kept: Iterable[Sequence[Any]]) -> list[SetupFieldDifference]:
    """Return the differences that an event holds."""
    return [
        SetupFieldDifference(part=part, code=code, field=field, now=now, then=then)
        for part, code, field, now, then in kept
    ]


class HallPushPreview(Struct, frozen=True, kw_only=True):
    """What a push would do in one hall. `silent_since` is the last sign of life of its stations, None while there are
    signs; `refused` why the hall could not take it; `is_source` marks the hall it comes from."""

    code: str
    name: str
    name_en: str
    region: str
    found: tuple[SetupFieldDifference, ...] = ()
    silent_since: datetime | None = None
    refused: RuleError | None = None
    is_source: bool = False

    @property
    def time_of_last_own_change(self) -> datetime | None:
        """When the hall's own people last changed what the push would change, None where they did not."""
        return max((one.at for one in self.found if one.at is not None), default=None)

    @property
    def is_ticked_by_default(self) -> bool:
        """Whether it takes the push unless somebody says otherwise: a hall's own words are never overwritten
        unasked."""
        return bool(self.found) and self.time_of_last_own_change is None and self.refused is None


SENT, DUE, TAKEN, BACK, REFUSED = "send", "due", "push", "back", "refused"
"""What a set-up event tells of a push (`op`): in the hall it comes from, that it was sent; in another, that it waits
until nobody is there, was taken, was taken back, or did not fit."""
AT_ONCE, QUIET = "at-once", "quiet"
"""When a push is taken: at once, or outside opening hours when nobody is there. A date in their place is the first on
which it may be taken, then as QUIET."""
Told = tuple[str, int]
"""A push, by the hall it comes from and its number there."""


def last_event_by_push(events: Iterable[Event]) -> dict[Told, Event]:
    """Return the last event about each push that a hall was sent, by its set-up events in order."""
    return {(e.data["push"]["from"], e.data["push"]["n"]): e for e in events if e.data.get("op") != SENT}


def is_push_or_undo_due(event: Event, day: date) -> bool:
    """Whether a push waits to be taken on that business date, or to be taken back because its last date is over."""
    told = event.data["push"]
    if event.data["op"] == DUE:
        return told["when"] in (AT_ONCE, QUIET) or day >= date.fromisoformat(told["when"])
    return event.data["op"] == TAKEN and bool(told.get("until")) and day > date.fromisoformat(told["until"])


def is_in_hall_ticket_hours(setup: setup_rows.Setup, now: datetime) -> bool:
    """Whether a service gives tickets by the hall's hours now; hours that never end say nothing."""
    local = setup.to_hall_time(now)
    minute = local.hour * 60 + local.minute
    spans = {span for one in setup.services.values() for span in opening_spans_on(setup, one, local.date())}
    return any(start <= minute < end for start, end in spans if (start, end) != ALL_DAY)


# -- halls beside each other, and all of a period ----------------------------------------------------------------------

SILENT_AFTER = timedelta(minutes=3)
"""Every station gives a sign of life each half-minute; a hall without any for longer has no PC that works with it."""


class HallOverviewRow(Struct, frozen=True, kw_only=True):
    """One hall's row among several, as of now.

    `longest_since` is when the longest waiting joined its line, `level` what that is by the hall's rules (AMBER, RED or
    ""); `served` are the tickets finished on this business date; `within_target` is a share, None while nobody was
    called, `is_short_of_target` that it is less than the hall promised, `late` who waits past the target and was not
    called yet; `red` and `amber` count the alerts that nobody has seen, `worst` is the first of them; `silent_since`
    the last sign of life, None while there are signs."""

    code: str
    name: str
    name_en: str
    waiting: int
    longest_since: datetime | None
    level: str
    windows: int
    open_windows: int
    served: int
    within_target: float | None
    target_minutes: int
    is_short_of_target: bool
    late: overview.WaitingCountPastTarget | None
    red: int
    amber: int
    worst: overview.Alert | None
    silent_since: datetime | None

    @property
    def is_working(self) -> bool:
        """Whether customers are there or could be served."""
        return bool(self.open_windows or self.waiting)


def hall_overview_row(
    state: HallState, day: Mapping[str, Any], alerts: Sequence[overview.Alert], sign: datetime | None, now: datetime
) -> HallOverviewRow:
    """Return a hall's row: `day` are its figures of the business date, `sign` is when a station of it last gave a sign
    of life."""
    setup = overview.set_up(state)
    since = min((overview.current_line_join_time(ticket) for ticket in state.waiting_tickets()), default=None)
    last = max((at for at in (sign, state.now.at) if at is not None), default=None)
    fresh = [one for one in alerts if one.acknowledged is None]
    windows = [state.window(code) for code in setup.windows]
    within = day["wait"]["within_target"]
    return HallOverviewRow(
        code=setup.hall.code,
        name=setup.hall.name,
        name_en=setup.hall.name_en,
        waiting=len(state.waiting_tickets()),
        longest_since=since,
        level=overview.longest_wait_level(setup, state.waiting_tickets(), now),
        windows=len(windows),
        open_windows=sum(window.state is WindowState.OPEN for window in windows),
        served=day["finished"],
        within_target=within,
        target_minutes=day["wait"]["target_minutes"],
        is_short_of_target=within is not None
        and within < in_time_goal_and_if_all_dates(day, WITHIN_TARGET_AT_LEAST)[0],
        late=overview.waiting_past_target_summary(state, now),
        red=sum(one.level == overview.RED for one in fresh),
        amber=sum(one.level == overview.AMBER for one in fresh),
        worst=next(iter(fresh), None),
        silent_since=last if last is not None and now - last >= SILENT_AFTER else None,
    )


EARLIER = 12
"""So many periods of a hall's own are looked at."""


class HallsPeriodComparison(Struct, frozen=True, kw_only=True):
    """The halls that somebody may see in a period; `own` is the code of the desk's hall, `target` the share that it
    promised on the last date, None without one; `then` are the dates of the period before."""

    period: str
    first: date
    last: date
    own: str
    target: float | None
    then: tuple[date, date]
    found: HallComparison
