"""The equipment of the demo's hall: it reports, and is checked before the first customer comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import DISPLAY, KIOSK, LINE, LOST, PLATE, PRINTER, RATING, VOICE, Key
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices
from queuedesk.features.equipment import verbs
from queuedesk.sim.demand import FeatureDemoPart

FRONT_DESK = "guide"
OUT_OF_PAPER, REFILLED_AFTER = "out_of_paper", timedelta(minutes=3)
CHECKED = ((VOICE, DISPLAY), (DISPLAY, DISPLAY), (PRINTER, FRONT_DESK), (PRINTER, KIOSK))
SHORT_OF_PAPER: Key = (PRINTER, FRONT_DESK)
"""What fails its check on the demo's day."""
PLATE_LOST = 9 * 60 + 12
"""From when on the plate of the window whose clerk comes last gives no more signs of life: nobody misses it before."""


def equipment_of_demo_hall(setup: Setup) -> list[Key]:
    """Return what stands in the hall: a display, with its voice where calls are spoken, a kiosk, two printers, and what
    every window has."""
    windows = [(kind, f"{kind}-{code}") for code in setup.windows for kind in (PLATE, RATING)]
    voice = [(VOICE, DISPLAY)] if setup.voice.spoken else []
    shared = [(DISPLAY, DISPLAY), *voice, (KIOSK, KIOSK), (LINE, LINE)]
    return [*shared, (PRINTER, FRONT_DESK), (PRINTER, KIOSK), *windows]


class EquipmentDemoPart(FeatureDemoPart):
    """All of it works but, on the demo's day, a printer in the morning and a plate."""

    place = -1

    def begin_day(self, now: datetime) -> None:
        there = equipment_of_demo_hall(self.setup)
        for key in there:
            self._report_device_state(key, None, now)
        is_today = not self.day.ago
        for n, key in enumerate(one for one in CHECKED if one in there):
            act = self._fail_printer_then_refill if is_today and key == SHORT_OF_PAPER else self._record_device_check
            self.day.plan_act(now + timedelta(minutes=2, seconds=40 * n), partial(act, key))
        if is_today:
            plate = (PLATE, f"{PLATE}-{max(self.day.clerks, key=lambda clerk: clerk.comes_at).window}")
            self.day.plan_act(
                utc_moment_of_hall_minute(self.setup, self.day.day, PLATE_LOST),
                partial(self._report_device_state, plate, LOST),
            )

    def _report_device_state(self, key: Key, cause: str | None, now: datetime) -> None:
        devices.record_device_state(self.desk, Ask(HALL, now, recorded=True), *key, cause)

    def _record_device_check(self, key: Key, now: datetime) -> None:
        verbs.record_device_check(self.desk, Ask(self.day.guide, now), *key)

    def _fail_printer_then_refill(self, key: Key, now: datetime) -> None:
        """Let a printer fail its check, and pass when somebody has put in paper."""
        self._report_device_state(key, OUT_OF_PAPER, now)
        verbs.record_device_check(self.desk, Ask(self.day.guide, now), *key, failed=OUT_OF_PAPER)
        full = now + REFILLED_AFTER
        self.day.plan_act(full, partial(self._report_device_state, key, None))
        self.day.plan_act(full + timedelta(seconds=20), partial(self._record_device_check, key))
