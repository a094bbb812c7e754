"""The set-up as a file: kept, or taken over from another hall, with a look at what it would change."""

from queuedesk.core.features import Feature, FeatureManagerPage

FEATURE = Feature(
    name="setup_file",
    of_halls=False,
    pages_at=(FeatureManagerPage(key="setup/file", page="features.setup_file.pages:SetupFilePage", is_whole=True),),
)
