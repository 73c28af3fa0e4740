"""A server whose library has renamed a function: `python -m tests.changed_library FUNCTION`."""

import sys

from server.__main__ import main
from server.runtime import library_patches


class Renamed(library_patches.Patch):
    """A patch that finds its function renamed."""

    def install(self) -> None:
        owner, _ = self.prepare()
        delattr(owner, self.function)
        super().install()


if __name__ == "__main__":
    renamed = sys.argv.pop()
    library_patches.PATCHES = tuple(
        Renamed(**vars(patch)) if patch.function == renamed else patch
        for patch in library_patches.PATCHES
    )
    main()
