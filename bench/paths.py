"""Where the benchmarks' files lie."""

from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"
