"""Which lines stand side by side, and which below each other, on a paper that leans in the picture."""

from collections import Counter
from collections.abc import Sequence

from evidence.text import Box, Line

_STEEPEST = 0.3
_STEPS = 60
"""Of the slope, to either side of level: down by so much of the height across the whole width."""
_LEVEL = 0.35
"""Of a line's height: how far two lines that are in one row may be off."""
_NEAR = 0.45
"""Of the width: how far apart lines may be for the slope to be told by them."""
_DOWN = 2.6
"""Lines: how far below its label a value may be."""
_NARROWEST, _WIDEST = 0.3, 2.2
"""Ratio of a picture's width to its height, squared; most photos are higher than wide."""
_SLACK = 0.03
"""Of the slope: what perspective makes of a level row; less where the paper clearly leans."""
_MARGIN = 0.006
"""Of the width: how far lines with the same margin may be off."""
_LEVEL_BY = 2
"""How many lines more must stand side by side at a slope for it to be believed."""
_MOST = 150
"""Lines from which the slope is told."""


class Rows:
    """The lines of one picture, or of the pages of several."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._slope = _slope(lines[:_MOST])

    def level(self, box: Box) -> float:
        """How far down the middle of a line would be, were the paper upright."""
        return (box.top + box.bottom) / 2 - self._slope * (box.left + box.right) / 2

    def right_of(self, line: Line) -> Line | None:
        """The next line in the same row."""
        row = [each for each in self._lines if self._beside(line, each) and each.box.left > _middle(line.box)]
        return min(row, key=lambda each: each.box.left, default=None)

    def is_first(self, line: Line) -> bool:
        """Whether nothing stands to the left of it in its row."""
        return not any(self._beside(line, each) and each.box.right < _middle(line.box) for each in self._lines)

    def below(self, line: Line, *, anywhere: bool) -> Line | None:
        """The next line in the column, or anywhere in the next row; None if it is farther than two lines."""
        box, level = line.box, self.level(line.box)
        lower = [
            each
            for each in self._lines
            if each.box.page == box.page
            and 0 < self.level(each.box) - level < _DOWN * max(box.height, each.box.height)
            and not self._beside(line, each)
            and (anywhere or (each.box.left < box.right and each.box.right > box.left))
        ]
        return min(lower, key=lambda each: self.level(each.box), default=None)

    def _beside(self, one: Line, other: Line) -> bool:
        apart = abs(self.level(one.box) - self.level(other.box))
        return one is not other and one.box.page == other.box.page and apart < _reach(one.box, other.box)


def _reach(one: Box, other: Box) -> float:
    """A value may be written larger than its label, but a row doesn't reach farther than a line."""
    return 0.5 * min(max(one.height, other.height), 1.5 * min(one.height, other.height))


def _middle(box: Box) -> float:
    return (box.left + box.right) / 2


def _slope(lines: Sequence[Line]) -> float:
    """The slope at which most lines have another one beside them; level where that tells as much.

    A paper that is turned has its margin turned as well, so that the margin tells to which side it leans. How far
    depends on the picture's ratio, squared, and on perspective.
    """
    drift = _drift(lines)
    least, most = sorted((-_NARROWEST * drift, -_WIDEST * drift))
    slack = max(0.0, _SLACK - abs(drift) / 4)
    allowed = _steps(least - slack, most + slack)
    likely = _steps(*sorted((-_NARROWEST * drift, -drift)))
    votes = Counter(dict.fromkeys(likely, _LEVEL_BY))
    for one in lines:
        for other in lines:
            across = _middle(other.box) - _middle(one.box)
            if one.box.page == other.box.page and one.box.right < other.box.left < one.box.right + _NEAR:
                down = (other.box.top + other.box.bottom - one.box.top - one.box.bottom) / 2
                reach = _LEVEL * min(one.box.height, other.box.height)
                steps = _steps((down - reach) / across, (down + reach) / across)
                votes.update(range(max(steps.start, allowed.start), min(steps.stop, allowed.stop)))
    return _elected(votes) * _STEEPEST / _STEPS


def _drift(lines: Sequence[Line]) -> float:
    """How far to the right the left margin goes, of the width, from the top of the picture to its bottom."""
    votes: Counter[int] = Counter({0: _LEVEL_BY})
    for one in lines:
        for other in lines:
            down = other.box.top - one.box.top
            if one.box.page == other.box.page and down > one.box.height / 2:
                across = other.box.left - one.box.left
                votes.update(_steps((across - _MARGIN) / down, (across + _MARGIN) / down))
    return _elected(votes) * _STEEPEST / _STEPS


def _elected(votes: Counter[int]) -> float:
    """The step with most votes, the middle of them if they are several in a row; the nearest to level of the rest."""
    most = max(votes.values())
    best = [step for step, count in votes.items() if count == most]
    first = min(best, key=abs)
    near = [step for step in best if abs(step - first) <= _STEPS // 10]
    return sum(near) / len(near)


def _steps(least: float, most: float) -> range:
    """The steps of the slope from the one to the other, of those that there are."""
    if least > _STEEPEST or most < -_STEEPEST:
        return range(0)
    first, last = (round(_STEPS * max(-1.0, min(1.0, each / _STEEPEST))) for each in (least, most))
    return range(first, last + 1)
