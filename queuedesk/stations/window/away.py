"""What stations say while the hall cannot be reached."""

from __future__ import annotations

from datetime import datetime

from queuedesk.i18n import _, say, time_hm
from queuedesk.stations.window.feed_bridge import HallFeed

SILENT = ("database_away", "database_busy")


def away_texts(feed: HallFeed, since: datetime) -> tuple[str, str]:
    """Return the fact and what the program does about it; `since` is local time of the hall."""
    time, trouble = time_hm(since), feed.trouble
    if trouble is not None and trouble.code == "pc_withdrawn":
        fact = _("This PC has not been allowed to use the hall since {time}", time=time)
        return fact, _("A manager can let it join again. This shows {time}.", time=time)
    if trouble is not None and trouble.code == "hall_moved":
        fact = _("The hall works on a server since {time}", time=time)
        return fact, _("This PC has to join it there. This shows {time}.", time=time)
    if trouble is not None and trouble.code == "database_newer":
        fact = _("A newer QueueDesk works with this hall since {time}", time=time)
        return fact, _("Please update it on this computer and open it again. This shows {time}.", time=time)
    if trouble is not None and trouble.code == "clock_ahead":
        return _("The hall stands still since {time}", time=time), _("Staff is asked what day it is.")
    if trouble is not None and trouble.code == "cannot_follow":
        fact = _("This window met a fault at {time} and reads the hall again", time=time)
        return fact, _("If this stays, close the window and open it again. This shows {time}.", time=time)
    if not feed.is_shared:
        fact = _("The hall's file can't be opened since {time}", time=time)
    elif trouble is None or trouble.code in SILENT:
        fact = _("The hall's server has not answered since {time}", time=time)
        return fact, _("Reconnecting by itself. This shows {time}.", time=time)
    else:
        fact = say(trouble)
    return fact, _("Retrying. This shows {time}.", time=time)


def away_line(feed: HallFeed, since: datetime) -> str:
    """Return both in one line, for a screen that customers see too."""
    time, code = time_hm(since), feed.trouble.code if feed.trouble is not None else ""
    if code == "pc_withdrawn":
        return _("This PC has not been allowed to use the hall since {time}. This shows {time}.", time=time)
    if code == "hall_moved":
        return _("The hall works on a server since {time}. This shows {time}.", time=time)
    if code == "database_newer":
        return _("A newer QueueDesk works with this hall since {time}. This shows {time}.", time=time)
    if code in ("clock_ahead", "cannot_follow"):
        return _("No news since {time}: please ask at the front desk.", time=time)
    if feed.is_shared:
        return _("The hall's server has not answered since {time}; reconnecting. This shows {time}.", time=time)
    return _("The hall's file can't be opened since {time}; retrying. This shows {time}.", time=time)
