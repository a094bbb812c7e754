"""Lost property in the demo's weeks."""

from collections.abc import Callable, Iterator

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.lost_property import verbs

FOUND = {12: "黑色雨伞 black umbrella", 1: "一串钥匙 bunch of keys", 0: "老花镜 reading glasses"}
"""By how many days before the demo's what is found."""


def acts_on(ago: int) -> Iterator[tuple[int, Callable[[Desk, Setup, Ask], object]]]:
    """Yield what is done on a day, with its minute."""
    if ago in FOUND:
        yield 615, lambda desk, _setup, ask: verbs.note(desk, ask, FOUND[ago], place="等候区 waiting area")
    if ago == 5:
        yield 560, lambda desk, _setup, ask: verbs.give(desk, ask, 1, "王芳 Wang Fang")
    if ago == 0:
        yield 510, lambda desk, _setup, ask: verbs.ask_for(desk, ask, "钥匙 keys", contact="138 0013 2201")
