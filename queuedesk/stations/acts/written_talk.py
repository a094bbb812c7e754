"""Written talk between clerk and customer at one window; nothing of it is kept.

It goes from the counter to the rating screen on the same PC, over a local socket of the same user. It stays in the
memory of both stations until the clerk ends it or nobody has written for ten minutes.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.files.reading import parsed_json
from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import PrimaryButton
from queuedesk.stations.widgets.paint import announce
from queuedesk.stations.widgets.panels import FixedLetters, FixedSize, GroundArea, Label, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import L, Look

if TYPE_CHECKING:  # Few visits need a talk: no station loads a network for it before there is one to look for.
    from PySide6.QtNetwork import QLocalSocket

CLERK, CUSTOMER = "clerk", "customer"
LONGEST, MOST_LINES, MOST_BYTES = 300, 200, 200_000
SILENT_MS = 10 * 60_000
ANSWERS_MS = 200


class Written(Struct, frozen=True):
    """One line of a talk: who wrote it, CLERK or CUSTOMER, and what."""

    by: str
    text: str


def talk_name(context: StationContext, window: str) -> str:
    """Return the name by which the two stations of a window on this PC find each other."""
    import getpass

    desk = context.desk
    of = (getpass.getuser(), desk.db.place, str(desk.hall), window)
    return "queuedesk-talk-" + hashlib.sha256("\n".join(of).encode()).hexdigest()[:24]


class TalkEnd(QObject):
    """One end of a talk, with its lines so far. `changed`: something was written, or the talk began or ended."""

    changed = Signal()
    own = CLERK

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.is_open = False
        self.lines: list[Written] = []
        self._socket: QLocalSocket | None = None

    @property
    def is_joined(self) -> bool:
        return self._socket is not None and self._socket.state() == self._socket.LocalSocketState.ConnectedState

    def write(self, text: str) -> None:
        said = " ".join(text.split())[:LONGEST]
        if said and self.is_open:
            self._take(Written(self.own, said))
            self._send([self.lines[-1]])

    def _take(self, *new: Written) -> None:
        self.lines = [*self.lines, *new][-MOST_LINES:]
        self.changed.emit()

    def _send(self, lines: list[Written]) -> None:
        if self._socket is not None and self.is_joined:
            document = json.dumps([[one.by, one.text] for one in lines], ensure_ascii=False)
            self._socket.write(document.encode() + b"\n")
            self._socket.flush()

    def _join(self, socket: QLocalSocket) -> None:
        self._socket = socket
        socket.setReadBufferSize(MOST_BYTES)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self._parted)

    def _read(self) -> None:
        while self._socket is not None and self._socket.canReadLine():
            read = _lines_of(bytes(self._socket.readLine().data()))
            self.is_open = True
            self._take(*read)

    def _parted(self) -> None:
        self._socket = None
        self.changed.emit()

    def _forget(self) -> None:
        self.is_open, self.lines = False, []


def _lines_of(line: bytes) -> list[Written]:
    """Return what the other end wrote; what is none of it is left out."""
    try:
        document = parsed_json(line)
    except ValueError:
        return []
    pairs = document if isinstance(document, list) else []
    return [
        Written(pair[0], pair[1][:LONGEST])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and pair[0] in (CLERK, CUSTOMER) and isinstance(pair[1], str)
    ]


class CounterEnd(TalkEnd):
    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(name, parent)
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._joined)
        self._silent = QTimer(self, singleShot=True, interval=SILENT_MS)
        self._silent.timeout.connect(self.end)

    def begin(self) -> None:
        """Let the rating screen join."""
        if self.is_open:
            return
        if not self._server.listen(self.name) and not self._is_answered():
            self._server.removeServer(self.name)  # left behind by a station that was killed
            self._server.listen(self.name)
        self.is_open = True
        self._silent.start()
        self.changed.emit()

    def end(self) -> None:
        """End the talk and forget it, here and on the rating screen."""
        self._silent.stop()
        self._server.close()
        if self._socket is not None:
            self._socket.disconnectFromServer()
        self._forget()
        self.changed.emit()

    def _take(self, *new: Written) -> None:
        self._silent.start()
        super()._take(*new)

    def _is_answered(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        probe = QLocalSocket()
        probe.connectToServer(self.name)
        return probe.waitForConnected(ANSWERS_MS)

    def _joined(self) -> None:
        socket = self._server.nextPendingConnection()
        if self.is_joined:
            socket.disconnectFromServer()
            return
        self._join(socket)
        self._send(self.lines)
        self.changed.emit()


class ScreenEnd(TalkEnd):
    own = CUSTOMER

    def look(self) -> None:
        """Join the window's talk if there is one now."""
        if self._socket is None:
            from PySide6.QtNetwork import QLocalSocket

            socket = QLocalSocket(self)
            self._join(socket)
            socket.errorOccurred.connect(self._parted)
            socket.connectToServer(self.name)

    def _parted(self) -> None:
        if self._socket is not None:
            self._socket.deleteLater()
        was_open = self.is_open
        self._socket = None
        self._forget()
        if was_open:
            self.changed.emit()


