"""`make demo`: four shops and what happens to them, told against the service that `make run` runs."""

import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tools import session
from tools.paths import ROOT, RUN
from tools.people import Cast, Json, Person, RefusedError, appeal, contest, fetched

EXAMPLES = ROOT / "examples"
PROOF, REPORT, CHAT = (
    EXAMPLES / name for name in ("stamped_delivery_proof.jpg", "test_report.jpg", "chat_transfer.png")
)
CLAIMED = 12_900
LAPSED_WITHIN = 200
"""Seconds: the demo policy's 20, twice a minute's sweep, and the time in flight that the sweep leaves."""

TOLD_WITHIN = 60
"""Seconds; mostly one or two, and the local engine starts the functions first."""


def main() -> None:
    try:
        running = session.read()
    except session.NotRunningError as error:
        sys.exit(str(error))
    run = datetime.now(UTC).strftime("%H%M%S")
    tell(Cast(running.api_url, running.identity().token_for), run, RUN / "crops")


def tell(cast: Cast, run: str, crops: Path) -> None:
    """The whole story; `run` keeps one telling apart from another, and `crops` gets what the checklist shows."""
    silent = _open(cast, f"silent-{run}", "shipping_fee")
    _heading("A shop that says nothing")
    _say(f"Dispute {silent} is open; the shop silent-{run} has 20 seconds, and lets them pass. We come back to it.")
    diligent = _diligent(cast, f"diligent-{run}", crops / run)
    mistaken = _mistaken(cast, f"mistaken-{run}")
    stubborn = _stubborn(cast, f"stubborn-{run}")
    _heading("The silent shop, again")
    _wait_for_default(cast, silent)
    _show_messages(cast.shop(f"silent-{run}"))
    _table(cast, [silent, diligent, mistaken, *stubborn])


def _open(cast: Cast, shop: str, reason: str, number: int = 1) -> str:
    return cast.open(f"{shop}-{number}", shop=shop, reason=reason, amount=CLAIMED, policy="demo")


