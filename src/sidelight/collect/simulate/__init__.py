"""People who do not exist, as clients of the real service: they arrive, consent, label, submit and finish over HTTP."""
