"""Many stations' pictures are drawn in one process."""

from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.app.this_pc import screenshots


def test_a_window_that_was_drawn_is_not_there_for_the_next(qapp: QApplication) -> None:
    for _picture in range(2):
        window = QWidget()
        window.itself = window  # type: ignore[attr-defined]  # in a circle, as stations' windows are
        QWidget(window)
    del window
    screenshots.delete_all_windows()
    assert QApplication.allWidgets() == []
