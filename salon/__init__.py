"""The ground floor, and the project package."""
