"""The templates of pages: HTML in which whatever a user named is escaped, and a missing value is an error."""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def template(name: str, **filters: Callable[..., str]) -> Template:
    """A page's template.

    Args:
        name: of its file in `report/template`.
        filters: that it may use, by name.
    """
    environment = Environment(
        loader=PackageLoader("sidelight.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment.get_template(name)
