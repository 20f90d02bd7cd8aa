"""The engine killed hard amid a burst of commands, and started again: what was saved is there, once, and whole.

DynamoDB keeps whatever it has answered; the engine, whatever it had answered at its last checkpoint.
"""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from chalicelib.bootstrap import utc_now
from chalicelib.service.verifying import Verified, Verifier
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.evidence_bucket import S3Bucket
from chalicelib.store.records import TableRecords
from tests.api.build import WORDS, a_claim
from tests.chaos.report import Counted, Section
from tests.engine_fixtures import Api, Service
from tools import deploy, engine, identity, package
from tools.paths import BUILD
from tools.people import upload
from tools.ports import free_port

CALLERS = 4
BEFORE, AFTER = 12, 6
"""So many commands at least are answered before the checkpoint, and between it and the kill."""
STARTS_WITHIN = 180
"""Seconds."""
PICTURE = Path(__file__).parents[2] / "examples" / "stamped_delivery_proof.jpg"


class Burst:
    """Callers who open disputes and accept them, one after the other, until nobody answers any more."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.answered: dict[str, Any] = {}
        """By its idempotency key, in the order in which they came."""
        self.cut_off: list[str] = []
        """The keys of requests that were under way when the engine died."""
        self.cases: list[str] = []
        self.threads = [Thread(target=self._call, args=(f"caller-{each}",)) for each in range(CALLERS)]

    def ask(self, role: str, path: str, body: object, key: str) -> Any:
        """Sends it; what is answered is 2xx."""
        parties = ["shop:killed"] if role == "merchant" else []
        try:
            answer = self.service.api(role, parties).post(f"/v1/disputes{path}", body, key=key)
        except (OSError, HTTPException):
            self.cut_off.append(key)
            raise
        assert answer.status < 300, answer.body
        self.answered[key] = answer.json
        return answer.json

    def case(self, name: str) -> None:
        """Its commands, under the same keys each time."""
        opened = self.ask("platform", "", a_claim(external_id=name, respondent="shop:killed"), key=f"{name}-opens")
        self.ask("merchant", f"/{opened['id']}/acceptance", {"statement": WORDS}, key=f"{name}-accepts")

    def _call(self, caller: str) -> None:
        while not self.cut_off:
            name = f"{caller}-{len(self.cases)}"
            self.cases.append(name)
            try:
                self.case(name)
            except (OSError, HTTPException):
                return

    def until(self, answers: int) -> None:
        end = time.monotonic() + 60
        while len(self.answered) < answers:
            assert time.monotonic() < end, self.answered
            time.sleep(0.005)

    def killed(self) -> set[str]:
        """Runs until the engine dies; gives the keys that were answered before the checkpoint."""
        for each in self.threads:
            each.start()
        self.until(BEFORE)
        saved = set(self.answered)
        self.service.engine.checkpoint()
        self.until(len(self.answered) + AFTER)
        kill(self.service.engine)
        for each in self.threads:
            each.join()
        return saved


def kill(running: engine.Engine) -> None:
    """It and the functions that it runs, as when a machine dies."""
    assert running.pid
    os.killpg(running.pid, signal.SIGKILL)


class Machine:
    """Where the service is started again and again: same port, same folder, same keys."""

    def __init__(self, folder: Path, provider: identity.Identity) -> None:
        self._folder, self._provider, self._port = folder, provider, free_port()
        self._deployed: deploy.Deployment | None = None

    @contextmanager
    def up(self) -> Iterator[Service]:
        """Deployed once: the stack outlives the engine, too."""
        with engine.running(self._port, self._folder) as local:
            issued = deploy.Provider(self._provider.issuer, self._provider.jwks_uri)
            self._deployed = self._deployed or deploy.deploy(local, BUILD, issued)
            service = Service(self._deployed.api_url, self._deployed.outputs, local, self._provider)
            awake(service)
            yield service


def awake(service: Service) -> None:
    """Every function is unpacked afresh after a start, and what waits in the queues starts them all at once."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        with suppress(TimeoutError):
            if Api(service.api_url).get("/v1/health").status == HTTPStatus.OK:
                return
    raise TimeoutError("the API doesn't start")


def verified(service: Service) -> Verified:
    """The whole table, and the files that were sealed, as an operator's job verifies them."""
    table = DynamoTable(service.client("dynamodb"), service.outputs["TableName"])
    bucket = S3Bucket(service.client("s3"), service.outputs["EvidenceBucketName"])
    return Verifier(TableRecords(table), bucket, utc_now, partial(time.sleep, 2)).whole()


def contested(burst: Burst) -> None:
    """A dispute with a file that was just sent off, and that nobody has looked at yet."""
    dispute = burst.ask("platform", "", a_claim(external_id="contested", respondent="shop:killed"), "contested-opens")[
        "id"
    ]
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    registered = burst.ask("merchant", f"/{dispute}/evidence", asked, "contested-registers")
    upload(registered["upload"], PICTURE.read_bytes())
    answer = {"statement": WORDS, "pieces": [registered["piece"]["id"]]}
    burst.ask("merchant", f"/{dispute}/response", answer, "contested-contests")


def statuses(service: Service) -> list[tuple[str, str]]:
    """Of the shop's disputes, each by the id that the platform gave it."""
    found = service.api("merchant", ["shop:killed"]).get("/v1/disputes?limit=100").json["items"]
    return [(each["external_id"], each["status"]) for each in found]


def killed(folder: Path) -> int:
    """Asserts that what was answered before the checkpoint is there; gives how many commands were answered in all."""
    package.package()
    with identity.running(free_port(), folder / "identity") as provider:
        return _killed(Machine(folder / "engine", provider))


def _killed(machine: Machine) -> int:
    with machine.up() as service:
        burst = Burst(service)
        contested(burst)
        saved = burst.killed()
    assert len(burst.cut_off) == CALLERS
    assert len(burst.answered) >= len(saved) + AFTER
    with machine.up() as service:
        _kept(service, saved)
        again = _asked_again(service, burst.cases)
        for each in saved & again.answered.keys():
            assert again.answered[each] == burst.answered[each]
        return len(burst.answered) + len(again.answered)


def _kept(service: Service, saved: set[str]) -> None:
    """All of it, and nothing by halves."""
    found, rows = verified(service), statuses(service)
    assert (found.violations, found.evidence) == ((), 1)
    assert {f"{each}-opens" for each, _ in rows} >= {each for each in saved if each.endswith("-opens")}
    accepted = {f"{each}-accepts" for each, status in rows if status == "final"}
    assert accepted >= {each for each in saved if each.endswith("-accepts")}


def _asked_again(service: Service, cases: list[str]) -> Burst:
    """Every caller repeats everything under the same keys, and each thing is done once."""
    again = Burst(service)
    with ThreadPoolExecutor(CALLERS) as callers:
        assert len(list(callers.map(again.case, cases))) == len(cases)
    assert sorted(statuses(service)) == sorted([("contested", "under_review"), *((each, "final") for each in cases)])
    assert verified(service).violations == ()
    return again


def _run() -> Iterator[Counted]:
    what = "a burst, a checkpoint, a kill, and everything once more"
    with TemporaryDirectory() as folder:
        try:
            commands = killed(Path(folder))
        except AssertionError as wrong:
            yield Counted(what, 1, (f"{wrong}",))
        else:
            yield Counted(what, commands)


SECTION = Section("The engine killed hard", "commands", _run)
