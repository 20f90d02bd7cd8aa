"""Clean copies of large pictures: upright, bounded, without what the camera wrote (A13)."""

from tests.unit.evidence.build import EXAMPLES, a_picture, copy_made_of, encoded, look


def test_it_is_at_most_2048_pixels_and_the_piece_keeps_its_own_size():
    seen = look(encoded(a_picture((2400, 1200))))
    assert copy_made_of(seen).size == (2048, 1024)
    assert (seen.inspection.width, seen.inspection.height) == (2400, 1200)


def test_a_phone_photo_that_holds_several_pictures_counts_as_its_first():
    seen = look((EXAMPLES / "parcel_label.jpg").read_bytes())
    inspection = seen.inspection
    assert inspection.defect is None
    assert inspection.media_type == "image/jpeg"
    assert (inspection.width, inspection.height) == (3024, 4032)
    assert copy_made_of(seen).size == (1512, 2016)
