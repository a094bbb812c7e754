"""What stations borrow: printing never undoes a ticket, and a PC without a printer says so."""

import os
import threading

import pytest
import zxingcpp
from PIL import Image

from queuedesk.app.services.papers import PaperTools
from queuedesk.app.services.printers import choose_printer, chosen_printer, pdf_pages, print_pdf
from queuedesk.app.services.sounds import Sounds, Speech
from queuedesk.core.errors import OutsideError
from queuedesk.printing.choice import NO_PRINTER, PICTURES
from queuedesk.printing.qr import read_ticket_text
from queuedesk.voice import sound
from tests.bounded import until
from tests.hall import DAY, make_hall


@pytest.fixture
def paper(tmp_path, qapp, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    hall = make_hall(tmp_path)
    hall.issue("A")
    return PaperTools(hall.desk, hall.clock)


def test_a_ticket_is_drawn_as_a_picture_whose_code_can_be_read(paper, tmp_path):
    done = paper.print_ticket(DAY.date(), "A001", printer=f"{PICTURES}{tmp_path}/slips")

    assert done == {"printed": True, "printer": f"{PICTURES}{tmp_path}/slips", "error": None, "warning": ""}
    with Image.open(tmp_path / "slips" / "A001.png") as picture:
        codes = zxingcpp.read_barcodes(picture.convert("L"))
    assert read_ticket_text(codes[0].text).label == "A001"


def test_a_pc_without_a_printer_says_so_and_raises_nothing(paper):
    done = paper.print_ticket(DAY.date(), "A001")

    assert (done["printed"], done["printer"], done["error"].code) == (False, None, "no_printer")


def test_a_printer_that_is_not_there_is_named(paper):
    assert paper.print_papers("B", printer="TP-80")["error"].details == {"printer": "TP-80"}


def test_a_folder_that_takes_no_picture_is_a_printers_trouble(paper, tmp_path):
    (tmp_path / "file").write_text("no folder")

    done = paper.print_papers("B", printer=f"{PICTURES}{tmp_path}/file")

    assert (done["printed"], done["error"].code) == (False, "printer_refused")


def test_the_printer_chosen_for_this_pc_prints_at_once(paper, tmp_path):
    choose_printer(f"{PICTURES}{tmp_path}/slips")
    printed = paper.print_ticket(DAY.date(), "A001")
    story = paper.story_pdf(DAY.date(), "A001", tmp_path / "story.pdf")
    print_pdf(story)

    assert (printed["printed"], chosen_printer()) == (True, f"{PICTURES}{tmp_path}/slips")
    assert sorted(file.name for file in (tmp_path / "slips").iterdir()) == ["A001.png", "story-1.png"]


def test_who_chose_no_printer_gets_none(paper, tmp_path):
    choose_printer(NO_PRINTER)
    story = paper.story_pdf(DAY.date(), "A001", tmp_path / "story.pdf")

    assert paper.print_ticket(DAY.date(), "A001")["error"].code == "no_printer"
    with pytest.raises(OutsideError, match="no_report_printer"):
        print_pdf(story)


def test_a_story_becomes_pages(paper, tmp_path):
    file = paper.story_pdf(DAY.date(), "A001", tmp_path / "story.pdf")

    assert len(pdf_pages(file, 40)) == 1


def test_a_silent_station_starts_no_player(tmp_path):
    sounds = Sounds(on=False)
    sounds.play("tick")
    sounds.stop()

    assert "sounds" not in {thread.name for thread in threading.enumerate()}
    assert sounds.can_be_heard() is False


def test_a_pc_is_heard_from_its_first_sound_until_a_player_refuses(tmp_path, monkeypatch):
    player = tmp_path / "paplay"
    player.write_text("#!/bin/sh\n")
    player.chmod(0o755)
    cards = tmp_path / "snd"
    cards.mkdir()
    (cards / "pcmC0D0p").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sound, "CARDS", cards)
    sounds = Sounds(on=True)
    assert sounds.can_be_heard() is None, "nobody knows yet"

    sounds.play("tick")
    until(lambda: sounds.can_be_heard() is True)
    player.write_text("#!/bin/sh\nexit 1\n")
    sounds.play("tick")
    until(lambda: sounds.can_be_heard() is False)
    sounds.stop()
    player.unlink()
    assert Sounds(on=True).can_be_heard() is False


def test_a_pc_without_an_output_is_never_heard(tmp_path, monkeypatch):
    player = tmp_path / "paplay"
    player.write_text("#!/bin/sh\n")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sound, "CARDS", tmp_path / "snd")
    for name in [name for name in os.environ if name.startswith("PULSE_")]:
        monkeypatch.delenv(name)

    assert Sounds(on=True).can_be_heard() is False


def test_a_pc_reads_aloud_only_where_it_has_a_player_and_somewhere_to_play(tmp_path, monkeypatch):
    programs, cards = tmp_path / "bin", tmp_path / "snd"
    programs.mkdir()
    cards.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(sound, "CARDS", cards)
    speech = Speech(on=True)
    (cards / "pcmC0D0p").touch()
    assert not speech.can_speak(), "nothing plays"

    (programs / "aplay").write_text("#!/bin/sh\n")
    (programs / "aplay").chmod(0o755)
    assert speech.can_speak()
    assert not Speech(on=False).can_speak()

    (cards / "pcmC0D0p").rename(cards / "pcmC0D0c")
    assert not speech.can_speak(), "a microphone alone"
    monkeypatch.setenv("PULSE_SERVER", "tcp:192.168.1.50")
    assert speech.can_speak(), "it is heard elsewhere"


def test_a_second_copy_leaves_the_first_picture_alone(paper, tmp_path):
    for _ in range(2):
        paper.print_ticket(DAY.date(), "A001", printer=f"{PICTURES}{tmp_path}/slips")

    assert sorted(file.name for file in (tmp_path / "slips").iterdir()) == ["A001-2.png", "A001.png"]
