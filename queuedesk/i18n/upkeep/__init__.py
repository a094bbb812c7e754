"""Words of clocks, checks and repairs."""
