"""A virtual screen server with monitors that can be plugged in and out, and what stands on it."""

from __future__ import annotations

import ctypes
import os
import subprocess

LEFT, RIGHT = "1280/500x720/280+0+0", "1280/1210x720/680+1280+0"


class Wall:
    """An X server of 2560×720, as one monitor until others are set."""

    def __init__(self) -> None:
        read, write = os.pipe()
        line = ["Xvfb", "-displayfd", str(write), "-noreset", "-screen", "0", "2560x720x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(line, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read, encoding="ascii") as said:
            self.display = f":{said.readline().strip()}"

    @property
    def environment(self) -> dict[str, str]:
        return {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def plug(self, name: str, place: str, output: str = "none") -> None:
        """Let there be a monitor; the first has to take the server's own `output`."""
        self._run("xrandr", "--setmonitor", name, place, output)

    def unplug(self, name: str) -> None:
        self._run("xrandr", "--delmonitor", name)

    def windows(self, name: str) -> list[tuple[int, int, int, int]]:
        """Return x, y, width and height of the windows that can be seen and whose title begins so."""
        found = self._run("xdotool", "search", "--onlyvisible", "--name", f"^{name}", check=False).split()
        places = []
        for window in found:
            lines = self._run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
            said = dict(line.split("=") for line in lines)
            places.append((int(said["X"]), int(said["Y"]), int(said["WIDTH"]), int(said["HEIGHT"])))
        return places

    def saver(self) -> Saver:
        return Saver(self.display)

    def set_saver(self, seconds: int) -> None:
        self._run("xset", "s", str(seconds))

    def _run(self, *words: str, check: bool = True) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        return subprocess.run(words, env=environment, check=check, capture_output=True, encoding="utf-8").stdout

    def stop(self) -> None:
        self._server.terminate()
        self._server.wait()


class _Info(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_int if name in ("state", "kind") else ctypes.c_ulong)
        for name in ("window", "state", "kind", "til_or_since", "idle_ms", "mask")
    )


class Saver:
    def __init__(self, display: str) -> None:
        self._x, self._saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.argtypes = self._x.XCloseDisplay.argtypes = [ctypes.c_void_p]
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._saver.XScreenSaverQueryInfo.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(_Info)]
        self._line = self._x.XOpenDisplay(display.encode())

    def look(self) -> tuple[bool, int]:
        """Return whether the screen is dark now, and for how many milliseconds nobody has been seen."""
        info = _Info()
        self._saver.XScreenSaverQueryInfo(self._line, self._x.XDefaultRootWindow(self._line), ctypes.byref(info))
        return info.state == 1, info.idle_ms

    def close(self) -> None:
        self._x.XCloseDisplay(self._line)
