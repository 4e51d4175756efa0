"""The nouns that cross a border: frozen, versioned, documented. The only thing that stages exchange."""
