"""Hook that gives Schemathesis readable files, which it cannot generate by itself."""

import schemathesis
from hypothesis import strategies

from tests.archives import make_zip
from tests.pictures import draw, encode, png

PICTURES = strategies.sampled_from([png("7"), png("407"), encode(draw("12"), "JPEG")])

ZIPS = strategies.sampled_from([make_zip({"7/a.png": png("7")}), make_zip({"a.txt": "words"})])

schemathesis.openapi.media_type("image/*", PICTURES)
schemathesis.openapi.media_type("application/zip", ZIPS)
schemathesis.openapi.format("binary", PICTURES)  # the file of a form
