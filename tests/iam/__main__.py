"""`make iam`: writes docs/iam.md."""

import logging
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

from tests.iam import table, tour


def main() -> int:
    logging.disable(logging.CRITICAL)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        text = table.page(tour.notes())
    table.PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
