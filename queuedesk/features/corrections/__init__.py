"""Correcting what a ticket's story has wrong: its fields with a reason, what counts in figures by two people."""

from queuedesk.core.features import Feature

FEATURE = Feature(name="corrections", of_halls=False, correcting="features.corrections.pages:CorrectionFlow")
