package dev.cistern.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Counts the requests of each caller. */
final class TokenBuckets {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanoTime;
    private final Cache<String, Bucket> buckets;

    TokenBuckets(int perSecond, int burst, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
        // An unused bucket is full again long before it is forgotten.
        long secondsToFill = (long) Math.ceil(burst / (double) perSecond);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(20_000)
                .expireAfterAccess(Duration.ofSeconds(Math.max(60, 2 * secondsToFill)))
                .build();
    }

    /** Takes one; 0 when there was one, else the seconds after which there will be. */
    int take(String caller) {
        return buckets.get(caller, c -> new Bucket(burst, nanoTime.getAsLong())).take();
    }

    private final class Bucket {
        private double tokens;
        private long filledAt;

        Bucket(double tokens, long filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }

        synchronized int take() {
            long now = nanoTime.getAsLong();
            tokens = Math.min(burst, tokens + (now - filledAt) / NANOS * perSecond);
            filledAt = now;
            if (tokens >= 1) {
                tokens -= 1;
                return 0;
            }
            return (int) Math.max(1, Math.ceil((1 - tokens) / perSecond));
        }
    }
}
