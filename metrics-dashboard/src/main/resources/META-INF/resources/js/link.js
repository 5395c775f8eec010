// SPDX-License-Identifier: Apache-2.0

/** Kafka answers a reader at least twice a second. After this many seconds without an answer, figures may be old. */
const FRESH_SECONDS = 10;

/**
 * What is known about the two links that bring news: from Kafka to the dashboard, and from the dashboard to this page. The page
 * is live only while both work.
 */
export class Link {
  #connected = false;
  #message = null;
  #receivedAt = 0;

  connected() {
    this.#connected = true;
    this.#message = null;
  }

  lost() {
    this.#connected = false;
  }

  /**
   * @param {{caughtUp: boolean, kafkaSilentSeconds: number|null}} message
   * @param {number} now in milliseconds
   */
  received(message, now) {
    this.#connected = true;
    this.#message = message;
    this.#receivedAt = now;
  }

  /**
   * @param {number} now in milliseconds
   * @returns {{state: 'up'|'down'|'wait', text: string}}
   */
  describe(now) {
    if (!this.#connected) {
      return { state: 'down', text: 'connection lost, trying again' };
    }
    if (this.#message === null) {
      return { state: 'wait', text: 'connecting' };
    }
    const { caughtUp, kafkaSilentSeconds } = this.#message;
    if (kafkaSilentSeconds === null) {
      return { state: 'down', text: 'Kafka has not answered yet' };
    }
    const silent = kafkaSilentSeconds + (now - this.#receivedAt) / 1000;
    if (kafkaSilentSeconds > FRESH_SECONDS) {
      return { state: 'down', text: `Kafka has not answered for ${Math.floor(silent)}\u2009s` };
    }
    return caughtUp ? { state: 'up', text: 'live' } : { state: 'wait', text: 'reading the topics' };
  }
}
