"""People, their rights, and the PCs that share a hall."""
