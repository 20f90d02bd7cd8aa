"""Regions of a mask, the strips around them, and how they are cut out and turned."""

import math

import numpy as np
import pytest
from PIL import Image

from evidence.images import quarter_turned
from evidence.ocr.detector import MOST, is_small_print, mean_within, strips, unclipped
from evidence.ocr.regions import regions
from evidence.ocr.strips import Strip, hull, tightest
from evidence.ocr.turns import is_tall, probes
from evidence.text import Box


def a_mask(*rows):
    return np.array([[mark == "#" for mark in row] for row in rows])


def bounds(corners):
    return (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())


def found(*rows, most=10):
    return [bounds(region) for region in regions(a_mask(*rows), most)]


def a_strip(*, centre=(50, 20), width=40, height=10, degrees=0.0):
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return Strip(centre, (cos * width / 2, sin * width / 2), (-sin * height / 2, cos * height / 2))


def corners_of(strip):
    (x, y), (ax, ay), (dx, dy) = strip.centre, strip.along, strip.down
    return np.array([(x + s * ax + t * dx, y + s * ay + t * dy) for s in (-1, 1) for t in (-1, 1)])


def assert_same(strip, other):
    for one, two in zip((strip.centre, strip.along, strip.down), (other.centre, other.along, other.down), strict=True):
        assert one == pytest.approx(two, abs=1e-6)


def test_two_regions_apart_are_two():
    assert found("##..#", "##..#") == [(0, 0, 2, 2), (4, 0, 5, 2)]


def test_pixels_that_touch_at_a_corner_are_one_region():
    assert found("#..", ".#.", "..#") == [(0, 0, 3, 3)]
    assert found("..#", ".#.", "#..") == [(0, 0, 3, 3)]


def test_arms_that_meet_only_at_the_bottom_are_one_region():
    assert found("#.#.#", "#.#.#", "#####") == [(0, 0, 5, 3)]


def test_a_spiral_is_one_region():
    assert found("#######", "......#", "#####.#", "#...#.#", "#.###.#", "#.....#", "#######") == [(0, 0, 7, 7)]


def test_the_end_of_a_row_does_not_touch_the_start_of_the_next():
    assert sorted(found("...#", "#...", "...#")) == [(0, 1, 1, 2), (3, 0, 4, 1), (3, 2, 4, 3)]


def test_nothing_is_no_region():
    assert found("....", "....") == []


def test_only_the_largest_regions_are_told():
    assert found("#.##.###", most=2) == [(5, 0, 8, 1), (2, 0, 4, 1)]


def test_labels_agree_with_flooding_pixel_by_pixel():
    mask = np.random.default_rng(7).random((60, 70)) > 0.6
    assert sorted(bounds(region) for region in regions(mask, 10_000)) == sorted(flooded(mask))


