"""What the ticket's form asks for: the sample's picture at once, a printed sample, a picture file as a sign."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.stations.manager.setup.ticket_design_form import TicketDesignForm
from queuedesk.stations.manager.setup.ticket_design_preview import ROLLS
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.window.services import Papers


class TicketDesignTrial(QObject):
    """Fills the form's preview; where nothing can print there is nothing to see."""

    def __init__(self, form: TicketDesignForm, controller: SetUpController) -> None:
        super().__init__(form)
        self._form, self._controller = form, controller
        form.sampled.connect(self._draw)
        form.logo_chosen.connect(self._read_logo)
        form.sample.print_wanted.connect(self._print)
        form.sample.button.setVisible(self._paper is not None)

    @property
    def _paper(self) -> Papers | None:
        return self._controller.context.services.paper

    def _draw(self) -> None:
        """Draw at once: a slip takes some milliseconds, and what is typed is to be seen while typing."""
        form, paper = self._form, self._paper
        if form.setup is not None and paper is not None:
            roll = form.sample.roll
            form.sample.picture.show_image(paper.draw_sample(form.setup, form.design, ROLLS[roll]), roll)

    def _print(self) -> None:
        form, paper = self._form, self._paper
        if paper is not None:
            form.sample.button.set_busy(True)
            form.sample.say("", wrong=False)
            work = partial(paper.print_sample, form.design)
            self._controller.context.tasks.run_long(work, self._printed, self._failed)

    def _printed(self, done: Mapping[str, Any]) -> None:
        self._form.sample.button.set_busy(False)
        if done["printed"]:
            self._form.sample.say(_("Printed on {printer}.", printer=done["printer"]), wrong=False)
        else:
            self._form.sample.say(say(done["error"]), wrong=True)

    def _failed(self, trouble: QueueDeskError) -> None:
        self._form.sample.button.set_busy(False)
        self._form.sample.say(say(trouble), wrong=True)

    def _read_logo(self, path: str) -> None:
        from queuedesk.printing.logo import logo_text

        work = partial(logo_text, Path(path))
        self._controller.context.tasks.run_long(work, self._form.set_logo, self._refuse_logo)

    def _refuse_logo(self, trouble: QueueDeskError) -> None:
        self._form.say_logo(say(trouble), wrong=True)
