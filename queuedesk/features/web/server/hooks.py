"""Sends the hall's events to other programs: in order, signed, and again until they are taken."""

from __future__ import annotations

import http.client
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import Event, canonical_json
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.web.rules.keys import SIGNATURE, Hook, pause_after_failures, signature_of
from queuedesk.features.web.server.operations import event_without_ratings
from queuedesk.features.web.verbs.keys import hooks_with_positions, store_hook_position
from queuedesk.watch import WatchedThread

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
        self._senders: dict[int, _AddressSender] = {}
        self._changed = threading.Event()
        self._is_stopping = False
        self._thread = WatchedThread(self._follow_list, "web hooks")

    def start(self) -> None:
        self._thread.start()

    def note_events(self, events: list[Event]) -> None:
        """Say that there is something new to send; from any thread."""
        if not events or any(event.kind.startswith("web.hook") for event in events):
            self._changed.set()
        for sender in list(self._senders.values()):
            sender.nudge()

    def stop(self, timeout_s: float) -> None:
        """End sending and write down how far each address is. One that does not answer in half of the timeout is cut
        off, and gets its last event a second time."""
        end_s = self._clock_s() + timeout_s
        self._is_stopping = True
        self._changed.set()
        self._thread.join(timeout_s)
        senders = list(self._senders.values())
        for sender in senders:
            sender.finish()
        for sender in senders:
            sender.join(max(0.0, end_s - timeout_s / 2 - self._clock_s()))
        for sender in senders:
            sender.cut_off()
        for sender in senders:
            sender.join(max(0.0, end_s - self._clock_s()))

    def _follow_list(self) -> None:
        """Have a sender for each address of the list, and none for others."""
        while not self._is_stopping:
            self._changed.clear()
            try:
                found = hooks_with_positions(self._desk)
                listed = {hook.number: (hook, seq) for hook, seq in found} if found and self._is_sending() else {}
            except OutsideError:  # The hall is away, and comes back.
                self._changed.wait(ANSWER_S)
                continue
            for number in [one for one, sender in self._senders.items() if listed.get(one, (None,))[0] != sender.hook]:
                self._senders.pop(number).finish()
            for number, (hook, seq) in listed.items():
                if number not in self._senders and not self._is_stopping:
                    self._senders[number] = _AddressSender(self._desk, self._clock_s, hook, seq)
            self._changed.wait(LOOK_S if found else None)


class _AddressSender:
    """Sends events to one address."""

    def __init__(self, desk: Desk, clock_s: Callable[[], float], hook: Hook, seq: int) -> None:
        self.hook = hook
        self._desk, self._clock_s = desk, clock_s
        self._seq = self._stored = seq
        self._stored_s = clock_s()
        self._connection: http.client.HTTPConnection | None = None
        self._new, self._ended = threading.Event(), threading.Event()
        self._thread = WatchedThread(self._send_until_ended, f"web hook {hook.number}")
        self._thread.start()

    def nudge(self) -> None:
        self._new.set()

    def finish(self) -> None:
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

    def _send_until_ended(self) -> None:
        while not self._ended.is_set():
            self._new.clear()
            try:
                page = looking.events_after(self._desk, self._seq, PAGE)
                for event in page:
                    if not self._send_until_taken(event):
                        break
                    self._seq = event.seq
                    self._store(STORE_EVERY_S)
                if not page:
                    self._store(0.0)
                    if not self._new.wait(KEPT_S):
                        self._close()
                        self._new.wait(IDLE_S)
            except OutsideError:  # The hall is away; how far the address is, is known here.
                self._ended.wait(ANSWER_S)
        self._close()
        with suppress(OutsideError):
            self._store(0.0)

    def _store(self, every_s: float) -> None:
        now_s = self._clock_s()
        if self._seq != self._stored and now_s - self._stored_s >= every_s:
            store_hook_position(self._desk, self.hook, self._seq)
            self._stored, self._stored_s = self._seq, now_s

    def _send_until_taken(self, event: Event) -> bool:
        """Send an event, and again after ever longer pauses; return False if this ended before it was taken."""
        body, failures = canonical_json(event_without_ratings(event)).encode(), 0
        while not self._ended.is_set():
            if self._send(body):
                return True
            failures += 1
            if failures == 1:
                with suppress(OutsideError):
                    self._store(0.0)
            self._ended.wait(pause_after_failures(failures, random.random()))
        return False

    def _send(self, body: bytes) -> bool:
        """Send a body once; return whether it was taken."""
        try:
            connection = self._connection or self._opened()
            headers = {"Content-Type": "application/json", SIGNATURE: signature_of(self.hook.secret, body)}
            connection.request("POST", _target(self.hook.address), body, headers)
            answer = connection.getresponse()
            answer.read(LONGEST_ANSWER)
            is_taken = 200 <= answer.status < 300
            if not is_taken or not answer.isclosed():
                self._close()
        except (OSError, http.client.HTTPException):
            self._close()
            return False
        return is_taken

    def _opened(self) -> http.client.HTTPConnection:
        place = urlsplit(self.hook.address)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(place.hostname or "", place.port, timeout=ANSWER_S)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _target(address: str) -> str:
    place = urlsplit(address)
    return (place.path or "/") + (f"?{place.query}" if place.query else "")
