"""What thanks and warnings add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="thanks",
    title=Wording("Thanks and warnings", context="feature"),
    about=Wording("Thanks to staff, alerts that somebody answers for", context="feature"),
    where=Wording("front desk, counter, manager", context="feature"),
    pages=("quality/thanks",),
    commands={
        "cli.quality.thanks": {
            "thanks": Wording("thanks of customers to somebody who works here"),
        },
        "cli.quality.warnings": {
            "warnings": Wording("alerts that somebody is responsible for"),
        },
    },
    rules=("warning_slip",),
    events=("thanks", "slip"),
    figures=("thanks", "warnings"),
)
