"""What people do with improvement projects: leads them step by step, judges causes, makes measures standard."""
