"""The wording trials of the demo's weeks: nobody takes a ticket at a demo's kiosk, so notices are tried."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.wording import verbs
from queuedesk.sim.demand import Act, FeatureDemoPart

PAY = 1, "缴费请取 A 号，手机和自助机不用排队。", "To pay take an A ticket; by phone or machine there is no queue."
UNSURE = 2, "不知道取哪种号？请先问引导员。", "Not sure which ticket to take? Please ask the guide first."
"""A notice's place in the set-up and the words that are tried, in both languages."""
PAY_WEEKS, UNSURE_FOR = 2, timedelta(days=12)
"""How long the one was tried, and since when the other is."""
DECIDED, DECIDED_AT = 9, 1000
"""How many days before the demo's, and at which minute, the first is over."""


def end_trial_with_old_words(desk: Desk, _setup: Setup, ask: Ask) -> None:
    """End the first trial; the old words stay."""
    tried = next((one.trial for one in verbs.trials_with_data(desk, ask.now) if one.trial.label == PAY[1]), None)
    if tried is not None:
        verbs.end_wording_trial(desk, ask, tried.seq, use=False)


class WordingDemoPart(FeatureDemoPart):
    """One notice is tried from the first date on, another for some days before the demo's."""

    @staticmethod
    def prepare_before_first_day(desk: Desk, setup: Setup, ask: Ask, today: date) -> None:
        begins = setup.to_hall_time(ask.now).date()
        if begins == today:
            return
        payers, others = list(setup.services)[:1], list(setup.services)[1:3]
        tomorrow = begins + timedelta(days=1)
        for (place, *words), first, weeks, judges in (
            (PAY, tomorrow, PAY_WEEKS, payers),
            (UNSURE, max(tomorrow, today - UNSURE_FOR), 2 * PAY_WEEKS, others),
        ):
            verbs.start_notice_trial(desk, ask, place, *words, first=first, weeks=weeks, services=judges)

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterable[tuple[int, Act]]:
        return [(DECIDED_AT, end_trial_with_old_words)] if ago == DECIDED else ()
