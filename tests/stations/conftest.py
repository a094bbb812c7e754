"""A hall and windows over it, for what is round every station."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from queuedesk import i18n
from queuedesk.app.station.program import collect_due_garbage_generation
from queuedesk.app.station.wiring import page_builder_and_roles
from queuedesk.core.network.roles import Actor
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext, WorkLanes
from queuedesk.stations.window.frame import Preferences, StationPage
from queuedesk.stations.window.shell import StationWindow
from queuedesk.stations.window.style import LIGHT, Look, Theme, apply_look_to_app, load_fonts
from tests.every_day import SEES_ALL
from tests.hall import Hall, hall_of, make_hall
from tests.stations.pages import GUIDES, Page, undrawn
from tests.stations.seen import story  # noqa: F401
from tests.stations.shapes import PARTS, SHAPES, by_language, language_of
from tests.three_halls import CLINIC, POST_OFFICE, POWER, THREE, Kind


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `shapes`, in which a page is looked at: all in one test, or each in one of its own where there are many. A
    module may have its own PARTS of them, or have its pages made IN_EACH_LANGUAGE. With `kind` each shape is looked at
    in one of the three kinds of hall."""
    if "shapes" in metafunc.fixturenames:
        if "kind" in metafunc.fixturenames:
            every = [(kind, part) for kind in THREE for part in (PARTS if SEES_ALL else [_shapes_in(kind, SHAPES)])]
            ids = [f"{kind.name}, {next(iter(part))}" for kind, part in every]
            metafunc.parametrize(("kind", "shapes"), every, ids=ids)
        else:
            parts = getattr(metafunc.module, "PARTS", PARTS)
            ids = [next(iter(part)) if SEES_ALL else "" for part in parts]
            if getattr(metafunc.module, "IN_EACH_LANGUAGE", False):
                parts = by_language(parts)
                ids = [f"{next(iter(part)) if SEES_ALL else ''} {language_of(part)}".strip() for part in parts]
            metafunc.parametrize("shapes", parts, ids=ids)


def _shapes_in(kind: Kind, shapes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shape that a walk over all pages looks at in a kind of hall: the usual window in the colours of the
    roomiest, and of the largest letters the wider window in the language that the narrower one does not speak. A narrow
    window with usual letters has more room than both of these."""
    usual, narrower, wider = shapes["1366x768"], shapes["1024x768, 150 %"], shapes["150 %"]
    left = tuple(lang for lang in wider.languages if lang not in narrower.languages)
    own = {
        CLINIC.name: {"1366x768": replace(usual, theme=shapes["1920x1080, high contrast"].theme)},
        POST_OFFICE.name: {"1024x768, 150 %": narrower},
        POWER.name: {"150 %": replace(wider, languages=left)},
    }
    return own[kind.name]


Made = Callable[[StationContext], StationPage]


@pytest.fixture(autouse=True)
def swept(qapp) -> Iterator[None]:
    """Have the program's own letters, as how wide a text is is kept, and let a test's windows go before the next: they
    would be dressed anew. What lies in a circle goes on this thread alone: another would take it apart while drawn."""
    load_fonts()
    gc.disable()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    collect_due_garbage_generation()


@pytest.fixture
def hall(tmp_path, request):
    return hall_of(request, tmp_path, make_hall)


@pytest.fixture
def catch_up(hall: Hall, context: StationContext, qtbot) -> Callable[[], None]:
    def wait() -> None:
        last = hall.length()
        qtbot.waitUntil(lambda: context.feed.state.now.seq >= last)

    return wait


@pytest.fixture
def kept():
    return {}


@pytest.fixture
def opened(hall, kept, qtbot, qapp):
    """Return a function that opens a station's window over the hall; each ends with the test."""
    windows = []
    i18n.choose_language("en")

    def open_(build=Page, roles=GUIDES, name="guide", who=None, follow=False, *, pc="", clock=None) -> StationWindow:
        look = Look(LIGHT)
        apply_look_to_app(qapp, look)
        goes_by = clock or hall.clock
        feed = HallFeed(hall.desk, goes_by)
        context = StationContext(hall.desk, feed, InlineTasks(), look, goes_by, name, who, pc=pc)
        window = StationWindow(context, build, roles, Preferences(kept.__setitem__), chores=clock is not None)
        windows.append((window, feed))
        window.resize(1366, 768)
        window.show()
        if follow:
            window.start()
        return window

    yield open_
    for window, feed in windows:
        window.close_without_asking()
        feed.stop()
        window.deleteLater()


@pytest.fixture
def stand(request, qapp, qtbot) -> Iterator[Callable[..., Any]]:
    """Return what puts a page over the hall, following the log; `build` makes it of a context with `words`."""
    made: list[StationPage] = []

    def put(
        name: str,
        build: Made,
        size: tuple[int, int] = (1366, 768),
        *,
        theme: Theme = LIGHT,
        still: bool = True,
        of: Hall | None = None,
        tasks: WorkLanes | None = None,
        is_drawn: bool = True,
        is_followed: bool = True,
        **words: Any,
    ) -> StationPage:
        look = Look(theme)
        look.still = still
        apply_look_to_app(qapp, look)
        hall = of or request.getfixturevalue("hall")
        feed = HallFeed(hall.desk, hall.clock)
        page = build(StationContext(hall.desk, feed, tasks or InlineTasks(), look, hall.clock, name, **words))
        qtbot.addWidget(page)
        page.resize(*size)
        with nullcontext() if is_drawn else undrawn(page), qtbot.waitExposed(page):
            page.show()
        if is_followed:
            feed.start()
        made.append(page)
        return page

    yield put
    for page in made:
        page.stop()
        page.context.feed.stop()


@pytest.fixture
def open_station(hall: Hall, qapp, qtbot) -> Iterator[Callable[..., StationWindow]]:
    """Return what opens a station's window as people find it; `made` makes its page where a test has its own parts."""
    opened: list[tuple[StationWindow, HallFeed]] = []

    def open_(name: str, options: dict[str, Any], who: Actor | None, made: Made | None = None) -> StationWindow:
        look = Look()
        look.still = True
        if not opened:  # each in its process, where nothing else is dressed
            apply_look_to_app(qapp, look)
        feed = HallFeed(hall.desk, hall.clock)
        context = StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, name, who, options=options)
        build, roles = page_builder_and_roles(name)
        build = made or build
        window = StationWindow(context, build, roles, Preferences(lambda _key, _value: None), chores=False)
        opened.append((window, feed))
        window.resize(*((1920, 120) if name == "line" else (1366, 768)))
        window.show()
        feed.start()
        return window

    yield open_
    for window, feed in opened:
        window.close_without_asking()
        feed.stop()
        window.deleteLater()
