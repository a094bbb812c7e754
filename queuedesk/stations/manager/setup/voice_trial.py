"""What the voice's form asks for: a call in words at once, and its sound on this PC."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.voice import LANGUAGES, VoiceSpec
from queuedesk.i18n import say
from queuedesk.stations.manager.setup.voice_form import VoiceForm
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.setup_frame.voice_words import heard_text
from queuedesk.stations.window.services import VoiceTrials


class VoiceTrial(QObject):
    """Fills the form's preview; where nothing can speak there is nothing to hear."""

    def __init__(self, form: VoiceForm, controller: SetUpController) -> None:
        super().__init__(form)
        self._form, self._controller = form, controller
        preview = form.listening
        preview.button.setVisible(self._trials is not None)
        form.sampled.connect(self._show_texts)
        form.left.connect(self._hush)
        preview.hush_wanted.connect(self._hush)
        preview.listen_wanted.connect(self._listen)

    @property
    def _trials(self) -> VoiceTrials | None:
        return self._controller.context.services.voice_trials

    def _show_texts(self) -> None:
        form, setup, trials = self._form, self._form.setup, self._trials
        if setup is None or trials is None:
            return
        sample, texts = form.listening.sample(), trials.texts
        found = texts(setup, form.spec, sample.ticket, sample.window, recall=sample.recall)
        form.listening.show_texts(found["texts"], found["spoken"])
        for part, call in (("call", {}), ("recall", form.spec.call)):
            # A recall without words of its own has those of the call.
            usual = VoiceSpec(languages=LANGUAGES, call=call)
            form.show_usual(part, texts(setup, usual, sample.ticket, sample.window)["texts"])

    def _listen(self) -> None:
        form, setup, context, trials = self._form, self._form.setup, self._controller.context, self._trials
        if setup is None or trials is None:
            return
        sample = form.listening.sample()
        now = setup.local(context.clock())
        minute = sample.minute if sample.minute is not None else now.hour * 60 + now.minute
        hear = partial(trials.hear, setup, form.spec, sample.ticket, sample.window, minute, recall=sample.recall)
        form.listening.set_playing(True)
        form.listening.say("", wrong=False)
        context.tasks.run_long(hear, self._heard, self._failed, may_drop=True)

    def _heard(self, heard: Mapping[str, Any]) -> None:
        self._form.listening.set_playing(False)
        if not heard.get("hushed"):
            text, wrong = heard_text(heard)
            self._form.listening.say(text, wrong=wrong)

    def _failed(self, trouble: QueueDeskError) -> None:
        self._form.listening.set_playing(False)
        self._form.listening.say(say(trouble), wrong=True)

    def _hush(self) -> None:
        if self._trials is not None:
            self._trials.hush()
