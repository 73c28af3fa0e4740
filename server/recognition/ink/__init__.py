"""Ink: a picture → ink on blank paper, and its connected pieces.

The ink of a drawing is exact, by the level of its paper. That of a photo is found by a network,
pixel by pixel. Everything here must hold for any writing, so nothing here may assume digits. No
file formats either: the arrays in `server.recognition.arrays` go in and come out. The training code
makes its pictures with this folder, so a change here changes what the networks have to learn.
"""
