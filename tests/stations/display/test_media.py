"""Pictures and films of the hall's folder: in the order of their names, each its time, and never before a call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtMultimedia import QMediaPlayer

from queuedesk.desk.queue import calling, serving
from queuedesk.stations.display.media import MediaFile, media_in, read_picture
from queuedesk.stations.display.slides import UNPLAYABLE, woven
from queuedesk.stations.display.texts import SlideText
from queuedesk.stations.window.services import Services
from scripts.bench.films import make_film, make_picture
from tests.bounded import Stopwatch
from tests.stations.display.conftest import Display

RED, BLUE, GREEN = "#d01010", "#1010d0", "#10a010"


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "one.mp4", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "media"
    made.mkdir()
    return made


@pytest.fixture
def quiet(make_display: Callable[..., Display], folder: Path) -> Callable[..., Display]:
    """Return a display that has nothing to show but the folder."""

    def make(**options: object) -> Display:
        display = make_display(media_folder=str(folder), **options)
        setup = display.page.controller.setup
        for code in setup.services:
            display.hall.do(
                "set-row", "services", code, {"steps": "", "steps_en": "", "items": [], "fees": "", "fees_en": ""}
            )
        display.follow()
        display.page.slides.look()
        display.until(lambda: not display.page.slides.media.is_reading)
        display.page.tick(display.hall.clock())
        return display

    return make


def centre(display: Display) -> QColor:
    """Return the colour in the middle of the slide's place."""
    rect = display.page.view.layout_now.slide
    assert rect is not None
    return display.page.grab().toImage().pixelColor(rect.center().toPoint())


def shows(display: Display, name: str) -> bool:
    slide = display.page.view.slide
    return slide is not None and isinstance(slide.slide, MediaFile) and slide.slide.name == name


def test_only_pictures_and_films_and_in_the_order_of_their_names(folder: Path) -> None:
    for name in ("b.JPG", "A.png", "c.mp4", "d.webm", "e.webp", "f.txt", ".g.png", "h.docx"):
        (folder / name).write_bytes(b"-")

    assert [file.name for file in media_in(str(folder))] == ["A.png", "b.JPG", "c.mp4", "d.webm", "e.webp"]
    assert [file.is_film for file in media_in(str(folder))] == [False, False, True, True, False]
    assert media_in(str(folder / "nowhere")) == []


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_a_picture_is_read_no_larger_than_its_room(folder: Path, ending: str) -> None:
    path = make_picture(folder / f"large.{ending}", RED, 1200, 600)

    assert read_picture(str(path), (900, 900)).size() == QSize(900, 450)
    assert read_picture(str(path), (4000, 4000)).size() == QSize(1200, 600)


@pytest.mark.parametrize(
    ("texts", "files", "row"),
    [(0, 2, "01"), (2, 0, "ab"), (2, 2, "a0b1"), (4, 1, "ab0cd"), (1, 3, "0a12"), (3, 2, "a0b1c")],
)
def test_words_and_files_are_spread_evenly(texts: int, files: int, row: str) -> None:
    words = [SlideText(name, "") for name in "abcd"[:texts]]
    shown = woven(words, [MediaFile(f"{n}.png", 0, 0) for n in range(files)])

    assert "".join(each.name[0] if isinstance(each, MediaFile) else each.service for each in shown) == row


def test_pictures_take_turns_every_10_seconds(quiet: Callable[..., Display], folder: Path) -> None:
    make_picture(folder / "1.png", RED)
    make_picture(folder / "2.jpg", BLUE)
    display = quiet()
    display.until(lambda: shows(display, "1.png"))
    first = centre(display).name()
    display.hall.clock.move(seconds=9)
    display.page.tick(display.hall.clock())
    assert shows(display, "1.png")
    display.hall.clock.move(seconds=1)
    display.page.tick(display.hall.clock())
    display.until(lambda: shows(display, "2.jpg"))

    assert first == RED
    assert centre(display).blue() > 200
    assert centre(display).red() < 40


def test_what_can_t_be_shown_is_left_out_and_told(quiet: Callable[..., Display], folder: Path) -> None:
    told: list[str | None] = []
    (folder / "1.png").write_bytes(b"no picture at all")
    (folder / "2.mp4").write_bytes(b"no film at all" * 500)
    make_picture(folder / "3.png", GREEN)
    display = quiet(services=Services(report_media=told.append))
    display.until(lambda: shows(display, "3.png"))

    assert centre(display).name() == GREEN
    assert told == [None, UNPLAYABLE]
    assert display.page.slides.unfit_names() == ["1.png", "2.mp4"]
    assert [entry.text for entry in display.page.menu_entries()[1:]] == [
        "Can't be shown: 1.png",
        "Can't be shown: 2.mp4",
    ]

    make_picture(folder / "1.png", RED)
    (folder / "2.mp4").unlink()
    display.page.slides.look()
    display.until(lambda: told[-1] is None)
    assert display.page.slides.unfit_names() == []


