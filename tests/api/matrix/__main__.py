"""`python -m tests.api.matrix` tries every cell and prints how many there are."""

import logging
from contextlib import redirect_stdout
from io import StringIO

from tests.api.matrix.cells import Matrix
from tests.api.matrix.targets import Standing
from tests.api.matrix.town import ROUTES


def main() -> None:
    logging.disable(logging.CRITICAL)
    matrix = Matrix()
    for route in ROUTES:
        with redirect_stdout(StringIO()):
            matrix.try_route(route)
    print(f"{'token':26}" + "".join(f"{each:>10}" for each in Standing))
    for token in dict.fromkeys(token for token, _ in matrix.cells):
        print(f"{token:26}" + "".join(f"{matrix.cells[token, each]:10,}" for each in Standing))
    print(f"{matrix.cells.total():,} cells of {len(ROUTES)} routes, each as it must be")


main()
