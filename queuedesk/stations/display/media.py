"""The pictures and films of a hall: what lies in their folder, and reading a picture at the size it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
FILMS = frozenset({".mp4", ".webm"})
PICTURE_S = 10.0
MOST_FILES = 200
LARGEST_MB = 512
"""What a picture may take in memory while it is read; one that asks for more is left out like a damaged one."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One picture or film as it lies there now; a file that was replaced is another one."""

    path: str
    changed_ns: int
    size: int

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def is_film(self) -> bool:
        return Path(self.path).suffix.lower() in FILMS


def is_folder(folder: str) -> bool:
    """Whether it is there; one on a server that fell away is not."""
    try:
        return Path(folder).is_dir()
    except OSError:
        return False


def media_in(folder: str) -> list[MediaFile]:
    """Return the pictures and films in `folder` in the order of their names; none where there is no such folder."""
    found = []
    try:
        paths = sorted(Path(folder).iterdir(), key=lambda path: path.name.casefold())
    except OSError:
        return []
    for path in paths:
        if path.suffix.lower() not in PICTURES | FILMS or path.name.startswith("."):
            continue
        try:
            about = path.stat()
        except OSError:
            continue
        if S_ISREG(about.st_mode):
            found.append(MediaFile(str(path), about.st_mtime_ns, about.st_size))
    return found[:MOST_FILES]


def read_picture(path: str, room: Sequence[int]) -> QImage:
    """Return the picture as large as it fits into `room` device px, turned as its camera says; a null image when it
    can't be read."""
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(LARGEST_MB)
    size = reader.size()
    if size.isValid():
        turned = bool(reader.transformation().value & 4)  # turned by a quarter: its sides change places
        fits = QSize(*(reversed(room) if turned else room))
        if size.width() > fits.width() or size.height() > fits.height():
            reader.setScaledSize(size.scaled(fits, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
