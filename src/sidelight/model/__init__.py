"""A network and its one forward pass: logits, features, pooled features and classifier weights."""
