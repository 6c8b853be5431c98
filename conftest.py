"""All tests know the gazetteer that came with geomap, not what a developer has added at home."""

import os
import tempfile

os.environ.pop("GEOMAP_GAZETTEER", None)
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="geomap-tests-")
