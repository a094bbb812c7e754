"""Lists what is to be checked before a window opens, notes what a person found, signs the hall open; no widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import MAY, Actor
from queuedesk.core.quality.morning import CLOSING, OPENING, SHEETS
from queuedesk.core.quality.sheet import Item
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.file import sheets_of
from queuedesk.core.setup.rows import offered_languages
from queuedesk.core.talk.device import Key
from queuedesk.core.talk.opening_checks import ANYWHERE, Wanted, is_asked, wanted
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import morning
from queuedesk.desk.talk import checking
from queuedesk.i18n.talk.talk_words import trial_text
from queuedesk.stations.window.context import StationContext


def rows_of(context: StationContext) -> list[Wanted]:
    """Return everything that this hall wants checked today, nothing if it wants no checks."""
    state = context.feed.state
    if not is_asked(set_up(state)):
        return []
    today = [check for check in state.checks if check.date == context.feed.day]
    return wanted(set_up(state), state.devices, today, context.clock())


def may_check(context: StationContext) -> bool:
    """Whether the person here may check the hall's equipment now, and the hall wants it."""
    who, feed = context.who, context.feed
    return (
        who is not None and "check" in MAY[who.role] and who.is_staff and is_asked(feed.setup) and not feed.away_since
    )


class Checking(QObject):
    """Tries devices and notes what `who` found. `changed` after every relevant event, `refused` with what could not be
    noted."""

    changed = Signal()
    refused = Signal(object)

    def __init__(
        self,
        context: StationContext,
        who: Actor,
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._who = context, who
        self._tried: set[Key] = set()
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self._follow)

    def rows(self) -> list[Wanted]:
        """Return the devices to check, passed or not, in order."""
        return rows_of(self._context)

    def lacking(self) -> int:
        """Return how many checks are still missing."""
        return sum(one.lack is not None for one in self.rows())

    def was_tried(self, key: Key) -> bool:
        """Whether it was tried from here; before that, a device that only reports when tried has no name."""
        return key in self._tried or (key[0], ANYWHERE) in self._tried

    def try_out(self, key: Key) -> None:
        """Make it speak, show or print for a moment."""
        known = offered_languages(set_up(self._context.feed.state))
        self._tried.add(key)
        text, text_en = trial_text(key[0], known[0]), trial_text(key[0], "en") if "en" in known else ""
        self._do(partial(checking.try_out, text=text, text_en=text_en), key)

    def passes(self, key: Key) -> None:
        """Note that it works."""
        self._do(checking.check, key)

    def fails(self, key: Key, cause: str) -> None:
        """Note what is wrong with it."""
        self._do(partial(checking.check, failed=cause), key)

    def stop(self) -> None:
        """Stop following the hall."""
        self._context.feed.changed.disconnect(self._follow)
        self._context.feed.replaced.disconnect(self._follow)

    def _do(self, act: Callable[[Desk, Ask, str, str | None], Document], key: Key) -> None:
        context, ask = self._context, self._context.ask(self._who)
        context.tasks.run(lambda: act(context.desk, ask, key[0], key[1] or None), self._done, self._refuse)

    def _done(self, _document: object) -> None:
        self.changed.emit()

    def _refuse(self, trouble: QueueDeskError) -> None:
        self.refused.emit(trouble)

    def _follow(self, *_events: object) -> None:
        self.changed.emit()


# -- the hall signed open or closed ------------------------------------------------------------------------------------


def to_sign(context: StationContext) -> str:
    """Return what the person here can sign next today: the opening, then the closing; "" where they may not, or the
    hall has no sheet for it."""
    who, feed = context.who, context.feed
    if who is None or not who.is_staff or not who.may("opening") or feed.setup.hall.replayed:
        return ""
    if not feed.setup.uses("morning"):
        return ""
    is_open = any(one.date == feed.day and one.what == OPENING for one in feed.state.openings.values())
    what = CLOSING if is_open else OPENING
    return what if SHEETS[what] in sheets_of(feed.setup) else ""


def items_to_sign(context: StationContext, what: str) -> tuple[Item, ...]:
    return sheets_of(context.feed.setup)[SHEETS[what]].items


class Signing(QObject):
    """Signs the hall open or closed in the name of the person here. `signed` once it is, `refused` with why not."""

    signed = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def lacking(self) -> int:
        """Return how many checks of equipment are missing, 0 where the hall asks for none."""
        return sum(one.lack is not None for one in rows_of(self._context))

    def sign(self, what: str, marks: Sequence[Mapping[str, Any]], **air: int | None) -> None:
        desk, ask = self._context.desk, self._context.ask()
        work = partial(morning.sign, desk, ask, what, marks, **air)
        self._context.tasks.run(work, self._done, self.refused.emit)

    def _done(self, _document: object) -> None:
        self.signed.emit()
