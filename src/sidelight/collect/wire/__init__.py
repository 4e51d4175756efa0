"""What browser and service say to each other. README.md beside this file is the specification."""
