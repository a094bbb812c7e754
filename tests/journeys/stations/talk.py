"""A station's hands in a process of their own, told and answering line by line."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

from queuedesk.core.log.event import Event
from tests.bounded import MOST_S
from tests.processes import Loaded, at_home, started


def story_of(log: Iterable[Event], *parts: str) -> str:
    """Return a log in words: of each event its kind, its ticket and these other parts, as far as it has them."""
    said = ((event.kind, event.ticket, *(getattr(event, part) for part in parts)) for event in log)
    return ", ".join(" ".join(filter(None, words)) for words in said)


def windows_for_service(hands: Callable[..., None], *words: object) -> list[str]:
    """Return what stands behind "python" to do a module's `hands` with these words."""
    name = hands.__name__
    return ["-c", f"import sys; from {hands.__module__} import {name}; {name}(*sys.argv[1:])", *map(str, words)]


class PrinterConversation:
    """Does `hands` with `words` in a process of their own, with settings in `home`, under a command `before`."""

    def __init__(self, hands: Callable[..., None], *words: object, home: Path, before: Sequence[str] = ()) -> None:
        line, env = windows_for_service(hands, *words), at_home(home)
        self._process = started([*before, sys.executable, *line], env) if before else Loaded(line, env)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def heard(self) -> str:
        line = self._process.stdout.readline().strip()
        assert line, self._process.communicate()[1]
        return line

    def tell(self, *words: object) -> None:
        print(*words, file=self._process.stdin, flush=True)

    def end(self) -> None:
        """Say nothing more and wait until it has ended well."""
        _out, trouble = self._process.communicate(timeout=MOST_S)
        assert self._process.returncode == 0, trouble
