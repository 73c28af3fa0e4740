"""TODO rule."""
