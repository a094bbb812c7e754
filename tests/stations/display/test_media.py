"""Slides, films and the flash of a call."""

import os
import threading
import weakref
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QColor
from PySide6.QtMultimedia import QMediaPlayer
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.talk.display import interleaved_slides
from queuedesk.desk.talk import devices
from queuedesk.files.reading import MediaFileVersion, media_files_in_folder
from queuedesk.i18n.queue.display_words import DisplayHeadText, SlideText
from queuedesk.stations.display.panels import FLASHES, FLASHES_UNHEARD, HALF_MS, EdgeFlash
from queuedesk.stations.display.station import UNPLAYABLE, MediaFolderReader, read_picture_scaled_down
from queuedesk.stations.window.context import StationServices
from queuedesk.stations.window.style import HALL
from queuedesk.watch import are_all_lanes_idle
from scripts.bench.films import make_film, make_picture
from tests.bounded import Stopwatch, until
from tests.desk.stage import only_shown
from tests.stations.display.conftest import Display, voice
from tests.stations.seen import shades

RED, BLUE, GREEN = "#d01010", "#1010d0", "#10a010"
AMBER = QColor(HALL.fresh)


@pytest.fixture(scope="session")
def film(tmp_path_factory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "one.mp4", 1)


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "media"
    made.mkdir()
    return made


@pytest.fixture
def quiet(make_display, folder: Path):
    """Return a display that has nothing to show but the folder."""

    def make(**options: object) -> Display:
        display = make_display(media_folder=str(folder), **options)
        nothing = {"steps": "", "steps_en": "", "items": [], "fees": "", "fees_en": ""}
        for code in display.page.controller.setup.services:
            display.meanwhile("set-row", "services", code, nothing)
        look(display)
        display.page.tick(display.hall.clock())
        return display

    return make


def look(display: Display) -> None:
    display.page.slides.read_media_folder()
    display.until(lambda: not display.page.slides.media.is_reading)


def centre(display: Display) -> QColor:
    rect = display.page.view.up_to_date_layout.slide
    assert rect is not None
    return display.page.grab().toImage().pixelColor(rect.center().toPoint())


def shows(display: Display, name: str) -> bool:
    slide = display.page.view.slide
    return slide is not None and isinstance(slide.slide, MediaFileVersion) and slide.slide.file_name == name


def test_only_pictures_and_films_and_in_the_order_of_their_names_spread_evenly_among_words(folder: Path) -> None:
    for name in ("b.JPG", "A.png", "c.mp4", "d.webm", "e.webp", "f.txt", ".g.png", "h.docx"):
        (folder / name).write_bytes(b"-")
    found = [(file.file_name, file.is_film) for file in media_files_in_folder(str(folder))]
    assert [name for name, _is_film in found] == ["A.png", "b.JPG", "c.mp4", "d.webm", "e.webp"]
    assert [is_film for _name, is_film in found] == [False, False, True, True, False]
    assert media_files_in_folder(str(folder / "nowhere")) == []
    for ending in ("png", "jpg", "webp"):
        path = make_picture(folder / f"large.{ending}", RED, 1200, 600)
        assert read_picture_scaled_down(str(path), (900, 900)).size() == QSize(900, 450), "no larger than its room"
        assert read_picture_scaled_down(str(path), (4000, 4000)).size() == QSize(1200, 600)
    for texts, files, row in ((0, 2, "01"), (2, 0, "ab"), (2, 2, "a0b1"), (4, 1, "ab0cd"), (1, 3, "0a12")):
        words = [SlideText(name, "") for name in "abcd"[:texts]]
        shown = interleaved_slides(words, [MediaFileVersion(f"{n}.png", 0, 0) for n in range(files)])
        assert (
            "".join(each.file_name[0] if isinstance(each, MediaFileVersion) else each.service for each in shown) == row
        )


def test_what_can_t_be_shown_is_left_out_and_told(quiet, folder: Path) -> None:
    told: list[str | None] = []
    (folder / "1.png").write_bytes(b"no picture at all")
    (folder / "2.mp4").write_bytes(b"no film at all" * 500)
    make_picture(folder / "3.png", GREEN)
    display = quiet(services=StationServices(report_media=told.append))
    display.until(lambda: shows(display, "3.png"))
    assert (centre(display).name(), told) == (GREEN, [None, UNPLAYABLE])
    assert display.page.slides.unshowable_file_names() == ["1.png", "2.mp4"]
    entries = [entry.text for entry in display.page.menu_entries()[1:]]
    assert entries == ["Can't be shown: 1.png", "Can't be shown: 2.mp4"]
    make_picture(folder / "1.png", RED)
    (folder / "2.mp4").unlink()
    display.page.slides.read_media_folder()
    display.until(lambda: told[-1] is None)
    assert display.page.slides.unshowable_file_names() == []


