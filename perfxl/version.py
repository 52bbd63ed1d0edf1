"""The version, in a module of its own: rooms name it without loading the public face."""

__version__ = "0.1.0"
