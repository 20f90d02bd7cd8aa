"""The clean copy is what a reviewer looks at: upright, in true colours, on white, and with nothing but the picture."""

import io

import pytest
from PIL import Image, ImageCms, ImageOps

from tests.unit.evidence.build import (
    EXAMPLES,
    a_picture,
    a_png,
    chunk,
    clean_copy_of,
    copy_made_of,
    defect_of,
    encoded,
    grain,
    look,
    turned,
)


def colour_at(picture, x, y):
    return picture.convert("RGB").getpixel((round(x * picture.width), round(y * picture.height)))


def near(colour, expected, *, within=6):
    return all(abs(one - other) <= within for one, other in zip(colour, expected, strict=True))


@pytest.mark.parametrize(
    ("file_format", "orientation"), [*(("JPEG", each) for each in range(1, 9)), ("PNG", 6), ("WEBP", 8)]
)
def test_it_is_upright_whatever_the_exif_orientation(file_format, orientation):
    stored = a_picture((160, 120))
    stored.paste((250, 0, 0), (0, 0, 50, 50))
    content = encoded(stored, file_format, exif=turned(orientation))
    with Image.open(io.BytesIO(content)) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    seen = look(content)
    copy = copy_made_of(seen)
    assert copy.size == upright.size == (seen.inspection.width, seen.inspection.height)
    for x, y in [(0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)]:
        assert near(colour_at(copy, x, y), colour_at(upright, x, y), within=10)


@pytest.mark.parametrize(
    "exif",
    [b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\x7f", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\1\x12\0\3" * 20],
)
def test_a_malformed_exif_block_does_no_harm(exif):
    assert clean_copy_of(encoded(a_picture(), exif=exif)).size == (160, 120)


def test_it_says_nothing_of_where_and_with_what_the_picture_was_taken():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = encoded(a_picture(), exif=turned(6), icc_profile=profile, comment=b"by the river", xmp=b"<x:xmpmeta/>")
    copy = look(content).clean_copy
    assert copy is not None
    for secret in (b"Exif", b"ICC_PROFILE", b"river", b"xmp"):
        assert secret in content
        assert secret not in copy


def test_a_small_picture_is_not_blown_up():
    assert clean_copy_of(encoded(a_picture((140, 110)), "PNG")).size == (140, 110)


def test_a_long_screenshot_keeps_its_width_since_it_would_be_illegible():
    assert clean_copy_of(encoded(Image.new("L", (300, 5000), 200))).size == (300, 5000)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_is_transparent_is_white_not_black(mode):
    picture = Image.new("RGBA", (120, 120), (0, 0, 0, 0))
    picture.paste((90, 90, 90, 255), (60, 0, 120, 120))
    content = encoded(picture.convert("P" if mode == "PA" else mode), "PNG")
    copy = clean_copy_of(content)
    assert near(colour_at(copy, 0.2, 0.5), (255, 255, 255))
    assert near(colour_at(copy, 0.8, 0.5), (90, 90, 90))


def test_a_transparent_webp_is_on_white():
    content = encoded(Image.new("RGBA", (120, 120), (0, 0, 0, 0)), "WEBP", lossless=True)
    assert near(colour_at(clean_copy_of(content), 0.5, 0.5), (255, 255, 255))


def test_one_colour_that_stands_for_transparent_is_white():
    content = encoded(a_picture(colour=(10, 200, 10)), "PNG", transparency=(10, 200, 10))
    assert near(colour_at(clean_copy_of(content), 0.2, 0.5), (255, 255, 255))
    assert near(colour_at(clean_copy_of(content), 0.8, 0.5), (0, 0, 0))


def test_sixteen_bit_greys_are_scaled_and_not_cut_off():
    picture = Image.new("I;16", (120, 120), 200 * 257)
    picture.paste(50 * 257, (60, 0, 120, 120))
    copy = clean_copy_of(encoded(picture, "PNG"))
    assert near(colour_at(copy, 0.2, 0.5), (200, 200, 200))
    assert near(colour_at(copy, 0.8, 0.5), (50, 50, 50))


