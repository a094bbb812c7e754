"""Commands of voice, messages, devices and notices."""
