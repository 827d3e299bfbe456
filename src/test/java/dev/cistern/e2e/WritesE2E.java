package dev.cistern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cistern.api.Database;
import dev.cistern.api.FeatureStatus;
import dev.cistern.e2e.AuditLog.Request;
import dev.cistern.kube.Labels;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** How little the operator asks of the API server, by the API server's own audit log. */
@Tag("e2e")
@Order(3)
@ExtendWith(Installation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class WritesE2E {
    // More than the period in which the operator looks again by itself.
    private static final Duration QUIET = Duration.ofSeconds(60);
    private static final Duration SETTLED = Duration.ofSeconds(10);
    private static final Map<String, String> DATABASES = Map.of(
            "writes-sql", "{\"engine\": \"postgresql\", \"plan\": \"starter-512\"}",
            "writes-ha", "{\"engine\": \"postgresql\", \"plan\": \"business-512\"}",
            "writes-cache", "{\"engine\": \"redis\", \"plan\": \"free-256\"}");

    private final Map<String, List<String>> statuses = new ConcurrentHashMap<>();
    private Space space;
    private Watch watch;
    private Instant began;

    @BeforeAll
    void create() {
        assumeTrue(Programs.local(), "the audit log of this cluster cannot be read");
        space = Space.open("e2e-writes");
        watch = space.client()
                .resources(Database.class)
                .inNamespace(space.name())
                .watch(new Statuses());
        await().atMost(Space.PATIENCE).until(Installation::led);
        began = Instant.now();
        DATABASES.forEach((name, spec) -> Manifests.apply(space, name, spec));
        space.awaitReady(DATABASES.keySet().toArray(String[]::new));
        settle();
    }

    @AfterAll
    void cleanUp() {
        if (space != null) {
            watch.close();
            space.close();
        }
    }

    @Test
    @Order(1)
    void aNewDatabaseCostsOneWriteForEachObjectAndChangeOfStatus() {
        List<Request> all = requests(began);

        for (String database : DATABASES.keySet()) {
            Map<String, Long> writes = new TreeMap<>(all.stream()
                    .filter(Request::writes)
                    .filter(r -> !r.resource().equals("events"))
                    .filter(r -> belongs(r, database))
                    .collect(Collectors.groupingBy(Request::object, Collectors.counting())));
            long total = writes.values().stream().mapToLong(l -> l).sum();
            long objects = owned(database).size();
            List<String> seen = statuses.getOrDefault(database, List.of());
            long told = seen.size();
            // One for each object that is made, the finalizer, the version noted on each volume, each new status.
            long least = objects + 1 + volumes(database) + told;
            System.out.printf(
                    "%s: %d writes for %d objects, 1 finalizer, %d volumes, %d statuses (least %d)%n  %s%n",
                    database, total, objects, volumes(database), told, least, seen);

            assertThat(told).as("statuses: " + seen).isLessThanOrEqualTo(4);
            assertThat((double) total).as("writes: " + writes).isLessThanOrEqualTo(1.1 * least);
            assertThat(writes.entrySet())
                    .filteredOn(e -> !e.getKey().startsWith("databases/"))
                    .as("each object is written once")
                    .allSatisfy(e -> assertThat(e.getValue()).as(e.getKey()).isEqualTo(1));
        }
        assertThat(all).filteredOn(r -> !r.writes()).as("reads").isEmpty();
        assertThat(all)
                .filteredOn(r -> r.resource().equals("events"))
                .as("events: at most two for each database")
                .hasSizeLessThanOrEqualTo(2 * DATABASES.size());
    }

    @Test
    @Order(2)
    void aFeatureCostsItsFinalizerAndItsStatuses() {
        Instant start = Instant.now();

        space.feature("writes-sql", "force-ssl");
        space.awaitFeature("writes-sql-force-ssl", FeatureStatus.ACTIVATED);
        settle();

        List<Request> writes = writes(start).stream()
                .filter(r -> !r.resource().equals("events"))
                .toList();
        assertThat(count(writes, "databasefeatures")).isEqualTo(1);
        assertThat(count(writes, "databasefeatures/status")).isBetween(1L, 2L);
        // It is listed in the Database's status, first as pending.
        assertThat(count(writes, "databases/status")).isBetween(1L, 3L);
        // The durable form of the engine's configuration.
        assertThat(count(writes, "configmaps")).isLessThanOrEqualTo(1);
        assertThat(writes).as(writes.toString()).hasSizeLessThanOrEqualTo(7);
    }

    @Test
    @Order(3)
    void nothingIsWrittenWhileNothingChanges() throws InterruptedException {
        Instant start = Instant.now();

        Thread.sleep(QUIET);

        assertThat(requests(start)).as("requests about the databases").isEmpty();
        Set<String> home = AuditLog.of(Installation.account(Installation.OPERATOR), start).stream()
                .filter(r -> r.namespace().equals(Installation.NAMESPACE))
                .map(Request::resource)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(home).as("only the lease is renewed").isSubsetOf("leases");
    }

    @Test
    @Order(4)
    void aRestartWritesNothing() {
        Map<String, String> before = space.identities();
        Map<String, String> versions = versions();
        Instant start = Instant.now();

        Installation.restart(Installation.OPERATOR);
        await().atMost(Space.PATIENCE).until(Installation::led);
        settle();

        assertThat(writes(start)).as("writes").isEmpty();
        assertThat(space.identities()).isEqualTo(before);
        assertThat(versions()).isEqualTo(versions);
    }

    // Until nothing has been asked for longer than any wait of the controllers but their slow look-again.
    private void settle() {
        await().atMost(Space.PATIENCE)
                .pollDelay(SETTLED)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> requests(Instant.now().minus(SETTLED)).isEmpty());
    }

    private List<Request> requests(Instant since) {
        return AuditLog.of(Installation.account(Installation.OPERATOR), since).stream()
                .filter(r -> r.namespace().equals(space.name()))
                // A watch that has run for its time is opened again.
                .filter(r -> !r.verb().equals("watch"))
                .toList();
    }

    private List<Request> writes(Instant since) {
        return requests(since).stream().filter(Request::writes).toList();
    }

    private static long count(List<Request> requests, String resource) {
        return requests.stream().filter(r -> r.resource().equals(resource)).count();
    }

    private boolean belongs(Request request, String database) {
        return DATABASES.keySet().stream()
                .filter(d -> request.name().equals(d) || request.name().startsWith(d + "-"))
                .max(java.util.Comparator.comparing(String::length))
                .filter(database::equals)
                .isPresent();
    }

    /** What the operator made for a database: all with its label and an owner, pods and volumes being others' work. */
    private Set<String> owned(String database) {
        var client = space.client();
        Set<String> names = new TreeSet<>();
        for (var list : List.of(
                client.apps().statefulSets().inNamespace(space.name()),
                client.services().inNamespace(space.name()),
                client.configMaps().inNamespace(space.name()),
                client.secrets().inNamespace(space.name()),
                client.serviceAccounts().inNamespace(space.name()),
                client.rbac().roles().inNamespace(space.name()),
                client.rbac().roleBindings().inNamespace(space.name()),
                client.network().v1().networkPolicies().inNamespace(space.name()),
                client.policy().v1().podDisruptionBudget().inNamespace(space.name()))) {
            list.withLabel(Labels.DATABASE, database)
                    .withLabel(Labels.MANAGED_BY, Labels.CISTERN)
                    .resources()
                    .map(r -> r.item())
                    .filter(o -> o.getMetadata().getOwnerReferences().stream()
                            .anyMatch(r -> r.getKind().equals("Database")))
                    .forEach(o -> names.add(o.getKind() + "/" + o.getMetadata().getName()));
        }
        return names;
    }

    private long volumes(String database) {
        return space.client()
                .persistentVolumeClaims()
                .inNamespace(space.name())
                .withLabel(Labels.DATABASE, database)
                .withLabel(Labels.VERSION)
                .list()
                .getItems()
                .size();
    }

    private Map<String, String> versions() {
        return space.all(Database.class).stream()
                .collect(Collectors.toMap(
                        d -> d.getMetadata().getName(), d -> d.getMetadata().getResourceVersion()));
    }

    /** Notes every status that is not the one before. */
    private final class Statuses implements Watcher<Database> {
        @Override
        public void eventReceived(Action action, Database database) {
            if (database.getStatus() == null) {
                return;
            }
            List<String> seen =
                    statuses.computeIfAbsent(database.getMetadata().getName(), n -> new CopyOnWriteArrayList<>());
            String status = space.client().getKubernetesSerialization().asJson(database.getStatus());
            if (seen.isEmpty() || !seen.getLast().equals(status)) {
                seen.add(status);
            }
        }

        @Override
        public void onClose(WatcherException cause) {}
    }
}
