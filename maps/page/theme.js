/** Colours of the canvases, as style.css has them. */

let cached = null;
const listeners = [];

/** Run something after the reader changes between light and dark. */
export const onTheme = (listener) => listeners.push(listener);

/** Forget the colours after something else than the reader's settings changed them. */
export function forgetTheme() {
    cached = null;
}

for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    globalThis.matchMedia?.(query).addEventListener('change', () => {
        cached = null;
        listeners.forEach((listener) => listener());
    });
}

/**
 * The colours that hold now.
 * @param {{light: string, dark: string}[]} [types] their colours come as `types`
 */
export function theme(types = []) {
    if (!cached) {
        const style = getComputedStyle(document.documentElement);
        const read = (name) => style.getPropertyValue(`--gm-${name}`).trim();
        cached = Object.fromEntries(['name', 'water', 'land', 'focus', 'border', 'halo', 'edge', 'paper', 'ink', 'soft',
            'accent', 'country', 'sea', 'town', 'font'].map((name) => [name, read(name)]));
    }
    const dark = cached.name === 'dark';
    return {...cached, types: types.map((type) => dark ? type.dark : type.light)};
}
