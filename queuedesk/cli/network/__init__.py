"""Commands of halls that several PCs share."""
