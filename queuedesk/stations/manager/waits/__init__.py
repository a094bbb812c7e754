"""Order, promises, windows needed, what-ifs."""
