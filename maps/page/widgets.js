/** Small things of the page: a menu, copying, a note that goes by itself. */

import {h} from './h.js';
import {t} from './words.js';

const NOTE_MS = 4000;

/**
 * A button with a menu.
 * @param {string} label
 * @param {[string, Function][]} items
 */
export function menu(label, items) {
    const box = h('details', {class: 'gm-menu'}, h('summary', {}, label),
        h('div', {}, items.map(([name, act]) => h('button', {onclick: () => { box.open = false; act(); }}, name))));
    box.addEventListener('focusout', (event) => box.contains(event.relatedTarget) || (box.open = false));
    return box;
}

/** Copy a text and say so; where that is not allowed, show it. */
export async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        note(t('copied'));
    } catch {
        note(text);
    }
}

function note(text) {
    const box = document.getElementById('gm-note');
    if (!box) return;
    box.textContent = text;
    box.classList.add('gm-shows');
    setTimeout(() => box.classList.remove('gm-shows'), NOTE_MS);
}

/** Switch the whole page to the full screen and back; null where that is not allowed. */
export function fullScreen() {
    const toggle = () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    return document.fullscreenEnabled
        ? h('button', {class: 'gm-fullscreen', 'aria-label': t('fullscreen'), title: t('fullscreen'), onclick: toggle}, '⛶') : null;
}
