"""The demo as a person meets it: a folder with a whole day in it, drawn by the stations themselves."""

from __future__ import annotations

import json
import wave
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from queuedesk.app.this_pc import showing
from queuedesk.core.errors import RuleError
from queuedesk.core.queue.appointment import Booked
from queuedesk.core.setup.hall import HallSpec, Words
from queuedesk.core.setup.rows import languages
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.demo_hall import commands
from queuedesk.features.demo_hall.verbs import halls
from queuedesk.features.demo_hall.verbs.busy_day import BusyDay
from queuedesk.features.indicators.verbs import indicators_of
from queuedesk.i18n import tr
from queuedesk.printing.qr import read_ticket_text
from queuedesk.sim.day import SimulatedDay
from queuedesk.store.engine.database import Database
from queuedesk.voice.engines import Chain
from tests.cli.commands import Batch
from tests.every_day import one_of
from tests.hall import simple_hall
from tests.installed import Installed
from tests.offline import ways

TODAY, NUMBER = date(2040, 2, 29), 1
"""A date that most years lack, with the number of the seed that it is played with: the first gives no busy moment."""
STATIONS = {"home", "guide", "kiosk", "counter", "display", "line", "plate", "rating", "manager"}
HALLS = {"power": (("en", "zh_CN"), "en"), "clinic": (("en",), "zh_CN")}
"""By the preset of a demo: the languages of its hall, of two the one asked for first, and the one that the person who
asks for it uses."""


def usual_list(file: Path, again: Path, preset: str) -> set[str]:
    """Return what a PC with a network and with this one's voices leaves of the same day, played once more into `again`.

    It is the same up to each hash: its slips' letters are no chance either.
    """
    left = Desk(Database.open(file), 1)
    log = looking.events_after(left, 0)
    left.db.dispose()
    day, (spoken, lang) = log[-1].date, HALLS[preset]
    assert day is not None
    desk, playing = halls.new_hall(again, day, weeks=0, lang=lang, preset=preset)
    assert languages(playing.setup) == spoken
    moment = halls.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    assert halls.is_busy(state, moment.at)
    hashes = [event.hash for event in looking.events_after(desk, 0)]
    desk.db.dispose()
    assert len(hashes) > 100
    assert hashes == [event.hash for event in log[: len(hashes)]]
    drawn = {f"{name}-{lang}.png" for name, _words in commands.pictures(state, moment) for lang in spoken}
    tickets = {f"ticket-{one.label}.png" for one in sorted(state.tickets.values(), key=lambda t: t.seq)[-2:]}
    call = next(one for one in reversed(state.calls) if one.window == moment.called)
    with Chain() as chain:
        said = {f"call-{call.label}-{lang}.wav" for lang in chain.available_languages() if lang in spoken}
    return {"hall.sqlite", "day.pdf"} | drawn | tickets | said


def dice(day: SimulatedDay) -> object:
    """Return how the dice of a day lie that is not begun yet: another way for each seed."""
    return day.rng.bit_generator.state


def test_pictures_show_a_busy_moment_whatever_the_date(tmp_path: Path) -> None:
    """Something of everything, in both languages of the hall."""
    desk, playing = halls.new_hall(tmp_path / "hall.sqlite", TODAY, weeks=0)
    alike = [dice(BusyDay(desk, playing.setup, playing.day, seed)) == dice(playing) for seed in halls.SEEDS]
    moment = halls.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    pictures = dict(commands.pictures(state, moment))

    assert [n for n, is_alike in enumerate(alike) if is_alike] == [NUMBER]
    assert halls.is_busy(state, moment.at)
    assert {"counter-serving", "counter-paused", "plate-paused"} < pictures.keys()
    assert any(call.window == moment.called for call in state.calls)
    assert {row["state"] for row in booking.appointments_of(desk, playing.day)} == set(Booked)
    assert [one.key for one in state.devices.values() if not one.is_up] == [("plate", "plate-4")]
    assert {check.passed for check in state.checks} == {True, False}
    assert len({row.indicator.year for row in indicators_of(desk)}) == 3
    two = [(name, pictures[name]) for name in ("counter-paused", "plate-paused")]
    commands.draw(showing, tmp_path, dict.fromkeys(languages(playing.setup), desk), moment, two)
    drawn = {file.name for file in tmp_path.glob("*.png")}
    assert drawn == {f"{name}-{lang}.png" for name, _words in two for lang in ("zh_CN", "en")}
    desk.db.dispose()


