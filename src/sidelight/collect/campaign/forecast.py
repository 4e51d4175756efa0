"""What a campaign will cost, and what its people will earn an hour, said before it is published."""

import msgspec

from sidelight.collect.campaign.settings import Settings


class Forecast(msgspec.Struct, frozen=True):
    """Figures of a campaign that has not begun.

    Attributes:
        pictures: to be labelled.
        pages: of all hits, once.
        hits: to be taken by `annotators` people each.
        assignments: hits times annotators.
        people: at least so many are needed.
        hours: of all people's work, by the expected minutes.
        pay: of all assignments.
        fee: of the panel.
        total: pay and fee.
        hourly: pay of an hour's work.
        currency: of the sums.
    """

    pictures: int
    pages: int
    hits: int
    assignments: int
    people: int
    hours: float
    pay: float
    fee: float
    total: float
    hourly: float
    currency: str

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Each figure in words: (name, what is said)."""
        money = f"{self.total:,.2f} {self.currency} (pay {self.pay:,.2f}, panel's fee {self.fee:,.2f})"
        return (
            ("pictures", f"{self.pictures:,} on {self.pages:,} pages in {self.hits:,} hits"),
            ("assignments", f"{self.assignments:,} by {self.people:,} people or more"),
            ("time", f"about {self.hours:,.1f} hours of work in all"),
            ("cost", money if self.pay else "nothing: no pay is set"),
            ("pay an hour", f"{self.hourly:,.2f} {self.currency}" if self.pay else "none"),
        )


def forecast(settings: Settings, *, pictures: int, pages: int, hits: int) -> Forecast:
    """Add up a campaign.

    Args:
        settings: of the campaign.
        pictures: to be labelled.
        pages: of all hits.
        hits: how many.

    >>> plan = Settings(task="browse", title="", images="", annotators=2)
    >>> forecast(plan, pictures=120, pages=10, hits=1).assignments
    2
    """
    assignments = hits * settings.annotators
    pay = assignments * settings.pay.per_hit
    hours = assignments * settings.pay.expected_minutes / 60
    fee = pay * settings.pay.panel_fee
    return Forecast(
        pictures=pictures,
        pages=pages,
        hits=hits,
        assignments=assignments,
        people=max(settings.annotators, -(-assignments // settings.hits_per_person)) if hits else 0,
        hours=hours,
        pay=pay,
        fee=fee,
        total=pay + fee,
        hourly=pay / hours if hours else 0.0,
        currency=settings.pay.currency,
    )


def warnings(settings: Settings, figures: Forecast) -> list[str]:
    """What a requester should think about before publishing."""
    said = []
    floor = settings.pay.hourly_floor
    if figures.pay and figures.hourly < floor:
        said.append(f"the pay an hour is {figures.hourly:.2f} {figures.currency}, below your floor of {floor:.2f}")
    if not figures.hits:
        said.append("there is nothing to label: no page could be made")
    if settings.panel == "prolific" and not settings.panel_options.get("code"):
        said.append("the service does not start without the study's completion code (panel_options in campaign.json)")
    if settings.panel == "generic" and settings.hits_per_person > 1:
        said.append(
            "a panel pays a visit once: what a person does beyond her first hit is for you to pay, by the table"
        )
    if not settings.irb:
        said.append("no ethics approval is named (irb in campaign.json)")
    if not settings.privacy.contact:
        said.append("the consent text names nobody to ask (privacy.contact in campaign.json)")
    return said
