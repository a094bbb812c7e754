"""Words of halls side by side in a period, and of what one pushes to the others."""
