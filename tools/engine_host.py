"""Serves MiniStack with checkpoints. Runs on the engine's own interpreter, never on the service's.

MiniStack writes its state only when it is asked to stop; a killed one would forget all but its S3 objects.
"""

import asyncio
import logging
import os
import time

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core.persistence import save_all

CHECKPOINT_SECONDS = 20

_log = logging.getLogger("checkpoint")


def checkpoint() -> None:
    started = time.perf_counter()
    # 1.5.33 has no public way to save while it runs; the version is pinned in requirements/engine.in.
    states = ministack._build_persistence_save_dict()  # noqa: SLF001
    save_all(states)
    _log.info("saved in %.0f ms", (time.perf_counter() - started) * 1000)


async def keep_checkpoints() -> None:
    while True:
        await asyncio.sleep(CHECKPOINT_SECONDS)
        checkpoint()


async def main() -> None:
    # A line for each service at each checkpoint would drown the log.
    logging.getLogger("persistence").setLevel(logging.WARNING)
    config = Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = 75
    config.loglevel = os.environ.get("LOG_LEVEL", "INFO")
    checkpoints = asyncio.create_task(keep_checkpoints())
    # Saves once more on SIGINT and SIGTERM.
    await serve(ministack.app, config)
    checkpoints.cancel()


if __name__ == "__main__":
    asyncio.run(main())
