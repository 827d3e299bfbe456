package dev.cistern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cistern.api.Database;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong in a cluster, and what users may see of it: as good as nothing. */
@Tag("e2e")
@Order(5)
@ExtendWith(Installation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class FaultsE2E {
    /** How often the operator is killed; the campaign of the bench sets more. */
    private static final int KILLS = Integer.getInteger("e2e.kills", 8);
    // The same moments in every run of a seed.
    private static final long SEED = Long.getLong("e2e.seed", 20_260_101L);
    private static final Duration CUT = Duration.ofSeconds(60);
    private static final Duration HAND_OVER = Duration.ofSeconds(3);
    private static final String STEADY = "steady";

    private final KubernetesClient client = dev.cistern.testing.Cluster.client();
    private Space space;

    @BeforeAll
    void prepare() {
        assumeTrue(Programs.local(), "the processes of this cluster are not on this machine");
        space = Space.open("e2e-faults");
        await().atMost(Space.PATIENCE).until(Installation::led);
        space.database(STEADY, "postgresql", "starter-512");
        space.awaitReady(STEADY);
    }

    @AfterAll
    void cleanUp() {
        if (space != null) {
            Installation.install();
            await().atMost(Space.PATIENCE).until(Installation::led);
            space.close();
        }
    }

    @Test
    void operatorKilledAtAnyMomentLosesNothing() throws InterruptedException {
        Random random = new Random(SEED);
        Map<String, String> steady = space.identities();
        Set<String> existing = new java.util.TreeSet<>();
        List<Map<String, String>> sightings = new ArrayList<>();
        Instant began = Instant.now();

        for (int kill = 0; kill < KILLS; kill++) {
            String name = "killed-" + kill;
            if (kill < 6) {
                space.database(
                        name, kill % 2 == 0 ? "redis" : "postgresql", kill % 2 == 0 ? "free-256" : "starter-512");
                existing.add(name);
            }
            if (kill == 4 || kill == 6) {
                String gone = existing.stream().findFirst().orElseThrow();
                client.resource(space.get(gone)).delete();
                existing.remove(gone);
            }
            Thread.sleep(random.nextLong(2500));
            killOperator();
            sightings.add(space.identities());
        }

        await().atMost(Space.PATIENCE).until(Installation::led);
        space.awaitReady(existing.toArray(String[]::new));
        await().atMost(Space.PATIENCE)
                .until(() -> space.all(Database.class).stream()
                        .map(d -> d.getMetadata().getName())
                        .collect(Collectors.toSet())
                        .equals(with(existing, STEADY)));
        Map<String, String> end = space.identities();
        assertThat(end).as("what was not touched").containsAllEntriesOf(steady);
        for (Map<String, String> seen : sightings) {
            seen.forEach((object, uid) -> {
                // Pods may be replaced; what holds data and credentials may not.
                if (!object.startsWith("Pod/") && belongs(object, existing)) {
                    assertThat(end).as("the one that was there first").containsEntry(object, uid);
                }
            });
        }
        createdOnce(began);
    }

    @Test
    void operatorEndedWhileItCreatesLeavesTheRestToTheNext() {
        space.database("handed", "postgresql", "starter-512");
        await().atMost(Space.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !space.all(io.fabric8.kubernetes.api.model.Secret.class).stream()
                        .filter(s -> s.getMetadata().getName().startsWith("handed-"))
                        .toList()
                        .isEmpty());
        String secret = uid("handed-binding");

        client.resource(Installation.pods(Installation.OPERATOR).getFirst()).delete();

        space.awaitReady("handed");
        assertThat(uid("handed-binding")).isEqualTo(secret);
    }

    @Test
    void standbyTakesOverWithinSecondsWhenTheLeaderEnds() {
        Installation.install("operator.replicas=2");
        await().atMost(Space.PATIENCE)
                .until(() -> Installation.led()
                        && Installation.pods(Installation.OPERATOR).size() == 2);
        String leader = Installation.leader().orElseThrow();

        client.pods().inNamespace(Installation.NAMESPACE).withName(leader).delete();
        Instant told = Instant.now();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .pollDelay(Duration.ZERO)
                .until(() ->
                        Installation.leader().filter(l -> !l.equals(leader)).isPresent());
        Duration took = Duration.between(told, Instant.now());

        System.out.printf("the standby led after %d ms%n", took.toMillis());
        assertThat(took).isLessThan(HAND_OVER);
        Installation.install();
    }

    @Test
    void databaseServesWhileTheApiServerIsAway() throws Exception {
        List<String> addresses = space.pods().stream()
                .filter(p -> p.getMetadata().getName().startsWith(STEADY))
                .map(p -> p.getStatus().getPodIP())
                .toList();
        Map<String, String> before = steady();
        try (Writer writer = new Writer(space, STEADY)) {
            try (Host.Cut cut = new Host.Cut(addresses)) {
                Thread.sleep(CUT);
                assertThat(cut.hasWorked()).as("something was dropped").isTrue();
            }
            Thread.sleep(Duration.ofSeconds(5));
            writer.finish();
        }
        space.awaitReady(STEADY);
        assertThat(steady()).isEqualTo(before);
    }

    @Test
    void gatewaySaysThatTheApiServerIsAwayAndRecovers() {
        String token = space.token("viewer", "cistern-view");
        String path = "/api/databases/ad-" + space.get(STEADY).getMetadata().getUid();
        List<Pod> gateways = Installation.pods(Installation.GATEWAY);
        try (Https https = new Https(Installation.NAMESPACE, Installation.GATEWAY, 443, Installation.authority())) {
            assertThat(https.send(token, "GET", path, null).status()).isEqualTo(200);
            try (Host.Cut cut = new Host.Cut(
                    gateways.stream().map(p -> p.getStatus().getPodIP()).toList())) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> https.send(token, "GET", path, null).status() == 503);
                assertThat(https.send(token, "GET", path, null).header("Retry-After"))
                        .isNotEmpty();
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> https.send(token, "GET", path, null).status() == 200);
        }
        assertThat(Installation.pods(Installation.GATEWAY).stream().map(FaultsE2E::restarts))
                .isEqualTo(gateways.stream().map(FaultsE2E::restarts).toList());
    }

    // The process is killed, and its pod removed, so that the next one does not wait for the kubelet's back-off; the
    // lease is freed, because how long it takes to run out is a matter of its own.
    private void killOperator() {
        Pod pod = Installation.pods(Installation.OPERATOR).getFirst();
        Host.kill(pod);
        client.resource(pod).withGracePeriod(0).delete();
        client.leases()
                .inNamespace(Installation.NAMESPACE)
                .withName(Installation.OPERATOR)
                .delete();
        await().atMost(Space.PATIENCE).pollInterval(Duration.ofMillis(100)).until(Installation::led);
    }

    // By the audit log: nothing that was there was made again, and nothing was removed that its user had not removed.
    private void createdOnce(Instant since) {
        Map<String, Long> created = AuditLog.of(Installation.account(Installation.OPERATOR), since).stream()
                .filter(r -> r.namespace().equals(space.name()) && r.code() == 201)
                .filter(r -> !r.resource().equals("events"))
                .collect(Collectors.groupingBy(AuditLog.Request::object, Collectors.counting()));
        assertThat(created)
                .isNotEmpty()
                .allSatisfy((object, times) -> assertThat(times).as(object).isEqualTo(1));
        assertThat(AuditLog.of(Installation.account(Installation.OPERATOR), since))
                .filteredOn(r -> r.namespace().equals(space.name()) && r.verb().equals("delete"))
                .extracting(AuditLog.Request::resource)
                .containsOnly("statefulsets");
    }

    private static boolean belongs(String object, Set<String> databases) {
        return databases.stream().anyMatch(d -> object.matches("\\w+/(\\w+-)?" + d + "(-.*)?"));
    }

    private Map<String, String> steady() {
        return space.identities().entrySet().stream()
                .filter(e -> belongs(e.getKey(), Set.of(STEADY)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private String uid(String secret) {
        return client.secrets()
                .inNamespace(space.name())
                .withName(secret)
                .require()
                .getMetadata()
                .getUid();
    }

    private static Set<String> with(Set<String> names, String name) {
        Set<String> all = new java.util.HashSet<>(names);
        all.add(name);
        return all;
    }

    private static String restarts(Pod pod) {
        return pod.getMetadata().getUid() + " "
                + pod.getStatus().getContainerStatuses().getFirst().getRestartCount();
    }
}
