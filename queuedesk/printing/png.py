"""Writes pictures: of slips, pages and windows."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QImageWriter

from queuedesk.core.errors import OutsideError
from queuedesk.files.writing import write_file

_QUICKLY = 70  # compresses a page in half the usual time, to a thirtieth more bytes


def save_png(image: QImage, path: Path) -> None:
    """Write `image` to `path`. Raises RuleError "own_file"; OutsideError "cannot_write"."""
    buffer = QBuffer()
    writer = QImageWriter(buffer, QByteArray(b"png"))
    writer.setQuality(_QUICKLY)
    if not writer.write(image):
        raise OutsideError("cannot_write", path=str(path))
    write_file(path, bytes(buffer.data().data()))
