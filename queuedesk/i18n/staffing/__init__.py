"""Words of windows, shifts and moves."""
