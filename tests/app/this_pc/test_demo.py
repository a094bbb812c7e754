"""The demo as a person meets it: a folder with a whole day in it, drawn by the stations themselves."""

from __future__ import annotations

import json
import wave
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.app.this_pc import demo, screenshots
from queuedesk.core.queue.appointment import Booked
from queuedesk.core.setup.hall import Words
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import importing
from queuedesk.desk.queue import booking
from queuedesk.i18n import LANGUAGES, tr
from queuedesk.printing.qr import read_ticket_text
from queuedesk.sim.busy_day import BusyDay
from queuedesk.sim.day import SimulatedDay
from queuedesk.store.engine.database import Database
from queuedesk.voice.engine_process import Chain
from tests.installed import Installed
from tests.offline import ways

DATES = {"2027-07-23": 1, "2028-02-29": 0}
"""The number of the seed each is played with: one whose first gives no busy moment, and one that most years lack."""
STATIONS = {"home", "guide", "kiosk", "counter", "display", "line", "plate", "rating", "manager"}


def usual_list(file: Path, again: Path) -> set[str]:
    """Return what a PC with a network and with this one's voices leaves of the same day, played once more into `again`.

    It is the same up to each hash: its slips' letters are no chance either.
    """
    left = Desk(Database.open(file), 1)
    log = looking.events_after(left, 0)
    left.db.dispose()
    day = log[-1].date
    assert day is not None
    desk, playing = demo.new_hall(again, day, weeks=0, lang="en")
    moment = demo.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    assert demo.is_busy(state, moment.at)
    assert {row["state"] for row in booking.appointments_of(desk, day)} == set(Booked)
    assert [one.key for one in state.devices.values() if not one.is_up] == [("plate", "plate-4")]
    assert {check.passed for check in state.checks} == {True, False}
    assert len({row.indicator.year for row in importing.indicators_of(desk)}) == 3
    hashes = [event.hash for event in looking.events_after(desk, 0)]
    desk.db.dispose()
    assert len(hashes) > 100
    assert hashes == [event.hash for event in log[: len(hashes)]]
    drawn = {f"{name}-{lang}.png" for name, _words in demo.pictures(state, moment) for lang in LANGUAGES}
    tickets = {f"ticket-{one.label}.png" for one in sorted(state.tickets.values(), key=lambda t: t.seq)[-2:]}
    call = next(one for one in reversed(state.calls) if one.window == moment.called)
    with Chain() as chain:
        spoken = {f"call-{call.label}-{lang}.wav" for lang in chain.available_languages()}
    return {"hall.sqlite", "day.pdf"} | drawn | tickets | spoken


def dice(day: SimulatedDay) -> object:
    """Return how the dice of a day lie that is not begun yet: another way for each seed."""
    return day.rng.bit_generator.state


def test_a_window_that_was_drawn_is_not_there_for_the_next(qapp: QApplication) -> None:
    for _picture in range(2):
        window = QWidget()
        window.itself = window  # type: ignore[attr-defined]  # in a circle, as stations' windows are
        QWidget(window)
    del window

    screenshots.clear_away()

    assert QApplication.allWidgets() == []


@pytest.mark.parametrize(("today", "number"), DATES.items())
def test_pictures_show_a_busy_moment_whatever_the_date(tmp_path: Path, today: str, number: int) -> None:
    desk, playing = demo.new_hall(tmp_path / "hall.sqlite", date.fromisoformat(today), weeks=0)
    alike = [dice(BusyDay(desk, playing.setup, playing.day, seed)) == dice(playing) for seed in demo.SEEDS]
    moment = demo.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    names = {name for name, _words in demo.pictures(state, moment)}
    desk.db.dispose()

    assert [n for n, is_alike in enumerate(alike) if is_alike] == [number]
    assert demo.is_busy(state, moment.at)
    assert {"counter-serving", "counter-paused", "plate-paused"} < names
    assert any(call.window == moment.called for call in state.calls)


def test_a_clinic_is_drawn_on_its_first_day_in_its_own_words(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the one language that it uses, whatever the person's; its hall has nothing from before that day."""
    monkeypatch.setattr(demo, "real_clock", lambda: datetime(2026, 11, 20, 9, tzinfo=UTC))
    at, files = demo.leave(tmp_path, "zh_CN", 0, "clinic")

    log = looking.events_after(Desk(Database.open(tmp_path / "hall.sqlite"), 1), 0)
    assert {event.date for event in log} == {date(2026, 11, 20)}
    assert at.utcoffset() == timedelta(0)  # that of London
    assert {name.split("-")[0] for name in files if name.endswith("-en.png")} >= STATIONS
    assert not [name for name in files if "zh_CN" in name]
    with pypdfium2.PdfDocument(tmp_path / "day.pdf") as report:
        text = "".join(page.get_textpage().get_text_range() for page in report)
    assert "3 rooms" in text
    assert "window" not in text.casefold()


def test_a_post_office_has_a_busy_saturday(tmp_path: Path) -> None:
    desk, playing = demo.new_hall(tmp_path / "hall.sqlite", date(2026, 11, 22), preset="post")
    moment = demo.shown_moment(desk, playing)
    state = looking.hall_now(desk, moment.at)
    desk.db.dispose()

    assert playing.day == date(2026, 11, 21)
    assert demo.is_busy(state, moment.at)
    assert playing.setup.hall.words == Words(window="counter", ticket="number")


@pytest.mark.journey
def test_a_day_is_left_in_the_folder(installed: Installed, tmp_path: Path) -> None:
    """By an installed copy without a screen or a network: the hall, every station's picture in both languages, tickets,
    calls and the report."""
    folder = tmp_path / "day"
    done = installed.run(
        "--lang", "en", "--json", "demo", "--weeks", "0", "--out", folder, before=ways()[0], module=True
    )
    assert done.returncode == 0, done.stderr
    files = json.loads(done.stdout)["files"]

    assert set(files) == usual_list(folder / "hall.sqlite", tmp_path / "again.sqlite")
    for language in ("zh_CN", "en"):
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
        assert tr("en", "Daily report") in report[0].get_textpage().get_text_range()
