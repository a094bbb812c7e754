"""Makes a Debian package of the program's folder:

    .venv/bin/python scripts/program/debian.py FOLDER

FOLDER/queuedesk is what freeze.py made; FOLDER/queuedesk_VERSION_ARCHITECTURE.deb becomes the package: the program, an
entry in the menu for each station, a page for `man` for each command, completion in three shells, and units of systemd
for a PC that shares its hall, or serves its web pages, while nobody is signed in.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.utils import formatdate
from functools import cache
from pathlib import Path
from string import Template

import shtab

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = Path(__file__).resolve().parent / "debian"
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from menu import HOME, menu_words  # noqa: E402
from system_packages import QT, VOICE  # noqa: E402

from queuedesk import __version__, i18n  # noqa: E402
from queuedesk.app.station.launch import station_openers  # noqa: E402
from queuedesk.cli.main import build_parser  # noqa: E402

VERSION = f"{__version__}-1"
PROGRAM = "/usr/lib/queuedesk"
ENGLISH, CHINESE = "en", "zh_CN"
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/queuedesk",
    "zsh": "usr/share/zsh/vendor-completions/_queuedesk",
    "fish": "usr/share/fish/vendor_completions.d/queuedesk.fish",
}
SERVED = {
    "host": ("a hall shared with other PCs", "host --no-autostart --no-code"),
    "web": ("a hall's web pages", "web"),
}
# The loader's own library, which everything needs; the others are those that Qt asks the system for.
NEEDED = ["libc6 (>= 2.34)", *QT]


def menu_entries() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each entry in the menu: the start page, then each station."""
    in_chinese = menu_words(CHINESE)
    for name, (title, about) in menu_words(ENGLISH).items():
        title_zh, about_zh = in_chinese[name]
        brand = "" if name == HOME else "QueueDesk: "
        yield (
            name,
            f"[Desktop Entry]\nType=Application\nName={brand}{title}\nName[zh_CN]={brand}{title_zh}\n"
            f"Comment={about}\nComment[zh_CN]={about_zh}\nExec=queuedesk {name}\nIcon=queuedesk\nTerminal=false\n"
            "Categories=Office;\n",
        )