def test_a_server_that_answers_late_finds_nobody_and_holds_nothing_of_a_display_that_has_gone(
    tmp_path: Path, qapp, monkeypatch
) -> None:
    bugs: list[object] = []
    monkeypatch.setattr(threading, "excepthook", bugs.append)
    pipe = tmp_path / "1.png"
    os.mkfifo(pipe)
    server = os.open(pipe, os.O_RDWR)  # It has not answered yet.
    media = MediaFolderReader(str(tmp_path))
    media.start_or_resume_file(MediaFileVersion(str(pipe), 1, 1), QSize(100, 100))
    left = weakref.ref(media)
    delete(media)
    del media
    assert left() is None, "the thread would be the last to let it go"
    os.write(server, b"no picture")
    os.close(server)
    until(are_all_lanes_idle)
    assert bugs == []


@pytest.mark.parametrize("is_dead", [False, True])
def test_a_folder_that_was_chosen_and_is_gone_is_told_and_looked_at_again(make_display, folder, is_dead):
    """A server that fell away answers with errors of its own; the folder is there again when it is."""
    way, told = folder / "way", {True: list[str | None](), False: list[str | None]()}
    if is_dead:
        way.symlink_to("x" * 4000 + "/" + "y" * 90)  # asking where it leads is an error
    displays = [
        make_display(media_folder=str(way), media_chosen=chosen, services=StationServices(report_media=said.append))
        for chosen, said in told.items()
    ]
    for display in displays:
        look(display)
    way.unlink(missing_ok=True)
    way.mkdir()
    for display in displays:
        look(display)
    assert told == {True: ["no_folder", None], False: [None]}


