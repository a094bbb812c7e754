"""Every page of the manager, first thing after it was opened, at the sizes it is used in: nothing is cut but names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from queuedesk import i18n
from queuedesk.app.services.sounds import Sounds
from queuedesk.app.station.wiring import station_services
from queuedesk.stations.manager.pages import REPORTS, SETUP, WAITS
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Scale
from tests.hall import ADMIN, Hall
from tests.stations.manager.conftest import Office, Paper
from tests.stations.whole_words import cut_in, outside, settled

STILL_CUT = {("150%", "setup settings")}
"""Where the largest letters still cut a word: a choice among the rules."""
SIZES = {"1024x768": (1024, 768, 100), "1366x768": (1366, 768, 100), "150%": (1366, 768, 150)}


@pytest.fixture
def context(hall: Hall, context: StationContext, paper: Paper) -> Iterator[StationContext]:
    sounds = Sounds(on=False)
    lent = station_services(hall.desk, hall.clock, sounds, is_manager=True)
    given = {part.name: value for part in fields(lent) if (value := getattr(paper.services(), part.name)) is not None}
    paper.draw_sample = lent.paper.draw_sample  # type: ignore[method-assign]
    context.services = replace(lent, **given)
    yield context
    sounds.stop()


def each_page(office: Office) -> Iterator[str]:
    """Open one page after the other; yield which is in front."""
    view = office.page
    for key, _icon, _word in view.stack.entries():
        view.open_page(key)
        section = {WAITS: view.waits, REPORTS: view.reports}.get(key)
        if key == SETUP:
            for part in view.setup_page.own.parts():
                view.setup_page.open_part(part)
                yield f"{key} {part}"
        elif section is not None:
            for tab, _i, _w in section.pages.entries():
                section.open_tab(tab)
                yield f"{key} {tab}"
        else:
            yield key


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_nothing_is_cut_on_any_page(lang: str, open_office, context: StationContext) -> None:
    i18n.use(lang)
    office = open_office(ADMIN)
    found = {}
    for size, (width, height, pct) in SIZES.items():
        context.look.set_scale(Scale.staff(width, height, pct))
        office.page.resize(width, height)
        for name in each_page(office):
            office.page.resize(width, height)
            settled()
            if (size, name) in STILL_CUT:
                continue
            trouble = cut_in(office.page, context.feed.setup) + outside(office.page)
            if trouble:
                found[size, name] = trouble
    assert found == {}
