"""A Qt application without a window, for slips, reports and pictures that a command draws."""

from __future__ import annotations

import builtins
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def load_qt() -> None:
    """Load Qt, and spare it the source of each module that is imported afterwards: PySide6 reads it to see whether the
    module may ask for other styles of names, 10 MB and a twelfth of a station's start. It takes each for one that may.

    Its own import stays: without it libshiboken goes to a null pointer until a module that it saw imported has used Qt.
    """
    builtins.compile = _compile_later  # type: ignore[assignment]  # for one import
    try:
        import PySide6.QtCore  # noqa: F401
    finally:
        builtins.compile = _compile

    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None:  # Not for us to rely on: a PySide6 without it only starts a station more slowly.
        vars(feature)["_mod_uses_pyside"] = lambda _module: True


def new_application() -> QApplication:
    """Return a new Qt application in the style of every window (stations/window/style.py).

    Named as it is made: to set a style later hands it to Python, for which Qt's class of styles with its 600 names is
    made, 4 ms of each start.
    """
    from PySide6.QtWidgets import QApplication

    from queuedesk.stations.window.theme import IN_STYLE, STYLE

    app = QApplication(["queuedesk", "-style", STYLE])
    app.setProperty(IN_STYLE, True)
    return app


def prepare_painting() -> None:
    """Create a Qt application for drawing where no window is open; it needs no screen."""
    load_qt()
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        keep_application(new_application())


def keep_application(application: object) -> None:
    """Keep an application as long as the process; Qt does not like to lose it earlier."""
    _kept.append(application)


_kept: list[object] = []


# -- what PySide6 compiles of itself at each start, and what of it nobody needs but after a bug -----------------------

_compile = compile
_SIGNATURES = "shibokensupport/signature/"
_rare: dict[str, Any] = {
    f"{_SIGNATURES}{name}.py": None
    for name in ("errorhandler", "layout", "parser", "lib/enum_sig", "lib/pyi_generator", "lib/tool")
}
"""Its modules that only read signatures, for a call with wrong arguments and for its own tools; until then with their
sources."""
_STAND_IN = "from queuedesk.app.station.painting import read_later\n__getattr__ = read_later({file!r}, globals())"
_GUARD = threading.RLock()  # one of them reads another


def _compile_later(source: Any, file: Any, *how: Any, **named: Any) -> Any:
    """Compile a source of PySide6, which has no bytecode of its own: 20 ms of each start. The import system compiles
    here too what it finds no bytecode of, as after an installation."""
    if file not in _rare:
        return _compile(source, file, *how, **named)
    _rare[file] = source
    return _compile(_STAND_IN.format(file=file), file, *how, **named)


def read_later(file: str, space: dict[str, Any]) -> Callable[[str], object]:
    """Return what fills `space`, the module that PySide6 has in `file`, when something of it is first asked for."""

    def find(name: str) -> object:
        if name.startswith("__"):  # The import system asks for those, and the module has none of its own.
            raise AttributeError(name)
        with _GUARD:
            if (source := _rare.pop(file, None)) is not None:
                exec(_compile(source, file, "exec"), space)
        try:
            return space[name]
        except KeyError:
            raise AttributeError(name) from None

    return find
