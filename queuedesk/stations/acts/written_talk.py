"""Written talk between clerk and customer at one window; nothing of it is kept.

It goes from the counter to the rating screen on the same PC, over a local socket of the same user. It stays in the
memory of both stations until the clerk ends it or nobody has written for ten minutes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.files.reading import parse_json_safely
from queuedesk.i18n import _
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import PrimaryButton
from queuedesk.stations.widgets.paint import announce_to_screen_reader
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import L, Look

if TYPE_CHECKING:  # Few visits need a talk: no station loads a network for it before there is one to look for.
    from PySide6.QtNetwork import QLocalSocket

CLERK, CUSTOMER = "clerk", "customer"
LONGEST, MOST_LINES, MOST_BYTES = 300, 200, 200_000
SILENT_MS = 10 * 60_000
ANSWERS_MS = 200


class WrittenLine(Struct, frozen=True):
    """One line of a talk: who wrote it, CLERK or CUSTOMER, and what."""

    by: str
    text: str


def written_talk_socket_name(context: StationContext, window: str) -> str:
    """Return the name by which the two stations of a window on this PC find each other."""
    import getpass

    desk = context.desk
    of = (getpass.getuser(), desk.db.place, str(desk.hall), window)
    return "queuedesk-talk-" + hashlib.sha256("\n".join(of).encode()).hexdigest()[:24]


class WrittenTalkPeer(QObject):
    """One end of a talk, with its lines so far. `changed`: something was written, or the talk began or ended."""

    changed = Signal()
    own = CLERK

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.is_open = False
        self.lines: list[WrittenLine] = []
        self._socket: QLocalSocket | None = None

    @property
    def is_other_end_connected(self) -> bool:
        return self._socket is not None and self._socket.state() == self._socket.LocalSocketState.ConnectedState

    def write(self, text: str) -> None:
        said = " ".join(text.split())[:LONGEST]
        if said and self.is_open:
            self._append_talk_lines(WrittenLine(self.own, said))
            self._send_lines_if_joined([self.lines[-1]])

    def _append_talk_lines(self, *new: WrittenLine) -> None:
        self.lines = [*self.lines, *new][-MOST_LINES:]
        self.changed.emit()

    def _send_lines_if_joined(self, lines: list[WrittenLine]) -> None:
        if self._socket is not None and self.is_other_end_connected:
            document = json.dumps([[one.by, one.text] for one in lines], ensure_ascii=False)
            self._socket.write(document.encode() + b"\n")
            self._socket.flush()

    def _attach_socket(self, socket: QLocalSocket) -> None:
        self._socket = socket
        socket.setReadBufferSize(MOST_BYTES)
        socket.readyRead.connect(self._read_received_lines)
        socket.disconnected.connect(self._on_disconnected)

    def _read_received_lines(self) -> None:
        while self._socket is not None and self._socket.canReadLine():
            read = _parse_talk_lines(bytes(self._socket.readLine().data()))
            self.is_open = True
            self._append_talk_lines(*read)

    def _on_disconnected(self) -> None:
        self._socket = None
        self.changed.emit()

    def _clear_talk(self) -> None:
        self.is_open, self.lines = False, []


def _parse_talk_lines(line: bytes) -> list[WrittenLine]:
    """Return what the other end wrote; what is none of it is left out."""
    try:
        document = parse_json_safely(line)
    except ValueError:
        return []
    pairs = document if isinstance(document, list) else []
    return [
        WrittenLine(pair[0], pair[1][:LONGEST])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and pair[0] in (CLERK, CUSTOMER) and isinstance(pair[1], str)
    ]


class ClerkTalkEndpoint(WrittenTalkPeer):
    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(name, parent)
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept_or_refuse_connection)
        self._silent = QTimer(self, singleShot=True, interval=SILENT_MS)
        self._silent.timeout.connect(self.end_talk)

    def begin_talk(self) -> None:
        """Let the rating screen join."""
        if self.is_open:
            return
        if not self._server.listen(self.name) and not self._is_talk_server_answering():
            self._server.removeServer(self.name)  # left behind by a station that was killed
            self._server.listen(self.name)
        self.is_open = True
        self._silent.start()
        self.changed.emit()

    def end_talk(self) -> None:
        """End the talk and forget it, here and on the rating screen."""
        self._silent.stop()
        self._server.close()
        if self._socket is not None:
            self._socket.disconnectFromServer()
        self._clear_talk()
        self.changed.emit()

    def _append_talk_lines(self, *new: WrittenLine) -> None:
        self._silent.start()
        super()._append_talk_lines(*new)

    def _is_talk_server_answering(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        probe = QLocalSocket()
        probe.connectToServer(self.name)
        return probe.waitForConnected(ANSWERS_MS)

    def _accept_or_refuse_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        if self.is_other_end_connected:
            socket.disconnectFromServer()
            return
        self._attach_socket(socket)
        self._send_lines_if_joined(self.lines)
        self.changed.emit()


class CustomerEndOfWrittenTalk(WrittenTalkPeer):
    own = CUSTOMER

    def join_open_talk_of_window(self) -> None:
        """Join the window's talk if there is one now."""
        if self._socket is None:
            from PySide6.QtNetwork import QLocalSocket

            socket = QLocalSocket(self)
            self._attach_socket(socket)
            socket.errorOccurred.connect(self._on_disconnected)
            socket.connectToServer(self.name)

    def _on_disconnected(self) -> None:
        if self._socket is not None:
            self._socket.deleteLater()
        was_open = self.is_open
        self._socket = None
        self._clear_talk()
        if was_open:
            self.changed.emit()


