"""The most memory that each deployed function takes, against what it is given.

The packaged service on the engine, where each function has processes of its own: disputes of every state, photos of 12
megapixels, a webhook, a bundle, an outage, and what runs by the clock. Lambda counts what starts a function, too, and
kills one that takes more than it is given: three quarters of that is the most that is shown here.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.bill import PHOTOS
from bench.figures import Figure, Part, Row, Table
from bench.photo import CAMERA
from bench.processes import peak_memory, processes
from tests.engine_fixtures import Service
from tools import deploy, engine, identity
from tools.paths import BUILD, ROOT
from tools.people import Cast, Person, contest
from tools.ports import free_port
from tools.seed import seed

_MOST = 0.75
_SCHEDULE = ROOT / "tests" / "events" / "schedule.json"
_NAME = re.compile(rb"\bAWS_LAMBDA_FUNCTION_NAME=([^\0]+)")
_WITHIN = 120
"""Seconds for what happens by itself."""


def measure() -> Part:
    with _deployed() as service:
        _use(service)
        given = _given(service)
        _until(lambda: _peaks(service).keys() >= given.keys())
        peaks = _peaks(service)
    shares = {_shown(name): peaks[name] / given[name] for name in given}
    fullest = max(shares, key=lambda each: shares[each])
    figure = Figure(
        "memory",
        f"Memory that a function takes of what it is given, at most (`{fullest}`)",
        f"函数内存占用与所配内存之比，最大者（`{fullest}`）",
        shares[fullest],
        at_most=_MOST,
    )
    rows: list[Row] = [(_shown(name), given[name], peaks[name], peaks[name] / given[name]) for name in sorted(given)]
    return Part([figure], [Table("Memory of each function, MB", ("function", "given", "taken at most", "share"), rows)])


@contextmanager
def _deployed() -> Iterator[Service]:
    with TemporaryDirectory(prefix="recourse-bench-") as name:
        folder = Path(name)
        with engine.running(free_port(), folder) as local, identity.running(free_port(), folder) as provider:
            deployed = deploy.deploy(local, BUILD, deploy.Provider(provider.issuer, provider.jwks_uri))
            yield Service(deployed.api_url, deployed.outputs, local, provider)


def _use(service: Service) -> None:
    """Everything that a function is there for, once at least."""
    cast = Cast(service.api_url, service.token_for)
    shop = cast.shop("S1")
    shop.post("/webhooks", {"url": "https://hooks.invalid/recourse", "events": ["dispute.opened"]})
    seed(service.api_url, service.token_for)
    dispute = _with_photos(cast, shop)
    bundle = shop.post(f"/disputes/{dispute}/bundle")["id"]
    _send(service, "DueQueueUrl", {"disputes": [dispute]})
    _send(service, "OutageQueueUrl", {"outage": _agreed(service)})
    _send(service, "VerifyQueueUrl", {})
    for function in ("SweepName", "EraseName", "AnchorName"):
        service.client("lambda").invoke(FunctionName=service.outputs[function], Payload=_SCHEDULE.read_bytes())
    _until(lambda: shop.get(f"/disputes/{dispute}/bundle/{bundle}")["state"] == "ready")


def _send(service: Service, queue: str, message: dict[str, object]) -> None:
    service.client("sqs").send_message(QueueUrl=service.outputs[queue], MessageBody=json.dumps(message))


def _with_photos(cast: Cast, shop: Person) -> str:
    dispute = cast.open("MEMORY-1", shop="S1", reason="not_received", amount=12_900)
    pieces = [
        str(shop.submit(dispute, "proof_of_delivery", photo, stage="response")["id"]) for photo in (*PHOTOS, CAMERA)
    ]
    contest(shop, dispute, *pieces)
    cast.rule(dispute)
    return dispute


def _agreed(service: Service) -> str:
    """An outage that was declared and agreed to."""
    first, second = (Person(service.api_url, service.token_for("operator", sub=each)) for each in ("op-1", "op-2"))
    now = datetime.now(UTC).replace(microsecond=0)
    window = {"since": (now - timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=25)).isoformat()}
    asked = {**window, "respondents": ["shop:S1"], "extra_hours": 5, "cause": "Uploads failed."}
    outage = str(first.post("/outages", asked)["id"])
    second.post(f"/outages/{outage}/agreement", {"agreed": True})
    return outage


def _given(service: Service) -> dict[str, int]:
    """MB, by the function's name in the account."""
    pages = service.client("lambda").get_paginator("list_functions").paginate()
    return {each["FunctionName"]: each["MemorySize"] for page in pages for each in page["Functions"]}


def _peaks(service: Service) -> dict[str, float]:
    """MB, of those that have run."""
    peaks: dict[str, float] = {}
    for process in processes(service.engine.pid or 0):
        with suppress(OSError):  # it has ended
            named = _NAME.search(Path(f"/proc/{process}/environ").read_bytes())
            if named:
                name = named[1].decode()
                peaks[name] = max(peaks.get(name, 0), peak_memory(process))
    return peaks


def _until[T](seen: Callable[[], T]) -> T:
    """What is seen at last. Raises TimeoutError."""
    end = time.monotonic() + _WITHIN
    while not (found := seen()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {_WITHIN} s")
        time.sleep(0.5)
    return found


def _shown(name: str) -> str:
    """`Sweep` of `recourse-Sweep-0123456789ABC`."""
    return name.split("-")[1]
