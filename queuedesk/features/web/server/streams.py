"""Server-sent events: what a page shows is sent anew whenever it has changed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable, Iterator
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from queuedesk.watch import report_bug

MOST_STREAMS = 10_000
BEAT_S, TURNS = 14.0, 56
"""A page that hears nothing for longer is out of date, and says so. So many groups of streams have their turn within
that time, one after the other."""
LONGEST_S = 900.0
"""So long one stream lasts; browsers open the next by themselves."""
ABANDONED_S = 40.0
"""So long one that was told to end may take; whoever does not read is cut off then."""
JOIN_S = 0.25
"""Changes that are not urgent are told together."""
SLICE_S = 0.005
"""So long what is not urgent is told, until others have their turn."""
BEGIN_MS = 2000, 10_000
"""Between these a browser waits before it opens a stream again: after a restart not all come at once."""
CONNECTION = "queuedesk.connection"
"""Under this name a scope's extensions have the request's Connection."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
    (b"x-accel-buffering", b"no"),
]
POLL = "event: poll\ndata: {}\n\n"
"""Tells a page to ask from time to time: it has more streams than one browser may have."""
END = b"0\r\n\r\n"


def server_sent_event_text(data: str, *, event: str = "", id: str = "") -> str:
    """Return one server-sent event."""
    head = (f"id: {id}\n" if id else "") + (f"event: {event}\n" if event else "")
    return head + "".join(f"data: {line}\n" for line in data.splitlines() or [""]) + "\n"


def http_chunk(text: str) -> bytes:
    """Return a text as a piece of an answer whose length is not known."""
    data = text.encode()
    return b"%x\r\n%b\r\n" % (len(data), data)


class Connection(Protocol):
    """A client's connection, which a stream writes to itself: a task for each of ten thousand streams would cost more
    than all that they are told."""

    @property
    def is_write_paused(self) -> bool:
        """Whether the client has not read what was written."""

    def keep_open(self, listener: OpenTopicStream) -> None:
        """Leave the rest of the answer to `listener`, which is told when all was read (`on_drained`) and when the
        connection has ended (`lost`)."""

    def write(self, data: bytes) -> None: ...
    async def drain(self) -> None:
        """Wait until the client has read most of it, or has gone."""

    def close(self) -> None:
        """End it as soon as the client has read everything."""

    def abort(self) -> None: ...


class OpenTopicStream:
    """One open stream of a `topic`. A client that does not read gets the newest text alone, once it reads again."""

    __slots__ = (
        "_connection",
        "_has_news",
        "_hub",
        "_is_reading",
        "_pending",
        "_read",
        "_sent",
        "began",
        "owner",
        "topic",
        "turn",
    )

    def __init__(
        self,
        hub: StreamHub,
        topic: Hashable,
        owner: Hashable,
        connection: Connection,
        *,
        turn: int,
        read: Callable[[], Awaitable[str]] | None,
    ) -> None:
        """`turn` is the group with which it gets signs of life; `read` as in EventStream."""
        self._hub, self.topic, self.owner, self.turn = hub, topic, owner, turn
        self.began = asyncio.get_running_loop().time()
        self._connection: Connection | None = connection
        self._pending = b""
        self._sent = 0
        self._read = read
        self._has_news = self._is_reading = False

    def send_unless_repeated(self, piece: bytes) -> None:
        """Send this piece next, unless it is what was sent last."""
        connection = self._connection
        if connection is None or hash(piece) == self._sent:
            return
        if connection.is_write_paused:
            self._pending = piece
            return
        self._pending, self._sent = b"", hash(piece)
        connection.write(piece)
        if self._read is not None:
            self._has_news = True
            if not self._is_reading:
                self._is_reading = True
                self._hub.run(self._send_news(self._read))

    def send_heartbeat(self, piece: bytes) -> None:
        """Send a sign of life, unless something else is on its way."""
        if self._connection is not None and not self._connection.is_write_paused:
            self._connection.write(piece)

    def on_drained(self) -> None:
        """Send what has waited: the client reads again."""
        if self._pending:
            self.send_unless_repeated(self._pending)

    def end_stream(self, last: str = "") -> None:
        """End the stream, with one more text."""
        connection = self._connection
        if connection is not None:
            self.on_client_lost()
            connection.write((http_chunk(last) if last else b"") + END)
            connection.close()
            asyncio.get_running_loop().call_later(ABANDONED_S, connection.abort)

    def on_client_lost(self) -> None:
        """Nobody reads any more."""
        if self._connection is not None:
            self._connection = None
            self._hub.close(self)

    async def _send_news(self, read: Callable[[], Awaitable[str]]) -> None:
        """Send all that there is to read, also what was told meanwhile."""
        try:
            while self._has_news:
                self._has_news = False
                while text := await read():
                    connection = self._connection
                    if connection is None:
                        return
                    connection.write(http_chunk(text))
                    await connection.drain()
        except BaseException:
            self.end_stream()
            raise
        finally:
            self._is_reading = False