def test_a_film_plays_to_its_end_again_where_it_is_alone_and_a_call_comes_before_it_at_once(quiet, folder, film):
    (folder / "1.mp4").write_bytes(film.read_bytes())
    make_picture(folder / "2.png", GREEN)
    display = quiet()
    media, view = display.page.slides.media, display.page.view
    ends: list[bool] = []
    media.ended.connect(lambda: ends.append(True))
    display.until(lambda: shows(display, "1.mp4"))
    with Stopwatch() as took:
        display.until(lambda: shows(display, "2.png"))
    assert took.s < 5
    assert ends == [True], "it was not cut short"
    (folder / "2.png").unlink()
    look(display)
    display.pass_time(seconds=10)
    seen: set[int] = set()

    def has_moved() -> bool:
        """Whether its picture was seen in several colours; a busy machine draws few of them each time."""
        if shows(display, "1.mp4"):
            seen.add(centre(display).hue() // 40)
        return len(seen) >= 3

    display.until(has_moved)
    ends.clear()
    display.until(lambda: bool(ends))
    display.hall.queue("A")
    display.until(lambda: shows(display, "1.mp4") and media.findChild(QMediaPlayer).position() > 0)
    with Stopwatch() as took:
        display.hall.call("1")
        display.until(lambda: bool(display.shown))
    held_at = media.findChild(QMediaPlayer).position()
    assert took.s < 1
    assert view.slide is None
    display.play("start 1", "finish 1")
    display.pass_time()
    assert view.slide is None, "not within the minute after a call"
    display.pass_time(minutes=2)
    display.until(lambda: shows(display, "1.mp4"))  # not yet there where it had ended as the call came
    assert media.findChild(QMediaPlayer).position() >= held_at, "the film goes on"


def resident_kb() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_pictures_take_turns_every_10_seconds_and_a_day_of_them_takes_no_more_memory_than_one(quiet, folder) -> None:
    colours = [QColor.fromHsv(number * 60, 200, 200).name() for number in range(5)]
    for number, colour in enumerate(colours):
        make_picture(folder / f"{number}.png", colour, 1000, 800)
    display = quiet()
    display.until(lambda: shows(display, "0.png"))
    assert centre(display).name() == colours[0]
    display.pass_time(seconds=9)
    display.until(are_all_lanes_idle)
    QApplication.processEvents()
    assert shows(display, "0.png")
    display.pass_time(seconds=1)
    display.until(lambda: shows(display, "1.png"))
    assert centre(display).name() == colours[1]

    def turn() -> None:
        before = display.page.view.slide
        display.pass_time(seconds=10)
        display.until(lambda: display.page.view.slide not in (None, before))

    for _first in range(10):
        turn()
    before = resident_kb()
    for _later in range(20):
        turn()
    assert resident_kb() - before < 20_000


def edge_is_amber(display: Display) -> bool:
    picture = display.picture()
    return all(picture.pixelColor(*at) == AMBER for at in ((4, 500), (1915, 500), (900, 4), (900, 1075)))


def step(flash: EdgeFlash) -> None:
    flash.findChild(QTimer).timeout.emit()


def flashes_left(flash: EdgeFlash) -> int:
    lit = [flash.is_edge_lit]
    while flash.is_running:
        step(flash)
        lit.append(flash.is_edge_lit)
    return sum(was and not now for was, now in pairwise(lit))


def test_it_flashes_so_often_never_faster_than_3_hz_and_a_stronger_one_is_not_cut_short(qapp) -> None:
    for heard, flashes in ((True, FLASHES), (False, FLASHES_UNHEARD)):
        flash = EdgeFlash(still=False)
        flash.start(heard=heard)
        assert flashes_left(flash) == flashes
    assert 1000 / (2 * HALF_MS) <= 3
    flash.start(heard=False)
    thick = flash.width_px
    flash.start(heard=True)
    assert (flash.width_px, flashes_left(flash)) == (thick, FLASHES_UNHEARD)


def test_still_means_a_steady_edge_and_a_fresh_row_has_a_sign_and_a_word(display: Display) -> None:
    def signs() -> tuple[str, str]:
        row = display.page.view.all_call_rows()[0]
        return row.tag, row.icon

    display.call("1")
    assert signs() == ("Now calling", "speaker")
    flash = display.page.view.flash
    for _half in range(2 * FLASHES - 1):
        assert flash.is_edge_lit
        step(flash)
    assert flash.is_edge_lit and edge_is_amber(display)
    step(flash)
    assert not edge_is_amber(display)
    display.play("recall 1")
    assert signs() == ("Called again", "speaker")
    display.pass_time(seconds=20)
    assert signs() == ("", "")


@pytest.mark.parametrize("layout", ["standard", "calls", "zones", "order", "portrait"])
def test_a_flash_covers_nothing_that_is_to_be_read(make_display, layout: str) -> None:
    display = make_display(layout=layout, slides=False)
    view = display.page.view
    if layout == "portrait":
        display.page.resize(1080, 1920)
    display.hall.queue("B")
    display.call("1")
    view.flash.stop()
    told = ("Friday 20 November", "10:30", "No sound: please watch this screen")
    view.set_head(DisplayHeadText("Maple Street Clinic", *told))
    before = display.page.grab().toImage()
    view.flash.start(heard=False)
    was, lit = shades(before), shades(display.page.grab().toImage())
    is_lit = was != lit
    is_lit[50:, 50:] = False  # the edges above and at the left, where words begin
    assert is_lit.any()
    assert set(was[is_lit].tolist()) == {was[1, 1]}


def test_a_call_that_turns_out_silent_flashes_again(make_display) -> None:
    status = [voice()]
    display = make_display(services=StationServices(voice_status=lambda: status[-1]))
    switched_off = make_display(flash=False)
    display.call("1")
    switched_off.follow()
    flash = display.page.view.flash
    assert flash.is_running and not switched_off.page.view.flash.is_running, "a hall may switch it off"
    status.append(voice(7, last=False))
    for flashes in (True, False):
        flash.stop()
        display.pass_time()
        assert flash.is_running is flashes, "once for each call"
        assert not flashes or flash.width_px > EdgeFlash(still=False).width_px


def test_no_sound_is_said_until_there_is_some_but_not_where_a_display_never_was_heard(make_display) -> None:
    status = [voice(last=False)]
    display = make_display(services=StationServices(voice_status=lambda: status[-1]))
    hall, view = display.hall, display.page.view
    assert view.head.badge == ""
    for window, causes in (("1", ["no_sound"]), ("2", [None, "no_sound"])):
        for cause in causes:
            devices.record_device_state(hall.desk, hall.ask(actor_of_station("display")), "voice", "display", cause)
            hall.clock.move(seconds=1)
        if window == "2":
            display.follow()
            for now, badge in ((voice(last=False), "No sound: please watch this screen"), (voice(), "")):
                status.append(now)
                display.pass_time(minutes=1)
                assert view.head.badge == badge
            status.append(voice(last=False))
            only_shown(hall)
        display.call(window)
        display.pass_time()
        assert (view.head.badge, view.all_call_rows()[0].icon) == ("", "bell")
    assert view.flash.width_px > EdgeFlash(still=False).width_px, "nobody hears it"
