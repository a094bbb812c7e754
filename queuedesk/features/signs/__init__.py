"""Signs over windows: a plate for each, and lines of LED dots over one or along a hall."""
