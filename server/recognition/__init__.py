"""Recognition: the bytes of a picture in, a `Reading` out.

The folders are the stages, and imports run from later stages to earlier ones only:

    reader → occlusion, upright → reading → ink → decoding → onnx_model → arrays, labels

Nothing here may import Flask, a socket library, an event loop or a database, since the training
code and the tests run recognition without a server. Nothing here starts a thread or keeps state
between pictures, so that one `Reader` serves all threads. Two settings are process-wide: those of
Pillow in `decoding.picture.prepare_pillow`, and OpenCV's number of threads in `Reader`.
"""
