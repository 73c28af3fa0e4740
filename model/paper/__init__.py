"""Generated photos of handwriting on paper, with the ink that is really there.

    writing → printing → surface → camera

`writing` lays digits and other signs in rows, `printing` adds what is printed on the paper,
`surface` gives the paper, the light and what lies around it, `camera` what a phone or a scanner
makes of it. `scene` draws all of their settings at random. All lengths are in pixels of the picture
or in heights of a digit; reflectances and light are 0 to 1.
"""
