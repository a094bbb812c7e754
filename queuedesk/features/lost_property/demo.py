"""Lost property in the demo's weeks."""

from collections.abc import Callable, Iterator

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.lost_property import verbs
from queuedesk.i18n import named

FOUND = {12: ("黑色雨伞", "Black umbrella"), 1: ("一串钥匙", "Bunch of keys"), 0: ("老花镜", "Reading glasses")}
"""By how many days before the demo's what is found, in both languages."""
KEYS, PLACE, WHO = ("我的钥匙", "My keys"), ("等候区", "Waiting area"), ("王芳", "Wang Fang")


def _own(setup: Setup, words: tuple[str, str]) -> str:
    return named(*words, "en" if setup.hall.lang == "en" else "zh_CN")


def acts_on(ago: int) -> Iterator[tuple[int, Callable[[Desk, Setup, Ask], object]]]:
    """Yield what is done on a day, with its minute."""
    if ago in FOUND:
        yield 615, lambda desk, setup, ask: verbs.note(desk, ask, _own(setup, FOUND[ago]), place=_own(setup, PLACE))
    if ago == 5:
        yield 560, lambda desk, setup, ask: verbs.give(desk, ask, 1, _own(setup, WHO))
    if ago == 0:
        yield 510, lambda desk, setup, ask: verbs.ask_for(desk, ask, _own(setup, KEYS), contact="138 0013 2201")
