"""The parts of the set-up that have a page of their own in place of a form: the set-up file, the PCs of the hall, its backups."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.stations.manager.network.backups_controller import BackupsDesk
from queuedesk.stations.manager.network.backups_page import BackupsPage
from queuedesk.stations.manager.network.sharing_controller import SharingDesk
from queuedesk.stations.manager.network.sharing_page import SharingPage
from queuedesk.stations.manager.setup_frame.file_page import FilePage
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpDesk
from queuedesk.stations.manager.setup_frame.words import BACKUPS, FILE, PARTS, PCS
from queuedesk.stations.window.style import Look


class OwnPages(QObject):
    """`said` is a notice with its icon. The PCs and the backups are there where the station is lent what they take."""

    said = Signal(str, str)

    def __init__(self, look: Look, desk: SetUpDesk, host: QWidget) -> None:
        super().__init__(host)
        self.file_page = FilePage(look, desk, host)
        self.pages: dict[str, FilePage | SharingPage | BackupsPage] = {FILE: self.file_page}
        if SharingDesk.is_offered(desk.context):
            self.pages[PCS] = SharingPage(look, SharingDesk(desk.context, parent=self), host)
        if BackupsDesk.is_offered(desk.context):
            self.pages[BACKUPS] = BackupsPage(look, BackupsDesk(desk.context, parent=self), host)
        for page in self.pages.values():
            page.said.connect(self.said)

    def parts(self) -> list[str]:
        """Return the parts of the set-up in the order of their list."""
        return [*PARTS, *(part for part in self.pages if part not in PARTS)]

    def retranslate(self) -> None:
        for page in self.pages.values():
            page.retranslate()
