"""The indicators of the years before the demo's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.indicators import verbs
from queuedesk.features.indicators.rules.reported import SCALE, Indicator
from queuedesk.sim.demo_words import typed

INDICATORS: Mapping[str, tuple[int | None, tuple[str | None, ...]]] = {
    "总体满意度": (None, ("77.7", "80.6", "84.2")),
    "供电可靠": (20, ("84", "87", "90")),
    "缴费便利": (15, ("83", "86", "88")),
    "业务办理": (20, ("72", "75", "80")),
    "营业厅服务": (15, ("80", "82", "84")),
    "95598 服务": (10, ("76", "78", "81")),
    "客户沟通": (10, ("74", "76", None)),
    "问题处理": (10, ("70", "76", "85")),
}
"""The weight of each, and its scores in the last three years; one was not reported last."""
SURVEY, ENTERED = "第三方满意度调查", 8 * 60 + 50


def indicators(setup: Setup, year: int) -> list[Indicator]:
    """Return what was published of the three years before `year`."""
    return [
        Indicator(
            year=year - len(scores) + n,
            name=typed(setup, name),
            top=SCALE,
            score=None if score is None else Decimal(score),
            weight=None if weight is None else Decimal(weight),
            source=typed(setup, SURVEY),
        )
        for name, (weight, scores) in INDICATORS.items()
        for n, score in enumerate(scores)
    ]


def on_day(ago: int) -> Iterator[tuple[int, Callable[[Desk, Setup, Ask], Document]]]:
    """Yield that the manager imports them on the demo's day, early enough for its pictures."""
    if ago == 0:
        yield ENTERED, lambda desk, setup, ask: verbs.import_indicators(desk, ask, indicators(setup, ask.now.year))