class StreamHub:
    """All open streams. `tell` writes to whoever listens to a topic at once; `tell_soon` and `tell_many_topics_soon`
    join what changes in a moment, and let requests and urgent texts between."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self.most = most
        self.is_current: Callable[[], bool] = lambda: True
        """Whether what is told is the hall as it is now."""
        self.on_bug: Callable[[BaseException], object] = report_bug
        self._topics: dict[Hashable, dict[OpenTopicStream, None]] = {}
        self._owners: dict[Hashable, list[OpenTopicStream]] = {}
        self._turns: list[dict[OpenTopicStream, None]] = [{} for _ in range(TURNS)]
        self._count = self._opened = 0
        self._soon: dict[Hashable, Callable[[], Iterable[tuple[Hashable, str | None]]]] = {}
        self._is_planned = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        return self._count >= self.most

    def topics(self) -> list[Hashable]:
        """Return what somebody listens to."""
        return list(self._topics)

    def has_listeners_of_topic(self, topic: Hashable) -> bool:
        return topic in self._topics

    def start(self) -> None:
        """Give signs of life from now on, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._send_heartbeats(0, self._loop.time())

    def stop(self) -> None:
        """End every stream."""
        self._loop = None
        for listener in [one for listeners in self._topics.values() for one in listeners]:
            listener.end_stream()

    def tell(self, topic: Hashable, text: str) -> None:
        """Send this to all who listen to a topic, now; `text` is as server_sent_event_text() returns it."""
        piece = http_chunk(text)
        for listener in self._topics.get(topic, ()):
            listener.send_unless_repeated(piece)

    def end_topic_streams(self, topic: Hashable, last: str) -> None:
        """End the streams of a topic, with one more text."""
        for listener in list(self._topics.get(topic, ())):
            listener.end_stream(last)

    def tell_soon(self, topic: Hashable, make: Callable[[], str | None]) -> None:
        """Send what `make` returns then (None: nothing) to all who listen to a topic, in a moment."""
        if topic in self._topics:
            self.tell_many_topics_soon(topic, lambda: [(topic, make())])

    def tell_many_topics_soon(self, key: Hashable, make: Callable[[], Iterable[tuple[Hashable, str | None]]]) -> None:
        """The same for many topics, each with its text; a later call with the same `key` takes the place of one whose
        texts are not yet being made."""
        self._soon[key] = make
        if self._loop is not None and not self._is_planned:
            self._is_planned = True
            self._loop.call_later(JOIN_S, self._send_texts_in_slices, None)

    def open_stream(
        self,
        topic: Hashable,
        owner: Hashable,
        connection: Connection,
        *,
        most: int = 2,
        read: Callable[[], Awaitable[str]] | None = None,
    ) -> OpenTopicStream:
        """Begin a stream; `owner` may have `most`, and the oldest of more is told to poll."""
        self._opened += 1
        listener = OpenTopicStream(self, topic, owner, connection, turn=self._opened % TURNS, read=read)
        self._topics.setdefault(topic, {})[listener] = None
        self._turns[listener.turn][listener] = None
        self._count += 1
        if owner is not None:
            own = self._owners.setdefault(owner, [])
            own.append(listener)
            for oldest in own[:-most]:
                oldest.end_stream(POLL)
        return listener

    def close(self, listener: OpenTopicStream) -> None:
        """Forget a stream that is over."""
        self._count -= 1
        del self._turns[listener.turn][listener]
        listeners = self._topics[listener.topic]
        del listeners[listener]
        if not listeners:
            del self._topics[listener.topic]
        if listener.owner is not None:
            own = self._owners[listener.owner]
            own.remove(listener)
            if not own:
                del self._owners[listener.owner]

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run this beside the rest; a bug in it is told."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_stream_task_done)

    def _on_stream_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            self.on_bug(bug)

    def _texts_by_listener(self) -> Iterator[tuple[OpenTopicStream, bytes] | None]:
        """Yield whom to tell what, None for a topic with nothing new."""
        soon, self._soon = self._soon, {}
        for make in soon.values():
            try:
                for topic, text in make():
                    if text is None:
                        yield None
                    else:
                        piece = http_chunk(text)
                        yield from [(listener, piece) for listener in self._topics.get(topic, ())]
            except Exception as bug:  # noqa: BLE001 - one page's bug leaves the others told
                self.on_bug(bug)

    def _send_texts_in_slices(self, offers: Iterator[tuple[OpenTopicStream, bytes] | None] | None) -> None:
        loop = self._loop
        if loop is None:
            return
        offers = offers or self._texts_by_listener()
        until_s = loop.time() + SLICE_S
        for offer in offers:
            if offer is not None:
                offer[0].send_unless_repeated(offer[1])
            if loop.time() >= until_s:
                loop.call_soon(self._send_texts_in_slices, offers)
                return
        self._is_planned = bool(self._soon)
        if self._is_planned:
            loop.call_later(JOIN_S, self._send_texts_in_slices, None)

    def _send_heartbeats(self, turn: int, due_s: float) -> None:
        """Give a sign of life to the streams of one group, and end those that have lasted long."""
        loop = self._loop
        if loop is None:
            return
        # Counted on from when it was due, so that a page never waits longer; but a PC that slept does not catch up.
        next_s = max(due_s + BEAT_S / TURNS, loop.time())
        loop.call_at(next_s, self._send_heartbeats, (turn + 1) % TURNS, next_s)
        piece = BEATS[self.is_current()]
        for listener in list(self._turns[turn]):
            if loop.time() - listener.began >= LONGEST_S:
                listener.end_stream()
            else:
                listener.send_heartbeat(piece)


