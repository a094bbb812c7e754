"""Lost property in the demo's weeks."""

from collections.abc import Iterator

from queuedesk.features.lost_property import verbs
from queuedesk.sim.demand import Act, FeatureDemoPart, text_in_halls_first_language

FOUND = {5: ("黑色雨伞", "Black umbrella"), 1: ("老花镜", "Reading glasses"), 0: ("一串钥匙", "Bunch of keys")}
"""By how many open days before the demo's what is found, in both languages."""
PLACE, OWNER, KEYS = ("等候区", "Waiting area"), ("王芳", "Wang Fang"), ("我的钥匙", "My keys")


class LostPropertyDemoPart(FeatureDemoPart):
    """What was found, asked for and given back."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterator[tuple[int, Act]]:
        if ago in FOUND:
            what = FOUND[ago]
            yield (
                615,
                lambda desk, setup, ask: verbs.record_found_thing(
                    desk,
                    ask,
                    text_in_halls_first_language(setup, what),
                    place=text_in_halls_first_language(setup, PLACE),
                ),
            )
        if ago == 3:
            yield (
                560,
                lambda desk, setup, ask: verbs.give_back_thing(
                    desk, ask, 1, text_in_halls_first_language(setup, OWNER)
                ),
            )
        if ago == 0:
            yield (
                510,
                lambda desk, setup, ask: verbs.record_lost_enquiry(
                    desk, ask, text_in_halls_first_language(setup, KEYS), contact="138 0013 2201"
                ),
            )
