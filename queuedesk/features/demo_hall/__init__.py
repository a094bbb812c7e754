"""The demo: an invented hall with a busy day, live on the screen or as pictures, sounds and a report; and the
trial, in which a person plays through the stations of such a hall in one window."""

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
