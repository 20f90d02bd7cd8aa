"""What is read of one field on a page."""

from evidence.facts import CaseFacts
from evidence.fields import read_fields


def read(name, lines, facts=None):
    return [each for each in read_fields(lines, facts or CaseFacts()) if each.name is name]


def first(name, lines, facts=None):
    return next(iter(read(name, lines, facts)), None)


def value(name, lines, facts=None):
    found = first(name, lines, facts)
    return found.value if found else None
