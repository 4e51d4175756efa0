import sqlalchemy as sa

from sidelight.collect.store import hits, pictures
from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import hash_token, make_code, make_id
from sidelight.collect.store.pictures import Picture
from sidelight.collect.store.plan import Plan


def test_pictures_come_back_as_they_were_and_unknown_ones_are_left_out(desk):
    gold = Picture("a", "images", "owl/1.png", 8, 6, "owl", gold=True, boxes=((0.1, 0.2, 0.5, 1.0),))
    plain = Picture("b", "distractors", "2.png", 5, 5)
    desk.do(pictures.add, [gold, plain])
    desk.do(pictures.add, [])
    assert desk.see(pictures.get, ["b", "a", "c"]) == {"a": gold, "b": plain}


def test_many_pictures_are_asked_for_at_once(desk):
    desk.do(pictures.add, [Picture(f"p{i}", "images", str(i), 1, 1) for i in range(1200)])
    assert len(desk.see(pictures.get, [f"p{i}" for i in range(1200)])) == 1200


def test_hits_keep_their_plans_and_are_appended_in_order(desk):
    assert desk.see(hits.first) == ()
    plan = Plan(("a", "b"), label="owl", seed=7, mix={"images": 1, "distractors": 1}, gold=True)
    desk.do(hits.add, [[plan, Plan(("c",))]], wanted=3)
    desk.do(hits.add, [[Plan(("d",))]], wanted=3)
    assert desk.see(hits.first) == (plan, Plan(("c",)))
    rows = desk.see(lambda c: c.execute(sa.select(t.hit).order_by(t.hit.c.ordinal)).all())
    assert [(row.ordinal, row.wanted, row.taken) for row in rows] == [(0, 3, 0), (1, 3, 0)]
    assert desk.see(hits.plans, rows[1].id) == (Plan(("d",)),)


def test_ids_and_codes_are_not_repeated():
    assert len({make_id() for _ in range(1000)}) == 1000
    assert len({make_code() for _ in range(1000)}) == 1000


def test_tokens_are_hashed_as_they_are_meant():
    assert hash_token("AB12-CD34") == hash_token(" ab12cd34\n") != hash_token("AB12-CD35")
