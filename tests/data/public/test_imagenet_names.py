import subprocess
import sys

from sidelight.data.public.imagenet_names import index_of, timm_list, wnids


def test_the_index_of_a_wnid_is_its_place_in_rising_order():
    assert len(wnids()) == 1000
    assert list(wnids()) == sorted(set(wnids()))
    assert [index_of(wnid) for wnid in wnids()] == list(range(1000))


def test_timm_s_own_indices_of_its_subsets_agree():
    for name, size in (("imagenet_a", 200), ("imagenet_r", 200)):
        synsets = timm_list(f"{name}_synsets.txt").read_text().split()
        indices = [int(line) for line in timm_list(f"{name}_indices.txt").read_text().split()]
        assert [index_of(wnid) for wnid in synsets] == indices
        assert len(set(indices)) == size


def test_the_lists_are_read_without_importing_torch():
    imported = "import sys; from sidelight.data.public.imagenet_names import wnids"
    program = f"{imported}; wnids(); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
