"""A page that is open takes every shape and both languages, on a PC without a printer: nothing is cut, nothing moves.
On each screen and with all that a hall may switch on, tests/stations/kiosk/test_every_page.py opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from queuedesk.stations.window.style import CONTRAST, LIGHT
from tests.every_day import SEES_ALL
from tests.hall import Hall
from tests.stations.kiosk.conftest import Kiosk
from tests.stations.shapes import SHAPES, SIZES, Shape, shapes_of
from tests.stations.whole_words import Sights, typed_words

KIOSKS = (
    shapes_of([(1080, 1920), *SIZES], themes=[LIGHT, CONTRAST])
    if SEES_ALL
    else {
        "upright": Shape(1080, 1920),
        "1024x768": Shape(1024, 768, theme=CONTRAST),
        "1366x768": SHAPES["1366x768"],
    }
)


def without_a_printer(kiosk: Kiosk) -> Iterator[str]:
    """Lead through what has no key to print, on a PC without a printer."""
    kiosk.side("where")
    yield "where"
    kiosk.pad("A001")
    yield "where, found"
    kiosk.does.home()
    kiosk.side("info")
    for _row in range(2):
        kiosk.touch(kiosk.view.search.rows[1])
    yield "info"
    kiosk.does.home()
    kiosk.service("A")
    yield "ticket"


@pytest.fixture
def sights(make_kiosk: Callable[..., Kiosk], hall: Hall) -> tuple[Kiosk, Sights]:
    kiosk = make_kiosk(hall, printer=False)
    context = kiosk.page.context
    return kiosk, Sights(kiosk.page, context.look, typed_words(context.feed.setup), KIOSKS)


def test_every_page_is_whole_without_a_printer(sights: tuple[Kiosk, Sights]) -> None:
    kiosk, looks = sights
    for name in without_a_printer(kiosk):
        looks.take(name)
    looks.must_be_whole()


def test_a_hall_that_is_away_moves_nothing(sights: tuple[Kiosk, Sights]) -> None:
    kiosk, looks = sights
    away = kiosk.page.show_away
    looks.take_message("greeting, away", partial(away, kiosk.hall.clock()), partial(away, None))
    looks.must_be_whole()
