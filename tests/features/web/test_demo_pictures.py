"""The web's pages in a demo: drawn by a browser from a copy of the hall, or left out with a sentence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from queuedesk.desk import looking
from queuedesk.features.demo_hall.commands import draw_feature_pictures_say_left_out
from queuedesk.features.demo_hall.verbs.halls import PictureMoment
from queuedesk.features.web.demo import WebDemoPart
from tests.every_day import walked_in
from tests.features.web.serving import web_hall
from tests.hall import Hall

SIZES = {
    "phone-called": (786, 1704),
    "phone-public": (786, 1704),
    "phone-waiting": (786, 1704),
    "web-display": (1920, 1080),
}
FEW_COLOURS = 20


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = web_hall(tmp_path)
    made.open("1", "C1")
    made.queue("A", "A", "A", "A")
    made.call("1")
    return made


@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_every_page_is_drawn_and_the_hall_stays_as_it_is(hall: Hall, tmp_path: Path, lang: str) -> None:
    before = hall.log()
    assert WebDemoPart.draw_demo_pictures(hall.desk, lang, datetime.now(UTC), tmp_path) == ""
    pictures = {file.stem: Image.open(file).convert("RGB") for file in tmp_path.glob("*.png")}
    assert {name: one.size for name, one in pictures.items()} == {
        f"{name}-{lang}": size for name, size in SIZES.items()
    }
    for name, one in pictures.items():
        assert len(one.getcolors(one.width * one.height)) > FEW_COLOURS, name
    assert pictures[f"phone-called-{lang}"].tobytes() != pictures[f"phone-waiting-{lang}"].tobytes()
    assert hall.log() == before


def test_without_a_browser_pages_are_left_out_and_it_is_said(hall: Hall, tmp_path: Path, monkeypatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    assert "No Chromium" in WebDemoPart.draw_demo_pictures(hall.desk, "en", datetime.now(UTC), tmp_path)
    broken = programs / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    moment = PictureMoment(at=datetime.now(UTC), called="1", ended="1")
    (said,) = draw_feature_pictures_say_left_out(
        looking.setup_of_hall(hall.desk).hall, {"en": hall.desk, "zh_CN": hall.desk}, moment, tmp_path
    )
    assert str(broken) in said
    assert list(tmp_path.glob("*.png")) == []
