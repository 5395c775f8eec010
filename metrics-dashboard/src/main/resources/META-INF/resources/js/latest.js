// SPDX-License-Identifier: Apache-2.0

/**
 * Fetches a document again when its revision changes, one request at a time. A revision counts as shown only after its document
 * was shown, so a failed request is repeated by `retry`.
 */
export class Latest {
  #wanted = null;
  #shown = null;
  #fetching = false;
  #closed = false;

  /**
   * @param {() => Promise<object>} fetch rejects if there is no document
   * @param {(document: object) => void} show
   * @param {(error: Error) => void} fail
   */
  constructor(fetch, show, fail) {
    this.fetch = fetch;
    this.show = show;
    this.fail = fail;
  }

  /** @param {string} revision of the newest document */
  async want(revision) {
    this.#wanted = revision;
    if (this.#fetching) {
      return;
    }
    this.#fetching = true;
    try {
      while (!this.#closed && this.#wanted !== this.#shown) {
        const asked = this.#wanted;
        const found = await this.fetch();
        if (!this.#closed) {
          this.show(found);
          this.#shown = asked;
        }
      }
    } catch (error) {
      if (!this.#closed) {
        this.fail(error);
      }
    } finally {
      this.#fetching = false;
    }
  }

  /** Repeats a request that failed. */
  retry() {
    return this.#wanted === null ? Promise.resolve() : this.want(this.#wanted);
  }

  close() {
    this.#closed = true;
  }
}
