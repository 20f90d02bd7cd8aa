"""Every command and every job, brought to where one attempt carries it out."""

from tests.chaos import background, commands
from tests.chaos.registry import COMMANDS, JOBS, all_of_them

__all__ = ["COMMANDS", "JOBS", "all_of_them", "background", "commands"]
