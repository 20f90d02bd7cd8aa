"""`python -m tests.api.fuzz 200` tries so many sound and so many unsound requests a route; a failure says which."""

import logging
import sys
from collections import Counter
from contextlib import redirect_stdout
from io import StringIO

from tests.api.fuzz.drawn import OPERATIONS, fuzz
from tests.api.matrix.cells import Matrix


def main(examples: int) -> None:
    logging.disable(logging.CRITICAL)
    matrix, answers = Matrix(), Counter[int]()
    for route in sorted(OPERATIONS):
        with redirect_stdout(StringIO()):
            answers += fuzz(matrix, route, examples)
    told = ", ".join(f"{count:,} of {status}" for status, count in sorted(answers.items()))
    print(f"{answers.total():,} requests to {len(OPERATIONS)} routes, each answered as the document says: {told}")


main(int(sys.argv[1]))
