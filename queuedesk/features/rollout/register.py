"""What setting up PCs from a file, and a hall on a server that is there already, add to the program."""

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
