"""Writes lock.txt and lock-dev.txt anew from pyproject.toml: every version fixed, every file by its hash, no
address."""

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "scripts" / "lock.txt"
LOCK_DEV = ROOT / "scripts" / "lock-dev.txt"
OLDEST_PYTHON = "3.11"
COMPILE = ["pip", "compile", "--universal", "--generate-hashes", "--no-header", "--no-annotate"]


def entries(text: str) -> dict[str, str]:
    """Return a lock's entries, name to whole text (hash lines included)."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            name = line.split("==")[0].strip()
        found[name] = found.get(name, "") + line
    return found


def compile_lock(uv: Path, sources: list[str], out: Path, *, upgrade: bool) -> str:
    """Return the lock that uv makes of `sources`; what `out` holds already is kept unless `upgrade`."""
    command = [str(uv), *COMPILE, "--quiet", "--python-version", OLDEST_PYTHON, "--output-file", str(out), *sources]
    # Settings of this machine (mirrors, folders of wheels) must not decide what everyone installs.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    subprocess.run([*command, *(["--upgrade"] if upgrade else [])], cwd=ROOT, env=env, check=True)
    return out.read_text(encoding="utf-8")


def main() -> None:
    """Make both locks; the second holds only what the first does not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of keeping the locked")
    upgrade = parser.parse_args().upgrade
    with tempfile.TemporaryDirectory() as folder:
        tools = Path(folder) / "tools"
        venv.create(tools, with_pip=True)
        programs = tools / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        uv = programs / ("uv.exe" if os.name == "nt" else "uv")
        runtime, everything = Path(folder) / "lock.txt", Path(folder) / "all.txt"
        for old, copies in ((LOCK, (runtime, everything)), (LOCK_DEV, (everything,))):
            for copy in copies if old.exists() else ():
                with copy.open("a", encoding="utf-8") as file:
                    file.write(old.read_text(encoding="utf-8"))
        # With both servers: a checkout can share its hall and serve its pages without another installation.
        groups = ["--group", "build", "--extra", "host", "--extra", "web"]
        text = compile_lock(uv, ["pyproject.toml", *groups], runtime, upgrade=upgrade)
        whole = compile_lock(
            uv, ["pyproject.toml", *groups, "--group", "dev", "-c", str(runtime)], everything, upgrade=upgrade
        )
    LOCK.write_text(text, encoding="utf-8", newline="\n")
    only_dev = {name: entry for name, entry in entries(whole).items() if name not in entries(text)}
    LOCK_DEV.write_text("".join(only_dev.values()), encoding="utf-8", newline="\n")
    print(f"{LOCK.name}: {len(entries(text))} packages; {LOCK_DEV.name}: {len(only_dev)} packages", file=sys.stderr)


if __name__ == "__main__":
    main()
