"""Writes what goes with a copy of the program that is handed on, or checks the locks against known vulnerabilities:

    .venv/bin/python scripts/supply.py FOLDER
    .venv/bin/python scripts/supply.py --vulnerabilities SNAPSHOT

FOLDER gets `sbom.json`, every locked package with version, licence and hashes (CycloneDX 1.6); `notices.txt`, who made
what, under which licence, and where its source is; and the texts of the licences. scripts/program/freeze.py puts them
into the program's folder. A package is named by its name and version alone: the type of a package URL would say where
it was fetched.

SNAPSHOT is a folder with advisories in the OSV format (https://ossf.github.io/osv-schema), one a file. osv.dev offers
those of Python's packages as one archive; unpack it on a PC with a network and carry the folder over. Each finding is a
line, and the exit status is 1; 2 where the snapshot can't be read.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import sysconfig
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import environment
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = environment.ROOT
TEXTS = Path(__file__).resolve().parent / "program" / "licences"
"""Licence texts that packages leave out of what they install."""
SBOM, NOTICES, LICENCES = "sbom.json", "notices.txt", "licences"
FOUND, UNREADABLE = 1, 2
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
BSD, MIT, APACHE, PSF, MPL = "BSD-3-Clause", "MIT", "Apache-2.0", "PSF-2.0", "MPL-2.0"
LGPL = "LGPL-3.0-only"
SAID = {
    **dict.fromkeys(("appdirs", "charset-normalizer", "comtypes", "et-xmlfile", "h11", "openpyxl", "pluggy"), MIT),
    **dict.fromkeys(("pyobjc-core", "pyobjc-framework-cocoa", "python-barcode", "python-escpos"), MIT),
    **dict.fromkeys(("pyyaml", "six", "altgraph", "brotli", "fonttools", "macholib", "markdown-it-py", "mdurl"), MIT),
    **dict.fromkeys(("pefile", "pypinyin", "pytest-qt", "rich"), MIT),
    **dict.fromkeys(("colorama", "jinja2", "psutil", "pyserial", "pyusb", "qrcode", "reportlab", "httpx"), BSD),
    **dict.fromkeys(("pywin32-ctypes", "skia-pathops"), BSD),
    **dict.fromkeys(("argcomplete", "libusb-package", "trove-classifiers", "tzdata", "sortedcontainers"), APACHE),
    **dict.fromkeys(("pathspec", "certifi", "shtab"), MPL),
    **dict.fromkeys(("pypiwin32", "pywin32"), PSF),
    **dict.fromkeys(("grimp", "import-linter"), "BSD-2-Clause"),
    **dict.fromkeys(("pyside6-addons", "pyside6-essentials", "shiboken6"), LGPL),
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pyinstaller-hooks-contrib": "Apache-2.0 AND GPL-2.0-or-later",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
}
"""Licences of packages that don't name theirs by an SPDX expression, or leave a choice: which one is made here. Of
qrcode, which calls itself "other" too, the text is the BSD licence."""
SOURCES = {
    "pyside6-addons": "https://download.qt.io/official_releases/QtForPython/pyside6/",
    "pyside6-essentials": "https://download.qt.io/official_releases/QtForPython/pyside6/",
    "shiboken6": "https://download.qt.io/official_releases/QtForPython/shiboken6/",
    "psycopg": "https://github.com/psycopg/psycopg",
    "psycopg-binary": "https://github.com/psycopg/psycopg",
    "pyttsx3": "https://github.com/nateshmbhat/pyttsx3",
    "pathspec": "https://github.com/cpburnz/python-pathspec",
}
"""Where the source is of what is under a licence that asks for it."""
LENT = {"pyside6-addons": "LGPL-3.0", "pyside6-essentials": "LGPL-3.0", "shiboken6": "LGPL-3.0", "pyserial": "pyserial"}
"""Packages that install no licence text, with the name of theirs in TEXTS."""
RULE = "-" * 100
HEAD = """QueueDesk {version}, Apache License 2.0, contains software that others made.

