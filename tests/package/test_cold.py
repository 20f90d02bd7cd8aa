"""A cold start stays near that of a bare app: by ratios of CPU time, which `make bench ONLY=cold` takes more often."""

from pathlib import Path

import pytest

from bench import cold


@pytest.mark.slow
def test_the_api_and_the_sweep_start_in_about_the_time_of_a_bare_chalice_app(packaged: Path):
    assert packaged.is_dir()
    with cold.scene() as staged:
        bare, api, sweep = (staged.start(name) for name in (cold.BARE, cold.API, cold.SWEEP))
    assert api.to_answer <= 1.6 * bare.to_answer
    assert sweep.to_first_call <= 1.15 * bare.to_first_call
