// SPDX-License-Identifier: Apache-2.0
// One `subscriptions/listen` of a 2026-07-28 client, and whether its server keeps to the filter.
import { keyOf } from '../lib/json.mjs';
import { metaKey } from '../lib/revisions.mjs';

const acknowledged = 'notifications/subscriptions/acknowledged';

export class Listen {
    heard = [];

    constructor(filter, judge) {
        this.filter = filter;
        this.judge = judge;
        this.ready = new Promise((resolve) => (this.acknowledge = resolve));
    }

    /** A notification on this subscription, whose id is `id`. */
    take(id, { method, params }) {
        const tag = params?._meta?.[metaKey('subscriptionId')];
        if (tag === undefined || keyOf(tag) !== keyOf(id)) {
            this.judge.complain(`${method} with subscription id ${tag} instead of ${id}`);
        }
        if (method === acknowledged) this.#takeFilter(params.notifications);
        else this.#takeChange(method, params);
    }

    #takeFilter(honoured) {
        const extra = Object.keys(honoured).filter((key) => honoured[key] && !this.filter[key]);
        if (extra.length) this.judge.complain(`acknowledges ${extra}, which nobody wanted`);
        this.honoured = honoured;
        this.acknowledge();
    }

    #takeChange(method, params) {
        if (!this.honoured) this.judge.complain(`${method} before the acknowledgement`);
        if (!this.#wants(method, params)) this.judge.complain(`${method}, which nobody wanted`);
        this.heard.push({ method, params });
    }

    #wants(method, params) {
        const wanted = {
            'notifications/tools/list_changed': this.filter.toolsListChanged,
            'notifications/resources/updated': this.filter.resourceSubscriptions?.includes(
                params?.uri,
            ),
        };
        return wanted[method] === true;
    }
}
