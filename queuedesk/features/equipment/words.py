"""Words for trying the hall's equipment before it opens."""

from __future__ import annotations

from queuedesk.core.talk.device import DISPLAY, PRINTER, VOICE
from queuedesk.i18n import current_language, mark, tr

_QUESTIONS = {
    VOICE: mark("Can you hear it?", context="check"),
    DISPLAY: mark("Can you see it?", context="check"),
    PRINTER: mark("Did it come out?", context="check"),
}
_TRIES = {
    VOICE: mark("Say a test sentence", context="check"),
    DISPLAY: mark("Show test figures", context="check"),
    PRINTER: mark("Print a test slip", context="check"),
}
_TRIALS = {
    VOICE: mark("This is a test of the voice. Please go on waiting.", context="check"),
    DISPLAY: mark("Screen test: 0 1 2 3 4 5 6 7 8 9. Please go on waiting.", context="check"),
    PRINTER: mark("Test slip", context="check"),
}


def question_after_device_trial(device: str, lang: str | None = None) -> str:
    """Return the question to a person after a device was tried."""
    return tr(lang or current_language(), _QUESTIONS[device], context="check")


def try_button_label(device: str, lang: str | None = None) -> str:
    """Return the label of the button that tries a device."""
    return tr(lang or current_language(), _TRIES[device], context="check")


def device_test_output_text(device: str, lang: str | None = None) -> str:
    """Return what a device says or shows as a test."""
    return tr(lang or current_language(), _TRIALS[device], context="check")