@pytest.mark.parametrize(("chosen", "told"), [(True, ["no_folder", None]), (False, [None])])
def test_a_folder_that_somebody_chose_and_that_is_gone_is_told(
    make_display: Callable[..., Display], folder: Path, chosen: bool, told: list[str | None]
) -> None:
    said: list[str | None] = []
    where = folder / "later"
    display = make_display(media_folder=str(where), media_chosen=chosen, services=Services(report_media=said.append))
    for step in ("missing", "made"):
        if step == "made":
            where.mkdir()
        display.page.slides.look()
        display.until(lambda: not display.page.slides.media.is_reading)

    assert said == told


def test_a_folder_that_can_t_even_be_asked_for_is_looked_at_again(
    make_display: Callable[..., Display], folder: Path
) -> None:
    """A server that fell away answers with errors of its own; the folder is there again when it is."""
    said: list[str | None] = []
    way = folder / "way"
    way.symlink_to("x" * 4000 + "/" + "y" * 90)  # asking where it leads is an error
    display = make_display(media_folder=str(way), media_chosen=True, services=Services(report_media=said.append))
    display.page.slides.look()
    display.until(lambda: not display.page.slides.media.is_reading)
    assert said == ["no_folder"]

    way.unlink()
    way.mkdir()
    display.page.slides.look()
    display.until(lambda: not display.page.slides.media.is_reading)
    assert said == ["no_folder", None]


def test_a_film_plays_to_its_end_and_then_the_next_comes(
    quiet: Callable[..., Display], folder: Path, film: Path
) -> None:
    (folder / "1.mp4").write_bytes(film.read_bytes())
    make_picture(folder / "2.png", GREEN)
    display = quiet()
    display.until(lambda: shows(display, "1.mp4"))
    seen = {centre(display).hue() // 40}
    began = monotonic()

    def ended() -> bool:
        seen.add(centre(display).hue() // 40)
        return shows(display, "2.png")

    with Stopwatch() as took:
        display.until(ended)

    assert monotonic() - began > 0.4
    assert took.s < 5
    assert len(seen) >= 3, "its picture moved"


def test_one_film_alone_begins_again_and_a_call_comes_before_it_within_a_second(
    quiet: Callable[..., Display], folder: Path, film: Path
) -> None:
    (folder / "1.mp4").write_bytes(film.read_bytes())
    display = quiet()
    display.until(lambda: shows(display, "1.mp4"))
    media = display.page.slides.media
    ends: list[bool] = []
    media.ended.connect(lambda: ends.append(True))

    display.until(lambda: len(ends) >= 2)
    assert shows(display, "1.mp4")

    display.hall.queue("A")
    with Stopwatch() as took:
        display.hall.call("1")
        display.until(lambda: bool(display.shown))
    held_at = media.findChild(QMediaPlayer).position()
    assert took.s < 1
    assert display.page.view.slide is None
    calling.start(display.hall.desk, display.hall.ask(), "1")
    serving.finish(display.hall.desk, display.hall.ask(), "1")
    display.follow()
    display.page.tick(display.hall.clock())
    assert display.page.view.slide is None, "not within the minute after a call"
    display.hall.clock.move(minutes=2)
    display.page.tick(display.hall.clock())
    assert shows(display, "1.mp4")
    assert media.findChild(QMediaPlayer).position() >= held_at, "the film goes on"


def test_a_day_of_pictures_takes_no_more_memory_than_one(quiet: Callable[..., Display], folder: Path) -> None:
    for number in range(5):
        make_picture(folder / f"{number}.png", QColor.fromHsv(number * 60, 200, 200).name(), 1000, 800)
    display = quiet()

    def turn() -> None:
        before = display.page.view.slide
        display.hall.clock.move(seconds=10)
        display.page.tick(display.hall.clock())
        display.until(lambda: display.page.view.slide not in (None, before))

    for _first in range(10):
        turn()
    before = resident_kb()
    for _later in range(20):
        turn()

    assert resident_kb() - before < 20_000


def resident_kb() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
