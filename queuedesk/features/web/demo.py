"""The web in the demo's weeks."""

from collections.abc import Iterator

from queuedesk.features.web.verbs import links
from queuedesk.sim.demand import Act, FeatureDemoPart


class WebDemoPart(FeatureDemoPart):
    """The hall's links, ready to be printed; an address is for whoever tries the demo to set."""

    @staticmethod
    def acts(ago: int) -> Iterator[tuple[int, Act]]:
        if ago == 0:
            yield 480, lambda desk, _setup, _ask: links.visit_secret(desk)
