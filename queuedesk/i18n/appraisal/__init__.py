"""Words for training of staff."""
