"""What can go wrong with the store. Each text is a sentence for a person: what was expected, what was found, where.

Files are named relative to the data folder. No text holds anything from inside a session.
"""


class StoreError(Exception):
    """The store could not do what was asked."""


class NotFound(StoreError):
    """There is no such session or protocol."""


class Corrupt(StoreError):
    """One file cannot be read or is not what was written. It is left as it is; every other session goes on."""


class Newer(StoreError):
    """A later version of Interspace wrote this session. It is left as it is."""


class Full(StoreError):
    """The disk refused a write. Nothing was acknowledged: keep the events and send them again."""
