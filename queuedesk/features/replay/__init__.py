"""Whole days played through a hall of their own: recorded ones, and ones that never happened."""

from queuedesk.core.features import Feature, Wording

FEATURE = Feature(
    name="replay",
    of_halls=False,
    commands={
        "features.replay.commands": {
            "replay": Wording("play recorded days through a hall of their own"),
            "simulate": Wording("play days that never happened"),
        }
    },
)