@pytest.mark.usefixtures("console")
def test_it_has_the_process_for_itself(batch: Batch) -> None:
    assert [answer["code"] for answer in batch("demo", "demo --weeks 0")] == ["not_in_batch"] * 2


def test_a_demo_never_takes_the_place_of_a_hall(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    before = hall.path.read_bytes()
    with pytest.raises(RuleError, match="own_file"):
        halls.new_hall(hall.path, hall.date)

    assert hall.path.read_bytes() == before


def test_a_post_office_has_a_busy_saturday(tmp_path: Path) -> None:
    desk, playing = halls.new_hall(tmp_path / "hall.sqlite", date(2026, 11, 22), preset="post")
    moment = halls.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    desk.db.dispose()

    assert playing.day == date(2026, 11, 21)
    assert halls.is_busy(state, moment.at)
    assert playing.setup.hall.words == Words(window="counter", ticket="number")


@pytest.mark.journey
@pytest.mark.parametrize("preset", one_of(tuple(HALLS), "clinic"))
def test_a_day_is_left_in_the_folder(installed: Installed, tmp_path: Path, preset: str) -> None:
    """By an installed copy without a screen or a network: the hall, every station's picture in each of the hall's
    languages, tickets, calls and the report, in a language of the hall whatever the person's."""
    folder, (spoken, lang) = tmp_path / "day", HALLS[preset]
    words = ("--lang", lang, "--json", "demo", "--preset", preset, "--weeks", "0", "--out", folder)
    done = installed.run(*words, before=ways()[0], module=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    files = told["files"]

    assert set(files) == usual_list(folder / "hall.sqlite", tmp_path / "again.sqlite", preset)
    for language in spoken:
        drawn = {name.split("-")[0] for name in files if name.endswith(f"-{language}.png")}
        assert drawn >= STATIONS
    for name in files:
        if name.endswith("-en.png"):
            with Image.open(folder / name) as picture:
                assert max(picture.size) >= 1280
                assert len(picture.convert("RGB").resize((64, 36)).getcolors(4096) or []) > 8, f"{name} is empty"
    slips = [name for name in files if name.startswith("ticket-")]
    assert slips
    for name in slips:
        code = zxingcpp.read_barcode(Image.open(folder / name))
        assert code is not None
        read = read_ticket_text(code.text)
        assert read is not None
        assert name == f"ticket-{read.label}.png"
    for name in files:
        if name.endswith(".wav"):
            with wave.open(str(folder / name), "rb") as call:
                assert call.getnframes() > call.getframerate(), f"{name} is no sentence"
    with pypdfium2.PdfDocument(folder / "day.pdf") as report:
        pages = [page.get_textpage().get_text_range() for page in report]
    assert tr("en", "Daily report") in pages[0]
    if preset == "clinic":
        must_be_the_clinic_s(folder, datetime.fromisoformat(told["at"]), "".join(pages))


def must_be_the_clinic_s(folder: Path, at: datetime, report: str) -> None:
    """Assert that a demo is of the clinic's first day, by its own time and in its own words."""
    desk = Desk(Database.open(folder / "hall.sqlite"), 1)
    (day,) = {event.date for event in looking.events_after(desk, 0)}
    desk.db.dispose()
    assert day == at.date()
    assert at.utcoffset() == at.replace(tzinfo=ZoneInfo("Europe/London")).utcoffset()
    assert "3 rooms" in report
    assert "window" not in report.casefold()


def test_a_small_hall_is_drawn_without_the_pages_that_it_does_not_use():
    small = HallSpec(code="A", name="Clinic", features=())

    assert commands.manager_pages(small, "clinic") == [
        *("tickets", "story", "cases", "why", "month", "figures", "on-paper", "notices"),
        *("setup-hall", "setup-services", "setup-windows", "setup-staff", "setup-calendar", "setup-settings"),
    ]
    moment = halls.Moment(at=datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC")), called="1", ended="2")
    drawn = [name for name, _words in commands.further_pictures(moment, Path(), "clinic", small)]
    assert drawn == ["guide-{page}", "counter-{page}", "kiosk-{page}", "rating-{page}", "manager-{page}"]
