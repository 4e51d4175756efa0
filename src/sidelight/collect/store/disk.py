"""Where a database must not lie: SQLite's log needs a lock and a shared memory that network drives do not give."""

import os
from pathlib import Path

from sidelight.records.errors import UserFault

NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ncpfs", "9p", "ceph", "glusterfs", "lustre", "gpfs"}
    | {"beegfs", "fakeowner", "vboxsf", "davfs", "fuse.glusterfs", "fuse.sshfs", "fuse.s3fs", "fuse.rclone"}
    | {"fuse.grpcfuse", "fuse.davfs2"}
)
"""File systems that reach over a wire, or out of a container or virtual machine."""

MOUNTS = Path("/proc/self/mountinfo")


def refuse_network(file: Path, *, mounts: Path = MOUNTS) -> None:
    """Raise if a database's file would lie on a network drive, where the system tells (Linux does).

    Args:
        file: of the database; it need not exist.
        mounts: the system's list of mounts.
    """
    if not mounts.exists():
        return
    kind = kind_of_drive(Path(os.path.realpath(file)), mounts.read_text("utf-8", errors="replace"))
    if kind in NETWORK:
        raise UserFault(
            f"store {file}",
            seen=f"a network drive ({kind}), on which SQLite loses data",
            allowed="a local drive, or PostgreSQL",
            remedy="Put the campaign on a local drive, or use --db postgresql://...",
        )


def kind_of_drive(file: Path, mounts: str) -> str:
    r"""The file system's name, from the mount that lies deepest above a file ("" if none is listed).

    Args:
        file: absolute.
        mounts: lines of /proc/self/mountinfo: `id parent device root POINT options ... - KIND source options`.

    >>> kind_of_drive(Path("/data/lab/x.sqlite"), "1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / /data rw - nfs4 b rw")
    'nfs4'
    """
    found = (0, "")
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split()
        if not dash or len(fields) < 5:
            continue
        point = Path(fields[4].replace("\\040", " "))
        if file.is_relative_to(point):
            found = max(found, (len(point.parts), after.split()[0]), key=lambda one: one[0])
    return found[1]
