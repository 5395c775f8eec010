// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageScriptsTest {

    private final Scripts scripts = new Scripts();

    @AfterEach
    void close() {
        scripts.close();
    }

    @Test
    void shouldSayLiveOnlyWhileKafkaAnswers() {
        Value texts =
                scripts.run(
                        "Link from link.js",
                        """
                        const link = new Link();
                        const texts = [link.describe(0)];
                        link.connected();
                        texts.push(link.describe(0));
                        link.received({ caughtUp: false, kafkaSilentSeconds: null }, 0);
                        texts.push(link.describe(0));
                        link.received({ caughtUp: false, kafkaSilentSeconds: 0.3 }, 0);
                        texts.push(link.describe(0));
                        link.received({ caughtUp: true, kafkaSilentSeconds: 0.3 }, 0);
                        texts.push(link.describe(9000));
                        link.received({ caughtUp: true, kafkaSilentSeconds: 40 }, 0);
                        texts.push(link.describe(2000));
                        link.lost();
                        texts.push(link.describe(0));
                        export const result = texts.map(({ state, text }) => `${state}: ${text}`);
                        """);

        assertThat(texts.as(String[].class))
                .containsExactly(
                        "down: connection lost, trying again",
                        "wait: connecting",
                        "down: Kafka has not answered yet",
                        "wait: reading the topics",
                        "up: live",
                        "down: Kafka has not answered for 42\u2009s",
                        "down: connection lost, trying again");
    }

    @Test
    void shouldFetchARunAgainAfterAFailedRequest() {
        Value log =
                scripts.run(
                        "Latest from latest.js",
                        """
                        const log = [];
                        const answers = [null, { n: 1 }, { n: 2 }];
                        const latest = new Latest(
                          async () => answers.shift() ?? Promise.reject(new Error('answers 503')),
                          (document) => log.push(`shown ${document.n}`),
                          (error) => log.push(`failed: ${error.message}`),
                        );
                        await latest.retry();
                        await latest.want('a');
                        await latest.retry();
                        await latest.retry();
                        await latest.want('b');
                        await latest.want('b');
                        latest.close();
                        await latest.want('c');
                        export const result = log;
                        """);

        assertThat(log.as(String[].class))
                .containsExactly("failed: answers 503", "shown 1", "shown 2");
    }

    @Test
    void shouldFetchOneRevisionAtATime() {
        Value log =
                scripts.run(
                        "Latest from latest.js",
                        """
                        const log = [];
                        const pending = [];
                        const latest = new Latest(
                          () => new Promise((resolve) => pending.push(resolve)),
                          (document) => log.push(document),
                          (error) => log.push(error),
                        );
                        const all = latest.want('a');
                        latest.want('b');
                        latest.want('c');
                        log.push(pending.length);
                        pending.shift()('first');
                        await null;
                        await null;
                        log.push(pending.length);
                        pending.shift()('last');
                        await all;
                        export const result = log.map(String);
                        """);

        assertThat(log.as(String[].class)).containsExactly("1", "first", "1", "last");
    }

    @Test
    void shouldSayWhichEventsCouldNotBeRead() {
        Value texts =
                scripts.run(
                        "unreadText from notices.js",
                        """
                        const one = { message: 'metric loss is NaN; leave it out', topic: 'espalier.snapshots.dlq', partition: 0, offset: 52 };
                        export const result = [
                          unreadText({ runId: 'r', unreadEvents: 0, unread: [] }),
                          unreadText({ runId: 'r', unreadEvents: 1, unread: [one] }),
                          unreadText({ runId: 'r', unreadEvents: 7, unread: [one, one] }),
                        ].map(String);
                        """);

        assertThat(texts.as(String[].class))
                .containsExactly(
                        "null",
                        "1 event of this run could not be read: metric loss is NaN; leave it out (espalier.snapshots.dlq 0@52)\nTry: espalier dead-letters list --run r",
                        "7 events of this run could not be read:\nmetric loss is NaN; leave it out (espalier.snapshots.dlq 0@52)\nmetric loss is NaN; leave it out (espalier.snapshots.dlq 0@52)\nTry: espalier dead-letters list --run r");
    }

    @Test
    void shouldSaySinceWhenARunningRunIsSilent() {
        Value texts =
                scripts.run(
                        "silence from format.js",
                        """
                        const ago = (seconds) => new Date(Date.now() - 1000 * seconds).toISOString();
                        export const result = [
                          silence({ state: 'running', lastHeardAt: ago(190) }),
                          silence({ state: 'running', lastHeardAt: ago(30) }),
                          silence({ state: 'running', lastHeardAt: null }),
                          silence({ state: 'completed', lastHeardAt: ago(190) }),
                        ].map(String);
                        """);

        assertThat(texts.as(String[].class))
                .containsExactly("last heard from 3\u2009min ago", "null", "null", "null");
    }

    @Test
    void shouldWriteOutInvisibleCharacters() {
        Value text =
                scripts.run(
                        "visible from dom.js",
                        """
                        export const result = visible('a\\u001b[31m\\u202eb\\r\\nc\\u2066\\td\\u2009%');
                        """);

        assertThat(text.asString()).isEqualTo("a\\u001b[31m\\u202eb\\u000d\nc\\u2066\td\u2009%");
    }
}
