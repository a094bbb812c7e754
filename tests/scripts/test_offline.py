"""What a folder for PCs without a network holds, and how one finds that it is no longer whole."""

import site
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_each_platform_gets_what_its_own_markers_ask_for(offline):
    asked = {name: set(offline.pins(["lock.txt"], platform, "3.11")) for name, platform in offline.PLATFORMS.items()}
    assert asked["windows-x64"] - asked["linux-x64"] >= {"pywin32", "comtypes", "colorama"}
    assert "pyobjc-framework-cocoa" in asked["macos-arm64"]
    assert not {"pywin32", "pyobjc-framework-cocoa"} & asked["linux-x64"]
    assert {"pyside6-essentials", "sqlalchemy", "hatchling"} <= set.intersection(*asked.values())


def test_every_line_for_pip_has_its_sums(offline):
    for line in offline.pins(list(offline.environment.DEVELOPMENT), offline.PLATFORMS["windows-x64"], "3.13").values():
        assert "==" in line.split()[0]
        assert line.split()[1:]
        assert all(part.startswith("--hash=sha256:") for part in line.split()[1:])


def test_wheels_of_another_system_are_never_taken(offline):
    tags = {name: offline.wheel_tags(platform) for name, platform in offline.PLATFORMS.items()}
    assert tags["linux-x64"][0] == "manylinux_2_36_x86_64"  # Debian 12
    assert tags["windows-x64"] == ["win_amd64"]
    assert "macosx_14_0_arm64" in tags["macos-arm64"]
    own = [tag for found in tags.values() for tag in found if "universal" not in tag]
    assert len(set(own)) == len(own)


def test_what_changed_got_lost_or_came_is_named(offline, tmp_path):
    for name in ("a.whl", "b.whl", "c.whl"):
        (tmp_path / name).write_bytes(name.encode())
    assert offline.damaged(tmp_path) == ["SHA256SUMS"]
    offline.write_sums(tmp_path)
    assert offline.damaged(tmp_path) == []
    (tmp_path / "a.whl").write_bytes(b"other")
    (tmp_path / "b.whl").unlink()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "d.whl").touch()
    assert offline.damaged(tmp_path) == ["a.whl", "b.whl", "tests/d.whl"]


def test_a_folder_without_this_computers_packages_is_refused_before_anything_is_made(offline, tmp_path, capsys):
    with pytest.raises(SystemExit) as refused:
        offline.environment.folder_of_packages(tmp_path)
    assert refused.value.code == 2
    assert str(tmp_path) in capsys.readouterr().err


def made_wheel(folder, name, *needs):
    """Write a wheel of nothing but what it needs."""
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        needed = [f"Requires-Dist: {need}" for need in needs]
        lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *needed]
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines))


def test_a_folder_is_whole_when_all_that_is_needed_there_is_in_it_for_its_own_system(offline, tmp_path):
    windows, linux = offline.PLATFORMS["windows-x64"], offline.PLATFORMS["linux-x64"]
    made_wheel(tmp_path, "queuedesk", "hall-rows>=1", "only-windows; os_name == 'nt'", "server; extra == 'host'")
    made_wheel(tmp_path, "hall_rows", "of-a-need")
    assert offline.unmet(tmp_path, linux, "3.11", []) == ["of-a-need"]
    (tmp_path / "of_a_need-1.0-cp311-cp311-win_amd64.whl").touch()
    assert offline.unmet(tmp_path, linux, "3.11", []) == ["of-a-need"], "a wheel of another system"
    (tmp_path / "of_a_need-1.0-cp311-cp311-win_amd64.whl").unlink()
    made_wheel(tmp_path, "of_a_need")
    assert offline.unmet(tmp_path, linux, "3.11", []) == []
    assert offline.unmet(tmp_path, windows, "3.11", []) == ['only-windows; os_name == "nt"']
    assert offline.unmet(tmp_path, linux, "3.11", ["host"]) == ['server; extra == "host"']
    made_wheel(tmp_path, "queuedesk", "hall-rows>=2")
    assert offline.unmet(tmp_path, linux, "3.11", []) == ["hall-rows>=2"]


def test_only_what_the_locks_name_is_installed_and_only_unchanged(offline, tmp_path, monkeypatch, capsys):
    environment = offline.environment
    name = environment.folder_name()
    folder = tmp_path / "packages" / name
    (folder / "tests").mkdir(parents=True)
    (tmp_path / "scripts").mkdir()
    for place, lock in (("a.whl", "lock.txt"), ("tests/b.whl", "lock-dev.txt"), ("foreign.whl", "")):
        (folder / place).write_bytes(place.encode())
        if lock:
            line = f"a==1 \\\n    --hash=sha256:{environment.digest_of(folder / place)}\n"
            (tmp_path / "scripts" / lock).write_text(line, encoding="utf-8")
    (folder / environment.LACKING).touch()
    offline.write_sums(folder)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert environment.packages_in(tmp_path / "packages", ["lock.txt"]) == [folder / "a.whl"]
    own, of_tests = folder / "a.whl", folder / "tests" / "b.whl"
    assert environment.packages_in(tmp_path / "packages", environment.DEVELOPMENT) == [own, of_tests]
    (folder / "a.whl").write_bytes(b"changed")
    with pytest.raises(SystemExit) as refused:
        environment.packages_in(tmp_path / "packages", ["lock.txt"])
    assert refused.value.code == 2
    assert "a.whl" in capsys.readouterr().err


def test_a_folder_that_was_filled_for_other_locks_is_refused(offline, tmp_path, monkeypatch, capsys):
    environment = offline.environment
    folder = tmp_path / "packages" / environment.folder_name()
    folder.mkdir(parents=True)
    (tmp_path / "scripts").mkdir()
    (folder / "old.whl").write_bytes(b"old")
    monkeypatch.setattr(environment, "ROOT", tmp_path)

    def installed(*, condition: str = "", lacking: str = "") -> list[Path]:
        (folder / environment.LACKING).write_text(lacking, encoding="utf-8")
        offline.write_sums(folder)
        lines = [f"old==1 \\\n    --hash=sha256:{environment.digest_of(folder / 'old.whl')}\n"]
        lines.append(f"new==2{condition} \\\n    --hash=sha256:{'0' * 64}\n")
        (tmp_path / "scripts" / "lock.txt").write_text("".join(lines), encoding="utf-8")
        return environment.packages_in(tmp_path / "packages", ["lock.txt"])

    assert installed(condition=" ; sys_platform == 'win32'") == [folder / "old.whl"]
    assert installed(lacking="new\n") == [folder / "old.whl"]
    with pytest.raises(SystemExit) as refused:
        installed()
    assert refused.value.code == 2
    assert "it lacks new." in capsys.readouterr().err


def test_an_environment_finds_its_checkout_in_a_folder_with_a_chinese_name_whatever_the_system_s_encoding(
    offline, monkeypatch, tmp_path
):
    environment = offline.environment
    root = tmp_path / "前台 hall"
    packages = root / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment, "VENV", root / ".venv")
    told, other = packages / "_queuedesk.pth", packages / "other.pth"
    told.write_text(str(root), encoding="utf-8")
    other.write_text("# of another package\n", encoding="utf-8")
    environment._lead_to_the_checkout()
    assert told.read_bytes().isascii() and other.read_text(encoding="utf-8") == "# of another package\n"
    monkeypatch.setattr(sys, "path", [])
    site.addsitedir(str(packages))
    assert str(root) in sys.path