@pytest.mark.parametrize(
    "content",
    [
        a_png(depth=16),
        a_png(depth=16, colour=6),
        a_png(depth=16, colour=4),
        a_png(depth=1, colour=0),
        a_png(depth=1, colour=0, extra=chunk(b"tRNS", b"\0\1")),
        a_png(depth=2, colour=0, interlaced=1, rows=300),
        a_png(colour=4),
        a_png(colour=3, extra=chunk(b"PLTE", b"\0\0\0")),
    ],
    ids=["rgb16", "rgba16", "la16", "bilevel", "bilevel with alpha", "interlaced", "la", "palette"],
)
def test_every_kind_of_png_gives_a_copy(content):
    assert clean_copy_of(content).mode == "RGB"


@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_greys_and_bilevel_pictures_give_a_copy(file_format):
    for mode in ("1", "L"):
        assert near(colour_at(clean_copy_of(encoded(a_picture().convert(mode), file_format)), 0.9, 0.5), (0, 0, 0))


@pytest.mark.parametrize("progressive", [False, True])
def test_cmyk_comes_out_in_its_colours_and_not_as_their_negative(progressive):
    content = encoded(a_picture(colour=(250, 240, 20)).convert("CMYK"), progressive=progressive)
    copy = clean_copy_of(content)
    assert near(colour_at(copy, 0.2, 0.5), (250, 240, 20), within=25)
    assert near(colour_at(copy, 0.8, 0.5), (0, 0, 0), within=25)


def test_a_wide_gamut_is_brought_to_srgb():
    with Image.open(EXAMPLES / "parcel_label.jpg") as opened:
        display_p3 = opened.info["icc_profile"]
    plain = Image.new("RGB", (120, 120), (200, 60, 60))
    red = colour_at(clean_copy_of(encoded(plain, icc_profile=display_p3)), 0.5, 0.5)
    assert red[0] > 210
    assert red[1] < 55


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_wide_gamut_is_turned_upright_as_any_other(orientation):
    with Image.open(EXAMPLES / "parcel_label.jpg") as opened:
        display_p3 = opened.info["icc_profile"]
    stored = grain((220, 301)).convert("RGB")
    stored.paste((200, 60, 60), (20, 30, 90, 230))
    content = encoded(stored, "PNG", exif=turned(orientation), icc_profile=display_p3)
    unturned, upright = look(encoded(stored, "PNG", icc_profile=display_p3)).picture, look(content).picture
    assert unturned is not None
    assert upright is not None
    unturned.info["exif"] = turned(orientation).tobytes()
    assert upright.tobytes() == ImageOps.exif_transpose(unturned).tobytes()


def test_a_profile_that_says_what_is_meant_anyway_leaves_each_pixel_as_it_is():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    colourful = Image.merge("RGB", [Image.effect_noise((150, 120), 60) for _ in range(3)])
    profiled, bare = (look(encoded(colourful, **options)).picture for options in ({"icc_profile": srgb}, {}))
    assert profiled == bare


@pytest.mark.parametrize("profile", [b"", b"no profile", b"\0" * 400])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_malformed_colour_profile_does_no_harm(file_format, profile):
    copy = clean_copy_of(encoded(a_picture(), file_format, icc_profile=profile))
    assert near(colour_at(copy, 0.2, 0.5), (200, 180, 160))


def test_a_still_png_that_calls_itself_an_animation_of_one_frame_is_taken():
    assert defect_of(a_png(extra=chunk(b"acTL", b"\0\0\0\1\0\0\0\0"))) is None


def test_damage_in_what_is_not_the_picture_does_no_harm():
    text = bytearray(chunk(b"tEXt", b"Comment\0hello"))
    text[-1] ^= 1
    assert defect_of(a_png(extra=bytes(text))) is None
    assert defect_of(a_png(extra=chunk(b"iCCP", b"x\0\0broken"))) is None


def test_a_jpeg_filled_up_with_grey_is_taken_with_a_warning():
    content = encoded(grain())
    cut_off = content[: len(content) // 2] + b"\xff\xd9"
    assert "part_missing" in [each.code for each in look(cut_off).inspection.warnings]
    assert "part_missing" not in [each.code for each in look(content).inspection.warnings]


def test_the_original_is_known_by_its_hash_even_where_it_is_refused():
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert look(b"abc").inspection.sha256 == known  # the first test vector of FIPS 180-2
