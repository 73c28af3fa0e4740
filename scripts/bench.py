"""Measure the server against a bare echo server: python3 scripts/bench.py [--help]"""

from _setup import become_browser_program

become_browser_program("scripts.benchmark")
