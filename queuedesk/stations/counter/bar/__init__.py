"""The small bar over other programs."""
