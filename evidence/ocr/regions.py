"""Connected regions of a mask: by runs of a row, so that the work grows with their outline, not with their area."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


def regions(mask: NDArray[np.bool_], most: int) -> Iterator[NDArray[np.float64]]:
    """For each region of the mask, the corners (n x 2: x, y) of its runs; pixels touch at sides and corners.

    Of more than `most` regions, only the largest.
    """
    rows, starts, ends = runs(mask)
    labels = _labels(rows, starts, ends, mask.shape[1] + 2)
    areas = np.bincount(labels, weights=ends - starts)
    largest = np.argsort(-areas, kind="stable")[: min(most, np.count_nonzero(areas))]
    order = np.argsort(labels, kind="stable")
    for first, after in zip(*(np.searchsorted(labels[order], largest, side) for side in _SIDES), strict=True):
        members = order[first:after]
        row, start, end = rows[members], starts[members], ends[members]
        xs, ys = np.concatenate((start, end, start, end)), np.concatenate((row, row, row + 1, row + 1))
        yield np.stack((xs, ys), axis=1).astype(np.float64)


def runs(mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Row, first column and the column after the last, of each run of true pixels, in reading order."""
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return rows, starts, ends


def _labels(rows: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp], stride: int) -> NDArray[np.intp]:
    """A number for each run, the same for those of one region: the least index of its runs."""
    upper, lower = _touching(rows * stride + starts, rows * stride + ends, stride)
    labels = np.arange(len(rows))
    while True:
        least = np.minimum(labels[upper], labels[lower])
        if np.array_equal(labels[upper], labels[lower]):
            return labels
        for side in (upper, lower):
            np.minimum.at(labels, labels[side], least)
        labels = _roots(labels)


def _touching(
    starts: NDArray[np.intp], ends: NDArray[np.intp], stride: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs of runs in rows one above the other that touch; a run is given by its places in reading order."""
    first = np.searchsorted(ends, starts + stride, side="left")
    after = np.searchsorted(starts, ends + stride, side="right")
    counts = np.maximum(after - first, 0)
    upper = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, np.repeat(first, counts) + within


def _roots(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    while True:
        further = labels[labels]
        if np.array_equal(further, labels):
            return labels
        labels = further
