"""Words of rights and of shared halls."""
