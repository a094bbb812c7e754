"""New versions: the wheel of this program with a higher number, as a folder of a program or of packages."""

import base64
import compileall
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable, Mapping
from importlib.util import cache_from_source, source_hash
from pathlib import Path
from typing import Any

from queuedesk import __version__
from queuedesk.features.update.verbs import RELEASE, SIGNATURE, platform_name, sign_release
from queuedesk.store.engine.migrate import REVISION
from tests.installed import Installed, made_once, wheel_of

NEW = "0.2.0"
NEXT_REVISION = f"{int(REVISION) + 1:04}"
Change = Callable[[str], str]
MIGRATION = f'''"""A revision of the next version."""

from alembic import op

revision, down_revision = "{NEXT_REVISION}", "{REVISION}"


def upgrade() -> None:
    """Add a table and columns that may be empty."""
    op.execute("CREATE TABLE remarks (hall BIGINT NOT NULL, text TEXT)")
    op.execute("ALTER TABLE comments ADD COLUMN size TEXT")
    op.execute("ALTER TABLE tickets ADD COLUMN colour TEXT")
'''
ADDS = "\nADDS = True\n"
REVISES: Mapping[str, Change] = {
    "queuedesk/store/engine/migrate.py": lambda text: text.replace(
        f'REVISION = "{REVISION}"', f'REVISION = "{NEXT_REVISION}"'
    ),
    "queuedesk/store/schema.py": lambda text: text.replace(
        '    "comments": lambda name: strict_table_definition(\n        name,\n        hall_column(),\n',
        '    "comments": lambda name: strict_table_definition(\n        name,\n        hall_column(),\n        Column("size", Text),\n',
    ),
    f"queuedesk/store/migrations/versions/{NEXT_REVISION}_next.py": lambda _text: MIGRATION,
}
"""A next version whose tables no program before it reads."""
ADDING = REVISES | {f"queuedesk/store/migrations/versions/{NEXT_REVISION}_next.py": lambda _text: MIGRATION + ADDS}
"""One that lets programs of this version go on."""
LAUNCHER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
PYTHONPATH="$here/_internal:{lent}" exec {python} -P -m queuedesk "$@"
"""
INSIDE = "_internal"
COMPILED: Any = {"quiet": 1, "force": True, "invalidation_mode": py_compile.PycInvalidationMode.UNCHECKED_HASH}
UNCHECKED = b"\1\0\0\0"
"""In a compiled file: it begins with the sum of its source, which nobody compares."""
LENT = "lent-1.0-py3-none-any.whl"
"""A package that lends the tests' own, as a folder named like tests/installed.py does."""


def copied(folder: Path, target: Path) -> Path:
    """Return a copy of a release, whose files are the same ones under other names: replaced() changes one of them."""
    return Path(shutil.copytree(folder, target, symlinks=True, copy_function=os.link))


def replaced(file: Path, content: bytes | bytearray) -> None:
    """Put a file in the place of one that other copies may have too."""
    mode = file.stat().st_mode if file.exists() else 0o644
    file.unlink(missing_ok=True)
    file.write_bytes(content)
    file.chmod(mode)


def unpacked(copy: Installed, folder: Path, version: str, changes: Mapping[str, Change]) -> Path:
    """Return a folder with the wheel's files as another version, its list of them with their sums put right."""
    copied(made_once("wheel", lambda place: _unpack(copy, place)) / INSIDE, folder)
    number = {"queuedesk/__init__.py": lambda text: text.replace(f'"{__version__}"', f'"{version}"')}
    (old,) = folder.glob("*.dist-info")
    info = old.rename(folder / f"queuedesk-{version}.dist-info")
    record = (info / "RECORD").read_text(encoding="utf-8").replace(f"{old.name}/", f"{info.name}/")
    lines = {line.partition(",")[0]: line for line in record.splitlines(keepends=True)}
    meta = {
        f"{info.name}/METADATA": lambda text: text.replace(f"\nVersion: {__version__}\n", f"\nVersion: {version}\n")
    }
    for name, change in {**number, **meta, **changes}.items():
        file = folder / name
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        after = change(text)
        assert after != text, name
        replaced(file, after.encode())
        lines[name] = f"{name},sha256={digest(file)},{file.stat().st_size}\n"
        if file.suffix == ".py":
            assert compileall.compile_file(file, stripdir=folder.parent, **COMPILED)
    replaced(info / "RECORD", "".join(lines.values()).encode())
    return folder


