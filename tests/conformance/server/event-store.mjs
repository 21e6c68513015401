// SPDX-License-Identifier: Apache-2.0
// What one session's streams have carried, so that a client that lost a stream can go on with it.
export class EventStore {
    #events = [];

    async storeEvent(streamId, message) {
        this.#events.push({ streamId, message });
        return String(this.#events.length - 1);
    }

    async getStreamIdForEventId(eventId) {
        return this.#events[Number(eventId)]?.streamId;
    }

    async replayEventsAfter(lastEventId, { send }) {
        const last = Number(lastEventId);
        const streamId = this.#events[last]?.streamId;
        for (const [id, event] of [...this.#events.entries()].slice(last + 1)) {
            const isPriming = Object.keys(event.message).length === 0;
            if (event.streamId === streamId && !isPriming) await send(String(id), event.message);
        }
        return streamId;
    }
}
