"""The set-up as a file: kept, or taken over from another hall, with a look at what it would change."""
