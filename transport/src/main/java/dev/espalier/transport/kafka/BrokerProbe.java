// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.kafka;

import dev.espalier.transport.health.Probe;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.jspecify.annotations.Nullable;

/** Asks the broker for its cluster id. Used by one thread. */
public final class BrokerProbe implements Probe, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Map<String, Object> settings;
    private @Nullable Admin admin;

    public BrokerProbe(KafkaSettings kafka) {
        this.settings = kafka.admin();
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        settings.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    }

    @Override
    public synchronized void check() throws Exception {
        Admin client = admin;
        if (client == null) {
            client = Admin.create(settings);
            admin = client;
        }
        var options = new DescribeClusterOptions().timeoutMs((int) TIMEOUT.toMillis());
        var _ = client.describeCluster(options).clusterId().get();
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(TIMEOUT);
            admin = null;
        }
    }
}
