"""Pages of the order: who was overtaken and why, and estimates against what happened."""
