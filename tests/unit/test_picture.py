"""Decoding of every kind of picture file to the same upright gray, and previews."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

from server.errors import ImageTooLarge, UnreadableImage
from server.recognition.decoding.fast_webp import decode_fast_webp
from server.recognition.decoding.picture import (
    MAX_SIDE_PX,
    PREVIEW_SIDE_PX,
    ColorPicture,
    decode,
    encode_preview,
    open_picture,
    prepare_pillow,
)
from server.recognition.ink.drawing import extract_drawn_ink
from tests.fuzzing.bombs import bmp_file, make_bomb, tiff_fax
from tests.fuzzing.seeds import png_file
from tests.pictures import draw, encode

LIMIT = 40_000_000
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def decode_file(image: bytes) -> ColorPicture:
    return decode(open_picture(image, LIMIT))


def ink_of(image: bytes) -> np.ndarray[Any, Any]:
    return extract_drawn_ink(decode_file(image).gray)


def assert_same_ink(image: bytes, wanted: bytes) -> None:
    """Assert that the ink of two files covers the same pixels, apart from edges."""
    ours, theirs = ink_of(image) > 127, ink_of(wanted) > 127
    assert ours.shape == theirs.shape
    assert (ours != theirs).mean() < 0.01
    assert theirs.any()


def seven(mode: str = "RGB") -> Image.Image:
    return draw("7").convert(mode)


def encode_heic() -> bytes:
    register_heif_opener()
    return encode(seven(), "HEIF")


def sixteen_bit() -> Image.Image:
    return Image.fromarray(np.asarray(seven("L")).astype(np.uint16) * 16)


@pytest.mark.parametrize(
    ("format", "mode"),
    [
        ("PNG", "RGB"), ("PNG", "L"), ("PNG", "1"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "LA"),
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGB"), ("WEBP", "RGBA"),
        ("GIF", "P"), ("BMP", "RGB"), ("TIFF", "CMYK"), ("TIFF", "L"), ("HEIF", "RGB"),
    ],
)  # fmt: skip
def test_decode_every_format_and_mode(format: str, mode: str) -> None:
    register_heif_opener()
    assert_same_ink(encode(seven(mode), format), encode(seven()))


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_decode_16_bit_file(format: str) -> None:
    assert_same_ink(encode(sixteen_bit(), format), encode(seven()))


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("white", "black"), ("black", None), ("white", None), ("red", None), ("yellow", "white"),
        ("blue", "white"), ("#777", "#999"), ("red", "#009300"), ("yellow", "navy"),
        ((0, 0, 0, 255), "#f4ecd8"),
    ],
)  # fmt: skip
def test_decode_any_ink_on_any_paper(ink: Any, paper: Any) -> None:
    assert_same_ink(encode(draw("7", ink=ink, paper=paper)), encode(seven()))


def test_decode_turns_photo_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # show it turned by 90° clockwise
    turned = seven().transpose(Image.Transpose.ROTATE_90)
    assert_same_ink(encode(turned, "JPEG", exif=exif), encode(seven()))


def test_decode_takes_first_frame_of_animation() -> None:
    others = [Image.new("RGB", seven().size, "white")] * 2
    animation = encode(seven(), "GIF", save_all=True, append_images=others)
    assert_same_ink(animation, encode(seven()))


def test_decode_reduces_large_picture_and_keeps_scale() -> None:
    wide = Image.new("L", (6000, 1000), 255)
    picture = decode_file(encode(wide))
    assert max(picture.gray.shape) <= MAX_SIDE_PX
    assert picture.gray.shape[1] * picture.scale == 6000


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_decode_reduces_any_mode(mode: str) -> None:
    large = draw("7", digit_px=MAX_SIDE_PX + 300, pen_px=160)
    assert_same_ink(encode(large.convert(mode)), encode(large.reduce(2)))


def test_decode_reduces_16_bit_picture() -> None:
    large = draw("7", digit_px=MAX_SIDE_PX + 300, pen_px=160)
    deep = Image.fromarray(np.asarray(large.convert("L")).astype(np.uint16) * 16)
    assert_same_ink(encode(deep), encode(large.reduce(2)))


def test_decode_reduces_and_turns_palette_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = Image.new("P", (MAX_SIDE_PX + 2, 100))
    assert decode_file(encode(wide, exif=exif)).gray.shape == (MAX_SIDE_PX // 2 + 1, 50)


def test_decode_stretches_extreme_levels() -> None:
    levels = np.array([[-3e38, 3e38, np.nan, np.inf]], np.float32)
    gray = decode_file(encode(Image.fromarray(levels), "TIFF")).gray
    assert gray.tolist() == [[0, 255, 128, 128]]


@pytest.mark.parametrize(
    ("bomb", "message"),
    [
        ("PNG of chunks", "over 50000 parts"), ("JPEG of segments", "over 50000 parts"),
        ("JPEG of padding", "over 50000 parts"), ("JPEG of skipped bytes", "over 50000 parts"),
        ("TIFF of unpacked strips", "over 50000 parts"), ("JPEG of scans", "over 32 scans"),
        ("TIFF of fax rows", "over 20000 rows"), ("BMP of rows", "run-length encoded"),
        ("BMP of nibbles", "run-length encoded"), ("WEBP claimed", "16383 × 16383"),
    ],
)  # fmt: skip
def test_open_picture_rejects_expensive_file(bomb: str, message: str) -> None:
    with pytest.raises(ImageTooLarge, match=message):
        decode_file(make_bomb(bomb))


def test_open_picture_accepts_progressive_mpo() -> None:
    photos = encode(seven(), "MPO", progressive=True, save_all=True, append_images=[seven()])
    assert_same_ink(photos, encode(seven()))


def test_decode_fast_webp_does_not_log_truncated_file(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert decode_fast_webp(encode(draw("7", digit_px=8), "WEBP")[:31], LIMIT) is None
    assert capfd.readouterr().err == ""


def test_decode_small_run_length_bmp() -> None:
    rows = np.asarray(seven("L"))[::-1].tolist()
    runs = [b"".join(bytes([1, level]) for level in row) for row in rows]
    packed = b"\0\0".join(runs) + b"\0\1"
    assert_same_ink(bmp_file(*seven().size, packed, bits=8, compression=1), encode(seven()))


@pytest.mark.parametrize("packing", [2, 3, 4])
def test_decode_does_not_log_damaged_fax(packing: int, capfd: pytest.CaptureFixture[str]) -> None:
    decode_file(tiff_fax(packing, rows=5_000))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("image", "complaint"),
    [
        (encode_heic(), "UnidentifiedImageError"),
        (png_file("L", (20_000, 20_000), b""), "DecompressionBombError"),
        (tiff_fax(3, rows=100), "Fax"),
    ],
    ids=["no HEIC", "limit of its own", "log of a damaged fax"],
)
def test_pillow_alone_has_the_faults_that_are_mended(
    image: bytes, complaint: str, tmp_path: Path
) -> None:
    file = tmp_path / "picture"
    file.write_bytes(image)
    code = "import sys; from PIL import Image; Image.open(sys.argv[1]).load()"
    alone = subprocess.run(
        [sys.executable, "-c", code, file], capture_output=True, text=True, check=False
    )
    assert complaint in alone.stderr


def test_prepare_pillow_fails_where_its_limit_has_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Image, "MAX_IMAGE_PIXELS")
    with pytest.raises(AssertionError, match="MAX_IMAGE_PIXELS"):
        prepare_pillow.__wrapped__()


def test_open_picture_rejects_too_many_pixels() -> None:
    with pytest.raises(ImageTooLarge, match="at most 1 million"):
        open_picture(encode(Image.new("L", (1001, 1000))), 1_000_000)


@pytest.mark.parametrize(
    "image",
    [b"", b"\x00", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7",
     encode(seven())[:-300], encode(seven(), "JPEG")[:100], encode(seven(), "TIFF")[:2000]],
)  # fmt: skip
def test_decode_rejects_other_bytes(image: bytes) -> None:
    with pytest.raises(UnreadableImage, match="Send a PNG"):
        decode_file(image)


@pytest.mark.parametrize("profile", [b"", PROFILE], ids=["bare", "with a profile"])
def test_decode_fast_webp_equals_decode(profile: bytes) -> None:
    image = encode(seven(), "WEBP", icc_profile=profile)
    plain = decode_fast_webp(image, LIMIT)
    assert plain is not None
    theirs = decode_file(image)
    assert plain.scale == theirs.scale
    assert np.abs(plain.gray.astype(int) - theirs.gray).max() <= 1


def understate(image: bytes) -> bytes:
    """Return an extended WebP file whose header claims a size of one pixel."""
    assert image[12:16] == b"VP8X"
    return image[:24] + bytes(6) + image[30:]


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(encode(seven()), id="PNG"),
        pytest.param(encode(draw("7", paper=None), "WEBP"), id="transparent"),
        pytest.param(encode(seven(), "WEBP", lossless=True), id="lossless"),
        pytest.param(
            encode(seven(), "WEBP", save_all=True, append_images=[draw("4")]), id="animated"
        ),
        pytest.param(encode(draw("7", ink="yellow"), "WEBP"), id="of little contrast"),
        pytest.param(encode(draw("7", digit_px=2000), "WEBP"), id="large"),
        pytest.param(
            understate(encode(draw("7", digit_px=4000), "WEBP", icc_profile=PROFILE)),
            id="larger than its header claims",
        ),
        pytest.param(encode(seven(), "WEBP")[:200], id="truncated"),
        pytest.param(encode(seven(), "WEBP")[:20], id="truncated header"),
        pytest.param(encode(seven(), "WEBP", icc_profile=PROFILE)[:25], id="truncated size"),
        pytest.param(encode(seven(), "WEBP", exif=b"Exif\0\0MM"), id="with metadata"),
        pytest.param(b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(500), id="random bytes"),
    ],
)
def test_decode_fast_webp_leaves_other_files(image: bytes) -> None:
    assert decode_fast_webp(image, max_pixels=1_000_000) is None


def test_preview_is_small_webp_without_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    photo = seven().resize((3000, 2000))
    preview = encode_preview(decode_file(encode(photo, "JPEG", exif=exif)))
    shown = Image.open(BytesIO(preview))
    assert shown.format == "WEBP"
    assert max(shown.size) == PREVIEW_SIDE_PX
    assert b"where I live" not in preview


def test_encode_preview_leaves_picture_unchanged() -> None:
    picture = decode_file(encode(seven().resize((2000, 2000))))
    encode_preview(picture)
    assert picture.upright.size == (2000, 2000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_preview_of_any_mode_shows_ink(mode: str) -> None:
    format = "TIFF" if mode == "CMYK" else "PNG"
    preview = encode_preview(decode_file(encode(seven(mode), format)))
    assert_same_ink(preview, encode(seven()))


def test_preview_of_16_bit_picture_shows_ink() -> None:
    assert_same_ink(encode_preview(decode_file(encode(sixteen_bit()))), encode(seven()))