def _diligent(cast: Cast, name: str, crops: Path) -> str:
    _heading("A shop that proves its case")
    shop, dispute = cast.shop(name), _open(cast, name, "not_received")
    due = shop.get(f"/disputes/{dispute}")["due_at_local"]
    _say(f"The buyer claims {_yuan(CLAIMED)}: not received. {name} must answer by {due}.")
    _show_missing(shop, dispute)
    _say("It sends a file that broke on the way:")
    broken = _broken(shop, dispute)
    _show_piece(broken)
    _refused("It contests all the same:", lambda: contest(shop, dispute, broken["id"]))
    _say("It takes the picture again and sends the stamped proof of delivery:")
    proof = shop.submit(dispute, "proof_of_delivery", PROOF, stage="response")
    _show_piece(proof)
    contest(shop, dispute, proof["id"])
    _say("Contested. A reviewer opens the case; its checklist is filled in as far as a machine can be sure:")
    _show_checklist(cast.reviewer, dispute, crops)
    _say("It answers each point, and splits the liability:")
    _show_ruling(cast.rule(dispute, share=CLAIMED // 2))
    _say("The shop may appeal once, with key evidence:")
    _refused("Without it:", lambda: appeal(shop, dispute))
    evidence = shop.submit(dispute, "appeal_evidence", REPORT, stage="appeal")
    appeal(shop, dispute, evidence["id"])
    _say("With it, it is filed. Another reviewer than the first grants it:")
    _show_ruling(cast.decide_appeal(dispute, granted=True))
    _timeline(shop, dispute)
    return dispute


def _mistaken(cast: Cast, name: str) -> str:
    _heading("A shop that sends the wrong paper")
    shop = cast.shop(name)
    dispute = cast.open(f"{name}-1", shop=name, reason="shipping_fee", amount=CLAIMED)
    _say("For the freight that it paid it sends a screenshot of a chat transfer, and is told within seconds:")
    receipt = shop.submit(dispute, "freight_receipt", CHAT, stage="response")
    _show_piece(receipt)
    _refused("It contests all the same:", lambda: contest(shop, dispute, receipt["id"]))
    _say("It could send it anyway, and a reviewer would judge. It has no other, and accepts the claim.")
    shop.post(f"/disputes/{dispute}/acceptance")
    return dispute


def _broken(shop: Person, dispute: str) -> Json:
    """A picture of which only the first half arrives."""
    with TemporaryDirectory() as folder:
        half = Path(folder, "half.jpg")
        half.write_bytes(PROOF.read_bytes()[: PROOF.stat().st_size // 2])
        return shop.submit(dispute, "proof_of_delivery", half, stage="response")


def _stubborn(cast: Cast, name: str) -> list[str]:
    _heading("A shop that appeals in vain")
    shop, disputes = cast.shop(name), []
    for number in range(1, 5):
        dispute = _ruled(cast, shop, name, number)
        appeal(shop, dispute, shop.submit(dispute, "appeal_evidence", CHAT, stage="appeal")["id"])
        cast.decide_appeal(dispute, granted=False)
        quota = shop.get(f"/shops/{name}/appeal-quota", policy="demo")
        failed, limit = quota["failed_in_month"], quota["per_month"]
        _say(f"Appeal {number} is denied: {failed} failed this month; more than {limit} block.")
        disputes.append(dispute)
    last = _ruled(cast, shop, name, 5)
    answer = shop.get(f"/disputes/{last}/appeal-eligibility")
    _say(f"May it appeal once more? {answer['may']}. From {answer['quota']['reopens_local']} on.")
    evidence = shop.submit(last, "appeal_evidence", CHAT, stage="appeal")["id"]
    _refused("It tries:", lambda: appeal(shop, last, evidence))
    return [*disputes, last]


def _ruled(cast: Cast, shop: Person, name: str, number: int) -> str:
    dispute = _open(cast, name, "not_received", number)
    contest(shop, dispute, shop.submit(dispute, "proof_of_delivery", CHAT, stage="response")["id"])
    cast.rule(dispute)
    return dispute


def _wait_for_default(cast: Cast, dispute: str) -> None:
    _say("Its deadline binds by the clock; the next sweeps carry it out ...")
    end = time.monotonic() + LAPSED_WITHIN
    while time.monotonic() < end:
        found = cast.platform.get(f"/disputes/{dispute}")
        if found["rulings"]:
            _show_ruling(found)
            return
        time.sleep(2)
    sys.exit(f"The dispute {dispute} wasn't carried out within {LAPSED_WITHIN} s: see .run/ for the engine's log.")


def _show_messages(shop: Person) -> None:
    """What it was told, once it has heard of the ruling: the oldest first."""
    end = time.monotonic() + TOLD_WITHIN
    while time.monotonic() < end:
        told = shop.get("/messages")
        if "ruling_made" in [each["code"] for each in told["items"]]:
            _say(f"Its message centre has {told['unread']['count']} unread messages:")
            for each in reversed(told["items"]):
                print(f"    [{each['code']}] {'' if each['current'] else '(over) '}{each['message']['en']}")
                print(f"      {each['message']['zh-Hans']}")
            return
        time.sleep(1)
    sys.exit(f"The shop wasn't told of its ruling within {TOLD_WITHIN} s: see .run/ for the engine's log.")


# What is printed


def _heading(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}")


def _say(text: str) -> None:
    print(f"- {text}", flush=True)


def _refused(what: str, ask: Callable[[], object]) -> None:
    try:
        ask()
    except RefusedError as refusal:
        said = refusal.problem
        _say(f"{what} {refusal.status} {refusal.code}")
        for language in ("en", "zh-Hans"):
            print(f"    {said['messages'][language]} {said['fix'][language]}")
        return
    sys.exit(f"{what} it should have been refused.")


def _show_missing(shop: Person, dispute: str) -> None:
    for submission in shop.get(f"/disputes/{dispute}/readiness")["submissions"]:
        for each in submission["requirements"]:
            if each["fix"]:
                print(f"    {each['requirement']} is {each['standing']}: {each['fix']['en']} {each['fix']['zh-Hans']}")


def _show_piece(piece: Json) -> None:
    file = piece["file"] or {}
    size = f", {file['width']} x {file['height']}" if file.get("width") else ""
    print(f"    {piece['requirement']}: {piece['status']} ({file.get('media_type')}{size})")
    for each in [piece["defect"], *piece["warnings"]]:
        if each:
            print(f"    {each['code']}: {each['message']['en']} {each['fix']['en']}")
            print(f"      {each['message']['zh-Hans']}{each['fix']['zh-Hans']}")
    for each in piece["findings"]:
        _show_finding(each)


def _show_finding(finding: Json) -> None:
    seen = f": {finding['seen']}" if finding["seen"] else ""
    print(f"    [{finding['verdict']}] {finding['point']}{seen}")
    for language in ("en", "zh-Hans"):
        fix = f" {finding['fix'][language]}" if finding["fix"] else ""
        print(f"      {finding['message'][language]}{fix}")


def _show_checklist(reviewer: Person, dispute: str, crops: Path) -> None:
    """Each point with what the machine says of it, and where the place that shows it was saved."""
    crops.mkdir(parents=True, exist_ok=True)
    for point in reviewer.get(f"/disputes/{dispute}/checklist")["points"]:
        print(f"    [{point['verdict']}] {point['label']['en']} ({point['label']['zh-Hans']})")
        for each in point["findings"]:
            if each["crop"]:
                saved = crops / f"{point['point']}.jpg"
                saved.write_bytes(fetched(each["crop"]))
                print(f"      {each['finding']['seen'] or each['finding']['message']['en']}  {saved}")


def _show_ruling(dispute: Json) -> None:
    ruling = dispute["rulings"][-1]
    shares = (
        ", ".join(f"{each['party']} bears {_yuan(each['amount'])}" for each in ruling["liabilities"]) or "nobody pays"
    )
    print(
        f"    version {ruling['version']}: {ruling['outcome']} on {ruling['basis']}; {shares}. Now {dispute['status']}."
    )


def _timeline(person: Person, dispute: str) -> None:
    _say("What happened, as anybody of the case can read it:")
    events = person.get(f"/disputes/{dispute}/timeline", limit="100")["items"]
    for each in events:
        who, when = each["by"]["role"], each["at"][11:23]
        print(f"    {when}  {each['seq']:>2}  {each['type']:<20} {who:<16} {each['hash'][:12]}")


def _table(cast: Cast, disputes: Iterable[str]) -> None:
    _heading("How it ended")
    print(f"{'shop':<20} {'status':<8} {'outcome':<16} {'basis':<10} {'shop bears':>12}  appeals")
    for each in disputes:
        found = cast.platform.get(f"/disputes/{each}")
        ruling, shop = found["rulings"][-1], found["respondent"]
        bears = sum(part["amount"] for part in ruling["liabilities"] if part["party"] == shop)
        appeals = ", ".join(one["status"] for one in found["appeals"]) or "none"
        print(
            f"{shop.removeprefix('shop:'):<20} {found['status']:<8} {ruling['outcome']:<16} {ruling['basis']:<10} "
            f"{_yuan(bears):>12}  {appeals}"
        )


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"


if __name__ == "__main__":
    main()
