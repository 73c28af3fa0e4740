"""Decoding: the bytes of a picture file → an upright grayscale picture of bounded size.

The bytes come from strangers. Every limit on their size and cost is checked here, before the work
that it bounds, and every fault of a file becomes UnreadableImage or ImageTooLarge. Later stages
trust what they are given. Nothing here knows about ink or digits.
"""