Qt and PySide: GNU Lesser General Public License, version 3 (licences/LGPL-3.0.txt, which adds to licences/GPL-3.0.txt).
Their libraries, and FFmpeg's beside them (GNU LGPL 2.1 or later, licences/LGPL-2.1.txt), are files of their own in
PySide6 and shiboken6. You may change them and put others of the same interface in their place; the program then uses
those. Taking the program apart to find faults in such a change is allowed. Source of Qt {qt} and of its FFmpeg:
https://download.qt.io/official_releases/qt/ and https://ffmpeg.org/releases/. What Qt itself contains is listed at
https://doc.qt.io/qt-6/licenses-used-in-qt.html.

psycopg and psycopg-binary: LGPL 3 as well, also as files of their own. pyttsx3 and pathspec: Mozilla Public License
2.0; nothing in them was changed. The program's starter is PyInstaller's: its licence lets programs under any licence
use it. Python itself: licences/python; what it takes from the system: licences/system. Letters: Inter and Noto Sans SC,
SIL Open Font License.

Who hands this program on hands on this folder with it.
"""


class Component(NamedTuple):
    """A locked package. `condition` says on which systems it is installed, "" for on all; `is_shipped`: not only its
    checks need it."""

    name: str
    version: str
    condition: str
    hashes: tuple[str, ...]
    is_shipped: bool

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def licence(self) -> str:
        """Its licence as an SPDX expression. Raises KeyError where nobody has said which it is."""
        if self.name in SAID:
            return SAID[self.name]
        try:
            return str(metadata.metadata(self.name)["License-Expression"] or SAID[self.name])
        except metadata.PackageNotFoundError:
            return SAID[self.name]


def components(locks: Sequence[str] = environment.DEVELOPMENT) -> list[Component]:
    """Return every package of the locks, in their order."""
    found = []
    for lock in locks:
        text = (ROOT / "scripts" / lock).read_text(encoding="utf-8")
        for pin in environment.PINNED.finditer(text):
            version = pin[0].partition("==")[2].split()[0]
            condition = (pin["condition"] or "").removeprefix(" ;").strip()
            hashes = tuple(environment.HASH.findall(pin["sums"]))
            found.append(Component(pin["name"], version, condition, hashes, lock in environment.RUNTIME))
    return found


def own_version() -> str:
    """Return the version of QueueDesk."""
    text = (ROOT / "queuedesk" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    assert found is not None
    return found[1]


# -- what goes with the program ----------------------------------------------------------------------------------------


def sbom() -> dict[str, Any]:
    """Return the list of components as a CycloneDX document; of the same locks always the same."""
    parts = [_component_document(one) for one in components()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    top = {"type": "application", "bom-ref": "queuedesk", "name": "queuedesk", "version": own_version()}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**top, "licenses": [{"expression": project["license"]}]}},
        "components": parts,
        "dependencies": [{"ref": "queuedesk", "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    digest = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return {**document, "serialNumber": f"urn:uuid:{digest}"}


def _component_document(one: Component) -> dict[str, Any]:
    document = {
        "type": "library",
        "bom-ref": one.ref,
        "name": one.name,
        "version": one.version,
        "scope": "required" if one.is_shipped and not one.condition else "optional" if one.is_shipped else "excluded",
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
        "licenses": [{"expression": one.licence}],
    }
    if one.condition:
        document["properties"] = [{"name": "queuedesk:installed_where", "value": one.condition}]
    if one.name in SOURCES:
        document["externalReferences"] = [{"type": "source-distribution", "url": SOURCES[one.name]}]
    return document


def licence_files(name: str) -> list[Path]:
    """Return the licence texts that an installed package has; [] where it has none or is not installed here."""
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return []
    of_info = [file for file in files if ".dist-info" in file.parts[0]]
    texts = [file for file in of_info if _LICENCE_FILE.search(file.name) or "licenses" in file.parts]
    # Some list a text with their modules instead; vendored parts bring theirs along inside other folders.
    texts = texts or [file for file in files if _LICENCE_FILE.match(file.name) and file.suffix in ("", ".txt", ".md")]
    return [path for file in texts if (path := Path(str(file.locate()))).is_file()]


def is_only_a_name(name: str) -> bool:
    """Whether an installed package has no file but those about itself, as one that only asks for another."""
    return all(".dist-info" in file.parts[0] for file in metadata.files(name) or [])


def write(folder: Path) -> list[str]:
    """Write list, notices and licence texts into a folder, in place of those there. Return the packages that are
    installed here without any licence text."""
    texts = folder / LICENCES
    if texts.exists():
        shutil.rmtree(texts)
    texts.mkdir(parents=True)
    for text in TEXTS.glob("*.txt"):
        shutil.copy(text, texts)
    shutil.copy(ROOT / "LICENSE", texts / "queuedesk.txt")
    _copy_others(texts)
    lacking, lines = [], []
    for one in components(environment.RUNTIME):
        files = licence_files(one.name)
        for file in files:
            place = texts / one.name / _short_place(file)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
        is_here = _is_installed(one)
        if is_here and not files and one.name not in LENT and not is_only_a_name(one.name):
            lacking.append(one.name)
        where = f"{LICENCES}/{one.name}" if files else f"{LICENCES}/{LENT[one.name]}.txt" if one.name in LENT else ""
        lines.append(_notice(one, where if is_here else "not installed on this system"))
    qt = next(one.version for one in components() if one.name == "pyside6-essentials")
    head = HEAD.format(version=own_version(), qt=qt)
    (folder / NOTICES).write_text("\n".join([head, RULE, *lines]) + "\n", encoding="utf-8")
    (folder / SBOM).write_text(json.dumps(sbom(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return lacking


def _copy_others(texts: Path) -> None:
    """Copy the licences of what lies in resources, and Python's."""
    for file in (ROOT / "resources").rglob("LICENSE-*.txt"):
        shutil.copy(file, texts / file.name.removeprefix("LICENSE-"))
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    (texts / "python").mkdir()
    if python.is_file():
        shutil.copy(python, texts / "python")
    else:
        (texts / "python" / "LICENSE.txt").write_text("https://docs.python.org/3/license.html\n", encoding="utf-8")


