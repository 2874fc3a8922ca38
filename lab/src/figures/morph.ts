/**
 * Shows an SVG where another was, touching only what differs: letters and ticks that stay are neither laid out nor painted again, which is
 * most of the work when a figure is redrawn sixty times a second.
 */

/** Makes the content of `host` that of `svg`, markup of one element; "" empties it. */
export function morph(host: Element, svg: string): void {
  const template = document.createElement("template");
  template.innerHTML = svg.trim();
  children(host, template.content);
}

function children(now: Node, wanted: Node): void {
  let old = now.firstChild;
  let next = wanted.firstChild;
  while (next) {
    const following = next.nextSibling;
    if (!old) now.appendChild(next);
    else {
      const after: ChildNode | null = old.nextSibling;
      if (alike(old, next)) same(old, next);
      else now.replaceChild(next, old);
      old = after;
    }
    next = following;
  }
  while (old) {
    const after: ChildNode | null = old.nextSibling;
    now.removeChild(old);
    old = after;
  }
}

function alike(a: Node, b: Node): boolean {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName;
}

function same(old: Node, wanted: Node): void {
  if (old instanceof Element && wanted instanceof Element) {
    for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    if (old.attributes.length > wanted.attributes.length)
      for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name)) old.removeAttribute(name);
    children(old, wanted);
  } else if (old.nodeValue !== wanted.nodeValue) old.nodeValue = wanted.nodeValue;
}