BEATS = {
    is_current: http_chunk(f'event: beat\ndata: {{"current":{str(is_current).lower()}}}\n\n')
    for is_current in (True, False)
}
"""The sign of life, which says whether the hall can be followed."""


class EventStream:
    """An answer that stays open: `first` and then whatever is told to the `topic`. A page's function returns it as it
    would a Starlette response. `read` is asked after each text what else is to be sent, until it returns ""."""

    def __init__(
        self,
        hub: StreamHub,
        topic: Hashable,
        first: str,
        *,
        owner: Hashable = None,
        most: int = 2,
        on_open: Callable[[OpenTopicStream], object] | None = None,
        read: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self._hub, self._topic, self._first = hub, topic, first
        self._owner, self._most, self._on_open = owner, most, on_open
        self._read = read

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        hub = self._hub
        if hub.is_full:
            await _send_stream_refusal(send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        connection: Connection = scope["extensions"][CONNECTION]
        listener = hub.open_stream(self._topic, self._owner, connection, most=self._most, read=self._read)
        connection.keep_open(listener)
        if self._on_open is not None:
            self._on_open(listener)
        connection.write(http_chunk(f"retry: {random.randint(*BEGIN_MS)}\n\n"))
        listener.send_unless_repeated(http_chunk(self._first))


async def _send_stream_refusal(send: Send) -> None:
    """Say that there are enough streams: the page asks from time to time in place of one."""
    wait_s = str(random.randint(15, 45)).encode()
    headers = [(b"retry-after", wait_s), (b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
