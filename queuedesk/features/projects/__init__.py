"""Improvement projects: from a finding to what becomes standard."""
