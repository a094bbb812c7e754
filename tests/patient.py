"""Waiting in a test: for a fact, as long as a busy machine may take; how soon it comes is the matter of a few tests,
which measure it.
"""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.bounded import PATIENCE_S

PATIENCE_MS = int(PATIENCE_S * 1000)


class PatientBot(QtBot):
    """pytest-qt's, which gives up after five seconds unless told otherwise each time."""

    def waitUntil(self, callback: Any, *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """Waits patiently."""
    return PatientBot(request)
