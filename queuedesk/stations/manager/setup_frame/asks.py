"""What the set-up asks before something is lost: typed changes, a row, a PIN."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.style import Look

Then = Callable[[], None]


def ask_discard(host: QWidget, look: Look, then: Then) -> None:
    """Ask whether what was typed may go."""
    question = ConfirmDialog(
        host,
        look,
        title=_("Let the changes go?"),
        effect=_("What you typed is not saved yet."),
        safe=_("Go on editing"),
        act=_("Discard changes"),
    )
    question.done.connect(then)
    question.open_dialog()


def ask_removal(host: QWidget, look: Look, name: str, then: Then) -> None:
    """Ask whether a row may go."""
    question = ConfirmDialog(
        host,
        look,
        title=_("Remove {name}?", name=name),
        effect=_("It is gone from every station at once. What was done stays in the log."),
        safe=_("Keep it"),
        act=_("Remove"),
    )
    question.done.connect(then)
    question.open_dialog()


def ask_pin_removal(host: QWidget, look: Look, name: str, then: Then) -> None:
    """Ask whether a person may do without a PIN."""
    question = ConfirmDialog(
        host,
        look,
        title=_("Remove the PIN of {name}?", name=name),
        effect=_("Anybody at a station can then choose this name."),
        safe=_("Keep it"),
        act=_("Remove the PIN"),
    )
    question.done.connect(then)
    question.open_dialog()
