/** What lies under the mouse, in a few words. */

import {h, quoted} from './h.js';
import {symbol} from './card.js';
import {t, number} from './words.js';

/**
 * Make the tip of a map.
 * @param {Element} frame the map's element
 * @param {import('./data.js').Data} data
 * @returns {function({found: Object|null, at: {x: number, y: number}})} shows what was found
 */
export function tooltip(frame, {head, columns}) {
    const tip = h('div', {class: 'gm-tip', hidden: true});
    frame.append(tip);

    function words({node, area}) {
        if (node?.n === 1) {
            const {label} = head.types[columns.type[node.first]];
            return [h('b', {}, label), ' ', quoted('span', {}, head.places[columns.place[node.first]][0])];
        }
        const counts = Array.from(area ? area.types : node.types);
        const title = area ? t('area', {n: area.count, place: area.name}) : t('incidents', {n: node.n});
        return [quoted('b', {}, title), ...counts.flatMap((n, k) => n
            ? [h('span', {class: 'gm-tip-row'}, symbol(head.types[k], 14), `${number(n)} ${head.types[k].label}`)] : [])];
    }

    return ({found, at}) => {
        frame.classList.toggle('gm-over', Boolean(found));
        tip.hidden = !found;
        if (!found) return;
        tip.replaceChildren(...words(found));
        tip.style.transform = `translate(${at.x + 14}px, ${at.y + 14}px)`;
    };
}
