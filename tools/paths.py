"""Where things lie in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
RUN = ROOT / ".run"
ENGINE_PYTHON = ROOT / ".venv-engine" / "bin" / "python"
ENGINE_HOST = ROOT / "tools" / "engine_host.py"
