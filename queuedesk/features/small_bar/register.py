"""What the small bar adds to a hall."""

from queuedesk.core.features import Feature

FEATURE = Feature(name="small_bar", of_halls=False, small="features.small_bar.pages.compact:SmallBarShrinker")
