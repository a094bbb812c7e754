"""A page that is open takes every shape and both languages, on a PC without a printer: nothing is cut, nothing moves.
On each screen and with all that a hall may switch on, tests/stations/kiosk/test_every_page.py opens them."""

from collections.abc import Callable, Iterator
from functools import partial

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


def test_every_page_is_whole_without_a_printer_and_a_hall_that_is_away_moves_nothing(
    make_kiosk: Callable[..., Kiosk], hall: Hall
) -> None:
    kiosk = make_kiosk(hall, printer=False, voice=True)
    page, away = kiosk.page, kiosk.page.show_away
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), KIOSKS)
    sights.take_message("greeting, away", partial(away, hall.clock()), partial(away, None))
    for name in without_a_printer(kiosk):
        sights.take(name)
    sights.must_be_whole()
