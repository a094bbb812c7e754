"""The pages of an invented PC are drawn the same for whoever draws them, and show nothing of that person's PC."""

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from scripts.build_pictures import LANGUAGES, ROOT, TARGET

PAGES = {"home", "this-pc", "manager-kept", "manager-setup-backups", "manager-setup-joining", "manager-setup-pcs"}


def drawn(folder: Path, home: Path, language: str, **own: str) -> dict[str, QImage]:
    """Return the pages as a person draws them whose files are in `home`."""
    choices = {"printer": "Own printer", "theme": "contrast", "media_folder": str(home), "language": "zh_CN"}
    home.mkdir()
    (home / "queuedesk").mkdir()
    (home / "queuedesk" / "config.json").write_text(json.dumps(choices), encoding="utf-8")
    places = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
    environment = {**os.environ, **places, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **own}
    script = str(ROOT / "scripts" / "invented_pc.py")
    subprocess.run([sys.executable, script, str(folder), language], env=environment, check=True)
    assert sorted(path.name for path in home.rglob("*") if path.is_file()) == ["config.json"], "nothing is left there"
    return {file.stem.removesuffix(f"-{language}"): QImage(str(file)) for file in folder.iterdir()}


def test_the_pages_are_the_same_on_any_pc_and_the_committed_pictures_are_of_them(tmp_path: Path) -> None:
    there = drawn(tmp_path / "there", tmp_path / "one", "en", TZ="America/Lima", LANG="de_DE.UTF-8")
    here = drawn(tmp_path / "here", tmp_path / "other", "en", TZ="Asia/Tokyo", LANG="zh_CN.UTF-8")
    assert here.keys() == there.keys() == PAGES
    assert [name for name in PAGES if here[name] != there[name] or here[name].isNull()] == []
    for name in PAGES:
        for language in LANGUAGES:
            assert (TARGET / f"{name}-{language}.png").is_file()
