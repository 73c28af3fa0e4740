"""The process that serves: concurrency, the HTTP server, and repairs of libraries.

Only this folder knows the event loops, so that everything else runs under any async mode and under
test. Nothing here knows Flask, the contract or a store. No module patches
anything on import: `library_patches.install` does, and only `server/__main__.py` calls it.
"""
