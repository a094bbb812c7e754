"""What this PC remembers survives damage, other versions and other windows."""

import json

import pytest

from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config
from queuedesk.core.errors import OutsideError


def test_a_pc_without_a_file_has_the_defaults(tmp_path):
    assert config.load(tmp_path / "config.json") == Config()


def test_what_is_saved_is_loaded_again(tmp_path):
    chosen = Config(station="counter", window="3", language="en", theme="contrast", text_pct=125, voice=False)

    config.save(chosen, tmp_path / "new" / "config.json")

    assert config.load(tmp_path / "new" / "config.json") == chosen


@pytest.mark.parametrize("damage", ["{", "[]", "7", "\udcff", ""])
def test_a_damaged_file_gives_defaults_and_is_kept(tmp_path, damage):
    file = tmp_path / "config.json"
    file.write_bytes(damage.encode("utf-8", "surrogateescape"))

    assert config.load(file) == Config()
    assert (tmp_path / "config.json.damaged").read_bytes() == file.read_bytes()


def test_only_the_damaged_choices_fall_back(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(
        json.dumps({"text_pct": 137, "theme": "pink", "voice": 1, "screen_mm": True, "later": 1, "printer": "TP-80"})
    )

    assert config.load(file) == Config(printer="TP-80")


def test_remembering_one_choice_keeps_what_another_window_chose(tmp_path):
    file = tmp_path / "config.json"
    config.remember({"station": "guide"}, file)

    after = config.remember({"language": "en"}, file)

    assert (after.station, after.language) == ("guide", "en")
    assert config.load(file) == after


def test_a_folder_that_takes_no_file_is_said_by_its_path(tmp_path):
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(OutsideError) as trouble:
        config.save(Config(), tmp_path / "file" / "config.json")

    assert trouble.value.code == "cannot_write"


def test_data_folders_are_made_in_the_users_own_place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert config.made_folder("reports") == tmp_path / "queuedesk" / "reports"
    assert (tmp_path / "queuedesk" / "reports").is_dir()


@pytest.mark.parametrize(
    ("content", "language"),
    [('{"language": "en"}', "en"), ('{"language": "fr"}', ""), ('{"language": ["en"]}', ""), ("{}", ""), ("{", "")],
)
def test_the_language_is_read_alone_and_nothing_is_written(tmp_path, content, language):
    file = tmp_path / "config.json"
    file.write_text(content)

    assert config.language(file) == language
    assert [one.name for one in tmp_path.iterdir()] == ["config.json"]
    assert config.language(tmp_path / "none.json") == ""
