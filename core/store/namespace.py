"""The namespace of a site: a UUID that its data folder keeps, so that two sites' P-001 are two patients elsewhere.

It is made once, never changed, and goes with a copy of the folder. An archive does not carry it: whoever imports
another site's records goes on as the site that it is.
"""

from pathlib import Path
from uuid import UUID, uuid4

from core.store.disk import Reserve
from core.store.errors import Corrupt, StoreError
from core.store.locks import Locks

NAME = "namespace"


def namespace(folder: Path, locks: Locks, reserve: Reserve) -> UUID:
    """The folder's namespace, made now if it has none yet. Raises Full, and Corrupt where the file holds no UUID."""
    path = folder / NAME
    with locks.hold(NAME):  # of processes that start at once the first one makes it
        made = _read(path)
        if made is None:
            made = uuid4()
            reserve.save(path, NAME, f"{made}\n".encode())
    return made


def _read(path: Path) -> UUID | None:
    try:
        return UUID(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{NAME} cannot be read: {error.strerror}.") from error
    except ValueError:
        raise Corrupt(f"{NAME} should hold a UUID and does not: put it back from a copy of the data folder.") from None
