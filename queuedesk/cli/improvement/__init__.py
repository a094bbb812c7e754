"""The commands about improvement."""