def flooded(mask):
    left = set(zip(*map(np.ndarray.tolist, np.nonzero(mask)), strict=True))
    while left:
        region, edge = [], [left.pop()]
        while edge:
            row, column = edge.pop()
            region.append((column, row))
            near = {(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= near
            edge += near
        xs, ys = zip(*region, strict=True)
        yield min(xs), min(ys), max(xs) + 1, max(ys) + 1


def test_a_hull_leaves_out_what_is_inside_or_on_a_side():
    square = np.array([(0, 0), (4, 0), (4, 4), (0, 4), (2, 0), (2, 2), (4, 3), (0, 0)], dtype=float)
    assert sorted(hull(square).tolist()) == [[0, 0], [0, 4], [4, 0], [4, 4]]


@pytest.mark.parametrize("degrees", [-44, -20, -3, 0, 10, 44])
def test_the_tightest_rectangle_around_a_strip_is_the_strip(degrees):
    strip = a_strip(degrees=degrees)
    inside = corners_of(a_strip(degrees=degrees, width=30, height=6))
    assert_same(tightest(np.concatenate((corners_of(strip), inside))), strip)


def test_a_strip_that_stands_is_higher_than_wide():
    strip = tightest(corners_of(a_strip(width=10, height=40, degrees=5)))
    assert (strip.width, strip.height) == pytest.approx((10, 40))
    assert is_tall(strip)


def test_a_strip_that_lies_beyond_45_degrees_is_taken_for_one_that_stands():
    assert is_tall(tightest(corners_of(a_strip(degrees=80))))


@pytest.mark.parametrize("points", [[(3, 4)], [(3, 4), (3, 4)], [(1, 1), (5, 1), (3, 1)]])
def test_points_in_a_line_make_a_flat_strip(points):
    assert tightest(np.array(points, dtype=float)).height == 0


def test_a_strip_grows_by_as_much_on_every_side():
    assert_same(a_strip(degrees=30).grown(3), a_strip(width=46, height=16, degrees=30))


def test_a_core_grows_by_its_area_over_its_outline():
    grown = unclipped(a_strip(width=40, height=10))
    assert (grown.width, grown.height) == pytest.approx((40 + 2 * 6.4, 10 + 2 * 6.4))


def test_a_strip_knows_what_it_holds_and_what_is_the_same_text():
    strip = a_strip(degrees=45)
    assert strip.holds((60, 30))
    assert not strip.holds((60, 20))
    assert strip.overlaps(a_strip(centre=(60, 30), degrees=45))
    assert not strip.overlaps(a_strip(centre=(60, 10), degrees=45))


def test_its_box_is_its_bounds_in_shares_and_never_outside():
    assert a_strip().box(100, 50) == Box(0.3, 0.3, 0.7, 0.5)
    assert a_strip(centre=(5, 2)).box(100, 50) == Box(0, 0, 0.25, 0.14)


@pytest.mark.parametrize("degrees", [0, 30, -40])
def test_a_strip_is_cut_out_straight(degrees):
    strip = a_strip(centre=(100, 100), width=120, height=30, degrees=degrees)
    bar = Image.new("RGB", (200, 200), "white")
    bar.paste((200, 0, 0), (40, 85, 100, 115))
    bar.paste((0, 0, 200), (100, 85, 160, 115))
    picture = bar.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor="white")
    cutting = strip.cut(picture, 48, 3200)
    assert cutting.size == (192, 48)
    assert cutting.getpixel((40, 24)) == (200, 0, 0)
    assert cutting.getpixel((150, 24)) == (0, 0, 200)


def test_a_cutting_is_squeezed_rather_than_too_wide():
    assert a_strip(width=5000, height=10).cut(Image.new("RGB", (200, 40)), 48, 3200).size == (3200, 48)


def test_what_was_on_the_right_is_on_top_after_a_quarter():
    picture = Image.new("RGB", (20, 40), "white")
    picture.paste((200, 0, 0), (10, 0, 20, 40))
    cutting = a_strip(centre=(10, 20), width=20, height=40).turned(1).cut(picture, 48, 3200)
    assert cutting.size == (96, 48)
    assert cutting.getpixel((48, 5)) == (200, 0, 0)
    assert cutting.getpixel((48, 40)) == (255, 255, 255)


def test_four_quarters_are_a_whole_turn():
    assert_same(a_strip(degrees=20).turned(4), a_strip(degrees=20))


@pytest.mark.parametrize("quarters", range(4))
def test_a_box_of_a_turned_picture_is_turned_back(quarters):
    picture = Image.new("L", (100, 60))
    picture.paste(255, (10, 12, 40, 24))
    turned = quarter_turned(picture, quarters)
    bounding = turned.getbbox()
    assert bounding
    left, top, right, bottom = bounding
    box = Box(left / turned.width, top / turned.height, right / turned.width, bottom / turned.height)
    back = box.turned(-quarters)
    assert (back.left, back.top, back.right, back.bottom) == pytest.approx((0.1, 0.2, 0.4, 0.4))


def test_strips_of_a_few_characters_tell_which_way_up_a_picture_is():
    dot, rule, word = (a_strip(width=width) for width in (12, 400, 50))
    assert probes([rule, dot, word, word, word, word, word]) == [word] * 4


def test_a_run_of_likely_pixels_becomes_a_strip_and_specks_and_doubts_do_not():
    likely = np.zeros((60, 120), dtype=np.float32)
    likely[20:30, 20:80] = 0.9
    likely[40:50, 20:80] = 0.4
    likely[5:7, 5:7] = 0.9
    (strip,) = strips(likely)
    assert_same(strip, unclipped(a_strip(centre=(50, 25), width=60, height=10)))


def test_a_mean_is_over_the_pixels_within():
    likely = np.zeros((60, 120), dtype=np.float32)
    likely[:, :50] = 1
    assert mean_within(likely, a_strip()) == pytest.approx(0.5)
    assert mean_within(likely, a_strip(centre=(-500, 20))) == 0


def test_print_is_small_by_the_size_at_which_it_was_looked_at():
    lines = [a_strip(height=20)] * 3
    assert is_small_print(lines, (2000, 1500), 960)
    assert not is_small_print(lines, (1000, 750), 960)


def test_the_strips_of_a_page_of_print_are_within_the_bound():
    likely = np.zeros((1200, 400), dtype=np.float32)
    for row in range(0, 1200, 12):
        likely[row : row + 8, 20:380] = 0.9
    assert len(list(strips(likely))) == 100 <= MOST
