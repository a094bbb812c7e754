"""Read by every Python that starts with this folder on its path: its clock is the one in QUEUEDESK_FAST_CLOCK's file.

A moment is an hour of the hall: what the program does once a minute it does once a second.
"""

import importlib.abc
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType


def _shown_s() -> float:
    """Return what the PC's clock shows, in seconds since 1970."""
    began, shown, speed = map(float, Path(os.environ["QUEUEDESK_FAST_CLOCK"]).read_text(encoding="ascii").split())
    return shown + (time.monotonic() - began) * speed


def _clock(module: ModuleType) -> None:
    from queuedesk.core.log.pc_clock import JumpDetectingClock  # not before the program itself is found

    module.real_clock = lambda: datetime.fromtimestamp(_shown_s(), UTC)  # type: ignore[attr-defined]
    module.passed_s = _shown_s  # type: ignore[attr-defined]
    module.pc_clock = JumpDetectingClock(module.real_clock, _shown_s)  # type: ignore[attr-defined]


def _chores(module: ModuleType) -> None:
    module.EVERY_MS = 1000  # type: ignore[attr-defined]


def _devices(module: ModuleType) -> None:
    module.BEAT_S = 2  # type: ignore[attr-defined]
    module.LOST_AFTER = timedelta(days=2)  # type: ignore[attr-defined]


def _repeated(module: ModuleType) -> None:
    module.FIRST_S = module.LOOK_S = 5.0  # type: ignore[attr-defined]


def _caches(module: ModuleType) -> None:
    # Each connection keeps up to 8 MB of the hall's file in memory, which fills for weeks: what still grows is the
    # program's own.
    small = ("PRAGMA cache_size=-500" if "cache_size" in one else one for one in module._PRAGMAS)
    module._PRAGMAS = tuple(small)  # type: ignore[attr-defined]


CHANGED: dict[str, Callable[[ModuleType], None]] = {
    "queuedesk.app.clock": _clock,
    "queuedesk.app.services.repeated_work": _repeated,
    "queuedesk.stations.window.shell": _chores,
    "queuedesk.desk.talk.devices": _devices,
    "queuedesk.store.engine.hall_file": _caches,
}


class Finder(importlib.abc.MetaPathFinder):
    """Lets a module of CHANGED be loaded as ever, then changes what its row says."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in CHANGED:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_and_change(module: ModuleType) -> None:
            load(module)
            CHANGED[name](module)

        spec.loader.exec_module = load_and_change  # type: ignore[method-assign]
        return spec


if "QUEUEDESK_FAST_CLOCK" in os.environ:
    sys.meta_path.insert(0, Finder())
