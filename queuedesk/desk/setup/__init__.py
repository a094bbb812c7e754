"""Makes a hall and changes how it is set up."""
