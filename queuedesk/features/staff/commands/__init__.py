"""The commands about sheets and training."""
