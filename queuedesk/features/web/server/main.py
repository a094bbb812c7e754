"""Serves a hall's web pages until it is ended: sockets, limits, and signs of life for the hall's equipment. Sends its
events to other programs meanwhile: in order, signed, and again until they are taken."""

from __future__ import annotations

import asyncio
import errno
import http.client
import logging
import os
import random
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.routing import BaseRoute
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import Event, canonical_json
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.network.sharing import format_address
from queuedesk.core.talk.device import WEB
from queuedesk.core.talk.screen import split_station_and_pc
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import clocks
from queuedesk.features.web import verbs
from queuedesk.features.web.rules import SIGNATURE, WebHook, WebServing, body_signature, pause_after_failures
from queuedesk.features.web.server import api, booking, public, screen, visit
from queuedesk.features.web.server.api import event_without_ratings
from queuedesk.features.web.server.site import FollowedHall, WebPagesSharedContext, WebSettings, web_app
from queuedesk.features.web.server.streams import CONNECTION, MOST_STREAMS, OpenTopicStream, StreamHub
from queuedesk.features.web.verbs import store_hook_position, web_hooks_with_last_seq
from queuedesk.watch import WatchedThread, report_bugs_without_values

NICENESS = 10
"""The hall's own stations go first."""
BACKLOG = 4096
"""So many connections may wait to be accepted; at once only so many are as the file limit bears, see
serve_web_pages()."""
MOST_FILES = 65_536
OWN_FILES, OF_PAGES = 100, 100
"""Files that the process opens besides connections, and connections that are kept for pages when streams take all
others."""
HEADER_S = 10.0
"""A request has to be whole so soon after it has begun."""
KEEP_ALIVE_S = 20
"""So long, in whole seconds, a connection is kept for the next request."""
LARGEST_HEAD, MOST_UNREAD = 16_384, 300_000
"""Bytes of a request's address and headers, and bytes that make no part of a request yet."""
BUFFER = 16_384
"""Bytes written to a stream that its client may leave unread before it counts as slow."""
SILENT_S = 30
"""A peer that confirms nothing for so long has gone."""
END_S = 2
"""So long, in whole seconds, answers under way have to end by themselves."""
REST_S = 1.0
ASK_S = 2.0
"""How often it asks the hall whether it is to end."""
PAGES = (public.routes, visit.routes, screen.routes, booking.routes, api.routes)
_log = logging.getLogger("queuedesk")


