"""Serves MiniStack with checkpoints. Runs on the engine's own interpreter, never on the service's.

MiniStack writes its state only when it is asked to stop; a killed one would forget all but its S3 objects. The state
is taken between two calls, for the engine carries each out in one go, on the loop that saves: no transaction is halved.
"""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core.persistence import save_all

CHECKPOINT_SECONDS = 5
RESTS = 20
"""Times as long as the last checkpoint took, at least, until the next: nothing is answered meanwhile."""
WRITTEN = ("dynamodb", "s3", "sqs")
"""The services whose state changes while a stack stands. Saving all hashes every function's code anew: a second."""
CHECKPOINT_PATH = "/_checkpoint"

type Message = dict[str, object]

_log = logging.getLogger("checkpoint")


def checkpoint(*services: str) -> float:
    """Of these services; of all, if none is named. Gives the seconds that it took."""
    started = time.perf_counter()
    # 1.5.33 has no public way to save while it runs; the version is pinned in requirements/engine.in.
    states = ministack._build_persistence_save_dict()  # noqa: SLF001
    save_all({name: each for name, each in states.items() if not services or name in services})
    took = time.perf_counter() - started
    _log.info("saved in %.0f ms", took * 1000)
    return took


async def keep_checkpoints() -> None:
    took = 0.0
    while True:
        await asyncio.sleep(max(CHECKPOINT_SECONDS, RESTS * took))
        took = checkpoint(*WRITTEN)


async def served(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """The engine, and a path that answers once everything answered before is saved."""
    if scope["type"] != "http" or scope["path"] != CHECKPOINT_PATH:
        await ministack.app(scope, receive, send)
        return
    checkpoint()
    await send({"type": "http.response.start", "status": HTTPStatus.NO_CONTENT, "headers": []})
    await send({"type": "http.response.body"})


async def main() -> None:
    # A line for each service at each checkpoint would drown the log.
    logging.getLogger("persistence").setLevel(logging.WARNING)
    config = Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = 75
    config.loglevel = os.environ.get("LOG_LEVEL", "INFO")
    checkpoints = asyncio.create_task(keep_checkpoints())
    # Saves once more on SIGINT and SIGTERM.
    await serve(served, config)
    checkpoints.cancel()


if __name__ == "__main__":
    asyncio.run(main())
