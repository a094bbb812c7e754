"""The hall's equipment on the manager's screen: what is out of order since when, what works, what somebody switched off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.device import STOPPED, Device
from queuedesk.core.overview import set_up
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.i18n import _, date_short, listing, time_hm
from queuedesk.i18n.device_words import cause_words, device_name


@dataclass(frozen=True, slots=True)
class DeviceTexts:
    """Finished lines, "" where there is nothing to say."""

    down: str
    others: str


def device_texts(state: HallState, now: datetime) -> DeviceTexts:
    """Return the lines about every device that is in use."""
    setup = set_up(state)
    known = [one for one in state.devices.values() if not one.is_given_up(now)]
    down = [_down(setup, one, now) for one in known if one.cause not in (None, STOPPED)]
    up = [_name(one) for one in known if one.is_up]
    off = [_name(one) for one in known if one.cause == STOPPED]
    others = [
        _("Equipment that works: {what}", what=listing(up)) if up else "",
        _("Switched off: {what}", what=listing(off)) if off else "",
    ]
    return DeviceTexts(
        down=_("Out of order: {what}", what=" · ".join(down)) if down else "",
        others=" · ".join(line for line in others if line),
    )


def _down(setup: Setup, one: Device, now: datetime) -> str:
    since, cause = setup.local(one.since), cause_words(one.cause)
    if since.date() == setup.local(now).date():
        return _("{device}, {cause} since {time}", device=_name(one), cause=cause, time=time_hm(since))
    day = date_short(since.date())
    return _("{device}, {cause} since {day}, {time}", device=_name(one), cause=cause, day=day, time=time_hm(since))


def _name(one: Device) -> str:
    return device_name(one.device, one.station)
