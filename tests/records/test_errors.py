import pickle

import pytest

from sidelight.records.errors import Fault, FaultsFound, UserFault, unknown_name


def test_a_fault_is_told_in_four_parts():
    fault = UserFault("option --seed", seen="'x'", allowed="a whole number", remedy="Write 0")
    assert str(fault) == "option --seed: 'x'; allowed: a whole number. Write 0."
    assert (fault.thing, fault.seen, fault.allowed, fault.remedy) == (
        "option --seed",
        "'x'",
        "a whole number",
        "Write 0",
    )


@pytest.mark.parametrize("remedy", ["Write 0.", "Did you mean 0?"])
def test_a_remedy_that_ends_itself_gets_no_second_stop(remedy):
    assert str(UserFault("seed", seen="x", allowed="0", remedy=remedy)).endswith(f"0. {remedy}")


def test_many_faults_are_listed_and_the_rest_is_counted():
    faults = [Fault(f"labels.csv, line {line}", "no label") for line in range(2, 32)]
    found = FaultsFound("labels.csv", faults, remedy="Mend them", shown=20)
    assert found.faults == tuple(faults)
    assert str(found).count("no label") == 20
    assert "30 faults" in str(found)
    assert "line 21: no label\n  ... and 10 more" in str(found)


def test_few_faults_are_all_listed():
    assert "more" not in str(FaultsFound("labels.csv", [Fault("line 2", "no label")], remedy="Mend it"))


def test_an_unknown_name_far_from_all_known_ones_lists_them():
    fault = unknown_name("network", "zzz", ["resnet18", "alexnet"])
    assert fault.allowed == "alexnet, resnet18"
    assert fault.remedy == "Choose one of these names"


def test_of_very_many_names_only_the_closest_are_listed():
    fault = unknown_name("network", "resnet118", [f"resnet{i}" for i in range(100)])
    assert fault.allowed.startswith("one of 100 names, such as resnet1")
    assert fault.allowed.count("resnet") == 5
    assert (
        "resnet0, resnet1, resnet10, resnet11, resnet12"
        in unknown_name("network", "z", map("resnet{}".format, range(99))).allowed
    )


def test_a_fault_travels_whole_between_processes():
    for fault in (
        unknown_name("network", "zzz", ["resnet18"]),
        FaultsFound("d", [Fault("line 2", "no")], remedy="Mend it"),
    ):
        again = pickle.loads(pickle.dumps(fault))
        assert type(again) is type(fault)
        assert (str(again), vars(again)) == (str(fault), vars(fault))
