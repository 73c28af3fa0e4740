"""Live Digits: reads handwriting while the pen still moves. Run it with `python -m server`."""
