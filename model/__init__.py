"""The Keras models, their ONNX copies and cards, and the code that makes them."""

import server  # noqa: F401  # turns off the telemetry of ONNX Runtime, before it is imported
