"""What a folder for PCs without a network holds, and how one finds that it is no longer whole."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def offline():
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import offline
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    return offline


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
    assert len({tag for found in tags.values() for tag in found if "universal" not in tag}) >= sum(
        len([tag for tag in found if "universal" not in tag]) for found in tags.values()
    )


def test_what_changed_got_lost_or_came_is_named(offline, tmp_path):
    for name in ("a.whl", "b.whl", "c.whl"):
        (tmp_path / name).write_bytes(name.encode())
    assert offline.damaged(tmp_path) == ["SHA256SUMS"]
    offline.write_sums(tmp_path)
    assert offline.damaged(tmp_path) == []
    (tmp_path / "a.whl").write_bytes(b"other")
    (tmp_path / "b.whl").unlink()
    (tmp_path / "d.whl").touch()
    assert offline.damaged(tmp_path) == ["a.whl", "b.whl", "d.whl"]


def test_a_folder_without_this_computers_packages_is_refused_before_anything_is_made(offline, tmp_path, capsys):
    with pytest.raises(SystemExit) as refused:
        offline.environment.folder_of_packages(tmp_path)
    assert refused.value.code == 2
    assert str(tmp_path) in capsys.readouterr().err
