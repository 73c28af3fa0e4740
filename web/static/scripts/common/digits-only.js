import { RememberedSwitch } from "./remembered-switch.js";

/** The switch for writing without signs. */
export class DigitsOnly extends RememberedSwitch {
  constructor() {
    super("digits-only");
  }
}
