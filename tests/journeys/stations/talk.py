"""A station's hands in a process of their own, told and answering line by line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bounded import MOST_S
from tests.processes import Loaded, started

ROOT = Path(__file__).resolve().parents[3]


class Talk:
    """Runs `hands` (a file beside this one) with `words`; its settings live in `home`. `before` are words of a command
    it runs under."""

    def __init__(self, hands: str, *words: object, home: Path, before: Sequence[str] = ()) -> None:
        own = {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(home), "APPDATA": str(home)}
        line = [str(word) for word in (Path(__file__).with_name(hands), *words)]
        env = {**os.environ, **own}
        self._process = started([*before, sys.executable, *line], env) if before else Loaded(line, env)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def heard(self) -> str:
        """Return the next line it says; fail with its trouble when it says nothing more."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, self._process.communicate()[1]
        return line

    def tell(self, *words: object) -> None:
        """Give it a line."""
        assert self._process.stdin is not None
        print(*words, file=self._process.stdin, flush=True)

    def end(self) -> None:
        """Say nothing more and wait until it has ended well."""
        _out, trouble = self._process.communicate(timeout=MOST_S)
        assert self._process.returncode == 0, trouble
