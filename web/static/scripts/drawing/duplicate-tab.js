import { TabChannel } from "../common/tab-channel.js";

/**
 * @import { DrawingPad } from "./drawing-pad.js"
 */

/**
 * Begin a new drawing where another tab has this one: a duplicated tab begins with a copy of what
 * the first one has stored.
 * @param {DrawingPad} pad
 */
export function leaveDuplicate(pad) {
  let asked = "";
  /** @param {{asks?: string, has?: string}} message */
  const hear = ({ asks, has }) => {
    if (asks === pad.sketch.drawing) channel.post({ has: asks });
    if (has === asked && pad.sketch.drawing === asked) pad.startAfresh();
  };
  const channel = new TabChannel("drawing", hear, (post) => {
    asked = pad.sketch.drawing;
    post({ asks: asked });
  });
}
