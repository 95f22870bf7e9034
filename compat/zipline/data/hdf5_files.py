"""HDF5 files, through a library that is not part of the plain install."""

from __future__ import annotations

from typing import Any


def h5py() -> Any:
    """The library; ImportError says what to install."""
    try:
        import h5py as library
    except ImportError:
        raise ImportError("HDF5 files need h5py: pip install 'fillproof[hdf5]'.") from None
    return library


def opened(path, mode: str = "r") -> Any:
    """An open file."""
    return h5py().File(path, mode)
