"""What goes with a program that is handed on is whole, and known vulnerabilities of locked packages are found."""

import json
from importlib import metadata
from pathlib import Path

import pytest

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
