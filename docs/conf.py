"""How the documentation is built: `make docs`, which is `sphinx-build -W --keep-going docs docs/_build/html`."""

import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

from generated import mend_docstring, write_reference

from sidelight import __version__

project = "sidelight"
author = "The sidelight authors"
copyright = "the sidelight authors; Apache-2.0"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.napoleon", "sphinxcontrib.bibtex"]
exclude_patterns = ["_build", "results/*/*.md"]
smartquotes = False  # options begin with two hyphens
html_theme = "furo"
html_title = f"sidelight {version}"
html_show_sourcelink = False

myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"

default_role = "code"  # docstrings mark code by single backticks
autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True


def setup(app: Sphinx) -> None:
    """Make the reference before pages are read, and docstrings readable before napoleon sees them."""
    app.connect("builder-inited", lambda _: write_reference())
    app.connect("autodoc-process-docstring", lambda *seen: mend_docstring(seen[2], seen[5]), priority=400)
