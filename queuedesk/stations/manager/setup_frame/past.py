"""What a row of the set-up was before it was changed, step by step."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from queuedesk.stations.manager.setup_frame.draft import Draft


class Past:
    """The steps to go back: what is typed in one field before anything else is touched is one step, every press is
    one."""

    def __init__(self) -> None:
        self._steps: list[Draft] = []
        self._typed_in: QWidget | None = None

    def note(self, before: Draft, field: QWidget | None) -> None:
        """Remember what stood before a change; `field` has the keyboard."""
        typed_in = field if isinstance(field, (QLineEdit, QPlainTextEdit)) else None
        if typed_in is None or typed_in is not self._typed_in or not self._steps:
            self._steps.append(before)
        self._typed_in = typed_in

    def back(self) -> Draft | None:
        """Return what stood before the last step, None at the beginning."""
        self._typed_in = None
        return self._steps.pop() if self._steps else None

    def clear(self) -> None:
        """Begin with nothing behind."""
        self._steps.clear()
        self._typed_in = None
