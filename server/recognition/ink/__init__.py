"""Ink: a grayscale picture → ink on blank paper, and its connected pieces.

Everything here must hold for any writing, so nothing here may ask a network or assume digits. No
file formats either: the arrays in `server.recognition.arrays` go in and come out. The training code
makes its pictures with this folder, so a change here changes what the networks have to learn.
"""
