"""Each kind of message that comes to a page of staff, one by one, and gone again."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from queuedesk.core import features
from queuedesk.core.log.state import UnconfirmedClockJump
from queuedesk.core.talk.messages import GUIDE as FRONT_DESK
from queuedesk.core.talk.messages import MANAGER as OFFICE
from queuedesk.core.talk.messages import place_of_window
from queuedesk.stations.window.frame import StationPage
from queuedesk.stations.window.shell import DoubtfulClockQuestion
from tests.hall import MANAGER, Hall

EMERGENCY, EMERGENCY_EN = "请从最近的出口离开，不要使用电梯", "Please leave by the nearest exit, not by the lifts"
HAS_CARDS = "cards" in features.choosable_feature_names()
KINDS = {"emergency": "pushed", "card": "card_runs", "help": "help_calls", "message": "messages"}
"""What the log brings, and the part of a station's copy of the hall that holds it."""
if not HAS_CARDS:
    del KINDS["card"]
ANYWHERE = ("emergency", "clock", "away")  # what is told even where nobody is yet, or no message goes to


class Messages:
    """Lets the kinds of messages that `page` `tells` come to it as from the log; `hear` lets it look at its hall."""

    def __init__(self, page: StationPage, hall: Hall, follow, *, hear=None, tells=(*KINDS, "clock", "away")) -> None:
        self._page, self._hall, feed = page, hall, page.context.feed
        self._hear = hear or partial(feed.changed.emit, [])
        hall.do("emergency", EMERGENCY, text_en=EMERGENCY_EN, who=MANAGER)
        if HAS_CARDS:
            hall.do("card-start", "system", who=MANAGER)
        hall.do("help", "kiosk")
        for place in (FRONT_DESK, OFFICE, *map(place_of_window, feed.setup.windows)):
            origin = OFFICE if place != OFFICE else FRONT_DESK
            hall.do("message", place, "请到一号窗口来一下", text_en="Please come to window 1", origin=origin)
        follow()
        self._kept = {part: getattr(feed.state, part).copy() for part in KINDS.values()}
        self.clock = DoubtfulClockQuestion(page.context, page, lambda: page.messages, is_staff=True)
        ways = {kind: partial(self._bring, kind) for kind in KINDS}
        ways |= {"clock": self._doubt, "away": partial(page.show_hall_away, hall.clock())}
        self.ways: dict[str, Callable[[], object]] = ways
        self.tells, self.last = tells, [*ways][-1]
        self.go()

    def go(self) -> None:
        for part in KINDS.values():
            getattr(self._page.context.feed.state, part).clear()
        self.clock.end_doubt()
        self._page.show_hall_away(None)
        self._hear()

    def _bring(self, kind: str) -> None:
        part = getattr(self._page.context.feed.state, KINDS[kind])
        (part.extend if isinstance(part, list) else part.update)(self._kept[KINDS[kind]])
        self._hear()

    def _doubt(self) -> None:
        now = self._page.context.feed.setup.to_hall_time(self._hall.clock())
        self.clock.note_doubt_and_ask(
            UnconfirmedClockJump(last=now, now=now + timedelta(days=1), waiting=4).clock_ahead_error()
        )
        if self.clock.dialog is not None:
            self.clock.dialog.refuse()
