"""The small bar: the counter in 72 pixels over other programs, and the key that reaches it from any of them."""

from queuedesk.core.features import Feature

FEATURE = Feature(name="small_bar", of_halls=False, small="features.small_bar.pages.compact:SmallBarShrinker")
