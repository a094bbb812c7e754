"""The signs' windows: the plate over a window, and the line of dots."""
