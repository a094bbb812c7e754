"""Lost property in the demo's weeks."""

from collections.abc import Callable, Iterator

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.lost_property import verbs
from queuedesk.sim.demo_words import either

FOUND = {5: ("黑色雨伞", "Black umbrella"), 1: ("老花镜", "Reading glasses"), 0: ("一串钥匙", "Bunch of keys")}
"""By how many open days before the demo's what is found, in both languages."""
PLACE, OWNER, KEYS = ("等候区", "Waiting area"), ("王芳", "Wang Fang"), ("我的钥匙", "My keys")


def acts_on(ago: int) -> Iterator[tuple[int, Callable[[Desk, Setup, Ask], object]]]:
    """Yield what is done on a day, with its minute."""
    if ago in FOUND:
        what = FOUND[ago]
        yield 615, lambda desk, setup, ask: verbs.note(desk, ask, either(setup, *what), place=either(setup, *PLACE))
    if ago == 3:
        yield 560, lambda desk, setup, ask: verbs.give(desk, ask, 1, either(setup, *OWNER))
    if ago == 0:
        yield 510, lambda desk, setup, ask: verbs.ask_for(desk, ask, either(setup, *KEYS), contact="138 0013 2201")
