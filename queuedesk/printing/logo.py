"""A hall's sign on paper: any picture becomes a small black-and-white one, kept as text."""

from __future__ import annotations

import base64
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.hall import LOGO_HEIGHT, LOGO_WIDTH
from queuedesk.files.reading import LARGEST_PICTURE, read_given


def logo_text(path: Path) -> str:
    """Return the picture at `path` in the set-up's form, shrunk to fit.

    Raises OutsideError "no_such_file", "cannot_read", "too_large" (mb), RuleError "bad_value" for what is no picture.
    """
    data = read_given(path, LARGEST_PICTURE)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    picture = QImageReader(buffer).read()
    if picture.isNull():
        raise RuleError("bad_value", field="ticket.logo", value=path.name, why="not_a_picture")
    return _text(_mono(picture))


def logo_image(text: str) -> QImage | None:
    """Return the picture of a stored logo, None for none."""
    if not text:
        return None
    image = QImage.fromData(QByteArray(base64.b64decode(text)))
    return None if image.isNull() else image


def _mono(picture: QImage) -> QImage:
    """Return it on white, no larger than a slip has room for, in black and white."""
    if picture.width() > LOGO_WIDTH or picture.height() > LOGO_HEIGHT:
        picture = picture.scaled(
            LOGO_WIDTH,
            LOGO_HEIGHT,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    flat = QImage(max(1, picture.width()), max(1, picture.height()), QImage.Format.Format_RGB32)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, picture)
    painter.end()
    flags = Qt.ImageConversionFlag.MonoOnly | Qt.ImageConversionFlag.ThresholdDither
    return flat.convertToFormat(QImage.Format.Format_Grayscale8).convertToFormat(QImage.Format.Format_Mono, flags)


def _text(image: QImage) -> str:
    buffer = QBuffer()
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return base64.b64encode(buffer.data().data()).decode("ascii")
