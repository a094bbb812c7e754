"""Many PCs set up alike: a file says what each is for, and a PC is set up from it."""

from queuedesk.core.features import Feature, Wording

FEATURE = Feature(
    name="rollout",
    of_halls=False,
    words="features.rollout.words:WORDS",
    commands={"features.rollout.commands": {"install": Wording("set this PC up as a file says")}},
    adds={
        "doctor": "features.rollout.commands:doctor_checks",
        "join": "features.rollout.pages:pc_file_page_maker",
        "host": "features.rollout.pages:acts_of_sharing_page",
    },
)
