"""An event of the log: its printed fields, its stored text and the chain of hashes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event_kinds import Fault, unfit
from queuedesk.core.log.json_text import canonical, canonical_with

FIRST_PREV = "0" * 64

# The queue commands keep their own names.
QUEUE_KINDS = frozenset(
    [
        "issue",
        "serve",
        "call",
        "recall",
        "start",
        "miss",
        "return",
        "leave",
        "void",
        "reinstate",
        "finish",
        "add",
        "stall",
        "unstall",
        "park",
        "unpark",
        "transfer",
        "redirect",
        "reopen",
        "defer",
        "postpone",
        "rate",
        "open",
        "pause",
        "resume",
        "close",
    ]
)
SET_ASIDE = "set-aside"
"""The kind under which an event that can't be read is given on: nobody does anything with it."""


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened. `seq` is the order; `at` is when the log took it, `time` when it happened, both UTC.

    `data` holds JSON values without decimal fractions. `data["date"]` is the ticket's business date wherever `ticket`
    is set.
    """

    seq: int
    at: datetime
    time: datetime
    kind: str
    actor: str
    ticket: str | None = None
    service: str | None = None
    window: str | None = None
    staff: str | None = None
    command: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    prev: str = FIRST_PREV
    hash: str = ""

    @property
    def date(self) -> date | None:
        """The business date it belongs to, where it has one."""
        text = self.data.get("date")
        return date.fromisoformat(text) if text else None

    @property
    def is_paper(self) -> bool:
        """Whether it happened on a day that was kept on paper, and was put in afterwards."""
        return is_on_paper(self.data)

    def fault(self) -> Fault | None:
        """Why it can't be read, None if it can."""
        return unfit(
            self.kind,
            self.data,
            at=self.at,
            time=self.time,
            ticket=self.ticket,
            service=self.service,
            window=self.window,
            staff=self.staff,
        )

    def printed(self) -> dict[str, Any]:
        """Return the fields as the log prints them, `prev` and `hash` included."""
        return {**self._body(), "prev": self.prev, "hash": self.hash}

    def line(self) -> str:
        """Return printed() as one JSON text."""
        return canonical(self.printed())

    def chained(self, prev: str) -> Event:
        """Return it with `prev` and the resulting hash."""
        return self._with(prev, chain_hash(prev, self._body()))

    def chained_with(self, prev: str, data_text: str) -> Event:
        """Return chained(); `data_text` is the JSON text of `data`."""
        return self._with(prev, _hash(prev, canonical_with(self._head(), "data", self.data, data_text)))

    def _with(self, prev: str, digest: str) -> Event:
        return Event(
            seq=self.seq,
            at=self.at,
            time=self.time,
            kind=self.kind,
            actor=self.actor,
            ticket=self.ticket,
            service=self.service,
            window=self.window,
            staff=self.staff,
            command=self.command,
            data=self.data,
            prev=prev,
            hash=digest,
        )

    def _body(self) -> dict[str, Any]:
        return {**self._head(), "data": self.data}

    def _head(self) -> dict[str, Any]:
        at = stamp(self.at)
        return {
            "seq": self.seq,
            "at": at,
            "time": at if self.time is self.at else stamp(self.time),
            "kind": self.kind,
            "actor": self.actor,
            "ticket": self.ticket,
            "service": self.service,
            "window": self.window,
            "staff": self.staff,
            "command": self.command,
        }


class SetAside(Event, frozen=True, kw_only=True):
    """An event of the log that can't be read. Its place counts (seq, prev, hash), its content does not.

    `stored` are its printed fields without prev and hash, as the log holds them.
    """

    why: Fault
    stored: Mapping[str, Any]

    def chained(self, prev: str) -> Event:
        return replace(self, prev=prev, hash=chain_hash(prev, self.stored))

    def _body(self) -> dict[str, Any]:
        return dict(self.stored)


def is_on_paper(data: object) -> bool:
    """Whether an event's data say that it was kept on paper."""
    return isinstance(data, dict) and bool(data.get("paper"))


def as_read(event: Event, *, at: str | None = None, time: str | None = None) -> Event:
    """Return an event of the log, or what stands for one that can't be read. `at` and `time` are given as texts where
    no datetime can hold them."""
    fault = event.fault()
    if fault is None:
        return event
    texts = {name: text for name, text in (("at", at), ("time", time)) if text is not None}
    stored = event._body() | texts
    return SetAside(
        seq=event.seq,
        at=event.at,
        time=event.time,
        kind=SET_ASIDE,
        actor=event.actor,
        prev=event.prev,
        hash=event.hash,
        why=fault,
        stored=stored,
    )


def stamp(moment: datetime) -> str:
    """Return a UTC time as the log stores it: six decimals and +00:00."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def chain_hash(prev: str, body: Mapping[str, Any]) -> str:
    """Return SHA-256 in hex of `prev` followed by the canonical JSON of an event's other printed fields."""
    return _hash(prev, canonical(body))


def _hash(prev: str, text: str) -> str:
    return hashlib.sha256((prev + text).encode()).hexdigest()


def follows(event: Event, prev: str, seq: int, *, reads_ratings: bool) -> bool:
    """Whether an event continues a log that ends with that hash and seq.

    A login that may not see ratings can't compute the hashes of such events: they are trusted by their place between
    their neighbours.
    """
    if event.seq != seq + 1 or event.prev != prev:
        return False
    return event.chained(prev).hash == event.hash or (not reads_ratings and event.data.get("untold") is True)


def broken_at(
    events: Iterable[Event], prev: str = FIRST_PREV, seq: int = 0, *, reads_ratings: bool = True
) -> int | None:
    """Return the first seq at which the chain does not follow from the events before it, None when it is whole.
    `reads_ratings` as in follows()."""
    for event in events:
        if not follows(event, prev, seq, reads_ratings=reads_ratings):
            return event.seq
        prev, seq = event.hash, event.seq
    return None


# -- checks that every database can store a text, and every screen show it ---------------------------------------------

# Control characters but tab and line breaks, and what reverses the letters behind it: a name could read as another one.
_HIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_BAD_SIGN = re.compile(f"[{_HIDDEN}]")
# The same in a JSON text, which has those below the blank written out.
_BAD_IN_JSON = re.compile(rf"[{_HIDDEN}]|\\u00[01]|\\[bf]")


def must_be_storable(field: str, value: object, text: str | None = None) -> None:
    """Check every text of a JSON value, keys included; `text` is its JSON text, where it is known. Raises RuleError
    "bad_value" with the field that holds half of a surrogate pair, a control character or one that turns the direction
    of letters."""
    if text is None:
        text = value if isinstance(value, str) else canonical(value)
    if _BAD_IN_JSON.search(text) or not _is_unicode(text):
        _look_at(field, value)


def _look_at(field: str, value: object) -> None:
    if isinstance(value, str):
        if _BAD_SIGN.search(value) or not _is_unicode(value):
            raise RuleError("bad_value", field=field, why="bad_sign")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _look_at(field, key)
            _look_at(f"{field}.{key}" if field else str(key), each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _look_at(field, each)


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