def _unpack(copy: Installed, place: Path) -> None:
    """Put the wheel's files below `place`, modules compiled as scripts/program/freeze.py does: what was compiled of the
    same ones when they were installed, with their sums where their times stood."""
    with zipfile.ZipFile(wheel_of(copy.built)) as wheel:
        wheel.extractall(place / INSIDE)
    package = place / INSIDE / "queuedesk"
    for source in package.rglob("*.py"):
        compiled = Path(cache_from_source(str(source)))
        content = Path(cache_from_source(str(copy.package / source.relative_to(package)))).read_bytes()
        compiled.parent.mkdir(exist_ok=True)
        compiled.write_bytes(content[:4] + UNCHECKED + source_hash(source.read_bytes()) + content[16:])


def digest(path: Path) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()


def program_folder(
    copy: Installed, folder: Path, changes: Mapping[str, Change] | None = None, version: str = NEW
) -> Path:
    """Return a program's folder as scripts/program/freeze.py makes one: what starts it, and the rest below `_internal`,
    modules compiled."""
    unpacked(copy, folder / INSIDE, version, REVISES if changes is None else changes)
    program = folder / "queuedesk"
    program.write_text(LAUNCHER.format(lent=sysconfig.get_path("purelib"), python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    (folder / INSIDE / "python").symlink_to("../queuedesk")
    return folder


def next_release(copy: Installed, folder: Path, key: Path, *, adding: bool = False) -> Path:
    """Return the next version as a program's folder, signed with `key`: the one that revises, or is `adding`."""
    changes = ADDING if adding else REVISES
    made = made_once(f"release-{adding}", lambda place: program_folder(copy, place / "new", changes))
    name = f"release-{adding}-{hashlib.sha256(key.read_bytes()).hexdigest()}"
    signed = made_once(name, lambda place: sign(copied(made / "new", place / "new"), key))
    return copied(signed / "new", folder)


def wheels_folder(copy: Installed, folder: Path) -> Path:
    """Return a folder as scripts/offline.py fills one, with one platform."""
    place = folder / platform_name()
    place.mkdir(parents=True)
    pack(unpacked(copy, folder / "site", NEW, {}), place / f"queuedesk-{NEW}-py3-none-any.whl")
    lent = folder / "lent"
    (lent / "lent-1.0.dist-info").mkdir(parents=True)
    (lent / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    (lent / "lent-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: lent\nVersion: 1.0\n")
    (lent / "lent-1.0.dist-info" / "WHEEL").write_text("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    (lent / "lent-1.0.dist-info" / "RECORD").write_text(
        "lent.pth,,\nlent-1.0.dist-info/METADATA,,\nlent-1.0.dist-info/WHEEL,,\nlent-1.0.dist-info/RECORD,,\n"
    )
    pack(lent, place / LENT)
    (place / "SHA256SUMS").write_text("")
    return folder


def installed_by_hand(folder: Path, place: Path) -> Path:
    """Install the packages of wheels_folder() below `place`; return where the program stands."""
    venv.create(place, symlinks=True)
    wheels = map(str, (folder / platform_name()).glob("*.whl"))
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-compile", *wheels], check=True)
    return place / "bin"


def pack(folder: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel, "w") as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                out.write(path, path.relative_to(folder).as_posix())
    shutil.rmtree(folder)


def sign(folder: Path, key: Path, made_for: str = "") -> Path:
    for name in (RELEASE, SIGNATURE):
        (folder / name).unlink(missing_ok=True)
    sign_release(folder, key, made_for or platform_name())
    return folder


def sign_by_script(folder: Path, key: Path) -> str:
    """Sign as a person does."""
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, str(root / "scripts" / "sign_release.py"), str(folder), str(key)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(root)})
    return done.stdout
