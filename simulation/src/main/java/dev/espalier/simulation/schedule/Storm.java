// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Everything goes wrong, as a seed has it, until a moment from which on nothing does: what is still
 * not done some time after it never will be.
 */
public final class Storm implements Faults {

    private record Outage(long from, long to) {
        boolean holds(long now) {
            return from <= now && now < to;
        }
    }

    private final SplittableRandom random;
    private final long calmFrom;
    private final double killRate;
    private final double stallRate;
    private final double lossRate;
    private final double repeatRate;
    private final double slowRate;
    private final List<Outage> store;
    private final List<Outage> broker;
    private int killsLeft;

    /**
     * @param calmFrom when it is over, in milliseconds
     */
    public Storm(SplittableRandom random, long calmFrom) {
        this.random = random;
        this.calmFrom = calmFrom;
        this.killsLeft = random.nextInt(9);
        this.killRate = choose(0.002, 0.01, 0.03);
        this.stallRate = choose(0, 0.001, 0.005);
        this.lossRate = choose(0, 0.005, 0.05);
        this.repeatRate = choose(0, 0.05, 0.3);
        this.slowRate = choose(0, 0.01, 0.1);
        this.store = outages(150_000);
        this.broker = outages(50_000);
    }

    private double choose(double... of) {
        return of[random.nextInt(of.length)];
    }

    private List<Outage> outages(long longest) {
        List<Outage> outages = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            long from = random.nextLong(calmFrom);
            outages.add(new Outage(from, Math.min(calmFrom, from + random.nextLong(longest))));
        }
        return outages;
    }

    private boolean happens(double rate) {
        return random.nextDouble() < rate;
    }

    @Override
    public boolean kills(long now) {
        if (now < calmFrom && killsLeft > 0 && happens(killRate)) {
            killsLeft--;
            return true;
        }
        return false;
    }

    @Override
    public long stallMillis(long now) {
        return now < calmFrom && happens(stallRate) ? 20_000 + random.nextLong(120_000) : 0;
    }

    @Override
    public long stepMillis() {
        return happens(slowRate) ? random.nextLong(20_000) : 1 + random.nextLong(200);
    }

    @Override
    public long downMillis() {
        return happens(0.2) ? random.nextLong(120_000) : random.nextLong(5_000);
    }

    @Override
    public boolean storeRefuses(long now) {
        return store.stream().anyMatch(outage -> outage.holds(now));
    }

    @Override
    public boolean brokerRefuses(long now) {
        return broker.stream().anyMatch(outage -> outage.holds(now));
    }

    @Override
    public boolean losesAnswer(long now) {
        return now < calmFrom && happens(lossRate);
    }

    @Override
    public long lateMillis() {
        return happens(0.3) ? random.nextLong(60_000) : -1;
    }

    @Override
    public long deliveryMillis() {
        return happens(slowRate) ? random.nextLong(60_000) : 1 + random.nextLong(1_000);
    }

    @Override
    public long repeatedAfterMillis(long now) {
        if (now >= calmFrom || !happens(repeatRate)) {
            return -1;
        }
        return happens(0.5) ? 0 : random.nextLong(120_000);
    }

    @Override
    public long lagMillis() {
        return random.nextLong(3_000);
    }
}
