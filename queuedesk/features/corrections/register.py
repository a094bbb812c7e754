"""What correcting a ticket adds to every hall."""

from queuedesk.core.features import Feature

FEATURE = Feature(name="corrections", of_halls=False, correcting="features.corrections.pages:CorrectionFlow")
