"""Every blueprint of the API."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.http import (
    appeals,
    bundles,
    disputes,
    feed,
    keeping,
    messages,
    meta,
    misses,
    outages,
    pieces,
    responses,
    reviews,
    webhooks,
)

_RESOURCES: Final = (
    meta,
    disputes,
    pieces,
    responses,
    reviews,
    appeals,
    keeping,
    outages,
    webhooks,
    messages,
    bundles,
    feed,
)

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    misses.misses,
    *(each.routes.blueprint for each in _RESOURCES),
)
