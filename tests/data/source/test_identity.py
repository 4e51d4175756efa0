from sidelight.data.source.identity import Identities


def test_a_person_has_one_pseudonym_in_a_dataset_and_others_elsewhere():
    one, other = Identities(b"one"), Identities(b"other")
    assert one.name("worker", "A") == one.name("worker", "A")
    assert len({one.name("worker", "A"), one.name("worker", "B"), one.name("hit", "A"), other.name("worker", "A")}) == 4


def test_salts_are_fresh():
    assert Identities.choose("pseudonym") != Identities.choose("pseudonym")


def test_names_are_kept_when_asked():
    kept = Identities.choose("keep")
    assert kept.kept
    assert kept.name("worker", "A") == "A"
    assert not Identities.choose("pseudonym").kept