def _short_place(file: Path) -> Path:
    """Return where a text goes in its package's folder: as below `licenses`, else by its name."""
    parts = file.parts
    return Path(*parts[parts.index("licenses") + 1 :]) if "licenses" in parts else Path(file.name)


def _is_installed(one: Component) -> bool:
    try:
        return metadata.version(one.name) == one.version
    except metadata.PackageNotFoundError:
        return False


def _notice(one: Component, where: str) -> str:
    source = f"\n    source: {SOURCES[one.name]}" if one.name in SOURCES else ""
    return f"{one.name} {one.version}: {one.licence}\n    {where or 'no text'}{source}"


# -- known vulnerabilities ---------------------------------------------------------------------------------------------


class Advisory(NamedTuple):
    """What an advisory says of one package: the versions and ranges that are affected."""

    id: str
    summary: str
    name: str
    versions: tuple[str, ...]
    ranges: tuple[tuple[dict[str, str], ...], ...]

    @property
    def fixed_in(self) -> list[str]:
        return [event["fixed"] for events in self.ranges for event in events if "fixed" in event]


class SnapshotError(Exception):
    """A snapshot that can't be read, or is none."""


def read_snapshot(folder: Path, ecosystem: str = "") -> tuple[list[Advisory], str]:
    """Return the advisories of a folder that were not withdrawn, and when the newest of them was changed. Raises
    SnapshotError also for a folder without any: it would find everything to be well."""
    found, newest, kinds = [], "", set[str]()
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise SnapshotError(f"{folder} holds no advisory (*.json).")
    for file in files:
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            newest = max(newest, str(document["modified"]))
            for affected in () if document.get("withdrawn") else document.get("affected", ()):
                package = affected.get("package")
                if package is None or (ecosystem and package["ecosystem"].partition(":")[0] != ecosystem):
                    continue
                kinds.add(package["ecosystem"].partition(":")[0])
                found.append(_advisory(document, affected))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SnapshotError(f"{file} is no advisory in the OSV format.") from error
    if len(kinds) > 1:
        raise SnapshotError(f"The advisories are of {', '.join(sorted(kinds))}; choose one with --ecosystem.")
    if not kinds:
        raise SnapshotError(f"{folder} holds no advisory on packages{f' of {ecosystem}' if ecosystem else ''}.")
    return found, newest


