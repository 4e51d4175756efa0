"""Paying a campaign's people at Prolific: looked up, decided, and, if asked to, sent and written down."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import httpx
from sqlalchemy.exc import IntegrityError

from sidelight.collect.campaign.folder import Campaign, open_campaign
from sidelight.collect.panel.prolific import STUDY
from sidelight.collect.panel.prolific_api import MOST_APPROVED, ProlificApi, ProlificFault
from sidelight.collect.requester.payments import works
from sidelight.collect.requester.payout import Step, Submission, Wish, steps
from sidelight.collect.store import payouts
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.payouts import Payout
from sidelight.collect.store.vault import Identity, Vault
from sidelight.records.errors import Fault, FaultsFound, UserFault


class Paying:
    """A campaign whose people are to be paid; its service may be running.

    Args:
        folder: of the campaign.
        clock: seconds since 1970.
        transport: how requests travel to Prolific; None is the network.

    Raises:
        UserFault: its people do not come from Prolific, or there is no token for Prolific's API.
    """

    def __init__(
        self, folder: Path, *, clock: Callable[[], float], transport: httpx.BaseTransport | None = None
    ) -> None:
        campaign = open_campaign(folder)
        self._clock = clock
        self._vault_place, self._vault_key = campaign.vault_place, campaign.secrets.vault_key()
        self._api = ProlificApi(_token(campaign), transport=transport)
        self._store = open_store(campaign.store_url, clock=clock, sole=False)

    def close(self) -> None:
        """Let go of the store and the connections."""
        self._api.close()
        self._store.close()

    def settle(self, bulk: str, *, paid: bool) -> int:
        """Say what became of a bonus payment that is in doubt.

        Returns:
            How many people's bonuses it held.

        Raises:
            UserFault: no such payment is in doubt.
        """
        held = self._store.write(lambda c: payouts.settle(c, bulk, paid=paid)).result()
        if not held:
            remedy = "Run the command without this option: the table names those that are"
            raise UserFault(f"payment {bulk}", seen="it is not in doubt", allowed="one that is", remedy=remedy)
        return held

    def look(self, wish: Wish) -> list[Step]:
        """Ask Prolific how things are, and decide what is to be done. Nothing is changed anywhere.

        Raises:
            FaultsFound: the wish names people whom the campaign does not know.
        """
        with self._store.read() as c:
            done, sent = works(c), payouts.payouts(c)
        named = [*wish.rejections, *wish.bonuses]
        strangers = [Fault(one, "nobody of this campaign has this pseudonym") for one in named if one not in done]
        if strangers:
            raise FaultsFound("the tables", strangers, remedy="Mend them; nothing was sent")
        identities = self._identities()
        studies = sorted({one.fields[STUDY] for one in identities if one.session in done})
        rows = [row for study in studies for row in self._api.submissions(study)]
        return steps(done, identities, {str(row["id"]): _submission(row) for row in rows}, sent, wish)

    def send(self, made: Sequence[Step]) -> None:
        """Do what was decided: rejections, approvals, bonuses. What was sent is written down at once.

        Raises:
            UserFault: Prolific did not take one of the calls; what came before it is done and written down.
        """
        for step in made:
            if step.do == "reject" and step.why is not None:
                self._api.reject(step.submission, category=step.why.category, message=step.why.message)
                self._keep([step])
        approved = [step for step in made if step.do == "approve"]
        for at in range(0, len(approved), MOST_APPROVED):
            some = approved[at : at + MOST_APPROVED]
            self._api.bulk_approve([step.submission for step in some])
            self._keep(some)
        bonuses = [step for step in made if step.do == "bonus"]
        for study in sorted({step.study for step in bonuses}):
            self._pay(study, [step for step in bonuses if step.study == study])

    def _pay(self, study: str, some: Sequence[Step]) -> None:
        """Pay a study's bonuses, never twice: they are written down before Prolific is told."""
        bulk = self._api.set_up_bonus(study, {step.submission: step.cents for step in some})
        self._keep(some, bulk=bulk)
        try:
            self._api.pay_bonus(bulk)
        except ProlificFault as fault:
            if fault.refused:
                self.settle(bulk, paid=False)
                raise
            raise UserFault(
                f"bonus payment {bulk}",
                seen=f"in doubt: {fault.seen}",
                allowed="an answer",
                remedy=f"Look at Prolific whether it was paid, then add --was-paid {bulk} or --was-not-paid {bulk}",
            ) from fault
        self.settle(bulk, paid=True)

    def _keep(self, some: Iterable[Step], *, bulk: str = "") -> None:
        now = self._clock()
        rows = [
            Payout(one.session, one.do, one.ordinal, one.cents, bulk, "sending" if bulk else "sent", now)
            for one in some
            if one.do
        ]
        try:
            self._store.write(lambda c: payouts.keep(c, rows)).result()
        except IntegrityError as twice:
            raise UserFault(
                "sending",
                seen="somebody else sends the same at this moment",
                allowed="one at a time",
                remedy="Wait until the other is done, and look again",
            ) from twice

    def _identities(self) -> list[Identity]:
        vault = Vault(self._vault_place, self._vault_key)
        try:
            return [one for one in vault.identities() if one.panel == "prolific"]
        finally:
            vault.close()


def _token(campaign: Campaign) -> str:
    if campaign.settings.panel != "prolific":
        raise UserFault(
            f"campaign {str(campaign.folder)!r}",
            seen=f"its people come by the panel {campaign.settings.panel!r}",
            allowed="prolific",
            remedy="Pay by hand: the dashboard has a table of payments (Campaign, Payments)",
        )
    token = campaign.secrets.panel.get("api_token", "")
    if not token:
        raise UserFault(
            f"secrets {campaign.folder / 'secrets.json'}, panel.api_token",
            seen="none",
            allowed="a token of Prolific's API",
            remedy="Make one in your settings at Prolific, and write it there",
        )
    return token


def _submission(row: dict[str, object]) -> Submission:
    return Submission(str(row.get("participant_id", "")), str(row.get("status", "")).upper().replace("_", " "))
