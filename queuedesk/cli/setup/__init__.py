"""Commands that make a hall and change its set-up."""
