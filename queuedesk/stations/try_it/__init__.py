"""A trial of the whole hall on one screen."""