def _advisory(document: dict[str, Any], affected: dict[str, Any]) -> Advisory:
    ranges = tuple(tuple(one["events"]) for one in affected.get("ranges", ()) if one["type"] != "GIT")
    summary = str(document.get("summary") or document.get("details") or "").strip().partition("\n")[0]
    name = canonicalize_name(affected["package"]["name"])
    return Advisory(str(document["id"]), summary, name, tuple(affected.get("versions", ())), ranges)


def is_affected(advisory: Advisory, version: str) -> bool:
    """Whether an advisory says that a version of its package is affected. Events that name no version of Python's
    count as such: a doubt is a finding."""
    own = Version(version)
    return any(_parsed(one) == own for one in advisory.versions) or any(
        _is_in_range(events, own) for events in advisory.ranges
    )


def _parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _is_in_range(events: Sequence[dict[str, str]], own: Version) -> bool:
    lowest = Version("0.dev0")
    steps: list[tuple[Version, int, str]] = []
    for event in events:
        for kind, text in event.items():
            if kind in ("introduced", "fixed", "last_affected"):
                at = lowest if text == "0" else _parsed(text)
                if at is None:
                    return True
                steps.append((at, 0 if kind == "introduced" else 1, kind))
    inside = False
    for at, _order, kind in sorted(steps):
        if kind == "introduced" and at <= own:
            inside = True
        elif (kind == "fixed" and at <= own) or (kind == "last_affected" and at < own):
            inside = False
    return inside


def findings(advisories: Sequence[Advisory], locked: Sequence[Component]) -> Iterator[str]:
    """Yield a line for each locked package that an advisory is about."""
    by_name: dict[str, list[Component]] = {}
    for one in locked:
        by_name.setdefault(canonicalize_name(one.name), []).append(one)
    for advisory in advisories:
        for one in by_name.get(advisory.name, ()):
            if is_affected(advisory, one.version):
                fixed = f"; fixed in {', '.join(advisory.fixed_in)}" if advisory.fixed_in else ""
                use = "" if one.is_shipped else " (checks alone)"
                yield f"{one.name} {one.version}{use}: {advisory.id} {advisory.summary}{fixed}"


def check(snapshot: Path, ecosystem: str) -> int:
    """Print what is known of the locked packages and return the exit status."""
    try:
        advisories, newest = read_snapshot(snapshot, ecosystem)
    except SnapshotError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    lines = sorted(set(findings(advisories, components())))
    for line in lines:
        print(line)
    print(f"{len(advisories)} advisories, the newest of {newest}: {len(lines)} findings.", file=sys.stderr)
    return FOUND if lines else 0


def main() -> int:
    """Write the files, or look for what is known."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    takes.add_argument("folder", type=Path, nargs="?")
    takes.add_argument("--vulnerabilities", type=Path, metavar="SNAPSHOT", help="a folder of advisories in OSV JSON")
    takes.add_argument("--ecosystem", default="", help="of these packages alone, as the advisories call it")
    asked = takes.parse_args()
    if (asked.folder is None) == (asked.vulnerabilities is None):
        takes.error("name a folder, or --vulnerabilities and a snapshot")
    if asked.vulnerabilities is not None:
        return check(asked.vulnerabilities, asked.ecosystem)
    lacking = write(asked.folder)
    if lacking:
        print(f"Without a licence text: {', '.join(lacking)}", file=sys.stderr)
    return FOUND if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
