import pytest
import sqlalchemy as sa

from sidelight.collect.store import consents, people, setting
from sidelight.collect.store import tables as t
from sidelight.collect.store.refusals import Refused

CONSENT = {"version": "v1", "publish": False, "withdraw_hash": "h"}


def test_a_session_begins_under_a_random_pseudonym_with_its_condition(desk):
    one, two = desk.arrive(), desk.arrive()
    assert one != two
    found = desk.see(people.session, one)
    assert (found.panel, found.state, found.locale, found.condition) == ("link", "arrived", "en", {"blurred": True})
    assert (found.consent_at, found.publish, found.preview, found.excluded) == (None, False, False, "")


def test_there_is_no_session_under_an_id_that_is_none(desk):
    assert desk.see(people.session, "nobody") is None
    assert desk.see(people.session, "a\0b") is None


def test_consent_is_kept_with_its_text_and_time_and_the_first_one_counts(desk):
    who = desk.arrive()
    desk.do(people.agree, who, **CONSENT, now=desk.clock())
    desk.do(people.agree, who, **(CONSENT | {"version": "v2"}), now=desk.clock.forward(9))
    found = desk.see(people.session, who)
    assert (found.state, found.consent_version, found.consent_at) == ("agreed", "v1", desk.clock() - 9)


def test_who_refused_is_not_asked_again(desk):
    who = desk.arrive()
    desk.do(people.refuse, who, now=desk.clock())
    assert desk.see(people.session, who).state == "refused"
    with pytest.raises(Refused, match="closed"):
        desk.do(people.agree, who, **CONSENT, now=desk.clock())


def test_work_begins_after_practice_and_practice_after_consent(desk):
    who = desk.arrive()
    with pytest.raises(Refused, match="no_consent"):
        desk.do(people.passed_practice, who, now=desk.clock())
    desk.do(people.agree, who, **CONSENT, now=desk.clock())
    desk.do(people.passed_practice, who, now=desk.clock())
    desk.do(people.passed_practice, who, now=desk.clock.forward(1))
    found = desk.see(people.session, who)
    assert (found.state, found.practised_at) == ("work", desk.clock() - 1)


def test_arrivals_are_counted_without_previews(desk):
    desk.arrive()
    desk.arrive(preview=True)
    desk.arrive()
    assert desk.see(people.arrivals) == 2


def test_a_session_is_excluded_for_a_reason_and_taken_in_again(desk):
    who = desk.arrive()
    desk.do(people.exclude, who, reason="gold pages")
    assert desk.see(people.session, who).excluded == "gold pages"
    desk.do(people.exclude, who, reason="")
    assert desk.see(people.session, who).excluded == ""
    with pytest.raises(Refused, match="unknown"):
        desk.do(people.exclude, "nobody", reason="x")


def test_refusals_name_nobody():
    assert str(Refused("not_yours")) == "refused: not_yours"


def test_every_consent_text_is_kept_word_for_word(desk):
    for text in ("first", "changed since"):
        desk.do(consents.keep, version="v1", locale="en", text=text, now=desk.clock())
    desk.do(consents.keep, version="v2", locale="de", text="später", now=desk.clock())
    texts = sa.select(t.consent.c.text).order_by(t.consent.c.version)
    assert desk.see(lambda c: c.execute(texts).scalars().all()) == ["first", "später"]


def test_settings_are_shared_by_name(desks):
    assert desks[0].see(setting.read, "open", "yes") == "yes"
    desks[0].do(setting.write, "open", "no")
    desks[0].do(setting.write, "open", "perhaps")
    assert desks[-1].see(setting.read, "open") == "perhaps"
