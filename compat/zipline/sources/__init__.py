"""Sources of data besides a bundle."""