class TalkView(QWidget):
    """The lines of a talk, the newest below, and a line to write in."""

    def __init__(self, look: Look, end: TalkEnd, *, px: float = L, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._end, self._px = look, end, px
        self.labels: list[Label] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        spread(look, self._column, (0, 4, 12, 4), 10)
        self._column.addStretch(1)
        self._area = GroundArea(inside)
        self._area.verticalScrollBar().rangeChanged.connect(self._show_newest)
        self.edit = QLineEdit()
        FixedLetters(look, self.edit, px)
        self.edit.setMaxLength(LONGEST)
        self.edit.returnPressed.connect(self.send)
        self.send_button = PrimaryButton(look, "", height=56 if px <= L else 76, px=px)
        self.send_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.send_button.clicked.connect(self.send)
        row = QHBoxLayout()
        spread(look, row, spacing=12)
        row.addWidget(self.edit, 1)
        row.addWidget(self.send_button)
        column = QVBoxLayout(self)
        spread(look, column, spacing=12)
        column.addWidget(self._area, 1)
        column.addLayout(row)
        end.changed.connect(self.show_lines)
        self.show_lines()

    def send(self) -> None:
        self._end.write(self.edit.text())
        self.edit.clear()

    def show_lines(self) -> None:
        """Show all lines so far, and say a new one of the other end to who listens to a screen reader."""
        self.edit.setAccessibleName(_("Write here"))
        self.edit.setPlaceholderText(_("Write here"))
        self.send_button.setText(_("Send"))
        lines, known = self._end.lines, len(self.labels)
        if len(lines) < known:
            for label in self.labels:
                label.hide()
                label.deleteLater()
            self.labels, known = [], 0
            self.edit.clear()
        for one in lines[known:]:
            is_own = one.by == self._end.own
            side = Qt.AlignmentFlag.AlignRight if is_own else Qt.AlignmentFlag.AlignLeft
            token = "ink2" if is_own else "ink"
            label = Label(self._look, one.text, px=self._px, bold=not is_own, token=token, align=side, wrap=True)
            self._column.addWidget(label)
            self.labels.append(label)
            if not is_own:
                announce(self, one.text)

    def _show_newest(self, _least: int, most: int) -> None:
        self._area.verticalScrollBar().setValue(most)


LINES_PX, LARGE_LINES_PX = 320, 220


class TalkDialog(Dialog):
    """The clerk's side: the talk lasts while this is open."""

    done = Signal()

    def __init__(self, host: QWidget, look: Look, end: CounterEnd, *, ticket: str) -> None:
        super().__init__(
            host,
            look,
            title=_("Write with the customer of {ticket}", ticket=ticket),
            effect=_(
                "They read and write on the rating screen of this window. Nothing is kept; it is erased when you end it."
            ),
            width=760,
        )
        self._end = end
        end.setParent(self)
        self.waiting = ErrorLine(self.look)
        self.view = TalkView(self.look, end)
        FixedSize(self.look, self.view, height=LARGE_LINES_PX if look.scale.is_large else LINES_PX)
        self.body.addWidget(self.waiting)
        self.body.addWidget(self.view)
        self.put_answers(_("End and erase it"))
        end.changed.connect(self._show)
        self.refused.connect(end.end)
        end.begin()

    def first_focus(self) -> QWidget:
        return self.view.edit

    def _show(self) -> None:
        said = "" if self._end.is_joined else _("The rating screen of this window has not answered on this PC yet.")
        self.waiting.say(said, refused=True)
        self.waiting.setVisible(bool(said))
        if not self._end.is_open and self.isVisible():
            self.refuse()
