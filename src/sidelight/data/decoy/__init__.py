"""The decoy benchmark: two classes that differ on the object, and a shortcut beside it; drawn wholly by sidelight."""
