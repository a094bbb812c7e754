"""Server-sent events: what a page shows is sent anew whenever it has changed."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterator
from itertools import islice
from typing import Any

from starlette.types import Receive, Scope, Send

from queuedesk.watch import report_bug

MOST_STREAMS = 10_000
BEAT_S = 14.0
"""A page that hears nothing for longer is out of date, and says so."""
LONGEST_S = 900.0
"""So long one stream lasts; browsers open the next by themselves."""
ABANDONED_S = 40.0
"""So long one that was told to end may take; whoever does not read is cut off then."""
JOIN_S = 0.4
"""Changes that are not urgent are told together."""
AT_ONCE = 100
"""So many listeners are woken before others have their turn."""
BEGIN_MS = 2000, 10_000
"""Between these a browser waits before it opens a stream again: after a restart not all come at once."""
BUFFER = 16_384
CONNECTION = "queuedesk.connection"
"""Under this name of a scope's extensions is the connection: `lost`, told when it has ended, and `abort()`."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
BEAT = "event: beat\n"
"""How the sign of life begins; its data says whether the hall can be followed."""
POLL = "event: poll\ndata: {}\n\n"
"""Tells a page to ask from time to time: it has more streams than one browser may have."""


def event_text(data: str, *, event: str = "", id: str = "") -> str:
    """Return one server-sent event."""
    head = (f"id: {id}\n" if id else "") + (f"event: {event}\n" if event else "")
    return head + "".join(f"data: {line}\n" for line in data.splitlines() or [""]) + "\n"


