"""Files as people name them: written as a whole, read within limits, and never over what is the hall's own."""
