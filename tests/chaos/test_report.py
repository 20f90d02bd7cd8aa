"""What `make chaos` runs is all that there is, and docs/reliability.md has the figure of each section."""

import re
from importlib import import_module
from pkgutil import iter_modules

from tests import chaos
from tests.chaos.__main__ import PARTS
from tools.paths import ROOT


def test_every_section_is_run_and_has_its_figure_in_the_guide():
    names = [each.name for each in iter_modules(chaos.__path__) if not each.name.startswith(("_", "test_"))]
    modules = {name: import_module(f"{chaos.__name__}.{name}") for name in names}
    sections = {name: module.SECTION for name, module in modules.items() if hasattr(module, "SECTION")}
    assert set(PARTS) == sections.keys()
    guide = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    for each in sections.values():
        assert re.search(rf"^{each.title}\n +[1-9]\d*  {each.unit}; violations: 0$", guide, re.MULTILINE), each.title
