"""System libraries that no wheel carries: which are missing here, and getting them on Debian and Ubuntu."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Debian package → what proves that it is there: a library's soname, or else a program's name. Sonames and program names
# hold on every distribution and outlive renamed packages.
QT = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libcups2": "libcups.so.2",
    "libpulse0": "libpulse.so.0",  # films: Qt's player does not load without it, though they have no sound here
    "libxrandr2": "libXrandr.so.2",  # the same: its player of films is linked with it
}
VOICE = {"espeak-ng": "espeak-ng", "libespeak-ng1": "libespeak-ng.so.1", "alsa-utils": "aplay"}
TESTS = {
    "xvfb": "Xvfb",
    "xdotool": "xdotool",
    "x11-xserver-utils": "xrandr",
    "libxss1": "libXss.so.1",
    "dbus-daemon": "dbus-run-session",
    "at-spi2-core": "/usr/libexec/at-spi-bus-launcher",
    "gir1.2-atspi-2.0": "girepository-1.0/Atspi-2.0.typelib",  # a screen reader, with the system's own Python
    "python3-gi": "/usr/lib/python3/dist-packages/gi/__init__.py",
    "iproute2": "ip",  # further PCs: networks of their own on this machine
    "pulseaudio": "pulseaudio",
    "pulseaudio-utils": "parec",
    "libasound2-plugins": "alsa-lib/libasound_module_pcm_pulse.so",
    "poppler-utils": "pdftoppm",
    "pgbouncer": "pgbouncer",
    "cups-daemon": "cupsd",
    "cups-client": "lp",
    "slapd": "slapd",
    "ldap-utils": "ldapmodify",
    "chromium": "chromium",
}
APT_LISTS = Path("/var/lib/apt/lists")
APT_OPTIONS = ["-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]


def missing(packages: dict[str, str]) -> list[str]:
    """Return those of `packages` that are not on this machine; none where Qt's wheels bring all (Windows, macOS)."""
    if not sys.platform.startswith("linux"):
        return []
    libraries = _loader_cache()
    return [package for package, proof in packages.items() if not _is_here(proof, libraries)]


def install(packages: list[str]) -> bool:
    """Install `packages` with apt where this user may do so without being asked; errors go to standard error."""
    apt = _apt()
    if apt is None:
        return False
    print("Installing system packages:", *packages, file=sys.stderr, flush=True)
    # A fresh machine has no package lists; with lists older than the archive the first try fails.
    if APT_LISTS.is_dir() and not any(APT_LISTS.glob("*_Packages*")):
        _run([*apt, "update", "-qq"])
    return _run([*apt, "install", *APT_OPTIONS, *packages]) or (
        _run([*apt, "update", "-qq"]) and _run([*apt, "install", *APT_OPTIONS, *packages])
    )


def line_to_type(packages: list[str]) -> str:
    """Return the one line that a person with the rights would type."""
    if shutil.which("apt-get"):
        return "sudo apt-get install " + " ".join(packages)
    return "with your system's package tool, what Debian calls " + " ".join(packages)


def _loader_cache() -> str:
    ldconfig = shutil.which("ldconfig", path=os.pathsep.join([os.environ.get("PATH", ""), "/sbin", "/usr/sbin"]))
    if ldconfig is None:
        return ""
    listed = subprocess.run([ldconfig, "-p"], check=False, capture_output=True, encoding="utf-8", errors="replace")
    return listed.stdout


def _is_here(proof: str, libraries: str) -> bool:
    if "/" in proof:
        return any(Path("/usr/lib").glob(f"*/{proof}")) or Path("/usr/lib", proof).exists()
    if ".so" in proof:
        return f"\t{proof} (" in libraries
    return (
        shutil.which(proof, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/bin", "/usr/sbin"]))
        is not None
    )


def _apt() -> list[str] | None:
    apt = shutil.which("apt-get")
    if apt is None:
        return None
    command = ["env", "DEBIAN_FRONTEND=noninteractive", apt]
    if os.geteuid() == 0:
        return command
    if shutil.which("sudo") and _run(["sudo", "-n", "true"], quiet=True):
        return ["sudo", "-n", *command]
    return None


def _run(command: list[str], *, quiet: bool = False) -> bool:
    errors = subprocess.DEVNULL if quiet else None
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
    return done.returncode == 0
