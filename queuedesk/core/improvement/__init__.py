"""Improvement projects as the log holds them, eight steps from a finding to what becomes standard; trials of words."""
