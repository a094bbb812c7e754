"""What not every hall or every PC has, in every shape and in both languages: nothing is cut, nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.window.style import CONTRAST, LIGHT
from tests.every_day import SEES_ALL
from tests.hall import Hall
from tests.stations.kiosk.conftest import Kiosk
from tests.stations.kiosk.walk import where_the_hall_wants_it
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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_whole_without_a_printer(make_kiosk: Callable[..., Kiosk], hall: Hall, lang: str) -> None:
    i18n.use(lang)
    kiosk = make_kiosk(hall, printer=False)
    context = kiosk.page.context
    sights = Sights(kiosk.page, context.look, typed_words(context.feed.setup), KIOSKS)
    for name in without_a_printer(kiosk):
        for shape, form in KIOSKS.items():
            if lang in form.languages:
                sights.take_in(name, shape, lang)
    sights.must_be_whole()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_hall_has_to_switch_on_is_whole(make_kiosk: Callable[..., Kiosk], hall: Hall, lang: str) -> None:
    i18n.use(lang)
    kiosk = make_kiosk(hall)
    context = kiosk.page.context
    sights = Sights(kiosk.page, context.look, typed_words(context.feed.setup), KIOSKS)
    if lang == LANGUAGES[-1]:
        away = kiosk.page.show_away
        sights.take_message("greeting, away", partial(away, hall.clock()), partial(away, None))
    i18n.use(lang)
    for name in where_the_hall_wants_it(kiosk):
        for shape in sights.in_turn(KIOSKS):
            if lang in KIOSKS[shape].languages:
                sights.take_in(name, shape, lang)
    sights.must_be_whole()
