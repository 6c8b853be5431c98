"""Compile the gazetteer into every wheel, and beside the tables for an editable install."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes `gazetteer/gazetteer.db`, which the wheel carries with the tables."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile unless the file is there and made of the same tables and packages."""
        sys.path.insert(0, self.root)
        from geomap.places.compile import compile_gazetteer, is_fresh

        out = Path(self.root, "gazetteer", "gazetteer.db")
        if not is_fresh(out):
            report = compile_gazetteer(out, progress=self.app.display_info)
            for problem in report.problems:
                self.app.display_warning(problem)
            if report.problems and version != "editable":
                raise ValueError("a wheel needs tables without a problem: geomap gazetteer check")
