"""Every page that a customer can stand before, in every shape and in both languages: nothing is cut, nothing moves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.window.style import CONTRAST, LIGHT
from tests.hall import Hall
from tests.stations.kiosk.conftest import Kiosk
from tests.stations.kiosk.walk import pages
from tests.stations.whole_words import SEES_ALL, SHAPES, SIZES, Shape, Sights, shapes_of, typed_words

KIOSKS = (
    shapes_of([(1080, 1920), *SIZES], themes=[LIGHT, CONTRAST])
    if SEES_ALL
    else {
        "upright": Shape(1080, 1920),
        "1024x768": Shape(1024, 768, theme=CONTRAST),
        "1366x768": SHAPES["1366x768"],
    }
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_whole(make_kiosk: Callable[..., Kiosk], hall: Hall, lang: str) -> None:
    i18n.use(lang)
    kiosk = make_kiosk(hall)
    context = kiosk.page.context
    sights = Sights(kiosk.page, context.look, typed_words(context.feed.setup), KIOSKS)
    if lang == LANGUAGES[-1]:
        away = kiosk.page.show_away
        sights.take_message("greeting, away", partial(away, hall.clock()), partial(away, None))
    i18n.use(lang)
    for name in pages(kiosk):
        for shape, form in KIOSKS.items():
            if lang in form.languages:
                sights.take_in(name, shape, lang)
    sights.must_be_whole()
