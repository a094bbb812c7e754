"""The parts of the set-up that have a page of their own in place of a form: the set-up file, the PCs of the hall, its
backups."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.stations.manager.network.backups_controller import BackupsController
from queuedesk.stations.manager.network.backups_page import BackupsPage
from queuedesk.stations.manager.network.sharing_controller import SharingController
from queuedesk.stations.manager.network.sharing_page import SharingPage
from queuedesk.stations.manager.setup_frame.file_page import FilePage
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.setup_frame.words import BACKUPS, FILE, PARTS, PCS
from queuedesk.stations.window.style import Look


class OwnPages(QObject):
    """`said` is a notice with its icon. The PCs and the backups are there where the station is lent what they take."""

    said = Signal(str, str)

    def __init__(self, look: Look, controller: SetUpController, host: QWidget) -> None:
        super().__init__(host)
        self.file_page = FilePage(look, controller, host)
        self.pages: dict[str, FilePage | SharingPage | BackupsPage] = {FILE: self.file_page}
        if SharingController.is_offered(controller.context):
            self.pages[PCS] = SharingPage(look, SharingController(controller.context, parent=self), host)
        if BackupsController.is_offered(controller.context):
            self.pages[BACKUPS] = BackupsPage(look, BackupsController(controller.context, parent=self), host)
        for page in self.pages.values():
            page.said.connect(self.said)

    def parts(self) -> list[str]:
        """Return the parts of the set-up in the order of their list."""
        return [*PARTS, *(part for part in self.pages if part not in PARTS)]

    def retranslate(self) -> None:
        for page in self.pages.values():
            page.retranslate()
