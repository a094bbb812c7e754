"""The ticket in the set-up: what is chosen and typed is seen on the sample at once."""

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from queuedesk import i18n
from queuedesk.app.services.papers import PaperTools
from queuedesk.core.errors import OutsideError
from queuedesk.desk import looking
from queuedesk.stations.window.services import Papers
from tests.hall import ADMIN
from tests.stations.manager.setup_frame.test_set_up import set_ups
from tests.stations.stubs import lend, stub


@pytest.fixture
def printed():
    """What was printed as a sample."""
    return []


@pytest.fixture
def office(open_office, context, hall, printed):
    """The ticket in the set-up, with the papers that a station has."""
    paper = PaperTools(hall.desk, hall.clock)

    def print_sample(design):
        printed.append(design)
        error = OutsideError("no_printer") if len(printed) > 1 else None
        return {"printed": error is None, "printer": "Front", "error": error, "warning": ""}

    lend(context, paper=stub(Papers, draw_sample=paper.draw_sample, print_sample=print_sample))
    office = open_office(ADMIN)
    office.page.ways.open_part("ticket")
    return office


@pytest.fixture
def form(office):
    return office.page.setup_page.forms.of("ticket")


def picture(form) -> QImage:
    image = form.sample.picture.image()
    assert image is not None
    return image


def press(office, form, widget) -> None:
    form.ensureWidgetVisible(widget)
    office.touch(widget)


def test_what_is_chosen_and_typed_is_on_the_sample_at_once_saved_and_printed(
    office, form, hall, printed, tmp_path: Path
):
    page = office.page.setup_page

    # It is drawn for the chosen roll.
    assert picture(form).width() == 576
    office.touch(form.sample.rolls[58])
    assert (picture(form).width(), form.sample.rolls[80].isChecked()) == (384, False)
    office.touch(form.sample.rolls[80])

    # A part left out is gone, and that is saved.
    before = picture(form)
    press(office, form, form.parts.choices["code"])
    press(office, form, form.parts.choices["papers"])
    assert picture(form).height() < before.height()
    office.touch(page.save_button)
    office.until(lambda: page.save_button.text() == "Nothing to save yet")
    assert set_ups(office)[-1]["row"]["hidden"] == ["papers", "code"]
    assert looking.setup_of(hall.desk).ticket_design.hidden == {"papers", "code"}
    press(office, form, form.parts.choices["code"])
    assert form.design.hidden == {"papers"}

    # What is typed stands there while typing.
    seen = [picture(form)]
    form.ensureWidgetVisible(form.fields["head"].edit)
    for text in ("W", "We"):
        office.write(form.fields["head"].edit, text)
        seen.append(picture(form))
    assert form.design.head == "We"
    assert all(one != other for one, other in pairwise(seen))

    # Size and languages change it.
    heights = {}
    for size in ("small", "medium", "large"):
        press(office, form, form.numbers.choices[size])
        heights[size] = picture(form).height()
    assert heights["small"] < heights["medium"] < heights["large"]
    press(office, form, form.orders.choices["zh_CN,en"])
    assert form.design.languages == ("zh_CN", "en")
    assert picture(form).height() > heights["large"]

    # A picture becomes the logo and can be removed.
    file = tmp_path / "sign.png"
    image = QImage(300, 120, QImage.Format.Format_RGB32)
    image.fill(0)
    image.save(str(file))
    high = picture(form).height()
    form.logo_chosen.emit(str(file))
    assert picture(form).height() > high + 100
    assert form.remove_button.isVisibleTo(form)
    press(office, form, form.remove_button)
    assert (form.design.logo, picture(form).height()) == ("", high)
    form.logo_chosen.emit(str(tmp_path / "none.png"))
    assert "no file" in form.logo_line.text()

    # A sample is printed as it is drawn.
    office.touch(page.foot.discard_button)
    press(office, form, form.numbers.choices["small"])
    office.touch(form.sample.button)
    assert printed[0].number == "small"
    assert form.sample.note.text() == "Printed on Front."
    office.touch(form.sample.button)
    assert "No printer is chosen" in form.sample.note.text()

    # Too many words are refused beside their field.
    form.fields["foot"].edit.setText("x" * 121)
    form.edited("foot", "x" * 121)
    assert "too long" in form.fields["foot"].error()
    assert not office.page.setup_page.save_button.isEnabled()
    assert form.design.foot == ""  # the sample keeps what can be printed

    # Every word is there in Chinese.
    i18n.use("zh_CN")
    office.page.setup_page.retranslate()
    office.page.setup_page.refresh(office.page.state.setup_now)
    assert [choice.text() for choice in form.numbers.choices.values()] == ["大", "中", "小"]
    assert form.sample.button.text() == "打印样票"
