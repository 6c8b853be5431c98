/** What a printed page holds instead of the live map: a picture in light colours, and the sources. */

import {h} from './h.js';
import {picture} from './layers.js';
import {forgetTheme} from './theme.js';
import {t} from './words.js';

const MOST_SOURCES = 12;

/**
 * Swap the live map for a picture while the page prints.
 * @param {L.Map} map
 * @param {function(): string[]} sources titles of the bulletins that are shown
 */
export function preparePrint(map, sources) {
    const root = document.documentElement;
    const image = h('img', {class: 'gm-print-map', alt: t('map_label')});
    const line = h('p', {class: 'gm-print-sources'});
    map.getContainer().before(image, line);

    addEventListener('beforeprint', () => {
        root.classList.add('gm-light');
        forgetTheme();
        image.src = picture(map);
        const titles = sources();
        const more = titles.length > MOST_SOURCES ? ' …' : '';
        line.textContent = `${t('source')}: ${titles.slice(0, MOST_SOURCES).join(' · ')}${more}`;
    });
    addEventListener('afterprint', () => {
        root.classList.remove('gm-light');
        forgetTheme();
        image.removeAttribute('src');
    });
}
