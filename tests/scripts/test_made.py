"""What scripts make and keep in the repository is what they make again: sounds, readings, the table of the bench, pages
of an invented PC.
"""

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from queuedesk.i18n.names import TABLE, pinyin_readings_by_character
from queuedesk.paths import resource_path
from scripts.build_pictures import LANGUAGES, ROOT, TARGET
from scripts.build_pinyin import CHARACTERS, table
from scripts.build_sounds import RATE_HZ, sounds, write

LENGTHS_S = {"chime": 0.6, "knock": 0.08, "tick": 0.12, "click": 0.02}


def samples(name: str, path: Path | None = None) -> np.ndarray:
    with wave.open(str(path or resource_path("sounds", f"{name}.wav")), "rb") as file:
        assert (file.getnchannels(), file.getframerate()) == (1, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def loudest_hz(part: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    return float(np.argmax(spectrum)) * RATE_HZ / (1 << 16)


@pytest.mark.parametrize(("name", "length_s"), LENGTHS_S.items())
def test_a_sound_is_the_one_the_script_makes_has_its_length_and_does_not_clip(name, length_s, tmp_path):
    sound = samples(name)
    write(tmp_path / "new.wav", sounds()[name])
    # Another computer's sine may round the last bit the other way.
    assert np.max(np.abs(samples(name, tmp_path / "new.wav") - sound)) <= 1
    assert len(sound) == round(length_s * RATE_HZ)
    assert 0.5 < np.max(np.abs(sound)) / 32767 < 0.7
    assert np.max(np.abs(sound[-20:])) < 400


def test_each_sound_has_its_pitch_and_the_chime_goes_down_from_660_to_528_hz():
    chime = samples("chime")
    assert loudest_hz(chime[: RATE_HZ // 5]) == pytest.approx(660, abs=4)
    assert loudest_hz(chime[RATE_HZ * 2 // 5 :]) == pytest.approx(528, abs=4)
    for name, hertz, off in (("knock", 180, 20), ("tick", 220, 10), ("click", 1000, 40)):
        assert loudest_hz(samples(name)) == pytest.approx(hertz, abs=off), name


def test_the_table_is_the_one_the_script_makes_and_each_character_of_it_is_read():
    assert resource_path(*TABLE).read_text(encoding="utf-8") == table()
    read = pinyin_readings_by_character([chr(number) for number in CHARACTERS])
    assert len(read) > 26_000
    assert read["曾"] == ("ceng", "zeng")
    assert "A" not in pinyin_readings_by_character("A")


def test_a_run_is_a_column_the_first_and_the_newest_stay_and_worse_is_said_beyond_its_bound_only(bench):
    table = bench.Table([], {})
    for n in range(1, 7):
        table = bench.with_column(table, f"day {n}", {"issue": bench.Figure(1 + n / 10, "× plain SQL", 1.3)})
    lines = bench.table_lines(table)
    assert lines.splitlines()[0] == "| figure | unit | limit | day 1 | day 4 | day 5 | day 6 |"
    assert lines.splitlines()[2] == "| issue | × plain SQL | 1.3 | 1.1 | 1.4 | 1.5 | 1.6 |"
    assert bench.read_table(f"# Speed\n\nWords.\n\n{lines}\nMore words.\n") == table
    table = bench.with_column(bench.Table([], {}), "day 1", {"call": bench.Figure(1.2, "× plain SQL", None)})
    table = bench.with_column(table, "day 2", {"start": bench.Figure(1234.5, "ms", None)})
    assert table.rows == {"call": ["× plain SQL", "", "1.2", ""], "start": ["ms", "", "", "1234"]}
    assert bench.last_values(table) == {"call": 1.2, "start": 1234}
    found = {name: bench.Figure(value, "×", None) for name, value in (("issue", 1.54), ("call", 1.64), ("new", 9))}
    assert bench.worse(found, {"issue": 1.4, "call": 1.4}, 1.1) == ["call: 1.64 ×, 1.17 times the 1.4 before"]


def test_speed_red_needs_the_median_of_three_tries(bench, monkeypatch, tmp_path, capsys):
    speed = tmp_path / "speed.md"
    table = bench.with_column(bench.Table([], {}), "day 1", {"issue": bench.Figure(1.0, "× plain SQL", None)})
    speed.write_text(bench.table_lines(table), encoding="utf-8")
    monkeypatch.setattr(bench, "SPEED", speed)
    monkeypatch.setattr(bench, "BENCHES", (bench.Bench("commands.py", "", ""), bench.Bench("year_report.py")))

    def tried(*values: float) -> tuple[int, int]:
        left = list(values)
        monkeypatch.setattr(bench, "run", lambda file, words: {"issue": bench.Figure(left.pop(0), "× plain SQL", None)})
        return bench.short(), len(left)

    assert tried(1.4, 9, 9) == (0, 2)  # a machine that was busy once
    assert tried(1.6, 1.4, 9) == (0, 1)
    assert tried(1.6, 1.7, 1.4) == (1, 0)
    assert "issue: 1.6 × plain SQL, 1.60 times the 1 before" in capsys.readouterr().out


def test_time_and_memory_are_measured_each_at_its_own_moment(bench, monkeypatch):
    asked = []
    monkeypatch.setattr(bench, "run", lambda file, words: asked.append(file) or {"x": bench.Figure(1.0, "×", None)})
    bench.short([bench.MEMORY])
    beside = set(asked)
    bench.short([bench.TIME])
    assert beside == {"idle_stations.py"}
    assert sorted(asked) == sorted(one.file for one in bench.BENCHES if one.short is not None)


def test_a_bench_that_measures_nothing_is_red(bench, monkeypatch, tmp_path):
    (tmp_path / "speed.md").write_text("# Speed\n", encoding="utf-8")
    monkeypatch.setattr(bench, "SPEED", tmp_path / "speed.md")
    monkeypatch.setattr(bench, "BENCHES", (bench.Bench("no_such_bench.py", "", ""),))
    assert bench.short() == 1


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
