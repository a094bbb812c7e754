"""Writes pictures: of a station's window as it opens, of each of its pages, of slips."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.writing import write_file
from queuedesk.stations.window.frame import OnePageWindow

PUT_OFF_S = 0.03


def save_page_pictures(frame: OnePageWindow, file: Path, size: tuple[int, int], pages: Sequence[str] = ()) -> None:
    """Draw the window at `size` pixels into a PNG, or each of the named pages into one: "{page}" in the file's name is
    replaced by the page's. A small window that stands in the page's place is drawn at its own size. Raises RuleError
    "own_file", "bad_value" for a page that it has not, "who_are_you" for any while nobody is signed in, OutsideError
    "cannot_write"."""
    frame.resize(*size)
    frame.show()
    let_qt_settle()
    for page in pages or ("",):
        if page:
            ways = frame.current_page.page_openers()
            if page not in ways:
                raise RuleError("bad_value", field="page", value=page, why="not_a_choice", limit=sorted(ways))
            ways[page]()
            let_qt_settle()
        frame.current_page.tick(frame.clock())
        let_qt_settle()
        target, small = file.with_name(file.name.replace("{page}", page)), frame.current_page.small_window()
        if small is None:
            _save_picture(frame, target, QSize(*size))
        else:
            _save_picture(small, target, small.size())


def _save_picture(window: QWidget, file: Path, size: QSize) -> None:
    picture = window.grab().toImage()
    if picture.size() != size:
        mode = Qt.TransformationMode.SmoothTransformation
        picture = picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
    save_png(picture, file)


def let_qt_settle() -> None:
    """Let layouts and deferred deletions finish, and what Qt puts off for 20 ms: a list of choices takes the width of
    its words by itself, until its layout lays it out again."""
    for _round in range(3):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        time.sleep(PUT_OFF_S)
    QApplication.processEvents()


_QUICKLY = 70  # compresses a page in half the usual time, to a thirtieth more bytes


def save_png(image: QImage, path: Path) -> None:
    """Write `image` to `path`. Raises RuleError "own_file"; OutsideError "cannot_write"."""
    buffer = QBuffer()
    writer = QImageWriter(buffer, QByteArray(b"png"))
    writer.setQuality(_QUICKLY)
    if not writer.write(image):
        raise OutsideError("cannot_write", path=str(path))
    write_file(path, bytes(buffer.data().data()))
