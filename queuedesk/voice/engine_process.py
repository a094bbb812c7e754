"""The parent's side of the engine's process, and the chain of engines tried until one gives a sound."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from queuedesk.core.errors import OutsideError
from queuedesk.core.talk.announcement import Announcement
from queuedesk.i18n import LANGUAGES
from queuedesk.voice.engines import (
    USUAL_PCT,
    Clips,
    EspeakCommand,
    LinkName,
    Voice,
    choose_voice,
    is_espeak,
    languages_of,
)
from queuedesk.voice.phrases import phrase
from queuedesk.voice.sound import DIED, GRACE_S, HUNG
from queuedesk.watch import Watched

COMMAND = (sys.executable, "-m", "queuedesk.voice.process")
REPLY_S = 2.5
"""How long an answer may take before the process counts as hung; the next link needs the rest of 3 s."""
START_S = 10.0
"""How long a start may take on a slow PC; until then calls go to the next link and the process is left alone."""
RETRY_S = 60.0
"""How long an engine that could not be started, or died twice without a word between, is left alone."""

_DEATHS_IN_A_ROW = 2

Answers = queue.SimpleQueue[dict[str, Any] | None]


class EngineProcess:
    """The first link of the chain. Used by one thread; only `close` may come from any."""

    name: LinkName = "pyttsx3"
    plays = sys.platform == "win32"
    """Whether the child plays too: winsound has no program of its own."""

    def __init__(self, command: Sequence[str] = COMMAND, *, reply_s: float = REPLY_S) -> None:
        self._command = tuple(command)
        self._reply_s = reply_s
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_closed = False
        self._answers: Answers = queue.SimpleQueue()
        self._voices: tuple[Voice, ...] = ()
        self._is_ready = False
        self._is_slow = False
        self._started_s = 0.0
        self._deaths = 0
        self._rests_until_s = 0.0
        self._request_id = 0
        self._speed_pct = USUAL_PCT
        self.restarts = 0
        """How often it died or hung and was replaced."""
        self._fault: str | None = None

    def take_fault(self) -> str | None:
        """Return once how an engine that had worked before failed, "died" or "hung"; None if it did not."""
        fault, self._fault = self._fault, None
        return fault

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the child unless it runs or pauses after a failure; returns at once, before it is ready."""
        with self._lock:
            if self._is_closed or self._child is not None or time.monotonic() < self._rests_until_s:
                return
            try:
                command = (*self._command, *((str(self._speed_pct),) if self._speed_pct != USUAL_PCT else ()))
                self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
            except OSError:
                self._rests_until_s = time.monotonic() + RETRY_S
                return
            self._is_ready = self._is_slow = False
            self._started_s = time.monotonic()
            self._answers = queue.SimpleQueue()
            heard = partial(_listen, self._child, self._answers)
            Watched(heard, f"voice {self._child.pid}", again_s=None).start()

    def languages(self) -> tuple[str, ...]:
        """Return the languages it can speak, none if it is not there; waits for the start, at most the reply time."""
        try:
            self._become_ready(time.monotonic() + self._reply_s)
        except OutsideError:
            return ()
        return languages_of(self._voices)

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> None:
        """Write `text` to `path`. Raises OutsideError "no_engine", "no_voice", "voice_hung" or "voice_silent".

        A change of speed restarts espeak's process, because a running one does not change it safely.
        """
        if speed_pct != self._speed_pct:
            self._speed_pct = speed_pct
            if is_espeak(self._voices):
                self._end_child()
        deadline_s = time.monotonic() + self._reply_s
        self._become_ready(deadline_s)
        voice = choose_voice(language, self._voices)
        if voice is None:
            raise OutsideError("no_voice", language=language)
        self._ask({"text": text, "voice": voice, "path": str(path), "speed": speed_pct}, deadline_s)

    def play(self, path: Path, length_s: float) -> bool:
        """Play a wav in the child (Windows only); return whether it was played."""
        try:
            self._become_ready(time.monotonic() + self._reply_s)
            self._ask({"play": str(path)}, time.monotonic() + length_s + GRACE_S)
        except OutsideError:
            return False
        return True

    def stop(self) -> None:
        """Stop what is playing, and the child with it."""
        self.close()

    def close(self) -> None:
        """Kill the child; nothing starts again."""
        with self._lock:
            self._is_closed = True
            if self._child is not None:
                _end(self._child)

    def _become_ready(self, deadline_s: float) -> None:
        self.start()
        if self._child is None:
            raise OutsideError("no_engine")
        if self._is_ready:
            return
        try:
            # Waited for once; afterwards only looked at, or every text of every call would wait again.
            answer = self._next_answer(0.0 if self._is_slow else deadline_s)
        except queue.Empty:
            self._is_slow = True
            if time.monotonic() - self._started_s > START_S:
                self._bury()
            raise OutsideError("voice_hung") from None
        if answer is None or "voices" not in answer:
            self._deaths = _DEATHS_IN_A_ROW
            self._bury()
            raise OutsideError("no_engine")
        self._voices = tuple(Voice(name, tuple(tags)) for name, tags in answer["voices"])
        self._is_ready = True

    def _ask(self, request: dict[str, Any], deadline_s: float) -> None:
        self._request_id += 1
        child = self._child
        if child is None or child.stdin is None:
            raise OutsideError("no_engine")
        try:
            child.stdin.write(json.dumps({"id": self._request_id, **request}).encode() + b"\n")
            answer = self._next_answer(deadline_s)
        except queue.Empty:
            self._fault = HUNG
            self._bury()
            raise OutsideError("voice_hung") from None
        except (OSError, ValueError) as error:  # the child has ended, or was closed by another thread just now
            self._fault = DIED
            self._bury()
            raise OutsideError("no_engine") from error
        if answer is None or answer.get("id") != self._request_id:
            self._fault = DIED
            self._bury()
            raise OutsideError("no_engine")
        if answer["code"] is None:
            self._deaths = 0
            return
        if answer["code"] != "no_voice":  # an engine that went wrong once is not asked again
            self._fault = HUNG if answer["code"] == "voice_hung" else DIED
            self._bury()
        raise OutsideError(answer["code"], link=self.name)

    def _next_answer(self, deadline_s: float) -> dict[str, Any] | None:
        """Return the child's next line, None when it has ended. Raises queue.Empty at the deadline."""
        return self._answers.get(timeout=max(0.0, deadline_s - time.monotonic()))

    def _end_child(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            _end(child)

    def _bury(self) -> None:
        """Kill the child, wait for its end, and start the next one unless it keeps dying."""
        self._end_child()
        self.restarts += 1
        self._deaths += 1
        if self._deaths >= _DEATHS_IN_A_ROW:
            self._deaths = 0
            self._rests_until_s = time.monotonic() + RETRY_S
        self.start()


def _listen(child: "subprocess.Popen[bytes]", answers: Answers) -> None:
    """Pass on every line of the child; None stands for its end."""
    assert child.stdout is not None
    try:
        with child.stdout as lines:
            for line in lines:
                answers.put(json.loads(line))
    finally:  # Also of a child that says what is no answer: it is replaced.
        answers.put(None)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Kill the child, also one that is stopped or hangs, and wait for its end."""
    child.kill()
    child.wait()
    if child.stdin is not None:
        child.stdin.close()


# -- the chain of engines that can speak, tried in order until one gives a sound -------------------------------------


class Link(Protocol):
    """One way to turn a text into a wav file."""

    @property
    def name(self) -> LinkName: ...

    def start(self) -> None: ...

    def languages(self) -> tuple[str, ...]: ...

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> None: ...

    def close(self) -> None: ...


class Chain:
    """Recorded words where there are any, pyttsx3 in its process, then espeak-ng. Used by one thread; only `close` may
    come from any."""

    def __init__(self, links: Sequence[Link] | None = None, *, clips: Path | None = None) -> None:
        """`clips` is the folder of recordings; it may come to be later."""
        recorded = (Clips(clips),) if clips is not None else ()
        self._links: tuple[Link, ...] = (
            (*recorded, EngineProcess(), EspeakCommand()) if links is None else (*recorded, *links)
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def links(self) -> tuple[Link, ...]:
        """The links, the preferred one first."""
        return self._links

    def start(self) -> None:
        """Start the links that need a start; returns at once."""
        for link in self._links:
            link.start()

    def available_languages(self) -> tuple[str, ...]:
        """Return the languages that at least one link can speak."""
        spoken = {language for link in self._links for language in link.languages()}
        return tuple(language for language in LANGUAGES if language in spoken)

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = USUAL_PCT) -> LinkName | None:
        """Write `text` to `path` and return the name of the link that spoke, None when none could."""
        for link in self._links:
            try:
                link.synthesise(text, language, path, speed_pct)
            except OutsideError:
                continue
            return link.name
        return None

    @property
    def restarts(self) -> int:
        """How often an engine's process died or hung and was replaced."""
        return sum(link.restarts for link in self._links if isinstance(link, EngineProcess))

    def take_fault(self) -> str | None:
        """Return once how an engine's process that had worked before failed; None if none did."""
        faults = [link.take_fault() for link in self._links if isinstance(link, EngineProcess)]
        return next((fault for fault in faults if fault), None)

    def place(self, name: LinkName) -> int:
        """Return a link's position in the chain, 0 for the preferred one."""
        return [link.name for link in self._links].index(name)

    def close(self) -> None:
        """End every link at once."""
        for link in self._links:
            link.close()


def render(announcement: Announcement, language: str, path: Path, chain: Chain) -> LinkName:
    """Write a call as one wav, spoken once and not played; return the name of the link that spoke.

    Raises:
        OutsideError: "voice_silent" when no link speaks `language`; no file is left then.
    """
    link = chain.synthesise(phrase(announcement, language), language, path)
    if link is None:
        path.unlink(missing_ok=True)
        raise OutsideError("voice_silent", language=language)
    return link
