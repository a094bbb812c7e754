"""What is handed on of the program starts what it should, is whole and signed for, and is installed where there is no
network.
"""

import codecs
import json
import re
import site
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

from queuedesk.core.talk.screen import all_stations
from queuedesk.i18n import LANGUAGES
from scripts import build_commands

PROGRAM = Path(__file__).resolve().parents[2] / "scripts" / "program"


def started(*words):
    done = subprocess.run([sys.executable, PROGRAM / "launch.py", *words], capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


def test_it_starts_the_program_a_module_of_it_and_a_text():
    assert started("--version") == started("-m", "queuedesk", "--version") == (0, "QueueDesk 0.1.0")
    assert started("-c", "import sys; print(sys.argv[1:]); sys.exit(3)", "a", "b") == (3, "['a', 'b']")
    assert started("-m", "queuedesk.app.services.pictures", "--help")[0] in (0, 1, 2)
    assert started("issue", "--no-such-option")[0] == 2


def test_every_station_is_in_the_menu_in_both_languages(debian):
    entries = dict(debian.menu_entries())
    assert set(entries) == {"home", *all_stations()}
    for name, text in entries.items():
        assert f"Exec=queuedesk {name}\n" in text
        (title,) = re.findall(r"^Name=(.+)$", text, re.MULTILINE)
        (title_zh,) = re.findall(r"^Name\[zh_CN\]=(.+)$", text, re.MULTILINE)
        assert name == "home" or title != title_zh


def test_every_command_has_a_page_that_says_what_it_does(debian):
    pages = dict(debian.man_pages())
    commands = {words.split()[0] for words in build_commands.commands()}
    assert set(pages) == {"queuedesk", *(f"queuedesk-{name}" for name in commands)}
    for name, text in pages.items():
        assert re.search(rf"^{re.escape(name.replace('-', chr(92) + '-'))} \\- \w", text, re.MULTILINE), name


def test_only_programs_are_marked_as_programs(debian, tmp_path):
    for name, content, counts in (
        ("tool", b"\x7fELF", True),
        ("script", b"#!/bin/sh", True),
        ("words.txt", b"words", False),
        ("libc.so.6", b"\x7fELF", False),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        file.chmod(0o755)
        assert debian.is_program(file) is counts
        file.chmod(0o644)
        assert not debian.is_program(file)


def test_libraries_that_people_may_replace_have_to_be_files_of_their_own(freeze, tmp_path):
    inside = tmp_path / freeze.INSIDE
    for name in ("PySide6/QtCore.abi3.so", "PySide6/Qt/lib/libQt6Core.so.6", "shiboken6/libshiboken6.abi3.so.6.11"):
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).touch()
    with pytest.raises(SystemExit, match="psycopg_binary"):
        freeze.require_replaceable_libraries(tmp_path)
    (inside / "psycopg_binary").mkdir()
    (inside / "psycopg_binary" / "pq.cpython-311-x86_64-linux-gnu.so").touch()
    freeze.require_replaceable_libraries(tmp_path)


def test_libraries_of_the_system_bring_their_licences_along(freeze, tmp_path):
    (tmp_path / freeze.INSIDE).mkdir()
    for name in ("libz.so.1", "libown-1a2b3c4d.so.1"):
        (tmp_path / freeze.INSIDE / name).touch()
    freeze.copy_system_licences(tmp_path)
    texts = [path.name for path in (tmp_path / "legal" / "licences" / "system").iterdir()]
    assert texts == ["zlib1g.txt"]


def test_the_package_has_the_list_of_its_parts_and_the_notices_where_debian_keeps_them(freeze, debian, tmp_path):
    program, top = tmp_path / "queuedesk", tmp_path / "package"
    assert freeze.supply.write(program / freeze.LEGAL) == []
    (program / "queuedesk").touch()
    debian.fill(top, program)
    for name in ("notices.txt", "sbom.json"):
        place = top / "usr/share/doc/queuedesk" / name
        assert place.is_symlink() and place.read_bytes() == (program / freeze.LEGAL / name).read_bytes()
    assert "/usr/lib/queuedesk/legal" in (top / "usr/share/doc/queuedesk/copyright").read_text(encoding="utf-8")


ROOT = Path(__file__).resolve().parents[2]


def advise(folder: Path, id: str, package: str, **affected: object) -> None:
    """Put an invented advisory into a snapshot."""
    about = {"package": {"ecosystem": "Python", "name": package}, **affected}
    document = {"schema_version": "1.6.0", "id": id, "modified": "2026-11-01T00:00:00Z", "summary": "Invented"}
    folder.mkdir(exist_ok=True)
    (folder / f"{id}.json").write_text(json.dumps({**document, "affected": [about]}), encoding="utf-8")


def test_every_locked_package_is_listed_with_version_stated_licence_and_the_lock_s_hashes(supply):
    document = supply.sbom()
    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    assert document == supply.sbom(), "the same locks give the same list"
    parts = document["components"]
    locks = "".join((ROOT / "scripts" / name).read_text(encoding="utf-8") for name in ("lock.txt", "lock-dev.txt"))
    assert len(parts) == sum(line[:1].isalnum() and "==" in line for line in locks.splitlines())
    assert {f"sha256:{one['content']}" for part in parts for one in part["hashes"]} == {
        line.split("--hash=")[1].split()[0] for line in locks.splitlines() if "--hash=" in line
    }
    assert all(part["licenses"][0]["expression"] for part in parts)
    assert len({part["bom-ref"] for part in parts}) == len(parts)
    assert set(document["dependencies"][0]["dependsOn"]) == {part["bom-ref"] for part in parts}
    scopes = {part["name"]: part["scope"] for part in parts}
    assert (scopes["sqlalchemy"], scopes["pywin32"], scopes["pytest"]) == ("required", "optional", "excluded")
    for one in supply.components():
        assert one.name in supply.SAID or one.licence == metadata.metadata(one.name)["License-Expression"]


def test_the_folder_has_a_text_for_each_package_here_and_says_where_lent_source_is(supply, tmp_path):
    (tmp_path / "licences" / "gone").mkdir(parents=True)
    assert supply.write(tmp_path) == []
    assert not (tmp_path / "licences" / "gone").exists()
    notices = (tmp_path / "notices.txt").read_text(encoding="utf-8")
    locked = [one for one in supply.components(supply.environment.RUNTIME) if supply.licence_files(one.name)]
    here = [one for one in locked if metadata.version(one.name) == one.version]  # of numpy there are two
    assert len(here) > 40
    for one in here:
        assert any(path.is_file() for path in (tmp_path / "licences" / one.name).rglob("*")), one.name
        assert f"{one.name} {one.version}: {one.licence}\n    licences/{one.name}" in notices
    for one in supply.components(supply.environment.RUNTIME):
        if "LGPL" in one.licence or "MPL" in one.licence:
            assert f"source: {supply.SOURCES[one.name]}" in notices, one.name
    for text in ("LGPL-3.0", "GPL-3.0", "LGPL-2.1", "queuedesk", "Inter", "NotoSansSC"):
        assert (tmp_path / "licences" / f"{text}.txt").stat().st_size > 1000
    assert json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8")) == supply.sbom()


def test_a_package_that_is_only_a_name_needs_no_licence_text(supply, monkeypatch, tmp_path):
    for name, brings in (("nothing", ()), ("something", ("something.py,,",))):
        info = tmp_path / f"{name}-1.dist-info"
        info.mkdir()
        info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n", encoding="utf-8")
        lines = [f"{info.name}/METADATA,,", f"{info.name}/RECORD,,", *brings, ""]
        info.joinpath("RECORD").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert supply.is_only_a_name("nothing")
    assert not supply.is_only_a_name("something")


def test_a_version_is_affected_where_it_is_listed_or_from_its_introduction_until_it_was_fixed(supply):
    """What cannot be compared is affected too."""

    def affected(version: str, *events: dict[str, str], listed: tuple[str, ...] = ()) -> bool:
        return supply.is_affected(supply.Advisory("X-1", "", "a", listed, (events,) if events else ()), version)

    fixed = ({"introduced": "0"}, {"fixed": "3"})
    assert [affected(version, *fixed) for version in ("1.9", "2.9rc1", "3", "3.0")] == [True, True, False, False]
    last = ({"introduced": "2"}, {"last_affected": "2.5"})
    assert [affected(version, *last) for version in ("1.9", "2.5", "2.5.1")] == [False, True, False]
    assert affected("1", listed=("1.0.0",)) and not affected("1", listed=("1.0.1", "no version"))
    assert affected("1", {"introduced": "once"})


def test_a_locked_package_that_an_advisory_is_about_is_a_finding(supply, tmp_path, capsys):
    locked = {one.name: one.version for one in supply.components()}
    advise(
        tmp_path, "X-1", "SQLAlchemy", ranges=[{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}]
    )
    advise(tmp_path, "X-2", "pytest", versions=[locked["pytest"]])
    advise(tmp_path, "X-3", "jinja2", ranges=[{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1"}]}])
    advise(tmp_path, "X-4", "six", ranges=[{"type": "GIT", "events": [{"introduced": "0"}]}])
    assert supply.check(tmp_path, "") == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"pytest {locked['pytest']} (checks alone): X-2 Invented",
        f"sqlalchemy {locked['sqlalchemy']}: X-1 Invented; fixed in 99",
    ]
    assert said.err == "4 advisories, the newest of 2026-11-01T00:00:00Z: 2 findings.\n"


def test_one_that_was_withdrawn_or_is_of_another_ecosystem_is_none(supply, tmp_path, capsys):
    advise(tmp_path, "X-1", "six", versions=["1.17.0"])
    document = json.loads((tmp_path / "X-1.json").read_text())
    (tmp_path / "X-1.json").write_text(json.dumps({**document, "withdrawn": "2026-11-02T00:00:00Z"}))
    advise(tmp_path, "X-2", "jinja2", versions=["1"])
    assert supply.check(tmp_path, "Python") == 0
    document["affected"][0]["package"]["ecosystem"] = "Elsewhere"
    (tmp_path / "X-3.json").write_text(json.dumps(document))
    assert supply.check(tmp_path, "Python") == 0
    assert supply.check(tmp_path, "") == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith("choose one with --ecosystem.")


@pytest.mark.parametrize("content", ["", "[]", '{"id": "X"}', '{"modified": "x", "affected": [{"package": {}}]}', "{"])
def test_a_snapshot_that_cannot_be_read_never_passes(supply, tmp_path, capsys, content):
    assert supply.check(tmp_path, "") == 2, "an empty one"
    (tmp_path / "X-1.json").write_text(content)
    assert supply.check(tmp_path, "") == 2
    assert "X-1.json is no advisory in the OSV format." in capsys.readouterr().err


SCRIPTS = ROOT / "scripts" / "windows"
WHOLE = """\
============================= test session starts =============================
[gw0] [ 20%] PASSED tests/core/test_a.py::test_one 
[gw1] [ 40%] FAILED tests/core/test_a.py::test_two[a b] 
[gw1] [ 60%] PASSED tests/core/test_a.py::test_three 
[gw1] [ 60%] ERROR tests/core/test_a.py::test_three 
[gw0] [ 80%] SKIPPED tests/core/test_a.py::test_four 
=========================== short test summary info ===========================
ERROR tests/core/test_b.py
FAILED tests/core/test_a.py::test_two[a b] - assert 1 == 2
"""  # noqa: W291 - as pytest ends its lines


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(SCRIPTS)
    import check

    yield check
    for name in ("check", "build", "shims", "wine"):
        sys.modules.pop(name, None)


def test_packages_of_other_systems_are_left_out_and_each_has_its_sums(check: ModuleType) -> None:
    import build

    wanted = "".join(build.requirements(lock.read_text(encoding="utf-8")) for lock in build.LOCKS)
    pins = re.findall(r"^([\w.-]+)==", wanted, flags=re.M)
    assert {"pyside6-addons", "pywin32", "psycopg-binary", "pytest"} <= {name.lower() for name in pins}
    assert not [name for name in pins if "pyobjc" in name]
    assert ";" not in wanted
    for entry in re.split(r"\n(?=\S)", wanted.strip()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_a_folder_with_something_else_in_it_is_refused_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.joinpath("letter.txt").write_text("mine")
    done = subprocess.run([sys.executable, SCRIPTS / "build.py", tmp_path], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path} holds something else; name an empty folder or a new one.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_worst_outcome_of_each_test_counts_also_where_a_run_is_cut_short(check: ModuleType) -> None:
    first = {
        f"tests/core/test_a.py::test_{name}": outcome for name, outcome in (("one", "PASSED"), ("two[a b]", "FAILED"))
    }
    whole = {"tests/core/test_a.py::test_three": "ERROR", "tests/core/test_a.py::test_four": "SKIPPED"}
    assert check.outcomes_of(WHOLE) == first | whole | {"tests/core/test_b.py": "ERROR"}
    assert check.outcomes_of("\n".join(WHOLE.splitlines()[:3])) == first


def test_each_known_failure_is_of_a_test_that_there_is_and_has_its_reason(check: ModuleType) -> None:
    known = check.known_failures()
    assert known
    for pattern, reason in known.items():
        place, _mark, name = pattern.partition("::")
        name = re.split(r"[?*[]", name)[0]
        assert re.search(rf"^(def|class) {re.escape(name)}", ROOT.joinpath(place).read_text(encoding="utf-8"), re.M), (
            pattern
        )
        assert len(reason) > 15, pattern


INSTALLER = ROOT / "scripts" / "windows" / "installer.py"


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(ROOT / "scripts" / "program")
    import windows_setup

    yield windows_setup
    for name in ("windows_setup", "menu"):
        sys.modules.pop(name, None)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program's folder, as far as an installer looks at it."""
    folder = tmp_path / "new ones" / "queuedesk"
    for name in ("queuedesk.exe", "queuedeskw.exe", "_internal/营业厅.txt"):
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_text("new", encoding="ascii")
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    target = tmp_path / "installed"
    target.joinpath("queuedesk").mkdir(parents=True)
    target.joinpath("queuedesk", "queuedesk.exe").write_text("old", encoding="ascii")
    return target


@pytest.fixture
def code_page() -> Iterator[None]:
    """What Windows calls the code page of its consoles."""

    def found(name: str) -> codecs.CodecInfo | None:
        return codecs.lookup("cp437") if name == "oem" else None

    codecs.register(found)
    yield
    codecs.unregister(found)


@pytest.mark.usefixtures("code_page")
def test_what_opens_at_log_in_is_removed_where_an_update_changed_the_program_too(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folder, target = setup.settings.autostart_folder(), tmp_path / "Queue Desk"
    folder.mkdir(parents=True)
    places = {"display": target, "guide": setup.paths.data_folder() / "versions" / "0.2.0", "kiosk": tmp_path / "other"}
    for name, place in {**places, "line": tmp_path / "Queue Desk 2"}.items():
        line = f'@start "" "{place / "QueueDesk.exe"}" {name}\n'
        folder.joinpath(f"queuedesk-{name}.cmd").write_text(line, encoding="utf-8")
    assert sorted(file.stem for file in setup.start_entries(target)) == ["queuedesk-display", "queuedesk-guide"]


def made(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, INSTALLER, folder], capture_output=True, encoding="utf-8")


def contents(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="ascii") for file in files}


def test_the_zip_has_the_program_and_scripts_as_windows_reads_them(program: Path, tmp_path: Path) -> None:
    """A folder without the program is refused in a sentence."""
    empty = tmp_path / "empty"
    empty.mkdir()
    refused = made(empty)
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1)
    assert list(empty.iterdir()) == []
    assert made(program.parent).returncode == 0
    (archive,) = program.parent.glob("*.zip")
    with zipfile.ZipFile(archive) as packed:
        assert {"install.cmd", "queuedesk/uninstall.cmd", "queuedesk/_internal/营业厅.txt"} <= set(packed.namelist())
        for name in ("install.cmd", "queuedesk/uninstall.cmd"):
            script = packed.read(name)
            assert script.count(b"\n") == script.count(b"\r\n") > 5
            # Other letters are read right only below the line that says which they are.
            assert script.partition(b"chcp 65001")[0].isascii()
            labels = set(re.findall(rb"^:(\w+)", script, re.M))
            assert set(re.findall(rb"goto (\w+)", script)) == labels


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_station_has_an_entry_of_its_own_with_a_name_that_windows_takes(setup: ModuleType, language: str) -> None:
    names = [setup.shortcut_name(title) for title, _about in setup.menu_words(language).values()]
    assert len({name.lower() for name in names}) == len(names) >= 10
    assert not [name for name in names if setup.NOT_IN_A_NAME.search(name) or name == ".lnk"]


def test_a_copy_takes_the_place_of_an_older_one_and_of_one_that_was_cut_short_but_not_where_it_fails(
    setup: ModuleType, program: Path, installed: Path
) -> None:
    installed.joinpath("queuedesk").rename(installed / "queuedesk.old")
    installed.joinpath("queuedesk.new").mkdir()
    installed.joinpath("queuedesk.new", "half").touch()
    setup.copy_program(program, installed)
    assert [file.name for file in installed.iterdir()] == ["queuedesk"]
    assert contents(installed / "queuedesk") == contents(program)
    before, elsewhere = contents(installed), installed.with_name("elsewhere")
    program.joinpath("queuedesk.exe").write_text("newer", encoding="ascii")
    program.joinpath("missing").symlink_to(program / "nowhere")
    for target in (installed, elsewhere):
        with pytest.raises(OSError, match="missing"):
            setup.copy_program(program, target)
    assert contents(installed) == before
    assert not elsewhere.exists()


def test_only_an_empty_folder_or_one_of_its_own_is_taken(setup: ModuleType, tmp_path: Path, installed: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    assert not setup.holds_something_else(letters)
    letters.joinpath("letter.txt").touch()
    assert setup.holds_something_else(letters)
    assert setup.holds_something_else(letters / "letter.txt")
    assert not setup.holds_something_else(installed)
    assert not setup.holds_something_else(tmp_path / "nowhere")


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
