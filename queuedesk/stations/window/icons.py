"""Our own icons: SVG on a 24 grid, one colour, tinted when they are drawn."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from queuedesk.paths import resource


@lru_cache(maxsize=128)
def _renderer(name: str) -> QSvgRenderer:
    path = resource("icons", f"{name}.svg")
    renderer = QSvgRenderer(str(path)) if path.is_file() else QSvgRenderer()
    if not renderer.isValid() and name not in _own():
        raise FileNotFoundError(path)
    return renderer


@lru_cache(maxsize=1)
def _own() -> frozenset[str]:
    """Return the names that the program came with, by its own list of files."""
    try:
        listed = resource("files.txt").read_text(encoding="utf-8").split()
    except (OSError, UnicodeError):
        return frozenset()
    return frozenset(name.removeprefix("icons/").removesuffix(".svg") for name in listed if name.startswith("icons/"))


def missing_icons() -> list[str]:
    """Return the icon files that came with the program and are missing, sorted, as `doctor` names them."""
    return [f"resources/icons/{name}.svg" for name in sorted(_own()) if not resource("icons", f"{name}.svg").is_file()]


@lru_cache(maxsize=1024)
def icon_pixmap(name: str, color: str, px: int, dpr: float = 1.0) -> QPixmap:
    """Return icon `name` in `color` ("#RRGGBB"), `px` device-independent pixels square.

    An unknown name is a bug and raises FileNotFoundError. One whose file was lost since (missing_icons) leaves its
    place empty.
    """
    drawing = _renderer(
        name
    )  # before there is a painter, which an exception would leave behind on a picture that is gone
    side = max(1, round(px * dpr))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(color))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def icon_names() -> list[str]:
    """Return the names of all icons, sorted."""
    return sorted(path.stem for path in resource("icons").glob("*.svg"))
