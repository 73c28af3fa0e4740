"""Mixed clients and random faults for a while: python3 scripts/soak.py --minutes 30 [--help]"""

from _setup import become_browser_program

become_browser_program("scripts.soak_test")
