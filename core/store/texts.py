"""The text of every protocol that was ever used: a record is read with the one that it was made with."""

import hashlib
from contextlib import suppress
from pathlib import Path

from core.store import disk
from core.store import folder as store_folder
from core.store.disk import Reserve
from core.store.errors import Corrupt, NotFound, StoreError


def keep(folder: Path, reserve: Reserve, sha256_hex: str, text: str) -> None:
    """Write a text under its hash, once. Raises StoreError if it has another hash, Full."""
    path = store_folder.protocol_path(folder, sha256_hex)
    where = store_folder.where(folder, path)
    data = text.encode()
    if hashlib.sha256(data).hexdigest() != sha256_hex:
        raise StoreError(f"{where}: the text of this protocol has another hash, and was not kept.")
    with suppress(OSError):
        if path.read_bytes() == data:
            disk.sync_folder(path.parent)
            return
    reserve.save(path, where, data)  # over a damaged copy too: the hash says what it was


def hashes(folder: Path) -> list[str]:
    """The hashes of all texts that were kept, in the order in which they were."""
    kept = []
    for path in store_folder.protocols(folder):
        with suppress(OSError):
            kept.append((path.stat().st_mtime_ns, path.stem))
    return [sha for _, sha in sorted(kept)]


def read(folder: Path, sha256_hex: str) -> str:
    """The text as it was kept. Raises NotFound; Corrupt if it does not match its hash."""
    path = store_folder.protocol_path(folder, sha256_hex)
    where = store_folder.where(folder, path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"{where} was expected, and no such protocol was kept.") from None
    except OSError as error:
        raise Corrupt(f"{where} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != sha256_hex:
        raise Corrupt(f"{where} does not match the hash in its name: torn, or edited by hand.")
    return data.decode()
