"""Every page of the manager, first thing after it was opened, at the sizes it is used in: nothing is cut but names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from queuedesk.app.services.sounds import Sounds
from queuedesk.app.station.wiring import station_services
from queuedesk.stations.manager.pages import REPORTS, SETUP, WAITS
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, Hall
from tests.stations.manager.conftest import Office, Paper
from tests.stations.whole_words import SHAPES, Sights, typed_words


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


def test_every_page_is_whole(open_office, context: StationContext) -> None:
    office = open_office(ADMIN)
    sights = Sights(office.page, context.look, typed_words(context.feed.setup))
    for shape, form in SHAPES.items():
        for lang in form.languages:
            sights.put(shape)
            for name in each_page(office):
                sights.take_in(name, shape, lang)
    sights.must_be_whole()
