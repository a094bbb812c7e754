"""What the change to a new version says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.i18n import _, list_text, mark, tr
from queuedesk.i18n.names import FeatureWords, Sentence
from queuedesk.i18n.talk import device_place_name

Document = Mapping[str, Any]
MB = 1_000_000
UNACCEPTABLE = {
    "unsigned": mark("{path} holds no signed version of QueueDesk; nothing was changed."),
    "untrusted": mark(
        "The signature of {path} fits no key that this PC trusts; it may be damaged or forged. Nothing was changed."
    ),
    "damaged": mark("{name} in {path} is missing or damaged; nothing was changed."),
    "platform": mark("This version is for {there}, this PC is {here}; nothing was changed."),
    "not_newer": mark("{version} is not newer than {own}, which runs here; nothing was changed."),
    "needs_program": mark(
        "{path} holds packages for Python, which this program does not use; please take a program folder."
    ),
}
UNTIMELY = {
    "windows_open": mark("People still work at these windows: {names}; please close them first. Nothing was changed."),
    "stations_open": mark(
        "These stations still run on this PC: {names}; please close them first. Nothing was changed."
    ),
    "pcs_open": mark(
        "{version} stores the hall in a way that these PCs can't read: {names}. Please close QueueDesk there, wait two minutes and try again; update them after this one. Nothing was changed."
    ),
    "busy": mark("Another update is under way on this PC."),
}
FAILED = {
    "not_installed": mark("The new version could not be installed ({why}); nothing was changed."),
    "trial_failed": mark("The new version does not open a copy of the hall ({why}); nothing was changed."),
    "differs": mark(
        "On a copy of the hall the new version gives other results than this one ({what}); nothing was changed."
    ),
    "main_first": mark(
        "{version} stores the hall in another way; please update the hall's main PC first. Nothing was changed."
    ),
    "stays": mark(
        "{version} did not start well ({why}), but the version before can't read the hall any more; this PC stays with {version}."
    ),
}
NO_WAY_BACK = {
    "no_back": mark("There is no version before this one on this PC."),
    "gone": mark("{path} is no longer there, so there is no way back."),
    "no_copy": mark("This hall has no copy from before the update, so this PC stays with the new version."),
    "upgraded": mark(
        "The version before can't read this hall any more, so this PC stays with the new one. The hall as it was is in {path}, which the version before can restore."
    ),
    "since": mark(
        "This PC stays with the new version, as going back would lose what came since the update (entries in the log: {n}). To lose that all the same, move {hall} elsewhere, run queuedesk update --back, and restore the hall as it was: {path}"
    ),
}
KEY = {
    "key_there": mark("There is already a key {path}; please take another name."),
    "no_key": mark("{path} is no public key for versions."),
    "unknown_key": mark("This PC trusts no key {name}."),
}


def _refusal_sentence_maker(texts: Mapping[str, str]) -> Sentence:
    """Return what says a refusal by the `problem` in its details."""

    def refusal_sentence(lang: str, details: Mapping[str, object]) -> str:
        shown: dict[str, Any] = dict(details)
        if isinstance(named := details.get("names"), list):
            is_of_stations = details["problem"] == "stations_open" or details.get("stations")
            shown["names"] = list_text(
                [device_place_name(one, lang) for one in named] if is_of_stations else named, lang
            )
        return tr(lang, texts[str(details["problem"])], **shown)

    return refusal_sentence


WORDS = FeatureWords(
    refusals={
        "update_unacceptable": _refusal_sentence_maker(UNACCEPTABLE),
        "update_untimely": _refusal_sentence_maker(UNTIMELY),
        "update_failed": _refusal_sentence_maker(FAILED),
        "update_no_way_back": _refusal_sentence_maker(NO_WAY_BACK),
        "update_key": _refusal_sentence_maker(KEY),
        "update_went_back": mark("{version} did not start well ({why}); this PC went back to the version before."),
        "update_no_room": mark("{path} needs {room} MB of free space for this; nothing was changed."),
        "update_no_cryptography": mark("Signatures can't be checked: please install the Python package cryptography."),
    }
)


def update_step_text(step: str) -> str:
    return {
        "verify": _("Checking the signature …"),
        "copy": _("Copying the new version …"),
        "backup": _("Making and checking a backup …"),
        "trial": _("Trying the new version with a copy of the hall …"),
        "switch": _("Changing over …"),
        "start": _("Starting the new version …"),
    }[step]


def update_done_text(done: Document) -> str:
    lines = [
        _("QueueDesk {version} starts on this PC from now on; before it was {before}.", **_version_text_fields(done))
    ]
    if done["copy"]:
        lines.append(_("The hall as it was: {path}", path=done["copy"]))
    if done.get("removed"):
        lines.append(_("Removed, as two versions are enough: {versions}", versions=list_text(done["removed"])))
    if done.get("not_removed"):
        versions = list_text(done["not_removed"])
        lines.append(
            _("Still in use, or could not be removed: {versions}. The next update tries again.", versions=versions)
        )
    lines.append(_("Please restart this PC, or close QueueDesk and open it again."))
    return "\n".join(lines)


def _version_text_fields(done: Document) -> dict[str, str]:
    return {"version": done["version"], "before": done["before"]}


def newer_hall_text() -> str:
    return _(
        "The hall's data are newer than this program: please update this PC soon. Until then its backups lack what only the newer version stores."
    )


def version_lines(state: Document) -> list[str]:
    """Return which version runs, which came before, and whose versions are accepted."""
    lines = [_("QueueDesk {version} runs on this PC.", version=state["version"])]
    if state["current"] != state["version"]:
        lines.append(_("From the next start it is {version}.", version=state["current"]))
    if state["before"]:
        lines.append(_("The version before was {version}.", version=state["before"]))
    if state["kept"]:
        kept = [f"{one['version']} ({max(1, one['bytes'] // MB)} MB)" for one in state["kept"]]
        lines.append(_("Kept on this PC: {versions}", versions=list_text(kept)))
    if state["newer"]:
        lines.append(newer_hall_text())
    keys = [f"{key['name']} ({key['fingerprint']})" for key in state["keys"]]
    lines.append(
        _("This PC accepts versions signed with: {keys}", keys=list_text(keys))
        if keys
        else _("No key is trusted yet, so no version is accepted.")
    )
    return lines
