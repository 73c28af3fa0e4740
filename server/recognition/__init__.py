"""Recognition: the bytes of a picture in, a `Reading` out.

The folders are the stages, and imports run from later stages to earlier ones only:

    reader → reading → ink → decoding → arrays, labels

Nothing here may import Flask, a socket library, an event loop or a database: the training code and
the tests run recognition without a server. Nothing here starts a thread or keeps state between two
pictures, so that one `Reader` serves all threads at once.
"""
