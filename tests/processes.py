"""Processes of a test that begin with the program loaded: each costs a tenth of one that is started, and where several
are to meet they meet at their work."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from tests.bounded import PATIENCE_S


@cache
def processes() -> ForkServerContext:
    """Return what makes processes out of a first one, which is as a started program is and holds nothing of a test."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["queuedesk.app.main", "queuedesk.cli.main", "queuedesk.desk.change"])
    return context


def at_once(work: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> list[int | None]:
    """Let processes do `work`, each with its own arguments, and return how they ended: 0 is well."""
    running: list[ForkServerProcess] = [processes().Process(target=work, args=each) for each in arguments]
    for one in running:
        one.start()
    try:
        for one in running:
            one.join(PATIENCE_S)
        return [one.exitcode for one in running]
    finally:
        for one in running:
            one.kill()
