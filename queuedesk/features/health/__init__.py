"""Whether all is well: twelve alarms for whoever looks after the hall, in a window, as a command, and for a monitor."""

from queuedesk.core.features import Feature, FeatureManagerPage, Wording

FEATURE = Feature(
    name="health",
    of_halls=False,
    words="features.health.words:WORDS",
    commands={"features.health.commands": {"health": Wording("whether all is well, in a line, for a monitor")}},
    pages_at=(FeatureManagerPage(key="setup/health", page="features.health.pages:HealthPage", is_whole=True),),
)
