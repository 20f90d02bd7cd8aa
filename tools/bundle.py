"""`python -m tools.bundle DISPUTE`: a case bundle as staff may see it, written to this machine."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from getpass import getuser
from pathlib import Path

from chalicelib.bootstrap import utc_now
from chalicelib.domain.errors import NotFound
from chalicelib.domain.parties import Actor, Role
from chalicelib.service.bundling import BrokenCase, Bundler
from chalicelib.store.bundles import S3Shelf, TableBundles
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.evidence_bucket import S3Bucket
from chalicelib.store.records import TableRecords
from chalicelib.store.signing import KmsSigner
from policies.book import PolicyBook
from tools import session, stack


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=__doc__)
    parser.add_argument("dispute")
    parser.add_argument("--stack", help="a stack in the account of your AWS credentials; else what `make run` runs")
    parser.add_argument("--out", type=Path, help="where to; else DISPUTE.zip")
    asked = parser.parse_args(arguments)
    out = asked.out or Path(f"{asked.dispute}.zip")
    try:
        bundler(stack.find(asked.stack)).write(asked.dispute, Actor(getuser(), Role.OPERATOR), out)
    except NotFound:
        sys.exit("There is no such dispute.")
    except BrokenCase:
        sys.exit("The case isn't as it was written, and isn't signed. `make verify` tells what is wrong.")
    except session.NotRunningError as failure:
        sys.exit(str(failure))
    print(f"{out}: {out.stat().st_size} bytes. Check it: python -m tools.check_bundle {out}")


def bundler(of: stack.Stack) -> Bundler:
    outputs = of.outputs
    table = DynamoTable(of.client("dynamodb"), outputs["TableName"])
    return Bundler(
        TableRecords(table),
        TableBundles(table),
        S3Shelf(of.client("s3"), outputs["EvidenceBucketName"]),
        S3Bucket(of.client("s3"), outputs["EvidenceBucketName"]),
        PolicyBook.from_folder(),
        KmsSigner(of.client("kms"), outputs["SigningKeyArn"]),
        utc_now,
        Path(tempfile.gettempdir()),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
