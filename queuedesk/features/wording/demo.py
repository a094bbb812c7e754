"""Trials of words in the demo's weeks: nobody takes a ticket at a demo's kiosk, so notices are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.wording import verbs

PAY = 1, "缴费请取 A 号，手机和自助机不用排队。", "To pay take an A ticket; by phone or machine there is no queue."
UNSURE = 2, "不知道取哪种号？请先问引导员。", "Not sure which ticket to take? Please ask the guide first."
"""A notice's place in the set-up and the words that are tried, in both languages."""
PAY_WEEKS, UNSURE_FOR = 2, timedelta(days=12)
"""How long the one was tried, and since when the other is."""


def try_words(desk: Desk, setup: Setup, ask: Ask, today: date) -> None:
    """Try the words of two notices: of one from the first date on, of the other for some days before `today`."""
    payers, others = list(setup.services)[:1], list(setup.services)[1:3]
    tomorrow = setup.local(ask.now).date() + timedelta(days=1)
    for (place, *words), first, weeks, judges in (
        (PAY, tomorrow, PAY_WEEKS, payers),
        (UNSURE, max(tomorrow, today - UNSURE_FOR), 2 * PAY_WEEKS, others),
    ):
        verbs.start_notice(desk, ask, place, *words, first=first, weeks=weeks, services=judges)


def _keep_words(desk: Desk, _setup: Setup, ask: Ask) -> None:
    tried = next((one.trial for one in verbs.trials(desk, ask.now) if one.trial.label == PAY[1]), None)
    if tried is not None:
        verbs.end_wording(desk, ask, tried.seq, use=False)


def on_day(ago: int) -> Iterator[tuple[int, Callable[[Desk, Setup, Ask], None]]]:
    """Yield what is done so many days before the demo's: at which minute, and what."""
    if ago == 9:
        yield 1000, _keep_words
