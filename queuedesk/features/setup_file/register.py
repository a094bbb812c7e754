"""What the set-up as a file adds to every hall."""

from queuedesk.core.features import Feature, FeatureManagerPage

FEATURE = Feature(
    name="setup_file",
    of_halls=False,
    pages_at=(FeatureManagerPage(key="setup/file", page="features.setup_file.pages:SetupFilePage", is_whole=True),),
)
