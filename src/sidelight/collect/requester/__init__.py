"""The requester's side of a campaign: who may look, what is seen, and what is paid."""
