"""Accessibility: axe rules, keyboard, zoom, right to left, reduced motion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.archives import make_zip
from tests.browser.accounts import PASSWORD, sign_up
from tests.browser.conftest import PHONE, OpenPage, expect_connected
from tests.browser.pen_input import Finger, write
from tests.browser.photos import choose, desk, photo
from tests.browser.test_learning import teach
from tests.conftest import PROJECT, ServerProcess, wait_until
from tests.pictures import png

AXE = (PROJECT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text()
RUN_AXE = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)].join(" "));
}"""
WIDTHS = "[document.documentElement.scrollWidth, innerWidth]"
FITS = "document.documentElement.scrollWidth === innerWidth"
# The places of the characters of an element.
LEFT_OF_EACH = """element => {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const lefts = [];
  while (texts.nextNode()) {
    for (let place = 0; place < texts.currentNode.length; place += 1) {
      const range = document.createRange();
      range.setStart(texts.currentNode, place);
      range.setEnd(texts.currentNode, place + 1);
      lefts.push(range.getBoundingClientRect().left);
    }
  }
  return lefts;
}"""


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    return list(page.evaluate(RUN_AXE))


def blank(page: Page) -> None:
    expect(page.locator(".invitation")).to_be_visible()


def number(page: Page) -> None:
    write(page, "407")
    expect(page.locator("#saved")).to_be_visible()
    page.get_by_role("button", name="Digit 2 of 3: 0").focus()


def uncertain(page: Page) -> None:
    write(page, "A")
    expect(page.locator("#doubt")).not_to_be_empty()


def correcting(page: Page) -> None:
    number(page)
    page.get_by_role("button", name="Correct it").click()


def uploads(page: Page) -> None:
    choose(page, desk(), photo(png("407\n814")), photo(b"not a picture", "notes.png"))
    expect(page.get_by_role("button", name="Crop to the numbers")).to_be_visible()
    expect(page.locator(".upload-row[data-state=failed]")).to_be_visible()


