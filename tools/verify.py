"""`make verify`: reads a whole table from outside, and says whether it is as the service alone would have left it.

Checks every chain, state, deadline, count, text, request and sealed file, and then the anchors. Exits with 1 if
anything is wrong. It reads everything, so it costs what reading everything costs.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.bootstrap import utc_now
from chalicelib.domain.records import Violation
from chalicelib.service.checking_anchors import AnchorVerifier
from chalicelib.service.verifying import Verified, Verifier
from chalicelib.store.anchor_bucket import S3AnchorBook
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.evidence_bucket import S3Bucket
from chalicelib.store.queues import SqsAudit
from chalicelib.store.records import TableRecords
from chalicelib.store.signing import KmsSigner
from tools import session, stack


@dataclass(frozen=True)
class Result:
    verified: Verified
    anchors: int
    broken_anchors: tuple[Violation, ...]

    @property
    def violations(self) -> tuple[Violation, ...]:
        return (*self.verified.violations, *self.broken_anchors)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="make verify", description=__doc__)
    parser.add_argument("--stack", help="a stack in the account of your AWS credentials; else what `make run` runs")
    asked = parser.parse_args(arguments)
    try:
        result = verify(stack.find(asked.stack))
    except session.NotRunningError as failure:
        sys.exit(str(failure))
    sys.exit(0 if report(result) else 1)


def report(result: Result) -> bool:
    """Whether all is well; prints how much was checked, and each violation."""
    found = result.verified
    print(f"{found.disputes} disputes, {found.events} events, {found.evidence} sealed files, {result.anchors} anchors")
    for each in result.violations:
        print(f"VIOLATION {each.what}: {each.subject}: {each.detail}")
    print(f"{len(result.violations)} violations")
    return not result.violations


def verify(of: stack.Stack) -> Result:
    outputs = of.outputs
    records = TableRecords(DynamoTable(of.client("dynamodb"), outputs["TableName"]))
    bucket = S3Bucket(of.client("s3"), outputs["EvidenceBucketName"])
    book = S3AnchorBook(of.client("s3"), outputs["AnchorBucketName"])
    audit = SqsAudit(of.client("sqs"), url=outputs["VerifyQueueUrl"], dead_letters_url=outputs["DueDeadLettersUrl"])
    verifier = Verifier(records, bucket, utc_now, lambda: time.sleep(1))
    anchors = AnchorVerifier(records, book, KmsSigner(of.client("kms"), outputs["SigningKeyArn"]))
    return Result(verifier.whole(audit.given_up()), len(book.numbers()), tuple(anchors.whole()))


if __name__ == "__main__":
    main(sys.argv[1:])
