"""One reader a file: public layouts and users' own files to the dataset on disk."""