def help_sheet(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def history(page: Page) -> None:
    for digit in "714":
        page.keyboard.press("Delete")
        write(page, digit)
        page.locator("#save").click()
        expect(page.locator("#saved")).to_be_visible()
    page.goto("/history")
    page.get_by_role("button", name="Delete").nth(2).click()
    page.get_by_role("button", name="Correct").first.click()
    expect(page.locator(".toast")).to_be_visible()


def selecting(page: Page) -> None:
    history(page)
    page.locator("#filters summary").click()
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_role("checkbox", name="Select", exact=False).first.check()
    expect(page.locator("#selected")).to_have_text("1 selected")


def large(page: Page) -> None:
    for text in ("407", "1"):
        page.request.post("/api/predictions", data=png(text))
    page.goto("/history")
    page.get_by_role("link", name="Picture read as 1").click()
    page.locator("#large .delete").click()
    expect(page.locator("#large .toast")).to_be_visible()
    page.get_by_role("button", name="Digit 2 of 3: 0").click()
    expect(page.locator("#why-answer figcaption")).to_have_text("Why 0")
    page.locator("#large .correct").click()


def nothing_found(page: Page) -> None:
    page.goto("/history")
    page.get_by_role("searchbox").fill("99999")
    expect(page.locator("#nothing-found")).to_be_visible()


def cropping(page: Page) -> None:
    choose(page, photo(png("407")))
    page.get_by_role("button", name="Rotate or crop").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def taking_a_photo(page: Page) -> None:
    page.locator("#camera").click()
    expect(page.locator("#camera-instead")).to_be_visible()


def signing_up(page: Page) -> None:
    page.goto("/sign-up")
    page.get_by_label("Name").fill("two words")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_be_visible()


def account_menu(page: Page) -> None:
    sign_up(page)
    page.locator("#account-toggle").click()
    expect(page.locator("#account-menu")).to_be_visible()


def account(page: Page) -> None:
    sign_up(page)
    page.goto("/account")
    page.get_by_label("Token name").fill("Spreadsheet")
    page.get_by_role("button", name="Create token").click()
    expect(page.locator(".token")).to_be_visible()


def learned(page: Page) -> None:
    teach(page)
    page.goto("/learned")
    expect(page.locator(".lessons li").first).to_be_visible()


def reviewing(page: Page) -> None:
    for text in ("4A7", "1A"):
        page.request.post("/api/predictions", data=png(text))
    page.goto("/review")
    expect(page.locator("#left")).to_have_text("2 of 2 left")


def reviewed(page: Page) -> None:
    reviewing(page)
    for _ in range(2):
        page.locator("#review .skip").click()
    expect(page.get_by_role("heading", name="Only the skipped are left")).to_be_visible()


def listed(page: Page) -> None:
    write(page, "407")
    page.locator("#next").click()
    write(page, "A")
    page.locator("#next").click()
    expect(page.locator("#list [data-entry-id] .certainty:not(:empty)")).to_have_count(2)


def correcting_row(page: Page) -> None:
    listed(page)
    page.locator("#list .number").first.click()
    expect(page.locator("#list .correction").first).to_be_visible()


def naming_a_list(page: Page) -> None:
    page.locator("#list-new").click()
    expect(page.locator("#list-form")).to_be_visible()


def checking(page: Page) -> None:
    choose(page, photo(png("407\n814\n70\n41")))
    expect(page.locator("#reading")).to_contain_text("814")
    page.get_by_role("button", name="Back to the drawing").click()
    page.locator("#list .check").click()
    expect(page.locator("#check")).to_be_visible()


def importing(page: Page) -> None:
    """Import pictures of which one has no label."""
    page.goto("/history")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    archive = make_zip({"7/a.png": png("7"), "12/b.png": png("4"), "mine/c.png": png("1")})
    file: FilePayload = {"name": "a.zip", "mimeType": "application/zip", "buffer": archive}
    page.get_by_label("Choose a ZIP").set_input_files(file)
    page.get_by_text("Which, and why").click()
    expect(page.locator("#import-refused li")).to_be_visible()


def signed_out(page: Page) -> None:
    page.goto("/signed-out")
    expect(page.get_by_role("heading")).to_have_text("You are signed out")


def finished(page: Page) -> None:
    page.locator("#continue").check()
    write(page, "407")
    expect(page.locator("#pad.finished")).to_be_visible()


STATES = [
    blank, number, uncertain, correcting, uploads, cropping, taking_a_photo, help_sheet, history,
    selecting, large, nothing_found, signing_up, account_menu, account, learned, listed,
    correcting_row, naming_a_list, checking, importing, signed_out, finished, reviewing, reviewed,
]  # fmt: skip


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("reach", STATES, ids=lambda state: state.__name__)
def test_state_has_no_violation_in_either_theme(
    open_page: OpenPage, reach: Callable[[Page], None], device: dict[str, Any]
) -> None:
    page = open_page(**device)
    reach(page)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_error_page_has_no_violation(browser: Browser, server: ServerProcess) -> None:
    page = browser.new_page()
    page.goto(f"{server.url}/nowhere")
    expect(page.get_by_role("heading")).to_have_text("There is nothing at this address.")
    assert violations(page) == []
    page.close()


def test_reading_is_announced_once_after_the_pen_rests(page: Page) -> None:
    announced = page.locator("#announcement")
    page.evaluate(
        """() => {
          globalThis.announcements = 0;
          const observer = new MutationObserver(() => { announcements += 1; });
          observer.observe(document.querySelector("#announcement"), { childList: true });
        }"""
    )
    write(page, "407")
    expect(page.locator("#reading")).to_have_text("407")
    expect(announced).to_contain_text("407. Very sure")
    assert page.evaluate("announcements") == 1


def test_photo_is_uploaded_and_corrected_by_keyboard_alone(page: Page) -> None:
    with page.expect_file_chooser() as chooser:
        press_until_focused(page, "#upload")
        page.keyboard.press("Enter")
    chooser.value.set_files([photo(png("407"))])
    expect(page.locator("#reading")).to_have_text("407")
    press_until_focused(page, "#saved .correct", key="Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("401")
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).to_contain_text("Corrected to 401")
    expect(page.locator("#saved .correct")).to_be_focused()


def press_until_focused(page: Page, selector: str, key: str = "Tab") -> None:
    """Press a key until an element has the focus."""
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with {key}")


def test_focus_is_visible_at_every_stop(page: Page) -> None:
    write(page, "407")
    expect(page.locator("#saved")).to_be_visible()
    page.locator(".brand").focus()
    unseen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        outlined = page.evaluate(
            """() => [document.activeElement, document.activeElement.closest("label")]
              .some((element) => element && getComputedStyle(element).outlineStyle !== "none")"""
        )
        if not outlined:
            unseen.append(page.evaluate("document.activeElement.outerHTML"))
        if page.evaluate("document.activeElement === document.body"):
            break
    assert [html for html in unseen if not html.startswith("<body")] == []


def test_canvas_names_itself_and_the_keyboard_way(page: Page) -> None:
    pad = page.locator("#pad")
    expect(pad).to_have_accessible_name("Pad to write on")
    expect(pad).to_have_accessible_description(
        "Write with a mouse, a pen or a finger. With the keyboard, upload a picture with U, "
        "and correct the reading by typing."
    )


@pytest.mark.parametrize("path", ["/", "/history", "/statistics"])
def test_page_at_200_percent_does_not_scroll_sideways(open_page: OpenPage, path: str) -> None:
    page = open_page(path, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    scroll_width, width = page.evaluate(WIDTHS)
    assert scroll_width == width
    for control in page.locator("main :is(button, a, select, input):visible").all():
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        assert box
        assert 0 <= box["x"] <= width - box["width"]


NARROW = {"width": 320, "height": 256}  # 1280 by 1024 pixels at 400 percent


@pytest.mark.parametrize(
    "path", ["/", "/history", "/statistics", "/sign-in", "/sign-up", "/signed-out"]
)
def test_page_at_400_percent_does_not_scroll_sideways(browser: Browser, server: ServerProcess,
                                                      path: str) -> None:  # fmt: skip
    page = browser.new_page(base_url=server.url, viewport=NARROW)
    page.goto(path)
    assert page.evaluate(WIDTHS) == [320, 320]
    page.close()


def test_used_pages_at_320_px_do_not_scroll_sideways(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 700})
    listed(page)
    assert page.evaluate(WIDTHS) == [320, 320]
    account(page)
    assert page.evaluate(WIDTHS) == [320, 320]
    page.goto("/")
    assert page.evaluate(WIDTHS) == [320, 320]


@pytest.mark.parametrize("path", ["/", "/history", "/statistics", "/review"])
def test_no_width_scrolls_sideways_while_a_number_waits(page: Page, path: str) -> None:
    expect(page.locator("#list-count")).to_have_text("No number yet")
    write(page, "1")
    expect(page.locator("#saved")).to_be_visible()
    page.goto(path)
    expect_connected(page)
    page.context.set_offline(True)
    if path == "/":
        write(page, "7")
        expect(page.locator("#waiting")).to_have_text("1 waiting")
    expect(page.locator("#offline")).to_be_visible()
    for width in range(320, 1281, 20):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(f"innerWidth === {width} && {FITS}")  # plots follow a moment later


STATES_SEEN = """() => {
  const style = (selector, part) => getComputedStyle(document.querySelector(selector), part);
  const bars = (kind) => style(`#bars .bar${kind}`, "::before").backgroundColor;
  return [
    bars(".answer") !== bars(":not(.answer, .sign)"),
    bars(":not(.answer, .sign)") !== style("#panel").backgroundColor,
    style(".pen:has(:checked)").outlineStyle !== style(".pen:not(:has(:checked))").outlineStyle,
    style(".nib").backgroundColor !== style(".pens").backgroundColor,
    style("#save .icon").backgroundColor !== style("#save").backgroundColor,
    style(".site nav [aria-current]").borderBottomStyle === "solid",
    style("#connection", "::before").backgroundColor !== style("body").backgroundColor,
  ];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colors_show_every_state(open_page: OpenPage, scheme: Any) -> None:
    page = open_page(forced_colors="active", color_scheme=scheme)
    write(page, "7")
    expect(page.locator("#bars .answer")).to_have_count(1)
    assert all(page.evaluate(STATES_SEEN)), page.evaluate(STATES_SEEN)


def expect_in_order(text: Locator) -> None:
    """Expect the first character of "4?" left of the second."""
    expect(text).to_have_text("4?")
    four, unknown = text.evaluate(LEFT_OF_EACH)
    assert four < unknown


def test_unknown_ink_stays_in_its_place_from_right_to_left(page: Page) -> None:
    page.context.add_init_script("window.print = () => {}")
    page.evaluate("document.documentElement.dir = 'rtl'")
    write(page, "4A")
    expect_in_order(page.locator("#reading"))
    expect(page.locator("#saved")).to_be_visible()
    expect_in_order(page.locator("#list .number"))
    page.goto("/history")
    page.evaluate("document.documentElement.dir = 'rtl'")
    expect_in_order(page.locator(".entry .text"))
    page.locator(".entry .open").click()
    expect_in_order(page.locator("#large .text"))
    bars = [bar.bounding_box() or {"x": 0.0} for bar in page.locator("#large #bars label").all()]
    assert [bar["x"] for bar in bars] == sorted(bar["x"] for bar in bars)
    page.goto("/history/print")
    page.evaluate("document.documentElement.dir = 'rtl'")
    expect_in_order(page.locator(".number"))


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_page_works_from_right_to_left(open_page: OpenPage, device: dict[str, Any]) -> None:
    page = open_page(**device)
    page.evaluate("document.documentElement.dir = 'rtl'")
    write(page, "407", Finger(page) if device else None)
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#saved")).to_be_visible()
    wait_until(lambda: page.evaluate(f"{WIDTHS}[0] === innerWidth"))
    first, last = (page.locator("#boxes li").nth(place).bounding_box() for place in (0, 2))
    assert first
    assert last
    assert first["x"] < last["x"]
    assert violations(page) == []
    page.goto("/history")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate(f"{WIDTHS}[0] === innerWidth")


def test_page_does_not_move_with_reduced_motion(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    durations = page.evaluate(
        """() => [...document.querySelectorAll("*")].flatMap((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element, "::before");
          const own = getComputedStyle(element);
          return [transitionDuration, own.transitionDuration]
            .filter((duration) => !/^(0s(, )?)+$/.test(duration))
            .concat([animationName, own.animationName].filter((name) => name !== "none"))
            .concat(own.scrollBehavior === "auto" ? [] : [own.scrollBehavior]);
        })"""
    )
    assert durations == []
