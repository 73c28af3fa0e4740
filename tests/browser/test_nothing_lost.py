"""Random sequences of what people and machines do while numbers are entered, against a model.

The long form: python3 scripts/test.py tests/browser/test_nothing_lost.py --sequences 200
"""

from __future__ import annotations

import random
import signal
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import COLUMNS, Mouse, drawn, follow, paths
from tests.conftest import ServerProcess, wait_until

STEPS = 12
DIGITS = "017"  # each is one stroke
MAX_DIGITS = 3
SETTLE_S = 40

Numbers = dict[str, tuple[str, bool]]  # id → text, and whether it is on a list


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("seed", range(metafunc.config.getoption("--sequences")))


@dataclass
class Tab:
    """A draw page, and a model of it: its timeline of drawings, the last one on the paper."""

    page: Page
    timeline: list[tuple[str, str]] = field(default_factory=lambda: [("", "")])

    @property
    def number(self) -> str:
        return self.timeline[-1][1]

    def draw(self, digit: str) -> None:
        [path] = paths(self.page, digit, column=len(self.number), columns=COLUMNS)
        mouse = Mouse(self.page)
        follow(mouse, path)
        mouse.lift()
        self.timeline.append((drawn(self.page)["drawing"], self.number + digit))

    def leave(self, numbers: Numbers, button: str) -> None:
        """Press Next or Clear."""
        self.page.locator(button).evaluate("button => button.click()")
        if self.number:
            self.keep(numbers, on_list=button == "#next")
            self.timeline.append(("", ""))

    def undo(self) -> None:
        self.page.keyboard.press("Control+z")
        self.timeline.pop()

    @property
    def can_undo(self) -> bool:
        """Whether an undo brings back a number."""
        return len(self.timeline) > 1 and self.timeline[-2][1] != ""

    def keep(self, numbers: Numbers, on_list: bool = True) -> None:
        drawing, text = self.timeline[-1]
        if text:
            numbers[drawing] = (text, on_list)


class Sitting:
    """Some tabs of one browser, a server that comes and goes, and what must be in the history."""

    def __init__(self, open_page: OpenPage, server: ServerProcess, choice: random.Random) -> None:
        self._open_page = open_page
        self._server = server
        self._choice = choice
        self._tabs = [Tab(open_page())]
        self._first = self._tabs[0].page
        self.numbers: Numbers = {}
        self.log: list[str] = []

    def step(self) -> None:
        tab = self._choice.choice(self._tabs)
        is_up = self._server.process is not None
        steps = {"next": 2, "clear": 1, "stop" if is_up else "start": 1}
        if len(tab.number) < MAX_DIGITS:
            steps["draw"] = 6
        if tab.can_undo:
            steps["undo"] = 2
        if is_up:
            steps |= {"reload": 1, "close": 1, "kill": 1}
            steps |= {"open": 1} if len(self._tabs) == 1 else {}
        name = self._choice.choices(list(steps), list(steps.values()))[0]
        self.log.append(f"{self._tabs.index(tab)}: {name}")
        getattr(self, f"_{name}")(tab)

    def settle(self) -> Numbers:
        """Leave every tab, and return what is in the history then."""
        if self._server.process is None:
            self._server.start()
        for tab in self._tabs:
            tab.leave(self.numbers, "#next")
            expect_connected(tab.page)
        found: Numbers = {}

        def is_complete() -> bool:
            found.clear()
            found.update(history(self._server))
            return found == self.numbers

        wait_until(is_complete, SETTLE_S, lambda: f"{self.log}\n{found}\n{self.numbers}")
        return found

    def _draw(self, tab: Tab) -> None:
        tab.draw(self._choice.choice(DIGITS))

    def _next(self, tab: Tab) -> None:
        tab.leave(self.numbers, "#next")

    def _clear(self, tab: Tab) -> None:
        tab.leave(self.numbers, "#clear")

    def _undo(self, tab: Tab) -> None:
        tab.undo()

    def _reload(self, tab: Tab) -> None:
        tab.page.reload()
        expect_connected(tab.page)
        tab.timeline = [tab.timeline[-1]]

    def _open(self, _tab: Tab) -> None:
        self._tabs.append(Tab(self._open_page(beside=self._first)))

    def _close(self, tab: Tab) -> None:
        tab.keep(self.numbers)
        replacement = Tab(self._open_page(beside=tab.page))
        tab.page.close(run_before_unload=True)
        self._tabs[self._tabs.index(tab)] = replacement
        self._first = replacement.page

    def _stop(self, _tab: Tab) -> None:
        self._server.stop()

    def _start(self, _tab: Tab) -> None:
        self._server.start()

    def _kill(self, _tab: Tab) -> None:
        assert self._server.process is not None
        self._server.process.send_signal(signal.SIGKILL)
        self._server.process.wait()
        self._server.process = None


def history(server: ServerProcess) -> Numbers:
    entries = httpx.get(f"{server.url}/api/predictions?limit=100").raise_for_status().json()
    return {
        entry["id"]: (entry["predicted"], entry["list"] is not None) for entry in entries["entries"]
    }


def test_no_number_is_lost(open_page: OpenPage, server: ServerProcess, seed: int) -> None:
    sitting = Sitting(open_page, server, random.Random(seed))
    for _ in range(STEPS):
        sitting.step()
    assert sitting.settle() == sitting.numbers
