"""The demo: an invented hall with a busy day, live on the screen or as pictures, sounds and a report."""
