"""What the next half hour will bring, in a sentence or two."""

from __future__ import annotations

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.core.waits.arrival_forecast import DayForecast, expected
from queuedesk.i18n import _, figure_range, n_
from queuedesk.i18n.names import letter_of
from queuedesk.stations.lobby.board import SoonText

SPAN_MIN = 30
LEAST_NAMED = 2
MORE, FEWER = 1.4, 0.6
MIDNIGHT = 24 * 60


def soon_text(setup: Setup, day: DayForecast, minute: int) -> SoonText | None:
    """Return who is expected within half an hour of `minute`, and whether many more or fewer come afterwards; None near
    midnight."""
    until = minute + SPAN_MIN
    here = expected(day, minute, until)
    if here is None or until + SPAN_MIN >= MIDNIGHT:
        return None
    n = round(here.mean)
    if not here.high:
        return SoonText(
            title=_("The next half hour"), second=_("Nobody more is expected until {time}.", time=clock_text(until))
        )
    sentences = [
        n_(
            "Until {time} about {n} more person ({range}).",
            "Until {time} about {n} more people ({range}).",
            n,
            time=clock_text(until),
            range=figure_range(here.low, here.high),
        )
    ]
    means = {code: one.mean for code in setup.services if (one := expected(day, minute, until, [code])) is not None}
    most = max(means, key=means.__getitem__)
    if len(means) > 1 and round(means[most]) >= LEAST_NAMED:
        sentences.append(_("Of these about {n} for {letter}.", n=round(means[most]), letter=letter_of(setup, most)))
    after = expected(day, until, until + SPAN_MIN)
    if after is not None and here.mean >= 1 and after.mean <= FEWER * here.mean:
        sentences.append(_("Fewer come after {time}.", time=clock_text(until)))
    elif after is not None and after.mean >= 1 and after.mean >= MORE * here.mean:
        sentences.append(_("More come after {time}.", time=clock_text(until)))
    second = sentences[0]
    for sentence in sentences[1:]:
        second = _("{one} {two}", context="sentences", one=second, two=sentence)
    return SoonText(title=_("The next half hour"), second=second)
