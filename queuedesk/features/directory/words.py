"""What sign-in by a directory calls its events, refusals and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from queuedesk.i18n import mark, tr
from queuedesk.i18n.catalogue import current_language
from queuedesk.i18n.names import FeatureWords

_SILENT = {
    "away": mark("The directory {address} did not answer; please try again later, or ask an admin."),
    "untrusted": mark("This PC does not trust the directory {address}; please have its certificate checked."),
    "refused": mark("The directory {address} refused the question ({cause}); please have its settings checked."),
}
_REFUSALS = {
    "not_found": mark("The directory does not list {staff} for this hall; please ask an admin."),
    "gone": mark("The account is disabled or may not sign in now; please ask an admin."),
    "old": mark("The password has to be changed; please do so at your own PC first."),
    "locked": mark("The account is locked; please ask an admin."),
}
_SETTINGS = {
    "address": mark("This is no address of a directory; please write it like ldaps://dc1.example.com."),
    "form": mark("The form needs {sign}; no text may be longer than {most} characters."),
    "filter": mark("The filter needs {sign} and a base; please check its brackets too."),
    "days": mark("The days are a whole number from 0 to {most}."),
    "certificate": mark("This file has no usable PEM certificate."),
}


def _sentence_maker(texts: Mapping[str, str], key: str) -> Callable[[str, Mapping[str, Any]], str]:
    def sentence_for_details(lang: str, details: Mapping[str, Any]) -> str:
        return tr(lang, texts[str(details[key])], **details)

    return sentence_for_details


WORDS = FeatureWords(
    events={
        "directory.set": mark("Directory chosen", context="event"),
        "directory.account": mark("Account set", context="event"),
    },
    refusals={
        "password_needed": mark(
            "The password of {staff} is missing; please type it, on the command line at the terminal or in {variable}."
        ),
        "wrong_password": mark("That password does not match; please enter it again."),
        "password_pause": mark("The password was wrong too often; please try again in {seconds} s."),
        "directory_refuses": _sentence_maker(_REFUSALS, "refusal"),
        "directory_away": _sentence_maker(_SILENT, "silence"),
        "directory_settings": _sentence_maker(_SETTINGS, "why"),
        "directory_last_admin": mark("One admin needs a PIN and no account; please set that up first."),
        "no_directory": mark("No directory is set; please set one first."),
    },
    verbs={"directory": mark("Set up sign-in by the directory", context="asked")},
)
_ANSWERS = {
    "right": mark("Yes: {account} may sign in."),
    "wrong": mark("No: the directory does not know {account} with this password."),
    "not_found": mark("No: the password is right, but the search does not find exactly one entry for {account}."),
    "gone": mark("No: {account} is disabled or has ended, or may not sign in at this time."),
    "old": mark("No: {account} has to change the password first."),
    "locked": mark("No: {account} is locked after wrong passwords."),
}


def directory_answer_text(found: Mapping[str, str]) -> str:
    """Return what a directory answered, in a sentence."""
    return tr(current_language(), {**_ANSWERS, **_SILENT}[found["answer"]], **found)
