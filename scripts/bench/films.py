"""Small films and pictures for benches and tests, made on the spot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QColor, QImage

PATIENCE_S = 200.0

MAKER = """
import sys
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtMultimedia import QMediaCaptureSession, QMediaFormat, QMediaRecorder, QVideoFrame, QVideoFrameInput

app = QGuiApplication([])
session, frames, recorder = QMediaCaptureSession(), QVideoFrameInput(), QMediaRecorder()
session.setVideoFrameInput(frames)
session.setRecorder(recorder)
form = QMediaFormat(QMediaFormat.FileFormat.MPEG4)
form.setVideoCodec(QMediaFormat.VideoCodec.MPEG4)
recorder.setMediaFormat(form)
recorder.setOutputLocation(QUrl.fromLocalFile(sys.argv[1]))
width, height = int(sys.argv[3]), int(sys.argv[4])
recorder.setVideoResolution(width, height)
sent, wanted = 0, int(float(sys.argv[2]) * 25)

def send():
    global sent
    while sent < wanted:
        image = QImage(width, height, QImage.Format.Format_RGBA8888)
        image.fill(QColor.fromHsv(sent * 5 % 360, 255, 255))
        frame = QVideoFrame(image)
        frame.setStartTime(sent * 40000)
        frame.setEndTime((sent + 1) * 40000)
        if not frames.sendVideoFrame(frame):
            return
        sent += 1
    frames.sendVideoFrame(QVideoFrame())
    recorder.stop()

def ended(state):
    if state == QMediaRecorder.RecorderState.StoppedState:
        app.quit()

frames.readyToSendVideoFrame.connect(send)
recorder.recorderStateChanged.connect(ended)
recorder.record()
QTimer.singleShot(20000, app.quit)
app.exec()
"""


def make_film(path: Path, seconds: float, width: int = 320, height: int = 180) -> Path:
    """Write a film whose whole picture changes its colour."""
    subprocess.run(
        [sys.executable, "-c", MAKER, str(path), str(seconds), str(width), str(height)],
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert path.stat().st_size > 1000
    return path


def make_picture(path: Path, color: str, width: int = 800, height: int = 600) -> Path:
    """Write a picture of one colour, in the format of its ending."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    assert image.save(str(path))
    return path
