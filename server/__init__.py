"""Live Digits, which reads handwriting while it is written. Run it with `python -m server`."""
