"""The yearly indicators of the demo's hall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.indicators import verbs
from queuedesk.features.indicators.rules import SCALE, Indicator
from queuedesk.sim.demand import Act, FeatureDemoPart, Words, hall_language_text

INDICATORS: Mapping[Words, tuple[int | None, tuple[str | None, ...]]] = {
    ("总体满意度", "Satisfaction overall"): (None, ("77.7", "80.6", "84.2")),
    ("供电可靠", "Reliable supply"): (20, ("84", "87", "90")),
    ("缴费便利", "Easy to pay"): (15, ("83", "86", "88")),
    ("业务办理", "Matters done"): (20, ("72", "75", "80")),
    ("营业厅服务", "Service in the hall"): (15, ("80", "82", "84")),
    ("95598 服务", "95598 hotline"): (10, ("76", "78", "81")),
    ("客户沟通", "Talking with customers"): (10, ("74", "76", None)),
    ("问题处理", "Problems solved"): (10, ("70", "76", "85")),
}
"""The weight of each, and its scores in the last three years; one was not reported last."""
SURVEY, ENTERED = ("第三方满意度调查", "Survey by a third party"), 8 * 60 + 50


def demo_indicators(setup: Setup, year: int) -> list[Indicator]:
    """Return what was published of the three years before `year`."""
    return [
        Indicator(
            year=year - len(scores) + n,
            name=hall_language_text(setup, name),
            top=SCALE,
            score=None if score is None else Decimal(score),
            weight=None if weight is None else Decimal(weight),
            source=hall_language_text(setup, SURVEY),
        )
        for name, (weight, scores) in INDICATORS.items()
        for n, score in enumerate(scores)
    ]


def import_demo_indicators(desk: Desk, setup: Setup, ask: Ask) -> Document:
    """Import them."""
    return verbs.import_indicators(desk, ask, demo_indicators(setup, ask.now.year))


class IndicatorsDemoPart(FeatureDemoPart):
    """The manager imports those of the years before on the demo's day, early enough for its pictures."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterator[tuple[int, Act]]:
        if ago == 0:
            yield ENTERED, import_demo_indicators
