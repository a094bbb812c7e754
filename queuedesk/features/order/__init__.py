"""Order and estimates: why each was called when, and estimates against what happened."""
