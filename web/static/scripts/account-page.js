/** The wiring of the account page. */

import { copyText } from "./common/clipboard.js";
import { find } from "./common/find.js";
import { hideWhileAway } from "./common/private-page.js";

hideWhileAway();

const copyToken = document.querySelector("#copy-token");
copyToken?.addEventListener("click", async () => {
  const isCopied = await copyText(find("#new-token", HTMLElement).textContent);
  const sentence = isCopied ? "Copied." : "The browser does not let this page copy.";
  find("#copied", HTMLElement).textContent = sentence;
});
copyToken?.removeAttribute("hidden");
