/** Elements for the page. Strings become text nodes: other people's text stays text. */

const SVG = new Set(['svg', 'path', 'g']);

/**
 * Make an element.
 * @param {string} tag
 * @param {Object<string, any>} [props] attributes; `on...` is a listener, `style` an object of
 *     properties; null and false are left out
 * @param {...(Node|string|number|null|false|Array)} children
 * @returns {Element}
 */
export function h(tag, props = {}, ...children) {
    const node = SVG.has(tag)
        ? document.createElementNS('http://www.w3.org/2000/svg', tag)
        : document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
        if (value == null || value === false) continue;
        if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
        else if (name === 'style') Object.entries(value).forEach(([k, v]) => node.style.setProperty(k, v));
        else node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.flat(2).filter((child) => child != null && child !== false));
    return node;
}

/** Text from a bulletin: it brings its own direction. */
export function quoted(tag, props, ...children) {
    return h(tag, {dir: 'auto', ...props}, ...children);
}

/** A link if the address is http or https, else the plain text. */
export function link(address, text) {
    return isWeb(address)
        ? h('a', {href: address, target: '_blank', rel: 'noopener noreferrer nofollow'}, text)
        : h('span', {}, text);
}

/** Whether an address may become a link. */
export function isWeb(address) {
    try {
        return ['http:', 'https:'].includes(new URL(address).protocol);
    } catch {
        return false;
    }
}
