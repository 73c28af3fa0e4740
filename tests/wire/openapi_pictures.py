"""Hook that gives Schemathesis readable pictures, which it cannot generate by itself."""

import schemathesis
from hypothesis import strategies

from tests.pictures import draw, encode, png

PICTURES = strategies.sampled_from([png("7"), png("407"), encode(draw("12"), "JPEG")])

schemathesis.openapi.media_type("image/*", PICTURES)
schemathesis.openapi.format("binary", PICTURES)  # the file of a form