class Listener:
    """One open stream of a `topic`. It keeps the newest text alone, so that a slow phone never gathers any; `keeps`:
    so many texts wait, each is sent, and one that falls behind further is ended."""

    __slots__ = (
        "_keeps",
        "_sent",
        "_texts",
        "_waiter",
        "abort",
        "beat_at",
        "began",
        "ended_at",
        "is_ended",
        "owner",
        "topic",
    )

    def __init__(self, topic: Hashable, owner: Hashable, now_s: float, keeps: int) -> None:
        self.topic, self.owner = topic, owner
        self.began = self.beat_at = now_s
        self.is_ended = False
        self.ended_at = 0.0
        self.abort: Callable[[], object] = lambda: None
        self._keeps = keeps
        self._texts: deque[str] = deque()
        self._sent = 0
        self._waiter: asyncio.Future[None] | None = None

    def offer(self, text: str) -> None:
        """Send this next, unless it is what was sent last."""
        if self.is_ended:
            return
        if self._keeps == 1:
            self._texts.clear()
            if hash(text) == self._sent:
                return
        elif len(self._texts) >= self._keeps:
            self.is_ended = True
        self._texts.append(text)
        self._wake()

    def end(self, now_s: float, last: str = "") -> None:
        if not self.is_ended:
            self.is_ended, self.ended_at = True, now_s
            if last:
                self._texts.append(last)
            self._wake()

    def lost(self) -> None:
        """Nobody reads any more."""
        self.is_ended = True
        self._texts.clear()
        self._wake()

    def beat(self, text: str) -> None:
        """Send a sign of life, unless something else is on its way."""
        if not self._texts:
            self._texts.append(text)
            self._wake()

    async def next(self) -> str | None:
        """Return the next text, None once the stream is over."""
        while not self._texts and not self.is_ended:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
            self._waiter = None
        if not self._texts:
            return None
        text = self._texts.popleft()
        if not text.startswith(BEAT):
            self._sent = hash(text)
        return text

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class StreamHub:
    """All open streams. `tell` wakes whoever listens to a topic at once; `tell_soon` joins what changes within half a
    second, wakes a hundred at a time and lets requests between."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self.most = most
        self.is_current: Callable[[], bool] = lambda: True
        """Whether what is told is the hall as it is now."""
        self.on_bug: Callable[[BaseException], object] = report_bug
        self._topics: dict[Hashable, dict[Listener, None]] = {}
        self._owners: dict[Hashable, list[Listener]] = {}
        self._count = 0
        self._soon: dict[Hashable, Callable[[], str | None]] = {}
        self._is_planned = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        return self._count >= self.most

    def topics(self) -> list[Hashable]:
        """Return what somebody listens to."""
        return list(self._topics)

    def start(self) -> None:
        """Give signs of life from now on, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._loop.call_later(1.0, self._look)

    def stop(self) -> None:
        """End every stream."""
        loop, self._loop = self._loop, None
        for listeners in self._topics.values():
            for listener in listeners:
                listener.end(loop.time() if loop else 0.0)

    def tell(self, topic: Hashable, text: str) -> None:
        """Send this to all who listen to a topic, now; `text` is as event_text() returns it."""
        for listener in self._topics.get(topic, ()):
            listener.offer(text)

    def tell_soon(self, topic: Hashable, make: Callable[[], str | None]) -> None:
        """Send what `make` returns then (None: nothing) to all who listen to a topic, within half a second."""
        if topic in self._topics:
            self._soon[topic] = make
            if self._loop is not None and not self._is_planned:
                self._is_planned = True
                self._loop.call_later(JOIN_S, self._tell_some, self._offers())

    def open(self, topic: Hashable, owner: Hashable = None, *, most: int = 2, keeps: int = 1) -> Listener:
        """Begin a stream; `owner` may have `most`, and the oldest of more is told to poll."""
        now_s = asyncio.get_running_loop().time()
        listener = Listener(topic, owner, now_s, keeps)
        self._topics.setdefault(topic, {})[listener] = None
        self._count += 1
        if owner is not None:
            own = self._owners.setdefault(owner, [])
            own.append(listener)
            for oldest in own[:-most]:
                oldest.end(now_s, POLL)
        return listener

    def close(self, listener: Listener) -> None:
        """Forget a stream that is over."""
        listeners = self._topics.get(listener.topic)
        if listeners is None or listeners.pop(listener, self) is self:
            return
        self._count -= 1
        if not listeners:
            del self._topics[listener.topic]
        own = self._owners.get(listener.owner)
        if own is not None:
            own.remove(listener)
            if not own:
                del self._owners[listener.owner]

    def _offers(self) -> Iterator[tuple[Listener, str] | None]:
        """Yield whom to tell what, None for a topic with nothing new."""
        soon, self._soon = self._soon, {}
        for topic, make in soon.items():
            try:
                text = make() if topic in self._topics else None
            except Exception as bug:  # noqa: BLE001 - one page's bug leaves the others told
                self.on_bug(bug)
                text = None
            if text is None:
                yield None
            else:
                yield from [(listener, text) for listener in self._topics[topic]]

    def _tell_some(self, offers: Iterator[tuple[Listener, str] | None]) -> None:
        if self._loop is None:
            return
        some = list(islice(offers, AT_ONCE))
        for one in some:
            if one is not None:
                one[0].offer(one[1])
        if len(some) == AT_ONCE:
            self._loop.call_soon(self._tell_some, offers)
        elif self._soon:
            self._loop.call_later(JOIN_S, self._tell_some, self._offers())
        else:
            self._is_planned = False

    def _look(self) -> None:
        """Give signs of life, end what has lasted long, cut off what does not end."""
        if self._loop is None:
            return
        self._loop.call_later(1.0, self._look)
        now_s = self._loop.time()
        beat = BEAT + ('data: {"current":true}\n\n' if self.is_current() else 'data: {"current":false}\n\n')
        for listeners in self._topics.values():
            for listener in listeners:
                if listener.is_ended:
                    listener.ended_at = listener.ended_at or now_s
                    if now_s - listener.ended_at >= ABANDONED_S:
                        listener.abort()
                elif now_s - listener.began >= LONGEST_S:
                    listener.end(now_s)
                elif now_s - listener.beat_at >= BEAT_S:
                    listener.beat_at = now_s
                    listener.beat(beat)


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
        keeps: int = 1,
        on_open: Callable[[Listener], object] | None = None,
        read: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self._hub, self._topic, self._first = hub, topic, first
        self._owner, self._most, self._keeps, self._on_open = owner, most, keeps, on_open
        self._read = read

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        hub = self._hub
        if hub.is_full:
            await _refuse(send)
            return
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": b""})
            return
        listener = hub.open(self._topic, self._owner, most=self._most, keeps=self._keeps)
        connection: Any = scope.get("extensions", {}).get(CONNECTION)
        if connection is not None:
            connection.lost = listener.lost
            listener.abort = connection.abort
            connection.transport.set_write_buffer_limits(high=BUFFER)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            begin = f"retry: {random.randint(*BEGIN_MS)}\n\n"
            listener.offer(self._first)
            if self._on_open is not None:
                self._on_open(listener)
            await send({"type": "http.response.body", "body": begin.encode(), "more_body": True})
            while (text := await listener.next()) is not None:
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
                while self._read is not None and not listener.is_ended and (text := await self._read()):
                    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            hub.close(listener)
            if connection is not None:
                connection.lost = None


async def _refuse(send: Send) -> None:
    """Say that there are enough streams: the page asks from time to time in place of one."""
    wait_s = str(random.randint(15, 45)).encode()
    headers = [(b"retry-after", wait_s), (b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
