"""Write other people's numbers on the real page, and count those read: scripts/replay.py"""

from _setup import become_browser_program

become_browser_program("scripts.benchmark.replay")
