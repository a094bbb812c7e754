"""CUPS itself, as Debian brings it, on this machine alone: printers are programs of ours behind its queues."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bounded import until
from tests.networks import free_port, listens

OURS = Path(__file__).with_name("cups_server")  # its two files of rules, and the printer behind its queues
NOWHERE = "ipp://127.0.0.1:9/ipp/print"
SERVER = Path("/usr/lib/cups")
_END_S = 10


class Cups:
    """A print server of its own; `address` is for CUPS_SERVER."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.address, self._port = folder, f"127.0.0.1:{port}", port
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("cupsd", path="/usr/sbin:/sbin:/usr/bin") or "cupsd"
        with (self.folder / "words").open("ab") as words:
            line = [program, "-c", self.folder / "cupsd.conf", "-s", self.folder / "cups-files.conf", "-f"]
            server = self._server = subprocess.Popen(line, stdout=words, stderr=words)
        until(lambda: listens(self._port) or server.poll() is not None)
        assert server.poll() is None, (self.folder / "error").read_text()[-2000:]

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it answer nothing, though it is there."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._server.send_signal(signal.SIGCONT)

    def add(self, name: str, uri: str = "", **options: str) -> str:
        """Put up a queue; without `uri` one in front of a program that prints into a folder."""
        words = [word for key, value in options.items() for word in ("-o", f"{key.replace('_', '-')}={value}")]
        self.run("lpadmin", "-p", name, "-E", "-v", uri or f"paper:/{name}", *words)
        return name

    def says(self, name: str, says: str) -> None:
        """Let a printer lack something ("media-empty-error"), "fail" at each job, be "silent", or ("") print again."""
        place = self.folder / "devices" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "says.new").write_text(says)
        (place / "says.new").rename(place / "says")

    def printed(self, name: str) -> list[bytes]:
        return [file.read_bytes() for file in sorted((self.folder / "devices" / name).glob("out-*.pdf"))]

    def waiting(self, name: str) -> list[str]:
        return [line.split()[0] for line in self.run("lpstat", "-o", name).splitlines()]

    def run(self, *words: str) -> str:
        env = {**os.environ, "CUPS_SERVER": self.address, "LC_ALL": "C"}
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def cups(folder: Path) -> Iterator[Cups]:
    """Run a print server on this machine's loopback, ended with the block."""
    server = Cups(folder, _set_up(folder))
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _set_up(folder: Path) -> int:
    for name in ("etc", "spool", "cache", "run", "tmp", "devices", "programs/backend"):
        (folder / name).mkdir(parents=True)
    for name in ("daemon", "notifier"):
        (folder / "programs" / name).symlink_to(SERVER / name)
    paper, ipp = folder / "programs/backend/paper", folder / "programs/backend/ipp"
    paper.write_text(_filled("printer.sh", folder=folder))
    shutil.copyfile(SERVER / "backend/ipp", ipp)
    for program in (paper, ipp):
        program.chmod(0o700)  # so one that root starts runs as root: another user could not look into a test's folder
    port = free_port()
    (folder / "cups-files.conf").write_text(_filled("cups-files.conf", folder=folder))
    (folder / "cupsd.conf").write_text(_filled("cupsd.conf", port=port))
    return port


def _filled(name: str, **values: object) -> str:
    """Return a file of ours with its @names@ filled in."""
    text = (OURS / name).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", str(value))
    return text
