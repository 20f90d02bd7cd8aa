"""`make run`: the whole service on this machine, from the very package that a real account gets."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from tools import deploy, engine, identity, package, session
from tools.paths import BUILD, RUN
from tools.ports import PortTakenError, listens, require_free
from tools.processes import StartError
from tools.seed import seed

PARTIES = {"merchant": ["shop:S1"], "buyer": ["buyer:B1"]}
SEEDED = RUN / "seeded"
WATCH_SECONDS = 2


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(int(os.environ.get("PORT", "4566")), int(os.environ.get("IDENTITY_PORT", "4567")))
    except (PortTakenError, StartError, package.PackageError, deploy.DeployError) as failure:
        sys.exit(f"\n{failure}")
    except KeyboardInterrupt:
        print("\nStopped. The disputes are kept in .run/; `make run` finds them again, `rm -r .run` forgets them.")


def _run(port: int, identity_port: int) -> None:
    require_free(port, "the local engine", "PORT")
    require_free(identity_port, "the development identity provider", "IDENTITY_PORT")
    with _step("Packaging the service"):
        package.package()
    RUN.mkdir(exist_ok=True)
    with engine.running(port, RUN) as local, identity.running(identity_port, RUN) as provider:
        with _step("Deploying it on the local engine"):
            deployment = deploy.deploy(local, BUILD, deploy.Provider(provider.issuer, provider.jwks_uri))
        if not SEEDED.exists():
            with _step("Opening a dispute in each state"):
                seed(deployment.api_url, provider.token_for)
                local.checkpoint()
            SEEDED.touch()
        session.write(session.Session(deployment.api_url, local.url, provider.issuer))
        try:
            _tell(deployment.api_url, provider)
            _watch({port: "engine", identity_port: "identity"})
        finally:
            session.path().unlink()


def _watch(logs: Mapping[int, str]) -> NoReturn:
    """Stays until somebody stops it, or a part stops by itself."""
    while True:
        time.sleep(WATCH_SECONDS)
        for port, log in logs.items():
            if not listens(port):
                raise StartError(f"The {log} stopped; .run/{log}.log says why. `make run` goes on from what was saved.")


@contextmanager
def _step(what: str) -> Iterator[None]:
    print(f"{what} ...", end=" ", flush=True)
    started = time.monotonic()
    yield
    print(f"done in {time.monotonic() - started:.0f} s.", flush=True)


def _tell(api_url: str, provider: identity.Identity) -> None:
    tokens = {role: provider.token_for(role, PARTIES.get(role, [])) for role in identity.ROLES}
    names = {role: role.upper() for role in tokens}
    lines = [f"export API={api_url}/v1", *(f"export {names[role]}={token}" for role, token in tokens.items())]
    (RUN / "env").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"\nThe API is at {api_url}/v1\n")
    print("A token for each role (good for a day):\n")
    for role, token in tokens.items():
        print(f"  {names[role]} ({', '.join(PARTIES.get(role, ['every party']))})\n  {token}\n")
    print("In another terminal, `. .run/env` sets them and the address. Then:\n")
    print('  curl -s "$API/health"')
    print('  curl -s "$API/disputes?shop=S1" -H "Authorization: Bearer $MERCHANT"')
    print('  curl -s "$API/reviews?queue=review" -H "Authorization: Bearer $REVIEWER"\n')
    print("`make demo` tells a story with it. Ctrl-C stops it.", flush=True)


if __name__ == "__main__":
    main()
