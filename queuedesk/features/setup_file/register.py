"""What the set-up as a file adds to every hall."""

from queuedesk.core.features import AddedPage, Feature

FEATURE = Feature(
    name="setup_file",
    of_halls=False,
    pages_at=(AddedPage(key="setup/file", page="features.setup_file.pages:FilePage", is_whole=True),),
)
