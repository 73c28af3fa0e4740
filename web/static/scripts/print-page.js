/** The page for paper: times of this place, and the print dialog. */

const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

for (const time of document.querySelectorAll("time")) {
  time.textContent = MOMENT.format(new Date(time.dateTime));
}
addEventListener("load", () => print());