def serve_web_pages(
    desk: Desk,
    clock: Callable[[], datetime],
    settings: WebSettings,
    *,
    station: str,
    told: Callable[[str], object],
    pages: Sequence[Callable[[WebPagesSharedContext], Sequence[BaseRoute]]] = PAGES,
) -> None:
    """Serve until SIGTERM or Ctrl+C. `station` is this process's name among the hall's equipment; `told` gets the
    address once pages are served. Raises OutsideError as listening_sockets() does, "web_certificate",
    and when the database is away; "hall_moved" (to) once the halls of a file have gone to a server."""
    report_bugs_without_values()
    sockets = listening_sockets(settings.host, settings.port)
    try:
        if settings.certificate:
            _require_loadable_certificate(settings)
        limit = raise_file_limit_and_give_it()
        _lower_priority()
        hall = FollowedHall(desk, clock)
        hub = StreamHub(max(10, min(MOST_STREAMS, limit - OWN_FILES - OF_PAGES)))
        site = WebPagesSharedContext(hall, settings, verbs.visit_link_secret(desk), hub=hub)
        app = web_app(site, [route for page in pages for route in page(site)])
        most = min(limit - OWN_FILES, 2 * MOST_STREAMS)
        # What is accepted in one go is open before any of it can be refused, three or four times over.
        server = _WebServer(site, app, most, station, told, at_once=max(1, min(BACKLOG, (limit - most) // 8)))
        asyncio.run(server.serve(sockets))
        if hall.moved is not None:
            raise hall.moved
    finally:
        for one in sockets:
            one.close()


def listening_sockets(host: str, port: int) -> list[socket.socket]:
    """Return sockets bound to an address; a name may stand for several, "" for all of this PC's. Raises OutsideError
    "web_address_taken", "web_address_unknown", "web_port_refused" (address)."""
    found: list[socket.socket] = []
    try:
        places = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _name, place in dict.fromkeys(places):
            one = socket.socket(family, kind, protocol)
            found.append(one)
            if os.name == "posix":
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            else:  # there that word would let two programs share the port
                one.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined]
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(place)
    except OSError as error:
        for one in found:
            one.close()
        # Windows gives the same answer to a port that another program has for itself alone.
        denied = "web_port_refused" if os.name == "posix" else "web_address_taken"
        codes = {errno.EADDRINUSE: "web_address_taken", errno.EACCES: denied}
        code = codes.get(error.errno or 0, "web_address_unknown")
        raise OutsideError(code, address=format_address(host, port)) from error
    return found


def raise_file_limit_and_give_it() -> int:
    """Let this process open as many files as the system allows it; return how many that is."""
    if sys.platform == "win32":
        return MOST_FILES
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return wanted
    return MOST_FILES if soft == resource.RLIM_INFINITY else soft


def _lower_priority() -> None:
    if os.name == "posix":
        with suppress(OSError):
            os.nice(NICENESS)


def _require_loadable_certificate(settings: WebSettings) -> None:
    """Raises OutsideError "web_certificate" (path)."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.certificate, settings.key)
    except (OSError, ValueError) as error:
        raise OutsideError("web_certificate", path=settings.certificate) from error


class _WebServer(uvicorn.Server):
    """Serves one site: the hall is followed while it runs, and its streams end with it."""

    def __init__(
        self,
        site: WebPagesSharedContext,
        app: ASGIApp,
        most_connections: int,
        station: str,
        told: Callable[[str], object],
        *,
        at_once: int,
    ) -> None:
        settings = site.settings
        super().__init__(
            uvicorn.Config(
                app,
                http=partial(_ClientConnection, most_connections),  # type: ignore[arg-type]
                loop="asyncio",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                log_level="critical",
                proxy_headers=False,
                server_header=False,
                backlog=at_once,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=END_S,
                ssl_certfile=settings.certificate or None,
                ssl_keyfile=settings.key or None,
            )
        )
        self._site, self._told = site, told
        self._device = _WebServerPresenceReporter(site, station, self._ask_server_to_exit)
        hall = site.hall
        self._hooks = HookSender(
            hall.desk, time.monotonic, lambda: verbs.is_event_sending_process(hall.desk, hall.now(), station)
        )
        site.hall.add_change_listener(self._hooks.signal_new_events_to_senders)
        site.hall.on_moved = self._ask_server_to_exit

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_exception_handler(self._note_bug_of_loop)
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(BACKLOG)
        self._site.hall.start()
        self._site.hub.start()
        for begin in self._site.on_start:
            begin()
        self._hooks.start()
        scheme = "https" if self._site.settings.certificate else "http"
        address = f"{scheme}://{format_address(*(sockets or [])[0].getsockname()[:2])}"
        self._device.start(address)
        self._told(address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._site.hub.stop()
        await super().shutdown(sockets)
        await self._device.stop()
        self._site.hall.stop()
        self._hooks.stop(REST_S)
        await asyncio.sleep(0)
        self._site.hall.wait_until_idle(REST_S)

    def _ask_server_to_exit(self) -> None:
        self.should_exit = True

    def _note_bug_of_loop(self, _loop: asyncio.AbstractEventLoop, found: dict[str, Any]) -> None:
        """Note a bug in what the loop calls. What clients do wrong, such as leaving in the middle, is none."""
        bug = found.get("exception")
        if bug is not None and not isinstance(bug, OSError):
            self._site.note_bug(bug)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End in order when told to: whoever sends the signal waits for exit status 0."""
        words = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
        before = {word: signal.signal(word, self.handle_exit) for word in words}
        try:
            yield
        finally:
            for word, handler in before.items():
                signal.signal(word, handler)


class _ClientConnection(HttpToolsProtocol):
    """One client's connection, within limits: a request has to come whole in time, and there are only so many."""

    def __init__(self, most: int, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self._listener: OpenTopicStream | None = None
        self._most = most
        self._head = self._unread = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._most:
            transport.write(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n")
            transport.close()
            return
        _enable_keepalive(transport.get_extra_info("socket"))
        self._restart_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_deadline()
        super().connection_lost(exc)
        if self._listener is not None:
            self._listener.on_client_lost()

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        if self._unread > MOST_UNREAD:
            self.abort()
        elif self.parser is not None:
            super().data_received(data)
            if self._deadline is None and (self.cycle is None or self.cycle.response_complete):
                self._restart_deadline()  # An empty line begins no request, yet ends the wait for the next one.

    def on_message_begin(self) -> None:
        if self._listener is not None:  # asked for more before the stream has ended
            self.abort()
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self}  # type: ignore[dict-item]
        self._head = 0
        self._restart_deadline()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_head(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count_head(name, value)

    def on_headers_complete(self) -> None:
        self._unread = 0
        if self._head <= LARGEST_HEAD:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        if self.cycle is not None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._cancel_deadline()
        self._unread = 0
        if self.cycle is not None:
            super().on_message_complete()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._listener is not None:
            self._listener.on_drained()

    # -- as streams use it --
    @property
    def is_write_paused(self) -> bool:
        return self.flow.write_paused

    def keep_open(self, listener: OpenTopicStream) -> None:
        self._listener = listener
        self.transport.set_write_buffer_limits(high=BUFFER)
        # The request is over for the server, so that it forgets the task and all that was asked.
        self.cycle.response_complete = True
        self.cycle.scope = self.scope = {}  # type: ignore[typeddict-item]
        self.headers = []
        if self.transport.is_closing():
            listener.on_client_lost()

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    async def drain(self) -> None:
        await self.flow.drain()

    def close(self) -> None:
        self.transport.close()

    def abort(self) -> None:
        """End it without waiting for what was not read."""
        self.transport.abort()

    def _count_head(self, *parts: bytes) -> None:
        self._head += sum(map(len, parts))
        if self._head > LARGEST_HEAD:
            self.abort()

    def _restart_deadline(self) -> None:
        self._cancel_deadline()
        self._deadline = self.loop.call_later(HEADER_S, self.abort)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _enable_keepalive(peer: socket.socket) -> None:
    """Let the system find out that a phone has gone, though it never said so."""
    with suppress(OSError, AttributeError):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_S * 1000)


class _WebServerPresenceReporter:
    """This process among the hall's equipment: it says that it has begun, that it lives, how many look, and that it
    ends."""

    def __init__(self, site: WebPagesSharedContext, station: str, end: Callable[[], object]) -> None:
        """`end` ends the process, once somebody at a station wants that."""
        self._site, self._station, self._end = site, station, end
        self._address = ""
        self._since = site.hall.now()
        self._is_running = False

    def start(self, address: str) -> None:
        self._address = address
        self._is_running = True
        self._record_beside_loop(devices.record_station_start)
        self._ask_hall_and_end_if_wanted()

    async def stop(self) -> None:
        self._is_running = False
        with suppress(Exception):  # whoever looks finds it lost
            await asyncio.wait_for(self._site.hall.run(self._record_end), REST_S)

    def _record_sign_of_life(self) -> None:
        if self._is_running:
            self._record_beside_loop(devices.record_sign_of_life)

    def _ask_hall_and_end_if_wanted(self) -> None:
        if self._is_running:
            asyncio.get_running_loop().call_later(ASK_S, self._ask_hall_and_end_if_wanted)
            self._site.hall.run_database_work_in_background(
                partial(verbs.is_end_wanted, self._site.hall.desk, self._serving_row()), self._end_if_wanted
            )

    def _end_if_wanted(self, is_wanted: bool) -> None:
        if is_wanted:
            self._end()

    def _record_beside_loop(self, record: Callable[[Desk, Ask, str, str], None]) -> None:
        """Record it beside the loop; a sign of life that was not kept is followed by the next."""
        asyncio.get_running_loop().call_later(devices.BEAT_S, self._record_sign_of_life)
        self._site.hall.run_database_work_in_background(partial(self._record_serving, record, self._serving_row()))

    def _serving_row(self) -> WebServing:
        site = self._site
        return WebServing(
            station=self._station,
            address=self._address,
            since=self._since,
            seen=site.hall.now(),
            looking=len(site.hub),
            fault=site.fault,
            faults=site.faults,
        )

    def _record_serving(self, record: Callable[[Desk, Ask, str, str], None], row: WebServing) -> None:
        hall = self._site.hall
        record(hall.desk, self._station_ask(), WEB, self._station)
        verbs.note_web_serving(hall.desk, row)
        clocks.report_clock_skew(hall.desk, hall.clock, split_station_and_pc(self._station)[1])

    def _record_end(self) -> None:
        devices.record_station_stop(self._site.hall.desk, self._station_ask(), WEB, self._station)
        verbs.forget_web_serving(self._site.hall.desk, self._station)

    def _station_ask(self) -> Ask:
        return self._site.hall.ask(actor_of_station(self._station))


# -- sends the hall's events to other programs: in order, signed, and again until they are taken -----------------------

PAGE = 50
"""So many events at most are held for an address; the others stay in the log until it has taken these."""
ANSWER_S = 10.0
LONGEST_ANSWER = 65_536
KEPT_S = 3.0
"""How long a connection stays open after the last event. Longer, and the other end may have closed it: an event sent
into that would count as refused and come late."""
IDLE_S = 60.0
LOOK_S = 2.0
"""How often a process looks whether it is the one that sends."""
STORE_EVERY_S = 1.0
"""So often at most it is written down how far an address is: after a crash it gets a second's events again."""


class HookSender:
    """Sends events to every address that the hall has for them, each from a thread of its own: one that does not answer
    holds up nobody."""

    def __init__(self, desk: Desk, clock_s: Callable[[], float], is_sending: Callable[[], bool]) -> None:
        """Take the hall, and a clock of seconds that never goes back. `is_sending` says whether it is this process that
        sends, where several serve the hall; may raise OutsideError."""
        self._desk, self._clock_s, self._is_sending = desk, clock_s, is_sending
        self._senders: dict[int, _WebHookSender] = {}
        self._changed = threading.Event()
        self._is_stopping = False
        self._thread = WatchedThread(self._keep_one_sender_per_hook, "web hooks")

    def start(self) -> None:
        self._thread.start()

    def signal_new_events_to_senders(self, events: list[Event]) -> None:
        """Say that there is something new to send; from any thread."""
        if not events or any(event.kind.startswith("web.hook") for event in events):
            self._changed.set()
        for sender in list(self._senders.values()):
            sender.signal_new_event()

    def stop(self, timeout_s: float) -> None:
        """End sending and write down how far each address is. One that does not answer in half of the timeout is cut
        off, and gets its last event a second time."""
        end_s = self._clock_s() + timeout_s
        self._is_stopping = True
        self._changed.set()
        self._thread.join(timeout_s)
        senders = list(self._senders.values())
        for sender in senders:
            sender.end_after_current_event()
        for sender in senders:
            sender.join(max(0.0, end_s - timeout_s / 2 - self._clock_s()))
        for sender in senders:
            sender.cut_off()
        for sender in senders:
            sender.join(max(0.0, end_s - self._clock_s()))

    def _keep_one_sender_per_hook(self) -> None:
        """Have a sender for each address of the list, and none for others."""
        while not self._is_stopping:
            self._changed.clear()
            try:
                found = web_hooks_with_last_seq(self._desk)
                listed = {hook.number: (hook, seq) for hook, seq in found} if found and self._is_sending() else {}
            except OutsideError:  # The hall is away, and comes back.
                self._changed.wait(ANSWER_S)
                continue
            for number in [one for one, sender in self._senders.items() if listed.get(one, (None,))[0] != sender.hook]:
                self._senders.pop(number).end_after_current_event()
            for number, (hook, seq) in listed.items():
                if number not in self._senders and not self._is_stopping:
                    self._senders[number] = _WebHookSender(self._desk, self._clock_s, hook, seq)
            self._changed.wait(LOOK_S if found else None)


class _WebHookSender:
    """Sends events to one address."""

    def __init__(self, desk: Desk, clock_s: Callable[[], float], hook: WebHook, seq: int) -> None:
        self.hook = hook
        self._desk, self._clock_s = desk, clock_s
        self._seq = self._stored = seq
        self._stored_s = clock_s()
        self._connection: http.client.HTTPConnection | None = None
        self._new, self._ended = threading.Event(), threading.Event()
        self._thread = WatchedThread(self._send_log_events_until_ended, f"web hook {hook.number}")
        self._thread.start()

    def signal_new_event(self) -> None:
        self._new.set()

    def end_after_current_event(self) -> None:
        """Send nothing after what is being sent now."""
        self._ended.set()
        self._new.set()

    def cut_off(self) -> None:
        """End what is being sent, if it still is."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(2)

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _send_log_events_until_ended(self) -> None:
        while not self._ended.is_set():
            self._new.clear()
            try:
                page = looking.events_after(self._desk, self._seq, PAGE)
                for event in page:
                    if not self._send_and_tell_if_taken(event):
                        break
                    self._seq = event.seq
                    self._store_position(STORE_EVERY_S)
                if not page:
                    self._store_position(0.0)
                    if not self._new.wait(KEPT_S):
                        self._close()
                        self._new.wait(IDLE_S)
            except OutsideError:  # The hall is away; how far the address is, is known here.
                self._ended.wait(ANSWER_S)
        self._close()
        with suppress(OutsideError):
            self._store_position(0.0)

    def _store_position(self, every_s: float) -> None:
        now_s = self._clock_s()
        if self._seq != self._stored and now_s - self._stored_s >= every_s:
            store_hook_position(self._desk, self.hook, self._seq)
            self._stored, self._stored_s = self._seq, now_s

    def _send_and_tell_if_taken(self, event: Event) -> bool:
        """Send an event, and again after ever longer pauses; return False if this ended before it was taken."""
        body, failures = canonical_json(event_without_ratings(event)).encode(), 0
        while not self._ended.is_set():
            if self._send(body):
                return True
            failures += 1
            if failures == 1:
                with suppress(OutsideError):
                    self._store_position(0.0)
            self._ended.wait(pause_after_failures(failures, random.random()))
        return False

    def _send(self, body: bytes) -> bool:
        """Send a body once; return whether it was taken."""
        try:
            connection = self._connection or self._new_connection()
            headers = {"Content-Type": "application/json", SIGNATURE: body_signature(self.hook.secret, body)}
            connection.request("POST", _request_target(self.hook.address), body, headers)
            answer = connection.getresponse()
            answer.read(LONGEST_ANSWER)
            is_taken = 200 <= answer.status < 300
            if not is_taken or not answer.isclosed():
                self._close()
        except (OSError, http.client.HTTPException):
            self._close()
            return False
        return is_taken

    def _new_connection(self) -> http.client.HTTPConnection:
        place = urlsplit(self.hook.address)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(place.hostname or "", place.port, timeout=ANSWER_S)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _request_target(address: str) -> str:
    place = urlsplit(address)
    return (place.path or "/") + (f"?{place.query}" if place.query else "")
