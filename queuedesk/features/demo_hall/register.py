"""What the demo and the trial add to the program."""

from queuedesk.core.features import Feature, Wording

FEATURE = Feature(
    name="demo_hall",
    of_halls=False,
    trial="features.demo_hall.pages:run_trial_until_closed",
    commands={
        "cli.stations": {"try-it": Wording("try the whole hall on one screen; nothing is kept")},
        "features.demo_hall.commands": {"demo": Wording("play four weeks and a busy day in a throw-away hall")},
    },
)
