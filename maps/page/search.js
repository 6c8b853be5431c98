/** Finds words in everything that the incidents say. Knows neither DOM nor Leaflet. */

import {fold} from './select.js';

/** What an incident is searched by: its place, sentence, actors, document, type and subtype. */
function haystack({head, columns}, i, fields, k) {
    const [place, , , admin1] = head.places[columns.place[i]];
    const [, title] = head.documents[columns.document[i]];
    const actors = fields.actors?.[k]?.map((actor) => `${actor.name ?? ''} ${actor.text ?? ''}`) ?? [];
    const type = head.types[columns.type[i]].label;
    const kind = fields.subtype?.[k] ?? '';
    const words = [place, admin1, fields.sentence?.[k], ...actors, title, type, kind.replaceAll('_', ' '),
        head.words[`subtype.${kind}`], fields.notes?.[k]];
    return fold(words.join(' '));
}

/** The folded text of all incidents, a block at a time, kept once it was needed. */
export class Index {
    #data;
    #blocks = [];

    constructor(data) {
        this.#data = data;
    }

    /**
     * Find incidents that hold every word of a query.
     * @param {string} query
     * @param {function(): boolean} [stop] asked between blocks; a newer query ends an older one
     * @returns {Promise<Uint8Array|null>} 1 where found; null for an empty query or when stopped
     */
    async find(query, stop = () => false) {
        const words = fold(query).split(' ').filter(Boolean);
        if (!words.length) return null;
        const match = new Uint8Array(this.#data.n);
        for (let b = 0; b < this.#data.text.length; b++) {
            const texts = await this.#block(b);
            if (stop()) return null;
            texts.forEach((text, k) => {
                if (words.every((word) => text.includes(word))) match[b * this.#data.head.block + k] = 1;
            });
        }
        return match;
    }

    async #block(b) {
        if (!this.#blocks[b]) {
            const {n, head, text} = this.#data;
            const fields = await text.block(b);
            const start = b * head.block;
            const size = Math.min(head.block, n - start);
            this.#blocks[b] = Array.from({length: size}, (_, k) => haystack(this.#data, start + k, fields, k));
        }
        return this.#blocks[b];
    }
}
