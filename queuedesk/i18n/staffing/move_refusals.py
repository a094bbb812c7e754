"""Sentences that say why a suggested move cannot be made."""

from __future__ import annotations

from queuedesk.i18n.catalogue import mark

MOVED = {
    "move_gone": mark("That can't be done any more: the hall has changed; please look at the moves again."),
    "unknown_move": mark("There is no move {move}; queuedesk moves list shows those of now."),
    "move_made": mark("{staff} has done that at {time} already."),
}
