"""The commands about the person's sheet and its scheme."""
