"""Acts that several stations share."""
