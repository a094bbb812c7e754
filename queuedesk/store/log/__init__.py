"""The log, and what is kept beside it."""
