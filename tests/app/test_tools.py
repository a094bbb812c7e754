"""What stations borrow: printing never undoes a ticket, and a PC without a printer says so."""

import pytest
import zxingcpp
from PIL import Image

from queuedesk.app.tools import PICTURES, PaperTools, Sounds, pdf_pages, station_tools
from queuedesk.printing.qr import read_ticket_text
from tests.hall import DAY, make_hall


@pytest.fixture
def paper(tmp_path, qapp):
    hall = make_hall(tmp_path)
    hall.issue("A")
    return PaperTools(hall.desk, hall.clock)


def test_a_ticket_is_drawn_as_a_picture_whose_code_can_be_read(paper, tmp_path):
    done = paper.print_ticket(DAY.date(), "A001", printer=f"{PICTURES}{tmp_path}/slips")

    assert done == {"printed": True, "printer": f"{PICTURES}{tmp_path}/slips", "error": None}
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

    assert (done["printed"], done["error"].code) == (False, "cannot_write")


def test_a_story_becomes_pages(paper, tmp_path):
    file = paper.story_pdf(DAY.date(), "A001", tmp_path / "story.pdf")

    assert len(pdf_pages(file, 40)) == 1


def test_a_silent_station_starts_no_player(tmp_path):
    sounds = Sounds(on=False)
    sounds.play("tick")
    sounds.stop()

    assert sounds._lane is None


def test_a_station_borrows_by_name(tmp_path):
    hall = make_hall(tmp_path)

    lent = station_tools(hall.desk, hall.clock, Sounds(on=False))

    assert set(lent) >= {
        "print_ticket",
        "print_papers",
        "printers",
        "day_pdf",
        "story_pdf",
        "pdf_pages",
        "print_pdf",
        "play",
    }
