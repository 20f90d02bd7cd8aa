"""The figures of the README, measured anew. Nothing here is deployed."""
