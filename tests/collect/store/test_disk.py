from pathlib import Path

import pytest

from sidelight.collect.store.disk import kind_of_drive, refuse_network
from sidelight.records.errors import UserFault

MOUNTS = r"""
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:40 / /mnt/lab\040share rw - nfs4 server:/x rw
23 21 0:41 / /mnt rw,relatime master:3 - xfs /dev/sdb rw
broken line
24 21 0:42 / /mnt/lab\040share/local rw - ext4 /dev/sdc rw
"""


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("/a/x.sqlite", "ext4"),
        ("/mnt/x.sqlite", "xfs"),
        ("/mnt/lab share/x.sqlite", "nfs4"),
        ("/mnt/lab share/local/x.sqlite", "ext4"),
        ("/mnt/lab share2/x.sqlite", "xfs"),
    ],
)
def test_the_deepest_mount_tells_the_kind_of_drive(file, kind):
    assert kind_of_drive(Path(file), MOUNTS) == kind


def test_a_network_drive_is_refused_also_behind_a_link(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    mounts = tmp_path / "mounts"
    mounts.write_text(f"1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / {tmp_path / 'far'} rw - cifs b rw\n")
    with pytest.raises(UserFault, match="network drive"):
        refuse_network(tmp_path / "near" / "x.sqlite", mounts=mounts)
    refuse_network(tmp_path / "x.sqlite", mounts=mounts)
    refuse_network(tmp_path / "x.sqlite", mounts=tmp_path / "none")
