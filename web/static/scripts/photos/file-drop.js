/**
 * Accept files that are dropped or pasted anywhere on the page. The page has the class `dropping`
 * while files are dragged over it.
 * @param {HTMLElement} page
 * @param {(files: Iterable<File>) => void} onFiles
 * @param {() => void} onOther  something else was dropped, such as a link
 */
export function acceptFiles(page, onFiles, onOther) {
  let depth = 0;
  const hover = (/** @type {number} */ newDepth) => {
    depth = newDepth;
    page.classList.toggle("dropping", depth > 0);
  };
  page.addEventListener("dragenter", (event) => carriesFiles(event) && hover(depth + 1));
  page.addEventListener("dragleave", (event) => carriesFiles(event) && hover(depth - 1));
  page.addEventListener("dragover", (event) => event.preventDefault());
  page.addEventListener("drop", (event) => {
    event.preventDefault();
    hover(0);
    const files = event.dataTransfer?.files ?? [];
    if (files.length > 0) onFiles(files);
    else onOther();
  });
  page.addEventListener("paste", (event) => onFiles(event.clipboardData?.files ?? []));
}

/** @param {DragEvent} event */
function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
