/** The page for paper: times of this place, tables in columns, and the print dialog. */

import { giveColumns } from "./reading/columns.js";

const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

for (const time of document.querySelectorAll("time")) {
  time.textContent = MOMENT.format(new Date(time.dateTime));
}
for (const number of document.querySelectorAll(".number")) {
  giveColumns(/** @type {HTMLElement} */ (number), (number.textContent ?? "").split("\n"));
}
addEventListener("load", () => print());
