"""Questions and answers over an open cable: answers in real time and answers in turn come mixed, late or never."""

from __future__ import annotations

import time

from queuedesk.printing import escpos_status
from queuedesk.printing.escpos_link import Link
from queuedesk.printing.escpos_status import Status

ANSWER_S = 1.0
"""How long a printer may take for an answer before it counts as one that gives none."""
MOST_STRANGE = 3
"""Bytes that answer nothing: a serial line may say when it is full, but whole sentences come from something else than a
printer."""
_SHORTEST_S = 0.01


class Talk:
    """What one printer says. `turns` is how many questions in turn it has answered: so far it has printed."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._said: list[int] = []
        self._owed = 0  # answers in real time that may still come
        self._strange = 0
        self.turns = 0

    def send(self, data: bytes) -> None:
        """Send without asking."""
        self._link.send(data)

    def ask_in_turn(self) -> None:
        """Ask for a sign that everything sent before is printed."""
        self._link.send(escpos_status.IN_TURN)

    def listen(self, wait_s: float) -> None:
        """Take what the printer says within `wait_s`, at least what it has said already. Raises OSError when it is no
        printer that speaks."""
        for byte in self._link.receive(max(_SHORTEST_S, wait_s)):
            if escpos_status.is_answer(byte):
                self._said.append(byte)
            elif escpos_status.is_answer_in_turn(byte):
                self.turns += 1
            else:
                self._strange += 1
        if self._strange > MOST_STRANGE:
            raise ConnectionError("no printer speaks like this")

    def status(self, wait_s: float = ANSWER_S) -> Status | None:
        """Return how the printer stands; None when it does not say so within `wait_s` a question."""
        said = []
        for n in (escpos_status.PRINTER, escpos_status.WHY_OFFLINE, escpos_status.PAPER):
            byte = self._ask(n, wait_s)
            if byte is None:
                return None
            said.append(byte)
        return escpos_status.read(*said)

    def _ask(self, n: int, wait_s: float) -> int | None:
        """Ask, and pass over the answers to earlier questions that come first."""
        self._link.send(escpos_status.ask(n))
        self._owed += 1
        until = time.monotonic() + wait_s
        while len(self._said) < self._owed and (left_s := until - time.monotonic()) > 0:
            self.listen(left_s)
        answer = self._said[-1] if len(self._said) >= self._owed else None
        self._owed = max(0, self._owed - len(self._said))
        self._said.clear()
        return answer