class WrittenTalkView(QWidget):
    """The lines of a talk, the newest below, and a line to write in."""

    def __init__(self, look: Look, end: WrittenTalkPeer, *, px: float = L, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._end, self._px = look, end, px
        self.labels: list[panels.Label] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        panels.set_scaled_margins(look, self._column, (0, 4, 12, 4), 10)
        self._column.addStretch(1)
        self._area = panels.VerticalScrollArea(inside)
        self._area.verticalScrollBar().rangeChanged.connect(self._scroll_to_newest_line)
        self.edit = QLineEdit()
        panels.FixedFontSizeKeeper(look, self.edit, px)
        self.edit.setMaxLength(LONGEST)
        self.edit.returnPressed.connect(self.send)
        self.send_button = PrimaryButton(look, "", height=56 if px <= L else 76, px=px)
        self.send_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.send_button.clicked.connect(self.send)
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=12)
        row.addWidget(self.edit, 1)
        row.addWidget(self.send_button)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, spacing=12)
        column.addWidget(self._area, 1)
        column.addLayout(row)
        end.changed.connect(self.show_talk_lines)
        self.show_talk_lines()

    def send(self) -> None:
        self._end.write(self.edit.text())
        self.edit.clear()

    def show_talk_lines(self) -> None:
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
            label = panels.Label(self._look, one.text, px=self._px, bold=not is_own, token=token, align=side, wrap=True)
            self._column.addWidget(label)
            self.labels.append(label)
            if not is_own:
                announce_to_screen_reader(self, one.text)

    def _scroll_to_newest_line(self, _least: int, most: int) -> None:
        self._area.verticalScrollBar().setValue(most)


LINES_PX, LARGE_LINES_PX = 320, 220


class ClerkTalkDialog(Dialog):
    """The clerk's side: the talk lasts while this is open."""

    done = Signal()

    def __init__(self, host: QWidget, look: Look, end: ClerkTalkEndpoint, *, ticket: str) -> None:
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
        self.view = WrittenTalkView(self.look, end)
        panels.FixedSizeKeeper(self.look, self.view, height=LARGE_LINES_PX if look.scale.is_text_large else LINES_PX)
        self.body.addWidget(self.waiting)
        self.body.addWidget(self.view)
        self.add_answer_buttons(_("End and erase it"))
        end.changed.connect(self._show_connection_state)
        self.refused.connect(end.end_talk)
        end.begin_talk()

    def first_focus_widget(self) -> QWidget:
        return self.view.edit

    def _show_connection_state(self) -> None:
        said = (
            ""
            if self._end.is_other_end_connected
            else _("The rating screen of this window has not answered on this PC yet.")
        )
        self.waiting.show_message(said, refused=True)
        self.waiting.setVisible(bool(said))
        if not self._end.is_open and self.isVisible():
            self.refuse()
