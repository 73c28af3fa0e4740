"""The Keras models, their ONNX copies and cards, and the code that makes them."""
