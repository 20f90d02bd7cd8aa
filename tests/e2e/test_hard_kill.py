"""The engine killed hard amid a burst of commands, and started again; `make chaos` does the same."""

from pathlib import Path

from tests.chaos.hard_kill import AFTER, BEFORE, killed


def test_what_was_answered_before_the_checkpoint_outlives_a_hard_kill_once_and_whole(tmp_path: Path):
    assert killed(tmp_path) > BEFORE + AFTER
