"""Every stage of the rating, at a window and at the exit: nothing is cut, nothing moves while its message comes."""

from collections.abc import Callable
from functools import partial

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.desk.talk import devices
from queuedesk.stations.acts.written_talk import CounterEnd
from queuedesk.stations.rating.controller import Stage
from queuedesk.stations.rating.exit_page import ExitPage
from queuedesk.stations.rating.view import HEIGHT, WIDTH
from queuedesk.stations.window.style import Scale
from tests.stations.rating.conftest import Screen
from tests.stations.rating.test_answers import join
from tests.stations.rating.test_exit import STAGES
from tests.stations.shapes import ON_CANVAS
from tests.stations.whole_words import Sights, settled, typed_words


def test_written_talk_is_whole(serving: Screen, clerk: CounterEnd) -> None:
    page = join(serving, clerk)
    clerk.write("请问您带了上个月的电费单吗？")
    serving.until(lambda: bool(page.talk.lines))
    sights = Sights(page, page.context.look, shapes=ON_CANVAS)
    sights.take("talk")
    sights.must_be_whole()


def test_every_stage_at_a_window_is_whole(screen: Screen) -> None:
    page = screen.page
    screen.serve_out()
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), ON_CANVAS)
    look_at(sights, screen, screen.controller.rest, *STAGES)
    sights.must_be_whole()


def test_what_the_exit_alone_shows_is_whole(make_screen: Callable[..., Screen]) -> None:
    """The pages after a number are those of a window, below another head."""
    screen = make_screen()
    page = screen.page
    screen.serve_out()
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), ON_CANVAS)
    sights.take("without slips")
    devices.report(screen.hall.desk, screen.hall.ask(station("K1")), "printer", "K1", None)
    screen.follow()
    look_at(sights, screen, screen.controller.rest, Stage.ASKING, Stage.WORDS)
    sights.must_be_whole()

    assert isinstance(page, ExitPage)
    pad, cut = page.words_view.keys, []
    for size in ((1024, 768), (1280, 720), (1280, 1024), (1366, 768), (1600, 900), (1920, 1080)):
        page.context.look.set_scale(Scale.canvas(*size, WIDTH, HEIGHT))
        page.resize(*size)
        for lang, nothing in (("en", "Nothing to add"), ("zh_CN", "没有了")):
            i18n.use(lang)
            page.retranslate()
            settled()
            beside = page.words_view.none_button.geometry()
            fits = pad.geometry().bottom() < beside.top() and page.words_view.rect().contains(beside)
            cut += [(lang, size) for key in pad.keys.values() if not (fits and pad.rect().contains(key.geometry()))][:1]
            assert page.words_view.none_button.text() == nothing
    assert cut == []


def look_at(sights: Sights, screen: Screen, *stages: Stage) -> None:
    """Look at these stages in every shape, and at each while the hall is away."""
    away = screen.page.show_away
    for stage in stages:
        screen.controller.show_stage(stage)
        sights.take(str(stage))
        sights.take_message(f"{stage}, away", partial(away, screen.hall.clock()), partial(away, None))
