"""Lost property in the demo's weeks."""

from collections.abc import Iterator

from queuedesk.features.lost_property import verbs
from queuedesk.sim.demand import Act, FeatureDemoPart, act_of_typing

FOUND = {5: ("黑色雨伞", "Black umbrella"), 1: ("老花镜", "Reading glasses"), 0: ("一串钥匙", "Bunch of keys")}
"""By how many open days before the demo's what is found, in both languages."""


class LostPropertyDemoPart(FeatureDemoPart):
    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterator[tuple[int, Act]]:
        if ago in FOUND:
            yield 615, act_of_typing(verbs.note_thing, FOUND[ago], place=("等候区", "Waiting area"))
        if ago == 3:
            yield 560, act_of_typing(verbs.give_back, 1, ("王芳", "Wang Fang"))
        if ago == 0:
            yield 510, act_of_typing(verbs.note_enquiry, ("我的钥匙", "My keys"), contact="138 0013 2201")
