"""Words of windows and shifts."""
