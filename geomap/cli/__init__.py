"""The command line: one module for each stretch of the road, `main` on top."""

from geomap.cli.command import main

__all__ = ["main"]
