"""The Keras model, its ONNX copy, its card, and the code that makes them."""
