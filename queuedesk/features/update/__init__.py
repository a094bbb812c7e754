"""A new version of the program, proven on a copy of the hall before it takes over, and the way back."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="update",
    of_halls=False,
    words="features.update.words:WORDS",
    at_start="features.update.verbs:replace_process_if_other_version",
    commands={
        "features.update.commands": {
            "update": Wording("change this PC to a new version, or back"),
            "update-key": Wording("whose versions this PC accepts"),
        }
    },
    adds={
        "doctor": "features.update.commands:version_check_warnings",
        "newer": "features.update.pages:newer_hall_page_maker",
    },
    pages_at=(FeatureManagerPage(key="setup/update", page="features.update.pages:UpdatePage", is_whole=True),),
)
