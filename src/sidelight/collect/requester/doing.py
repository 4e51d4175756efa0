"""What only an admin may do: change the campaign, see raw traces, see whom to pay."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Response

from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.requester.keys import Keys
from sidelight.collect.requester.looking import Id, answer, nothing
from sidelight.collect.requester.password import Role
from sidelight.collect.requester.payments import payments
from sidelight.collect.requester.query import Opening, Reason, body
from sidelight.collect.requester.replay import pack
from sidelight.collect.requester.view import Done, NewPassword
from sidelight.collect.store import chunks, people, setting
from sidelight.collect.store.engine import Store
from sidelight.collect.store.refusals import Refused
from sidelight.collect.store.vault import Vault


class Doing:
    """Answers to admins.

    Args:
        campaign: settings and secrets.
        store: of the campaign.
        keys: passwords.
        vault: opens the vault of identities when it is needed.
    """

    def __init__(self, campaign: Campaign, store: Store, keys: Keys, *, vault: Callable[[], Vault]) -> None:
        self._campaign, self._store, self._keys, self._vault = campaign, store, keys, vault

    def chunks(self, page: Id) -> Response:
        """A page's chunks, as they came."""
        with self._store.read() as c:
            packed = pack(chunks.of_page(c, page))
        return Response(packed, headers={"Cache-Control": "no-store"}, media_type="application/octet-stream")

    def payments(self) -> Response:
        """Whom to pay what."""
        vault = self._vault()
        try:
            with self._store.read() as c:
                table = payments(c, vault.identities(), self._campaign.settings.pay)
        finally:
            vault.close()
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="payments.csv"'}
        return Response("\ufeff" + table, headers=headers, media_type="text/csv; charset=utf-8")

    def exclude(self, session: Id, said: Annotated[Reason, Depends(body(Reason))]) -> Response:
        """Leave somebody's work out of exports. Nobody is excluded but by an admin, and everybody is paid."""
        return self._exclude(session, said.reason.strip())

    def restore(self, session: Id) -> Response:
        """Take it in again."""
        return self._exclude(session, "")

    def campaign(self, said: Annotated[Opening, Depends(body(Opening))]) -> Response:
        """Take new people, or take none; those at work may finish."""
        taking = "yes" if said.open else "no"
        self._store.write(lambda c: setting.write(c, "open", taking)).result()
        return answer(Done())

    def password(self, role: Role) -> Response:
        """A new password for a role."""
        return answer(NewPassword(role, self._keys.renew(role)))

    def _exclude(self, session: str, reason: str) -> Response:
        try:
            self._store.write(lambda c: people.exclude(c, session, reason=reason)).result()
        except Refused:
            raise nothing("annotator") from None
        return answer(Done())
