"""What setting up PCs from a file adds to the program: also where there is no hall yet."""

from queuedesk.core.features import Feature, Wording

FEATURE = Feature(
    name="rollout",
    of_halls=False,
    words="features.rollout.words:WORDS",
    commands={"features.rollout.commands": {"install": Wording("set this PC up as a file says")}},
    adds={
        "doctor": "features.rollout.commands:checks_of_pc_file",
        "join": "features.rollout.pages:pc_file_page",
        "host": "features.rollout.pages:saving_act",
    },
)
