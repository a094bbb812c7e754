"""Rules: pure functions on frozen dataclasses; no clock, no input or output, no sentences."""
