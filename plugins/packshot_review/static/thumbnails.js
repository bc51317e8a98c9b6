// Thumbnails come many in one answer: see thumbnails.py.

const BUNDLE = 60, LENGTH_BYTES = 4;

// Give images their pictures: [<img data-alone=address>]. One that did not come is asked for alone.
export async function fillIn(images) {
  const bundles = [];
  for (let at = 0; at < images.length; at += BUNDLE) bundles.push(images.slice(at, at + BUNDLE));
  const alone = images.map((image) => image.dataset.alone);
  for (const image of images) image.removeAttribute("data-alone");
  await Promise.all(bundles.map(async (part, at) => {
    const ids = part.map((image) => image.closest("[data-id]").dataset.id);
    const pictures = await bundle(ids);
    for (const [place, image] of part.entries()) {
      if (!pictures[place]) { image.src = alone[at * BUNDLE + place]; continue; }
      const address = URL.createObjectURL(new Blob([pictures[place]], { type: "image/jpeg" }));
      const done = () => URL.revokeObjectURL(address);
      image.addEventListener("load", done, { once: true });
      image.addEventListener("error", done, { once: true });
      image.src = address;
    }
  }));
}

async function bundle(ids) {
  const answer = await fetch(`${document.body.dataset.home}/thumbs/${ids.join(",")}`).catch(() => null);
  if (!answer?.ok) return [];
  const data = await answer.arrayBuffer(), view = new DataView(data), found = [];
  for (let at = 0; at < data.byteLength;) {
    const length = view.getUint32(at);
    found.push(length ? new Uint8Array(data, at + LENGTH_BYTES, length) : null);
    at += LENGTH_BYTES + length;
  }
  return found;
}