def man_pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the program's page and of each command's."""
    parser = english_parser()
    yield "queuedesk", man_page(parser, "queuedesk", "front desk of a service hall")
    (commands,) = (action.choices for action in parser._actions if isinstance(action.choices, dict))
    for name, command in commands.items():
        yield f"queuedesk-{name}", man_page(command, f"queuedesk-{name}", command.description or name)


def english_parser() -> argparse.ArgumentParser:
    i18n.choose_language(ENGLISH)
    return build_parser(station_openers())


def man_page(parser: argparse.ArgumentParser, name: str, about: str) -> str:
    """Return the page of a command in the language of pages for `man`: its usage and all that its --help says."""
    usage, *parts = parser.format_help().split("\n\n")
    day = time.strftime("%Y-%m-%d", time.gmtime(built_at()))
    lines = [f'.TH "{name.upper()}" 1 "{day}" "QueueDesk {__version__}" QueueDesk', ".SH NAME"]
    lines += [f"{plain(name)} \\- {plain(about)}", ".SH SYNOPSIS", ".nf", plain(usage.partition(": ")[2]), ".fi"]
    for part in parts:
        title, colon, rest = part.partition(":\n")
        if colon and "\n" not in title:
            lines += [f".SH {plain(title.upper())}", ".nf", plain(rest.rstrip()), ".fi"]
        elif part.strip() != about:
            lines += [".SH DESCRIPTION", plain(part.strip())]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Return a text in which nothing has a meaning for `man`: no line begins with a point or a quote."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in text.splitlines())


def fill(top: Path, program: Path) -> None:
    """Write what the package holds into `top`, as it will lie below the root of a system."""
    shutil.copytree(program, top / PROGRAM.lstrip("/"), symlinks=True)
    (top / "usr/bin").mkdir(parents=True)
    (top / "usr/bin/queuedesk").symlink_to("../lib/queuedesk/queuedesk")
    for name, text in menu_entries():
        write(top / f"usr/share/applications/queuedesk-{name}.desktop", text)
    for name, text in man_pages():
        write_packed(top / f"usr/share/man/man1/{name}.1.gz", text)
    parser = english_parser()
    for shell, place in COMPLETIONS.items():
        write(top / place, shtab.complete(parser, shell))
    for name, (about, words) in SERVED.items():
        text = template("service").substitute(about=about, program=f"{PROGRAM}/queuedesk", words=words)
        write(top / f"usr/lib/systemd/system/queuedesk-{name}.service", text)
    icon = top / "usr/share/icons/hicolor/scalable/apps/queuedesk.svg"
    icon.parent.mkdir(parents=True)
    shutil.copy(ROOT / "resources" / "icons" / "ticket.svg", icon)
    shutil.copytree(FILES / "share", top / "usr/share", dirs_exist_ok=True)
    documents = top / "usr/share/doc/queuedesk"
    write(documents / "copyright", (FILES / "copyright").read_text(encoding="utf-8"))
    for name in ("sbom.json", "notices.txt"):
        (documents / name).symlink_to(f"../../../lib/queuedesk/legal/{name}")
    news = f"queuedesk ({VERSION}) stable; urgency=medium\n\n  * QueueDesk {__version__}.\n\n"
    write_packed(documents / "changelog.Debian.gz", f"{news} -- {maintainer()}  {formatdate(built_at())}\n")


@cache
def built_at() -> float:
    """Return the time that the package says it was made at: of the latest change, so that two builds are the same."""
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return float(told.stdout) if told.returncode == 0 and told.stdout.strip() else time.time()


def maintainer() -> str:
    return (FILES / "maintainer").read_text(encoding="utf-8").strip()


def template(name: str) -> Template:
    return Template((FILES / name).read_text(encoding="utf-8"))


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def write_packed(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(text.encode(), mtime=0))


def pack(top: Path, place: Path) -> Path:
    """Return the package of what lies in `top`. Raises CalledProcessError."""
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    for folder, names, files in os.walk(top):
        for name in (*names, *files):
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or is_program(path) else 0o644)
    size_kb = sum(path.lstat().st_size for path in top.rglob("*")) // 1024
    control = top / "DEBIAN"
    write(
        control / "control",
        template("control").substitute(
            version=VERSION,
            architecture=architecture,
            maintainer=maintainer(),
            size=size_kb,
            needed=", ".join(NEEDED),
            wished=", ".join(VOICE),
        ),
    )
    for script in ("postinst", "postrm"):
        shutil.copy(FILES / script, control / script)
        (control / script).chmod(0o755)
    package = place / f"queuedesk_{VERSION}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(top), str(package)], check=True)
    return package


def is_program(file: Path) -> bool:
    """Return whether a file is there to be started: some builders mark libraries and texts as well."""
    if not os.access(file, os.X_OK) or ".so" in file.suffixes:
        return False
    with file.open("rb") as content:
        return content.read(4).startswith((b"\x7fELF", b"#!"))


def main() -> int:
    """Make the package, and say how large it is and how long it took."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    takes.add_argument("folder", type=Path)
    began, place = time.monotonic(), takes.parse_args().folder.absolute()
    if not (place / "queuedesk" / "legal").is_dir():
        sys.exit(f"{place} has no folder queuedesk, or one without its licences; scripts/program/freeze.py makes it.")
    with tempfile.TemporaryDirectory(dir=place) as aside:
        top = Path(aside, "package")
        fill(top, place / "queuedesk")
        try:
            package = pack(top, place)
        except (subprocess.CalledProcessError, OSError) as error:
            sys.exit(f"The package could not be made: {error}")
    print(f"{package}: {package.stat().st_size / 1e6:.0f} MB, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
