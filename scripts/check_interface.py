"""Check the interface for other programs against its own description, by schemathesis in an environment of its own.

check_interface.py                       every scope by itself, all of them, and no key
check_interface.py --scopes all none     only these
check_interface.py --environment FOLDER  where schemathesis is, or is installed to (1 minute, 120 MB)

It makes a hall in a temporary folder, serves it on this PC alone, and prints a row for each key: requests, failures.
Exit 1 if there are any. A key may ask ten times a second, so a row takes a minute or two. Streams are left out: they do
not end.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCHEMATHESIS = "schemathesis==4.32.5"
SCOPES = ("read", "issue", "call", "book", "rate", "events")
EVERYTHING, NOBODY = "all", "none"
PER_S = 9
COUNTED = re.compile(r"(\d+) generated(?:, \d+ found (\d+) unique failures?)?")
SETTINGS = """
[parameters]
"path.window" = "1"
"""


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--environment", type=Path, default=ROOT / ".venv-interface")
    reader.add_argument(
        "--scopes", nargs="+", default=[*SCOPES, EVERYTHING, NOBODY], choices=[*SCOPES, EVERYTHING, NOBODY]
    )
    reader.add_argument("--examples", type=int, default=10, metavar="N", help="random requests of each kind")
    given = reader.parse_args()
    program = installed(given.environment)
    with tempfile.TemporaryDirectory() as folder:
        hall = Hall(Path(folder))
        hall.begin()
        try:
            rows = [(scope, *checked(program, hall, scope, given.examples)) for scope in given.scopes]
        finally:
            hall.end()
    return 1 if any(failures for _scope, _requests, failures in rows) else 0


def installed(environment: Path) -> Path:
    """Return the program in an environment, which is made where there is none."""
    folder = environment / ("Scripts" if os.name == "nt" else "bin")
    program = folder / ("schemathesis.exe" if os.name == "nt" else "schemathesis")
    if not program.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([folder / "python", "-m", "pip", "install", "--quiet", SCHEMATHESIS], check=True)
    return program


def checked(program: Path, hall: "Hall", scope: str, examples: int) -> tuple[int, int]:
    """Send requests with a key of this scope; print and return how many there were, and how many failures."""
    key = "qd_none" if scope == NOBODY else hall.key(scope, SCOPES if scope == EVERYTHING else (scope,))
    settings = hall.folder / "schemathesis.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    words: list[str | Path] = [program, "--config-file", settings, "run", f"{hall.address}/api/v1/openapi.json"]
    words += ["--header", f"Authorization: Bearer {key}", "--exclude-path-regex", "stream", "--no-color"]
    words += ["--max-examples", str(examples), "--rate-limit", f"{PER_S}/s", "--phases", "coverage,fuzzing,stateful"]
    done = subprocess.run(words, cwd=hall.folder, capture_output=True, encoding="utf-8", check=False)
    counted = COUNTED.search(done.stdout)
    requests, failures = (int(counted[1]), int(counted[2] or 0)) if counted else (0, 1)
    print(f"{scope:8} {requests:6} requests {failures:4} failures", flush=True)
    if failures or done.returncode:
        print(done.stdout, done.stderr, sep="\n")
    return requests, failures or int(done.returncode != 0)


class Hall:
    """A hall that is served while it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._listen = f"127.0.0.1:{free.getsockname()[1]}"
        self.address = f"http://{self._listen}"
        self._process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        self.told("init", "--preset", "bank", "--all-hours", "--features", "web,appointments")
        self.told("open", "1", "--staff", "C1")
        words = self._words("web", "--listen", self._listen)
        self._process = subprocess.Popen(words, env=self._home(), stdout=subprocess.PIPE, encoding="utf-8")
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise SystemExit("The hall is not served.")

    def end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()

    def key(self, name: str, scopes: tuple[str, ...]) -> str:
        return str(self.told("web", "keys", "add", name, "--scope", *scopes)["key"])

    def told(self, *words: str) -> Any:
        done = subprocess.run(
            self._words(*words), env=self._home(), stdout=subprocess.PIPE, encoding="utf-8", check=True
        )
        return json.loads(done.stdout)

    def _words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "queuedesk", "--db", str(self.folder / "hall.sqlite"), "--json", *words]

    def _home(self) -> dict[str, str]:
        kept = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA")
        return {**os.environ, **dict.fromkeys(kept, str(self.folder)), "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    sys.exit(main())
