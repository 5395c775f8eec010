// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

/** Nothing goes wrong. */
public final class Calm implements Faults {

    @Override
    public boolean kills(long now) {
        return false;
    }

    @Override
    public long stallMillis(long now) {
        return 0;
    }

    @Override
    public long stepMillis() {
        return 5;
    }

    @Override
    public long downMillis() {
        return 0;
    }

    @Override
    public boolean storeRefuses(long now) {
        return false;
    }

    @Override
    public boolean brokerRefuses(long now) {
        return false;
    }

    @Override
    public boolean losesAnswer(long now) {
        return false;
    }

    @Override
    public long lateMillis() {
        return -1;
    }

    @Override
    public long deliveryMillis() {
        return 1;
    }

    @Override
    public long repeatedAfterMillis(long now) {
        return -1;
    }

    @Override
    public long lagMillis() {
        return 0;
    }
}
