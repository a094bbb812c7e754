"""What this PC remembers survives damage, other versions and other windows."""

import json

import pytest

from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config
from queuedesk.core.errors import OutsideError


@pytest.mark.parametrize("damage", ["{", "[]", "7", "\udcff", ""])
def test_a_damaged_file_gives_defaults_and_is_kept(tmp_path, damage):
    file = tmp_path / "config.json"
    file.write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert config.load_config(file) == Config()
    assert (tmp_path / "config.json.damaged").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("content", "language"),
    [('{"language": "en"}', "en"), ('{"language": "fr"}', ""), ('{"language": ["en"]}', ""), ("{}", ""), ("{", "")],
)
def test_the_language_is_read_alone_and_nothing_is_written(tmp_path, content, language):
    file = tmp_path / "config.json"
    file.write_text(content)
    assert config.language_in_config_file(file) == language
    assert [one.name for one in tmp_path.iterdir()] == ["config.json"]
    assert config.language_in_config_file(tmp_path / "none.json") == ""


def test_what_one_window_saves_another_loads_and_keeps(tmp_path):
    file = tmp_path / "new" / "config.json"
    assert config.load_config(file) == Config()
    chosen = Config(station="counter", window="3", language="en", theme="contrast", text_pct=125, voice=False)
    config.write_whole_config(chosen, file)
    assert config.load_config(file) == chosen
    after = config.update_config({"language": "zh_CN"}, file)
    assert (after.station, after.language, after) == ("counter", "zh_CN", config.load_config(file))
    damaged = {"text_pct": 137, "theme": "pink", "voice": 1, "screen_mm": True, "later": 1, "printer": "TP-80"}
    file.write_text(json.dumps(damaged))
    assert config.load_config(file) == Config(printer="TP-80"), "only the damaged choices fall back"
    with pytest.raises(OutsideError, match="cannot_write"):
        config.write_whole_config(Config(), file / "config.json")
    assert config.ensure_data_folder("reports") == tmp_path / "queuedesk" / "reports"
    assert (tmp_path / "queuedesk" / "reports").is_dir()
