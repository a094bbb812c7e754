"""The page of a PC's file, in every shape and in both languages: nothing is cut, nothing moves."""

from pathlib import Path

import pytest

from queuedesk.stations.window.style import Look
from tests.features.rollout.test_rollout import page_of
from tests.main_pc import own_pc
from tests.stations.home.test_pages import Put, look, put  # noqa: F401

IN_EACH_LANGUAGE = True


def test_a_pcs_file_is_whole(look: Look, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    own_pc(tmp_path / "pc", monkeypatch)
    file = tmp_path / "counter.toml"
    file.write_text(
        'address = "192.168.1.5"\nprinter = "escpos:net:192.168.1.50"\nstation = "counter"\nwindow = "3"\n'
        'open_at_login = true\n[[screens]]\nscreen = "2"\nstation = "display"\nsize = "55"\n',
        encoding="utf-8",
    )
    sights = put(page_of(file, look, tmp_path))
    sights.typed = [file.name]
    sights.take_closely("what it changes")
    sights.must_be_whole()
    file.write_text('colour = "red"\nprinter = "Epson"\n', encoding="utf-8")
    refused = put(page_of(file, look, tmp_path))
    refused.typed = [file.name, str(file)]
    refused.take("its faults")
    refused.must_be_whole()
