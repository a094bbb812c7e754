"""Rules: pure functions on frozen records; no clock, no input or output, no sentences."""
