"""Words of voice, devices, cards and notices."""
