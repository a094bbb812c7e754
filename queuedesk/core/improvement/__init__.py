"""Improvement projects as the log holds them, eight steps from a finding to a standard; wording trials."""
